"""Purges one cache of what the journal says has changed, and retries while that fails."""

import asyncio
import logging
from typing import Protocol

import msgspec

from service import __version__
from service.index import Index, now
from service.log_on_change import LogOnChange
from service.outgoing.index_watch import WaitUntilServed
from service.outgoing.outcomes import Outcome, Result
from service.outgoing.request_sender import RequestSender
from service.publisher.cache_keys import EVERY_DOCUMENT, find_purged_keys, public_keys
from service.purging.purge_state import NOTHING_PURGED, PurgeState, PurgeStateFile
from service.purging.requests import make_requests
from service.settings.purges import Purge

FIRST_PAUSE_SECONDS = 2.0
LONGEST_RETRY_AFTER_SECONDS = 3600.0
LONGEST_PAUSE_SECONDS = 60.0
"""Shorter than for webhooks: what a cache was not purged of is stale for its readers."""

MOST_REQUESTS = 32
"""When more would be needed for one batch, everything is purged."""

log = logging.getLogger("broadsheet")


class PurgeCounters(Protocol):
    """Counts the requests to each cache, by the id of its table."""

    def purged(self, purge_id: str, outcome: Outcome) -> None: ...

    def set_purge_state(self, purge_id: str, *, is_pending: bool, failing_since: float) -> None: ...


class CachePurger:
    """Purges the cache `purge` after each change in the journal of `index`.

    The journal is the queue: what could not be purged is purged with what has changed since. A cache that is
    not in `state_file`, or was purged by another version, is purged of everything.
    Changes that arrive within `batch_seconds` are one batch, which is sent when all that answers the cache
    serves them. The pause after a failure is about `pause_seconds`, doubled at each further one.
    """

    def __init__(
        self,
        purge: Purge,
        index: Index,
        sender: RequestSender,
        token: str,
        state_file: PurgeStateFile,
        counters: PurgeCounters,
        wait_until_served: WaitUntilServed,
        *,
        batch_seconds: float,
        pause_seconds: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        self._purge = purge
        self._index = index
        self._sender = sender
        self._token = token
        self._state_file = state_file
        self._counters = counters
        self._wait_until_served = wait_until_served
        self._batch_seconds = batch_seconds
        self._pause_seconds = pause_seconds
        label = f"purge {purge.label}"
        self._problem_log = LogOnChange(logging.WARNING, label, f"{label}: works again")

    async def run(self) -> None:
        """Purge what changes, until cancelled. Raises IndexUnavailable."""
        while True:
            state = self._state_file.state(self._purge.id) or NOTHING_PURGED
            newest = await self._index.newest_revision()
            is_pending = (state.generation, state.revision, state.version) != (*newest, __version__)
            self._counters.set_purge_state(
                self._purge.id, is_pending=is_pending, failing_since=state.failing_since
            )
            self._problem_log.report(state.problem)
            await asyncio.sleep(self._batch_seconds)
            if is_pending and state.due_at <= now().timestamp():
                await self._purge_batch(state)

    async def _purge_batch(self, state: PurgeState) -> None:
        """Purge what has changed since `state`."""
        generation, revision = await self._index.newest_revision()
        await self._wait_until_served(generation, revision)
        touched = EVERY_DOCUMENT
        if state.version == __version__:
            # The keys of what is not served yet are among them; they are purged again when it is.
            touched = await find_purged_keys(self._index, state.generation, state.revision)
        result = await self._send(public_keys(touched))
        self._problem_log.report(result.problem)
        after = PurgeState(generation=generation, revision=revision, version=__version__)
        if result.problem:
            failed = state.after_failure(
                # What is not purged is stale, so a cache that asks for a longer pause is asked earlier.
                self._pause_seconds,
                min(result.retry_after_seconds, LONGEST_RETRY_AFTER_SECONDS),
                LONGEST_PAUSE_SECONDS,
            )
            after = msgspec.structs.replace(failed, problem=result.problem)
        self._state_file.replace(self._purge.id, self._state_file.state(self._purge.id), after)

    async def _send(self, keys: list[str]) -> Result:
        """Send the requests that purge `keys`, up to a failure; the result of the last one."""
        if len(keys) > MOST_REQUESTS * self._purge.most_keys:
            keys = public_keys(EVERY_DOCUMENT)
        result = Result("sent")
        for request in make_requests(self._purge, self._token, keys):
            result = await self._sender.send(request.method, request.url, request.headers, request.body)
            self._counters.purged(self._purge.id, result.outcome)
            if result.problem:
                return result
        log.debug("purge %s: purged %s", self._purge.label, " ".join(keys))
        return result
