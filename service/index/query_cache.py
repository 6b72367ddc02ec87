"""What was worked out once for a query, whatever its order and page: remembered for one revision."""

from typing import Generic, TypeVar

import msgspec

from service.index.answers import Revision
from service.query import Query

T = TypeVar("T")


class QueryMemory(Generic[T]):
    """Holds at most `most` values, all of one revision; when it moves on, or is full, all are forgotten."""

    def __init__(self, most: int = 500) -> None:
        self._most = most
        self._held: dict[Query, T] = {}
        self._revision: Revision | None = None

    def get(self, revision: Revision, query: Query) -> T | None:
        return self._held.get(_bare(query)) if revision == self._revision else None

    def put(self, revision: Revision, query: Query, value: T) -> None:
        if revision != self._revision or len(self._held) >= self._most:
            self._held = {}
            self._revision = revision
        self._held[_bare(query)] = value


def _bare(query: Query) -> Query:
    """Which articles, and nothing of their order or how much of them."""
    return msgspec.structs.replace(
        query, sort="newest", limit=None, cursor=None, archive=None, content="full", fields=()
    )
