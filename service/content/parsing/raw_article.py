"""An article before its keys and text are read."""

import msgspec

from service.content.front_matter.values import Entry, normal_key
from service.content.records import Receipt, SiteContext
from service.errors import ContentError
from service.markup import TextFormat


class RawArticle(msgspec.Struct, frozen=True):
    """The keys and the text of one article, as they are in its file.

    `number` is its index in the file, `line` the line on which it begins. `named` is whether the name of the
    file gives its slug and date: not if a file holds many articles. `scraped` is the whole page if it has no
    front matter, for `scraping`. `unread` are `meta` elements of a page with unknown names. `text_line` is
    the line of the file on which `text` begins; None if the text is a JSON string. `notes` and `receipts` say
    what was found and left out when a scraped page or a note of Obsidian became this article.
    """

    path: str
    entries: tuple[Entry, ...]
    text: str
    format: TextFormat
    line: int = 1
    number: int = 0
    named: bool = True
    scraped: str | None = None
    unread: tuple[Entry, ...] = ()
    text_line: int | None = None
    notes: tuple[ContentError, ...] = ()
    receipts: tuple[Receipt, ...] = ()


def rename_site_keys(raw: RawArticle, context: SiteContext) -> tuple[Entry, ...]:
    """The entries, with the site's own keys for authors and tags (`contributors`) under their usual names.

    A key stays as it is if the article also has the usual name.
    """
    usual: dict[str, str] = {}
    for folder, keys in context.renamed_keys.items():
        if not folder or raw.path.startswith(f"{folder}/"):
            usual |= keys
    taken = {normal_key(entry.name) for entry in raw.entries}
    named = []
    for entry in raw.entries:
        names = _USUAL.get(usual.get(normal_key(entry.name), ""), ())
        name = next((name for name in names if name not in taken), None)
        taken.add(name or "")
        named.append(msgspec.structs.replace(entry, name=name) if name else entry)
    return tuple(named)


# Tags are collected from several keys, authors are read from one.
_USUAL = {"authors": ("authors",), "tags": ("tags", "topics", "keywords")}
