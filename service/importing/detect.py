"""Detects the kind of a source by its content; the name only decides between kinds of text."""

import re
from collections.abc import Callable

import msgspec

from service.content.files.kinds import SUFFIXES
from service.content.parsing.decoding import decode
from service.importing.item import ImportOptions, ItemsAndNotes, Reader
from service.importing.parsing.xml_text import root_name, to_text
from service.importing.sources.feeds import read_feed
from service.importing.sources.ghost.export import read_ghost
from service.importing.sources.html_pages import read_page
from service.importing.sources.json_feed import read_json_feed
from service.importing.sources.movable_type import is_movable_type, read_movable_type
from service.importing.sources.native_files import SourceFolder, read_file
from service.importing.sources.substack import is_post_list, read_substack
from service.importing.sources.wordpress.export import read_wordpress

_BEGINNING = 200_000
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org')
_GHOST = re.compile(rb'^\s*\{\s*"db"\s*:|"(?:exported_on|posts_authors|posts_tags)"\s*:')
_LIST = re.compile(rb"^\s*\[")
_ARTICLES = re.compile(rb'^\s*\{\s*"articles"\s*:')
_MANY_LINES = re.compile(rb"^\s*\{[^\n]*\}[ \t\r]*\n[ \t\r\n]*\{")
# Possessive: a comment ends at its first `-->`, without backtracking to a later one.
_WHOLE_PAGE = re.compile(
    rb"^\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_FRAGMENT = re.compile(rb"^\s*<(?:p|div|article|section|h[1-6]|main|body|head)\b", re.IGNORECASE)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PAGES = (".html", ".htm")

FileReader = Callable[[bytes, str, str, ImportOptions, SourceFolder], ItemsAndNotes]
"""Reads the bytes of one file of a folder; `path` and `name` as for `read_file`."""


class Beginning(msgspec.Struct, frozen=True):
    """The beginning of a file: the bytes after white space, and for XML its text and root element."""

    data: bytes
    xml: str = ""
    root: str | None = None


class DocumentFormat(msgspec.Struct, frozen=True):
    """A feed or an export in one file: its name, how it is recognised, and what reads it."""

    name: str
    recognises: Callable[[Beginning], object]
    read: Reader


DOCUMENT_FORMATS = (
    DocumentFormat("JSON Feed", lambda it: _is_object(it) and _JSON_FEED.search(it.data), read_json_feed),
    DocumentFormat("Ghost export", lambda it: _is_object(it) and _GHOST.search(it.data), read_ghost),
    DocumentFormat(
        "WordPress export (WXR)",
        lambda it: it.root in {"rss", "RDF"} and "wordpress.org/export/" in it.xml,
        read_wordpress,
    ),
    DocumentFormat("RSS", lambda it: it.root in {"rss", "RDF"}, read_feed),
    DocumentFormat("Atom, Blogger export", lambda it: it.root == "feed", read_feed),
    DocumentFormat("Movable Type export", lambda it: _is_movable_type(it.data), read_movable_type),
)
"""Every feed and export that is one file; the first row that recognises a file reads it."""


def feed_reader(data: bytes) -> Reader | None:
    """The reader of a feed or an export that begins with `data`; None for any other document."""
    beginning = _beginning(data)
    return next((row.read for row in DOCUMENT_FORMATS if row.recognises(beginning)), None)


def file_reader(path: str, data: bytes) -> FileReader:
    """The reader of a file that belongs to its folder; `path` ends in the suffix that says how it is read."""
    if path.lower().endswith(".csv") and is_post_list(data):
        return read_substack
    return read_page if path.lower().endswith(_PAGES) else read_file


def article_suffix(name: str, data: bytes) -> str | None:
    """The suffix under which Broadsheet loads a file: its own if it is supported; None for binary files."""
    beginning = data[:_BEGINNING].lstrip(b"\xef\xbb\xbf")
    suffix = f".{name.lower().rpartition('.')[2]}" if "." in name else ""
    if suffix in {".md", ".markdown"}:
        return suffix
    if suffix == ".csv" and is_post_list(data):
        return suffix
    if beginning.lstrip().startswith((b"{", b"[")) and suffix not in {".html", ".htm", ".txt"}:
        return ".jsonl" if suffix in {".jsonl", ".ndjson"} or _MANY_LINES.match(beginning) else ".json"
    if _WHOLE_PAGE.match(beginning):
        return ".html"
    if suffix in SUFFIXES:
        return suffix
    if _FRAGMENT.match(beginning):
        return ".html"
    if b"\x00" in beginning and beginning[:2] not in _UTF_16:
        return None
    return ".txt"


def is_article_list(data: bytes) -> bool:
    """Whether JSON holds many articles in one list: `[{…}]`, or `{"articles": [{…}]}` as in the API."""
    beginning = data[:_BEGINNING].lstrip(b"\xef\xbb\xbf")
    return bool(_LIST.match(beginning) or _ARTICLES.match(beginning))


def _beginning(data: bytes) -> Beginning:
    start = data[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not (start.startswith(b"<") or start[:2] in _UTF_16):
        return Beginning(start)
    text = to_text(data[:_BEGINNING])
    return Beginning(start, text, root_name(text))


def _is_object(beginning: Beginning) -> bool:
    return beginning.data.startswith(b"{")


def _is_movable_type(data: bytes) -> bool:
    is_text = data[:2] in _UTF_16 or b"\x00" not in data
    return is_text and not data.startswith((b"<", b"{", b"[")) and is_movable_type(decode(data)[0])
