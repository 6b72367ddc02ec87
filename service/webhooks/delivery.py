"""Delivers the events of the journal to one webhook, in order, and retries while that fails."""

import asyncio
import logging
from typing import Protocol

import msgspec

from service.errors import UnknownRevision
from service.index import Difference, Index, now
from service.log_on_change import LogOnChange
from service.outgoing.outcomes import Outcome, Result
from service.retries import pause
from service.settings.webhooks import Webhook
from service.webhooks.delivery_log import DeliveryLog, DeliveryState, Status
from service.webhooks.events import Event, encode_body, events_of, format_instant, is_wanted
from service.webhooks.sender import Sender

FIRST_PAUSE_SECONDS = 5.0
MOST_FAILING_SECONDS = 86_400.0
FEWEST_FAILURES = 10
"""A day of failures counts if so many attempts were made: the service may have been down meanwhile."""

log = logging.getLogger("broadsheet")


class DeliveryCounters(Protocol):
    """Counts the attempts of each webhook, by its id."""

    def attempted(self, webhook_id: str, outcome: Outcome) -> None: ...

    def set_delivery_state(self, webhook_id: str, *, is_stopped: bool, failing_since: float) -> None: ...


class Delivery:
    """Delivers the events of the journal of `index` to `webhook`.

    The journal is the queue: only one difference is held in memory. While an event cannot be delivered, those
    after it wait, so that they arrive in order. A webhook that is not in `delivery_log` begins after the
    revision `since`. The pause after a failure is about `pause_seconds`, doubled
    at each further one. Workers look for new content every `poll_seconds`, and so does this; an event is sent
    when each of them has looked, since receivers fetch the article at once.
    """

    def __init__(
        self,
        webhook: Webhook,
        index: Index,
        sender: Sender,
        delivery_log: DeliveryLog,
        counters: DeliveryCounters,
        *,
        since: int,
        poll_seconds: float,
        pause_seconds: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        self._webhook = webhook
        self._index = index
        self._sender = sender
        self._log = delivery_log
        self._counters = counters
        self._since = since
        self._poll_seconds = poll_seconds
        self._pause_seconds = pause_seconds
        label = f"webhook {webhook.label}"
        self._problem_log = LogOnChange(logging.WARNING, label, f"{label}: works again")

    async def run(self) -> None:
        """Deliver every event, until cancelled. Raises IndexUnavailable."""
        served = await self._index.newest_generation()
        while True:
            generation = await self._index.newest_generation()
            if generation != served:
                await asyncio.sleep(2 * self._poll_seconds)
                served = generation
            await self._deliver_until(generation)
            await asyncio.sleep(self._poll_seconds)

    async def _deliver_until(self, generation: int) -> None:
        """Deliver the events up to the revision `generation`, or up to a failure."""
        while (state := self._state()).generation != generation:
            _, site = await self._index.current()
            if state.status != "active" or state.retry_at > now().timestamp() or not site.public_url:
                return
            try:
                (difference,) = await self._index.differences(state.generation, limit=1)
            except UnknownRevision:
                log.warning(
                    "webhook %s: changes before the newest one are not in the journal any more; not sent",
                    self._webhook.label,
                )
                self._replace(state, msgspec.structs.replace(state, generation=generation, events=0))
            else:
                await self._deliver(difference, state, site.public_url)

    def _state(self) -> DeliveryState:
        """The present state, which is also counted."""
        state = self._log.state(self._webhook.url)
        if state is None:
            state = DeliveryState(generation=self._since)
            self._replace(None, state)
        self._counters.set_delivery_state(
            self._webhook.id, is_stopped=state.status != "active", failing_since=state.failing_since
        )
        return state

    async def _deliver(self, difference: Difference, state: DeliveryState, base: str) -> None:
        """Deliver the events of `difference` that `state` lacks, up to a failure or a replay."""
        for number, event in enumerate(events_of(difference)):
            if number < state.events or not is_wanted(self._webhook, event):
                continue
            result = await self._sender.send(event.id, encode_body(self._webhook, event, base))
            if result.problem:
                after = self._after_failure(state, event, number, result)
            else:
                after = DeliveryState(generation=state.generation, events=number + 1, replays=state.replays)
            is_current = self._replace(state, after)
            # Counted last: what the metrics show has been recorded, and is not sent again after a crash.
            self._counters.attempted(self._webhook.id, result.outcome)
            self._problem_log.report(result.problem)
            if result.problem or not is_current:
                return
            state = after
        self._replace(state, msgspec.structs.replace(state, generation=difference.generation, events=0))

    def _replace(self, before: DeliveryState | None, after: DeliveryState) -> bool:
        """Let the state be `after`. False after a replay, which continues from a state of its own."""
        return self._log.replace(self._webhook.url, before, after)

    def _after_failure(
        self, state: DeliveryState, event: Event, number: int, result: Result
    ) -> DeliveryState:
        """The state after an attempt to deliver `event`, number `number` of its difference, has failed."""
        time = now().timestamp()
        failures = state.failures + 1
        failing_since = state.failing_since or time
        status: Status = "active"
        reason = ""
        if result.outcome == "gone":
            status, reason = "disabled", "disabled by its receiver (410)"
        elif failures >= FEWEST_FAILURES and time - failing_since >= MOST_FAILING_SECONDS:
            status, reason = "paused", "paused after a day of failures"
        if reason:
            log.error(
                "webhook %s: %s; `broadsheet webhooks --replay %s` sends what is missing",
                self._webhook.label,
                reason,
                format_instant(event.difference.recorded_at),
            )
        return msgspec.structs.replace(
            state,
            events=number,
            status=status,
            failures=failures,
            failing_since=failing_since,
            retry_at=time + pause(failures, self._pause_seconds, result.retry_after_seconds),
            problem=result.problem,
        )
