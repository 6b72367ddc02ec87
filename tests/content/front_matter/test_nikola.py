"""Nikola's fields: in a comment, at the start of the text, and in a file beside it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.content import load, read, scan
from service.content.records import LoadedFile
from service.model import Site

FIELDS = """.. title: A vote: the result
.. slug: the-vote
.. date: 2024-01-05 10:00:00 UTC+01:00
.. tags: Council, Budget
.. link:
.. description: What was decided.
.. type: text"""

FORMS = {
    "a comment": ("a.md", f"<!--\n{FIELDS}\n-->\n\nText.\n"),
    "a comment of one line": ("a.md", f"<!-- {FIELDS} -->\nText."),
    "a comment in HTML": ("a.html", f"<!--\n{FIELDS}\n-->\n<p>Text.</p>\n"),
    "indented": ("a.md", "<!--\n    " + FIELDS.replace("\n", "\n    ") + "\n-->\nText."),
    "the start of the text": ("a.md", f"{FIELDS}\n\nText.\n"),
    "lines of Windows": ("a.md", f"<!--\n{FIELDS}\n-->\n\nText.\n".replace("\n", "\r\n")),
    "other endings": ("a.mdown", f"\n{FIELDS}\n\n\nText.\n"),
}


def load_text(text: str, path: str = "posts/a.md") -> LoadedFile:
    return load(Path("/nowhere"), path, text.encode(), Site())


@pytest.mark.parametrize("form", FORMS)
def test_fields_of_nikola(form: str) -> None:
    path, text = FORMS[form]
    loaded = load_text(text, path)
    assert loaded.faults == ()
    [article] = loaded.articles
    assert (article.title, article.slug, article.summary) == (
        "A vote: the result",
        "the-vote",
        "What was decided.",
    )
    assert article.published == datetime(2024, 1, 5, 9, tzinfo=UTC)
    assert [tag.name for tag in article.tags] == ["Council", "Budget"]
    assert article.content_text == "Text."


@pytest.mark.parametrize(
    "line",
    [
        ".. status: draft",
        ".. status: private",
        ".. tags: draft",
        ".. tags: Council, Private",
        ".. draft: yes",
    ],
)
def test_an_article_that_nikola_does_not_publish(line: str) -> None:
    loaded = load_text(f"<!--\n.. title: T\n{line}\n-->\nText.")
    assert (loaded.articles, len(loaded.exclusions)) == ((), 1)


def test_the_status_featured() -> None:
    [article] = load_text("<!--\n.. title: T\n.. status: featured\n-->\nText.").articles
    assert article.featured


@pytest.mark.parametrize(
    "text",
    [
        "<!-- A comment. -->\n\nText.",
        "<!--\n.. note: Text.\n-->\n\nText.",
        ".. image: a.png\n\nText.",
        "... title: T\n\nText.",
    ],
)
def test_other_comments_are_no_fields(text: str) -> None:
    [article] = load_text(text).articles
    assert article.extra == {}
    assert article.title != "T"


METADATA = {
    "fields": FIELDS,
    "YAML": (
        "---\ntitle: 'A vote: the result'\nslug: the-vote\ndate: 2024-01-05 10:00:00 UTC+01:00\n"
        "tags: Council, Budget\ndescription: What was decided.\n---\n"
    ),
}


@pytest.mark.parametrize("form", METADATA)
@pytest.mark.parametrize(
    ("name", "text"),
    [("vote.md", "Text."), ("vote.html", "<p>Text."), ("vote.html", "<html><body><p>Text.</body></html>")],
)
def test_a_metadata_file_beside_the_text(tmp_path: Path, form: str, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "vote.meta").write_text(METADATA[form])
    scanned = scan(tmp_path)
    assert [file.path for file in scanned.files] == [name]
    loaded = load(tmp_path, name, read(tmp_path, name), Site(), scanned.context, scanned.folders)
    assert loaded.faults == ()
    [article] = loaded.articles
    assert (article.title, article.slug, article.content_text) == ("A vote: the result", "the-vote", "Text.")
    assert article.published == datetime(2024, 1, 5, 9, tzinfo=UTC)
    assert [file.path for file in loaded.dependencies.measured] == ["vote.meta"]


def test_a_metadata_file_may_say_that_the_article_is_a_draft(tmp_path: Path) -> None:
    (tmp_path / "vote.md").write_text("Text.")
    (tmp_path / "vote.meta").write_text(".. title: T\n.. status: draft\n")
    loaded = load(tmp_path, "vote.md", b"Text.", Site())
    assert (loaded.articles, loaded.is_private) == ((), True)


def test_a_metadata_file_beside_plain_text_is_read(tmp_path: Path) -> None:
    (tmp_path / "vote.meta").write_text(".. title: T\n.. date: 2024-01-05\n")
    [article] = load(tmp_path, "vote.txt", b"Some text.\nMore.", Site()).articles
    assert (article.title, article.published) == ("T", datetime(2024, 1, 5, tzinfo=UTC))
    (tmp_path / "vote.meta").write_text(".. title: T\n.. status: draft\n")
    assert load(tmp_path, "vote.txt", b"Some text.", Site()).articles == ()


def test_a_metadata_file_that_cannot_be_read_sets_the_article_aside(tmp_path: Path) -> None:
    (tmp_path / "vote.meta").write_text("---\ntitle: 'T\n---\n")
    loaded = load(tmp_path, "vote.md", b"Text.", Site())
    assert (loaded.articles, loaded.is_private) == ((), True)
    assert str(loaded.faults[0]).startswith("vote.md:1: vote.meta:3: front matter is not YAML")


@pytest.mark.parametrize("text", ["guid: 6f6e1b5a\n", "", "{}"])
def test_a_metadata_file_of_another_program_is_ignored(tmp_path: Path, text: str) -> None:
    (tmp_path / "vote.meta").write_text(text)
    [article] = load(tmp_path, "vote.md", b"# Vote\n\nText.", Site()).articles
    assert (article.title, article.extra) == ("Vote", {})


def test_front_matter_wins_over_a_metadata_file(tmp_path: Path) -> None:
    (tmp_path / "vote.meta").write_text(".. title: Other\n")
    [article] = load(tmp_path, "vote.md", b"---\ntitle: T\n---\nText.", Site()).articles
    assert article.title == "T"


@pytest.mark.parametrize("matter", ["title: T", "title: T\ndate: 2024-01-01"])
@pytest.mark.parametrize(
    "text", ["{% notebook a/b.ipynb %}", "{% notebook a/b.ipynb cells[1:3] language[python] %}\n\n{% x %}"]
)
def test_a_text_that_is_only_a_notebook_is_a_fault_of_its_own(matter: str, text: str) -> None:
    loaded = load_text(f"---\n{matter}\n---\n{text}\n")
    assert loaded.articles == ()
    [fault] = loaded.faults
    assert fault.message == "the text is the notebook a/b.ipynb, which is not read; render it to Markdown"


def test_a_text_beside_a_notebook_is_served() -> None:
    loaded = load_text("---\ntitle: T\n---\nText.\n\n{% notebook a.ipynb %}\n")
    assert [article.content_text for article in loaded.articles] == ["Text."]
    assert len(loaded.faults) == 1
