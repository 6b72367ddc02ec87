"""The feeds that would be served, fetched as readers do and held against the specifications."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import datetime

import httpx
import msgspec

from service.errors import Fault
from service.formats import FEEDS, MEDIA_TYPES
from service.formats.lint import Document, Finding, LintedEntry, lint
from service.index import ArticleSnapshot, now, read_inventory
from service.server import LOCAL_BASE, asking
from service.settings import Settings
from service.urls import LISTING_PATHS, FormatName

MOST_BYTES = 1_000_000
"""A document larger than this is given up by some readers; an article of that size alone makes one."""


class Linted(msgspec.Struct, frozen=True):
    """Broken rules and advice, each where its article stands; how many documents were read."""

    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    documents: int


async def lint_feeds(settings: Settings) -> Linted:
    """The main feed in every feed format, to its last page and oldest archive, from an index built before.

    Raises IndexUnavailable.
    """
    present = now()
    found: dict[Finding, str] = {}
    documents = 0
    walked: dict[str, FormatName] = {}
    async with asking(settings) as client:
        for form in FEEDS:
            walk = Walk(present, settings.site.public_url or LOCAL_BASE)
            archive: str | None = None
            async for address, size, document in _documents(
                client, form, f"{walk.base}{LISTING_PATHS[form]}"
            ):
                documents += 1
                archive = archive or document.archive
                walk.lengths |= await _lengths(client, document, walk)
                for finding in walk.judge(document, size):
                    found.setdefault(finding, address)
            async for address, _, document in _documents(client, form, archive):
                documents += 1
                for finding in document.findings:
                    found.setdefault(finding, address)
            walked.setdefault(walk.order.hexdigest(), form)
    if len(walked) > 1:
        told = f"{' and '.join(walked.values())} do not hold the same articles in the same order"
        found[Finding("", told)] = LISTING_PATHS["atom"]
    told_of = _placed(found, settings.index)
    return Linted(
        tuple(sorted(fault for fault, advice in told_of if not advice)),
        tuple(sorted(fault for fault, advice in told_of if advice)),
        documents,
    )


class Walk:
    """One feed from its first document to its last: what only shows across entries and documents."""

    def __init__(self, present: datetime, base: str) -> None:
        self.base = base
        self.order = hashlib.sha256()
        self.lengths: dict[str, int | None] = {}
        self._present = present
        self._ids: set[str] = set()
        self._last: datetime | None = None

    def judge(self, document: Document, size: int) -> Iterator[Finding]:
        yield from document.findings
        if size > MOST_BYTES and len(document.entries) > 1:
            yield Finding("", f"the document has {size / 1e6:.1f} MB, more than some readers read", True)
        for entry in document.entries:
            yield from self._entry(entry)

    def _entry(self, entry: LintedEntry) -> Iterator[Finding]:
        self.order.update(f"{entry.id}\0".encode())
        if entry.id in self._ids:
            yield Finding(entry.id, "the feed holds it twice")
        self._ids.add(entry.id)
        if entry.published:
            if self._last and entry.published > self._last:
                yield Finding(entry.id, OUT_OF_ORDER)
            self._last = entry.published
        for instant, what in ((entry.published, "date"), (entry.updated, "`updated`")):
            if instant and instant > self._present:
                yield Finding(entry.id, f"its {what} lies in the future: {instant:%Y-%m-%dT%H:%M:%SZ}")
        if entry.size > MOST_BYTES:
            told = f"it takes {entry.size / 1e6:.1f} MB of a feed, more than some readers read; split it"
            yield Finding(entry.id, told, advice=True)
        for enclosure in entry.enclosures:
            true = self.lengths.get(enclosure.url, enclosure.length)
            if true != enclosure.length:
                told = f"the enclosure {enclosure.url} has {true} bytes, the feed says {enclosure.length}"
                yield Finding(entry.id, told)


OUT_OF_ORDER = "it stands after an older article"


async def _documents(
    client: httpx.AsyncClient, form: FormatName, address: str | None
) -> AsyncIterator[tuple[str, int, Document]]:
    """Every document from `address` on: where it is, its size in bytes, what stands in it."""
    seen: set[str] = set()
    while address and address not in seen:
        seen.add(address)
        answer = await client.get(address)
        if answer.status_code != httpx.codes.OK or answer.headers["Content-Type"] != MEDIA_TYPES[form]:
            told = f"answers {answer.status_code}, {answer.headers['Content-Type']}"
            yield address, 0, Document(findings=(Finding("", told),))
            return
        document = lint(form, answer.content)
        yield address, len(answer.content), document
        address = document.following


async def _lengths(client: httpx.AsyncClient, document: Document, walk: Walk) -> dict[str, int | None]:
    """How long the enclosures are that this site serves itself; None where there is nothing to be had."""
    own = f"{walk.base}/files/"
    urls = {one.url for entry in document.entries for one in entry.enclosures if one.url.startswith(own)}
    lengths: dict[str, int | None] = {}
    for url in sorted(urls - walk.lengths.keys()):
        answer = await client.head(url)
        told = answer.headers.get("Content-Length")
        lengths[url] = int(told) if answer.status_code == httpx.codes.OK and told else None
    return lengths


def _placed(found: dict[Finding, str], index: str) -> list[tuple[Fault, bool]]:
    """Every finding where its article stands, or at the feed it was found in; and whether it is advice."""
    wanted = {finding.entry for finding in found}
    articles = {one.id: one for one in read_inventory(index) if one.id in wanted} if found else {}
    return [
        (_fault(finding, address, articles.get(finding.entry)), finding.advice)
        for finding, address in found.items()
        if not _is_undated(finding, articles.get(finding.entry))
    ]


def _is_undated(finding: Finding, article: ArticleSnapshot | None) -> bool:
    """Undated articles come last whatever date a feed has to give them."""
    return finding.message == OUT_OF_ORDER and article is not None and article.published is None


def _fault(finding: Finding, address: str, article: ArticleSnapshot | None) -> Fault:
    if article:
        return Fault(article.path, article.number + 1, f"{article.title!r} in feeds: {finding.message}")
    named = f"{finding.entry}: " if finding.entry else ""
    return Fault(httpx.URL(address).path, 1, f"{named}{finding.message}")
