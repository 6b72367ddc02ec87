"""Ghost's JSON export: posts with their tags and authors, whichever of its three editors wrote them."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from service.content.front_matter.values import as_items
from service.content.identity.slugs import name_slug
from service.importing.document import SourceDocument
from service.importing.draft_reasons import (
    EMAIL,
    MEMBERS,
    PARTLY_MEMBERS,
    is_true,
    may_be_true,
    publication_reason,
)
from service.importing.item import FieldReader, ImportedItem, ImportOptions, ItemsAndNotes, Note, NoteKind
from service.importing.parsing.json_stream import ValuePath, read_values
from service.importing.parsing.json_values import as_map, as_text
from service.importing.sources.ghost.cards import lexical_html, mobiledoc_html
from service.importing.sources.json_feed import plain_line
from service.model import Author, Image

_SITE = "__GHOST_URL__"
_COLUMNS = {
    "users": ("id", "name", "website"),
    "tags": ("id", "name"),
    "posts_authors": ("post_id", "author_id", "sort_order"),
    "posts_tags": ("post_id", "tag_id", "sort_order"),
    "posts_meta": ("post_id", "feature_image_alt", "meta_description", "email_only"),
    "comments": (),
}
_Tables = dict[str, list[dict[str, Any]]]
# A part of a public post that its site shows to members only, as Ghost 5 marks it.
_GATED = re.compile(r"<!--\s*kg-gated-block:begin\b[^<>]{0,500}?\bnonMember:false")


def read_ghost(document: SourceDocument, name: str, options: ImportOptions) -> ItemsAndNotes:
    """The posts of an export under their ids (Ghost's guids); pages too where `options.pages` says so."""
    for base, tables in _read_tables(document).items():
        users = _people(tables)
        people = _joined(tables, "posts_authors", "author_id", users)
        tags = _joined(tables, "posts_tags", "tag_id", _tags(tables))
        metas = {as_text(record.get("post_id")): record for record in tables["posts_meta"]}
        posts = (row for other, table, row in _read_rows(document) if (other, table) == (base, "posts"))
        for number, post in enumerate(posts, start=1):
            place = f"{name}, post {number}"
            kind = as_text(post.get("type")) or ("page" if post.get("page") == 1 else "post")
            if kind == "page" and not options.pages:
                title = plain_line(post.get("title")) or "untitled"
                message = f"{title!r} is a page, not an article (--pages imports them)"
                yield Note("left out", place, message, "pages")
                continue
            key = as_text(post.get("id"))
            authors = people.get(key) or tuple(filter(None, [users.get(as_text(post.get("author_id")))]))
            item = _post(post, place, metas.get(key, {}), authors, tags.get(key, ()), options)
            is_page = kind == "page" and isinstance(item, ImportedItem)
            yield msgspec.structs.replace(item, is_page=True) if is_page else item
        internal = sum((as_text(tag.get("name")) or "").startswith("#") for tag in tables["tags"])
        if internal:
            message = f"{internal} internal tags, whose names begin with #: no reader sees them"
            yield Note("left out", name, message, "internal tags", internal)
        if comments := len(tables["comments"]):
            message = f"{comments} comments: comments are not imported"
            yield Note("left out", name, message, "comments", comments)


def _read_tables(document: SourceDocument) -> dict[int, _Tables]:
    """The tables of each blog in the export but its posts, with the columns that are used (see _COLUMNS).

    Of an export that is cut off nothing is imported: `posts_meta` says after the posts which were e-mails.
    """
    blogs: dict[int, _Tables] = {}
    for base, table, row in _read_rows(document):
        tables = blogs.setdefault(base, {name: [] for name in _COLUMNS})
        if table in _COLUMNS:
            tables[table].append({name: row[name] for name in _COLUMNS[table] if name in row})
    return blogs


def _read_rows(document: SourceDocument) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """(number of the blog, name of the table, row) of every row in the export."""
    for path, value in read_values(document, _is_opened):
        base, place = _split_path(path)
        if place:
            rows = [value] if len(place) == 2 else as_items(value)
            yield from ((base, str(place[0]), as_map(row)) for row in rows)


def _is_opened(path: ValuePath, opening: str) -> bool:
    _, place = _split_path(path)
    if len(place) == 1 and place[0] in {"posts", *_COLUMNS} and opening not in "[n":  # a list, or null
        raise ValueError(f"`{place[0]}` must be a list")
    return not place or (opening == "[" and len(place) == 1)


def _split_path(path: ValuePath) -> tuple[int, ValuePath]:
    """The number of the blog, and the table and row in it: `db`, its number and `data` may stand above."""
    base = 0
    if path[:1] == ("db",):
        path = path[1:]
        if path and isinstance(path[0], int):
            base, path = path[0], path[1:]
    return base, path[1:] if path[:1] == ("data",) else path


def _post(
    post: dict[str, Any],
    place: str,
    meta: dict[str, Any],
    authors: tuple[Author, ...],
    tags: tuple[str, ...],
    options: ImportOptions,
) -> ImportedItem | Note:
    fields = FieldReader(options, options.base)
    notes: list[tuple[NoteKind, str]] = []
    status = (as_text(post.get("status")) or "draft").lower()
    published = _instant(post.get("published_at"), fields)
    title = plain_line(post.get("title"))
    text, dropped = _text(post, options)
    if not options.base and _SITE in f"{post.get('html')}{post.get('lexical')}{post.get('mobiledoc')}":
        notes.append(
            ("note", "it refers to files of the old site, whose address is not in the export; set --base")
        )
    if not (title or text.strip()):
        return Note("left out", place, "it has neither title nor text", "empty posts")
    slug = as_text(post.get("slug"))
    image = fields.reference(_absolute(as_text(post.get("feature_image")), options), "feature_image")
    alt = meta.get("feature_image_alt") or post.get("feature_image_alt")
    return ImportedItem(
        place=place,
        title=title,
        text=text,
        base=options.base or "/",
        id=as_text(post.get("id")) or as_text(post.get("uuid")),
        slug=slug,
        link=f"{options.base.rstrip('/')}/{slug}/" if options.base and slug else None,
        aliases=(f"/{slug}/",) if slug else (),
        summary=plain_line(post.get("custom_excerpt")) or plain_line(meta.get("meta_description")),
        published=published if status == "draft" else published or _instant(post.get("created_at"), fields),
        updated=_instant(post.get("updated_at"), fields) if status != "draft" else None,
        language=fields.language(as_text(post.get("locale")) or as_text(post.get("language"))),
        authors=authors,
        tags=tags,
        image=Image(url=image, alt=plain_line(alt)) if image else None,
        featured=is_true(post.get("featured")),
        canonical=fields.reference(_absolute(as_text(post.get("canonical_url")), options), "canonical_url"),
        draft=_draft_reason(post, meta, status, published, options),
        dropped=dropped,
        notes=(*notes, *fields.notes),
    )


def _draft_reason(
    post: dict[str, Any],
    meta: dict[str, Any],
    status: str,
    published: datetime | None,
    options: ImportOptions,
) -> str | None:
    """Why the post was not shown to everybody: its status, its audience, or a part of it for members.

    A post marked `email_only` gets the status `sent` when it goes out, and is on no page.
    """
    if may_be_true(meta.get("email_only")) or may_be_true(post.get("email_only")):
        return EMAIL
    reason = publication_reason(
        status, public={"published"}, scheduled="scheduled", published=published, options=options
    )
    if reason:
        return reason
    if (as_text(post.get("visibility", "public")) or "unknown").lower() != "public":
        return MEMBERS
    text = as_text(post.get("html"))
    gated = _GATED.search(text) if text else _has_gated_node(_document(post.get("lexical")))
    return PARTLY_MEMBERS if gated else None


def _has_gated_node(node: Any) -> bool:
    """Whether a node of a Lexical document, or one within it, is shown to members only."""
    waiting = [node]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            if as_map(as_map(value.get("visibility")).get("web")).get("nonMember") is False:
                return True
            waiting += [child for child in value.values() if isinstance(child, dict | list)]
    return False


def _text(post: dict[str, Any], options: ImportOptions) -> tuple[str, Counter[str]]:
    """The text as Ghost rendered it, else made from what its editor keeps; the cards dropped by kind."""
    text, dropped = as_text(post.get("html")), Counter[str]()
    if not text:
        for key, render in (("lexical", lexical_html), ("mobiledoc", mobiledoc_html)):
            document = _document(post.get(key))
            if document:
                text, dropped = render(document)
                break
    return _absolute(text, options) or "", dropped


def _document(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return as_map(value)


def _absolute(text: str | None, options: ImportOptions) -> str | None:
    return text.replace(_SITE, (options.base or "").rstrip("/")) if text else text


def _instant(value: Any, fields: FieldReader) -> datetime | None:
    """Ghost keeps instants in UTC, as text without a zone, or (before 1.0) in milliseconds."""
    if isinstance(value, int) and not isinstance(value, bool):
        return fields.seconds(value // 1000, "date")
    text = as_text(value)
    return fields.instant(f"{text}Z" if text and text[-1].isdigit() and "+" not in text else text, "date")


def _people(tables: _Tables) -> dict[str | None, Author]:
    people = {}
    for user in tables["users"]:
        name = plain_line(user.get("name"))
        site = as_text(user.get("website"))
        if name:
            url = site if site and site.startswith(("http://", "https://")) else None
            people[as_text(user.get("id"))] = Author(name=name, slug=name_slug(name), url=url)
    return people


def _tags(tables: _Tables) -> dict[str | None, str]:
    """Names by id; a name that begins with `#` is internal and not for readers."""
    named = {as_text(tag.get("id")): plain_line(tag.get("name")) for tag in tables["tags"]}
    return {key: name for key, name in named.items() if name and not name.startswith("#")}


def _joined(tables: _Tables, table: str, column: str, values: dict[str | None, Any]) -> dict[str | None, Any]:
    rows = sorted(tables[table], key=_sort_order)
    joined: dict[str | None, list[Any]] = defaultdict(list)
    for row in rows:
        value = values.get(as_text(row.get(column)))
        key = as_text(row.get("post_id"))
        if value is not None and value not in joined[key]:
            joined[key].append(value)
    return {key: tuple(joined_values) for key, joined_values in joined.items()}


def _sort_order(row: dict[str, Any]) -> int:
    order = row.get("sort_order")
    return order if isinstance(order, int) else 0
