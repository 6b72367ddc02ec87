"""Writes an export: asks for every address, writes what changed, and removes what is gone."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import msgspec

from service.errors import ExportError
from service.export.addresses import former_addresses, seed_addresses
from service.export.bucket import open_export_bucket
from service.export.file_names import Layout, file_name
from service.export.fingerprint import hash_of_program
from service.export.folder import open_folder
from service.export.hosting import HostingRules, hosted_headers, hosting_files, redirect_page
from service.export.rendering import (
    KnownResponse,
    PageRequest,
    Rendition,
    SiteRenderer,
    hash_key,
    make_rendition,
)
from service.export.responses import ExportedResponse, Headers
from service.export.search import NOT_INSTALLED, SEARCH_FOLDER, is_installed, make_search
from service.export.target import ExportedFile, ExportManifest, ExportTarget, names_of
from service.index import Index, Revision, SiteAddresses, now, read_addresses
from service.ingest import run_in_processes
from service.publisher import EVERY_DOCUMENT, find_touched_keys
from service.settings import Settings
from service.urls import NEWS_PATH

ARCHIVE_DAYS = 90
"""How long an archive document stays after nothing leads to it any more: readers may have its address."""

PROBLEM_PAGE = "/404.html"
_UNUSED_ADDRESSES = ("/0", "/00", "/000", "/0000")
"""Addresses without words, of which the page of the problem offers no search; one of them is unused."""

_BY_TIME = frozenset((NEWS_PATH,))
"""Addresses whose documents change without a change of the content."""

REDIRECTS = (301, 302)

Progress = Callable[[int], None]


class ExportReport(msgspec.Struct, frozen=True):
    """What an export did: how many files it wrote, left and removed, and the addresses that changed.

    `changed` are below the public URL; a cache in front of the static host has to forget them. `faults` are
    addresses that could not be exported, each with the reason; `notes` are what else the export lacks.
    """

    written: int
    unchanged: int
    removed: int
    changed: tuple[str, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]


class _Content(msgspec.Struct, frozen=True):
    """What the index says: the addresses to ask for, and what changed since the previous export."""

    seeds: tuple[str, ...]
    former: tuple[str, ...]
    known: SiteAddresses
    generation: int
    revision: Revision
    navigation: str
    touched: frozenset[str]


def export_site(settings: Settings, target: str, layout: Layout | None, progress: Progress) -> ExportReport:
    """Write every address of the site to files in `target`, by an index that is up to date.

    `target` is a folder, or the address of a bucket with a prefix. Raises ExportError, SettingsError,
    IndexUnavailable, StoreUnavailable.
    """
    _check_settings(settings)
    with _open_target(settings, target) as opened:
        is_bucket = _is_bucket(target)
        if layout == "names" and not is_bucket:
            raise ExportError("the layout 'names' is for buckets; a folder takes 'folders' or 'files'")
        chosen = layout or ("names" if is_bucket else "folders")
        export = _Export(settings, opened, chosen, progress)
        return export.finish(export.write_site())


def _is_bucket(target: str) -> bool:
    return "://" in target


def _open_target(settings: Settings, target: str) -> AbstractContextManager[ExportTarget]:
    if _is_bucket(target):
        return open_export_bucket(target)
    root, content = Path(target).resolve(), settings.content.resolve()
    if root.is_relative_to(content) or content.is_relative_to(root):
        raise ExportError(
            f"{target} and the content folder {settings.content}: neither may be in the other;"
            " name another folder"
        )
    return open_folder(Path(target))


def _check_settings(settings: Settings) -> None:
    if settings.site.addresses != "paths":
        raise ExportError('an export needs addresses without a query string; set addresses = "paths"')
    if not settings.site.public_url:
        raise ExportError("an export needs the public address of the site; set public_url")


def _may_be_page(address: str) -> bool:
    """Whether the suffix of an address is that of a page, or missing."""
    name = urlsplit(address).path.rpartition("/")[2]
    return "." not in name or name.endswith(".html")


class _Export:
    """One export: what is written so far."""

    def __init__(self, settings: Settings, target: ExportTarget, layout: Layout, progress: Progress) -> None:
        self._settings = settings
        self._target = target
        self._layout = layout
        self._progress = progress
        self._today = now().date()
        self._before = target.manifest
        self._made_by = hash_of_program(settings)
        self._files: dict[str, ExportedFile] = {}
        self._headers: dict[Headers, int] = {}
        self._rules = HostingRules(urlsplit(settings.site.public_url or "").path.rstrip("/"))
        self._changed: dict[str, None] = {}
        self._faults: list[str] = []
        self._notes: list[str] = []
        self._written = 0
        self._has_search = False

    def write_site(self) -> _Content:
        """Write every file, made of the content that is returned."""
        content = asyncio.run(self._read_content())
        names = self._present_names()
        renderer = SiteRenderer(
            self._settings,
            {address: self._known_response(name) for address, name in names.items()},
            frozenset(map(hash_key, content.touched)),
        )
        asked = self._requests(content, names)
        held: dict[str, Rendition] = {}
        seen = set(content.seeds)
        waiting: list[PageRequest] = asked
        is_held = {request.address for request in asked if not request.follows and request.known_etag is None}
        try:
            while waiting:
                found: dict[str, None] = {}
                for rendition in _render(renderer, waiting):
                    if rendition.address in is_held:
                        held[rendition.address] = rendition
                    else:
                        seen.add(rendition.address)
                        self._write_rendition(rendition, names, linked_on=self._today)
                        found |= dict.fromkeys(rendition.following)
                waiting = [PageRequest(address) for address in found if address not in seen]
            self._write_earlier_archives(renderer, names)
        finally:
            renderer.close()
        self._write_search(content)
        for address in content.former:
            if address in held:
                self._write_redirect(held[address])
        self._write_problem_page([held[address] for address in _UNUSED_ADDRESSES if address in held])
        for name, data in hosting_files(self._rules, self._layout):
            self._put(name, _made(f"/{name}", data))
        return content

    async def _read_content(self) -> _Content:
        known = read_addresses(self._settings.index)
        index = Index(self._settings.index)
        try:
            revision = await index.revision()
            generation = await index.newest_generation()
            navigation = await _hash_navigation(index)
            return _Content(
                tuple(await seed_addresses(index, self._settings.site, known)),
                tuple(await former_addresses(index, known)),
                known,
                generation,
                revision,
                navigation,
                await self._find_touched(index, generation, revision, navigation),
            )
        finally:
            await index.close()

    async def _find_touched(
        self, index: Index, generation: int, revision: Revision, navigation: str
    ) -> frozenset[str]:
        """The cache keys that changes since the previous export touch."""
        before = self._before
        made_by = (self._made_by, self._layout, navigation)
        if (before.made_by, before.layout, before.navigation) != made_by or before.revision is None:
            return EVERY_DOCUMENT
        if (before.generation, before.revision) == (generation, revision):
            return frozenset()
        return await find_touched_keys(index, before.generation, before.revision)

    def _present_names(self) -> dict[str, str]:
        """The names, by address, of the responses that the previous export wrote and that are still there."""
        if self._before.layout != self._layout:
            return {}
        return {
            file.address: name
            for name, file in self._before.files.items()
            if file.keys and self._is_whole(name, file)
        }

    def _known_response(self, name: str) -> KnownResponse:
        file = self._before.files[name]
        return KnownResponse(file.sha256, frozenset(file.keys), file.following)

    def _requests(self, content: _Content, names: dict[str, str]) -> list[PageRequest]:
        requests = [PageRequest(address, must_render=address in _BY_TIME) for address in content.seeds]
        for path in content.known.files:
            address = f"/files/{quote(path)}"
            name = names.get(address)
            etag = f'"{self._before.files[name].sha256[:32]}"' if name else ""
            requests.append(PageRequest(address, follows=False, known_etag=etag))
        seeds = set(content.seeds)
        apart = [address for address in content.former if address not in seeds]
        return requests + [PageRequest(address, follows=False) for address in (*apart, *_UNUSED_ADDRESSES)]

    def _write_earlier_archives(self, renderer: SiteRenderer, names: dict[str, str]) -> None:
        """Write the archive documents again that an export linked to in the last ARCHIVE_DAYS."""
        oldest = (self._today - timedelta(days=ARCHIVE_DAYS)).isoformat()
        linked_on = {
            file.address: date.fromisoformat(file.linked_on)
            for name, file in self._before.files.items()
            if name not in self._files and file.linked_on >= oldest
        }
        requests = [PageRequest(address, follows=False) for address in linked_on]
        for rendition in _render(renderer, requests):
            self._write_rendition(rendition, names, linked_on=linked_on[rendition.address])

    def _write_search(self, content: _Content) -> None:
        """Write the search, unless the one of the previous export was made from the same articles."""
        if not is_installed():
            self._notes.append(NOT_INSTALLED)
            return
        self._has_search = True
        before = {
            name: file for name, file in self._before.files.items() if name.startswith(f"{SEARCH_FOLDER}/")
        }
        is_same = (
            self._before.has_search
            and self._before.made_by == self._made_by
            and self._before.revision == content.revision
        )
        if is_same and all(self._is_whole(name, file) for name, file in before.items()):
            for name, file in before.items():
                self._keep(name, file, self._before.headers[file.headers])
            return
        for response in asyncio.run(self._make_search(content.known.pages)):
            self._write_rendition(make_rendition(response, None, ()), {}, linked_on=self._today)

    async def _make_search(self, pages: tuple[str, ...]) -> list[ExportedResponse]:
        index = Index(self._settings.index)
        try:
            max_age_seconds = self._settings.list_max_age_seconds
            return await make_search(index, self._settings.site, pages, max_age_seconds)
        finally:
            await index.close()

    def _write_problem_page(self, renditions: Iterable[Rendition]) -> None:
        for rendition in renditions:
            if rendition.status == 404:
                headers = hosted_headers(rendition.headers)
                self._put(PROBLEM_PAGE[1:], msgspec.structs.replace(rendition, address=PROBLEM_PAGE), headers)
                return

    def _write_rendition(self, rendition: Rendition, names: dict[str, str], *, linked_on: date) -> None:
        address = rendition.address
        day = linked_on.isoformat() if "/archive/" in address else ""
        if rendition.is_kept:
            name = names[address]
            file = msgspec.structs.replace(self._before.files[name], linked_on=day)
            self._keep(name, file, self._before.headers[file.headers])
            return
        if rendition.status >= 500:
            raise ExportError(f"{address} cannot be exported: the service answers {rendition.status}")
        if rendition.status in REDIRECTS:
            self._write_redirect(rendition)
        if rendition.status != 200:  # such as a file that only a scheduled article refers to
            return
        try:
            name = file_name(address, rendition.header("content-type"), self._layout)
        except ExportError as error:
            self._faults.append(str(error))
            return
        self._put(name, rendition, hosted_headers(rendition.headers), linked_on=day)

    def _write_redirect(self, rendition: Rendition) -> None:
        if rendition.status not in REDIRECTS:
            return
        address, target = rendition.address, rendition.header("location")
        self._rules.add_redirect(address, rendition.status, target)
        if _may_be_page(address) and _may_be_page(target):
            name = file_name(address, "text/html", self._layout)
            if name not in self._files:
                self._put(name, _made(address, redirect_page(target)))

    def _put(self, name: str, rendition: Rendition, headers: Headers = (), *, linked_on: str = "") -> None:
        address = rendition.address
        present = self._files.get(name)
        if present is not None:
            if present.sha256 != rendition.sha256:
                self._faults.append(
                    f"{address} cannot be exported: {present.address} has the same file, {name};"
                    " use the other --layout"
                )
            return
        previous = self._before.files.get(name)
        if rendition.body is None and previous is not None:
            suffixes = previous.variants
        else:
            suffixes = tuple(suffix for suffix, _ in rendition.variants)
        file = ExportedFile(
            address,
            rendition.sha256,
            suffixes,
            linked_on,
            rendition.length,
            keys=rendition.keys,
            following=rendition.following,
        )
        self._keep(name, file, headers)
        is_same = previous and (previous.sha256, previous.variants) == (file.sha256, suffixes)
        if rendition.body is None or (is_same and self._is_whole(name, file)):
            return
        for suffix, data in rendition.variants:
            self._target.write(name + suffix, data, headers)
        self._target.write(name, rendition.body, headers)
        self._written += 1
        if previous is not None:
            self._changed[address] = None

    def _is_whole(self, name: str, file: ExportedFile) -> bool:
        """Whether the file that the previous export wrote is there with its compressed forms."""
        parts = (name, *(name + suffix for suffix in file.variants))
        return self._target.unfinished.isdisjoint(parts) and self._target.has(name, file.length)

    def _keep(self, name: str, file: ExportedFile, headers: Headers) -> None:
        place = self._headers.setdefault(headers, len(self._headers))
        self._files[name] = msgspec.structs.replace(file, headers=place)
        if headers:
            self._rules.add(file.address, headers)
        self._progress(len(self._files))

    def finish(self, content: _Content) -> ExportReport:
        """Remove what is gone, and keep the record of what is there."""
        manifest = ExportManifest(
            self._files,
            tuple(self._headers),
            self._made_by,
            self._layout,
            content.generation,
            content.revision,
            content.navigation,
            self._has_search,
        )
        self._target.remove(self._target.owned() - names_of(manifest))
        gone = [file.address for name, file in self._before.files.items() if name not in self._files]
        self._changed |= dict.fromkeys(gone)
        self._target.save(manifest)
        return ExportReport(
            self._written,
            len(self._files) - self._written,
            len(gone),
            tuple(self._changed),
            tuple(self._faults),
            tuple(self._notes),
        )


async def _hash_navigation(index: Index) -> str:
    """A hash of the directories and pages that every page links to."""
    navigation = (sorted(await index.facet_kinds()), await index.menu_links())
    return hashlib.sha256(msgspec.msgpack.encode(navigation)).hexdigest()


def _render(renderer: SiteRenderer, requests: list[PageRequest]) -> Iterator[Rendition]:
    """What is rendered of each request, by several processes if there are many."""
    with closing(run_in_processes(renderer, requests, tuple[Rendition, ...])) as results:
        for renditions in results:
            yield from renditions


def _made(address: str, data: bytes) -> Rendition:
    """A file that no response is: it has no compressed forms."""
    return make_rendition(ExportedResponse(address, 200, (), data), None, ())
