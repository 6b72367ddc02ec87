"""RSS 2.0 and what came before it (0.9x, 1.0), with the modules feeds use (dc, content, media, itunes)."""

from xml.etree.ElementTree import Element

import msgspec

from service.content.identity.slugs import name_slug
from service.importing.feed_parts import (
    CONTAINERS,
    as_line,
    attachments,
    channel_facts,
    is_app_draft,
    media_image,
    people,
)
from service.importing.item import Clues, Found, Item, Note, Options
from service.importing.sources import cited, host
from service.importing.visibility import DRAFT
from service.importing.xml import attribute, children, elements, first, to_text
from service.model import Source


class Channel(msgspec.Struct, frozen=True):
    """What an item takes over from its channel."""

    link: str | None
    language: str | None


def read_rss(data: bytes, name: str, options: Options) -> Found:
    """The items of the channel; ids are its guids, or where there is none the address, as readers do."""
    text = to_text(data)
    facts = channel_facts(text)
    channel = Channel(_text(facts, "link"), _text(facts, "language", "dc:language"))
    number = 0
    for tag, element in elements(text, CONTAINERS):
        if tag == "item":
            number += 1
            yield _item(element, f"{name}, item {number}", channel, options)


def _item(element: Element, place: str, channel: Channel, options: Options) -> Item | Note:
    link = first(element, "link") or _permalink(element)
    base = link or channel.link or options.base
    clues = Clues(options, base)
    link = clues.reference(link, "link")
    body = first(element, "content:encoded", "xhtml:body")
    description = first(element, "description", "dc:description", "itunes:summary")
    title = as_line(first(element, "title", "dc:title"))
    if not (title or body or description):
        return Note("fault", place, "it has neither title nor text")
    summary = as_line(description) if body else None
    return Item(
        place=place,
        title=title,
        text=body or description or "",
        base=base or "",
        id=first(element, "guid") or link,
        link=link,
        summary=summary,
        subtitle=as_line(first(element, "itunes:subtitle")),
        published=clues.instant(first(element, "pubDate", "dc:date", "dcterms:created"), "date"),
        updated=clues.instant(first(element, "atom:updated", "dcterms:modified"), "update"),
        language=clues.language(first(element, "dc:language") or channel.language),
        authors=people(_names(element)),
        tags=tuple(
            dict.fromkeys(filter(None, (as_line("".join(one.itertext())) for one in _categories(element))))
        ),
        source=_source(element),
        image=media_image(element, clues),
        attachments=attachments(element, clues),
        rights=as_line(first(element, "dc:rights", "copyright")),
        draft=DRAFT if is_app_draft(element) else None,
        notes=tuple(clues.notes),
    )


def _names(element: Element) -> list[str]:
    for tag in ("dc:creator", "author", "itunes:author"):
        names = ["".join(one.itertext()) for one in children(element, tag)]
        if any(name.strip() for name in names):
            return names
    return []


def _categories(element: Element) -> list[Element]:
    return children(element, "category") or children(element, "dc:subject")


def _permalink(element: Element) -> str | None:
    """A guid is an address unless it says otherwise (RSS 2.0, `isPermaLink`)."""
    for guid in children(element, "guid"):
        text = (guid.text or "").strip()
        if attribute(guid, "isPermaLink") != "false" and text.startswith(("http://", "https://")):
            return text
    for one in children(element, "atom:link"):
        if attribute(one, "rel") in {None, "alternate"}:
            return attribute(one, "href")
    return None


def _source(element: Element) -> Source | None:
    """The publication reported on: `dc:source` or `source`, and a link `via`, as Broadsheet writes them."""
    given = ["".join(one.itertext()).strip() for one in children(element, "dc:source")]
    via = next((one for one in children(element, "atom:link") if attribute(one, "rel") == "via"), None)
    if via is not None:
        given += [told for told in (attribute(via, "title"), attribute(via, "href")) if told]
    source = cited(given)
    for one in children(element, "source"):
        name, feed = (one.text or "").strip(), attribute(one, "url")
        if source is None and name:
            source = Source(name=name, slug=name_slug(name))
        if source and feed and host(feed):
            source = msgspec.structs.replace(source, feed=feed)
            if name:
                source = msgspec.structs.replace(source, name=name, slug=name_slug(name))
    return source


def _text(facts: dict[str, list[Element]], *names: str) -> str | None:
    for name in names:
        for element in facts.get(name, []):
            if text := "".join(element.itertext()).strip():
                return text
    # RSS 1.0 keeps them within the channel element.
    return next(filter(None, (first(channel, *names) for channel in facts.get("channel", []))), None)
