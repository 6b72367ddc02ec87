"""In: a format, a query and a base address. Out: a `Rendered` document with its validators, from a cache.

A `Publisher` answers for one revision of the index at a time. When the revision changes, it discards what the
change touches.
Equal content gives equal bytes, hence equal ETags, on every replica. Begin with `Publisher.listing`.
"""

from service.publisher.byte_bounded_lru import ByteBoundedLRU
from service.publisher.cache_keys import (
    ALL,
    ANY_CHANGE,
    EVERY_DOCUMENT,
    NO_ARTICLES,
    CacheKeys,
    article_key,
    find_touched_keys,
)
from service.publisher.publisher import Publisher
from service.publisher.rendered import Rendered

__all__ = [
    "ALL",
    "ANY_CHANGE",
    "EVERY_DOCUMENT",
    "NO_ARTICLES",
    "ByteBoundedLRU",
    "CacheKeys",
    "Publisher",
    "Rendered",
    "article_key",
    "find_touched_keys",
]
