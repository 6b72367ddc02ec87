"""JSON Feed documents against jsonfeed.org/version/1.1."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from service.formats.lint import values
from service.formats.lint.findings import Document, Enclosure, Finding, LintedEntry

VERSION = "https://jsonfeed.org/version/1.1"

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_Kinds = Mapping[str, type | tuple[type, ...]]
_HEAD: _Kinds = {
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
_ITEM: _Kinds = {
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
_PERSON: _Kinds = {"name": str, "url": str, "avatar": str}
_ATTACHMENT: _Kinds = {
    "url": str,
    "mime_type": str,
    "title": str,
    "size_in_bytes": (int, float),
    "duration_in_seconds": (int, float),
}
_HUB: _Kinds = {"type": str, "url": str}
_ADDRESS_NAMES = "home_page_url feed_url next_url icon favicon url external_url image banner_image avatar"
_ADDRESSES = frozenset(_ADDRESS_NAMES.split())


def lint_json_feed(body: bytes) -> Document:
    """What stands in a JSON Feed document and every rule it breaks."""
    try:
        feed = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        return Document(findings=(Finding("", f"the document is not JSON: {error}"),))
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return Document(findings=(Finding("", "JSON Feed: the document is no object with items"),))
    findings = {Finding("", message) for message in _head(feed)}
    items = [item for item in feed["items"] if isinstance(item, dict)]
    if len(items) < len(feed["items"]):
        findings.add(Finding("", "JSON Feed: an item is no object"))
    for item in items:
        findings |= {Finding(str(item.get("id", "")), message) for message in _item(item)}
    following = feed.get("next_url")
    entries = tuple(map(_seen, items))
    return Document(
        entries, following if isinstance(following, str) else None, findings=tuple(sorted(findings))
    )


def _head(feed: dict[str, Any]) -> Iterator[str]:
    yield from _fields(feed, _HEAD, "the feed")
    if feed.get("version") != VERSION:
        yield f"JSON Feed: version is {VERSION}, not {feed.get('version')!r}"
    if not feed.get("title"):
        yield "JSON Feed: a feed has a title"
    if feed.get("next_url") and feed["next_url"] == feed.get("feed_url"):
        yield "JSON Feed: next_url is never feed_url"
    yield from _people(feed)
    for hub in _objects(feed, "hubs"):
        yield from _fields(hub, _HUB, "a hub")
        if set(_HUB) - set(hub):
            yield "JSON Feed: a hub has type and url"


def _item(item: dict[str, Any]) -> Iterator[str]:
    yield from _fields(item, _ITEM, "an item")
    if not item.get("id") or not isinstance(item["id"], str):
        yield "JSON Feed: an item has an id, a string"
    texts = [item[name] for name in ("content_html", "content_text") if isinstance(item.get(name), str)]
    if not texts:
        yield "JSON Feed: an item has content_html or content_text"
    if any(_ILLEGAL.search(text) for text in (*texts, str(item.get("title", "")))):
        yield "a text holds control characters or lone surrogates"
    if isinstance(item.get("title"), str):
        yield from values.title(item["title"])
    if isinstance(item.get("content_html"), str):
        yield from values.content(item["content_html"])
    for name in ("date_published", "date_modified"):
        if isinstance(item.get(name), str):
            yield from values.instant(item[name], f"JSON Feed: {name}")
    published, updated = (
        values.parsed_instant(item.get(name)) for name in ("date_published", "date_modified")
    )
    if published and updated and updated < published:
        yield "it was updated before it was published"
    if any(not isinstance(tag, str) for tag in item.get("tags") or []):
        yield "JSON Feed: tags are strings"
    yield from _people(item)
    for attachment in _objects(item, "attachments"):
        yield from _attachment(attachment)


def _attachment(attachment: dict[str, Any]) -> Iterator[str]:
    yield from _fields(attachment, _ATTACHMENT, "an attachment")
    yield from values.media_type(attachment.get("mime_type"), "JSON Feed: mime_type of an attachment")
    if "url" not in attachment:
        yield "JSON Feed: an attachment has a url"
    for name in ("size_in_bytes", "duration_in_seconds"):
        given = attachment.get(name, 0)
        if isinstance(given, int | float) and given < 0:
            yield f"JSON Feed: {name} of an attachment is negative"


def _people(owner: dict[str, Any]) -> Iterator[str]:
    for author in _objects(owner, "authors"):
        yield from _fields(author, _PERSON, "an author")
        if not set(_PERSON) & set(author):
            yield "JSON Feed: an author has a name, url or avatar"


def _fields(value: dict[str, Any], kinds: _Kinds, what: str) -> Iterator[str]:
    """Each field of the type it has, absolute where it is an address; others begin with `_` (Extensions)."""
    for name, given in value.items():
        wanted = kinds.get(name)
        if wanted is None:
            if not name.startswith("_"):
                yield f"JSON Feed: {name} of {what} is no field of version 1.1; an extension begins with _"
            elif not isinstance(given, dict):
                yield f"JSON Feed: the extension {name} of {what} is an object"
        elif not isinstance(given, wanted) or (isinstance(given, bool) and wanted is not bool):
            yield f"JSON Feed: {name} of {what} has the wrong type, {type(given).__name__}"
        elif name in _ADDRESSES and isinstance(given, str):
            yield from values.uri(given, f"JSON Feed: {name} of {what}")
        elif name == "language" and isinstance(given, str):
            yield from values.language(given, f"JSON Feed: language of {what}")


def _objects(owner: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    given = owner.get(name)
    for one in given if isinstance(given, list) else []:
        if isinstance(one, dict):
            yield one


def _seen(item: dict[str, Any]) -> LintedEntry:
    return LintedEntry(
        str(item.get("id", "")),
        values.parsed_instant(_text(item.get("date_published"))),
        values.parsed_instant(_text(item.get("date_modified"))),
        tuple(
            Enclosure(
                str(one.get("url", "")), str(one.get("mime_type", "")), _count(one.get("size_in_bytes"))
            )
            for one in _objects(item, "attachments")
        ),
        len(msgspec.json.encode(item)),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
