"""What a search found, shown in its surroundings: the words that found it, and only those, are marked."""

from pathlib import Path

import pytest

from service.formats.html.snippets import LENGTH, Piece, highlight, snippet
from tests.support.index_folder import Folder


def marked(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.marked]


def text_of(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "q", "language", "words"),
    [
        ("The ship sails; ships sailed.", "ships", "en", ["ship", "ships"]),
        ("The ship sails; ships sailed.", "sailing", "en", ["sails", "sailed"]),
        ("The ships sailed.", "ships", "xx", ["ships"]),
        ("Coup d’État in the café", "etat CAFÉ", "fr", ["État", "café"]),
        ("oil ministry, ministry of oil", '"oil ministry"', "en", ["oil ministry"]),
        ("oil\nministry", '"oil ministry"', "en", ["oil ministry"]),
        ("petroleum and petrol, not petal", "petrol*", "en", ["petroleum", "petrol"]),
        ("Iraq without opinion", "iraq -opinion", "en", ["Iraq"]),
        ("北京大学在北京", "北京", "zh", ["北京", "北京"]),
        ("我在北京大学读书", "京大学", "zh", ["京大学"]),
        ("حكومة بغداد الجديدة", "بغداد", "ar", ["بغداد"]),
        ("nothing of it", "xyzzy", "en", []),
        ("anything", "", "en", []),
        ("anything", "!?", "en", []),
        ("anything", "-other", "en", []),
    ],
)
def test_the_words_that_were_searched_for_are_marked(
    text: str, q: str, language: str, words: list[str]
) -> None:
    pieces = highlight(text, q, language)

    assert marked(pieces) == words
    assert text_of(pieces).split() == text.split()


def test_a_snippet_is_short_and_begins_with_a_sentence() -> None:
    text = "Words before it. " * 40 + "Here is the harbour. " + "Words after it. " * 40
    pieces = snippet(text, "harbour", "en")

    assert marked(pieces) == ["harbour"]
    assert len(text_of(pieces)) <= LENGTH + 4
    assert text_of(pieces).startswith("Words before it. ")
    assert text_of(pieces).endswith(" …")


def test_within_a_long_sentence_it_begins_with_a_word() -> None:
    pieces = snippet("word " * 100 + "harbour " + "word " * 100, "harbour", "en")

    assert text_of(pieces).startswith("… word word")
    assert text_of(pieces).endswith("word …")


def test_snippet_shows_the_densest_matches() -> None:
    text = "The port. " + "Nothing here. " * 60 + "Ships in the port of oil. " + "Nothing here. " * 60

    assert marked(snippet(text, "oil port ships", "en")) == ["Ships", "port", "oil"]


def test_a_text_without_spaces_is_cut_as_well() -> None:
    pieces = snippet("海" * 500 + "北京" + "海" * 500, "北京", "zh")

    assert marked(pieces) == ["北京"]
    assert len(text_of(pieces)) <= LENGTH + 4


def test_text_without_matches_has_no_snippet() -> None:
    assert snippet("Found by its title.", "harbour", "en") == ()


def test_heading_is_separated_in_the_snippet() -> None:
    pieces = snippet("The record\n\nThe harbour opened.\n\nIt closed.", "harbour", "en")

    assert text_of(pieces) == "The record · The harbour opened. It closed."


def test_matches_of_the_index_are_highlighted(tmp_path: Path) -> None:
    texts = {
        "one": "Les élections présidentielles à Paris",
        "two": "Running runners ran in the oil ministry",
        "three": "東京の大学で会議",
    }
    folder = Folder(tmp_path)
    for name, text in texts.items():
        language = {"one": "fr", "two": "en", "three": "ja"}[name]
        folder.write(name, text=text, language=language, title="-")
    folder.refresh()

    for q in (
        "election",
        "présidentielle",
        "run",
        "RUNNING",
        '"oil ministry"',
        "minis*",
        "大学",
        "東京",
        "学",
    ):
        page = folder.find(q=q)
        assert page.articles, q
        for article in page.articles:
            assert marked(highlight(article.content_text, q, article.language)), (q, article.slug)
