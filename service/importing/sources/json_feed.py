"""JSON Feed 1.0 and 1.1; what Broadsheet adds as `_broadsheet` is read back."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

from service.content.front_matter.values import as_items
from service.content.identity.slugs import name_slug
from service.errors import ContentError
from service.importing.document import SourceDocument
from service.importing.draft_reasons import record_reason
from service.importing.item import FieldReader, ImportedItem, ImportOptions, ItemsAndNotes, Note
from service.importing.parsing.citations import host
from service.importing.parsing.feed_values import as_line, attachment
from service.importing.parsing.json_stream import ValuePath, read_values
from service.importing.parsing.json_values import as_map, as_text
from service.markup import render
from service.model import Attachment, Author, Image, Source


def read_json_feed(document: SourceDocument, name: str, options: ImportOptions) -> ItemsAndNotes:
    """The items of the feed under their ids; one without authors has those of the feed (1.1)."""
    feed: dict[str, Any] = {}
    with suppress(ContentError):  # reading the items raises it again, after those that are whole
        for path, value in read_values(document, _is_opened):
            if path and path[0] != "items":
                feed[str(path[0])] = value
    for number, item in enumerate(_read_items(document), start=1):
        place = f"{name}, item {number}"
        yield (
            _item(item, place, feed, options)
            if isinstance(item, dict)
            else Note("fault", place, "it is not an object")
        )


def _read_items(document: SourceDocument) -> Iterator[Any]:
    for path, value in read_values(document, _is_opened):
        if path[:1] == ("items",):
            yield from [value] if len(path) == 2 else as_items(value)


def _is_opened(path: ValuePath, opening: str) -> bool:
    if path == ("items",) and opening not in "[n":  # a list, or null
        raise ValueError("`items` must be a list of items")
    return path in {(), ("items",)}


def _item(
    item: dict[str, Any], place: str, feed: dict[str, Any], options: ImportOptions
) -> ImportedItem | Note:
    more = as_map(item.get("_broadsheet"))
    base = as_text(item.get("url")) or as_text(feed.get("home_page_url")) or options.base
    fields = FieldReader(options, base)
    link = fields.reference(as_text(item.get("url")), "url")
    text = as_text(item.get("content_html"))
    text = text or render(as_text(item.get("content_text")) or "", "text", "").html
    title = plain_line(item.get("title"))
    if not (title or text):
        return Note("fault", place, "it has neither title nor text")
    published = fields.date(as_text(item.get("date_published")), "date_published")
    correction = plain_line(more.get("correction"))
    return ImportedItem(
        place=place,
        title=title,
        text=_without_correction(text, correction),
        base=base or "",
        id=as_text(item.get("id")) or link,
        link=link,
        subtitle=plain_line(more.get("subtitle")),
        summary=plain_line(item.get("summary")),
        published=published.instant if published else None,
        published_within=published.within if published else None,
        updated=fields.instant(as_text(item.get("date_modified")), "date_modified"),
        language=fields.language(as_text(item.get("language")) or as_text(feed.get("language"))),
        authors=_authors(item, fields) or _authors(feed, fields),
        tags=tuple(dict.fromkeys(filter(None, map(plain_line, as_items(item.get("tags")))))),
        series=plain_line(as_map(more.get("series")).get("name") or more.get("series")),
        series_order=order if isinstance(order := more.get("series_order"), int | float) else None,
        featured=more.get("featured") is True,
        dateline=plain_line(more.get("dateline")),
        source=_source(item, as_map(more.get("source")), fields),
        image=_image(item, as_map(more.get("image")), fields),
        attachments=tuple(_attachments(item, fields)),
        canonical=fields.reference(as_text(more.get("canonical")), "canonical"),
        rights=plain_line(more.get("rights")),
        correction=correction,
        extra=as_map(more.get("extra")),
        draft=record_reason(item),
        notes=tuple(fields.notes),
    )


def plain_line(value: Any) -> str | None:
    """Plain text by the specification: nothing in it is markup."""
    text = as_text(value)
    return " ".join(text.split()) or None if text else None


def _without_correction(text: str, correction: str | None) -> str:
    """Remove the correction that feeds of Broadsheet repeat below the text."""
    if correction is None:
        return text
    start = text.rfind("<p><em>")
    return text[:start] if start >= 0 and as_line(text[start:]) == correction else text


def _authors(holder: dict[str, Any], fields: FieldReader) -> tuple[Author, ...]:
    authors: dict[str, Author] = {}
    for author in as_items(holder.get("authors")) or as_items(holder.get("author")):
        name = plain_line(as_map(author).get("name"))
        if name:
            url = fields.reference(as_text(as_map(author).get("url")), "author url")
            authors.setdefault(name_slug(name), Author(name=name, slug=name_slug(name), url=url))
    return tuple(authors.values())


def _source(item: dict[str, Any], more: dict[str, Any], fields: FieldReader) -> Source | None:
    url = fields.reference(as_text(item.get("external_url")), "external_url")
    name = plain_line(more.get("name"))
    if not (url or name):
        return None
    named = name or host(url or "") or "source"
    return Source(
        name=named,
        slug=name_slug(named),
        url=url,
        title=plain_line(more.get("title")),
        author=plain_line(more.get("author")),
        published=fields.instant(as_text(more.get("published")), "source published"),
        feed=fields.reference(as_text(more.get("feed")), "source feed"),
    )


def _image(item: dict[str, Any], more: dict[str, Any], fields: FieldReader) -> Image | None:
    url = fields.reference(as_text(item.get("image")) or as_text(item.get("banner_image")), "image")
    if url is None:
        return None
    return Image(
        url, plain_line(more.get("alt")), fields.number(more.get("width")), fields.number(more.get("height"))
    )


def _attachments(item: dict[str, Any], fields: FieldReader) -> list[Attachment]:
    attachments = []
    for record in map(as_map, as_items(item.get("attachments"))):
        url = fields.reference(as_text(record.get("url")), "attachment")
        if url:
            length = fields.number(record.get("size_in_bytes"))
            read = attachment(url, as_text(record.get("mime_type")), length, plain_line(record.get("title")))
            seconds = fields.number(record.get("duration_in_seconds"))
            attachments.append(msgspec.structs.replace(read, duration=seconds))
    return attachments
