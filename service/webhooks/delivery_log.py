"""How far each webhook has been delivered, in a file next to the index."""

from pathlib import Path
from typing import Literal

import msgspec

from service.outgoing.state_file import StateFile

LOG_NAME = "webhooks"
"""The file is `index.db.webhooks`."""

Status = Literal["active", "paused", "disabled"]
"""`paused` after a day of failures, `disabled` by the receiver (410); both until a replay."""


class DeliveryState(msgspec.Struct, frozen=True, kw_only=True):
    """What was delivered: all events up to the revision `generation`, and `events` of those that follow it.

    Instants are in seconds since 1970. The current run of `failures` began at `failing_since`; the next
    attempt is due at `retry_at`. `problem` is the last failure. `replays` counts the replays, so that a state
    before a replay never equals one after it.
    """

    generation: int
    events: int = 0
    status: Status = "active"
    failures: int = 0
    failing_since: float = 0.0
    retry_at: float = 0.0
    problem: str = ""
    replays: int = 0


class DeliveryLog(StateFile[DeliveryState]):
    """The state of each webhook, by its url; the publisher and `broadsheet webhooks` may write it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            DeliveryState,
            what="deliveries of webhooks",
            after_restart="events may be sent again after a restart",
            from_now_on="events from now on are sent",
        )
