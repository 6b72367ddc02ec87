"""HTML pages: by their `h-entry` where they have one, by the rules for scraped pages where not."""

import re

import msgspec

from service.content.encoding import decode
from service.content.importing.item import Clues, Found, Item, Note, Options
from service.content.importing.medium import is_medium_page, read_post
from service.content.importing.microformats import HEntry, read_entry
from service.content.importing.records import Folder, read_file
from service.content.importing.visibility import DRAFT, RESPONSE, UNLISTED
from service.content.pages import is_whole_page, split_page
from service.content.slugs import name_slug
from service.content.values import to_json
from service.content.writing import write_front_matter
from service.model import Author

# `<post_id>.<slug>.html`, in which Substack keeps the text of a post without its title.
_SUBSTACK_NAME = re.compile(r"(?:^|/)\d{3,}(?:\.[\w-]+)?\.html$")


def read_page(data: bytes, path: str, name: str, options: Options, folder: Folder) -> Found:
    """The article of a page of a folder; `path` and `name` as for `read_file`."""
    html = decode(data)[0]
    entry = read_entry(html)
    is_medium = is_medium_page(html)
    if entry is None:
        if is_medium:
            yield Note("left out", name, "a page of a Medium account, not a post", "account pages")
        elif _SUBSTACK_NAME.search(name) and not is_whole_page(html):
            texts = read_file(data, path, name, options, folder)
            yield from (_unlisted(one) if isinstance(one, Item) else one for one in texts)
        else:
            yield from read_file(data, path, name, options, folder)
        return
    draft = RESPONSE if entry.in_reply_to else None
    slug = identity = None
    if is_medium:
        post = read_post(entry, html, name)
        entry, slug, identity = post.entry, post.slug, post.id
        draft = DRAFT if post.is_draft else RESPONSE if post.is_response else draft
    for found in read_file(_native(entry, html), path, name, options, folder):
        if isinstance(found, Note):
            yield found
            continue
        item = _with_properties(found, entry, options)
        if is_medium:
            item = msgspec.structs.replace(item, id=identity or item.id, slug=slug)
        yield msgspec.structs.replace(item, draft=draft)


def _unlisted(item: Item) -> Item:
    """A text of a Substack export without its list: nothing says whether it was public."""
    return msgspec.structs.replace(item, draft=UNLISTED)


def _native(entry: HEntry, html: str) -> bytes:
    """The entry as HTML with front matter, so that it is read like any file of a folder."""
    entries = split_page(html, 1)[0] if is_whole_page(html) else {}
    facts = {name: to_json(one.value) for name, one in entries.items() if name not in _FROM_ENTRY}
    if entry.name:
        facts["title"] = entry.name
    if entry.image:
        facts["image"] = entry.image
    return f"{write_front_matter(facts | {'format': 'html'})}\n{entry.content}\n".encode()


# What the entry says better than the head of its page, and a title that names the page of a note.
_FROM_ENTRY = frozenset({"title", "author", "authors", "published", "updated", "date", "summary"})


def _with_properties(item: Item, entry: HEntry, options: Options) -> Item:
    clues = Clues(options, entry.url or options.base)
    link = entry.url or entry.canonical
    elsewhere = entry.canonical if entry.canonical != link else None
    authors = {one.name: Author(one.name, name_slug(one.name), one.url) for one in entry.authors}
    published = clues.instant(entry.published, "dt-published")
    updated = clues.instant(entry.updated, "dt-updated")
    return msgspec.structs.replace(
        item,
        id=entry.uid or item.id,
        link=link,
        slug=None if link else item.slug,
        summary=entry.summary,
        published=published or item.published,
        updated=updated or item.updated,
        authors=tuple(authors.values()) or item.authors,
        tags=entry.categories or item.tags,
        canonical=elsewhere or item.canonical,
        notes=(*item.notes, *clues.notes),
    )
