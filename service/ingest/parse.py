"""Reads article files and turns their bytes into rows of the index."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from service.content import load_all, read
from service.content.batches import batches
from service.content.discovery.served_files import file_references
from service.content.records import Claim, Folders, LoadedFile, SiteContext, SourceFile
from service.errors import ContentError, Fault, UnreadableFile
from service.index.article_row import ArticleRow, estimate_size, index_entry
from service.index.identities import pack_names
from service.index.instants import seconds
from service.index.source_files import ParsedFile
from service.model import Article, Site

MAX_BATCH_BYTES = 1_000_000
"""How much is read before it is parsed."""

DIGEST_BYTES = 16
_encode = msgspec.msgpack.Encoder().encode


class FileParser(msgspec.Struct, frozen=True):
    """Parses the files below `root` with the facts of their site and folders.

    A file whose bytes still have the hash in `known_hashes`, by path, is not parsed.
    """

    root: Path
    site: Site
    context: SiteContext = SiteContext()
    folders: Folders | None = None
    known_hashes: Mapping[str, str] = {}

    def parse(self, files: Sequence[SourceFile]) -> list[ParsedFile]:
        """Read these files, and parse those whose bytes are not known; the results are in the same order."""
        return [
            parsed
            for batch in batches(files, lambda file: file.size, MAX_BATCH_BYTES)
            for parsed in self._parse_batch(batch)
        ]

    def _parse_batch(self, batch: Sequence[SourceFile]) -> Iterator[ParsedFile]:
        contents = [(file.path, self._read(file.path)) for file in batch]
        files = [(path, content) for path, content in contents if isinstance(content, bytes)]
        loaded = iter(load_all(self.root, files, self.site, self.context, self.folders))
        for path, content in contents:
            if isinstance(content, bytes):
                yield to_parsed_file(path, content, next(loaded), self.site)
            else:
                yield content

    def _read(self, path: str) -> bytes | ParsedFile:
        """The bytes of a file; the result for one that is unchanged or cannot be read."""
        try:
            data = read(self.root, path)
        except ContentError as error:
            faults = (Fault(path, error.line, error.message),)
            unreadable = isinstance(error, UnreadableFile)
            return ParsedFile("unreadable" if unreadable else "parsed", faults=faults, is_private=True)
        known_hash = self.known_hashes.get(path)
        if known_hash is not None and _sha256(data) == known_hash:
            return ParsedFile("unchanged", known_hash)
        return data


def to_parsed_file(path: str, data: bytes, loaded: LoadedFile, site: Site) -> ParsedFile:
    """The rows of the articles in a file; an article that cannot be encoded gives a fault."""
    rows: list[ArticleRow] = []
    faults = list(loaded.faults)
    for article in loaded.articles:
        try:
            rows.append(_make_row(article, site))
        except (OverflowError, RecursionError, TypeError, ValueError) as error:
            faults.append(Fault(path, 1, f"article {article.number + 1} cannot be stored: {error}"))
    output_hash = hashlib.sha256(_encode(loaded.redirects))
    for row in rows:
        output_hash.update(row.article)
    return ParsedFile(
        status="parsed",
        sha256=_sha256(data),
        rows=tuple(rows),
        redirects=tuple(
            msgspec.structs.replace(redirect, addresses=_with_lower_case(redirect.addresses))
            for redirect in loaded.redirects
        ),
        faults=tuple(faults),
        dependencies=loaded.dependencies,
        output_hash=output_hash.hexdigest(),
        is_private=loaded.is_private or len(faults) > len(loaded.faults),
    )


def _make_row(article: Article, site: Site) -> ArticleRow:
    claim = Claim(
        path=article.path,
        number=article.number,
        slug=article.slug,
        first_slug=article.aliases[-1] if article.aliases else None,
        language=article.language,
        published=article.published,
        id=article.id,
        translation_keys=article.translation_keys,
    )
    size = estimate_size(article)
    encoded = _encode(article)
    return ArticleRow(
        number=article.number,
        published=seconds(article.published),
        expires=seconds(article.expires),
        changed_at=seconds(article.changed or site.epoch) or 0,
        published_at=seconds(article.published or site.epoch) or 0,
        rest_bytes=size.rest,
        text_bytes=size.text,
        withdrawn=article.withdrawn is not None,
        language=article.language,
        claim=_encode(claim),
        names=pack_names(claim, site),
        article=encoded,
        digest=hashlib.sha256(encoded).digest()[:DIGEST_BYTES],
        aliases=_with_lower_case((*article.aliases, *article.addresses)),
        files=tuple(sorted(file_references(article))),
        entry=b"" if article.withdrawn else _encode(index_entry(article)),
    )


def _with_lower_case(addresses: Iterable[str]) -> tuple[str, ...]:
    """`addresses`, and each in lower case: readers may ask for a former address in another case."""
    return tuple(dict.fromkeys((*addresses, *(address.lower() for address in addresses))))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
