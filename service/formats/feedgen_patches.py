"""The one place where what feedgen 1.0.0 gets wrong is put right, through its extension API.

Seen in feedgen, each with a test in `tests/formats/test_feedgen_patches.py`:

- an Atom entry's links lose rel, type and length; a rel is one of five names: entries bring links as nodes
- RSS keeps one channel link and the last enclosure: both come as nodes
- feed `updated`, `lastBuildDate` and entry `updated` are now unless set: `new_feed`, `new_entry` take them
- `add_entry` puts an entry first: `new_entry` puts it last
- one control character makes the whole feed fail: `drop_illegal`, on every text
- `type="CDATA"` is written into Atom: content is `html`
- an RSS author without an e-mail address vanishes: `dc:creator`, as a node
- no `xml:lang` on an entry, no `xml:base` on content: `language`, `base`
- dates in RSS change the locale of the whole process and cannot be before the year 1000: they come as nodes
- a document has nothing before its root: `styled` adds what browsers read a feed with
- `&` and `<` in RSS become named references, which some readers undo twice: `&#x26;` and `&#x3C;`
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
from service.urls import FEED_STYLE, instant

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
XML = "http://www.w3.org/XML/1998/namespace"

_NAMESPACES = {"dc": DC, "fh": HISTORY, "media": MEDIA}
# Declared where it is used: hardly any feed has need of it.
_LOCAL = {"at": TOMBSTONES}
_TOMBSTONE = f"{{{TOMBSTONES}}}"
_MARKUP = re.compile("([&<])")
_REFERENCES = {"&": "#x26", "<": "#x3C"}

_PLAIN_IN_RSS = ("title", "description", "copyright", "generator", "image/title")
_PLAIN_IN_ITEM = ("title", "category")


class Node(msgspec.Struct, frozen=True):
    """An element to be written: its name, `{namespace}local` or plain, with text, attributes and children."""

    tag: str
    text: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple["Node", ...] = ()


def node(tag: str, text: str | None = None, *children: Node, **attributes: str | None) -> Node:
    """A Node; an attribute that is None is left out."""
    given = tuple((name, value) for name, value in attributes.items() if value is not None)
    return Node(tag, text, given, children)


def styled(document: bytes) -> bytes:
    """`document` with the style sheet browsers show it with named before its root (xml-stylesheet §3)."""
    declaration, line_end, root = document.partition(b"\n")
    instruction = f'<?xml-stylesheet type="text/css" href="{FEED_STYLE}"?>'
    return b"".join((declaration, line_end, instruction.encode(), line_end, root))


class FeedMend(BaseExtension):  # type: ignore[misc]
    """What the head of a feed needs besides: `nodes`, and the instant it was updated."""

    nodes: tuple[Node, ...] = ()
    updated: datetime

    def extend_ns(self) -> dict[str, str]:
        return _NAMESPACES

    def extend_atom(self, feed: Any) -> Any:
        for link in feed.findall("link"):
            feed.remove(link)
        feed.find("updated").text = instant(self.updated)
        _write_all(feed, self.nodes)
        return feed

    def extend_rss(self, feed: Any) -> Any:
        channel = feed.find("channel")
        channel.find("lastBuildDate").text = rss_date(self.updated)
        for path in _PLAIN_IN_RSS:
            for element in channel.findall(path):
                _refer(element)
        _write_all(channel, self.nodes, refer=True)
        return feed


class EntryMend(BaseEntryExtension):  # type: ignore[misc]
    """What an entry needs besides: `nodes`, its own language, the base of its content, its date."""

    nodes: tuple[Node, ...] = ()
    language: str | None = None
    base: str | None = None
    updated: datetime

    def extend_atom(self, entry: Any) -> Any:
        for link in entry.findall("link"):
            entry.remove(link)
        entry.find("updated").text = instant(self.updated)
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
                _refer(element)
        _write_all(item, self.nodes, refer=True)
        return item


def new_feed(title: str, updated: datetime) -> FeedGenerator:
    """A feedgen feed with the mends in place (as `.mend`) and no date of now."""
    feed = FeedGenerator()
    feed.register_extension("mend", FeedMend, EntryMend)
    feed.mend.updated = updated
    feed.updated(updated)
    feed.title(drop_illegal(title))
    return feed


def new_entry(feed: FeedGenerator, entry_id: str, title: str, updated: datetime) -> FeedEntry:
    """A further entry of `feed`, after those before, and no date of now.

    Its title is its id where nothing legal is left of the title: feedgen refuses an empty one.
    """
    entry = feed.add_entry(order="append")
    entry.mend.updated = updated
    entry.updated(updated)
    entry.id(drop_illegal(entry_id))
    entry.title(drop_illegal(title).strip() or drop_illegal(entry_id))
    return entry


def rss_date(moment: datetime) -> str:
    """An instant as RSS writes it (RFC 5322 §3.3): `Mon, 28 Jan 2019 00:00:00 GMT`."""
    return format_datetime(moment, usegmt=True)


def _write_all(parent: Any, nodes: tuple[Node, ...], *, refer: bool = False) -> None:
    for one in nodes:
        element = etree.SubElement(parent, one.tag, nsmap=_LOCAL if one.tag.startswith(_TOMBSTONE) else None)
        for name, value in one.attributes:
            element.set(name, drop_illegal(value))
        if one.text is not None:
            element.text = drop_illegal(one.text)
            if refer:
                _refer(element)
        _write_all(element, one.children, refer=refer)


def _refer(element: Any) -> None:
    """Write `&` and `<` in the element's text as `&#x26;` and `&#x3C;`.

    So a plain text survives readers that take it for HTML (RSS Advisory Board profile, "Character Data").
    """
    text = element.text
    if not text or not _MARKUP.search(text):
        return
    first, *pieces = _MARKUP.split(text)
    element.text = first
    for mark, after in zip(pieces[::2], pieces[1::2], strict=True):
        reference = etree.Entity(_REFERENCES[mark])
        reference.tail = after
        element.append(reference)
