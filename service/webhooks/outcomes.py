"""How an attempt to deliver an event can end, and who counts it."""

from typing import Literal, Protocol, get_args

Outcome = Literal["sent", "gone", "refused", "failed", "unreachable", "timeout", "blocked"]
"""The outcome of one attempt: `gone` is 410, `refused` any other 400, `failed` every other status.

`blocked` is an address that is not public.
"""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


class DeliveryCounters(Protocol):
    """Counts the attempts of each webhook, by its id."""

    def attempted(self, webhook_id: str, outcome: Outcome) -> None: ...

    def set_delivery_state(self, webhook_id: str, *, is_stopped: bool, failing_since: float) -> None: ...
