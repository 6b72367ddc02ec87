"""JSON Feed 1.0 and 1.1; what Broadsheet adds as `_broadsheet` is read back."""

from typing import Any

import msgspec

from service.content.identity.slugs import name_slug
from service.importing.feed_values import as_line, attachment
from service.importing.item import FieldReader, Found, ImportedItem, Note, Options
from service.importing.json_values import as_list, as_map, as_text, parse_json
from service.importing.sources import host
from service.importing.visibility import record_reason
from service.markup import render_html
from service.model import Attachment, Author, Image, Source


def read_json_feed(data: bytes, name: str, options: Options) -> Found:
    """The items of the feed under their ids; one without authors has those of the feed (1.1)."""
    feed = as_map(parse_json(data))
    for number, given in enumerate(as_list(feed.get("items")), start=1):
        place = f"{name}, item {number}"
        yield (
            _item(given, place, feed, options)
            if isinstance(given, dict)
            else Note("fault", place, "it is no object")
        )


def _item(item: dict[str, Any], place: str, feed: dict[str, Any], options: Options) -> ImportedItem | Note:
    more = as_map(item.get("_broadsheet"))
    base = as_text(item.get("url")) or as_text(feed.get("home_page_url")) or options.base
    fields = FieldReader(options, base)
    link = fields.reference(as_text(item.get("url")), "url")
    text = as_text(item.get("content_html")) or _typed(as_text(item.get("content_text")) or "")
    title = as_line_of(item.get("title"))
    if not (title or text):
        return Note("fault", place, "it has neither title nor text")
    published = fields.instant(as_text(item.get("date_published")), "date_published")
    correction = as_line_of(more.get("correction"))
    return ImportedItem(
        place=place,
        title=title,
        text=_without_correction(text, correction),
        base=base or "",
        id=as_text(item.get("id")) or link,
        link=link,
        subtitle=as_line_of(more.get("subtitle")),
        summary=as_line_of(item.get("summary")),
        published=published,
        updated=fields.instant(as_text(item.get("date_modified")), "date_modified"),
        language=fields.language(as_text(item.get("language")) or as_text(feed.get("language"))),
        authors=_authors(item, fields) or _authors(feed, fields),
        tags=tuple(dict.fromkeys(filter(None, map(as_line_of, as_list(item.get("tags")))))),
        dateline=as_line_of(more.get("dateline")),
        source=_source(item, as_map(more.get("source")), fields),
        image=_image(item, as_map(more.get("image")), fields),
        attachments=tuple(_attachments(item, fields)),
        canonical=fields.reference(as_text(more.get("canonical")), "canonical"),
        rights=as_line_of(more.get("rights")),
        correction=correction,
        extra=as_map(more.get("extra")),
        draft=record_reason(item),
        notes=tuple(fields.notes),
    )


def as_line_of(value: Any) -> str | None:
    """Plain text by the specification: nothing in it is markup."""
    text = as_text(value)
    return " ".join(text.split()) or None if text else None


def _without_correction(text: str, correction: str | None) -> str:
    """A feed of ours repeats the correction under the text, where readers see it."""
    if correction is None:
        return text
    start = text.rfind("<p><em>")
    return text[:start] if start >= 0 and as_line(text[start:]) == correction else text


def _authors(holder: dict[str, Any], fields: FieldReader) -> tuple[Author, ...]:
    authors: dict[str, Author] = {}
    for one in as_list(holder.get("authors")) or as_list(holder.get("author")):
        name = as_line_of(as_map(one).get("name"))
        if name:
            url = fields.reference(as_text(as_map(one).get("url")), "author url")
            authors.setdefault(name_slug(name), Author(name=name, slug=name_slug(name), url=url))
    return tuple(authors.values())


def _source(item: dict[str, Any], more: dict[str, Any], fields: FieldReader) -> Source | None:
    url = fields.reference(as_text(item.get("external_url")), "external_url")
    name = as_line_of(more.get("name"))
    if not (url or name):
        return None
    named = name or host(url or "") or "source"
    return Source(
        name=named,
        slug=name_slug(named),
        url=url,
        title=as_line_of(more.get("title")),
        author=as_line_of(more.get("author")),
        published=fields.instant(as_text(more.get("published")), "source published"),
        feed=fields.reference(as_text(more.get("feed")), "source feed"),
    )


def _image(item: dict[str, Any], more: dict[str, Any], fields: FieldReader) -> Image | None:
    url = fields.reference(as_text(item.get("image")) or as_text(item.get("banner_image")), "image")
    if url is None:
        return None
    return Image(
        url, as_line_of(more.get("alt")), fields.number(more.get("width")), fields.number(more.get("height"))
    )


def _attachments(item: dict[str, Any], fields: FieldReader) -> list[Attachment]:
    found = []
    for one in map(as_map, as_list(item.get("attachments"))):
        url = fields.reference(as_text(one.get("url")), "attachment")
        if url:
            length = fields.number(one.get("size_in_bytes"))
            made = attachment(url, as_text(one.get("mime_type")), length, as_line_of(one.get("title")))
            seconds = fields.number(one.get("duration_in_seconds"))
            found.append(msgspec.structs.replace(made, duration=seconds))
    return found


def _typed(text: str) -> str:
    return render_html(text, "text", "")
