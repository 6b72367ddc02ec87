"""The search of an export: what Pagefind, an optional program, makes of the texts of all articles.

It writes an index in many small files, of which a browser reads the few that have the words of a search, and
a script and WebAssembly that do so. The page of the search loads them.
"""

import asyncio
import hashlib
import html
import subprocess
import sys
import tempfile
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
from service.formats import languages
from service.index import Index, Moved
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


def write_search(settings: Settings, content: ContentChanges, files: FileWriter) -> str:
    """Write the search, unless that of the previous export was made from the same texts by the same program.

    Returns a hash of what it was made of, "" if there is none. Raises ExportError, IndexUnavailable.
    """
    before = files.before
    is_whole = before.search != "" and files.has_whole_folder(SEARCH_FOLDER)
    if is_whole and before.articles == content.articles and not content.is_everything_touched:
        files.record.keep_below(SEARCH_FOLDER)
        return before.search
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as work:
        search = asyncio.run(_write_documents(settings, content.contents.known.pages, Path(work)))
        if is_whole and (before.search, before.made_by) == (search, content.made_by):
            files.record.keep_below(SEARCH_FOLDER)
        elif search:
            for response in _make_search(Path(work), settings.site.language, settings.list_max_age_seconds):
                name = response.address.removeprefix("/")
                files.write_rendition(name, make_rendition(response), hosted_headers(response.headers))
    return search


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


async def _write_documents(settings: Settings, pages: tuple[str, ...], work: Path) -> str:
    """Write the page of each article that Pagefind reads; a hash of them all, "" if there are none.

    Their names stay the same. All are indexed in the language of the site, because a browser searches in the
    index of one language.
    """
    site = settings.site
    urls = Urls(site.public_url or "", site.addresses)
    folder = work / _DOCUMENTS
    folder.mkdir()
    digest = hashlib.sha256(site.language.encode())
    is_empty = True
    index = Index(settings.index)
    try:
        async for article in _read_documents(index, pages):
            name = f"{hashlib.sha256(article.id.encode()).hexdigest()}.html"
            document = _document(article, site, urls).encode()
            (folder / name).write_bytes(document)
            digest.update(name.encode() + hashlib.sha256(document).digest())
            is_empty = False
    finally:
        await index.close()
    return "" if is_empty else digest.hexdigest()


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


def _make_search(work: Path, language: str, max_age_seconds: int) -> Iterator[ExportedResponse]:
    """Everything that a browser needs to search in the documents in `work`, by Pagefind. Raises ExportError.

    Equal documents give equal files.
    """
    bundle = work / "bundle"
    command = [
        sys.executable,
        "-m",
        "pagefind",
        "--site",
        str(work / _DOCUMENTS),
        "--output-path",
        str(bundle),
    ]
    # It knows languages without a region.
    command += ["--force-language", language.partition("-")[0].lower(), "--silent"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if result.returncode != 0 or not bundle.is_dir():
        reason = (result.stderr or result.stdout).strip()[-_LONGEST_REASON:]
        raise ExportError(f"the search of the export cannot be made: pagefind failed: {reason}")
    return _responses(bundle, f"public, max-age={max_age_seconds}")


def _responses(bundle: Path, changing: str) -> Iterator[ExportedResponse]:
    """The files that Pagefind wrote, with the headers that each needs."""
    for path in sorted(bundle.rglob("*")):
        if not path.is_file() or any(part in path.name for part in _OF_ITS_OWN_PAGES):
            continue
        is_lasting = path.suffix in _NAMED_BY_CONTENT
        headers: Headers = (
            ("content-type", _TYPES.get(path.suffix, "application/octet-stream")),
            ("cache-control", _LASTING if is_lasting else changing),
            ("x-content-type-options", "nosniff"),
            ("access-control-allow-origin", "*"),
            *((("content-security-policy", _SCRIPT_POLICY),) if path.suffix == ".js" else ()),
            *((("vary", "Accept-Encoding"),) if path.suffix in {".js", ".json"} else ()),
        )
        name = path.relative_to(bundle).as_posix()
        yield ExportedResponse(f"/{SEARCH_FOLDER}/{name}", 200, headers, path.read_bytes())
