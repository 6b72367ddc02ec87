"""Checks of the feeds that would be served: fetched as readers do, and compared with the specifications."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import datetime

import httpx
import msgspec

from service.errors import Fault
from service.formats import FEEDS, MEDIA_TYPES
from service.formats.lint import Document, Finding, LintedEntry, lint
from service.index import ArticleSnapshot, now, read_inventory
from service.server import LOCAL_BASE, application_client
from service.settings import Settings
from service.urls import LISTING_PATHS, FormatName

MOST_BYTES = 1_000_000
"""Some readers reject larger documents; a single article of that size makes one."""

OUT_OF_ORDER = "it comes after an older article"


class FeedChecks(msgspec.Struct, frozen=True):
    """Broken rules and advice at their articles, and the number of documents read."""

    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    documents: int


async def lint_feeds(settings: Settings) -> FeedChecks:
    """Check every document of the main feed in every format, archives included, from an existing index.

    Raises IndexUnavailable.
    """
    present = now()
    addresses: dict[Finding, str] = {}
    documents = 0
    formats: dict[str, FormatName] = {}
    async with application_client(settings) as client:
        for format_name in FEEDS:
            feed = FeedCheck(present, settings.site.public_url or LOCAL_BASE)
            archive: str | None = None
            async for address, size, document in _fetch_documents(
                client, format_name, f"{feed.base}{LISTING_PATHS[format_name]}"
            ):
                documents += 1
                archive = archive or document.archive
                feed.lengths |= await _fetch_lengths(client, document, feed)
                for finding in feed.check_document(document, size):
                    addresses.setdefault(finding, address)
            async for address, _, document in _fetch_documents(client, format_name, archive):
                documents += 1
                for finding in document.findings:
                    addresses.setdefault(finding, address)
            formats.setdefault(feed.order.hexdigest(), format_name)
    if len(formats) > 1:
        message = f"{' and '.join(formats.values())} do not contain the same articles in the same order"
        addresses[Finding("", message)] = LISTING_PATHS["atom"]
    faults = _locate(addresses, settings.index)
    return FeedChecks(
        tuple(sorted(fault for fault, is_advice in faults if not is_advice)),
        tuple(sorted(fault for fault, is_advice in faults if is_advice)),
        documents,
    )


class FeedCheck:
    """The checks of one feed that concern several entries or documents.

    `order` is a hash of the ids in their order, `lengths` the true lengths of enclosures by their address.
    """

    def __init__(self, present: datetime, base: str) -> None:
        self.base = base
        self.order = hashlib.sha256()
        self.lengths: dict[str, int | None] = {}
        self._present = present
        self._ids: set[str] = set()
        self._previous: datetime | None = None

    def check_document(self, document: Document, size: int) -> Iterator[Finding]:
        """All findings of the next document, which has `size` bytes."""
        missing = [repr(url) for url, length in self.lengths.items() if length is None]
        for finding in document.findings:  # a missing file is reported where the article names it
            if not (finding.advice and any(url in finding.message for url in missing)):
                yield finding
        if size > MOST_BYTES and len(document.entries) > 1:
            message = f"the document has {size / 1e6:.1f} MB; some readers reject documents of this size"
            yield Finding("", message, advice=True)
        for entry in document.entries:
            yield from self._check_entry(entry)

    def _check_entry(self, entry: LintedEntry) -> Iterator[Finding]:
        self.order.update(f"{entry.id}\0".encode())
        if entry.id in self._ids:
            yield Finding(entry.id, "the feed contains it twice")
        self._ids.add(entry.id)
        if entry.published:
            if self._previous and entry.published > self._previous:
                yield Finding(entry.id, OUT_OF_ORDER)
            self._previous = entry.published
        for instant, name in ((entry.published, "date"), (entry.updated, "`updated`")):
            if instant and instant > self._present:
                yield Finding(entry.id, f"its {name} is in the future: {instant:%Y-%m-%dT%H:%M:%SZ}")
        if entry.size > MOST_BYTES:
            message = f"it takes {entry.size / 1e6:.1f} MB of a feed, more than some readers accept; split it"
            yield Finding(entry.id, message, advice=True)
        for enclosure in entry.enclosures:
            length = self.lengths.get(enclosure.url, enclosure.length)
            if length is not None and length != enclosure.length:
                message = (
                    f"the enclosure {enclosure.url} has {length} bytes, the feed says {enclosure.length}"
                )
                yield Finding(entry.id, message)


async def _fetch_documents(
    client: httpx.AsyncClient, format_name: FormatName, address: str | None
) -> AsyncIterator[tuple[str, int, Document]]:
    """The documents from `address` on: each with its address and its size in bytes."""
    seen: set[str] = set()
    while address and address not in seen:
        seen.add(address)
        response = await client.get(address)
        media_type = response.headers["Content-Type"]
        if response.status_code != httpx.codes.OK or media_type != MEDIA_TYPES[format_name]:
            message = f"responds with status {response.status_code} and type {media_type}"
            yield address, 0, Document(findings=(Finding("", message),))
            return
        document = lint(format_name, response.content)
        yield address, len(response.content), document
        address = document.next_url


async def _fetch_lengths(
    client: httpx.AsyncClient, document: Document, feed: FeedCheck
) -> dict[str, int | None]:
    """The lengths of the enclosures that this site serves; None if there is no such file."""
    files = f"{feed.base}/files/"
    urls = {
        enclosure.url
        for entry in document.entries
        for enclosure in entry.enclosures
        if enclosure.url.startswith(files)
    }
    lengths: dict[str, int | None] = {}
    for url in sorted(urls - feed.lengths.keys()):
        response = await client.head(url)
        length = response.headers.get("Content-Length")
        lengths[url] = int(length) if response.status_code == httpx.codes.OK and length else None
    return lengths


def _locate(addresses: dict[Finding, str], index: str) -> list[tuple[Fault, bool]]:
    """Each finding as a fault of its article, or of the feed at its address, and whether it is advice."""
    ids = {finding.entry for finding in addresses}
    articles = {article.id: article for article in read_inventory(index) if article.id in ids} if ids else {}
    return [
        (_fault(finding, address, articles.get(finding.entry)), finding.advice)
        for finding, address in addresses.items()
        if not _is_order_of_undated(finding, articles.get(finding.entry))
    ]


def _is_order_of_undated(finding: Finding, article: ArticleSnapshot | None) -> bool:
    """Undated articles come last, with whatever date a feed must give them."""
    return finding.message == OUT_OF_ORDER and article is not None and article.published is None


def _fault(finding: Finding, address: str, article: ArticleSnapshot | None) -> Fault:
    if article:
        return Fault(article.path, article.number + 1, f"{article.title!r} in feeds: {finding.message}")
    entry = f"{finding.entry}: " if finding.entry else ""
    return Fault(httpx.URL(address).path, 1, f"{entry}{finding.message}")
