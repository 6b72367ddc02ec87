"""Requests the documents of a site, and all that their links lead to, and writes them."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from urllib.parse import quote

import msgspec

from service.errors import ExportError
from service.export.addresses import former_addresses, former_lists, may_link_to_more, seed_addresses
from service.export.content_changes import ContentChanges
from service.export.file_names import file_name
from service.export.file_writer import FileWriter
from service.export.hosting.rules import PROBLEM_PAGE, hosted_headers
from service.export.record import ExportedFile, RecordedRedirect
from service.export.rendering import PageRequest, Rendition, SiteRenderer, hash_keys, render_all
from service.export.temporary_files import open_work_folder, report_failures
from service.index import FormerAddress, now
from service.model import Site
from service.publisher import ALL, EVERY_DOCUMENT, article_key
from service.urls import NEWS_PATH, SUBSCRIBE_PATH

ARCHIVE_DAYS = 90
"""How long an archive document stays after nothing leads to it any more: readers may have its address."""

REDIRECTS = (301, 302)

_BY_TIME = frozenset((NEWS_PATH,))
"""Addresses whose documents change without a change of the content."""

_UNUSED_ADDRESS = f"{SUBSCRIBE_PATH}/0/0"
"""An address that never has a page, whose problem names neither it nor words to search for."""


def write_pages(site: Site, content: ContentChanges, files: FileWriter, renderer: SiteRenderer) -> None:
    """Write the responses at every address, and note the redirects. Raises ExportError."""
    _PageWriter(content, files, renderer).write(site)


def write_problem_page(content: ContentChanges, files: FileWriter, renderer: SiteRenderer) -> None:
    """Write the page of the problem at an address where there is nothing. Raises ExportError."""
    known = files.find_whole(PROBLEM_PAGE)
    if known and not content.is_everything_touched:
        files.keep(known)
        return
    (rendition,) = render_all(renderer, iter([PageRequest(_UNUSED_ADDRESS)]))
    if rendition.status != 404:
        raise ExportError(f"{PROBLEM_PAGE} cannot be exported: the service answers {rendition.status}")
    page = msgspec.structs.replace(rendition, address=PROBLEM_PAGE)
    files.write_rendition(PROBLEM_PAGE[1:], page, hosted_headers(rendition.headers))


class _PageWriter:
    """Writes what addresses are answered with, and remembers where the answers lead."""

    def __init__(self, content: ContentChanges, files: FileWriter, renderer: SiteRenderer) -> None:
        self._content = content
        self._files = files
        self._record = files.record
        self._renderer = renderer
        self._today = now().date()
        self._following: deque[str] = deque()

    def write(self, site: Site) -> None:
        self._render(self._requests(seed_addresses(site, self._content.contents)))
        self._ask_former()
        for address, target in former_lists(self._content.contents)[0].items():
            if not self._record.has_written(address):
                self._record.write_redirect(address, RecordedRedirect(301, f"{site.public_url}{target}", ""))
        while self._following:
            found, self._following = self._following, deque()
            self._render(self._requests(found))
        oldest = (self._today - timedelta(days=ARCHIVE_DAYS)).isoformat()
        for archived in self._record.linked_since(oldest):
            linked_on = date.fromisoformat(archived.linked_on)
            self._render(self._requests([archived.address], linked_on), linked_on)
        self._write_static_files()

    def _write_static_files(self) -> None:
        """Write the files of the content folder one by one: the bytes of large ones are in no memory.

        They are the last, because the application reads them in threads, after which no process is forked.
        """
        addresses = (f"/files/{quote(path)}" for path in self._content.contents.known.files)
        with open_work_folder() as work:
            path = work / "file"
            for request in self._requests(addresses):
                path.unlink(missing_ok=True)
                with report_failures():
                    rendition = self._renderer.render_file(request, path)
                self._write_rendition(rendition, parts={"": path} if path.exists() else {})

    def _requests(self, addresses: Iterable[str], linked_on: date | None = None) -> Iterator[PageRequest]:
        """The addresses that have to be rendered; what is the same as before is kept."""
        # Where nothing is kept, a process goes on with what it has just rendered.
        goes_on = self._content.is_everything_touched and linked_on is None
        for address in addresses:
            if self._record.has_written(address):
                continue
            known = self._files.find_whole(address)
            if known and address not in _BY_TIME and not self._content.is_touched(known.facts.keys):
                self._keep(known, linked_on)
                continue
            sha256 = known.facts.sha256 if known else b""
            yield PageRequest(address, sha256, follows=goes_on and may_link_to_more(address))

    def _render(self, requests: Iterator[PageRequest], linked_on: date | None = None) -> None:
        """Write what `requests` are answered with."""
        for rendition in render_all(self._renderer, requests):
            self._write_rendition(rendition, linked_on)

    def _keep(self, known: ExportedFile, linked_on: date | None = None) -> None:
        """Keep a file of the previous export, and go on with what it links to."""
        self._files.keep(known, self._linking_day(known.address, linked_on))
        self._following += known.facts.following

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
            self._record.write_redirect(address, _redirect_of(rendition))
        if rendition.status != 200:  # such as a file that only a scheduled article refers to
            return
        try:
            name = file_name(address, rendition.header("content-type"), self._files.layout)
        except ExportError as error:
            self._files.leave_out(str(error))
            return
        day = self._linking_day(address, linked_on)
        headers = hosted_headers(rendition.headers)
        self._files.write_rendition(name, rendition, headers, linked_on=day, parts=parts)
        self._following += rendition.following

    def _ask_former(self) -> None:
        """Note how former addresses are answered, unless nothing has changed for them."""
        sources: dict[str, str] = {}

        def requests() -> Iterator[PageRequest]:
            for former in chain(former_addresses(self._content.contents), self._lost_articles()):
                address = former.address
                known = self._record.find_redirect(address)
                if known and known.source == former.target and not self._content.is_touched(_keys_of(former)):
                    self._record.keep_redirect(address)
                elif not (address in sources or self._record.has_written(address)):
                    sources[address] = former.target
                    yield PageRequest(address)

        for rendition in render_all(self._renderer, requests()):
            address, source = rendition.address, sources.pop(rendition.address)
            status = rendition.status if rendition.status in REDIRECTS else 0
            if status:
                self._record.write_redirect(address, _redirect_of(rendition, source))
            elif source != address:  # an article that is gone is not asked for again
                self._record.write_redirect(address, RecordedRedirect(0, "", source))

    def _lost_articles(self) -> Iterator[FormerAddress]:
        """Addresses of articles in previous exports: one that left its slug to another has moved."""
        for address in self._record.lost_below("/articles/"):
            yield FormerAddress(address, address, None)


def _redirect_of(rendition: Rendition, source: str = "") -> RecordedRedirect:
    location, kept = rendition.header("location"), rendition.header("cache-control")
    return RecordedRedirect(rendition.status, location, source, kept)


def _keys_of(former: FormerAddress) -> bytes:
    """The hashed keys of what decides how a former address is answered."""
    keys = {*EVERY_DOCUMENT}
    if former.article_id is not None:
        keys.add(article_key(former.article_id))
    elif former.target:
        keys.add(ALL)
    return hash_keys(keys)
