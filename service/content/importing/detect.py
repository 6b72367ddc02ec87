"""What kind of source a file is, by what it holds; its name only decides between kinds of text."""

import re

from service.content.importing.atom import read_atom
from service.content.importing.ghost import read_ghost
from service.content.importing.item import Reader
from service.content.importing.json_feed import read_json_feed
from service.content.importing.rss import read_rss
from service.content.importing.wordpress import read_wordpress
from service.content.importing.xml import root_name, to_text
from service.content.place import SUFFIXES

_BEGINNING = 200_000
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org')
_GHOST = re.compile(rb'^\s*\{\s*"db"\s*:|"(?:exported_on|posts_authors|posts_tags)"\s*:')
_LIST = re.compile(rb"^\s*\[")
_ARTICLES = re.compile(rb'^\s*\{\s*"articles"\s*:')
_MANY_LINES = re.compile(rb"^\s*\{[^\n]*\}[ \t\r]*\n[ \t\r\n]*\{")
_WHOLE_PAGE = re.compile(rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_FRAGMENT = re.compile(rb"^\s*<(?:p|div|article|section|h[1-6]|main|body|head)\b", re.IGNORECASE)


def feed_reader(data: bytes) -> Reader | None:
    """Who reads a feed or an export that begins like this; None for what is no such document."""
    beginning = data[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n")
    if beginning.startswith(b"{"):
        if _JSON_FEED.search(beginning):
            return read_json_feed
        return read_ghost if _GHOST.search(beginning) else None
    if not (beginning.startswith(b"<") or beginning[:2] in {b"\xff\xfe", b"\xfe\xff"}):
        return None
    text = to_text(data[:_BEGINNING])
    root = root_name(text)
    if root in {"rss", "RDF"}:
        return read_wordpress if "wordpress.org/export/" in text else read_rss
    return read_atom if root == "feed" else None


def article_suffix(name: str, data: bytes) -> str | None:
    """The suffix under which Broadsheet loads a file: its own if that says how; None for what is no text."""
    beginning = data[:_BEGINNING].lstrip(b"\xef\xbb\xbf")
    suffix = f".{name.lower().rpartition('.')[2]}" if "." in name else ""
    if suffix in {".md", ".markdown"}:
        return suffix
    if beginning.lstrip().startswith((b"{", b"[")) and suffix not in {".html", ".htm", ".txt"}:
        return ".jsonl" if suffix in {".jsonl", ".ndjson"} or _MANY_LINES.match(beginning) else ".json"
    if _WHOLE_PAGE.match(beginning):
        return ".html"
    if suffix in SUFFIXES:
        return suffix
    if _FRAGMENT.match(beginning):
        return ".html"
    if b"\x00" in beginning and beginning[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        return None
    return ".txt"


def is_list(data: bytes) -> bool:
    """Whether JSON holds many articles in one list: `[{…}]`, or `{"articles": [{…}]}` as our API answers."""
    beginning = data[:_BEGINNING].lstrip(b"\xef\xbb\xbf")
    return bool(_LIST.match(beginning) or _ARTICLES.match(beginning))
