"""What the specifications demand of a feed document; every checker returns the sentences it breaks.

`atom_faults` RFC 4287 (its grammar and its Schematron assertions) and RFC 5005; `rss_faults` RSS 2.0.11 and
the RSS Advisory Board's profile; `json_feed_faults` JSON Feed 1.1.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

A = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
AT = "{http://purl.org/atompub/tombstones/1.0}"
FH = "{http://purl.org/syndication/history/1.0}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
XML = "{http://www.w3.org/XML/1998/namespace}"
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).parent / "schemas" / "atom.rng"))
PAGING = {"first", "next", "previous", "last"}


def atom_faults(document: bytes) -> list[str]:
    root = etree.fromstring(document)
    faults = []
    if not GRAMMAR.validate(root):
        faults += [f"{entry.line}: {entry.message}" for entry in GRAMMAR.error_log]
    faults += _atom_head(root)
    entries = root.findall(f"{A}entry")
    for entry in entries:
        faults += [f"{entry.findtext(f'{A}id')}: {fault}" for fault in _atom_entry(entry)]
    ids = [entry.findtext(f"{A}id") for entry in entries]
    faults += [f"RFC 4151 §2.1: {item} is no tag URI" for item in filter(None, ids) if _bad_tag(item)]
    if len(set(ids)) < len(ids):
        faults.append("§4.1.1: two entries have one id")
    return faults


def _bad_tag(one: str) -> bool:
    return one.startswith("tag:") and not one.isascii()


def _atom_head(root: Any) -> Iterator[str]:
    links = root.findall(f"{A}link")
    rels = [link.get("rel") for link in links]
    if rels.count("self") != 1:
        yield "§4.1.1: a feed should contain one link with rel=self"
    yield from _one_alternate(links)
    yield from _absolute(root)
    if root.find(f"{FH}complete") is not None and PAGING & set(rels):
        yield "RFC 5005 §2: a complete feed has no paging links"
    if root.find(f"{FH}archive") is not None:
        yield from _archive_links(rels)
    elif root.find(f"{FH}complete") is None and not {"first", "last"} <= set(rels):
        yield "RFC 5005 §3: a paged feed says where its first page is, and its last"
    deleted = [(gone.get("ref"), gone.get("when")) for gone in root.findall(f"{AT}deleted-entry")]
    if len(set(deleted)) < len(deleted):
        yield "RFC 6721 §3: two deleted entries have one ref and when"
    for ref, when in deleted:
        if not ref or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", when or ""):
            yield f"RFC 6721 §3: a deleted entry has ref and when: {ref} {when}"


def _archive_links(rels: list[str]) -> Iterator[str]:
    if "current" not in rels:
        yield "RFC 5005 §4: an archive document says where the subscription document is"
    if PAGING & set(rels):
        yield "an archive document of ours has no paging links"


def _atom_entry(entry: Any) -> Iterator[str]:
    if entry.find(f"{A}author") is None:
        yield "§4.1.2: an entry must contain an author (ours always does itself)"
    links = entry.findall(f"{A}link")
    if entry.find(f"{A}content") is None and not [link for link in links if link.get("rel") == "alternate"]:
        yield "§4.1.2: an entry without content must have an alternate link"
    yield from _one_alternate(links)
    if len(entry.findall(f"{DC}source")) > 1:
        yield "one dc:source (W3C validator: DuplicateElement)"
    published, updated = entry.findtext(f"{A}published"), entry.findtext(f"{A}updated")
    for instant in (published, updated):
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", instant):
            yield f"instants are in UTC and end in Z: {instant}"
    if updated < published:
        yield "updated before published"
    for element in entry.iter():
        if element.get(f"{XML}base") is not None and element.tag != f"{A}content":
            yield "xml:base stands on content only"


def _one_alternate(links: Any) -> Iterator[str]:
    kinds = [(link.get("type"), link.get("hreflang")) for link in links if link.get("rel") == "alternate"]
    if len(set(kinds)) < len(kinds):
        yield "§4.1.1: two alternate links of one type and language"


def _absolute(root: Any) -> Iterator[str]:
    for element in root.iter():
        for name in ("href", "url", "scheme", "domain"):
            value = element.get(name)
            if value is not None and not urlsplit(value).scheme:
                yield f"{element.tag} {name} is not absolute: {value}"


def rss_faults(document: bytes) -> list[str]:
    root: Any = etree.fromstring(document)
    channel = root.find("channel")
    faults = list(_rss_channel(root, channel))
    for item in channel.findall("item"):
        faults += [f"{item.findtext('guid')}: {fault}" for fault in _rss_item(item)]
    guids = [item.findtext("guid") for item in channel.findall("item")]
    if len(set(guids)) < len(guids):
        faults.append("two items have one guid")
    return faults


def _rss_channel(root: Any, channel: Any) -> Iterator[str]:
    if root.get("version") != "2.0":
        yield "the version is 2.0"
    for name in ("title", "link", "description"):
        if not "".join(channel.find(name).itertext()):
            yield f"a channel must contain {name}"
    for name in {child.tag for child in channel} - {"item", "category", f"{A}link"}:
        if len(channel.findall(name)) > 1:
            yield f"a channel has one {name}"
    yield from _absolute(root)
    yield from _rss_date(channel.findtext("lastBuildDate"))
    if channel.find(f"{FH}archive") is None and int(channel.findtext("ttl")) < 1:
        yield "ttl is a number of minutes"
    rels = [link.get("rel") for link in channel.findall(f"{A}link")]
    if rels.count("self") != 1:
        yield "a channel should contain one atom:link rel=self"
    if channel.find(f"{FH}complete") is not None and PAGING & set(rels):
        yield "RFC 5005 §2: a complete feed has no paging links"
    if channel.find(f"{FH}archive") is not None:
        yield from _archive_links(rels)


def _rss_item(item: Any) -> Iterator[str]:
    tags = [child.tag for child in item]
    for name in ("title", "link", "guid", "pubDate"):
        if tags.count(name) != 1:
            yield f"an item of ours has one {name}"
    for name in ("author", f"{DC}date", f"{DC}subject"):
        if name in tags:
            yield f"{name} repeats what another element says"
    if f"{DC}creator" not in tags:
        yield "an item names its author as dc:creator"
    if tags.count("enclosure") > 1:
        yield "an item should not contain more than one enclosure"
    if tags.count(f"{DC}source") + tags.count("source") > 1:
        yield "one of source and dc:source (W3C validator: DuplicateElement, DuplicateItemSemantics)"
    if item.find("guid").get("isPermaLink") != "false":
        yield "an id is not an address"
    if {"description", f"{CONTENT}encoded"} <= set(tags) and tags.index("description") > tags.index(
        f"{CONTENT}encoded"
    ):
        yield "description stands before content:encoded"
    enclosure = item.find("enclosure")
    if enclosure is not None and not {"url", "length", "type"} <= set(enclosure.attrib):
        yield "an enclosure must have length, type and url"
    yield from _rss_date(item.findtext("pubDate"))


def _rss_date(text: str) -> Iterator[str]:
    if not text.endswith(" GMT") or parsedate_to_datetime(text).utcoffset() is None:
        yield f"dates are RFC 822 in UTC: {text}"


def json_feed_faults(document: bytes) -> list[str]:
    feed = json.loads(document)
    faults = list(_json_feed_head(feed))
    for item in feed["items"]:
        faults += [f"{item.get('id')}: {fault}" for fault in _json_feed_item(item)]
    ids = [item["id"] for item in feed["items"]]
    if len(set(ids)) < len(ids):
        faults.append("two items have one id")
    faults += [f"{path}: absent values are left out" for path in _empties(feed)]
    return faults


def _json_feed_head(feed: dict[str, Any]) -> Iterator[str]:
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield "version (required, string)"
    if not isinstance(feed.get("title"), str):
        yield "title (required, string)"
    if feed.get("next_url") == feed["feed_url"]:
        yield "next_url must not be the same as feed_url"
    if "author" in feed:
        yield "author is deprecated in 1.1"
    for hub in feed.get("hubs", []):
        if set(hub) != {"type", "url"}:
            yield "a hub must have type and url"
    yield from _extensions(feed)
    if "about" not in feed["_broadsheet"]:
        yield "an extension says what it is about"
    yield from _people(feed)


def _json_feed_item(item: dict[str, Any]) -> Iterator[str]:
    if not isinstance(item.get("id"), str) or not item["id"]:
        yield "id (required, string)"
    if not {"content_html", "content_text"} & set(item):
        yield "an item must have content_html or content_text"
    for name in ("date_published", "date_modified"):
        if name in item:
            datetime.fromisoformat(item[name])
    for name in ("url", "external_url", "image"):
        if name in item and not urlsplit(item[name]).scheme:
            yield f"{name} is not absolute"
    for attachment in item.get("attachments", []):
        if not {"url", "mime_type"} <= set(attachment):
            yield "an attachment must have url and mime_type"
    if "author" in item:
        yield "author is deprecated in 1.1"
    yield from _extensions(item)
    yield from _people(item)


def _people(owner: dict[str, Any]) -> Iterator[str]:
    for author in owner.get("authors", []):
        if not {"name", "url", "avatar"} & set(author):
            yield "an author must have a name, url or avatar"


def _extensions(owner: dict[str, Any]) -> Iterator[str]:
    for name in owner:
        if name.startswith("_") and name != "_broadsheet":
            yield f"a second extension: {name}"


def _empties(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name != "extra" and path + name != "items":
                if inner in (None, "", [], {}):
                    yield f"{path}{name}"
                yield from _empties(inner, f"{path}{name}.")
            elif name == "items":
                for number, item in enumerate(inner):
                    yield from _empties(item, f"items[{number}].")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _empties(inner, f"{path}[{number}].")
