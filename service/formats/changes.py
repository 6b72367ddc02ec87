"""What changed, as NDJSON: an object a line, the last of which ends the page; and the manifest, as JSON."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from service.formats.api_article import ArticleOut, article_out, select_fields
from service.index import Manifest, ManifestEntry
from service.model import FORMAT_DESCRIPTIONS
from service.query import ChangePage, DroppedArticle, Query
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
    """The end of a page; if `next` is null, the revision is what to ask for next time."""

    revision: _Revision
    next: str | None


class ManifestOut(msgspec.Struct, frozen=True):
    """The digest of each bucket of articles: equal digests mean equal ids, etags and slugs."""

    revision: _Revision
    total: Annotated[int, Meta(description="How many articles there are.")]
    buckets: Annotated[
        dict[str, _Digest], Meta(description="By the first two hex digits of the SHA-256 of the id.")
    ]


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
