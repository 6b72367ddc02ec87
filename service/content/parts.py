"""The fields of an article that have fields of their own: authors, source, image, attachments, withdrawal."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from service.content.fields import Fields, members
from service.content.media_types import media_type
from service.content.slugs import name_slug
from service.content.values import Entry, kind, written
from service.model import Attachment, Author, Image, Source, Tag, Withdrawal

Named = TypeVar("Named", Author, Tag)

_FILES = "/files/"
_DURATION = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})")


def read_authors(fields: Fields) -> tuple[Author, ...]:
    """A name, a map with `name` and perhaps `url`, or a list of these; a name is never split."""
    entry = fields.take("authors", "author")
    if entry is None:
        return ()
    values = entry.value if isinstance(entry.value, list) else [entry.value]
    authors = [_author(fields, entry, value) for value in values if value not in (None, "")]
    return tuple(_each_once(author for author in authors if author))


def read_tags(fields: Fields) -> tuple[Tag, ...]:
    """A list of names, or names parted by commas; each slug once, under the first name for it."""
    names = fields.texts("tags", "tag", separator=",")
    return tuple(_each_once(Tag(name=name, slug=name_slug(name)) for _, name in names))


def read_source(fields: Fields) -> Source | None:
    """The publication reported on: its name, its address, or a map with what is known of it."""
    entry = fields.take("source")
    if entry is None:
        return None
    if not isinstance(entry.value, dict):
        name = fields.as_text(entry, entry.value, "source")
        if name and re.match(r"https?://", name):
            return _named_by_host(name)
        return Source(name=name, slug=name_slug(name)) if name else None
    known = members(entry.value)
    url = fields.as_reference(entry, known.get("url"), "source url")
    name = fields.as_text(entry, known.get("name"), "source name")
    if not name and not url:
        fields.fault(entry, "source must have a name or a url")
        return None
    byline = known.get("author", known.get("authors"))
    names = [fields.as_text(entry, item, "source author") for item in _as_list(byline)]
    return Source(
        name=name or _named_by_host(url or "").name,
        slug=name_slug(name or _named_by_host(url or "").name),
        url=url,
        title=fields.as_text(entry, known.get("title"), "source title"),
        author=", ".join(filter(None, names)) or None,
        published=_instant(fields, entry, known.get("published", known.get("date")), "source published"),
        feed=fields.as_reference(entry, known.get("feed"), "source feed"),
    )


def read_image(fields: Fields) -> Image | None:
    """The lead image: its address, or a map with `url`, `alt`, `width` and `height`."""
    entry = fields.take("image", "featured_image", "cover_image")
    alt = fields.text("image_alt")
    if entry is None:
        return None
    if not isinstance(entry.value, dict):
        url = fields.as_reference(entry, entry.value, entry.name)
        return Image(url=url, alt=alt) if url else None
    known = members(entry.value)
    url = fields.as_reference(entry, known.get("url", known.get("src")), "image url")
    if url is None:
        if not {"url", "src"} & known.keys():
            fields.fault(entry, "image must have a url")
        return None
    return Image(
        url=url,
        alt=fields.as_text(entry, known.get("alt"), "image alt") or alt,
        width=_count(fields, entry, known.get("width"), "image width"),
        height=_count(fields, entry, known.get("height"), "image height"),
    )


def read_attachments(fields: Fields, root: Path) -> tuple[Attachment, ...]:
    """Addresses, or maps with `url` and what is known of the file; one beside the article is measured."""
    entry = fields.take("attachments", "enclosures", "enclosure")
    values = _as_list(entry.value) if entry else []
    found = [_attachment(fields, entry, value, root) for value in values if entry]
    return tuple(attachment for attachment in found if attachment)


def read_withdrawal(fields: Fields) -> Withdrawal | None:
    """Why, and perhaps when, the article was taken back: a reason, or a map with `reason` and `at`."""
    entry = fields.take("withdrawn")
    if entry is None or entry.value is False:
        return None
    if entry.value is True:
        return Withdrawal(reason="withdrawn")
    if not isinstance(entry.value, dict):
        return Withdrawal(reason=fields.as_text(entry, entry.value, "withdrawn") or "withdrawn")
    known = members(entry.value)
    reason = fields.as_text(entry, known.get("reason"), "withdrawn reason")
    at = _instant(fields, entry, known.get("at", known.get("date")), "withdrawn at")
    return Withdrawal(reason=reason or "withdrawn", at=at)


def _each_once(named: Iterable[Named]) -> Iterable[Named]:
    first: dict[str, Named] = {}
    for one in named:
        first.setdefault(one.slug, one)
    return first.values()


def _author(fields: Fields, entry: Entry, value: Any) -> Author | None:
    if not isinstance(value, dict):
        name = fields.as_text(entry, value, "author")
        return Author(name=name, slug=name_slug(name)) if name else None
    known = members(value)
    name = fields.as_text(entry, known.get("name"), "author name")
    if not name:
        fields.fault(entry, "an author must have a name")
        return None
    url = fields.as_reference(entry, known.get("url"), "author url")
    return Author(name=name, slug=name_slug(name), url=url)


def _attachment(fields: Fields, entry: Entry, value: Any, root: Path) -> Attachment | None:
    known = members(value) if isinstance(value, dict) else {"url": value}
    url = fields.as_reference(entry, known.get("url", known.get("src")), "attachment url")
    if url is None:
        if not {"url", "src"} & known.keys():
            fields.fault(entry, "an attachment must have a url")
        return None
    given = fields.as_text(entry, known.get("mime_type", known.get("type")), "attachment mime_type")
    return Attachment(
        url=url,
        mime_type=given or media_type(url),
        length=_measured(fields, entry, url, root)
        or _count(fields, entry, known.get("length", known.get("size_in_bytes")), "attachment length"),
        title=fields.as_text(entry, known.get("title"), "attachment title"),
        duration=_seconds(fields, entry, known.get("duration", known.get("duration_in_seconds"))),
    )


def _measured(fields: Fields, entry: Entry, url: str, root: Path) -> int | None:
    """The length in bytes of a file of ours; None for one elsewhere."""
    if not url.startswith(_FILES):
        return None
    name = unquote(urlsplit(url).path.removeprefix(_FILES))
    file = (root / name).resolve()
    if file.is_relative_to(root.resolve()) and file.is_file():
        return file.stat().st_size
    fields.note(entry, f"there is no file {name!r} in the content folder")
    return None


def _seconds(fields: Fields, entry: Entry, value: Any) -> int | None:
    clock = _DURATION.fullmatch(written(value) or "") if value is not None else None
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + seconds
    return _count(fields, entry, value, "attachment duration")


def _count(fields: Fields, entry: Entry, value: Any, name: str) -> int | None:
    if value is None:
        return None
    text = "" if isinstance(value, bool) else written(value) or ""
    if not re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]+)?", text):
        fields.fault(entry, f"{name} must be a number from 0, not {text or kind(value)!r}")
        return None
    return int(text.partition(".")[0])


def _instant(fields: Fields, entry: Entry, value: Any, name: str) -> Any:
    return None if value is None else fields.as_instant(entry, value, name)


def _named_by_host(url: str) -> Source:
    host = (urlsplit(url).hostname or url).removeprefix("www.")
    return Source(name=host, slug=name_slug(host), url=url)


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
