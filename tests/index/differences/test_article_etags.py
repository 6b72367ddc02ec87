"""An etag changes whenever the article as it is served does, whatever was the cause."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from service.formats.api_article import article_out
from service.index import apply_due_transitions
from service.index.articles import read_article
from service.index.database import open_reader
from service.index.differences.article_etags import etag_of
from service.index.differences.link_names import link_name
from service.model import (
    Article,
    Attachment,
    Author,
    Body,
    Image,
    MenuEntry,
    Source,
    Tag,
    Translation,
    TranslationKey,
    Withdrawal,
)
from service.urls import Urls
from tests.support.builders import article, at
from tests.support.index_folder import NOW, Folder
from tests.support.random_site import RandomSite

OTHER_FACTS: dict[str, Any] = {
    "id": "id:other",
    "slug": "other",
    "title": "Other",
    "content_html": "<p>Other</p>",
    "content_text": "Other",
    "summary": "Other",
    "language": "de",
    "path": "other.md",
    "body": Body("Other", "html", "/files/"),
    "number": 7,
    "title_derived": True,
    "subtitle": "Other",
    "authors": (Author("Ann", "ann"),),
    "published": at("2018-01-01"),
    "published_within": "day",
    "updated": at("2020-01-01"),
    "updated_within": "day",
    "tags": (Tag("Other", "other"),),
    "series": "Other",
    "series_order": 2,
    "featured": True,
    "source": Source("Other", "other"),
    "dateline": "OSLO",
    "image": Image("/files/a.png"),
    "attachments": (Attachment("/files/a.mp3", "audio/mpeg"),),
    "canonical": "https://other.example/",
    "rights": "CC BY",
    "correction": "Other",
    "translations": (Translation("de", "anders"),),
    "aliases": ("former",),
    "addresses": ("/former.html",),
    "translation_keys": (TranslationKey("declared", "k"),),
    "word_count": 99,
    "reading_minutes": 99,
    "expires": at("2031-01-01"),
    "withdrawn": Withdrawal("Wrong."),
    "menu": MenuEntry(),
    "extra": {"other": 1},
}
PLACE = {"path", "number"}


def test_every_field_of_an_article_has_another_value_here() -> None:
    assert set(OTHER_FACTS) == set(Article.__struct_fields__)


@pytest.mark.parametrize("field", Article.__struct_fields__)
def test_the_etag_changes_with_each_field_but_the_place_of_the_file(field: str) -> None:
    plain = article()
    changed = msgspec.structs.replace(plain, **{field: OTHER_FACTS[field]})
    assert (etag_of(plain) == etag_of(changed)) == (field in PLACE)
    if field in PLACE:
        assert article_out(plain, Urls("")) == article_out(changed, Urls(""))


def require_etags_of_articles(folder: Folder) -> int:
    """Compare each etag in the index with that of the article as it is read; how many there are."""
    connection = open_reader(folder.file)
    assert connection is not None
    with closing(connection):
        articles = [read_article(connection, doc) for doc in docs(connection, "visible")]
        stored = {
            read_article(connection, doc).id: value
            for doc, value in connection.execute("SELECT doc, value FROM manifest_entries")
        }
    assert stored == {item.id: etag_of(item) for item in articles}
    return len(stored)


def test_a_draft_that_comes_or_goes_changes_what_links_to_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    draft = folder.root / "b.md"
    (folder.root / "a.md").write_text("---\ntitle: A\n---\n[b](b)\n", "utf-8")
    contents = []
    for text in (None, "---\ndraft: true\n---\nText.\n", None):
        draft.write_text(text, "utf-8") if text else draft.unlink(missing_ok=True)
        folder.refresh()
        require_etags_of_articles(folder)
        contents.append(folder.ask(lambda index: index.revision()).content)
    assert contents[0] == contents[2] != contents[1]


@pytest.mark.parametrize("is_edited", [True, False])
def test_a_link_to_a_page_that_becomes_public_changes_the_etag(tmp_path: Path, *, is_edited: bool) -> None:
    """In the same refresh as the article is edited, too."""
    folder = Folder(tmp_path)
    (folder.root / "about.md").write_text(
        f"---\ntype: page\ntitle: About\ndate: {(NOW + timedelta(hours=1)).isoformat()}\n---\nUs.\n", "utf-8"
    )
    folder.write("linking", text=None, markdown="[About](/about)")
    folder.write("other")
    folder.refresh(NOW)
    require_etags_of_articles(folder)
    if is_edited:
        folder.write("other", text="Edited.")
    folder.refresh(NOW + timedelta(hours=2))
    assert require_etags_of_articles(folder) == 2


def docs(connection: sqlite3.Connection, table: str) -> list[int]:
    return [doc for (doc,) in connection.execute(f"SELECT doc FROM {table}")]  # noqa: S608


def make_history(folder: RandomSite, edits: int) -> int:
    """The largest number of visible articles during so many random edits, each of them checked."""
    most = 0
    for number in range(edits):
        folder.edit()
        if number % 4 == 3:
            apply_due_transitions(folder.url, folder.clock)
        else:
            folder.refresh(folder.clock)
        most = max(most, require_etags_of_articles(folder))
    return most


def test_stored_etags_are_those_of_the_articles_after_any_edits(tmp_path: Path) -> None:
    assert make_history(RandomSite(tmp_path, 5), 40) >= 3


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(40))
def test_stored_etags_are_those_of_the_articles_after_many_edits(tmp_path: Path, seed: int) -> None:
    assert make_history(RandomSite(tmp_path, seed), 200) >= 4


@pytest.mark.parametrize(
    ("value", "same"),
    [
        ("posts/vote.md", "/2019/01/vote.html"),
        ("posts/vote/index.md", "vote"),
        ("/vote/", "vote"),
        ("index.md", ""),
        ("/.well-known", ".well-known"),
    ],
)
def test_spellings_of_one_link_have_one_name(value: str, same: str) -> None:
    assert link_name(value) == link_name(same)
    assert link_name(value) != link_name("another")


def test_a_clock_that_was_set_back_changes_what_is_visible(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a", date="2026-01-01T06:00:00Z", expires="2026-01-01T18:00:00Z")
    folder.write("b", date="2019-01-01", text="", html='<a href="/files/a.json">A</a>')
    moments: list[datetime] = [NOW + timedelta(hours=hour) for hour in (0, 12, 24, 12, 0)]
    folder.refresh(moments[0])
    counts = []
    for moment in moments:
        folder.refresh(moment)
        counts.append(require_etags_of_articles(folder))
    assert counts == [1, 2, 1, 2, 1]
