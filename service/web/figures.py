"""What the processes of one service count, in memory they share: a small file beside the index.

Each number is written by one process only: the index refresher and the WebSub publisher have their own, each
worker has a block of them and holds a lock on its number as long as it lives; the one that takes its place
goes on counting there.
"""

import fcntl
import mmap
import os
from collections.abc import Hashable, Iterator
from contextlib import suppress
from typing import Literal, get_args

from service.formats import MEDIA_TYPES
from service.index import beside
from service.settings import Settings

Ping = Literal["sent", "refused", "failed", "unreachable", "timeout"]
"""What became of telling a hub: `refused` concerns the feed (400), `failed` the hub (500)."""

PINGS: tuple[Ping, ...] = get_args(Ping)
STATUSES = (200, 204, 206, 301, 302, 304, 400, 404, 405, 406, 410, 416, 500, 503)
FORMS = (*MEDIA_TYPES, "other")

_BYTES = 8
_SPARE = 2
"""Blocks a worker: while one takes the place of another, both are there."""


class Figures:
    """Numbers by key, all 0 at first: `pings`, hub, outcome. `block` is that of this worker."""

    def __init__(self, settings: Settings, memory: mmap.mmap, block: int = 0) -> None:
        self._blocks = range(settings.workers * _SPARE)
        self._places = {key: place for place, key in enumerate(_keys(settings, self._blocks))}
        self._numbers = memoryview(memory).cast("d")
        self._responses = {
            (form, status): self._places["responses", block, form, status]
            for form in FORMS
            for status in STATUSES
        }

    def add(self, *key: Hashable) -> None:
        """Count one more."""
        self._numbers[self._places[key]] += 1

    def set(self, value: float, *key: Hashable) -> None:
        self._numbers[self._places[key]] = value

    def get(self, *key: Hashable) -> float:
        return self._numbers[self._places[key]]

    def responded(self, form: str, status: int) -> None:
        """Count one more response of this worker: called for every request."""
        place = self._responses.get((form, status))
        if place is not None:
            self._numbers[place] += 1

    def responses(self, form: str, status: int) -> float:
        """How many responses there were, of all workers together."""
        return sum(self.get("responses", block, form, status) for block in self._blocks)


def begin_figures(settings: Settings) -> Figures:
    """New figures for the service that is about to start: others that run on the same index keep theirs.

    Where the file cannot be made, this process counts for itself: nothing stops for want of numbers.
    """
    path = beside(settings.index, "figures")
    with suppress(OSError):
        path.unlink(missing_ok=True)
        path.write_bytes(bytes(_size(settings)))
    return figures_of(settings)


def figures_of(settings: Settings, *, worker: bool = False) -> Figures:
    """The figures of the service this process belongs to; a `worker` gets a block of its own."""
    try:
        file = os.open(beside(settings.index, "figures"), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return private_figures(settings)
    try:
        memory = mmap.mmap(file, _size(settings))
    except (OSError, ValueError):
        os.close(file)
        return private_figures(settings)
    if not worker:
        os.close(file)
        return Figures(settings, memory)
    # Left open until the process ends: with the file would go the lock.
    return Figures(settings, memory, _claim(file, settings.workers * _SPARE))


def private_figures(settings: Settings) -> Figures:
    """Figures nobody else sees."""
    return Figures(settings, mmap.mmap(-1, _size(settings)))


def _claim(file: int, blocks: int) -> int:
    """The number of a block no living worker has."""
    for block in range(blocks):
        with suppress(OSError):
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, block)
            return block
    return blocks - 1


def _keys(settings: Settings, blocks: range) -> Iterator[Hashable]:
    yield from (("faults",), ("scheduled",), ("departed",), ("refreshed",), ("refreshes",), ("failures",))
    for hub in settings.site.hubs:
        yield ("pending", hub)
        yield from (("pings", hub, outcome) for outcome in PINGS)
    for block in blocks:
        yield from (("responses", block, form, status) for form in FORMS for status in STATUSES)


def _size(settings: Settings) -> int:
    return _BYTES * sum(1 for _ in _keys(settings, range(settings.workers * _SPARE)))
