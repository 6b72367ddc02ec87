"""Redirect pages of a source: their addresses become aliases of the articles they point to."""

from collections.abc import Iterable

import msgspec

from service.content.discovery.scan import read
from service.content.identity.permalinks import site_path
from service.content.identity.slugs import alias_slug
from service.content.pipeline import load
from service.content.records import Redirect
from service.errors import ContentError
from service.importing.item import ImportedItem, ImportOptions
from service.importing.sources.native_files import SourceFolder

_SUFFIXES = (".html", ".htm", ".md", ".markdown")
_MARKERS = (b"refresh", b"redirect")


class RedirectPages:
    """The redirects among `files`, by the path and the slug of their targets."""

    def __init__(self, files: Iterable[tuple[SourceFolder, str]], options: ImportOptions) -> None:
        self._by_path: dict[str, list[Redirect]] = {}
        self._by_slug: dict[str, list[Redirect]] = {}
        for folder, path in files:
            if path.lower().endswith(_SUFFIXES):
                for redirect in _redirects(folder, path, options):
                    self._by_path.setdefault(site_path(redirect.target) or "", []).append(redirect)
                    self._by_slug.setdefault(alias_slug(redirect.target), []).append(redirect)

    def add_aliases(self, item: ImportedItem) -> ImportedItem:
        """`item` with the addresses of every page that redirects to it before its own aliases."""
        paths = [site_path(address) for address in (item.link or "", *item.aliases)]
        redirects = [redirect for path in paths if path for redirect in self._by_path.get(path, ())]
        if not redirects and item.slug:
            redirects = self._by_slug.get(item.slug, [])
        addresses = (address for redirect in redirects for address in redirect.addresses)
        former = [address for address in addresses if address.startswith("/")]
        aliases = tuple(dict.fromkeys((*former, *item.aliases)))
        return msgspec.structs.replace(item, aliases=aliases) if former else item


def _redirects(folder: SourceFolder, path: str, options: ImportOptions) -> tuple[Redirect, ...]:
    try:
        data = read(folder.root, path)
    except ContentError:
        return ()  # reading the file as a source reports the error
    if not any(marker in data.lower() for marker in _MARKERS):
        return ()
    return load(folder.root, path, data, options.site, folder.context).redirects
