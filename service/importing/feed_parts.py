"""What the XML feeds share: facts of a channel, media and podcast elements, people."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from xml.etree.ElementTree import Element

from service.content.fields.media_types import media_type
from service.content.identity.slugs import name_slug
from service.errors import ContentError
from service.importing.item import Clues
from service.importing.xml import attribute, children, elements, first, named
from service.markup import plain, render_html
from service.model import Attachment, Author, Image

CONTAINERS = frozenset({"channel", "atom:feed", "rdf:RDF", "RDF"})
ITEMS = frozenset({"item", "atom:entry"})

_MAIL_AND_NAME = re.compile(r"\s*[^\s@()]+@[^\s@()]+\s*\((.+)\)\s*", re.DOTALL)
_NAME_AND_MAIL = re.compile(r"\s*([^<>@]+?)\s*<[^<>\s@]+@[^<>\s@]+>\s*")
# What a title may hold if it holds HTML; any other word in pointed brackets is part of the title.
_MARKUP = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|div|em|font|h\d|i|img|ins|kbd|li|mark|ol|p|q|s|small|span|strong|sub|sup"
    r"|tt|u|ul|var|wbr)\b[^<>]*>|&(?:#\w+|\w+);",
    re.IGNORECASE,
)


def channel_facts(text: str) -> dict[str, list[Element]]:
    """The elements of a feed beside its items, by name, as far as the document can be read."""
    found: list[tuple[str, Element]] = []
    with suppress(ContentError):  # reading the items meets the same fault, and reports it
        found += [(name, element) for name, element in elements(text, CONTAINERS) if name not in ITEMS]
    found.sort(key=lambda pair: pair[0])
    return {
        name: [element for _, element in pairs] for name, pairs in groupby(found, key=lambda pair: pair[0])
    }


def is_app_draft(element: Element) -> bool:
    """Whether `app:control` marks an entry as a draft (RFC 5023 §13.1.1)."""
    controls = children(element, "app:control")
    return any((first(control, "app:draft") or "").lower() == "yes" for control in controls)


def people(names: Iterable[str], url: str | None = None) -> tuple[Author, ...]:
    """Each name once; the name alone of `mail@host (Name)` and `Name <mail@host>`."""
    authors: dict[str, Author] = {}
    for given in names:
        match = _MAIL_AND_NAME.fullmatch(given) or _NAME_AND_MAIL.fullmatch(given)
        name = " ".join((match.group(1) if match else given).split())
        if name and not re.fullmatch(r"[^\s@]+@\S+", name):
            authors.setdefault(name_slug(name), Author(name=name, slug=name_slug(name), url=url))
    return tuple(authors.values())


def as_line(text: str | None) -> str | None:
    """One line of plain text of what may hold markup: RSS does not say whether its titles do."""
    if not text:
        return None
    if _MARKUP.search(text):
        text = plain(render_html(text, "html", "")) or text
    return " ".join(text.split()) or None


def media_image(element: Element, clues: Clues) -> Image | None:
    """The lead image: `media:content` that is an image, `media:thumbnail` or `itunes:image`."""
    for one in _media(element):
        if named(one) == "media:content" and _medium(one) != "image":
            continue
        url = clues.reference(attribute(one, "url"), "image")
        if url:
            alt = as_line(first(one, "media:description", "media:title"))
            width, height = clues.number(attribute(one, "width")), clues.number(attribute(one, "height"))
            return Image(url=url, alt=alt, width=width, height=height)
    for one in children(element, "itunes:image"):
        url = clues.reference(attribute(one, "href"), "image")
        if url:
            return Image(url=url)
    return None


def attachments(element: Element, clues: Clues) -> tuple[Attachment, ...]:
    """`enclosure` elements, and what `media:content` says beside them; each address once."""
    found: dict[str, Attachment] = {}
    for one in children(element, "enclosure"):
        url = clues.reference(attribute(one, "url"), "enclosure")
        if url:
            found[url] = attachment(url, attribute(one, "type"), clues.number(attribute(one, "length")))
    for one in _media(element):
        url = clues.reference(attribute(one, "url"), "media")
        if named(one) == "media:thumbnail" or _medium(one) == "image" or not url:
            continue
        length = clues.number(attribute(one, "fileSize"))
        title, duration = as_line(first(one, "media:title")), clues.number(attribute(one, "duration"))
        known = found.get(url) or attachment(url, attribute(one, "type"), length)
        found[url] = Attachment(url, known.mime_type, known.length or length, title, duration)
    seconds = duration_seconds(first(element, "itunes:duration"))
    if seconds and len(found) == 1:
        (url, one_attachment), *_ = found.items()
        known = one_attachment
        found[url] = Attachment(url, known.mime_type, known.length, known.title, known.duration or seconds)
    return tuple(found.values())


def attachment(url: str, given: str | None, length: int | None, title: str | None = None) -> Attachment:
    """An attachment with a media type, guessed by its name where none is given; a length of 0 is unknown."""
    known = given.strip() if given and "/" in given else media_type(url)
    return Attachment(url=url, mime_type=known, length=length or None, title=title)


def _media(element: Element) -> Iterator[Element]:
    for one in children(element, "media:content", "media:group", "media:thumbnail"):
        if named(one) == "media:group":
            yield from children(one, "media:content", "media:thumbnail")
        else:
            yield one


def _medium(one: Element) -> str:
    given = attribute(one, "medium") or (attribute(one, "type") or "").partition("/")[0]
    return given or media_type(attribute(one, "url") or "").partition("/")[0]


def duration_seconds(written: str | None) -> int | None:
    """`1:02:03`, `62:03` or `3723` in seconds; None where it is written otherwise."""
    parts = (written or "").strip().split(":")
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    total = 0
    for part in parts:
        total = total * 60 + int(part)
    return total
