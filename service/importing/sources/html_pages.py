"""HTML pages: by their `h-entry` where they have one, by the rules for scraped pages where not."""

import re
from typing import Any

import msgspec

from service.content.body.inline_markup import write_plain
from service.content.front_matter.values import to_json
from service.content.front_matter.writer import write_front_matter
from service.content.identity.slugs import name_slug
from service.content.parsing.decoding import decode
from service.content.parsing.html_page import is_whole_page, split_page
from service.importing.draft_reasons import DRAFT, RESPONSE, UNLISTED
from service.importing.item import FieldReader, ImportedItem, ImportOptions, ItemsAndNotes, Note
from service.importing.parsing.microformats import HEntry, read_entry
from service.importing.sources.medium import DRAFT_PREFIX, is_medium_page, read_post
from service.importing.sources.native_files import SourceFolder, read_file
from service.importing.sources.tumblr import TumblrPost, read_tumblr_post
from service.model import Author

# `<post_id>.<slug>.html`, in which Substack keeps the text of a post without its title.
_SUBSTACK_NAME = re.compile(r"(?:^|/)\d{3,}(?:\.[\w-]+)?\.html$")


def read_page(
    data: bytes, path: str, name: str, options: ImportOptions, folder: SourceFolder
) -> ItemsAndNotes:
    """The article of a page of a folder; `path` and `name` as for `read_file`.

    A page with a file name of a Medium draft is a draft.
    """
    is_draft = name.rpartition("/")[2].startswith(DRAFT_PREFIX)
    for item_or_note in _read_page(data, path, name, options, folder):
        yield (
            msgspec.structs.replace(item_or_note, draft=DRAFT)
            if is_draft and isinstance(item_or_note, ImportedItem)
            else item_or_note
        )


def _read_page(
    data: bytes, path: str, name: str, options: ImportOptions, folder: SourceFolder
) -> ItemsAndNotes:
    html = decode(data)[0]
    entry = read_entry(html)
    is_medium = is_medium_page(html)
    if entry is None:
        if is_medium:
            yield Note("left out", name, "a page of a Medium account, not a post", "account pages")
        elif _SUBSTACK_NAME.search(name) and not is_whole_page(html):
            texts = read_file(data, path, name, options, folder)
            # Of a Substack export without its list, so that it is unknown whether the text was public.
            yield from (
                msgspec.structs.replace(text, draft=UNLISTED) if isinstance(text, ImportedItem) else text
                for text in texts
            )
        elif tumblr_post := read_tumblr_post(html):
            yield from (
                _with_footer(item_or_note, tumblr_post, options)
                if isinstance(item_or_note, ImportedItem)
                else item_or_note
                for item_or_note in read_file(tumblr_post.page.encode(), path, name, options, folder)
            )
        else:
            yield from read_file(data, path, name, options, folder)
        return
    if entry.reactions:
        message = f"{entry.reactions} comments and reactions: they are not imported"
        yield Note("left out", name, message, "comments", entry.reactions)
    draft = RESPONSE if entry.in_reply_to else None
    slug = identity = None
    if is_medium:
        post = read_post(entry, html)
        entry, slug, identity = post.entry, post.slug, post.id
        draft = DRAFT if post.is_draft else RESPONSE if post.is_response else draft
    facts = _facts(entry, html)
    native = f"{write_front_matter(facts)}\n{entry.content}\n".encode()
    for item_or_note in read_file(native, path, name, options, folder):
        if isinstance(item_or_note, Note):
            yield item_or_note
            continue
        item = _with_properties(item_or_note, entry, options)
        if "summary" not in facts:
            item = msgspec.structs.replace(item, summary=None)
        if is_medium:
            item = msgspec.structs.replace(item, id=identity or item.id, slug=slug)
        yield msgspec.structs.replace(item, draft=draft)


def _facts(entry: HEntry, html: str) -> dict[str, Any]:
    """The front matter of the page: the properties of its entry, else the metadata in its head."""
    entries = split_page(html, 1).entries if is_whole_page(html) else {}
    facts = {name: to_json(entry_value.value) for name, entry_value in entries.items()}
    facts.pop("title", None)  # it names the site as well, and a note has no title
    stated = {
        "title": entry.name and write_plain(entry.name),
        "summary": entry.summary and write_plain(entry.summary),
        "image": entry.image,
    }
    return facts | {name: value for name, value in stated.items() if value} | {"format": "html"}


def _with_footer(item: ImportedItem, post: TumblrPost, options: ImportOptions) -> ImportedItem:
    fields = FieldReader(options, options.base)
    published = fields.date(post.published, "timestamp")
    return msgspec.structs.replace(
        item,
        published=published.instant if published else item.published,
        published_within=published.within if published else item.published_within,
        tags=post.tags or item.tags,
        notes=(*item.notes, *fields.notes),
    )


def _with_properties(item: ImportedItem, entry: HEntry, options: ImportOptions) -> ImportedItem:
    fields = FieldReader(options, entry.url or options.base)
    link = entry.url or entry.canonical
    elsewhere = entry.canonical if entry.canonical != link else None
    authors = {
        author.name: Author(author.name, name_slug(author.name), author.url) for author in entry.authors
    }
    published = fields.date(entry.published, "dt-published")
    updated = fields.date(entry.updated, "dt-updated")
    return msgspec.structs.replace(
        item,
        id=entry.uid or item.id,
        link=link,
        slug=None if link else item.slug,
        published=published.instant if published else item.published,
        published_within=published.within if published else item.published_within,
        updated=updated.instant if updated else item.updated,
        updated_within=updated.within if updated else item.updated_within,
        authors=tuple(authors.values()) or item.authors,
        tags=entry.categories or item.tags,
        canonical=elsewhere or item.canonical,
        notes=(*item.notes, *fields.notes),
    )
