"""WordPress eXtended RSS (WXR 1.0 to 1.2): posts with their attachments and authors, without comments."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import msgspec

from service.errors import ContentError
from service.importing.document import SourceDocument
from service.importing.draft_reasons import MEMBERS, PARTLY_MEMBERS, PASSWORD, publication_reason
from service.importing.item import FieldReader, ImportedItem, ImportOptions, ItemsAndNotes, Note, NoteKind
from service.importing.parsing.feed_values import (
    as_line,
    attachment,
    duration_seconds,
    make_authors,
    title_line,
)
from service.importing.parsing.xml import children, elements, first_text, prefixed_name
from service.importing.sources.wordpress.shortcodes import Upload, Uploads, resolve_shortcodes
from service.importing.sources.wordpress.text import footnotes_html, resolve_blocks, to_html
from service.markup import render
from service.model import Attachment, Author, Image

_CHANNEL = frozenset({"channel"})
_GONE = {
    "trash": ("it is in the trash", "in the trash"),
    "auto-draft": ("it is an empty draft", "empty drafts"),
}
# Fields of plugins that restrict who may read a post, and their values that do not.
_ACCESS_FIELDS = {
    "_jetpack_newsletter_access": frozenset({"everybody"}),  # Jetpack
    "_members_access_role": frozenset[str](),  # Members
    "_wpmem_block": frozenset({"0"}),  # WP-Members
    "rcp_access_level": frozenset({"none"}),  # Restrict Content Pro
    "rcp_subscription_level": frozenset[str](),
    "_is_paid": frozenset({"0"}),
}
# Blocks and shortcodes of plugins around a part of a text that is for members only.
_MEMBERS_PART = re.compile(
    r"<!--\s*wp:(?:jetpack/paywall|premium-content/(?:subscriber-view|container))\b"
    r"|\[(?:restrict|membership|members?|members?[-_]?only|members_(?:access|logged_in)|mepr-(?:show|active)|pmpro_\w+"
    r"|private|protected|paid|premium|wlm_\w+|s2If|ihc-hide-content|swpm_protected|um_loggedin|emember_protected"
    r"|arm_restrict_content|wcm_restrict|logged_?in|is_logged_in|passster|content_protector)(?=[\s\]])",
    re.IGNORECASE,
)
_MORE = re.compile(r"<!--\s*more\b.*?-->|<!--\s*wp:more.*?/wp:more\s*-->", re.DOTALL)
_DURATION = re.compile(r's:\d+:"duration";s:\d+:"([\d:]+)"')
_UNDATED = "0000-00-00"
_READ_FIELDS = frozenset({"enclosure", "footnotes"})
_READ_ELEMENTS = frozenset(
    "title link pubDate dc:creator guid description content:encoded excerpt:encoded category".split()
)


class Export(msgspec.Struct, frozen=True):
    """The parts that posts refer to: uploads and reusable blocks by post id, display names by login."""

    uploads: Uploads
    blocks: dict[str, str]
    names: dict[str, str]
    language: str | None
    base: str | None


def read_wordpress(document: SourceDocument, name: str, options: ImportOptions) -> ItemsAndNotes:
    """The posts of an export, with their guids as ids; pages too where `options.pages` says so.

    WordPress divides a large export into several files: a post may refer to what is in another one.
    """
    documents = options.documents if document in options.documents else (document,)
    export = _export_of(document, _read_exports(documents), options)
    kinds: dict[str, int] = {}
    unread: Counter[str] = Counter()
    number = comments = 0
    for tag, element in elements(document, _CHANNEL):
        if tag != "item":
            continue
        number += 1
        kind = first_text(element, "wp:post_type") or "post"
        place = f"{name}, item {number}"
        comments += len(children(element, "wp:comment"))
        if kind == "post" or (kind == "page" and options.pages):
            unread.update(_unread(element))
            yield _post(element, place, kind, export, options)
        elif kind == "page":
            title = as_line(first_text(element, "title")) or "untitled"
            message = f"{title!r} is a page, not an article (--pages imports them)"
            yield Note("left out", place, message, "pages")
        elif kind != "attachment":
            kinds[kind] = kinds.get(kind, 0) + 1
    for kind, count in sorted(kinds.items()):
        yield Note("left out", name, f"{count} of type {kind!r}: not articles", f"of type {kind!r}", count)
    for thing, count in sorted(unread.items()):
        yield Note("left out", name, f"{thing} ({count}): not imported", thing, count)
    if comments:
        yield Note("left out", name, f"{comments} comments: comments are not imported", "comments", comments)


def _unread(element: Element) -> Iterator[str]:
    """The parts of an item that are not imported, by kind: custom fields, and elements of other vocabularies.

    Fields whose name begins with `_` are internal to WordPress and its plugins.
    """
    for child in element:
        tag = prefixed_name(child)
        if tag == "wp:postmeta":
            key = first_text(child, "wp:meta_key") or ""
            is_read = key in _READ_FIELDS or key in _ACCESS_FIELDS
            if key and not key.startswith("_") and not is_read and first_text(child, "wp:meta_value"):
                yield f"custom fields {key!r}"
        elif (
            tag not in _READ_ELEMENTS
            and not tag.startswith("wp:")
            and (len(child) or child.attrib or child.text)
        ):
            yield f"elements {tag!r}"


@lru_cache(maxsize=1)  # the same for each file of an export
def _read_exports(documents: tuple[SourceDocument, ...]) -> dict[SourceDocument, Export]:
    """The parts of each of `documents` that is an export of WordPress."""
    return {document: _read_export(document) for document in documents if _is_export(document)}


def _is_export(document: SourceDocument) -> bool:
    try:
        return b"wordpress.org/export/" in document.beginning()
    except ContentError:
        return False  # reading it as a source raises the same error, which is reported then


def _export_of(
    document: SourceDocument, exports: dict[SourceDocument, Export], options: ImportOptions
) -> Export:
    """The export that `document` is a part of: all of the same site, as far as they name it."""
    own = exports.get(document) or _read_export(document)
    parts = [part for part in exports.values() if part.base and part.base == own.base]
    return Export(
        Uploads(
            {key: upload for part in (*parts, own) for key, upload in part.uploads.files.items()},
            {key: uploads for part in (*parts, own) for key, uploads in part.uploads.of_posts.items()},
        ),
        {key: block for part in (*parts, own) for key, block in part.blocks.items()},
        {login: name for part in (*parts, own) for login, name in part.names.items()},
        own.language,
        options.base or own.base,
    )


def _read_export(document: SourceDocument) -> Export:
    files: dict[str, Upload] = {}
    of_posts: dict[str, list[tuple[int, int, Upload]]] = {}
    blocks: dict[str, str] = {}
    names: dict[str, str] = {}
    language = base = None
    try:
        for tag, element in elements(document, _CHANNEL):
            if tag == "wp:author":
                login = first_text(element, "wp:author_login") or ""
                # WordPress keeps display names escaped (`_wp_specialchars`).
                names[login] = html.unescape(first_text(element, "wp:author_display_name") or login)
            elif tag == "language":
                language = (element.text or "").strip() or None
            elif tag in {"wp:base_blog_url", "link"}:
                base = (element.text or "").strip() or base
            elif tag == "item" and (identity := first_text(element, "wp:post_id")):
                kind, url = first_text(element, "wp:post_type"), first_text(element, "wp:attachment_url")
                if kind == "wp_block" and _is_published(element):
                    blocks[identity] = first_text(element, "content:encoded") or ""
                if kind != "attachment" or not url:
                    continue
                alt, caption = (
                    _meta(element).get("_wp_attachment_image_alt"),
                    first_text(element, "excerpt:encoded"),
                )
                files[identity] = Upload(url, as_line(alt), as_line(caption))
                parent = first_text(element, "wp:post_parent") or "0"
                if parent != "0" and first_text(element, "wp:status") not in {"trash", "private"}:
                    order = (_whole(first_text(element, "wp:menu_order")), _whole(identity), files[identity])
                    of_posts.setdefault(parent, []).append(order)
    except ContentError:
        pass  # reading the posts raises the same error, which is reported then
    ordered = {
        parent: tuple(upload for *_, upload in sorted(uploads, key=lambda order: order[:2]))
        for parent, uploads in of_posts.items()
    }
    return Export(Uploads(files, ordered), blocks, names, language, base)


def _is_published(element: Element) -> bool:
    return first_text(element, "wp:status") == "publish" and not first_text(element, "wp:post_password")


def _whole(written: str | None) -> int:
    """An integer that orders attachments; 0 if it is invalid."""
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 19 else 0


def _post(
    element: Element, place: str, kind: str, export: Export, options: ImportOptions
) -> ImportedItem | Note:
    status = (first_text(element, "wp:status") or "").lower()
    title = title_line(first_text(element, "title"))
    if status in _GONE:
        reason, category = _GONE[status]
        return Note("left out", place, f"{(title or 'untitled')!r}: {reason}", category)
    link = first_text(element, "link")
    base = link or export.base
    fields = FieldReader(options, base)
    notes: list[tuple[NoteKind, str]] = []
    written = first_text(element, "content:encoded") or ""
    dropped: Counter[str] = Counter()
    coded = resolve_shortcodes(
        resolve_blocks(written, export.blocks, footnotes_html(_meta(element).get("footnotes")), dropped),
        export.uploads,
        first_text(element, "wp:post_id") or "",
    )
    dropped.update(coded.dropped)
    text = to_html(coded.text)
    if not (title or text.strip()):
        return Note("left out", place, "it has neither title nor text", "empty posts")
    thumbnail = _meta(element).get("_thumbnail_id", "")
    picture = export.uploads.files.get(thumbnail)
    if thumbnail and picture is None:
        notes.append(("note", f"its featured image {thumbnail} is not in the export"))
    authors = _authors(element, export)
    if not authors and first_text(element, "dc:creator"):
        notes.append(("note", "its author is known by an e-mail address only, which is left out"))
    published = _instant(element, fields, "wp:post_date_gmt", "wp:post_date") or _pubdate(element, fields)
    return ImportedItem(
        place=place,
        title=title,
        text=text,
        base=base or "",
        id=first_text(element, "guid") or link,
        link=fields.reference(link, "link"),
        slug=unquote(first_text(element, "wp:post_name") or "") or None,
        summary=as_line(first_text(element, "excerpt:encoded")) or _before_more(coded.text),
        published=published,
        updated=_instant(element, fields, "wp:post_modified_gmt", "wp:post_modified"),
        language=fields.language(export.language),
        authors=authors,
        tags=_tags(element),
        image=Image(picture.url, picture.alt or picture.caption) if picture else None,
        attachments=tuple(_enclosures(element, fields)),
        draft=_draft_reason(element, status, published, options),
        series=next(iter(_categories(element, "series")), None),
        series_order=_whole(_meta(element).get("_series_part")) or None,
        featured=first_text(element, "wp:is_sticky") == "1",
        is_page=kind == "page",
        aliases=tuple(_former_paths(element, link)),
        dropped=dropped,
        notes=(*notes, *fields.notes),
    )


def _draft_reason(
    element: Element, status: str, published: datetime | None, options: ImportOptions
) -> str | None:
    """Why the post was not public; None if it was, or if it is scheduled for the future."""
    if first_text(element, "wp:post_password"):
        return PASSWORD
    reason = publication_reason(
        status, public={"publish"}, scheduled="future", published=published, options=options
    )
    if reason:
        return reason
    meta = _meta(element)
    if any(name in meta and meta[name] not in public for name, public in _ACCESS_FIELDS.items()):
        return MEMBERS
    return PARTLY_MEMBERS if _MEMBERS_PART.search(first_text(element, "content:encoded") or "") else None


def _instant(element: Element, fields: FieldReader, gmt: str, local: str) -> datetime | None:
    """The instant in UTC if WordPress has it; else the local one, in the time zone of the site."""
    for name, zone in ((gmt, " +0000"), (local, "")):
        written = first_text(element, name)
        if written and not written.startswith(_UNDATED):
            return fields.instant(written + zone, "date")
    return None


def _pubdate(element: Element, fields: FieldReader) -> datetime | None:
    written = first_text(element, "pubDate")
    return fields.instant(written, "date") if written and "-0001" not in written else None


def _authors(element: Element, export: Export) -> tuple[Author, ...]:
    """The display names of the authors, several where the plugin Co-Authors Plus names them.

    A login may be an e-mail address, which is not used as a name.
    """
    guests = [category for category in children(element, "category") if category.get("domain") == "author"]
    logins = [(creator.text or "").strip() for creator in children(element, "dc:creator")]
    names = ["".join(guest.itertext()) for guest in guests] or [
        export.names.get(login, login) for login in logins
    ]
    return make_authors(names)


def _categories(element: Element, domain: str) -> list[str]:
    """The names in one taxonomy, such as that of the plugin Organize Series."""
    named = (category for category in children(element, "category") if category.get("domain") == domain)
    return [name for category in named if (name := as_line("".join(category.itertext())))]


def _tags(element: Element) -> tuple[str, ...]:
    """Categories and tags; `uncategorized` means none in WordPress."""
    names = []
    for category in children(element, "category"):
        is_shown = category.get("domain") in {None, "category", "post_tag"}
        text = as_line("".join(category.itertext()))
        if is_shown and text and category.get("nicename") != "uncategorized":
            names.append(text)
    return tuple(dict.fromkeys(names))


def _meta(element: Element) -> dict[str, str]:
    pairs = (
        (first_text(field, "wp:meta_key"), first_text(field, "wp:meta_value"))
        for field in children(element, "wp:postmeta")
    )
    return {key: value for key, value in pairs if key and value}


def _former_paths(element: Element, link: str | None) -> Iterator[str]:
    """The paths the post had under slugs it no longer has (`_wp_old_slug`)."""
    above, _, slug = urlsplit(link or "").path.rstrip("/").rpartition("/")
    for field in children(element, "wp:postmeta"):
        old = (first_text(field, "wp:meta_value") or "").strip()
        if first_text(field, "wp:meta_key") == "_wp_old_slug" and old and slug and old != slug:
            yield f"{unquote(above)}/{unquote(old)}/"


def _enclosures(element: Element, fields: FieldReader) -> Iterator[Attachment]:
    """`enclosure` in the meta data: address, length and type, each on a line; PowerPress adds a duration."""
    for field in children(element, "wp:postmeta"):
        if first_text(field, "wp:meta_key") != "enclosure":
            continue
        lines = [line.strip() for line in (first_text(field, "wp:meta_value") or "").splitlines()]
        url = fields.reference(lines[0] if lines else None, "enclosure")
        if url and urlsplit(url).path:
            known = attachment(url, lines[2] if len(lines) > 2 else None, fields.number([*lines, "", ""][1]))
            duration = _DURATION.search("".join(lines[3:]))
            yield msgspec.structs.replace(known, duration=duration_seconds(duration[1]) if duration else None)


def _before_more(text: str) -> str | None:
    """The text before the `<!--more-->` that ends the teaser."""
    mark = _MORE.search(text)
    if mark is None:
        return None
    return " ".join(render(to_html(text[: mark.start()]), "html", "").text.split()) or None
