"""A cache bounded by the bytes of its values."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class ByteBoundedLRU(Generic[T]):
    """A cache of at most `max_bytes`, which evicts the least recently used values first."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._items: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable) -> T | None:
        item = self._items.get(key)
        if item is None:
            return None
        self._items.move_to_end(key)
        return item[0]

    def put(self, key: Hashable, value: T, size: int) -> None:
        """Cache `value` of `size` bytes, unless it is larger than a quarter of the cache."""
        if size > self._max_bytes // 4:
            return
        replaced = self._items.pop(key, None)
        self._bytes += size - (replaced[1] if replaced else 0)
        self._items[key] = (value, size)
        while self._bytes > self._max_bytes:
            _, (_, evicted_bytes) = self._items.popitem(last=False)
            self._bytes -= evicted_bytes

    def clear(self) -> None:
        self._items.clear()
        self._bytes = 0
