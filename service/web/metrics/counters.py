"""Counters that the processes of one service share: a small memory-mapped file next to the index.

Each number is written by one process only. Processes other than workers have their own; each
worker has a block of numbers and locks it while it runs, and the worker that replaces it continues there.
"""

import fcntl
import hashlib
import mmap
import os
import time
from collections.abc import Hashable, Iterator
from contextlib import AbstractContextManager, suppress
from operator import itemgetter

from service.formats import MEDIA_TYPES
from service.index import sibling_path
from service.outgoing.outcomes import OUTCOMES, Outcome
from service.settings import Settings
from service.web.metrics.common_numbers import (
    COMMON_KEYS,
    INDEX_WRITERS,
    LAYOUT,
    NUMBER_BYTES,
    IndexWriter,
    odd_number,
)
from service.websub.outcomes import PINGS, Ping

STATUSES = (200, 204, 206, 301, 302, 304, 400, 401, 404, 405, 406, 410, 412, 416, 500, 503)
COUNTED_FORMATS = (*MEDIA_TYPES, "other")

MAX_HUBS = 32
"""How many hubs are counted while a service runs; its settings may change meanwhile."""

_BLOCKS_PER_WORKER = 2
"""While one worker replaces another, both run."""


class Counters:
    """Numbers by key, such as `"restarts", process`, all 0 at first; `block` is that of this worker.

    They are shared with the other processes of the service unless the file of them could not be used.

    Only the WebSub publisher counts for hubs, webhooks and purges; its first count for a hub claims a place
    for it.
    """

    def __init__(
        self, settings: Settings, memory: mmap.mmap, block: int = 0, *, is_shared: bool = True
    ) -> None:
        self.is_shared = is_shared
        self._blocks = _blocks(settings)
        self._places = {key: place for place, key in enumerate(_keys(settings))}
        self.webhook_ids = tuple(webhook.id for webhook in settings.webhooks)
        self.purge_ids = tuple(purge.id for purge in settings.purges)
        self._block = block
        self._numbers = memoryview(memory).cast("d")
        self._responses = {
            (format_name, status): self._places["responses", block, format_name, status]
            for format_name in COUNTED_FORMATS
            for status in STATUSES
        }
        self._read_index_changes = itemgetter(
            *(self._places["index_changes", name] for name in INDEX_WRITERS)
        )

    def add(self, *key: Hashable) -> None:
        """Count one more."""
        self._numbers[self._places[key]] += 1

    def set(self, value: float, *key: Hashable) -> None:
        self._numbers[self._places[key]] = value

    def get(self, *key: Hashable) -> float:
        return self._numbers[self._places[key]]

    def changing_index(self, process: IndexWriter) -> AbstractContextManager[None]:
        """Have workers look at the index before each answer in the block, and once after it.

        The number of the process is odd meanwhile, also after it was killed.
        """
        return odd_number(self._numbers, self._places["index_changes", process])

    def index_changes(self) -> tuple[float, ...]:
        """A number of each process that changes the index; while they are equal and even, it is the same."""
        changes: tuple[float, ...] = self._read_index_changes(self._numbers)
        return changes

    def pinged(self, hub: str, outcome: Ping) -> None:
        """Count one more ping of `hub`."""
        if (number := self._claim_hub(hub)) is not None:
            self.add("pings", number, outcome)

    def set_pending(self, hub: str, feeds: int) -> None:
        """Set how many feeds `hub` is still to be notified of."""
        if (number := self._claim_hub(hub)) is not None:
            self.set(feeds, "pending", number)

    def pings(self, hub: str, outcome: Ping) -> float:
        number = self._hub(hub)
        return 0.0 if number is None else self.get("pings", number, outcome)

    def pending(self, hub: str) -> float:
        number = self._hub(hub)
        return 0.0 if number is None else self.get("pending", number)

    def attempted(self, webhook_id: str, outcome: Outcome) -> None:
        """Count one more attempt to deliver an event to a webhook."""
        self.add("deliveries", webhook_id, outcome)

    def set_delivery_state(
        self, webhook_id: str, *, is_stopped: bool, failing_since: float, waiting: int, given_up: int
    ) -> None:
        """Set whether a webhook is paused or disabled, and since when everything fails: 0 while it does not.

        And how many of its events wait to be sent again, and how many were given up.
        """
        self.set(is_stopped, "webhook_stopped", webhook_id)
        self.set(failing_since, "webhook_failing_since", webhook_id)
        self.set(waiting, "webhook_waiting", webhook_id)
        self.set(given_up, "webhook_given_up", webhook_id)

    def purged(self, purge_id: str, outcome: Outcome) -> None:
        """Count one more request that purges a cache."""
        self.add("purges", purge_id, outcome)

    def set_purge_state(self, purge_id: str, *, is_pending: bool, failing_since: float) -> None:
        """Set whether changes are not purged yet, and since when purging fails: 0 while it does not."""
        self.set(is_pending, "purge_pending", purge_id)
        self.set(failing_since, "purge_failing_since", purge_id)

    def set_served(self, generation: int) -> None:
        """Set the generation of the index that this worker serves."""
        self.set(generation, "served", self._block)

    def set_waiting(self, requests: int) -> None:
        """Set how many requests of this worker wait for a change."""
        self.set(requests, "waiting", self._block)

    def waiting(self) -> float:
        """How many requests of all workers wait for a change."""
        return sum(self.get("waiting", block) for block in self._blocks)

    def served_generation(self) -> float:
        """The lowest generation of the index that a worker serves; 0 before the first one does.

        A worker that has ended counts until another one takes its place.
        """
        served = [self.get("served", block) for block in self._blocks]
        return min(filter(None, served), default=0.0)

    def overdue_seconds(self) -> float:
        """For how many seconds a successful refresh has been overdue; 0.0 while it is on time."""
        due = self.get("refresh_due")
        return max(0.0, time.monotonic() - due) if due else 0.0

    def responded(self, format_name: str, status: int) -> None:
        """Count one more response of this worker."""
        place = self._responses.get((format_name, status))
        if place is not None:
            self._numbers[place] += 1

    def responses(self, format_name: str, status: int) -> float:
        """The number of responses of all workers."""
        return sum(self.get("responses", block, format_name, status) for block in self._blocks)

    def _hub(self, hub: str) -> int | None:
        """The place that counts for `hub`, or None."""
        hub_id = _hub_id(hub)
        return next((number for number in range(MAX_HUBS) if self.get("hub", number) == hub_id), None)

    def _claim_hub(self, hub: str) -> int | None:
        number = self._hub(hub)
        if number is None:
            number = next((number for number in range(MAX_HUBS) if not self.get("hub", number)), None)
            if number is not None:
                self.set(_hub_id(hub), "hub", number)
        return number


def create_counters(settings: Settings) -> Counters:
    """New counters for the service that is about to start; others that run on the same index keep theirs.

    If the file cannot be created, the counters are private to this process.
    """
    path = sibling_path(settings.index, "figures")
    with suppress(OSError):
        path.unlink(missing_ok=True)
        path.write_bytes(bytes(_size(settings)))
    counters = open_counters(settings)
    counters.set(LAYOUT, "layout")
    return counters


def open_counters(settings: Settings, *, worker: bool = False) -> Counters:
    """The counters of the service that this process belongs to; a `worker` gets a block of its own."""
    try:
        file = os.open(sibling_path(settings.index, "figures"), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return private_counters(settings)
    try:
        memory = mmap.mmap(file, _size(settings))
    except (OSError, ValueError):
        os.close(file)
        return private_counters(settings)
    if not worker:
        os.close(file)
        return Counters(settings, memory)
    # The file stays open until the process ends, because closing it would release the lock.
    return Counters(settings, memory, _claim(file, settings.workers * _BLOCKS_PER_WORKER))


def private_counters(settings: Settings) -> Counters:
    """Counters of this process alone."""
    return Counters(settings, mmap.mmap(-1, _size(settings)), is_shared=False)


def _claim(file: int, blocks: int) -> int:
    """The number of a block that no running worker has locked."""
    for block in range(blocks):
        with suppress(OSError):
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, block)
            return block
    return blocks - 1


def _hub_id(hub: str) -> float:
    """A number that identifies `hub`: never 0, and exact in a double."""
    return float(int.from_bytes(hashlib.sha256(hub.encode()).digest()[:6], "big") + 1)


def _blocks(settings: Settings) -> range:
    return range(settings.workers * _BLOCKS_PER_WORKER)


def _keys(settings: Settings) -> Iterator[Hashable]:
    yield from COMMON_KEYS
    for number in range(MAX_HUBS):
        yield from (("hub", number), ("pending", number))
        yield from (("pings", number, outcome) for outcome in PINGS)
    for webhook in settings.webhooks:
        yield from (("webhook_stopped", webhook.id), ("webhook_failing_since", webhook.id))
        yield from (("webhook_waiting", webhook.id), ("webhook_given_up", webhook.id))
        yield from (("deliveries", webhook.id, outcome) for outcome in OUTCOMES)
    for purge in settings.purges:
        yield from (("purge_pending", purge.id), ("purge_failing_since", purge.id))
        yield from (("purges", purge.id, outcome) for outcome in OUTCOMES)
    for block in _blocks(settings):
        yield from (("served", block), ("waiting", block))
        yield from (
            ("responses", block, format_name, status)
            for format_name in COUNTED_FORMATS
            for status in STATUSES
        )


def _size(settings: Settings) -> int:
    return NUMBER_BYTES * sum(1 for _ in _keys(settings))
