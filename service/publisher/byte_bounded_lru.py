"""What is remembered, up to a number of bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Memory(Generic[T]):
    """Values remembered up to a number of bytes; the ones not used for longest are forgotten first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._held: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable) -> T | None:
        held = self._held.get(key)
        if held is None:
            return None
        self._held.move_to_end(key)
        return held[0]

    def put(self, key: Hashable, value: T, size: int) -> None:
        """Remember `value`, which takes `size` bytes; one larger than a quarter of the whole is not kept."""
        if size > self._most_bytes // 4:
            return
        replaced = self._held.pop(key, None)
        self._bytes += size - (replaced[1] if replaced else 0)
        self._held[key] = (value, size)
        while self._bytes > self._most_bytes:
            _, (_, freed) = self._held.popitem(last=False)
            self._bytes -= freed

    def clear(self) -> None:
        self._held.clear()
        self._bytes = 0
