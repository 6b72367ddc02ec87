"""An article before it is understood."""

import msgspec

from service.content.parsing.values import Entry, normal_key
from service.content.records import SiteContext
from service.markup import TextFormat


class RawArticle(msgspec.Struct, frozen=True):
    """The keys and the text of one article, before either is understood.

    `path` and `number` say where it lies, `line` where it begins. `named` is whether the file's name says its
    slug and date: not where a file holds many articles. `scraped` is the page as it stands, where nobody
    wrote front matter for it: its text is then read for what it says of itself (see `scraped`). `unread` are
    the `meta` elements of a page whose names mean nothing here. `text_line` is the line of the file on which
    `text` begins; None where the text stands in a JSON string.
    """

    path: str
    entries: tuple[Entry, ...]
    text: str
    form: TextFormat
    line: int = 1
    number: int = 0
    named: bool = True
    scraped: str | None = None
    unread: tuple[Entry, ...] = ()
    text_line: int | None = None


def rename_site_keys(raw: RawArticle, context: SiteContext) -> tuple[Entry, ...]:
    """Its keys, those that its site has for authors and tags (`contributors`) under their usual names.

    One for which no usual name is left, since the article has that too, stays as it is.
    """
    usual: dict[str, str] = {}
    for folder, keys in context.keys.items():
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


# Tags are gathered from all of theirs, authors are read from one.
_USUAL = {"authors": ("authors",), "tags": ("tags", "topics", "keywords")}
