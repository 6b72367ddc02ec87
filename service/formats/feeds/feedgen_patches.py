"""Corrects the defects of feedgen 1.0.0 through its extension API.

Each defect has a test in `tests/formats/feeds/test_feedgen_patches.py`:

- links of an Atom entry lose rel, type and length, and rel is limited to five values: links are nodes
- RSS keeps one channel link and the last enclosure only: both are nodes
- feed `updated`, `lastBuildDate` and entry `updated` default to now: `new_feed` and `new_entry` require them
- `add_entry` prepends: `new_entry` appends
- one control character makes the whole feed fail: every text passes through `drop_illegal`
- content can be written with `type="CDATA"`, which Atom does not have: content is `html`
- an RSS author without an e-mail address is dropped: `dc:creator` is a node
- an entry has no `xml:lang`, its content no `xml:base`: `language`, `base`
- dates in RSS set the locale of the whole process and fail before the year 1000: they are nodes
- nothing can precede the root element: `add_stylesheet` inserts the processing instruction
- `&` and `<` in RSS become named references, which some readers decode twice: `&#x26;` and `&#x3C;`
"""

import re
from datetime import datetime
from email.utils import format_datetime
from typing import Any

import msgspec
from feedgen.entry import FeedEntry  # type: ignore[import-untyped]
from feedgen.ext.base import BaseEntryExtension, BaseExtension  # type: ignore[import-untyped]
from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]
from lxml import etree

from service.markup import drop_illegal
from service.urls import rfc3339

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
XML = "http://www.w3.org/XML/1998/namespace"

_NAMESPACES = {"dc": DC, "fh": HISTORY, "media": MEDIA}
# Declared on the elements that use it, since few feeds do.
_LOCAL = {"at": TOMBSTONES}
_TOMBSTONE = f"{{{TOMBSTONES}}}"
_MARKUP = re.compile("([&<])")
_REFERENCES = {"&": "#x26", "<": "#x3C"}

_PLAIN_IN_RSS = ("title", "description", "copyright", "generator", "image/title")
_PLAIN_IN_ITEM = ("title", "category")


class Node(msgspec.Struct, frozen=True):
    """An XML element: its name, `{namespace}local` or plain, with text, attributes and children."""

    tag: str
    text: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple["Node", ...] = ()


def node(tag: str, text: str | None = None, *children: Node, **attributes: str | None) -> Node:
    """A Node; an attribute that is None is omitted."""
    present = tuple((name, value) for name, value in attributes.items() if value is not None)
    return Node(tag, text, present, children)


def add_stylesheet(document: bytes, address: str) -> bytes:
    """`document` with a processing instruction for the style sheet at `address` before its root.

    xml-stylesheet §3
    """
    declaration, line_end, root = document.partition(b"\n")
    instruction = f'<?xml-stylesheet type="text/css" href="{address}"?>'
    return b"".join((declaration, line_end, instruction.encode(), line_end, root))


class FeedPatches(BaseExtension):  # type: ignore[misc]
    """Additions to the head of a feed: `nodes`, and the instant of its last update."""

    nodes: tuple[Node, ...] = ()
    updated: datetime

    def extend_ns(self) -> dict[str, str]:
        return _NAMESPACES

    def extend_atom(self, feed: Any) -> Any:
        for link in feed.findall("link"):
            feed.remove(link)
        feed.find("updated").text = rfc3339(self.updated)
        _write_all(feed, self.nodes)
        return feed

    def extend_rss(self, feed: Any) -> Any:
        channel = feed.find("channel")
        channel.find("lastBuildDate").text = rss_date(self.updated)
        for path in _PLAIN_IN_RSS:
            for element in channel.findall(path):
                _escape_numerically(element)
        _write_all(channel, self.nodes, in_rss=True)
        return feed


class EntryPatches(BaseEntryExtension):  # type: ignore[misc]
    """Additions to an entry: `nodes`, its language, the base of its content, its last update."""

    nodes: tuple[Node, ...] = ()
    language: str | None = None
    base: str | None = None
    updated: datetime

    def extend_atom(self, entry: Any) -> Any:
        for link in entry.findall("link"):
            entry.remove(link)
        entry.find("updated").text = rfc3339(self.updated)
        if self.language:
            entry.set(f"{{{XML}}}lang", drop_illegal(self.language))
        content = entry.find("content")
        if self.base and content is not None:
            content.set(f"{{{XML}}}base", self.base)
        _write_all(entry, self.nodes)
        return entry

    def extend_rss(self, item: Any) -> Any:
        for path in _PLAIN_IN_ITEM:
            for element in item.findall(path):
                _escape_numerically(element)
        _write_all(item, self.nodes, in_rss=True)
        return item


def new_feed(title: str, updated: datetime, language: str) -> FeedGenerator:
    """A feed of feedgen with the extensions registered as `.patches`."""
    feed = FeedGenerator()
    feed.register_extension("patches", FeedPatches, EntryPatches)
    feed.patches.updated = updated
    feed.updated(updated)
    feed.title(drop_illegal(title))
    feed.language(drop_illegal(language))
    # Without a version: feeds keep their bytes, and hence their ETags, when the service is upgraded.
    feed.generator("Broadsheet")
    return feed


def new_entry(feed: FeedGenerator, entry_id: str, title: str, updated: datetime) -> FeedEntry:
    """Append an entry to `feed`.

    Its title is its id if no legal character of the title is left: feedgen rejects an empty one.
    """
    entry = feed.add_entry(order="append")
    entry.patches.updated = updated
    entry.updated(updated)
    entry.id(drop_illegal(entry_id))
    entry.title(drop_illegal(title).strip() or drop_illegal(entry_id))
    return entry


def rss_date(moment: datetime) -> str:
    """An instant in the format of RSS (RFC 5322 §3.3): `Mon, 28 Jan 2019 00:00:00 GMT`."""
    return format_datetime(moment, usegmt=True)


def _write_all(parent: Any, nodes: tuple[Node, ...], *, in_rss: bool = False) -> None:
    for child in nodes:
        nsmap = _LOCAL if child.tag.startswith(_TOMBSTONE) else None
        element = etree.SubElement(parent, child.tag, nsmap=nsmap)
        for name, value in child.attributes:
            element.set(name, drop_illegal(value))
        if child.text is not None:
            element.text = drop_illegal(child.text)
            if in_rss:
                _escape_numerically(element)
        _write_all(element, child.children, in_rss=in_rss)


def _escape_numerically(element: Any) -> None:
    """Write `&` and `<` in the element's text as `&#x26;` and `&#x3C;`.

    Plain text then survives readers that treat it as HTML (RSS Advisory Board profile, "Character Data").
    """
    text = element.text
    if not text or not _MARKUP.search(text):
        return
    first, *pieces = _MARKUP.split(text)
    element.text = first
    for character, following in zip(pieces[::2], pieces[1::2], strict=True):
        reference = etree.Entity(_REFERENCES[character])
        reference.tail = following
        element.append(reference)
