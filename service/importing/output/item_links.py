"""Links between the items of an import lead to the imported articles, not to the site that they are from."""

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import quote, unquote, urlsplit

import msgspec

from service.importing.item import ImportedItem, Note, NoteKind, numbered_query
from service.importing.output.media import replace_references
from service.markup import resolve

_LINK = re.compile(
    r"<a\s[^<>]*?\bhref\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))[^<>]*>"
    r"(?P<words>.*?)</a\s*>",
    re.IGNORECASE | re.DOTALL,
)


class ItemAddresses(msgspec.Struct, frozen=True):
    """The `paths` of public items by the keys of their addresses, and the keys of `private` ones; see `_key`.

    A path is an alias of the article, or its address. One that items of several sites share is left out.
    """

    paths: dict[str, str]
    private: frozenset[str]


def find_item_addresses(items: Iterable[ImportedItem | Note]) -> ItemAddresses:
    """The addresses that `items` had on their sites."""
    paths: dict[str, str] = {}
    private: set[str] = set()
    sites: dict[str, str | None] = {}
    for item in items:
        if isinstance(item, Note) or not item.link:
            continue
        site = urlsplit(item.link).netloc
        former = (f"//{site}{quote(alias)}" for alias in item.aliases if alias.startswith("/"))
        keys = [key for address in (item.link, item.id, *former) if (key := _key(address))]
        if item.draft:
            private.update(key for key in keys if "/" in key or "?" in key)  # not that of the home page
        elif item.path.strip("/"):
            sites[item.path] = site if sites.get(item.path, site) == site else None
            for key in keys:
                paths.setdefault(key, item.path)
    return ItemAddresses(
        {key: path for key, path in paths.items() if sites[path]}, frozenset(private - paths.keys())
    )


def link_items(item: ImportedItem, addresses: ItemAddresses) -> ImportedItem:
    """`item` with links to the paths of other items in place of links to their addresses.

    Unless it is a draft itself, links to drafts are replaced by their words, since they name what is private.
    """
    if addresses.private and item.draft is None and item.format == "html":
        item = _hide_drafts(item, addresses.private)
    found: set[str] = set()

    def local(address: str | None) -> str | None:
        path = addresses.paths.get(_key(address))
        # Links of an article to itself are those of its footnotes and headings.
        if address is None or path is None or path == item.path:
            return None
        found.add(path)
        fragment = urlsplit(address).fragment
        return quote(path) + (f"#{fragment}" if fragment else "")

    if not addresses.paths:
        return item
    text, base = replace_references(item, local)
    return msgspec.structs.replace(item, text=text, base=base) if found else item


def _hide_drafts(item: ImportedItem, private: frozenset[str]) -> ImportedItem:
    hidden: dict[str, None] = {}

    def hide(link: re.Match[str]) -> str:
        written = next(link[name] for name in ("double", "single", "bare") if link[name] is not None)
        address = resolve(unescape(written), item.base)
        if _key(address) not in private:
            return link[0]
        hidden[str(address)] = None
        return link["words"]

    text = _LINK.sub(hide, item.text)
    note: tuple[NoteKind, str] = (
        "note",
        f"links to drafts of this import are shown as their words: {', '.join(hidden)}",
    )
    return msgspec.structs.replace(item, text=text, notes=(*item.notes, note)) if hidden else item


def _key(address: str | None) -> str:
    """The same text for all spellings of an address: `old.example/2019/vote`, `old.example?p=12`."""
    try:
        parts = urlsplit(address or "")
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    except ValueError:
        return ""
    if not host or parts.scheme not in {"http", "https", ""}:
        return ""
    number = numbered_query(parts.query)
    return f"{host}{port}{unquote(parts.path).rstrip('/')}{f'?{number}' if number else ''}"
