"""Saves looks at an index that has not changed: to open it takes longer than to ask for its files."""

import time
from collections.abc import Callable
from datetime import datetime

from service.index import IndexFacts, index_facts, now
from service.web.metrics.common_numbers import INDEX_WRITERS, IndexWriter
from service.web.metrics.counters import Counters

LONGEST_SECONDS = 10.0
"""So long a result is used at the most, in case a program that is no Broadsheet changes the index."""

LookFacts = tuple[IndexFacts, tuple[float, ...]]


def look_facts(url: str, counters: Counters, own: IndexWriter | None = None) -> LookFacts | None:
    """What differs after any change of the index at `url`; None while a process commits one.

    The `own` process commits nothing meanwhile.
    """
    # Readers see a commit a little after it was written to the log: until then its number is odd.
    changes = tuple(
        number
        for writer, number in zip(INDEX_WRITERS, counters.index_changes(), strict=True)
        if writer != own
    )
    return None if any(number % 2 for number in changes) else (index_facts(url), changes)


class TransitionSchedule:
    """Applies scheduled changes to the index at `url`, opening it only if some may be due.

    The process `own` does this, and commits nothing else meanwhile.
    """

    def __init__(self, url: str, counters: Counters, own: IndexWriter) -> None:
        self._url = url
        self._own = own
        self._counters = counters
        self._facts: LookFacts | None = None
        self._applied_at = now()
        self._next: datetime | None = None
        self._look_at = 0.0

    def apply(self, apply_due: Callable[[], datetime | None]) -> datetime | None:
        """The instant of the next change, as `apply_due` returns it; called unless it would do nothing."""
        facts, moment = look_facts(self._url, self._counters, self._own), now()
        if (
            facts is not None
            and facts == self._facts
            # The clock may have been set back, or ahead.
            and self._applied_at <= moment
            and (self._next is None or moment < self._next)
            and time.monotonic() < self._look_at
        ):
            return self._next
        self._facts = None
        self._next = apply_due()
        self._facts, self._applied_at = facts, moment
        self._look_at = time.monotonic() + LONGEST_SECONDS
        return self._next
