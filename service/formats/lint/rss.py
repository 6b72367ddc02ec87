"""Checks RSS documents against RSS 2.0.11, the RSS Advisory Board's profile, and RFC 5005."""

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from service.formats.lint import values
from service.formats.lint.atom import history, linked_documents
from service.formats.lint.findings import Document, Enclosure, Finding, LintedEntry
from service.formats.lint.xml import ATOM, CONTENT, DC, Element, children, parse, size_of, text_of

# RFC 822 §5.1 with the four-digit years the profile asks for.
_DATE = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r" \d\d:\d\d(?::\d\d)? (?:GMT|UT|[+-]\d{4})"
)
_CHANNEL = frozenset(
    """
    title link description language copyright managingEditor webMaster pubDate lastBuildDate category
    generator docs cloud ttl image rating textInput skipHours skipDays item
    """.split()
)
_ITEM = frozenset("title link description author category comments enclosure guid pubDate source".split())
_REPEATED = frozenset({"item", "category"})


def lint_rss(body: bytes) -> Document:
    """The items of an RSS document, and every rule it breaks."""
    root = parse(body)
    if isinstance(root, str):
        return Document(findings=(Finding("", root),))
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        return Document(findings=(Finding("", "the document is not <rss version='2.0'> with one channel"),))
    channel = channels[0]
    findings = {Finding("", message) for message in _head(channel)}
    items = channel.findall("item")
    for item in items:
        guid = text_of(item.find("guid"))
        findings |= {Finding(guid, message) for message in _item(item)}
        findings |= {Finding(guid, message, advice=True) for message in _advice(item)}
    links = channel.findall(f"{{{ATOM}}}link")
    next_url, archive = linked_documents(channel, links)
    return Document(tuple(map(_parse_item, items)), next_url, archive, tuple(sorted(findings)))


def _head(channel: Element) -> Iterator[str]:
    yield from _child_counts(channel, _CHANNEL, "channel")
    for name in ("title", "link", "description"):
        if not text_of(channel.find(name)).strip():
            yield f"RSS profile: a channel must have a {name}"
    yield from values.uri(text_of(channel.find("link")), "RSS profile: link of the channel")
    if (language := channel.find("language")) is not None:
        yield from values.language(text_of(language), "RSS profile: language of the channel")
    for name in ("pubDate", "lastBuildDate"):
        if (date := channel.find(name)) is not None:
            yield from _date(text_of(date), f"{name} of the channel")
    if (ttl := channel.find("ttl")) is not None and not values.number(text_of(ttl)):
        yield f"RSS 2.0: ttl must be a number of minutes, not {text_of(ttl)!r}"
    if (image := channel.find("image")) is not None:
        yield from _image(image, channel)
    links = channel.findall(f"{{{ATOM}}}link")
    rels = [link.get("rel") for link in links]
    if rels.count("self") != 1:
        yield f"RSS profile: a channel must have one atom:link rel=self, not {rels.count('self')}"
    for link in links:
        yield from values.uri(link.get("href"), f"href of atom:link rel={link.get('rel')}")
    yield from history(channel, set(rels))


def _image(image: Element, channel: Element) -> Iterator[str]:
    yield from values.uri(text_of(image.find("url")), "RSS profile: url of the image")
    for name in ("title", "link"):
        if text_of(image.find(name)) != text_of(channel.find(name)):
            yield f"RSS profile: the {name} of the image must be that of the channel"


def _item(item: Element) -> Iterator[str]:
    yield from _child_counts(item, _ITEM, "item")
    yield from values.title(text_of(item.find("title")))
    yield from values.uri(text_of(item.find("link")), "RSS profile: link of an item")
    guid = item.find("guid")
    if guid is None or not text_of(guid).strip():
        yield "RSS profile: an item must have a guid"
    elif guid.get("isPermaLink", "true") == "true":
        yield from values.uri(text_of(guid), "RSS profile: a guid that is a permalink")
    if (date := item.find("pubDate")) is not None:
        yield from _date(text_of(date), "pubDate of an item")
    if (author := item.find("author")) is not None and "@" not in text_of(author):
        yield "RSS profile: author must be an e-mail address; give a name as dc:creator"
    if item.find("author") is None and item.find(f"{{{DC}}}creator") is None:
        yield "RSS profile: an item must have an author or dc:creator"
    if (source := item.find("source")) is not None:
        yield from values.uri(source.get("url"), "RSS 2.0: url of source")
    for enclosure in item.findall("enclosure"):
        yield from _enclosure(enclosure)
    if (encoded := item.find(f"{{{CONTENT}}}encoded")) is not None:
        yield from values.content(text_of(encoded))


def _enclosure(enclosure: Element) -> Iterator[str]:
    yield from values.uri(enclosure.get("url"), "RSS profile: url of the enclosure")
    yield from values.media_type(enclosure.get("type"), "RSS profile: type of the enclosure")
    if values.number(enclosure.get("length")) is None:
        length = enclosure.get("length")
        yield f"RSS profile: length of the enclosure must be a number of bytes, not {length!r}"


def _advice(item: Element) -> Iterator[str]:
    yield from values.title_advice(text_of(item.find("title")))
    for enclosure in item.findall("enclosure"):
        if values.number(enclosure.get("length")) == 0:
            yield f"the length of the enclosure {enclosure.get('url')!r} is unknown; add `length:`"
        if enclosure.get("type") == "application/octet-stream":
            yield f"the type of the enclosure {enclosure.get('url')!r} is unknown; add `mime_type:`"


def _child_counts(element: Element, allowed: frozenset[str], parent: str) -> Iterator[str]:
    names = [child.tag for child in children(element) if not child.tag.startswith("{")]
    for name in dict.fromkeys(names):
        if name not in allowed:
            yield f"RSS 2.0: {name} is not allowed in {parent}"
        elif names.count(name) > 1 and name not in _REPEATED:
            yield f"RSS profile: {parent} must have one {name}, not {names.count(name)}"


def _date(text: str, what: str) -> Iterator[str]:
    if not _DATE.fullmatch(text) or _parse_date(text) is None:
        yield f"RSS profile: {what} is not an RFC 822 date with a four-digit year: {text!r}"


def _parse_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _parse_item(item: Element) -> LintedEntry:
    return LintedEntry(
        text_of(item.find("guid")),
        _parse_date(text_of(item.find("pubDate"))),
        None,
        tuple(
            Enclosure(
                enclosure.get("url", ""), enclosure.get("type", ""), values.number(enclosure.get("length"))
            )
            for enclosure in item.findall("enclosure")
        ),
        size_of(item),
    )
