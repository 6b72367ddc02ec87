"""What every index answers: the Index protocol and the values it gives. Imported from `service.index`."""

import os
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec

from service.errors import Fault
from service.model import Article, Site
from service.query import ArchiveCursor, ArchivePage, Facet, FacetKind, Page, Query


class Revision(msgspec.Struct, frozen=True):
    """`content` is a hash of every file that counts; `transition` the newest due one, seconds since 1970."""

    content: str
    transition: int = 0


class Moved(msgspec.Struct, frozen=True):
    """The answer to a former slug: where the article is now."""

    slug: str


class Shelf(msgspec.Struct, frozen=True):
    """Up to MOST_ON_SHELF visible articles of one month (UTC), and when any of them last changed.

    `name` is the month and, where it fills several shelves, a number: `2019-01`, `2019-01.2`, `undated`.
    """

    name: str
    articles: int
    changed: datetime | None


MOST_ON_SHELF = 1000
UNDATED_SHELF = "undated"


class FileHash(msgspec.Struct, frozen=True):
    """A file as it was when it was hashed: its size in bytes, when it changed, and the hash as hex digits."""

    size: int
    mtime_ns: int
    ctime_ns: int
    sha256: str

    def is_of(self, facts: os.stat_result) -> bool:
        """Whether a file with these facts still is what was hashed."""
        return (self.size, self.mtime_ns, self.ctime_ns) == (
            facts.st_size,
            facts.st_mtime_ns,
            facts.st_ctime_ns,
        )


class FileRecord(msgspec.Struct, frozen=True):
    """What the index knows of a file that is no article.

    `is_referenced` and `is_withheld` as `may_be_served` takes them (see `content.served_files`), but for what
    the pages of the site refer to; `hash` is None for a file that was not hashed (yet).
    """

    is_referenced: bool = False
    is_withheld: bool = False
    hash: FileHash | None = None


class Companions(msgspec.Struct, frozen=True):
    """What stands beside an article: its neighbours in time, and `related` ones, the nearest first.

    `modified` is when anything visible last changed: what a page that shows all this can say of itself.
    """

    newer: Article | None = None
    older: Article | None = None
    related: tuple[Article, ...] = ()
    modified: datetime | None = None


class Index(Protocol):
    """Answers over one revision of the content.

    Every method may raise IndexUnavailable; those that may take more than microseconds TooManyQueries and
    QueryTooExpensive as well. Cancelling such a method ends its query.
    """

    async def revision(self) -> Revision:
        """The revision that is visible now; microseconds, asked often."""
        ...

    async def current(self) -> tuple[Revision, Site]:
        """The revision that is visible now, and the facts of the site at it."""
        ...

    async def find(self, query: Query, limit: int) -> Page:
        """The page of at most `limit` articles that `query` asks for.

        Raises StaleCursor for a relevance cursor of an earlier revision.
        """
        ...

    async def follow(self, query: Query, limit: int, most_bytes: int) -> Page:
        """As `find`, for a feed: of about `most_bytes` at most, and the first page with what its log adds."""
        ...

    async def stretch(self, query: Query, position: ArchiveCursor, most_bytes: int) -> ArchivePage:
        """The archive document of `query` that begins at `position`; there is one at every position."""
        ...

    async def look_up(self, slug: str) -> Article | Moved:
        """The visible article at `slug`, or where it moved to. Raises NotFound, Gone."""
        ...

    async def locate(self, path: str) -> str | None:
        """The slug of the visible article made from the file `path` (the first, where it holds several)."""
        ...

    async def file_record(
        self, path: str, public_url: str | None = None, linked_folder: str = ""
    ) -> FileRecord:
        """What is known of the file `path`, which articles may also name by its address below `public_url`.

        It is withheld when it was reached through a `linked_folder` that no visible article comes from.
        """
        ...

    async def facets(self, kind: FacetKind) -> tuple[Facet, ...]:
        """Every tag, author, source or language of visible articles: most frequent first, then by slug."""
        ...

    async def beginnings(self, slug: str, limit: int) -> tuple[tuple[FacetKind, Facet], ...]:
        """At most `limit` tags, authors and sources whose slug begins with `slug`, most frequent first."""
        ...

    async def shelves(self) -> tuple[Shelf, ...]:
        """All visible articles month by month, in order of publication; the undated come last."""
        ...

    async def on_shelf(self, name: str) -> tuple[Article, ...]:
        """The visible articles on the shelf called `name`, in order of publication; none if there is none."""
        ...

    async def close(self) -> None: ...


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a build found: files seen and read anew, articles kept, every fault, and when to look again.

    `departed` are the articles that were withdrawn or have expired, as feeds tell. `notices` are no faults,
    but worth knowing: articles that readers know by another id or address than they have now, notes on files.
    """

    revision: Revision
    files: int
    read: int
    articles: int
    scheduled: int
    departed: int
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]
    next_transition: datetime | None


Progress = Callable[[int, int], None]
"""Called with (files done, files in all) while a build reads."""
