"""Full text: words of many languages are found, the best first when asked; only a few prefixes are errors."""

import random
import tracemalloc
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from service.errors import InvalidParameter
from service.index import keyset, listings
from service.index.listings import read_matches
from service.index.search import MOST_PREFIXES, SHORTEST_PREFIX, Phrase, algorithm, analyse, parse, stems
from service.index.where import select
from service.query import Query, Sort
from tests.support.index_folder import Folder
from tests.support.sqlite_steps import counting_steps

DOCUMENTS = [
    ("The Running dogs' café", "en", "the running dogs cafe", "·run·english ·dog·english"),
    ("北京大学 in 中", "zh", "北京 京大 大学 学 in 中", ""),
    ("ひらがなカナ", "ja", "ひら らが がな なカ カナ ナ", ""),
    ("한국어 글", "ko", "한국 국어 어 글", ""),
    ("Straße STRASSE", "de", "strasse strasse", "·strass·german ·strass·german"),
    ("cafe\u0301 \u00e9tudes", "fr", "cafe etudes", "·caf·french ·etud·french"),
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
    analysis = analyse(text, language)
    assert (" ".join(analysis.words.split()), analysis.stems) == (words, stems)


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
    assert {phrase.tokens[0] for phrase in clause} >= {"etudes", "·etud·french", "etud"}


@given(st.one_of(st.text(), st.from_regex("[·•][0-9a-z]")), st.sampled_from(["en", "ar", "de", "zh", "xx"]))
def test_tokens_are_split_by_spaces_alone_and_words_are_no_others(text: str, language: str) -> None:
    analysis = analyse(text, language)
    words, stems = analysis.words.split(), analysis.stems.split()
    for token in (*words, *stems):
        assert all(not c.isascii() or c.islower() or c.isdigit() for c in token.strip("·")), token
    assert not any("·" in word or "•" in word for word in words), "a prefix finds words alone"
    assert all(stem.startswith("·") and stem.count("·") == 2 for stem in stems), "terms have one dot"


@given(
    st.lists(st.text("abcdegikmnorstuy019'-", min_size=1, max_size=70), max_size=8),
    st.sampled_from(["en", "de", "fr", "tr", "it", "nl", "fi", "hu", "id", "xx"]),
)
@example(["ilac", "ilacin"], "tr")  # its stem ends in ç
def test_ascii_texts_have_the_tokens_they_have_among_others(words: list[str], language: str) -> None:
    text = " ".join(words)
    among_others = analyse(f"{text} ¿", language)
    alone = analyse(text, language)
    assert alone.words.split() == among_others.words.split()
    assert alone.stems == among_others.stems


def test_sentences_without_spaces_are_not_kept_in_memory() -> None:
    """Each is a word that hardly occurs again, and the tokens of one take more memory than the sentence."""
    sentences = [
        "".join(chr(0x4E00 + number * place % 20_000) for place in range(500)) for number in range(100)
    ]
    analyse(sentences[0], "zh")
    tracemalloc.start()
    try:
        for sentence in sentences:
            analyse(sentence, "zh")
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept < 50_000


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_every_search_is_understood(text: str) -> None:
    try:
        search = parse(text, ["english", "russian"])
    except InvalidParameter:
        assert "*" in text, "only a prefix may be too short, or one of too many"
    else:
        assert all(phrase.tokens for clause in (*search.required, *search.excluded) for phrase in clause)


SPOKEN = {
    "english": ("en", "Several ministries reported running costs; naïve café owners protested."),
    "german": ("de", "Die Häuser der Straße wurden gebaut."),
    "russian": ("ru", "Министры обсудили новые законы о нефти. Ёлка."),
    "arabic": ("ar", "قرأ الطالب كتابًا عن السياسة"),
    "chinese": ("zh", "北京大学的学生研究石油市场"),
    "japanese": ("ja", "東京オリンピックは延期された"),
    "hindi": ("hi", "प्रधानमंत्री ने किताबें पढ़ीं"),
    "thai": ("th", "ภาษาไทยเป็นภาษาที่สวยงาม"),
    "french": ("fr", "L'économie française s'améliore."),
}
FOUND = [
    ("ministry", {"english"}),
    ("cost", {"english"}),
    ("NAIVE cafe", {"english"}),
    ('"running costs"', {"english"}),
    ('"costs running"', set()),
    ("haus", {"german"}),
    ("strasse", {"german"}),
    ("STRAßE", {"german"}),
    ("министр", {"russian"}),
    ("закон нефть", {"russian"}),
    ("елка", {"russian"}),
    ("كتاب", {"arabic"}),
    ("北京", {"chinese"}),
    ("石油市场", {"chinese"}),
    ("究", {"chinese"}),
    ("场", {"chinese"}),
    ("京", {"chinese", "japanese"}),
    ("オリンピック", {"japanese"}),
    ("प्रधानमंत्री", {"hindi"}),
    ("ไทย", {"thai"}),
    ("economie", {"french"}),
    ("économies", {"french"}),
    ("améliorer", {"french"}),
    ("minist*", {"english"}),
    ("мини*", {"russian"}),
    ("-ministry -haus", set(SPOKEN) - {"english", "german"}),
    ("ministry haus", set()),
    ("french", {"french"}),
    ("nothing", set()),
]


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("spoken"))
    for name, (language, text) in SPOKEN.items():
        folder.write(name, language=language, text=text, summary=text)
    folder.refresh()
    return folder


@pytest.mark.parametrize(("q", "expected"), FOUND)
def test_a_search_finds_words_in_every_language(spoken: Folder, q: str, expected: set[str]) -> None:
    assert set(spoken.slugs(q=q)) == expected
    assert set(spoken.slugs(q=q, sort="relevance")) == expected


def refused(q: str) -> bool:
    try:
        parse(q, ())
    except InvalidParameter:
        return True
    return False


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(st.characters(exclude_categories=()), max_size=60),
        st.text(st.sampled_from('ab"*-:(){}^+~\\\0 京ไ\u0301NEAR'), max_size=30),
        st.lists(
            st.sampled_from(["-haus", '"', "京*", "minist*", "AND", "NEAR(a b)", "title:", "京都x-y"])
        ).map(" ".join),
    )
)
def test_no_search_is_an_error_but_for_its_prefixes(spoken: Folder, q: str) -> None:
    if refused(q):
        assert "*" in q
        return
    sorts: tuple[Sort, ...] = ("newest", "relevance")
    for sort in sorts:
        assert spoken.find(q=q, sort=sort).total is not None


@pytest.mark.parametrize(
    "q",
    ["t*", "-t*", "oil -ab*", "éa*", "мі*", "c*d*", "a-b*", "l'é*", "½*", "a\u00adb*", "12*"],
)
def test_a_prefix_of_one_or_two_letters_is_an_error(spoken: Folder, q: str) -> None:
    with pytest.raises(InvalidParameter, match=r"^q: the prefix \w+\* is too short; give at least 3 letters"):
        spoken.slugs(q=q)


def test_a_search_has_only_a_few_prefixes(spoken: Folder) -> None:
    assert spoken.slugs(q="minist* runn* -haus* cost* * ** -*") == ["english"]
    with pytest.raises(InvalidParameter, match=r"^q: at most 4 prefixes"):
        spoken.slugs(q="minist* runn* -haus* cost* prot*")
    with pytest.raises(InvalidParameter, match=r"^q: at most 4 prefixes"):
        spoken.slugs(q="minist*'runn*'haus*'cost*'prot*")


@given(
    st.lists(
        st.sampled_from(["abc", "é", "b1", "京", "ไ", "ив", "*", "-", '"', "'", " ", "\u0301", "\u00ad"])
    ).map("".join)
)
def test_no_search_has_more_or_shorter_prefixes(q: str) -> None:
    if refused(q):
        return
    search = parse(q, ("english",))
    phrases = [phrase for clause in (*search.required, *search.excluded) for phrase in clause]
    spaced = [phrase.tokens[-1] for phrase in phrases if phrase.prefix and phrase.tokens[-1][0] not in "京ไ"]
    assert len(spaced) <= MOST_PREFIXES
    assert all(len(token) >= SHORTEST_PREFIX for token in spaced)


def test_a_search_of_very_many_words_is_answered(spoken: Folder) -> None:
    many = " ".join(f"ministries{number}" for number in range(3000))
    assert spoken.slugs(q=many) == []
    assert spoken.slugs(q="x" * 20_000) == []


def test_a_language_filter_stems_in_that_language(spoken: Folder) -> None:
    assert spoken.slugs(q="ministries", languages=("en",)) == ["english"]
    assert spoken.slugs(q="ministries", languages=("de",)) == []


def test_relevance_puts_titles_first(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("body", date="2020-01-02", title="Other", text="A long text in which oil is mentioned once.")
    folder.write(
        "title", date="2020-01-01", title="Oil", text="A long text about something else entirely, yes."
    )
    for number in range(10):
        folder.write(f"other-{number}", title="Other", text="Nothing of it here.")
    folder.refresh()
    assert folder.slugs(q="oil") == ["body", "title"]
    assert folder.slugs(q="oil", sort="relevance") == ["title", "body"]


@pytest.mark.parametrize("common_word", [2, 50_000])
def test_a_common_word_ranks_by_the_title_and_then_by_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, common_word: int
) -> None:
    monkeypatch.setattr(keyset, "COMMON_WORD", common_word)
    folder = Folder(tmp_path)
    folder.write("old-title", date="2020-01-01", title="Oil", text="Something else.")
    folder.write("often", date="2020-01-02", title="Other", text="Oil, oil, oil and coal, coal.")
    folder.write("once", date="2020-01-03", title="Other", text="Oil and coal, and a long text about it.")
    folder.write("new-title", date="2020-01-04", title="Oil and more", text="Something else, at length.")
    for number in range(20):
        folder.write(f"other-{number}", title="Other", text="Nothing of it here.")
    folder.refresh()
    by_relevance = folder.slugs(q="oil", sort="relevance")
    assert set(by_relevance[:2]) == {"old-title", "new-title"}
    if common_word == 2:
        assert by_relevance == ["new-title", "old-title", "once", "often"]
    else:
        assert by_relevance[2:] == ["often", "once"]
    # With another word, the rarer one ranks.
    assert folder.slugs(q="oil coal", sort="relevance") == ["often", "once"]
    assert folder.slugs(q="oil coal -title", sort="relevance") == ["often", "once"]


def test_articles_of_equal_rank_are_in_the_order_of_their_ids(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for number in range(9):
        folder.write(f"a{number}", id=f"urn:{number}", date=f"2020-01-{9 - number % 4:02}", text="Oil.")
    folder.write("best", id="urn:z", date="2020-01-05", title="Oil", text="Oil.")
    folder.refresh()
    for limit in range(1, 11):
        found = folder.collect(Query(q="oil", sort="relevance"), limit)
        assert [article.id for article in found] == ["urn:z", *(f"urn:{number}" for number in range(9))]


def test_words_of_a_title_are_found_in_titles_alone(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("titled", title="Running the oil ministry", text="Nothing.", tags=["Coal"])
    folder.write("untitled", title="Other", text="Running the oil ministry, 123 times.", tags=["Coal"])
    folder.refresh()
    for text in ("run", "runs", '"oil ministry"', "minist*", "oil -coal", "the running"):
        assert folder.slugs(title=text) == ["titled"], text
    for text in ('"ministry oil"', "titl*", "english*", "coal"):
        assert folder.slugs(title=text) == [], text
    assert set(folder.slugs(q="minist*")) == {"titled", "untitled"}
    # A prefix finds words alone, neither stems nor numbers of terms.
    assert folder.slugs(q="eng*") == []


@pytest.mark.parametrize("most_read", [0, 3, 1000])
@pytest.mark.parametrize("most_updates", [0, 1, 5000])
@pytest.mark.parametrize("most_counted", [5, 10_000])
def test_the_newest_change_of_a_search_is_found_however_many_match(
    spoken_often: Folder,
    monkeypatch: pytest.MonkeyPatch,
    most_read: int,
    most_counted: int,
    most_updates: int,
) -> None:
    monkeypatch.setattr(listings, "MOST_READ", most_read)
    monkeypatch.setattr(listings, "MOST_COUNTED", most_counted)
    monkeypatch.setattr(listings, "MOST_UPDATES", most_updates)
    for q, numbers in (
        ("oil", range(12)),
        ("oil third", range(0, 12, 3)),
        ("oil -third", {1, 2, 4, 5, 7, 8, 10, 11}),
    ):
        page = spoken_often.find(q=q)
        newest = sorted(numbers)[-(most_counted + 1) :]
        assert page.total == (len(numbers) if len(numbers) <= most_counted else None)
        assert page.modified == max(
            datetime(2021 if number == 3 else 2020, 1, number + 1, tzinfo=UTC) for number in newest
        )


@pytest.mark.parametrize("numbers_of_a_set", [0, 1, 1000])
@pytest.mark.parametrize(
    ("most_read", "most_updates"), [(0, 0), (0, 1), (0, 5), (0, 5000), (3, 5), (100, 5000)]
)
def test_the_newest_change_of_a_search_is_that_of_its_articles(
    updated_at_random: Folder,
    monkeypatch: pytest.MonkeyPatch,
    most_read: int,
    most_updates: int,
    numbers_of_a_set: int,
) -> None:
    monkeypatch.setattr(listings, "NUMBERS_OF_A_SET", numbers_of_a_set)
    monkeypatch.setattr(listings, "MOST_READ", most_read)
    monkeypatch.setattr(listings, "MOST_UPDATES", most_updates)
    for first, second in product(COLOURS, repeat=2):
        page = updated_at_random.find(q=f"{first} {second}")
        changes = [article.changed for article in page.articles if article.changed]
        assert page.modified == max(changes, default=None), (first, second)


COLOURS = ["red", "green", "blue", "grey", "white", "black", "pink", "none"]


@pytest.fixture(scope="module")
def updated_at_random(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Articles of a few days, some of them undated, some updated before or after others were published."""
    chance = random.Random(7)  # noqa: S311 - no secret is made of it
    days = [f"2020-01-{day:02}" for day in range(1, 15)]
    articles = [
        {
            "title": f"n{number}",
            "date": chance.choice([None, *days]),
            "updated": chance.choice([None, None, *days]),
            "text": " ".join(chance.sample(COLOURS[:-1], 2)),
        }
        for number in range(80)
    ]
    # Those about pink are undated, and none of them was updated.
    articles += [{"title": f"pink {number}", "text": "pink"} for number in range(3)]
    for article in articles:
        if "pink" in str(article["text"]):
            article.update(date=None, updated=None)
    folder = Folder(tmp_path_factory.mktemp("updated"))
    folder.write_many("articles", articles)
    folder.refresh()
    return folder


@pytest.fixture(scope="module")
def spoken_often(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Twelve articles about oil, a day after each other; the fourth was updated a year later."""
    folder = Folder(tmp_path_factory.mktemp("often"))
    for number in range(12):
        third = "A third." if number % 3 == 0 else ""
        updated = {"updated": "2021-01-04"} if number == 3 else {}
        folder.write(
            f"oil-{number}",
            id=f"urn:{number}",
            date=f"2020-01-{number + 1:02}",
            text=f"Oil. {third}",
            **updated,
        )
    folder.write("coal", date="2022-01-01", text="Coal.")
    folder.refresh()
    return folder


@pytest.mark.parametrize("common_word", [0, 2, 3, 4, 11, 12])
@pytest.mark.parametrize("most_counted", [5, 10_000])
@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"since": datetime(2020, 1, 9, tzinfo=UTC)},
        {"until": datetime(2020, 1, 4, tzinfo=UTC)},
        {"updated_since": datetime(2020, 1, 9, tzinfo=UTC)},
        {"exclude_tags": ("some",)},
        {"ids": ("urn:0", "urn:1", "urn:2")},
    ],
    ids=str,
)
def test_a_word_is_common_whatever_else_is_asked_for(
    spoken_often: Folder,
    monkeypatch: pytest.MonkeyPatch,
    common_word: int,
    most_counted: int,
    facts: dict[str, Any],
) -> None:
    in_order = spoken_often.slugs(q="oil", **facts)[:4]
    assert len(in_order) >= 3
    monkeypatch.setattr(keyset, "COMMON_WORD", common_word)
    monkeypatch.setattr(listings, "MOST_COUNTED", most_counted)
    for module in (keyset, listings):
        monkeypatch.setattr(module, "MOST_RANKED", 4)
    is_ranked = spoken_often.slugs(q="oil", sort="relevance", **facts) != in_order
    assert is_ranked == (common_word == 12), "twelve articles are about oil"


def test_of_the_matches_of_a_word_those_that_were_read_are_not_counted(
    spoken_often: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with counting_steps(spoken_often.file) as (connection, steps):
        selection = select(Query(q="oil"), connection, 13)
        rows = read_matches(connection, selection, 100) or []
        steps_of: dict[int, int] = {}
        for common_word, read in product(range(13), range(13)):
            monkeypatch.setattr(keyset, "COMMON_WORD", common_word)
            steps.append(0)
            assert keyset._is_common(connection, selection.match, rows[:read]) == (common_word < 12)
            steps_of[read] = steps[-1]
    assert steps_of[12] + 30 <= steps_of[0], "each match takes four steps"


@pytest.mark.parametrize("common_word", [0, 1, 50_000])
@pytest.mark.parametrize(
    "facts",
    [
        {"q": "petr*", "title": "oil"},
        {"q": '"oil and" petr* -coal', "title": "petr*"},
        {"q": "京 petr*"},
        {"q": "oil", "tags": ("harbours",)},
        {"q": "oil", "tags": ("unknown",)},
        {"q": "oil", "exclude_tags": ("harbours",)},
        {"q": "-coal", "tags": ("harbours",)},
    ],
    ids=str,
)
def test_a_ranking_holds_all_matches_however_common_the_words(
    oil_and_coal: Folder, monkeypatch: pytest.MonkeyPatch, common_word: int, facts: dict[str, Any]
) -> None:
    monkeypatch.setattr(keyset, "COMMON_WORD", common_word)
    newest = oil_and_coal.slugs(**facts)
    assert sorted(oil_and_coal.slugs(sort="relevance", **facts)) == sorted(newest)
    assert oil_and_coal.find(**facts).total == len(newest)


@pytest.fixture(scope="module")
def oil_and_coal(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("oil_and_coal"))
    for number in range(5):
        title = "Oil, petrol" if number % 2 else "Coal, petroleum"
        tags = ["harbours"] if number else []
        folder.write(f"article-{number}", title=title, text="Oil and petrol, 京都.", tags=tags)
    folder.refresh()
    return folder


@pytest.mark.parametrize(
    ("inside", "across"),
    [
        ("oil spill", "spill harbour"),
        ("ada jones", "jones mary"),
        ("king penguins", "penguins blue"),
        ("is out", "out ada"),
        ("mary brown", "brown king"),
        ("the tide", "today the"),
    ],
)
def test_a_phrase_lies_within_one_text_or_name(tmp_path: Path, inside: str, across: str) -> None:
    folder = Folder(tmp_path)
    folder.write(
        "a",
        subtitle="Harbour closed",
        authors=["Ada Jones", "Mary Brown"],
        title="Oil spill",
        summary="Closed today",
        text="The tide is out.",
        tags=["King penguins", "Blue whales"],
    )
    folder.refresh()
    assert folder.slugs(q=f'"{inside}"') == ["a"]
    assert folder.slugs(q=f'"{across}"') == []


@pytest.mark.parametrize("gap", [" ", "\n\n"], ids=["one paragraph", "many"])
def test_a_summary_made_from_the_text_adds_no_phrase(tmp_path: Path, gap: str) -> None:
    """It ends within the text, and is not found next to where the text begins again."""
    folder = Folder(tmp_path)
    words = [f"word{chr(97 + n // 26)}{chr(97 + n % 26)}k" for n in range(200)]
    folder.write("a", text=gap.join(" ".join(words[n : n + 5]) for n in range(0, 200, 5)), title="T")
    folder.refresh()
    (article,) = folder.find().articles
    assert article.summary.endswith("…")
    last = article.summary.removesuffix("…").split()[-1]
    assert folder.slugs(q=f'"{last} {words[0]}"') == []
    assert folder.slugs(q=f'"{words[0]} {words[1]}"') == ["a"]
    folder.write("b", text="Text.", title="T", summary="Another summary.")
    folder.refresh()
    assert folder.slugs(q="another") == ["b"]
