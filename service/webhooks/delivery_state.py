"""How far each webhook has been delivered, in a file next to the index."""

from typing import Literal

from service.errors import counted
from service.outgoing.attempts import Attempts
from service.outgoing.state_file import StateFile

FILE_NAME = "webhooks"
"""The file is `index.db.webhooks`."""

Status = Literal["active", "paused", "disabled"]
"""`paused` after a day of failures, `disabled` by the receiver (410); both until a replay."""


class WaitingEvent(Attempts, frozen=True, kw_only=True):
    """An event after the revision `since` that is sent again, or waits for an earlier one of its article.

    `number`, `article_id`, `matches` and the instant `recorded_at` are those of the Event. Its receiver asked
    that it is not sent again before `retry_after`, in seconds since 1970.
    """

    since: int
    number: int
    article_id: str
    matches: bool
    recorded_at: int
    retry_after: float = 0.0


class DeliveryState(Attempts, frozen=True, kw_only=True):
    """The events delivered: all up to the revision `generation`, and `events` of those that follow it.

    But for those that are `waiting`, in the order of the journal, and for as many as were `given_up`. The
    attempts are those of all events; `problem` is the last failure. `replays` counts the replays, so that a
    state before a replay never equals one after it.
    """

    generation: int
    events: int = 0
    waiting: tuple[WaitingEvent, ...] = ()
    given_up: int = 0
    status: Status = "active"
    problem: str = ""
    replays: int = 0


def replayed(state: DeliveryState | None, generation: int) -> DeliveryState:
    """The state that continues at the revision `generation`; earlier events of `state` that wait are kept."""
    if state is None:
        return DeliveryState(generation=generation)
    waiting = tuple(event for event in state.waiting if event.since < generation)
    return DeliveryState(
        generation=generation,
        waiting=waiting,
        problem=state.problem if waiting else "",
        replays=state.replays + 1,
    )


def describe_given_up(events: int) -> str:
    """`1 event was given up`."""
    return f"{counted(events, 'event')} {'was' if events == 1 else 'were'} given up"


class DeliveryStateFile(StateFile[DeliveryState]):
    """The state of each webhook, by its url; the notifier and `broadsheet webhooks` may write it."""

    state_type = DeliveryState
    what = "deliveries of webhooks"
    after_restart = "events may be sent again after a restart"
    from_now_on = "events from now on are sent"
