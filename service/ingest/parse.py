"""Reads article files and turns their bytes into rows of the index."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from service.content import load_parts, read
from service.content.files.access import file_references
from service.content.identity.slugs import short_hash
from service.content.parsing.json_lines import hash_bytes, is_json_lines, read_part, unknown_lines
from service.content.records import Claim, FilePart, Folders, LoadedFile, SiteContext
from service.errors import ContentError, Fault
from service.index.article_row import (
    ArticleRow,
    article_digest,
    estimate_size,
    index_entry,
    may_link_articles,
)
from service.index.instants import seconds
from service.index.tables.full_text import page_search_text
from service.index.tables.identities import pack_names
from service.index.tables.site_pages import SitePageRow
from service.index.tables.source_files import ParsedFile
from service.ingest.parts import unread_file
from service.model import Article, Site

_encode = msgspec.msgpack.Encoder().encode


class FileParser(msgspec.Struct, frozen=True):
    """Parses the files below `root` with the facts of their site and folders.

    A whole file whose bytes still have the hash in `known_hashes`, by path, is not parsed.
    """

    root: Path
    site: Site
    context: SiteContext = SiteContext()
    folders: Folders | None = None
    known_hashes: Mapping[str, str] = {}

    def parse(self, parts: Sequence[FilePart]) -> list[ParsedFile]:
        """Read these parts of files, and parse those whose bytes are not known; the results are in order."""
        contents = [(part, self._read(part)) for part in parts]
        unknown = [(part, data) for part, data in contents if isinstance(data, bytes)]
        loaded = iter(load_parts(self.root, unknown, self.site, self.context, self.folders))
        return [
            to_parsed_file(part, data, next(loaded), self.site) if isinstance(data, bytes) else data
            for part, data in contents
        ]

    def _read(self, part: FilePart) -> bytes | ParsedFile:
        """The bytes of a part; the result for a file that is unchanged or cannot be read."""
        try:
            if is_json_lines(part.path):
                return read_part(self.root, part)
            data = read(self.root, part.path)
        except ContentError as error:
            return unread_file(part.path, error)
        known_hash = self.known_hashes.get(part.path)
        if known_hash is not None and _sha256(data) == known_hash:
            return ParsedFile("unchanged", known_hash)
        return data


def to_parsed_file(part: FilePart, data: bytes, loaded: LoadedFile, site: Site) -> ParsedFile:
    """The rows of the articles in part of a file; an article that cannot be encoded gives a fault."""
    path = part.path
    hashes = _recognisable_lines(part, data, loaded)
    rows: list[ArticleRow] = []
    pages: list[SitePageRow] = []
    faults = list(loaded.faults)
    for article in (*loaded.articles, *loaded.pages):
        try:
            if article.is_page:
                pages.append(_make_page_row(article))
            else:
                rows.append(_make_row(article, site, hashes.get(article.number)))
        except (OverflowError, RecursionError, TypeError, ValueError) as error:
            faults.append(Fault(path, article.number + 1, f"the article cannot be stored: {error}"))
    return ParsedFile(
        status="parsed",
        sha256=_sha256(data),
        rows=tuple(rows),
        pages=tuple(pages),
        redirects=tuple(
            msgspec.structs.replace(redirect, addresses=_with_lower_case(redirect.addresses))
            for redirect in loaded.redirects
        ),
        faults=tuple(faults),
        dependencies=loaded.dependencies,
        is_private=loaded.is_private or len(faults) > len(loaded.faults),
    )


def _recognisable_lines(part: FilePart, data: bytes, loaded: LoadedFile) -> dict[int, bytes]:
    """The hashes of those lines of JSON Lines that gave an article and nothing else, by number from 0."""
    if not is_json_lines(part.path):
        return {}
    others = {fault.line for fault in loaded.faults}
    others |= {
        article.number + 1
        for article in loaded.articles
        if article.slug == short_hash(f"{article.path}\n{article.number}")
    }
    return {
        number - 1: hash_bytes(line) for number, line in unknown_lines(part, data) if number not in others
    }


def _make_claim(article: Article) -> Claim:
    return Claim(
        path=article.path,
        number=article.number,
        slug=article.slug,
        first_slug=article.aliases[-1] if article.aliases else None,
        language=article.language,
        published=article.published,
        id=article.id,
        translation_keys=article.translation_keys,
    )


def _make_page_row(page: Article) -> SitePageRow:
    menu = page.menu
    return SitePageRow(
        number=page.number,
        language=page.language,
        published=seconds(page.published),
        updated=seconds(page.updated),
        expires=seconds(page.expires),
        withdrawn=page.withdrawn is not None,
        menu_label=(menu.label or page.title) if menu else None,
        menu_weight=menu.weight if menu else None,
        claim=_encode(_make_claim(page)),
        article=_encode(page),
        former=_with_lower_case((*page.aliases, *page.addresses)),
        files=tuple(sorted(file_references(page))),
        search_text=page_search_text(page),
    )


def _make_row(article: Article, site: Site, line_hash: bytes | None) -> ArticleRow:
    claim = _make_claim(article)
    size = estimate_size(article)
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
        claim=_encode(msgspec.structs.replace(claim, number=0)),
        names=pack_names(claim, site),
        # The number of a line changes with those above it: it stands in its row alone.
        article=_encode(msgspec.structs.replace(article, number=0)),
        digest=article_digest(article),
        line_hash=line_hash,
        has_links=may_link_articles(article),
        aliases=_with_lower_case((*article.aliases, *article.addresses)),
        files=tuple(sorted(file_references(article))),
        entry=b"" if article.withdrawn else _encode(index_entry(article)),
    )


def _with_lower_case(addresses: Iterable[str]) -> tuple[str, ...]:
    """`addresses`, and each in lower case: readers may ask for a former address in another case."""
    return tuple(dict.fromkeys((*addresses, *(address.lower() for address in addresses))))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
