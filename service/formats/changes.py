"""What changed, as NDJSON: an object a line, the last of which ends the page; and the manifest, as JSON."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from service.formats.api_article import ArticleOut, article_out, select_fields
from service.index import Manifest, ManifestEntry
from service.model import FORMAT_DESCRIPTIONS
from service.query import ChangeDay, ChangePage, DroppedArticle, Query
from service.urls import Urls

CHANGES_TYPE = FORMAT_DESCRIPTIONS["ndjson"].media_type
MANIFEST_TYPE = FORMAT_DESCRIPTIONS["json"].media_type

_Revision = Annotated[str, Meta(examples=["5f0c6d0f2f8b6c0e9d2b1a4c7e8f9a0b"])]
_Digest = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]


class PutLine(msgspec.Struct, frozen=True, tag_field="op", tag="put"):
    """An article to keep, in place of an earlier version; with `fields`, only these."""

    article: ArticleOut | dict[str, Any]


class DropLine(msgspec.Struct, frozen=True, tag_field="op", tag="drop"):
    """An article to delete, if the client has it; `unmatched`: the query does not find it."""

    id: str
    slug: str
    reason: Literal["withdrawn", "expired", "deleted", "unmatched"]


class PageLine(msgspec.Struct, frozen=True, tag_field="op", tag="page"):
    """The end of a page; if `next` is null, the revision is what to ask for next time.

    Of a page of one day, it is the revision at the end of that day, or the present one.
    """

    revision: _Revision
    next: str | None


class ManifestOut(msgspec.Struct, frozen=True):
    """The digest of each bucket of articles: equal digests mean equal ids, etags and slugs."""

    revision: _Revision
    total: Annotated[int, Meta(description="How many articles there are.")]
    buckets: Annotated[
        dict[str, _Digest], Meta(description="By the first two hex digits of the SHA-256 of the id.")
    ]


class ChangeDayOut(msgspec.Struct, frozen=True):
    """What changed on one day: the first page, and the revision that its last one leads to."""

    day: date
    url: Annotated[str, Meta(examples=["https://example.org/changes/2026-11-30.ndjson"])]
    revision: _Revision


class ChangeDaysOut(msgspec.Struct, frozen=True):
    """The days whose changes are known, the oldest first; `articles` is where a copy begins."""

    revision: _Revision
    articles: Annotated[str, Meta(description="Every article, as NDJSON.")]
    days: list[ChangeDayOut]


def render_changes(query: Query, page: ChangePage, urls: Urls) -> bytes:
    """A line for each change, and one that ends the page."""
    return msgspec.json.Encoder().encode_lines([*_lines(query, page, urls)])


def _lines(query: Query, page: ChangePage, urls: Urls) -> Iterator[PutLine | DropLine | PageLine]:
    for change in page.changes:
        if isinstance(change, DroppedArticle):
            yield DropLine(change.id, change.slug, change.reason)
        else:
            yield PutLine(select_fields(article_out(change, urls, query.content), query.fields))
    yield PageLine(page.revision, urls.changes(query, page.next) if page.next else None)


def render_change_days(days: tuple[ChangeDay, ...], urls: Urls) -> bytes:
    """`{"revision", "articles", "days": [{"day", "url", "revision"}, …]}`."""
    listed = [
        ChangeDayOut(day.position.day, urls.changes(Query(), day.position), day.revision) for day in days
    ]
    return msgspec.json.encode(ChangeDaysOut(days[-1].revision, urls.listing("ndjson", Query()), listed))


def has_changes(rendered: bytes) -> bool:
    """Whether a rendered page has anything but its end."""
    return not rendered.startswith(b'{"op":"page"')


def render_manifest(manifest: Manifest) -> bytes:
    """`{"revision", "total", "buckets": {"00": DIGEST, …}}`."""
    buckets = {f"{number:02x}": digest for number, digest in enumerate(manifest.buckets)}
    return msgspec.json.encode(ManifestOut(manifest.revision, manifest.total, buckets))


def render_bucket(entries: tuple[ManifestEntry, ...]) -> bytes:
    """`[[ID, ETAG, SLUG], …]`."""
    return msgspec.json.encode(entries)
