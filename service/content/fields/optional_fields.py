"""Optional fields: source, attachments, withdrawal and others."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from service.content.fields.field_reader import Fields, as_boolean, members
from service.content.files.dependencies import FileLookup
from service.content.files.media_types import UNKNOWN, media_type
from service.content.files.site_files import SiteFiles
from service.content.front_matter.values import Entry, as_items, kind, normal_key, written
from service.content.identity.slugs import name_slug
from service.markup import FILES
from service.model import Attachment, Source, Withdrawal

_ATTACHMENTS = ("attachments", "enclosures", "enclosure", "audio", "audio_url", "podcast", "mp3")
_LINKS = ("external_url", "source_url", "external_link", "link_url", "link")
_SUBTITLES = ("subtitle", "kicker", "deck", "standfirst", "tagline", "subheading")
_CANONICAL = ("canonical", "canonical_url", "canonicalurl")
_RIGHTS = ("rights", "copyright")
_EXPIRES = tuple(
    """
    expires expiry_date expirydate expire expires_at unpublish_date unpublishdate expires_on expireson
    expire_at expireat expire_date expiredate visible_until publish_until publishuntil hide_after remove_after
    """.split()
)
_NEVER = frozenset(
    ("never", "no", "none", "false", "null", "nil", "n/a", "forever", "unlimited", "permanent", "indefinite")
)
"""Values of these fields for an article that does not expire."""

_ALONE = ("source", "dateline", "correction", "withdrawn")
_SELDOM = frozenset((*_SUBTITLES, *_LINKS, *_ATTACHMENTS, *_CANONICAL, *_RIGHTS, *_EXPIRES, *_ALONE))
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:\s*;.*)?", re.ASCII)
_DURATION = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})")


class OptionalFields(msgspec.Struct, frozen=True):
    """Fields of an Article that few articles have."""

    subtitle: str | None = None
    source: Source | None = None
    dateline: str | None = None
    attachments: tuple[Attachment, ...] = ()
    canonical: str | None = None
    rights: str | None = None
    correction: str | None = None
    expires: datetime | None = None
    withdrawn: Withdrawal | None = None


_NOTHING = OptionalFields()


def read_optional_fields(
    fields: Fields, lookup: FileLookup, files: SiteFiles, *, changed: datetime | None, needs_time: bool
) -> OptionalFields:
    """Read the optional fields, if the article, which changed last at `changed`, has any of them.

    `needs_time` is whether a withdrawal needs its own time: feeds report it, and there is no date of update.
    """
    if not fields.among(_SELDOM):
        return _NOTHING
    return OptionalFields(
        subtitle=fields.text(*_SUBTITLES),
        source=_source(fields),
        dateline=fields.text("dateline"),
        attachments=_attachments(fields, lookup, files),
        canonical=fields.reference(*_CANONICAL),
        rights=fields.text(*_RIGHTS),
        correction=fields.text("correction"),
        expires=fields.deciding_instant(*_EXPIRES, absent=_NEVER),
        withdrawn=_withdrawal(fields, changed, needs_time=needs_time),
    )


def _source(fields: Fields) -> Source | None:
    """The publication reported on: a name, a URL, or a map of both and more."""
    entry = fields.take("source")
    if entry is None:
        return _linked(fields)
    if not isinstance(entry.value, dict):
        name = fields.as_text(entry, entry.value, "source")
        if name and re.match(r"https?://", name):
            address = fields.as_reference(entry, name, "source")
            return _named_by_host(address) if address else None
        return Source(name=name, slug=name_slug(name)) if name else None
    known = members(entry.value)
    url = fields.as_reference(entry, known.get("url"), "source url")
    name = fields.as_text(entry, known.get("name"), "source name")
    if not name and not url:
        fields.drop_value(entry, "source must have a name or a url")
        return None
    byline = known.get("author", known.get("authors"))
    names = [fields.as_text(entry, item, "source author") for item in as_items(byline)]
    published = fields.date_or_none(entry, known.get("published", known.get("date")), "source published")
    return Source(
        name=name or _named_by_host(url or "").name,
        slug=name_slug(name or _named_by_host(url or "").name),
        url=url,
        title=fields.as_text(entry, known.get("title"), "source title"),
        author=", ".join(filter(None, names)) or None,
        published=published.instant if published else None,
        published_within=published.within if published else None,
        feed=fields.as_reference(entry, known.get("feed"), "source feed"),
    )


def _linked(fields: Fields) -> Source | None:
    """The page elsewhere that a link post is about."""
    for name in fields.among(_LINKS):
        address = fields.peek(name)
        if isinstance(address, str) and re.match(r"https?://[^\s{}]+$", address.strip()):
            url = fields.reference(name)
            return _named_by_host(url) if url else None
    return None


def _attachments(fields: Fields, lookup: FileLookup, files: SiteFiles) -> tuple[Attachment, ...]:
    """URLs, or maps with `url` and more; the length of a file in the content folder is measured."""
    entries = [entry for name in fields.among(_ATTACHMENTS) if (entry := fields.take(name))]
    attachments = [
        _attachment(fields, entry, value, lookup, files)
        for entry in entries
        for value in as_items(entry.value)
        if not isinstance(value, bool)
    ]
    return tuple(attachment for attachment in attachments if attachment)


def _withdrawal(fields: Fields, changed: datetime | None, *, needs_time: bool) -> Withdrawal | None:
    """The reason of a withdrawal, or a map with `reason` and `at`.

    An `at` before `changed` is reported, and with `needs_time` a missing one.
    """
    entry = fields.take("withdrawn")
    is_withdrawn = as_boolean(entry.value) if entry else None
    if entry is None or is_withdrawn is False:
        return None
    known = members(entry.value) if isinstance(entry.value, dict) else {"reason": entry.value}
    stated = None if is_withdrawn else known.get("reason")
    reason = fields.as_text(entry, stated, "withdrawn reason") or "withdrawn"
    at = fields.instant_or_none(entry, known.get("at", known.get("date")), "withdrawn at")
    if at is None and needs_time:
        fields.note(
            entry,
            "no date, so feeds report the withdrawal at the time of the last change of the article, which"
            f" readers may have passed already; write `withdrawn: {{reason: {reason[:60]}, at: DATE}}`",
        )
    elif at and changed and at < changed:
        fields.note(
            entry,
            f"withdrawn at {at.isoformat()}, before the last change of the article, whose time"
            f" ({changed.isoformat()}) is used instead; readers ignore an earlier withdrawal",
            harmless=True,
        )
    return Withdrawal(reason=reason, at=at)


def _attachment(
    fields: Fields, entry: Entry, value: Any, lookup: FileLookup, files: SiteFiles
) -> Attachment | None:
    known = members(value) if isinstance(value, dict) else {"url": value}
    address = next((known[key] for key in ("url", "src", "href", "file", "path") if key in known), None)
    address = _enclosed(entry, known, address)
    url = fields.as_reference(entry, address, "attachment url")
    if url is None:
        if address is None:
            fields.drop_value(entry, "an attachment must have a url")
        return None
    url = files.resolve(url, written(address))
    if normal_key(entry.name) == "audio" and media_type(url) == UNKNOWN:
        known.setdefault("mime_type", "audio/mpeg")
    mime_type = fields.as_text(entry, known.get("mime_type", known.get("type")), "attachment mime_type")
    if mime_type and not _MEDIA_TYPE.fullmatch(mime_type):
        fields.note(entry, f"invalid attachment mime_type {mime_type!r}; derived from the file name instead")
        mime_type = None
    return Attachment(
        url=url,
        mime_type=mime_type or media_type(url),
        length=_measured(fields, entry, url, lookup)
        or count(fields, entry, known.get("length", known.get("size_in_bytes")), "attachment length"),
        title=fields.as_text(entry, known.get("title"), "attachment title"),
        duration=_seconds(fields, entry, known.get("duration", known.get("duration_in_seconds"))),
    )


def _enclosed(entry: Entry, known: dict[str, Any], address: Any) -> Any:
    """The URL of an enclosure in the form of WordPress: URL, length and type, each on a line."""
    if not isinstance(address, str) or normal_key(entry.name) != "enclosure":
        return address
    first, *others = address.split("\n")
    for key, value in zip(("length", "mime_type"), others, strict=False):
        known.setdefault(key, value.strip())
    return first


def _measured(fields: Fields, entry: Entry, url: str, lookup: FileLookup) -> int | None:
    """The length in bytes of a file in the content folder; None for one elsewhere."""
    if not url.startswith(FILES):
        return None
    name = unquote(urlsplit(url).path.removeprefix(FILES))
    if file := lookup.measure(name):
        return file.size
    fields.note(entry, f"there is no file {name[:100]!r} in the content folder")
    return None


def _seconds(fields: Fields, entry: Entry, value: Any) -> int | None:
    clock = _DURATION.fullmatch(written(value) or "") if value is not None else None
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + seconds
    return count(fields, entry, value, "attachment duration")


def count(fields: Fields, entry: Entry, value: Any, name: str) -> int | None:
    """`value` as a whole number from 0, without its fraction; anything else is a fault."""
    if value is None:
        return None
    text = "" if isinstance(value, bool) else written(value) or ""
    if not re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]+)?", text):
        fields.drop_value(entry, f"{name} must be a number of at least 0, not {text or kind(value)!r}")
        return None
    return int(text.partition(".")[0])


def _named_by_host(url: str) -> Source:
    host = (urlsplit(url).hostname or url).removeprefix("www.")
    return Source(name=host, slug=name_slug(host), url=url)
