"""Writes an export: asks for every address, writes what changed, and removes what is gone."""

import asyncio
import hashlib
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import quote, urldefrag, urlsplit

import msgspec

from service.errors import ExportError
from service.export.addresses import (
    SiteContents,
    former_addresses,
    may_lead_on,
    read_contents,
    seed_addresses,
)
from service.export.bucket import open_export_bucket
from service.export.file_names import Layout, file_name
from service.export.fingerprint import hash_of_program
from service.export.folder import open_folder
from service.export.host_files import (
    MOST_HEADER_RULES,
    header_rules,
    headers_file,
    redirect_page,
    redirects_file,
)
from service.export.hosting import PROBLEM_PAGE, HostingRules, find_header_rules, hosted_headers
from service.export.nginx import write_nginx_files
from service.export.record import ExportedFile, ExportFacts, FileFacts, RecordedRedirect
from service.export.rendering import (
    PageRequest,
    Rendition,
    SiteRenderer,
    hash_key,
    hash_keys,
    is_touched,
    make_rendition,
)
from service.export.responses import ExportedResponse, Headers
from service.export.search import (
    NOT_INSTALLED,
    SEARCH_FOLDER,
    is_installed,
    make_search,
    write_documents,
)
from service.export.target import MARKER, ExportTarget
from service.export.whole_list import ADDRESS as WHOLE_LIST
from service.export.whole_list import write_whole_list
from service.index import FormerAddress, Index, Revision, now, read_addresses
from service.ingest import run_in_processes
from service.publisher import ALL, ANY_CHANGE, EVERY_DOCUMENT, article_key, find_touched_keys
from service.settings import Settings
from service.urls import ARTICLE_SUFFIXES, NEWS_PATH, SUBSCRIBE_PATH, Urls

ARCHIVE_DAYS = 90
"""How long an archive document stays after nothing leads to it any more: readers may have its address."""

_UNUSED_ADDRESS = f"{SUBSCRIBE_PATH}/0/0"
"""An address that never has a page, whose problem names neither it nor words to search for."""

_BY_TIME = frozenset((NEWS_PATH,))
"""Addresses whose documents change without a change of the content."""

REDIRECTS = (301, 302)
MOST_REQUESTS = 20_000
"""How many addresses are given to other processes together."""

MANY_REQUESTS = 200
"""From so many addresses on, it saves time to prepare before other processes are started."""

_EVERYTHING = frozenset(map(hash_key, EVERY_DOCUMENT))

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
    """What the index says: the addresses to ask for, and the hashed keys that changes since then touch."""

    contents: SiteContents
    generation: int
    revision: Revision
    articles: str
    navigation: str
    touched: frozenset[bytes]


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
        return _Export(settings, opened, chosen, progress).run()


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
        self._record = target.record
        self._before = target.record.facts
        self._layout = layout
        self._progress = progress
        self._today = now().date()
        self._made_by = hash_of_program(settings)
        self._content = asyncio.run(self._read_content())
        self._following: deque[str] = deque()
        self._obsolete: list[str] = []
        self._changed: dict[str, None] = {}
        self._faults: list[str] = []
        self._notes: list[str] = []
        self._files = 0
        self._written = 0
        self._search = ""

    def run(self) -> ExportReport:
        """Write every file, and remove what is gone."""
        renderer = SiteRenderer(self._settings)
        try:
            self._write_pages(renderer)
            self._write_whole_list(renderer)
            self._ask_unused(renderer)
        finally:
            renderer.close()
        self._write_search()
        self._write_hosting_files()
        return self._finish()

    async def _read_content(self) -> _Content:
        known = read_addresses(self._settings.index)
        index = Index(self._settings.index)
        try:
            revision = await index.revision()
            generation = await index.newest_generation()
            navigation = await _hash_navigation(index)
            contents = await read_contents(index, known)
            touched = await self._find_touched(index, generation, revision, navigation)
            return _Content(
                contents,
                generation,
                revision,
                contents.days[-1].revision,
                navigation,
                frozenset(map(hash_key, touched)),
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

    def _write_pages(self, renderer: SiteRenderer) -> None:
        """Write the responses at every address, and note the redirects."""
        contents = self._content.contents
        self._render(renderer, self._requests(seed_addresses(self._settings.site, contents)))
        self._ask_former(renderer)
        while self._following:
            found, self._following = self._following, deque()
            self._render(renderer, self._requests(found))
        oldest = (self._today - timedelta(days=ARCHIVE_DAYS)).isoformat()
        for archived in self._record.linked_since(oldest):
            linked_on = date.fromisoformat(archived.linked_on)
            self._render(renderer, self._requests([archived.address], linked_on), linked_on)
        self._write_static_files(renderer)

    def _write_static_files(self, renderer: SiteRenderer) -> None:
        """Write the files of the content folder one by one: the bytes of large ones are in no memory.

        They are the last, because the application reads them in threads, after which no process is forked.
        """
        addresses = (f"/files/{quote(path)}" for path in self._content.contents.known.files)
        with tempfile.TemporaryDirectory(prefix="broadsheet-") as work:
            path = Path(work) / "file"
            for request in self._requests(addresses):
                path.unlink(missing_ok=True)
                rendition = renderer.render_file(request, path)
                self._write_rendition(rendition, parts={"": path} if path.exists() else {})

    def _requests(self, addresses: Iterable[str], linked_on: date | None = None) -> Iterator[PageRequest]:
        """The addresses that have to be rendered; what is the same as before is kept."""
        # Where nothing is kept, a process goes on with what it has just rendered.
        goes_on = not _EVERYTHING.isdisjoint(self._content.touched) and linked_on is None
        for address in addresses:
            if self._record.has_written(address):
                continue
            known = self._find_whole(address)
            if known and address not in _BY_TIME and not self._is_touched(known.facts.keys):
                self._keep(known, linked_on)
                continue
            sha256 = known.facts.sha256 if known else b""
            yield PageRequest(address, sha256, follows=goes_on and may_lead_on(address))

    def _render(
        self, renderer: SiteRenderer, requests: Iterator[PageRequest], linked_on: date | None = None
    ) -> None:
        """Write what `requests` are answered with."""
        for rendition in _render(renderer, requests):
            self._write_rendition(rendition, linked_on)

    def _find_whole(self, address: str) -> ExportedFile | None:
        """The file of the previous export for `address`, if it is there."""
        if self._before.layout != self._layout:
            return None
        known = self._record.find(address)
        return known if known and known.facts.keys and self._is_whole(known) else None

    def _is_touched(self, keys: bytes) -> bool:
        return is_touched(keys, self._content.touched)

    def _keep(self, known: ExportedFile, linked_on: date | None = None) -> None:
        """Keep a file of the previous export, and go on with what it links to."""
        day = self._linking_day(known.address, linked_on)
        if known.linked_on == day:
            self._record.keep(known)
        else:
            self._record.write(msgspec.structs.replace(known, linked_on=day))
        self._following += known.facts.following
        self._count()

    def _linking_day(self, address: str, linked_on: date | None) -> str:
        return (linked_on or self._today).isoformat() if "/archive/" in address else ""

    def _write_rendition(
        self,
        rendition: Rendition,
        linked_on: date | None = None,
        parts: Mapping[str, bytes | Path] | None = None,
    ) -> None:
        """Write a response, whose bytes are `parts` if they are given."""
        address = rendition.address
        if rendition.status >= 500:
            raise ExportError(f"{address} cannot be exported: the service answers {rendition.status}")
        if rendition.status in REDIRECTS:
            redirect = RecordedRedirect(rendition.status, rendition.header("location"), "")
            self._record.write_redirect(address, redirect)
        if rendition.status != 200:  # such as a file that only a scheduled article refers to
            return
        try:
            name = file_name(address, rendition.header("content-type"), self._layout)
        except ExportError as error:
            self._faults.append(str(error))
            return
        day = self._linking_day(address, linked_on)
        self._put(name, rendition, hosted_headers(rendition.headers), linked_on=day, parts=parts)
        self._following += rendition.following

    def _ask_former(self, renderer: SiteRenderer) -> None:
        """Note how former addresses are answered, unless nothing has changed for them."""
        sources: dict[str, str] = {}

        def requests() -> Iterator[PageRequest]:
            for former in former_addresses(self._content.contents):
                address = former.address
                known = self._record.find_redirect(address)
                if known and known.source == former.target and not self._is_touched(_keys_of(former)):
                    self._record.keep_redirect(address)
                elif not self._record.has_written(address):
                    sources[address] = former.target
                    yield PageRequest(address)

        for rendition in _render(renderer, requests()):
            status = rendition.status if rendition.status in REDIRECTS else 0
            redirect = RecordedRedirect(
                status, rendition.header("location") if status else "", sources.pop(rendition.address)
            )
            self._record.write_redirect(rendition.address, redirect)

    def _ask_unused(self, renderer: SiteRenderer) -> None:
        """Write the page of the problem at an address where there is nothing."""
        known = self._find_whole(PROBLEM_PAGE)
        if known and self._content.touched.isdisjoint(_EVERYTHING):
            self._keep(known)
            return
        (rendition,) = _render(renderer, iter([PageRequest(_UNUSED_ADDRESS)]))
        if rendition.status != 404:
            raise ExportError(f"{PROBLEM_PAGE} cannot be exported: the service answers {rendition.status}")
        page = msgspec.structs.replace(rendition, address=PROBLEM_PAGE)
        self._put(PROBLEM_PAGE[1:], page, hosted_headers(rendition.headers))

    def _write_whole_list(self, renderer: SiteRenderer) -> None:
        """Write every article as NDJSON, unless the articles are those of the previous export."""
        known = self._find_whole(WHOLE_LIST)
        is_same = self._before.articles == self._content.articles
        if known and is_same and self._content.touched.isdisjoint(_EVERYTHING):
            self._keep(known)
            return
        (head,) = _render(renderer, iter([PageRequest(WHOLE_LIST, is_head=True)]))
        if head.status != 200:
            raise ExportError(f"{WHOLE_LIST} cannot be exported: the service answers {head.status}")
        with tempfile.TemporaryDirectory(prefix="broadsheet-") as work:
            written = asyncio.run(write_whole_list(self._settings, Path(work)))
            facts = FileFacts(
                written.sha256,
                written.length,
                tuple(suffix for suffix, _ in written.variants),
                hash_keys(ANY_CHANGE.exact),
            )
            name = WHOLE_LIST.removeprefix("/")
            parts = {**dict(written.variants), "": written.path}
            self._write_file(name, WHOLE_LIST, facts, parts, hosted_headers(head.headers))

    def _write_search(self) -> None:
        """Write the search, unless the one of the previous export was made from the same texts."""
        if not is_installed():
            self._notes.append(NOT_INSTALLED)
            return
        before, content = self._before, self._content
        is_whole = before.search and all(map(self._is_whole, self._record.files_below(SEARCH_FOLDER)))
        is_same = is_whole and before.articles == content.articles
        if is_same and content.touched.isdisjoint(_EVERYTHING):
            self._keep_search()
            return
        with tempfile.TemporaryDirectory(prefix="broadsheet-") as work:
            self._search = asyncio.run(self._write_documents(Path(work)))
            if is_whole and (before.search, before.made_by) == (self._search, self._made_by):
                self._keep_search()
            elif self._search:
                seconds = self._settings.list_max_age_seconds
                for response in make_search(Path(work), self._settings.site.language, seconds):
                    self._write_rendition(make_rendition(response))

    def _keep_search(self) -> None:
        self._search = self._before.search
        self._record.keep_below(SEARCH_FOLDER)

    async def _write_documents(self, work: Path) -> str:
        index = Index(self._settings.index)
        try:
            pages = self._content.contents.known.pages
            return await write_documents(index, self._settings.site, pages, work)
        finally:
            await index.close()

    def _write_hosting_files(self) -> None:
        """Write the redirects and headers as hosts read them, and a page at each former address of a page."""
        redirects = {
            address: (redirect.status, redirect.location) for address, redirect in self._record.redirects()
        }
        pages: dict[str, str] = {}
        for address, (_, target) in redirects.items():
            if _may_be_page(address) and _may_be_page(target):
                name = file_name(address, "text/html", self._layout)
                if not self._record.is_written(name):
                    self._put(name, _made(address, redirect_page(target)))
                    pages[name] = target
        rules = HostingRules(
            urlsplit(self._settings.site.public_url or "").path.rstrip("/"),
            redirects,
            find_header_rules(self._record.hosted),
            pages,
            self._names(),
        )
        nginx = write_nginx_files(rules, self._layout)
        for name, text in (
            ("_redirects", redirects_file(rules)),
            ("_headers", headers_file(rules)),
            (f"{MARKER}/nginx-http.conf", nginx.http),
            (f"{MARKER}/nginx-server.conf", nginx.server),
        ):
            self._put(name, _made("", text.encode()))
        self._notes += self._dead_navigation()
        beyond = [*header_rules(rules)][MOST_HEADER_RULES:]
        if beyond:
            self._notes.append(
                f"_headers has {MOST_HEADER_RULES + len(beyond)} rules, of which Cloudflare Pages reads the"
                f" first {MOST_HEADER_RULES}: there {beyond[0]} and the {len(beyond) - 1} after it have no"
                " security policy; move pages into folders, or use another host"
            )

    def _names(self) -> dict[str, str]:
        """Addresses of lists and pages by how readers write them."""
        contents = self._content.contents
        pages = (
            f"{page}{suffix}" for page in contents.known.pages for suffix in ("", *ARTICLE_SUFFIXES.values())
        )
        names = contents.named_lists | {page: quote(page) for page in pages}
        return {name: address for name, address in names.items() if self._record.has_written(address)}

    def _dead_navigation(self) -> Iterator[str]:
        """A note for each link of every page that leads to an address of the site without a file."""
        site = self._settings.site
        base = site.public_url or ""
        for link in site.navigation:
            url = urldefrag(Urls(base, site.addresses).configured(link.url)).url
            address = quote(url.removeprefix(base) or "/", safe="/%")
            redirect = self._record.find_redirect(address)
            leads_on = redirect is not None and redirect.status != 0
            if f"{url}/".startswith(f"{base}/") and not (leads_on or self._record.has_written(address)):
                yield f"[navigation] links to {link.url}, which the export does not hold; change the link"

    def _put(
        self,
        name: str,
        rendition: Rendition,
        headers: Headers = (),
        *,
        linked_on: str = "",
        parts: Mapping[str, bytes | Path] | None = None,
    ) -> None:
        """Write a file, or keep it if its bytes are the same."""
        previous = self._record.file_at(name)
        if parts is None:
            parts = {**dict(rendition.variants), "": rendition.body} if rendition.body is not None else {}
        variants = tuple(suffix for suffix in parts if suffix)
        if not parts and previous is not None:
            variants = previous.facts.variants
        facts = FileFacts(rendition.sha256, rendition.length, variants, rendition.keys, rendition.following)
        self._write_file(name, rendition.address, facts, parts, headers, linked_on)

    def _write_file(
        self,
        name: str,
        address: str,
        facts: FileFacts,
        parts: Mapping[str, bytes | Path],
        headers: Headers,
        linked_on: str = "",
    ) -> None:
        """Write a file and its compressed forms, `parts` by their suffixes, unless the same are there."""
        previous = self._record.file_at(name)
        file = ExportedFile(
            name, address, facts, self._record.number_of(headers) if headers else 0, linked_on
        )
        if previous is not None and self._record.is_written(name):
            if previous.facts.sha256 != facts.sha256:
                self._faults.append(
                    f"{address} cannot be exported: {previous.address} has the same file, {name};"
                    " use the other --layout"
                )
                return
            self._record.write_copy(file)
            if previous.address in self._changed:
                self._changed[address] = None
            return
        self._record.write(file)
        self._count()
        names_before = previous.names if previous else ()
        self._obsolete += set(names_before).difference(file.names)
        is_same = previous is not None and (previous.facts.sha256, names_before) == (facts.sha256, file.names)
        if not parts or (is_same and self._is_whole(file)):
            return
        self._target.write(name, parts, headers, replaced=names_before)
        self._written += 1
        if previous is not None and address:
            self._changed[address] = None

    def _is_whole(self, file: ExportedFile) -> bool:
        """Whether the file that the previous export wrote is there with its compressed forms."""
        return self._target.unfinished.isdisjoint(file.names) and self._target.has(
            file.name, file.facts.length
        )

    def _count(self) -> None:
        self._files += 1
        self._progress(self._files)

    def _finish(self) -> ExportReport:
        """Remove what is gone, and keep the record of what is there."""
        removed = 0
        for file in self._record.stale_files():
            removed += 1
            if file.address:
                self._changed[file.address] = None
        self._changed |= dict.fromkeys(self._record.stale_copies())
        total = self._record.count_written()
        self._target.remove(self._names_to_remove())
        content = self._content
        self._record.save(
            ExportFacts(
                self._made_by,
                self._layout,
                content.generation,
                content.revision,
                content.articles,
                content.navigation,
                self._search,
            )
        )
        self._target.finish()
        return ExportReport(
            self._written,
            total - self._written,
            removed,
            tuple(self._changed),
            tuple(self._faults),
            tuple(self._notes),
        )

    def _names_to_remove(self) -> Iterator[str]:
        yield from self._obsolete
        for file in self._record.stale_files():
            yield from (name for name in file.names if not self._record.is_written(name))
        for name in self._target.unfinished:
            written = self._record.file_at(name) or self._record.file_at(name.rpartition(".")[0])
            is_written = written is not None and self._record.is_written(written.name)
            if not is_written or written is None or name not in written.names:
                yield name


def _keys_of(former: FormerAddress) -> bytes:
    """The hashed keys of what decides how a former address is answered."""
    keys = {*EVERY_DOCUMENT}
    if former.article_id is not None:
        keys.add(article_key(former.article_id))
    elif former.target:
        keys.add(ALL)
    return hash_keys(keys)


def _render(renderer: SiteRenderer, requests: Iterator[PageRequest]) -> Iterator[Rendition]:
    """What is rendered of each request, by several processes if there are many."""
    while batch := [*islice(requests, MOST_REQUESTS)]:
        if len(batch) >= MANY_REQUESTS:
            renderer.prepare()
        with closing(run_in_processes(renderer, batch, tuple[Rendition, ...])) as results:
            for renditions in results:
                yield from renditions


def _made(address: str, data: bytes) -> Rendition:
    """A file that no response is: it has no compressed forms."""
    return make_rendition(ExportedResponse(address, 200, (), data))


async def _hash_navigation(index: Index) -> str:
    """A hash of the directories and pages that every page links to."""
    navigation = (sorted(await index.facet_kinds()), await index.menu_links())
    return hashlib.sha256(msgspec.msgpack.encode(navigation)).hexdigest()
