"""Writes an export: asks for every address, writes what changed, and removes what is gone."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import msgspec

from service.errors import BroadsheetError, ExportError
from service.export.addresses import former_addresses, seed_addresses
from service.export.file_names import Layout, file_name
from service.export.folder import ExportedFile, ExportFolder, open_folder
from service.export.hosting import HostingRules, hosting_files, redirect_page
from service.export.responses import ExportedResponse, SiteReader
from service.export.search import NOT_INSTALLED, is_installed, make_search
from service.index import Index, now, read_addresses
from service.server import application_client
from service.settings import Settings
from service.web.http.negotiation import Coding
from service.web.response_cache import compress

ARCHIVE_DAYS = 90
"""How long an archive document stays after nothing leads to it any more: readers may have its address."""

VARIANTS: tuple[tuple[str, Coding], ...] = ((".br", "br"), (".gz", "gzip"), (".zst", "zstd"))
"""The suffixes of compressed forms, which static hosts send instead of a file."""

PROBLEM_PAGE = "/404.html"
_UNUSED_ADDRESSES = ("/0", "/00", "/000", "/0000")
"""Addresses without words, of which the page of the problem offers no search; one of them is unused."""

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


async def export_site(settings: Settings, root: Path, layout: Layout, progress: Progress) -> ExportReport:
    """Write every address of the site to files below `root`, by an index that is up to date.

    Raises ExportError, SettingsError, IndexUnavailable.
    """
    _check_settings(settings, root)
    with open_folder(root) as folder:
        failure: BroadsheetError | None = None
        async with application_client(settings) as client:
            export = _Export(SiteReader(client), folder, layout, progress)
            try:
                await export.write_site(settings)
            except BroadsheetError as error:
                failure = error  # the lifespan would make a group of it
        if failure is not None:
            raise failure
        return export.finish()


def _check_settings(settings: Settings, root: Path) -> None:
    if settings.site.addresses != "paths":
        raise ExportError('an export needs addresses without a query string; set addresses = "paths"')
    if not settings.site.public_url:
        raise ExportError("an export needs the public address of the site; set public_url")
    target, content = root.resolve(), settings.content.resolve()
    if target.is_relative_to(content) or content.is_relative_to(target):
        raise ExportError(
            f"{root} and the content folder {settings.content} lie in each other; name another folder"
        )


def _may_be_page(address: str) -> bool:
    """Whether the suffix of an address is that of a page, or missing."""
    name = urlsplit(address).path.rpartition("/")[2]
    return "." not in name or name.endswith(".html")


class _Export:
    """One export: what is written so far."""

    def __init__(self, reader: SiteReader, folder: ExportFolder, layout: Layout, progress: Progress) -> None:
        self._reader = reader
        self._folder = folder
        self._layout = layout
        self._progress = progress
        self._today = now().date()
        self._files: dict[str, ExportedFile] = {}
        self._rules = HostingRules(urlsplit(reader.base).path)
        self._changed: dict[str, None] = {}
        self._faults: list[str] = []
        self._notes: list[str] = []
        self._written = 0

    async def write_site(self, settings: Settings) -> None:
        known = read_addresses(settings.index)
        index = Index(settings.index)
        try:
            seeds = await seed_addresses(index, settings.site, known)
            former = await former_addresses(index, known)
            searched = await self._make_search(index, settings, known.pages)
        finally:
            await index.close()
        async for response in self._reader.read_all(seeds):
            self._write_response(response, linked_on=self._today)
        for path in known.files:
            await self._write_served_file(f"/files/{quote(path)}")
        await self._write_earlier_archives()
        for response in searched:
            self._write_response(response, linked_on=self._today)
        for address in former:
            self._write_redirect(await self._reader.get(address))
        await self._write_problem_page()
        for name, data in hosting_files(self._rules, self._layout):
            self._put(name, f"/{name}", data)

    async def _make_search(
        self, index: Index, settings: Settings, pages: tuple[str, ...]
    ) -> list[ExportedResponse]:
        if is_installed():
            return await make_search(index, settings.site, pages, settings.list_max_age_seconds)
        self._notes.append(NOT_INSTALLED)
        return []

    async def _write_served_file(self, address: str) -> None:
        """Write a file beside articles, which is read only if its validator says that it changed."""
        facts = await self._reader.head(address)
        name = unquote(address).removeprefix("/")
        previous = self._folder.files.get(name)
        etag = facts.header("etag")
        is_known = facts.status == 200 and previous is not None and etag == f'"{previous.sha256[:32]}"'
        if previous and is_known and self._folder.has(name, int(facts.header("content-length"))):
            self._rules.add(facts)
            self._keep(name, previous)
            return
        self._write_response(await self._reader.get(address), linked_on=self._today)

    async def _write_earlier_archives(self) -> None:
        """Write the archive documents again that an export linked to in the last ARCHIVE_DAYS."""
        oldest = (self._today - timedelta(days=ARCHIVE_DAYS)).isoformat()
        for name, file in self._folder.files.items():
            if name not in self._files and file.linked_on >= oldest:
                response = await self._reader.get(file.address)
                self._write_response(response, linked_on=date.fromisoformat(file.linked_on))

    async def _write_problem_page(self) -> None:
        for address in _UNUSED_ADDRESSES:
            response = await self._reader.get(address)
            if response.status == 404 and PROBLEM_PAGE[1:] not in self._files:
                self._rules.add_problem(PROBLEM_PAGE, response)
                self._put(PROBLEM_PAGE[1:], PROBLEM_PAGE, response.body, compressed=response.is_compressible)
                return

    def _write_response(self, response: ExportedResponse, *, linked_on: date) -> None:
        if response.status >= 500:
            raise ExportError(f"{response.address} cannot be exported: the service answers {response.status}")
        if response.status in REDIRECTS:
            self._write_redirect(response)
        if response.status != 200:  # such as a file that only a scheduled article refers to
            return
        try:
            name = file_name(response.address, response.header("content-type"), self._layout)
        except ExportError as error:
            self._faults.append(str(error))
            return
        is_archive = "/archive/" in response.address
        self._rules.add(response)
        self._put(
            name,
            response.address,
            response.body,
            compressed=response.is_compressible,
            linked_on=linked_on.isoformat() if is_archive else "",
        )

    def _write_redirect(self, response: ExportedResponse) -> None:
        if response.status not in REDIRECTS:
            return
        self._rules.add_redirect(response)
        address, target = response.address, response.header("location")
        if _may_be_page(address) and _may_be_page(target):
            name = file_name(address, "text/html", self._layout)
            if name not in self._files:
                self._put(name, address, redirect_page(target), compressed=False)

    def _put(
        self, name: str, address: str, data: bytes, *, compressed: bool = False, linked_on: str = ""
    ) -> None:
        digest = hashlib.sha256(data).hexdigest()
        present = self._files.get(name)
        if present is not None:
            if present.sha256 != digest:
                self._faults.append(
                    f"{address} cannot be exported: {present.address} has the same file, {name};"
                    " use the other --layout"
                )
            return
        variants = VARIANTS if compressed else ()
        file = ExportedFile(address, digest, tuple(suffix for suffix, _ in variants), linked_on)
        self._keep(name, file)
        previous = self._folder.files.get(name)
        is_same = previous and (previous.sha256, previous.variants) == (digest, file.variants)
        if is_same and self._folder.has(name, len(data)):
            return
        for suffix, coding in variants:
            self._folder.write(name + suffix, compress(data, coding))
        self._folder.write(name, data)
        self._written += 1
        if previous is not None:
            self._changed[address] = None

    def _keep(self, name: str, file: ExportedFile) -> None:
        self._files[name] = file
        self._progress(len(self._files))

    def finish(self) -> ExportReport:
        """Remove what is gone, and keep the record of what is there."""
        present = {f"{name}{suffix}" for name, file in self._files.items() for suffix in ("", *file.variants)}
        for name in sorted(self._folder.owned() - present):
            self._folder.remove(name)
        gone = [file.address for name, file in self._folder.files.items() if name not in self._files]
        self._changed |= dict.fromkeys(gone)
        self._folder.save(self._files)
        return ExportReport(
            self._written,
            len(self._files) - self._written,
            len(gone),
            tuple(self._changed),
            tuple(self._faults),
            tuple(self._notes),
        )
