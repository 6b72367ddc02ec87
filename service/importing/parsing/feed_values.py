"""Values of feeds: media and podcast elements, people, drafts, titles on one line."""

import html
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from xml.etree.ElementTree import Element

import msgspec

from service.content.files.media_types import media_type
from service.content.identity.slugs import name_slug
from service.importing.item import FieldReader
from service.importing.parsing.xml import children, first_text, prefixed_name
from service.markup import render
from service.model import Attachment, Author, Image

_MAIL_AND_NAME = re.compile(r"\s*[^\s@()]+@[^\s@()]+\s*\((.+)\)\s*", re.DOTALL)
_NAME_AND_MAIL = re.compile(r"\s*([^<>@]+?)\s*<[^<>\s@]+@[^<>\s@]+>\s*")
# Elements that a title in HTML may contain; any other word in angle brackets is part of the title.
_MARKUP = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|div|em|font|h\d|i|img|ins|kbd|li|mark|ol|p|q|s|small|span|strong|sub|sup"
    r"|tt|u|ul|var|wbr)\b[^<>]*>|&(?:#\w+|\w+);",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b[^<>]*>")
_VOID = frozenset({"br", "img", "wbr"})
# WordPress.com lists the picture of the author first; Blogger gives a thumbnail of 72 pixels.
_AVATAR = re.compile(r"https?://(?:[\w-]+\.)?gravatar\.com/", re.IGNORECASE)
_BLOGGER_THUMBNAIL = re.compile(
    r"(https?://(?:[\w-]+\.)?(?:bp\.blogspot|googleusercontent)\.com/.*)/s72(?:-[\w-]+)?/([^/]+)"
)


def is_app_draft(element: Element) -> bool:
    """Whether `app:control` marks an entry as a draft (RFC 5023 §13.1.1): with `yes`, or an unknown value."""
    controls = children(element, "app:control")
    return any((first_text(control, "app:draft") or "no").lower() != "no" for control in controls)


def make_authors(names: Iterable[str], url: str | None = None) -> tuple[Author, ...]:
    """Each name once, as plain text; the name alone of `mail@host (Name)` and `Name <mail@host>`."""
    authors: dict[str, Author] = {}
    for written in names:
        match = _MAIL_AND_NAME.fullmatch(written) or _NAME_AND_MAIL.fullmatch(written)
        name = " ".join(html.unescape(match.group(1) if match else written).split())
        if name and not re.fullmatch(r"[^\s@]+@\S+", name):
            authors.setdefault(name_slug(name), Author(name=name, slug=name_slug(name), url=url))
    return tuple(authors.values())


def as_line(text: str | None) -> str | None:
    """Text that may contain markup as one line of plain text: RSS does not specify whether titles do."""
    if not text:
        return None
    if _MARKUP.search(text):
        text = render(text, "html", "").text or text
    return " ".join(text.split()) or None


def title_line(text: str | None) -> str | None:
    """A title as `as_line`, except that a tag which is a word of the title stays."""
    return as_line(_escape_words(text)) if text else None


def _escape_words(text: str) -> str:
    """Escape each tag that is a word of the text: of a block, or an opening tag that is never closed.

    `Why <em> is <b>nice</b>` has one word and one element.
    """
    words: list[int] = []
    opened: dict[str, list[int]] = {}
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if not _MARKUP.match(tag[0]):
            words.append(tag.start())
        elif not tag[1] and name not in _VOID:
            opened.setdefault(name, []).append(tag.start())
        elif tag[1] and opened.get(name):
            opened[name].pop()
        elif tag[1]:
            words.append(tag.start())
    places = sorted([*words, *(start for starts in opened.values() for start in starts)])
    parts = [text[begin:end] for begin, end in pairwise([0, *places, len(text)])]
    return "".join(f"&lt;{part[1:]}" if number else part for number, part in enumerate(parts))


def media_image(element: Element, fields: FieldReader) -> Image | None:
    """The lead image: `media:content` that is an image, `media:thumbnail` or `itunes:image`."""
    for media in _media(element):
        if prefixed_name(media) == "media:content" and _medium(media) != "image":
            continue
        url = fields.reference(media.get("url"), "image")
        if url and not _AVATAR.match(url):
            if larger := _BLOGGER_THUMBNAIL.fullmatch(url):
                return Image(url=f"{larger[1]}/s1600/{larger[2]}")
            alt = as_line(first_text(media, "media:description", "media:title"))
            width, height = (fields.number(media.get("width")), fields.number(media.get("height")))
            return Image(url=url, alt=alt, width=width, height=height)
    for media in children(element, "itunes:image"):
        url = fields.reference(media.get("href"), "image")
        if url:
            return Image(url=url)
    return None


def media_attachments(
    element: Element, enclosures: dict[str, Attachment], fields: FieldReader
) -> tuple[Attachment, ...]:
    """`enclosures` by address, completed and followed by what `media:content` and `itunes:duration` add."""
    attachments = dict(enclosures)
    for media in _media(element):
        url = fields.reference(media.get("url"), "media")
        if prefixed_name(media) == "media:thumbnail" or _medium(media) == "image" or not url:
            continue
        length, duration = (fields.number(media.get(name)) for name in ("fileSize", "duration"))
        title = as_line(first_text(media, "media:title"))
        known = attachments.get(url) or attachment(url, media.get("type"), length)
        attachments[url] = Attachment(
            url, known.mime_type, known.length or length, known.title or title, duration
        )
    seconds = duration_seconds(first_text(element, "itunes:duration"))
    if seconds and len(attachments) == 1:
        ((url, known),) = attachments.items()
        attachments[url] = msgspec.structs.replace(known, duration=known.duration or seconds)
    return tuple(attachments.values())


def attachment(url: str, stated_type: str | None, length: int | None, title: str | None = None) -> Attachment:
    """An attachment with a media type, guessed by its name where none is given; a length of 0 is unknown."""
    mime_type = stated_type.strip() if stated_type and "/" in stated_type else media_type(url)
    return Attachment(url=url, mime_type=mime_type, length=length or None, title=title)


def _media(element: Element) -> Iterator[Element]:
    for media in children(element, "media:content", "media:group", "media:thumbnail"):
        if prefixed_name(media) == "media:group":
            yield from children(media, "media:content", "media:thumbnail")
        else:
            yield media


def _medium(media: Element) -> str:
    medium = media.get("medium") or (media.get("type") or "").partition("/")[0]
    return medium or media_type(media.get("url") or "").partition("/")[0]


def duration_seconds(written: str | None) -> int | None:
    """`1:02:03`, `62:03` or `3723` in seconds; None for any other notation."""
    parts = (written or "").strip().split(":")
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    total = 0
    for part in parts:
        total = total * 60 + int(part)
    return total
