"""The difference between two revisions of the index, as a value."""

from typing import Literal

import msgspec

from service.index.state import Revision
from service.query import TermKey

DropReason = Literal["withdrawn", "expired", "deleted"]
"""Why an article is not visible any more; `deleted` also if it is a draft or scheduled now."""


class ArticlePut(msgspec.Struct, frozen=True):
    """A visible article that was not visible before, or not as it is now.

    Etags are 32 hex digits; `published` and `changed` are in seconds since 1970, None if undated. What is
    `_before` is None or empty where the article was not visible. It `keeps_place` if every list that held it
    holds it still, at the same place.
    """

    id: str
    slug: str
    etag: str
    terms: tuple[TermKey, ...]
    slug_before: str | None = None
    etag_before: str | None = None
    terms_before: tuple[TermKey, ...] = ()
    published: int | None = None
    changed: int | None = None
    published_before: int | None = None
    changed_before: int | None = None
    keeps_place: bool = False


class ArticleDrop(msgspec.Struct, frozen=True):
    """An article that was visible before, with its slug, etag, terms and instants then."""

    id: str
    slug: str
    reason: DropReason
    etag_before: str
    terms_before: tuple[TermKey, ...]
    published_before: int | None = None
    changed_before: int | None = None


class FileChange(msgspec.Struct, frozen=True):
    """A static file whose bytes have changed; the hash is None before it came or after it went."""

    path: str
    sha256_before: str | None
    sha256: str | None


class Difference(msgspec.Struct, frozen=True):
    """The changes from revision `before` to revision `after`, which has the number `generation`.

    Generations only rise, where revisions may repeat. Articles are in order of their ids, files of their
    paths. `has_other_changes` is whether a page, a redirect, a fact of the site, or the announced removal of
    an article that is not in `put` or `drop` with the same terms, may have changed as well.
    `recorded_at` is the instant at which it was recorded, in seconds since 1970. `articles_before` and
    `articles` are hashes of all visible articles: what `/changes` calls a revision.
    """

    generation: int
    before: Revision
    after: Revision
    put: tuple[ArticlePut, ...] = ()
    drop: tuple[ArticleDrop, ...] = ()
    files: tuple[FileChange, ...] = ()
    has_other_changes: bool = False
    recorded_at: int = 0
    articles_before: str = ""
    articles: str = ""
