"""Checks JSON Feed documents against jsonfeed.org/version/1.1."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from service.formats.lint import values
from service.formats.lint.findings import Document, Enclosure, Finding, LintedEntry

VERSION = "https://jsonfeed.org/version/1.1"

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_Types = Mapping[str, type | tuple[type, ...]]
_HEAD: _Types = {
    "version": str,
    "title": str,
    "home_page_url": str,
    "feed_url": str,
    "description": str,
    "user_comment": str,
    "next_url": str,
    "icon": str,
    "favicon": str,
    "authors": list,
    "language": str,
    "expired": bool,
    "hubs": list,
    "items": list,
}
_ITEM: _Types = {
    "id": str,
    "url": str,
    "external_url": str,
    "title": str,
    "content_html": str,
    "content_text": str,
    "summary": str,
    "image": str,
    "banner_image": str,
    "date_published": str,
    "date_modified": str,
    "authors": list,
    "tags": list,
    "language": str,
    "attachments": list,
}
_PERSON: _Types = {"name": str, "url": str, "avatar": str}
_ATTACHMENT: _Types = {
    "url": str,
    "mime_type": str,
    "title": str,
    "size_in_bytes": (int, float),
    "duration_in_seconds": (int, float),
}
_HUB: _Types = {"type": str, "url": str}
_ADDRESS_NAMES = "home_page_url feed_url next_url icon favicon url external_url image banner_image avatar"
_ADDRESSES = frozenset(_ADDRESS_NAMES.split())


def lint_json_feed(body: bytes) -> Document:
    """The items of a JSON Feed document, and every rule it breaks."""
    try:
        feed = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        return Document(findings=(Finding("", f"the document is not JSON: {error}"),))
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return Document(findings=(Finding("", "JSON Feed: the document must be an object with items"),))
    findings = {Finding("", message) for message in _head(feed)}
    items = [item for item in feed["items"] if isinstance(item, dict)]
    if len(items) < len(feed["items"]):
        findings.add(Finding("", "JSON Feed: an item must be an object"))
    for item in items:
        item_id, title = str(item.get("id", "")), item.get("title")
        findings |= {Finding(item_id, message) for message in _item(item)}
        if isinstance(title, str):
            findings |= {Finding(item_id, message, advice=True) for message in values.title_advice(title)}
    next_url = feed.get("next_url")
    entries = tuple(map(_parse_item, items))
    return Document(
        entries, next_url if isinstance(next_url, str) else None, findings=tuple(sorted(findings))
    )


def _head(feed: dict[str, Any]) -> Iterator[str]:
    yield from _fields(feed, _HEAD, "the feed")
    if feed.get("version") != VERSION:
        yield f"JSON Feed: version must be {VERSION}, not {feed.get('version')!r}"
    if not feed.get("title"):
        yield "JSON Feed: a feed must have a title"
    if feed.get("next_url") and feed["next_url"] == feed.get("feed_url"):
        yield "JSON Feed: next_url must not equal feed_url"
    yield from _people(feed)
    for hub in _objects(feed, "hubs"):
        yield from _fields(hub, _HUB, "a hub")
        if set(_HUB) - set(hub):
            yield "JSON Feed: a hub must have a type and a url"


def _item(item: dict[str, Any]) -> Iterator[str]:
    yield from _fields(item, _ITEM, "an item")
    if not item.get("id") or not isinstance(item["id"], str):
        yield "JSON Feed: an item must have an id, a string"
    texts = [item[name] for name in ("content_html", "content_text") if isinstance(item.get(name), str)]
    if not texts:
        yield "JSON Feed: an item must have content_html or content_text"
    if any(_ILLEGAL.search(text) for text in (*texts, str(item.get("title", "")))):
        yield "a text contains control characters or lone surrogates"
    if isinstance(item.get("title"), str):
        yield from values.title(item["title"])
    if isinstance(item.get("content_html"), str):
        yield from values.content(item["content_html"])
    for name in ("date_published", "date_modified"):
        if isinstance(item.get(name), str):
            yield from values.date_time(item[name], f"JSON Feed: {name}")
    published, updated = (
        values.parse_date_time(item.get(name)) for name in ("date_published", "date_modified")
    )
    if published and updated and updated < published:
        yield "date_modified is earlier than date_published"
    if any(not isinstance(tag, str) for tag in item.get("tags") or []):
        yield "JSON Feed: tags must be strings"
    yield from _people(item)
    for attachment in _objects(item, "attachments"):
        yield from _attachment(attachment)


def _attachment(attachment: dict[str, Any]) -> Iterator[str]:
    yield from _fields(attachment, _ATTACHMENT, "an attachment")
    yield from values.media_type(attachment.get("mime_type"), "JSON Feed: mime_type of an attachment")
    if "url" not in attachment:
        yield "JSON Feed: an attachment must have a url"
    for name in ("size_in_bytes", "duration_in_seconds"):
        number = attachment.get(name, 0)
        if isinstance(number, int | float) and number < 0:
            yield f"JSON Feed: {name} of an attachment must not be negative"


def _people(owner: dict[str, Any]) -> Iterator[str]:
    for author in _objects(owner, "authors"):
        yield from _fields(author, _PERSON, "an author")
        if not set(_PERSON) & set(author):
            yield "JSON Feed: an author must have a name, url or avatar"


def _fields(owner: dict[str, Any], types: _Types, what: str) -> Iterator[str]:
    """Fields must have their type, and addresses be absolute; an extension begins with `_` (Extensions)."""
    for name, value in owner.items():
        expected = types.get(name)
        if expected is None:
            if not name.startswith("_"):
                yield f"JSON Feed: {what} has no field {name} in version 1.1; an extension begins with _"
            elif not isinstance(value, dict):
                yield f"JSON Feed: the extension {name} of {what} must be an object"
        elif not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
            yield f"JSON Feed: {name} of {what} has the wrong type, {type(value).__name__}"
        elif name in _ADDRESSES and isinstance(value, str):
            yield from values.uri(value, f"JSON Feed: {name} of {what}")
        elif name == "language" and isinstance(value, str):
            yield from values.language(value, f"JSON Feed: language of {what}")


def _objects(owner: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    items = owner.get(name)
    return (item for item in (items if isinstance(items, list) else []) if isinstance(item, dict))


def _parse_item(item: dict[str, Any]) -> LintedEntry:
    return LintedEntry(
        str(item.get("id", "")),
        values.parse_date_time(_text(item.get("date_published"))),
        values.parse_date_time(_text(item.get("date_modified"))),
        tuple(
            Enclosure(
                str(attachment.get("url", "")),
                str(attachment.get("mime_type", "")),
                _integer(attachment.get("size_in_bytes")),
            )
            for attachment in _objects(item, "attachments")
        ),
        len(msgspec.json.encode(item)),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _integer(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
