"""The values that an index answers with."""

import os
from datetime import datetime

import msgspec

from service.model import Article


class Revision(msgspec.Struct, frozen=True):
    """`content` is a hash of every file that counts; `transition` the newest due one, seconds since 1970."""

    content: str
    transition: int = 0


class Moved(msgspec.Struct, frozen=True):
    """The answer to a former slug: where the article is now."""

    slug: str


class SitemapMonth(msgspec.Struct, frozen=True):
    """Up to MONTH_ARTICLES visible articles of one month (UTC), and when any of them last changed.

    `name` is the month and, where it fills several, a number: `2019-01`, `2019-01.2`, `undated`.
    """

    name: str
    articles: int
    changed: datetime | None


MONTH_ARTICLES = 1000
UNDATED_MONTH = "undated"


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


class RelatedArticles(msgspec.Struct, frozen=True):
    """The articles next to one in time, and those `related` to it by tags, the nearest first.

    `modified` is when anything visible last changed, for the validators of a page that shows them.
    """

    newer: Article | None = None
    older: Article | None = None
    related: tuple[Article, ...] = ()
    modified: datetime | None = None
