"""Atom 1.0 (RFC 4287) and 0.3, RSS 2.0, 1.0 and 0.9x, with their modules (dc, content, media, itunes)."""

import html
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from service.content.files.media_types import media_type
from service.content.identity.slugs import name_slug
from service.importing.document import SourceDocument
from service.importing.draft_reasons import DRAFT, RESPONSE
from service.importing.item import FieldReader, ImportedItem, ImportOptions, ItemsAndNotes, Note
from service.importing.parsing.citations import host, parse_citation
from service.importing.parsing.feed_document import FeedDocument, FeedEntry, read_document, read_entries
from service.importing.parsing.feed_values import (
    as_line,
    attachment,
    is_app_draft,
    make_authors,
    media_attachments,
    media_image,
    title_line,
)
from service.importing.parsing.xml import children, first_text, texts
from service.importing.sources.blogger import LEFT_OUT, address, draft_reason, is_page, left_out_category
from service.model import Attachment, Author, Source

Values = dict[str, Any]
"""A dictionary of feedparser: an entry, a link, a text construct."""


def read_feed(document: SourceDocument, name: str, options: ImportOptions) -> ItemsAndNotes:
    """The entries of an Atom feed or the items of an RSS channel, with `atom:id` or `guid` as ids.

    An entry without an author has the feed's (RFC 4287 §4.2.1). Raises ContentError where the XML is broken.
    """
    feed = read_document(document)
    base = feed.base or _link(feed.values, "alternate") or options.base or ""
    for deleted in children(feed.elements, "at:deleted-entry"):
        message = f"{deleted.get('ref') or 'an entry'} was withdrawn"
        yield Note("left out", name, message, "withdrawn")
    noun = "entry" if feed.is_atom else "item"
    left_out: Counter[str] = Counter()
    for number, entry in enumerate(read_entries(document, base), start=1):
        if category := left_out_category(entry.elements, _terms(entry), options):
            left_out[category] += 1
        else:
            yield _item(entry, f"{name}, {noun} {number}", feed, options)
    for category, count in sorted(left_out.items()):
        yield Note("left out", name, f"{count} {category} of Blogger: {LEFT_OUT[category]}", category, count)


def _item(entry: FeedEntry, place: str, feed: FeedDocument, options: ImportOptions) -> ImportedItem | Note:
    values, elements = entry.values, entry.elements
    link, former = _link(values, "alternate") or _permalink(values), address(elements)
    base = entry.base if feed.is_atom else link or entry.base
    fields = FieldReader(options, base)
    link = fields.reference(link, "link")
    if link and media_type(link).startswith(("audio/", "video/")):
        link = None  # it is the address of the recording, not of a page
    if link is None and former and options.base:
        link = f"{options.base.rstrip('/')}{former}"
    content: Values = next(iter(values.get("content", [])), {})
    description = {"value": first_text(elements, "dc:description", "itunes:summary") or "", "type": "html"}
    text, summary = _html(content), values.get("summary_detail") or description
    title = _line(values.get("title_detail"), feed, title_line) or title_line(
        first_text(elements, "dc:title")
    )
    draft = DRAFT if is_app_draft(elements) else RESPONSE if children(elements, "thr:in-reply-to") else None
    if not (title or text or summary.get("value")):
        if draft:
            return Note("left out", place, "it has neither title nor text", "empty drafts")
        return Note("fault", place, "it has neither title nor text")
    published = fields.date(
        values.get("published")
        or values.get("created")
        or first_text(elements, "dc:date", "dcterms:created"),
        "date",
    )
    updated = fields.instant(values.get("updated") or first_text(elements, "dcterms:modified"), "update")
    if "src" in content:
        fields.notes.append(("note", "its text lies elsewhere and was not fetched"))
    if published is None and updated:
        message = "its date is that of its last change: none of publication is given"
        fields.notes.append(("guessed", message))
    body_base = (content or summary).get("base", entry.base)
    return ImportedItem(
        place=place,
        title=title,
        text=text or _html(summary),
        base=body_base if body_base != entry.base else link or base,
        id=values.get("id") or link,
        link=link,
        summary=(_line(summary, feed) if text else None)
        or as_line(first_text(elements, "blogger:metaDescription")),
        subtitle=as_line(first_text(elements, "itunes:subtitle")),
        published=published.instant if published else updated,
        published_within=published.within if published else None,
        updated=updated,
        language=fields.language(_language(entry, feed)),
        authors=_authors(entry, feed, fields),
        tags=_tags(entry, feed),
        source=_source(entry, feed),
        image=media_image(elements, fields),
        attachments=_attachments(entry, fields),
        canonical=fields.reference(_link(values, "canonical"), "canonical"),
        rights=_line(values.get("rights_detail"), feed) or as_line(first_text(elements, "dc:rights")),
        draft=draft or draft_reason(elements, published.instant if published else updated, options),
        is_page=is_page(elements, _terms(entry)),
        aliases=(former,) if former else (),
        notes=tuple(fields.notes),
    )


def _html(construct: Values) -> str:
    """A text construct as HTML (RFC 4287 §3.1.1): plain text is escaped, its paragraphs are marked."""
    value: str = construct.get("value", "")
    if "html" in construct.get("type", "html"):
        return value
    paragraphs = (part for part in value.split("\n\n") if part.strip())
    return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in paragraphs)


def _line(
    construct: Values | None, feed: FeedDocument, read: Callable[[str], str | None] = as_line
) -> str | None:
    """A text construct as one line of plain text; RSS does not specify whether titles contain markup."""
    if construct is None:
        return None
    value = construct["value"]
    is_plain = feed.is_atom and "html" not in construct["type"]
    return read(html.escape(value, quote=False) if is_plain else value)


def _links(values: Values, rel: str) -> list[Values]:
    return [link for link in values.get("links", []) if link["rel"] == rel and link.get("href")]


def _link(values: Values, rel: str) -> str | None:
    return next((link["href"] for link in _links(values, rel)), None)


def _permalink(values: Values) -> str | None:
    """A guid is an address unless it says otherwise (RSS 2.0, `isPermaLink`)."""
    link = values.get("link", "")
    return link if link.startswith(("http://", "https://")) else None


def _language(entry: FeedEntry, feed: FeedDocument) -> str | None:
    hreflang = next((link.get("hreflang") for link in _links(entry.values, "alternate")), None)
    item_language = entry.language or first_text(entry.elements, "dc:language")
    feed_language = feed.values.get("language") or first_text(feed.elements, "dc:language")
    return item_language or feed_language or hreflang


def _authors(entry: FeedEntry, feed: FeedDocument, fields: FieldReader) -> tuple[Author, ...]:
    names = texts(entry.elements, "dc:creator")
    if names and not feed.is_atom:
        return make_authors(names)
    sources = [entry.values, entry.values.get("source", {}), feed.values if feed.is_atom else {}]
    details: Iterable[Values] = next(
        (
            authors_found
            for values in sources
            if any(authors_found := [detail for detail in values.get("authors", []) if detail])
        ),
        [],
    )
    authors: dict[str, Author] = {}
    for detail in details:
        url = fields.reference(detail.get("href"), "author address")
        for author in make_authors([detail.get("name", "")], url):
            authors.setdefault(author.slug, author)
    return tuple(authors.values()) or make_authors(names or texts(entry.elements, "itunes:author"))


def _terms(entry: FeedEntry) -> list[str]:
    return [tag["term"] or "" for tag in entry.values.get("tags", [])]


def _tags(entry: FeedEntry, feed: FeedDocument) -> tuple[str, ...]:
    tags = entry.values.get("tags", [])
    names = [tag["label"] or tag["term"] for tag in tags] or texts(entry.elements, "dc:subject")
    # Blogger states the kind of an entry as a category.
    names = [name for name in names if name and "schemas.google.com" not in name]
    lines = (_line({"value": name, "type": "text"}, feed) for name in names)
    return tuple(dict.fromkeys(line for line in lines if line))


def _source(entry: FeedEntry, feed: FeedDocument) -> Source | None:
    """The publication reported on: `dc:source`, a link `via`, and the feed an entry was copied from."""
    citations = texts(entry.elements, "dc:source")
    via = next(iter(_links(entry.values, "via")), {})
    original: Values = entry.values.get("source", {})
    name, url = original.get("title"), original.get("href") or _link(original, "self")
    if via and not feed.is_atom and via.get("title"):
        citations.append(via["title"])
    if via and via["href"] not in citations:
        citations.append(via["href"])
    source = parse_citation(citations, title=via.get("title") if feed.is_atom else None)
    if source is None and name and not feed.is_atom:
        source = Source(name=name, slug=name_slug(name))
    if source and name and (feed.is_atom or url):
        source = msgspec.structs.replace(source, name=name, slug=name_slug(name))
    return msgspec.structs.replace(source, feed=url) if source and url and host(url) else source


def _attachments(entry: FeedEntry, fields: FieldReader) -> tuple[Attachment, ...]:
    attachments: dict[str, Attachment] = {}
    for link in _links(entry.values, "enclosure"):
        url = fields.reference(link["href"], "enclosure")
        if url:
            length, title = fields.number(link.get("length")), as_line(link.get("title"))
            attachments[url] = attachment(url, link.get("type"), length, title)
    return media_attachments(entry.elements, attachments, fields)
