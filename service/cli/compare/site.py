"""What a running site tells of its articles, walked line by line."""

from collections.abc import Iterator
from datetime import datetime

import httpx
import msgspec

from service import __version__
from service.errors import SettingsError
from service.index import ArticleSnapshot
from service.index.inventory import words_digest
from service.index.renames import text_digest

TIMEOUT_SECONDS = 30.0
MOST_REDIRECTS = 5
MOST_ARTICLES = 5_000_000
MOST_LINE_BYTES = 64_000_000
ACCEPTED = ("application/x-ndjson",)


class _Named(msgspec.Struct, frozen=True):
    name: str


class _Slugged(msgspec.Struct, frozen=True):
    slug: str


class _Told(msgspec.Struct, frozen=True):
    """The fields of ARTICLE that are asked for."""

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


_decode = msgspec.json.Decoder(_Told).decode
_FIELDS = ",".join(_Told.__struct_fields__)


def walk(base: str) -> Iterator[ArticleSnapshot]:
    """Every article that the site at `base` serves, newest first.

    Raises SettingsError when it does not answer as Broadsheet does, or not in time.
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
                raise _trouble(address, f"answers {response.status_code}; is Broadsheet there?")
            media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
            if media_type not in ACCEPTED:
                raise _trouble(address, f"is {media_type or 'of no type'}, not NDJSON; is Broadsheet there?")
            yield from _articles(response, address)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _trouble(address, f"cannot be read ({str(error) or type(error).__name__})") from error


def _articles(response: httpx.Response, address: str) -> Iterator[ArticleSnapshot]:
    for number, line in enumerate(_lines(response, address), start=1):
        if number > MOST_ARTICLES:
            raise _trouble(address, f"has more than {MOST_ARTICLES:,} articles")
        try:
            yield _known(_decode(line))
        except msgspec.MsgspecError as error:
            raise _trouble(address, f"line {number} is no article of ours: {error}") from error


def _lines(response: httpx.Response, address: str) -> Iterator[bytes]:
    waiting = bytearray()
    for piece in response.iter_bytes():
        # What came before is not copied for every piece: an endless line would take for ever to refuse.
        first, *others = piece.split(b"\n")
        waiting += first
        for other in others:
            yield bytes(waiting)
            waiting = bytearray(other)
        if len(waiting) > MOST_LINE_BYTES:
            raise _trouble(address, f"has a line longer than {MOST_LINE_BYTES // 1_000_000} MB")
    if waiting:
        yield bytes(waiting)


def _known(told: _Told) -> ArticleSnapshot:
    instants = [instant for instant in (told.published, told.updated) if instant]
    return ArticleSnapshot(
        id=told.id,
        slug=told.slug,
        title=told.title,
        language=told.language,
        published=told.published,
        changed=max(instants, default=None),
        text=text_digest(told.content_text),
        words=words_digest(told),
        tags=tuple(sorted(tag.slug for tag in told.tags)),
        address=told.url,
    )


def _trouble(address: str, what: str) -> SettingsError:
    return SettingsError((f"--against: {address} {what}",))
