"""Whole documents equal the files in `golden` byte for byte, in every process.

To write them anew after a change that is meant, and then read the difference:

    UPDATE_GOLDEN=1 .venv/bin/pytest tests.formats.test_golden.py
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from service.formats import Catalogue
from service.formats.feeds.atom import ATOM
from service.formats.feeds.json_feed import JSON_FEED
from service.formats.feeds.rss import RSS
from service.formats.html import HTML
from service.formats.html.theme import stylesheet
from service.formats.json_api import JSON
from service.formats.markdown import MARKDOWN
from service.formats.ndjson import NDJSON
from service.formats.opml import opml
from tests.support.sample_site import ARCHIVE, FIRST_PAGE, MIDDLE_PAGE, PAGE, SINGLE, SITE, TAGS, URLS

GOLDEN = Path(__file__).parent / "golden"

assert ATOM.archive
assert RSS.archive
_atom_archive, _rss_archive = ATOM.archive, RSS.archive
assert JSON.article
assert JSON.directory
assert HTML.article
assert HTML.directory
assert MARKDOWN.article
_json_single, _json_directory, _markdown_single = JSON.article, JSON.directory, MARKDOWN.article
_html_single, _html_directory = HTML.article, HTML.directory


def unstyled(page: bytes) -> bytes:
    """A page without the text of its style sheet, the same in all and in a file of its own."""
    before, start, rest = page.partition(b"<style>")
    _, end, after = rest.partition(b"</style>")
    assert end
    return before + start + end + after


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "articles.json": lambda: JSON.listing(FIRST_PAGE, URLS),
    "articles-middle.json": lambda: JSON.listing(MIDDLE_PAGE, URLS),
    "articles.ndjson": lambda: NDJSON.listing(FIRST_PAGE, URLS),
    "articles.md": lambda: MARKDOWN.listing(FIRST_PAGE, URLS),
    "articles-middle.md": lambda: MARKDOWN.listing(MIDDLE_PAGE, URLS),
    "articles.html": lambda: unstyled(HTML.listing(FIRST_PAGE, URLS)),
    "articles-middle.html": lambda: unstyled(HTML.listing(MIDDLE_PAGE, URLS)),
    "article.html": lambda: unstyled(_html_single(SINGLE, URLS)),
    "page.html": lambda: unstyled(_html_single(PAGE, URLS)),
    "page.md": lambda: _markdown_single(PAGE, URLS),
    "tags.html": lambda: unstyled(_html_directory(TAGS, URLS)),
    "style.css": lambda: stylesheet(SITE, URLS).encode(),
    "article.json": lambda: _json_single(SINGLE, URLS),
    "article.md": lambda: _markdown_single(SINGLE, URLS),
    "tags.json": lambda: _json_directory(TAGS, URLS),
    "feeds.opml": lambda: opml(Catalogue(TAGS.site, (TAGS,)), URLS),
    "feed.atom": lambda: ATOM.listing(FIRST_PAGE, URLS),
    "feed-middle.atom": lambda: ATOM.listing(MIDDLE_PAGE, URLS),
    "feed-archive.atom": lambda: _atom_archive(ARCHIVE, URLS),
    "feed-archive.rss": lambda: _rss_archive(ARCHIVE, URLS),
    "feed.rss": lambda: RSS.listing(FIRST_PAGE, URLS),
    "feed-middle.rss": lambda: RSS.listing(MIDDLE_PAGE, URLS),
    "feed.json": lambda: JSON_FEED.listing(FIRST_PAGE, URLS),
    "feed-middle.json": lambda: JSON_FEED.listing(MIDDLE_PAGE, URLS),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document(name: str) -> None:
    written = DOCUMENTS[name]()
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / name).write_bytes(written)
    assert written.decode() == (GOLDEN / name).read_bytes().decode()


def test_every_golden_file_is_used() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(DOCUMENTS)


DIGESTS = """
import hashlib
from tests.formats.test_golden import DOCUMENTS
for name, write in DOCUMENTS.items():
    print(name, hashlib.sha256(write()).hexdigest())
"""


def test_two_processes_render_the_same_bytes() -> None:
    # Seeds that order sets and dictionaries differently, and zones and languages that dates may not heed.
    environments = [
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"},
    ]
    root = Path(__file__).parents[2]
    digests = [
        subprocess.run(
            [sys.executable, "-c", DIGESTS],
            env={**os.environ, **variables},
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for variables in environments
    ]
    assert digests[0] == digests[1]
    assert digests[0].count("\n") == len(DOCUMENTS)
