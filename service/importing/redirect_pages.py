"""Pages of a source that only lead to another: their addresses become those of the article they lead to."""

from collections.abc import Iterable

import msgspec

from service.content.discovery.scan import read
from service.content.identity.permalinks import site_path
from service.content.identity.slugs import alias_slug
from service.content.pipeline import load
from service.content.records import Redirect
from service.errors import ContentError
from service.importing.item import Item, Options
from service.importing.native_files import Folder

_SUFFIXES = (".html", ".htm", ".md", ".markdown")
_SIGNS = (b"refresh", b"redirect")


class Stubs:
    """Where the redirects among some files lead."""

    def __init__(self, files: Iterable[tuple[Folder, str]], options: Options) -> None:
        self._by_path: dict[str, list[Redirect]] = {}
        self._by_slug: dict[str, list[Redirect]] = {}
        for folder, path in files:
            if path.lower().endswith(_SUFFIXES):
                for one in _redirects(folder, path, options):
                    self._by_path.setdefault(site_path(one.target) or "", []).append(one)
                    self._by_slug.setdefault(alias_slug(one.target), []).append(one)

    def join(self, item: Item) -> Item:
        """`item` with the addresses of every page that leads to it among its aliases, before its own."""
        paths = [site_path(one) for one in (item.link or "", *item.aliases)]
        found = [one for path in paths if path for one in self._by_path.get(path, ())]
        if not found and item.slug:
            found = self._by_slug.get(item.slug, [])
        former = [address for one in found for address in one.addresses if address.startswith("/")]
        aliases = tuple(dict.fromkeys((*former, *item.aliases)))
        return msgspec.structs.replace(item, aliases=aliases) if former else item


def _redirects(folder: Folder, path: str, options: Options) -> tuple[Redirect, ...]:
    try:
        data = read(folder.root, path)
    except ContentError:
        return ()  # reading it as a source meets the same fault, and reports it
    if not any(sign in data.lower() for sign in _SIGNS):
        return ()
    return load(folder.root, path, data, options.site, folder.context).redirects
