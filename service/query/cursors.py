"""Positions in lists: `cursor` of a page, `archive` of an archive page, and that of a page by position.

All are equal on every replica. A position among changes names revisions, by which a replica finds its own.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from typing import TypeVar

import msgspec

from service.errors import InvalidParameter


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """A position between two rows: just after (or, if `backwards`, just before) the row with this sort key.

    `key` is the row's sort key before the id: seconds since 1970 of the instant it is sorted by, None for an
    undated row; for `title` and `series` a text; for `relevance` its rank, and `revision` names the ranking.
    `binding` is `bind(query)`.
    """

    backwards: bool
    key: int | float | str | None
    id: str
    binding: str
    revision: str = ""

    def encode(self) -> str:
        """The opaque form used in addresses: URL-safe base64 without padding."""
        return urlsafe_b64encode(msgspec.msgpack.encode(self)).rstrip(b"=").decode()


class ArchiveCursor(msgspec.Struct, frozen=True):
    """The row of a changelog at which an archive page begins: `1548667800-9c56cc51b374c3ba` in addresses.

    `changed` is the instant in seconds since 1970, `id_hash` the first 16 hex digits of the SHA-256 of the
    id. `window` follows after a dot while rows may still be added near the cursor: it names those there now.
    """

    changed: int
    id_hash: str
    window: str = ""

    @property
    def key(self) -> tuple[int, str]:
        """The sort key of the changelog, which is in descending order."""
        return self.changed, self.id_hash

    def __str__(self) -> str:
        return f"{self.changed}-{self.id_hash}" + (f".{self.window}" if self.window else "")


class ListPosition(msgspec.Struct, frozen=True):
    """The article at which a page of a list by date begins: `1548667800-9c56cc51b374c3ba` in addresses.

    `published` is in seconds since 1970, None for an undated article, `id_hash` as in `ArchiveCursor`.
    """

    published: int | None
    id_hash: str

    @property
    def key(self) -> tuple[int | None, str]:
        return self.published, self.id_hash

    def __str__(self) -> str:
        return f"{'undated' if self.published is None else self.published}-{self.id_hash}"


def hash_id(article_id: str) -> str:
    """The part of an `ArchiveCursor` that distinguishes articles of one instant."""
    return hashlib.sha256(article_id.encode()).hexdigest()[:16]


class RevisionPoint(msgspec.Struct, frozen=True, array_like=True):
    """A revision in a journal: a hash of the articles visible in it, and its generation, which never repeats.

    Generations are seconds since 1970, or more: about equal on replicas that build their own index. It is 0
    for the oldest revision with these articles.
    """

    articles: str
    generation: int


class ChangeCursor(msgspec.Struct, frozen=True, array_like=True):
    """A position among the changes since a revision, or, where that is None, among all articles.

    `begun` is the revision at which the first page was made, `key` the last entry that was listed. `binding`
    is `bind(query)`.
    """

    since: RevisionPoint | None
    begun: RevisionPoint
    key: bytes
    binding: str

    def encode(self) -> str:
        """The opaque form used in addresses: URL-safe base64 without padding."""
        return urlsafe_b64encode(msgspec.msgpack.encode(self)).rstrip(b"=").decode()


AnyCursor = TypeVar("AnyCursor", Cursor, ChangeCursor)


def decode_cursor(kind: type[AnyCursor], text: str, binding: str) -> AnyCursor:
    """The cursor whose opaque form is `text`.

    Raises InvalidParameter when it is damaged or belongs to another query than the one with this `binding`.
    """
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        cursor = msgspec.msgpack.decode(raw, type=kind)
    except (ValueError, msgspec.MsgspecError):
        raise InvalidParameter("cursor", "invalid cursor; restart without it.") from None
    if cursor.binding != binding or cursor.encode() != text:
        raise InvalidParameter("cursor", "it belongs to another query; restart without it.")
    return cursor


class ChangePosition(msgspec.Struct, frozen=True):
    """A page of what changed on one UTC day: `2026-11-30-9c56cc51b374c3ba` in addresses.

    `key` are the first 16 hex digits of the SHA-256 of the id that the page begins at; the first page of a
    day has none. `start` follows after a dot on the first day of a journal, which may not have all changes of
    that day: it names the revision that the journal begins with.
    """

    day: date
    start: str = ""
    key: str = ""

    def __str__(self) -> str:
        return (
            self.day.isoformat()
            + (f".{self.start}" if self.start else "")
            + (f"-{self.key}" if self.key else "")
        )
