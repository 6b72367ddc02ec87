"""Reads and parses article files, in several processes where that is faster."""

import hashlib
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from service.content import load_all, read
from service.content.records import FileDependencies, Folders, LoadedFile, Redirect, SiteContext, SourceFile
from service.errors import ContentError, Fault, UnreadableFile
from service.index.article_row import ArticleRow
from service.ingest.rows import encode, make_rows
from service.ingest.workers import run_in_processes
from service.model import Site

MAX_BATCH_BYTES = 1_000_000
"""How much is read before it is parsed."""


class ReadRequest(msgspec.Struct, frozen=True):
    """A file to read; it is parsed unless the hash of its bytes is `known_sha256`."""

    file: SourceFile
    known_sha256: str | None = None


class ParsedFile(msgspec.Struct, frozen=True, array_like=True):
    """The rows, redirects and faults of one file, and the other files they depend on.

    An `unchanged` file has the known bytes and was not parsed; for an `unreadable` one the system gave an
    error. `sha256` is "" when there are no bytes to hash, `output_hash` a hash of the articles and redirects.
    `is_private` is whether the file holds an article kept from the public, or one with a fault.
    """

    status: Literal["parsed", "unchanged", "unreadable"]
    sha256: str = ""
    rows: tuple[ArticleRow, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    faults: tuple[Fault, ...] = ()
    dependencies: FileDependencies = FileDependencies()
    output_hash: str = ""
    is_private: bool = False


class FileParser(msgspec.Struct, frozen=True):
    """Parses the files below `root` with the facts of their site and folders."""

    root: Path
    site: Site
    context: SiteContext = SiteContext()
    folders: Folders | None = None

    def parse_all(
        self, requests: Sequence[ReadRequest], processes: int | None = None
    ) -> Generator[ParsedFile, None, None]:
        """Read every file, in order, in as many `processes` as there are free cores.

        Close the iterator to end the processes.
        """
        return run_in_processes(self.parse, requests, ParsedFile, processes)

    def parse(self, requests: Sequence[ReadRequest]) -> list[ParsedFile]:
        """Read these files, and parse those whose bytes are not known."""
        return [parsed for batch in self._batches(requests) for parsed in self._parse_batch(batch)]

    def _batches(self, requests: Sequence[ReadRequest]) -> Iterator[list[tuple[str, bytes | ParsedFile]]]:
        """The files with their bytes, or with a result that needs no parsing, MAX_BATCH_BYTES at a time."""
        batch: list[tuple[str, bytes | ParsedFile]] = []
        size = 0
        for request in requests:
            content = self._read(request)
            batch.append((request.file.path, content))
            size += len(content) if isinstance(content, bytes) else 0
            if size >= MAX_BATCH_BYTES:
                yield batch
                batch, size = [], 0
        yield batch

    def _read(self, request: ReadRequest) -> bytes | ParsedFile:
        """The bytes of a file; the result for one that is unchanged or cannot be read."""
        path = request.file.path
        try:
            data = read(self.root, path)
        except ContentError as error:
            faults = (Fault(path, error.line, error.message),)
            unreadable = isinstance(error, UnreadableFile)
            return ParsedFile("unreadable" if unreadable else "parsed", faults=faults, is_private=True)
        if request.known_sha256 is not None and _sha256(data) == request.known_sha256:
            return ParsedFile("unchanged", request.known_sha256)
        return data

    def _parse_batch(self, batch: Sequence[tuple[str, bytes | ParsedFile]]) -> Iterator[ParsedFile]:
        files = [(path, content) for path, content in batch if isinstance(content, bytes)]
        loaded = iter(load_all(self.root, files, self.site, self.context, self.folders))
        for path, content in batch:
            if isinstance(content, bytes):
                yield self._parsed(path, content, next(loaded))
            else:
                yield content

    def _parsed(self, path: str, data: bytes, loaded: LoadedFile) -> ParsedFile:
        rows, faults = make_rows(path, loaded.articles, self.site)
        output_hash = hashlib.sha256(encode(loaded.redirects))
        for row in rows:
            output_hash.update(row.article)
        return ParsedFile(
            status="parsed",
            sha256=_sha256(data),
            rows=rows,
            redirects=loaded.redirects,
            faults=(*loaded.faults, *faults),
            dependencies=loaded.dependencies,
            output_hash=output_hash.hexdigest(),
            is_private=loaded.is_private or bool(faults),
        )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
