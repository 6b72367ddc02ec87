"""The values that pass between reading files, settling identities and building the index."""

from datetime import datetime

import msgspec

from service.errors import Fault
from service.model import Article


class SourceFile(msgspec.Struct, frozen=True, order=True):
    """An article file as it lies on disk: `path` relative to the content folder with forward slashes.

    Size in bytes and mtime in nanoseconds only say whether it may have changed; nothing public hangs on them.
    """

    path: str
    size: int
    mtime_ns: int


class Scan(msgspec.Struct, frozen=True):
    """Every article file below the content folder, sorted by path, and what could not be looked into."""

    files: tuple[SourceFile, ...]
    faults: tuple[Fault, ...]


class Loaded(msgspec.Struct, frozen=True):
    """What one file gave. An article in it has its wished-for slug, and an empty id unless one is given.

    Drafts are not in it. A file with a fault that concerns the whole file gives no articles.
    """

    articles: tuple[Article, ...]
    faults: tuple[Fault, ...]


class Claim(msgspec.Struct, frozen=True):
    """The facts of one article that decide who gets which slug and id.

    `slug` is the wished-for one, `first_slug` the last of its aliases or else None, `id` "" unless given.
    """

    path: str
    number: int
    slug: str
    first_slug: str | None
    language: str
    published: datetime | None
    id: str


class Settled(msgspec.Struct, frozen=True):
    """The slug and id of the article at (`path`, `number`), once and for all claims together."""

    path: str
    number: int
    slug: str
    id: str
