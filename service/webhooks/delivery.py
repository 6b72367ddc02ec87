"""Delivers the events of the journal to one webhook; one that fails is sent again, and others do not wait."""

import asyncio
import logging
from itertools import islice
from typing import Protocol

import msgspec

from service.errors import QueryTooExpensive, TooManyQueries, UnknownRevision
from service.index import Index, Revision, now
from service.log_on_change import LogOnChange
from service.outgoing.attempts import Attempts
from service.outgoing.index_watch import WaitUntilServed
from service.outgoing.outcomes import Outcome, Result
from service.settings.webhooks import Webhook
from service.webhooks.delivery_state import DeliveryState, DeliveryStateFile, Status, WaitingEvent
from service.webhooks.events import Event, choose_events, encode_body, events_of, format_instant
from service.webhooks.sender import Sender

FIRST_PAUSE_SECONDS = 5.0
MOST_FAILING_SECONDS = 86_400.0
FEWEST_FAILURES = 10
"""A day of failures counts if so many attempts were made: the service may have been down meanwhile."""

MOST_WAITING = 100
"""Events that are sent again. When they are so many, no further ones are read from the journal."""

FAILURES_OF_RECEIVER = 5
"""After so many failures in a row, whatever the event, the receiver itself is spared too."""

log = logging.getLogger("broadsheet")


class DeliveryCounters(Protocol):
    """Counts the attempts of each webhook, by its id."""

    def attempted(self, webhook_id: str, outcome: Outcome) -> None: ...

    def set_delivery_state(
        self, webhook_id: str, *, is_stopped: bool, failing_since: float, waiting: int, given_up: int
    ) -> None: ...


class Delivery:
    """Delivers the events of the journal of `index` to `webhook`, in its order.

    The journal is the queue: only one difference is held in memory. An event that fails waits, and later ones
    of the same article behind it; all others go on. A webhook that is not in `state_file` begins after the
    revision `since`. The pause after a failure is about `pause_seconds`, doubled
    at each further one. The index is looked at every `poll_seconds`; an event is sent when all workers and
    replicas serve the change, since receivers fetch the article at once.
    """

    def __init__(
        self,
        webhook: Webhook,
        index: Index,
        sender: Sender,
        state_file: DeliveryStateFile,
        counters: DeliveryCounters,
        wait_until_served: WaitUntilServed,
        *,
        since: int,
        poll_seconds: float,
        pause_seconds: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        self._webhook = webhook
        self._index = index
        self._sender = sender
        self._state_file = state_file
        self._counters = counters
        self._since = since
        self._wait_until_served = wait_until_served
        self._poll_seconds = poll_seconds
        self._pause_seconds = pause_seconds
        label = f"webhook {webhook.label}"
        self._problem_log = LogOnChange(logging.WARNING, label, f"{label}: works again")

    async def run(self) -> None:
        """Deliver every event, until cancelled. Raises IndexUnavailable."""
        served: tuple[int, Revision] | None = None
        while True:
            newest = await self._index.newest_revision()
            if newest != served:
                await self._wait_until_served(*newest)
                served = newest
            await self._deliver_until(newest[0])
            await asyncio.sleep(self._poll_seconds)

    async def _deliver_until(self, generation: int) -> None:
        """Deliver the events up to the revision `generation`, and those that are due again."""
        while _may_send(state := self._state()):
            _, site = await self._index.current()
            if not site.public_url:
                return
            if due := _find_due(state):
                await self._send_again(due, state, site.public_url)
            elif state.generation != generation and len(state.waiting) < MOST_WAITING:
                await self._send_next(state, generation, site.public_url)
            else:
                return

    def _state(self) -> DeliveryState:
        """The present state, which is also counted and logged."""
        state = self._state_file.state(self._webhook.url)
        if state is None:
            state = DeliveryState(generation=self._since)
            self._replace(None, state)
        self._counters.set_delivery_state(
            self._webhook.id,
            is_stopped=state.status != "active",
            failing_since=state.failing_since,
            waiting=len(state.waiting),
            given_up=state.given_up,
        )
        if state.status == "active":  # else its end has been logged
            self._problem_log.report(state.problem)
        return state

    async def _send_next(self, state: DeliveryState, generation: int, base: str) -> None:
        """Send the events that follow those of `state`, at most one difference of them."""
        try:
            (difference,) = await self._index.differences(state.generation, limit=1)
        except UnknownRevision:
            log.warning(
                "webhook %s: changes that were not sent are not in the journal any more; it begins later",
                self._webhook.label,
            )
            # The newest revision of before may be gone as well, after a change as large as the journal.
            known = min(generation, await self._index.generation_from(state.generation))
            self._replace(state, msgspec.structs.replace(state, generation=known, events=0))
            return
        try:
            events = await choose_events(self._webhook, difference, self._index.find_ids)
        except (QueryTooExpensive, TooManyQueries) as error:
            result = Result("failed", f"its filters cannot be applied: {error}")
            self._replace(state, self._after_failure(state, result, difference.recorded_at))
            self._problem_log.report(result.problem)
            return
        for event in events:
            if event.number < state.events:
                continue
            if len(state.waiting) >= MOST_WAITING or not _may_send(state) or _find_due(state):
                return
            waiting = WaitingEvent(
                since=state.generation,
                number=event.number,
                article_id=event.article_id,
                matches=event.matches,
                recorded_at=difference.recorded_at,
            )
            reached = msgspec.structs.replace(state, events=event.number + 1)
            if any(earlier.article_id == event.article_id for earlier in state.waiting):
                after = _with_waiting(reached, waiting)
                is_current = self._replace(state, after)
            else:
                after, is_current = await self._send(event, waiting, state, reached, base)
            if not is_current:
                return
            state = after
        self._replace(state, msgspec.structs.replace(state, generation=difference.generation, events=0))

    async def _send_again(self, waiting: WaitingEvent, state: DeliveryState, base: str) -> None:
        """Send the event that is `waiting` in `state`."""
        others = tuple(other for other in state.waiting if other != waiting)
        rest = msgspec.structs.replace(state, waiting=others)
        try:
            (difference,) = await self._index.differences(waiting.since, limit=1)
        except UnknownRevision:
            self._log_given_up(waiting, "its change is not in the journal any more")
            self._replace(state, msgspec.structs.replace(rest, given_up=state.given_up + 1))
            return
        (event,) = islice(events_of(difference), waiting.number, waiting.number + 1)
        event = msgspec.structs.replace(event, matches=waiting.matches)
        await self._send(event, waiting, state, rest, base)

    async def _send(
        self, event: Event, waiting: WaitingEvent, state: DeliveryState, rest: DeliveryState, base: str
    ) -> tuple[DeliveryState, bool]:
        """Send `event`, which is `waiting` if it fails: the state after it, and whether that is in force.

        Until now the state was `state`; `rest` is the state without this event.
        """
        result = await self._sender.send(event.id, encode_body(event, base))
        after = self._after_failed(waiting, rest, result) if result.problem else _after_success(rest)
        is_current = self._replace(state, after)
        # Counted last: what the metrics show has been recorded, and is not sent again after a crash.
        self._counters.attempted(self._webhook.id, result.outcome)
        self._problem_log.report(after.problem)
        return after, is_current

    def _replace(self, before: DeliveryState | None, after: DeliveryState) -> bool:
        """Let the state be `after`. False after a replay, which continues from a state of its own."""
        return self._state_file.replace(self._webhook.url, before, after)

    def _after_failed(self, waiting: WaitingEvent, rest: DeliveryState, result: Result) -> DeliveryState:
        """The state after an attempt to deliver `waiting` has failed; without that event it was `rest`."""
        failed = waiting.after_failure(self._pause_seconds, result.retry_after_seconds)
        if result.retry_after_seconds:
            failed = msgspec.structs.replace(failed, retry_after=failed.retry_at)
        after = self._after_failure(_with_waiting(rest, failed), result, waiting.recorded_at)
        if after.status != "active" or not _failed_for_a_day(failed):
            return after
        self._log_given_up(waiting, f"given up after a day of failures, the last one: {result.problem}")
        return msgspec.structs.replace(after, waiting=rest.waiting, given_up=rest.given_up + 1)

    def _after_failure(self, state: DeliveryState, result: Result, recorded_at: int) -> DeliveryState:
        """The state after one more failure, with a change of this instant: perhaps the webhook is stopped."""
        failed = state.after_failure(
            self._pause_seconds, result.retry_after_seconds, without_growth=FAILURES_OF_RECEIVER
        )
        status: Status = "active"
        reason = ""
        if result.outcome == "gone":
            status, reason = "disabled", "disabled by its receiver (410)"
        elif _failed_for_a_day(failed):
            status, reason = "paused", "paused after a day of failures"
        if reason:
            log.error(
                "webhook %s: %s; `broadsheet webhooks --replay %s` sends what is missing",
                self._webhook.label,
                reason,
                format_instant(min((recorded_at, *(event.recorded_at for event in state.waiting)))),
            )
        return msgspec.structs.replace(failed, status=status, problem=result.problem)

    def _log_given_up(self, waiting: WaitingEvent, reason: str) -> None:
        log.error(
            "webhook %s: an event of %s is not sent: %s; `broadsheet webhooks --replay %s` sends it again",
            self._webhook.label,
            waiting.article_id or "the revision",
            reason,
            format_instant(waiting.recorded_at),
        )


def _may_send(state: DeliveryState) -> bool:
    """Whether the receiver may be sent any event now."""
    return state.status == "active" and _spared_until(state) <= now().timestamp()


def _spared_until(state: DeliveryState) -> float:
    return state.due_at if state.failures >= FAILURES_OF_RECEIVER else 0.0


def _find_due(state: DeliveryState) -> WaitingEvent | None:
    """The earliest event that is due again, and waits for no other of its article."""
    time = now().timestamp()
    return next((waiting for waiting in _firsts(state) if waiting.due_at <= time), None)


def next_attempt_at(state: DeliveryState) -> float | None:
    """When an event of `state` is sent again, in seconds since 1970; None if none is."""
    if state.status != "active" or not state.waiting:
        return None
    return max(_spared_until(state), min(waiting.due_at for waiting in _firsts(state)))


def _firsts(state: DeliveryState) -> list[WaitingEvent]:
    """The first waiting event of each article, in the order of the journal."""
    firsts: dict[str, WaitingEvent] = {}
    for waiting in state.waiting:
        firsts.setdefault(waiting.article_id, waiting)
    return list(firsts.values())


def _with_waiting(state: DeliveryState, waiting: WaitingEvent) -> DeliveryState:
    """`state` with one more event that waits, in the order of the journal."""
    ordered = sorted((*state.waiting, waiting), key=lambda event: (event.since, event.number))
    return msgspec.structs.replace(state, waiting=tuple(ordered))


def _after_success(state: DeliveryState) -> DeliveryState:
    """`state` once the receiver has taken an event: if it was down until now, all that waits is due."""
    waiting = state.waiting
    if state.failures >= FAILURES_OF_RECEIVER:
        waiting = tuple(msgspec.structs.replace(event, retry_at=event.retry_after) for event in waiting)
    return msgspec.structs.replace(
        state,
        waiting=waiting,
        failures=0,
        failing_since=0.0,
        failed_at=0.0,
        retry_at=0.0,
        problem=state.problem if waiting else "",
    )


def _failed_for_a_day(attempts: Attempts) -> bool:
    is_long = now().timestamp() - attempts.failing_since >= MOST_FAILING_SECONDS
    return is_long and attempts.failures >= FEWEST_FAILURES
