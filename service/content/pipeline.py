"""Article files, whatever their kind, become Articles and Faults."""

import logging
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from service.content.cpu_time_limit import MAX_SECONDS, cpu_time_limit
from service.content.discovery.exclusions import reason_by_path
from service.content.discovery.file_dependencies import FileLookup
from service.content.parsing.decoding import decode
from service.content.parsing.raw_article import RawArticle
from service.content.parsing.split_file import split_file
from service.content.pipeline_steps import Galley, Reading
from service.content.records import Exclusion, Folders, LoadedFile, Receipt, SiteContext
from service.errors import ContentError, Fault
from service.model import Site

_ALONE = SiteContext()

MOST_TOGETHER = 1_000_000
"""How many characters of articles are between two stages at once."""

OUR_FAILURE = "Broadsheet failed to read this"

log = logging.getLogger("broadsheet")


def load(
    root: Path,
    path: str,
    data: bytes,
    site: Site,
    context: SiteContext = _ALONE,
    folders: Folders | None = None,
) -> LoadedFile:
    """The articles in the file at `path`, whose bytes are `data`, and everything wrong with them.

    An article with a wrong value is set aside; a doubtful value is reported and the article kept. Never
    raises for any `data`. `root` is looked at only to measure the attachments that lie there and to find what
    its links mean, which is all told as `consulted`; `context` is what the folder says of all its articles
    (see `scan`), `folders` which it holds.
    """
    return load_all(root, [(path, data)], site, context, folders)[0]


def load_all(
    root: Path,
    files: Sequence[tuple[str, bytes]],
    site: Site,
    context: SiteContext = _ALONE,
    folders: Folders | None = None,
) -> list[LoadedFile]:
    """As `load`, of many files, in their order.

    Many articles go through each stage before any goes through the next: what a stage does stays in the
    processor's cache meanwhile, which saves a sixth of the time.
    """
    loadings = [_Loading(root, path, data, site, context, folders) for path, data in files]
    with cpu_time_limit(seconds=math.inf):  # so that the timer of the process is set once for all articles
        for loading in loadings:
            loading.open()
        for going in _together(loadings):
            for step in (Galley.begin, Galley.convert, Galley.typeset, Galley.finish):
                going = [(loading, galley) for loading, galley in going if loading.take(galley, step)]
    return [loading.loaded() for loading in loadings]


class _Loading:
    """One file on its way to articles."""

    def __init__(
        self, root: Path, path: str, data: bytes, site: Site, context: SiteContext, folders: Folders | None
    ) -> None:
        self._neighbours = FileLookup(root, folders)
        self._path = path
        self._data = data
        self._site = site
        self._context = context
        self._manuscripts: tuple[RawArticle, ...] = ()
        self._readings: list[tuple[int, Reading]] = []
        self._faults: list[ContentError] = []
        self._left_out: list[Exclusion] = []
        self._is_private = False

    def open(self) -> None:
        """Find what the file holds."""
        if reason := reason_by_path(self._path, self._context.own):
            self._left_out.append(Exclusion(self._path, 1, reason))
            self._is_private = "_drafts" in self._path.split("/")[:-1]
            return
        try:
            text, note = decode(self._data)
            self._faults += [note] if note else []
            with cpu_time_limit(seconds=MAX_SECONDS + len(self._data) / 1_000_000):
                opened = split_file(self._path, text)
        except Exception as error:
            self._fail(1, error)
            return
        self._manuscripts = opened.raw_articles
        self._faults += opened.faults
        self._is_private = bool(opened.faults) and not opened.raw_articles
        self._left_out += [Exclusion(self._path, 1, opened.left_out)] if opened.left_out else []

    def galleys(self) -> Iterator[Galley]:
        for raw in self._manuscripts:
            yield Galley(raw, self._neighbours, self._site, self._context)

    def take(self, galley: Galley, step: Callable[[Galley], Reading | None]) -> bool:
        """Take an article a step further; whether it goes on. One that fails harms no other."""
        try:
            with galley.cpu_time_limit:
                reading = step(galley)
        except Exception as error:
            self._fail(galley.line, error)
            return False
        if reading:
            self._readings.append((galley.line, reading))
        return reading is None

    def loaded(self) -> LoadedFile:
        """What came of it."""
        faults, left_out = self._faults, self._left_out
        articles, redirects = [], []
        receipts: list[Receipt] = []
        for line, reading in self._readings:
            faults += reading.faults
            left_out += [Exclusion(self._path, line, reading.left_out)] if reading.left_out else []
            articles += [reading.article] if reading.article else []
            self._is_private |= not (reading.article or reading.left_out or reading.redirect)
            redirects += [reading.redirect] if reading.redirect else []
            receipts += reading.receipts
        return LoadedFile(
            articles=tuple(articles),
            faults=tuple(
                sorted({Fault(self._path, fault.line, fault.message, fault.harmless) for fault in faults})
            ),
            exclusions=tuple(sorted(left_out)),
            redirects=tuple(redirects),
            receipts=tuple(receipts),
            consulted=self._neighbours.consulted,
            is_private=self._is_private or any(reading.is_private for _, reading in self._readings),
        )

    def _fail(self, line: int, error: Exception) -> None:
        self._is_private = True
        if not isinstance(error, ContentError):
            log.exception("%s:%d could not be read", self._path, line)
            # What nobody foresaw in one article must not keep the others from being served.
            told = f"{OUR_FAILURE} ({type(error).__name__}); please report it, with the file"
            error = ContentError(line, told)
        self._faults.append(error)


def _together(loadings: Iterable[_Loading]) -> Iterator[list[tuple[_Loading, Galley]]]:
    """The articles in these files, as many at once as have MOST_TOGETHER: a file may hold thousands."""
    group: list[tuple[_Loading, Galley]] = []
    size = 0
    for loading in loadings:
        for galley in loading.galleys():
            group.append((loading, galley))
            size += galley.size
            if size >= MOST_TOGETHER:
                yield group
                group, size = [], 0
    yield group
