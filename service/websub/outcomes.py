"""How a notification of a hub can end, and who counts it."""

from typing import Literal, Protocol, get_args

Ping = Literal["sent", "refused", "failed", "unreachable", "timeout"]
"""The outcome of one notification: `refused` concerns the feed (400), `failed` the hub (500)."""

PINGS: tuple[Ping, ...] = get_args(Ping)


class PingCounters(Protocol):
    """Counts the notifications of each hub."""

    def pinged(self, hub: str, outcome: Ping) -> None: ...

    def set_pending(self, hub: str, count: int) -> None: ...
