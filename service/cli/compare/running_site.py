"""Reads the articles of a running site from its NDJSON stream, and its pages by its sitemap."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import unquote

import httpx
import msgspec

from service import __version__
from service.content.identity.page_addresses import RESERVED_SEGMENTS
from service.errors import SettingsError, reason_of
from service.index import ArticleSnapshot
from service.index.inventory import words_digest
from service.index.tables.rename_notices import text_digest
from service.urls import SITEMAP_PATH

TIMEOUT_SECONDS = 30.0
MOST_REDIRECTS = 5
MOST_ARTICLES = 5_000_000
MOST_LINE_BYTES = 64_000_000
NDJSON, XML, JSON = "application/x-ndjson", "application/xml", "application/json"

_LOCATION = re.compile(r"<loc>([^<]+)</loc>")


class _Named(msgspec.Struct, frozen=True):
    name: str


class _Slugged(msgspec.Struct, frozen=True):
    slug: str


class _Article(msgspec.Struct, frozen=True):
    """The fields of an article that are requested."""

    id: str
    slug: str
    url: str
    title: str
    subtitle: str | None
    summary: str | None
    content_text: str | None
    correction: str | None
    authors: tuple[_Named, ...]
    tags: tuple[_Slugged, ...]
    published: datetime | None
    updated: datetime | None
    language: str


_decode = msgspec.json.Decoder(_Article).decode
_FIELDS = ",".join(_Article.__struct_fields__)


def read_articles(base: str) -> Iterator[ArticleSnapshot]:
    """All articles of the site at `base`, newest first.

    Raises SettingsError if it does not respond as Broadsheet does, or not in time.
    """
    address = f"{base.rstrip('/')}/articles.ndjson"
    with _client() as client, _response(client, f"{address}?fields={_FIELDS}", NDJSON) as response:
        yield from _read_lines(response, address)


def read_pages(base: str) -> Iterator[ArticleSnapshot]:
    """The pages of the site at `base` that are not articles, by its sitemap; their slugs are their addresses.

    Raises SettingsError as `read_articles`.
    """
    with _client() as client:
        first, *others = _read_locations(client, f"{base.rstrip('/')}{SITEMAP_PATH}")
        _, separator, part = first.rpartition(SITEMAP_PATH.removesuffix(".xml"))
        if separator:  # an index, which names the part with the pages first
            first, *others = _read_locations(client, f"{base.rstrip('/')}{separator}{part}")
        for location in others:
            path = location.removeprefix(first.rstrip("/"))
            if not path.startswith("/"):
                raise _error(location, f"is in the sitemap, but not below {first}")
            if path.split("/")[1] in RESERVED_SEGMENTS:
                continue
            address = f"{base.rstrip('/')}{path}"
            with _response(client, f"{address}.json", JSON) as response:
                body = response.read()
            try:
                page = _decode(body)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                raise _error(address, f"is not a page: {error}") from error
            yield _make_snapshot(page, slug=unquote(path))


def _read_locations(client: httpx.Client, address: str) -> list[str]:
    """The addresses in a sitemap; the first is that of the home page, or of the part with the pages."""
    with _response(client, address, XML) as response:
        text = response.read().decode("utf-8", "replace")
    locations = [html.unescape(location) for location in _LOCATION.findall(text)]
    if not locations:
        raise _error(address, "names no address; is this a Broadsheet site?")
    return locations


def _client() -> httpx.Client:
    return httpx.Client(
        follow_redirects=True,
        max_redirects=MOST_REDIRECTS,
        timeout=TIMEOUT_SECONDS,
        headers={"User-Agent": f"broadsheet/{__version__}"},
    )


@contextmanager
def _response(client: httpx.Client, address: str, media_type: str) -> Iterator[httpx.Response]:
    """The response at `address`, whose body is not read yet. Raises SettingsError."""
    shown = address.partition("?")[0]
    try:
        with client.stream("GET", address, headers={"Accept": media_type}) as response:
            if response.status_code != httpx.codes.OK:
                raise _error(shown, f"responds with {response.status_code}; is this a Broadsheet site?")
            received = response.headers.get("Content-Type", "").partition(";")[0].strip()
            if received != media_type:
                raise _error(
                    shown, f"is {received or 'untyped'}, not {media_type}; is this a Broadsheet site?"
                )
            yield response
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _error(shown, f"cannot be read: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """Why a request failed: as the system says it, if it is the reason, else as httpx does."""
    cause: BaseException | None = error
    while cause is not None and not (isinstance(cause, OSError) and cause.strerror):
        cause = cause.__cause__ or cause.__context__
    return reason_of(cause) if isinstance(cause, OSError) else str(error) or type(error).__name__


def _read_lines(response: httpx.Response, address: str) -> Iterator[ArticleSnapshot]:
    for number, line in enumerate(_split_lines(response, address), start=1):
        if number > MOST_ARTICLES:
            raise _error(address, f"has more than {MOST_ARTICLES:,} articles")
        try:
            yield _make_snapshot(_decode(line))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise _error(address, f"line {number} is not an article: {error}") from error


def _split_lines(response: httpx.Response, address: str) -> Iterator[bytes]:
    line = bytearray()
    for chunk in response.iter_bytes():
        # The line so far is not copied for every chunk: refusing an endless line would take quadratic time.
        first, *others = chunk.split(b"\n")
        line += first
        for other in others:
            yield bytes(line)
            line = bytearray(other)
        if len(line) > MOST_LINE_BYTES:
            raise _error(address, f"has a line longer than {MOST_LINE_BYTES // 1_000_000} MB")
    if line:
        yield bytes(line)


def _make_snapshot(article: _Article, slug: str = "") -> ArticleSnapshot:
    instants = [instant for instant in (article.published, article.updated) if instant]
    return ArticleSnapshot(
        id=article.id,
        slug=slug or article.slug,
        title=article.title,
        language=article.language,
        published=article.published,
        changed=max(instants, default=None),
        text=text_digest(article.content_text),
        words=words_digest(article),
        tags=tuple(sorted(tag.slug for tag in article.tags)),
        address=article.url,
    )


def _error(address: str, message: str) -> SettingsError:
    return SettingsError((f"--against: {address} {message}",))
