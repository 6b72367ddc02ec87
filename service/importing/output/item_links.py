"""Links between the items of an import lead to the imported articles, not to the site that they are from."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote, urlsplit

import msgspec

from service.importing.item import ImportedItem, Note, numbered_query
from service.importing.output.media import replace_references


def find_item_paths(items: Iterable[ImportedItem | Note]) -> dict[str, str]:
    """The path of each public item by the keys of its addresses; see `_key`.

    The path is an alias of the article, or its address. One that items of several sites share is left out.
    """
    paths: dict[str, str] = {}
    sites: dict[str, str | None] = {}
    for item in items:
        if isinstance(item, Note) or item.draft or not item.link or not item.path.strip("/"):
            continue
        site = urlsplit(item.link).netloc
        sites[item.path] = site if sites.get(item.path, site) == site else None
        former = (f"//{site}{quote(alias)}" for alias in item.aliases if alias.startswith("/"))
        for address in (item.link, item.id, *former):
            if key := _key(address):
                paths.setdefault(key, item.path)
    return {key: path for key, path in paths.items() if sites[path]}


def link_items(item: ImportedItem, paths: Mapping[str, str]) -> ImportedItem:
    """`item` with links to the `paths` of other items in place of links to their addresses."""
    found: set[str] = set()

    def local(address: str | None) -> str | None:
        path = paths.get(_key(address))
        # Links of an article to itself are those of its footnotes and headings.
        if address is None or path is None or path == item.path:
            return None
        found.add(path)
        fragment = urlsplit(address).fragment
        return quote(path) + (f"#{fragment}" if fragment else "")

    if not paths:
        return item
    text, base = replace_references(item, local)
    return msgspec.structs.replace(item, text=text, base=base) if found else item


def _key(address: str | None) -> str:
    """What the spellings of an address have in common: `old.example/2019/vote`, `old.example?p=12`."""
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
