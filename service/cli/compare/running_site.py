"""Reads the articles of a running site from its NDJSON stream."""

from collections.abc import Iterator
from datetime import datetime

import httpx
import msgspec

from service import __version__
from service.errors import SettingsError
from service.index import ArticleSnapshot
from service.index.inventory import words_digest
from service.index.tables.renames import text_digest

TIMEOUT_SECONDS = 30.0
MOST_REDIRECTS = 5
MOST_ARTICLES = 5_000_000
MOST_LINE_BYTES = 64_000_000
ACCEPTED = ("application/x-ndjson",)


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
    headers = {"Accept": "application/x-ndjson", "User-Agent": f"broadsheet/{__version__}"}
    try:
        with (
            httpx.Client(
                follow_redirects=True, max_redirects=MOST_REDIRECTS, timeout=TIMEOUT_SECONDS, headers=headers
            ) as client,
            client.stream("GET", address, params={"fields": _FIELDS}) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise _error(address, f"responds with {response.status_code}; is this a Broadsheet site?")
            media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
            if media_type not in ACCEPTED:
                raise _error(
                    address,
                    f"is {media_type or 'untyped'}, not NDJSON; is this a Broadsheet site?",
                )
            yield from _read_lines(response, address)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _error(address, f"cannot be read ({str(error) or type(error).__name__})") from error


def _read_lines(response: httpx.Response, address: str) -> Iterator[ArticleSnapshot]:
    for number, line in enumerate(_split_lines(response, address), start=1):
        if number > MOST_ARTICLES:
            raise _error(address, f"has more than {MOST_ARTICLES:,} articles")
        try:
            yield _make_snapshot(_decode(line))
        except msgspec.MsgspecError as error:
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


def _make_snapshot(article: _Article) -> ArticleSnapshot:
    instants = [instant for instant in (article.published, article.updated) if instant]
    return ArticleSnapshot(
        id=article.id,
        slug=article.slug,
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
