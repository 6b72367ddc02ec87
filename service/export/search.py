"""The search of an export: an index that Pagefind, an optional program, makes from all articles.

It writes an index in many small files, of which a browser reads the few that have the words of a search, and
a script and WebAssembly that do so. The page of the search loads them.

Pagefind holds what it reads in memory, about seventy bytes for each byte of text, so a large site has its
index in parts, each with the articles of some hashes: the script of the first searches in all of them. After
an edit only the parts with a changed text are made again.
"""

import asyncio
import hashlib
import html
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from pathlib import Path

import msgspec

from service.errors import ExportError
from service.export.content_changes import ContentChanges
from service.export.file_writer import FileWriter
from service.export.hosting.rules import hosted_headers
from service.export.rendering import make_rendition
from service.export.responses import ExportedResponse, Headers
from service.export.temporary_files import open_work_folder, report_failures
from service.formats import languages
from service.index import Index, Moved, count_text_bytes
from service.model import Article, Site
from service.query import MAX_LIMIT, Query
from service.settings import Settings
from service.urls import Urls

SEARCH_FOLDER = "assets/pagefind"
NOT_INSTALLED = (
    "the export has no search, because the package pagefind is not installed;"
    " run `pip install broadsheet[search]`"
)
_OF_ITS_OWN_PAGES = ("-ui.", "-highlight.")
"""Parts of the names of files for a user interface that our page has of its own."""

_DOCUMENTS = "documents"
_PARTS_FILE = "0/parts.json"
"""Names the folders of the further parts."""

_BUCKETS = "0123456789abcdef"
"""The first digits of hashes, by which documents are divided; also the most parts that there are."""

PART_BYTES = 3_000_000
"""About how much text a part has: Pagefind takes less than 300 MB for it."""

MEMORY_PER_BYTE = 70
"""About how many bytes of memory Pagefind takes for each byte of the texts of a part."""

MUCH_MEMORY = 500_000_000
"""So many bytes of memory are announced, because a small machine may not have them."""

_LONGEST_REASON = 300
_LASTING = "public, max-age=31536000, immutable"
_SCRIPT_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
"""Of a script that runs as a worker, to which the policy of the page does not apply (CSP Level 3 §7.8)."""

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".pagefind": "application/octet-stream",
    ".pf_meta": "application/octet-stream",
    ".pf_index": "application/octet-stream",
    ".pf_fragment": "application/octet-stream",
}
_NAMED_BY_CONTENT = frozenset((".pf_meta", ".pf_index", ".pf_fragment"))
_OF_EACH_PART = _NAMED_BY_CONTENT | {".json"}

_DOCUMENT = """<!DOCTYPE html>
<html lang="{language}">
<head>
<title>{title}</title>
<meta data-pagefind-meta="address[content]" content="{address}">
<meta data-pagefind-meta="language[content]" content="{language}">
<meta data-pagefind-meta="date[content]" content="{date}">
</head>
<body data-pagefind-body>
<h1>{title}</h1>
<p>{text}</p>
</body>
</html>
"""


def is_installed() -> bool:
    """Whether Pagefind can be run."""
    return find_spec("pagefind") is not None


def announce_memory(settings: Settings) -> str:
    """What to say before an export whose search takes much memory; "" if it does not.

    Raises IndexUnavailable.
    """
    length = count_text_bytes(settings.index)
    memory = MEMORY_PER_BYTE * length // count_parts(length)
    if memory < MUCH_MEMORY or not is_installed():
        return ""
    return (
        f"the search, which is made at the end, takes about {memory / 1e9:.1f} GB of memory;"
        " with less, uninstall the package pagefind, and the export has no search"
    )


def write_search(settings: Settings, content: ContentChanges, files: FileWriter) -> str:
    """Write the search, unless that of the previous export was made from the same texts by the same program.

    Returns hashes of what its parts were made of, "" if there is none. Raises ExportError, IndexUnavailable.
    """
    before = files.before
    is_whole = before.search != "" and files.has_whole_folder(SEARCH_FOLDER)
    if is_whole and before.articles == content.articles and not content.is_everything_touched:
        files.record.keep_below(SEARCH_FOLDER)
        return before.search
    is_kept = is_whole and before.made_by == content.made_by
    known = dict(enumerate(before.search.split(","))) if is_kept else {}
    with open_work_folder() as work:
        with report_failures():
            parts = asyncio.run(_write_documents(settings, content.contents.known.pages, work))
        if parts:
            folders = msgspec.json.encode([f"{number}/" for number in range(1, len(parts))])
            parts[0] = hashlib.sha256(parts[0].encode() + folders).hexdigest()
        for number, digest in enumerate(parts):
            if known.get(number) == digest:
                files.record.keep_below(f"{SEARCH_FOLDER}/{number}")
                continue
            for response in _make_part(work, number, settings):
                _write(response, files)
            if number == 0:
                _write(_response(_PARTS_FILE, folders, settings.list_max_age_seconds), files)
    return ",".join(parts)


def _write(response: ExportedResponse, files: FileWriter) -> None:
    name = response.address.removeprefix("/")
    files.write_rendition(name, make_rendition(response), hosted_headers(response.headers))


async def _read_documents(index: Index, pages: tuple[str, ...]) -> AsyncIterator[Article]:
    """Every visible article, and the pages at these addresses."""
    query = Query()
    while True:
        page = await index.find(query, MAX_LIMIT)
        for article in page.articles:
            yield article
        if page.next_cursor is None:
            break
        query = msgspec.structs.replace(query, cursor=page.next_cursor)
    for address in pages:
        found = await index.find_article(address)
        if not isinstance(found, Moved):
            yield found


async def _write_documents(settings: Settings, pages: tuple[str, ...], work: Path) -> list[str]:
    """Write the page of each article that Pagefind reads, those of a part in a folder with its number.

    A hash of each part, none if there are no articles. Their names stay the same. All are indexed in the
    language of the site, because a browser searches in the index of one language.
    """
    site = settings.site
    urls = Urls(site.public_url or "", site.addresses)
    digests = {bucket: hashlib.sha256(site.language.encode()) for bucket in _BUCKETS}
    length = 0
    for bucket in _BUCKETS:
        (work / bucket).mkdir()
    index = Index(settings.index)
    try:
        async for article in _read_documents(index, pages):
            name = f"{hashlib.sha256(article.id.encode()).hexdigest()}.html"
            document = _document(article, site, urls).encode()
            (work / name[0] / name).write_bytes(document)
            digests[name[0]].update(name.encode() + hashlib.sha256(document).digest())
            length += len(document)
    finally:
        await index.close()
    count = count_parts(length) if length else 0
    parts: list[str] = []
    for first in range(count):
        buckets = [bucket for bucket in _BUCKETS[first::count] if any((work / bucket).iterdir())]
        if not buckets:  # Pagefind refuses a folder without documents
            continue
        folder = work / _DOCUMENTS / str(len(parts))
        folder.mkdir(parents=True)
        for bucket in buckets:
            (work / bucket).rename(folder / bucket)
        parts.append(hashlib.sha256(b"".join(digests[bucket].digest() for bucket in buckets)).hexdigest())
    return parts


def count_parts(length: int) -> int:
    """How many parts the index of documents of so many bytes has: as many as make parts of equal size."""
    counts = (1, 2, 4, 8, len(_BUCKETS))
    return next((count for count in counts if length <= count * PART_BYTES), counts[-1])


def _document(article: Article, site: Site, urls: Urls) -> str:
    published = article.published
    date = published and languages.day(site.day(published), site.language, article.published_within)
    values = {
        "address": urls.article(article.slug),
        "language": article.language,
        "date": date or "",
        "title": article.title,
        "text": article.content_text,
    }
    return _DOCUMENT.format_map({name: html.escape(value) for name, value in values.items()})


def _make_part(work: Path, number: int, settings: Settings) -> Iterator[ExportedResponse]:
    """The files with which a browser searches the documents of a part, made by Pagefind. Raises ExportError.

    Equal documents give equal files. The first part has the script and WebAssembly for all of them.
    """
    bundle = work / f"bundle-{number}"
    command = [
        sys.executable,
        "-m",
        "pagefind",
        "--site",
        str(work / _DOCUMENTS / str(number)),
        "--output-path",
        str(bundle),
    ]
    # It knows languages without a region.
    command += ["--force-language", settings.site.language.partition("-")[0].lower(), "--silent"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if result.returncode != 0 or not bundle.is_dir():
        reason = (result.stderr or result.stdout).strip()[-_LONGEST_REASON:]
        raise ExportError(f"the search of the export cannot be made: pagefind failed: {reason}")
    for path in sorted(bundle.rglob("*")):
        is_used = not number or path.suffix in _OF_EACH_PART
        if path.is_file() and is_used and not any(part in path.name for part in _OF_ITS_OWN_PAGES):
            name = f"{number}/{path.relative_to(bundle).as_posix()}"
            yield _response(name, path.read_bytes(), settings.list_max_age_seconds)


def _response(name: str, body: bytes, max_age_seconds: int) -> ExportedResponse:
    """A file below the folder of the search, with the headers that it needs."""
    suffix = Path(name).suffix
    headers: Headers = (
        ("content-type", _TYPES.get(suffix, "application/octet-stream")),
        ("cache-control", _LASTING if suffix in _NAMED_BY_CONTENT else f"public, max-age={max_age_seconds}"),
        ("x-content-type-options", "nosniff"),
        ("access-control-allow-origin", "*"),
        *((("content-security-policy", _SCRIPT_POLICY),) if suffix == ".js" else ()),
        *((("vary", "Accept-Encoding"),) if suffix in {".js", ".json"} else ()),
    )
    return ExportedResponse(f"/{SEARCH_FOLDER}/{name}", 200, headers, body)
