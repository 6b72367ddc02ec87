"""`/articles.ndjson`: every article in one file, which is written piece by piece, because it may be large."""

import asyncio
import hashlib
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import msgspec

from service.errors import ExportError
from service.export.content_changes import ContentChanges
from service.export.file_writer import FileWriter
from service.export.hosting.rules import hosted_headers
from service.export.record import FileFacts
from service.export.rendering import PageRequest, SiteRenderer, hash_keys, render_all
from service.export.temporary_files import open_work_folder, report_failures
from service.index import Index
from service.publisher import ANY_CHANGE, Publisher, Rendered
from service.query import Query
from service.settings import Settings

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ADDRESS = "/articles.ndjson"
_GZIP = 31
"""The argument of zlib for a header of gzip, without a time."""


class _WholeList(msgspec.Struct, frozen=True):
    """The files of the list, its compressed forms by their suffixes; the hash and the length of its bytes."""

    path: Path
    variants: tuple[tuple[str, Path], ...]
    sha256: bytes
    length: int


class _Compressed(msgspec.Struct, frozen=True):
    """A compressed form: its suffix, and the functions that compress a piece and the end."""

    suffix: str
    compress: Callable[[bytes], bytes]
    finish: Callable[[], bytes]


def write_whole_list(
    settings: Settings, content: ContentChanges, files: FileWriter, renderer: SiteRenderer
) -> None:
    """Write the list, unless the articles are those of the previous export.

    Raises ExportError, IndexUnavailable.
    """
    known = files.find_whole(ADDRESS)
    if known and files.before.articles == content.articles and not content.is_everything_touched:
        files.keep(known)
        return
    (head,) = render_all(renderer, iter([PageRequest(ADDRESS, is_head=True)]))
    if head.status != 200:
        raise ExportError(f"{ADDRESS} cannot be exported: the service answers {head.status}")
    with open_work_folder() as work:
        with report_failures():
            written = asyncio.run(_write_list(settings, work))
        suffixes = tuple(suffix for suffix, _ in written.variants)
        facts = FileFacts(written.sha256, written.length, suffixes, hash_keys(ANY_CHANGE.exact))
        parts = {**dict(written.variants), "": written.path}
        files.write(ADDRESS.removeprefix("/"), ADDRESS, facts, parts, hosted_headers(head.headers))


async def _write_list(settings: Settings, work: Path) -> _WholeList:
    """Write the list, as a service answers it, to files in `work`."""
    path = work / "articles"
    forms = _make_compressors()
    paths = [work / f"articles{form.suffix}" for form in forms]
    digest, length = hashlib.sha256(), 0
    files = [path.open("wb") for path in paths]
    try:
        with path.open("wb") as plain:
            async for piece in _read_pieces(settings):
                plain.write(piece)
                digest.update(piece)
                length += len(piece)
                for form, file in zip(forms, files, strict=True):
                    file.write(form.compress(piece))
        for form, file in zip(forms, files, strict=True):
            file.write(form.finish())
    finally:
        for file in files:
            file.close()
    variants = tuple((form.suffix, path) for form, path in zip(forms, paths, strict=True))
    return _WholeList(path, variants, digest.digest(), length)


async def _read_pieces(settings: Settings) -> AsyncIterator[bytes]:
    index = Index(settings.index)
    try:
        publisher = Publisher(index, settings.site, cache_bytes=0)
        await publisher.poll_revision()
        content = await publisher.stream(Query(), settings.site.public_url or "")
        if isinstance(content, Rendered):
            yield content.body
            return
        async for piece in content:
            yield piece
    finally:
        await index.close()


def _make_compressors() -> list[_Compressed]:
    """The forms and levels of `response_cache.compress`."""
    brotli_stream = brotli.Compressor(quality=5)
    gzip_stream = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    zstd_stream = zstd.ZstdCompressor(3)
    return [
        _Compressed(".br", brotli_stream.process, brotli_stream.finish),
        _Compressed(".gz", gzip_stream.compress, gzip_stream.flush),
        _Compressed(".zst", zstd_stream.compress, zstd_stream.flush),
    ]
