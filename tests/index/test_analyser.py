"""What a search finds in one document, and that nothing typed is ever an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InvalidParameter
from service.index.analyser import algorithm, analyse, stems
from service.index.search import Phrase, parse

DOCUMENTS = [
    ("The Running dogs' café", "en", "the running dogs cafe", "run·english dog·english"),
    ("北京大学 in 中", "zh", "北京 京大 大学 学 in 中", ""),
    ("ひらがなカナ", "ja", "ひら らが がな なカ カナ ナ", ""),
    ("한국어 글", "ko", "한국 국어 어 글", ""),
    ("Straße STRASSE", "de", "strasse strasse", "strass·german strass·german"),
    ("cafe\u0301 \u00e9tudes", "fr", "cafe etudes", "caf·french etud·french"),
    ("co\u00adoperate na\u00efve", "und", "cooperate naive", ""),
    ("½ ﷺ ℂ", "und", "1 2 صلى الله عليه وسلم c", ""),
    ("नमस्ते दुनिया", "und", "नमस्ते दुनिया", ""),
    ("كتــاب", "und", "كتاب", ""),
    ("snake_case 3.11 <b>", "und", "snake case 3 11 b", ""),
    ("", "en", "", ""),
]


def test_characters_expanded_by_folding_are_fast() -> None:
    word = f"{'a' * 60}½"  # exponential in its length, were it matched in every way to part it
    assert list(stems(word, ["english"])) == []
    assert analyse(word, "en").words.split() == [f"{'a' * 60}1", "2"]


@pytest.mark.parametrize(("text", "language", "words", "stems"), DOCUMENTS)
def test_tokens_of_a_document(text: str, language: str, words: str, stems: str) -> None:
    found = analyse(text, language)
    assert (" ".join(found.words.split()), found.stems) == (words, stems)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "english"),
        ("de-AT", "german"),
        ("nb", "norwegian"),
        ("NN", "norwegian"),
        ("zh", None),
        ("", None),
    ],
)
def test_a_language_has_its_stemmer_or_none(language: str, name: str | None) -> None:
    assert algorithm(language) == name


SEARCHES = [
    ("iraq", [("iraq",)], []),
    ("Iraq  iraq", [("iraq",)], []),
    ('"Oil Ministry"', [("oil", "ministry")], []),
    ("“oil ministry” x", [("oil", "ministry"), ("x",)], []),
    ("«oil ministry»", [("oil", "ministry")], []),
    ("covid-19", [("covid", "19")], []),
    ("l'art", [("l",), ("art",)], []),
    ("-l'art x", [("x",)], [("l", "art")]),
    ('-"a b" x', [("x",)], [("a", "b")]),
    ("petrol*", [("petrol", "*")], []),
    ("-petrol*", [], [("petrol", "*")]),
    ("北京", [("北京",)], []),
    ("北京大", [("北京", "京大")], []),
    ("中", [("中", "*")], []),
    ("中文x", [("中文", "文", "x")], []),
    ('"never closed', [("never", "closed")], []),
    ("AND OR NOT", [("and",), ("or",), ("not",)], []),
    ('a"b c"d', [("a",), ("b", "c"), ("d",)], []),
    ("title:x {y} (z)", [("title", "x"), ("y",), ("z",)], []),
]
NOTHING = ["", "-", "*", '"', '""', "-*", "!?", "🎉", "\x00", "'", "- -"]


@pytest.mark.parametrize(("text", "required", "excluded"), SEARCHES)
def test_what_a_search_asks_for(
    text: str, required: list[tuple[str, ...]], excluded: list[tuple[str, ...]]
) -> None:
    def shown(clauses: tuple[tuple[Phrase, ...], ...]) -> list[tuple[str, ...]]:
        assert all(len(clause) == 1 for clause in clauses)
        return [(*phrase.tokens, "*") if phrase.prefix else phrase.tokens for (phrase,) in clauses]

    search = parse(text, [])
    assert shown(search.required) == required
    assert shown(search.excluded) == excluded


@pytest.mark.parametrize("text", NOTHING)
def test_empty_search_has_no_tokens(text: str) -> None:
    assert not parse(text, ["english"])


def test_a_word_matches_by_its_stem_in_every_language() -> None:
    (clause,) = parse("études", ["english", "french"]).required
    assert {phrase.tokens[0] for phrase in clause} >= {"etudes", "etud·french", "etud"}


@given(st.text(), st.sampled_from(["en", "ar", "de", "zh", "xx"]))
def test_tokens_are_split_by_spaces_alone(text: str, language: str) -> None:
    found = analyse(text, language)
    for token in f"{found.words} {found.stems}".split():
        assert all(not c.isascii() or c.islower() or c.isdigit() for c in token), token


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_every_search_is_understood(text: str) -> None:
    try:
        search = parse(text, ["english", "russian"])
    except InvalidParameter:
        assert "*" in text, "only a prefix may be too short, or one of too many"
    else:
        assert all(phrase.tokens for clause in (*search.required, *search.excluded) for phrase in clause)
