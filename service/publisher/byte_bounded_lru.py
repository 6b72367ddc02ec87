"""A cache bounded by the bytes of its values."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class ByteBoundedLRU(Generic[T]):
    """A cache of at most `max_bytes`, which evicts the least recently used values first.

    Each value has `dependencies`, names of what it was made from, by which it can be discarded.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._items: OrderedDict[Hashable, tuple[T, int, frozenset[str]]] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._items)

    def get(self, key: Hashable) -> T | None:
        item = self._items.get(key)
        if item is None:
            return None
        self._items.move_to_end(key)
        return item[0]

    def put(self, key: Hashable, value: T, size: int, dependencies: frozenset[str] = frozenset()) -> None:
        """Cache `value` of `size` bytes, unless it is larger than a quarter of the cache."""
        if size > self._max_bytes // 4:
            return
        replaced = self._items.pop(key, None)
        self._bytes += size - (replaced[1] if replaced else 0)
        self._items[key] = (value, size, dependencies)
        while self._bytes > self._max_bytes:
            _, (_, evicted_bytes, _) = self._items.popitem(last=False)
            self._bytes -= evicted_bytes

    def discard(self, changed: frozenset[str]) -> None:
        """Remove every value that depends on something `changed`."""
        outdated = [
            key for key, (_, _, dependencies) in self._items.items() if not dependencies.isdisjoint(changed)
        ]
        for key in outdated:
            _, size, _ = self._items.pop(key)
            self._bytes -= size
