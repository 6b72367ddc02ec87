"""How long one text may take: what nobody foresaw about a text must not stop everything after it."""

import signal
import threading
from types import FrameType

from service.errors import ContentError

MOST_SECONDS = 20.0
"""Of processor time, so that a busy machine changes nothing; a text of 5 MB takes one or two."""

_AGAIN_SECONDS = 0.2


class patience:  # noqa: N801 - reads as what it is: `with patience():`
    """End the block with a ContentError at `line` when it takes more than `seconds` of processor time.

    Patterns are searched by code that asks for signals, so it ends those as well. Only the main thread of a
    process can be interrupted so; elsewhere the block takes what it takes. A block within another has its own
    time, while the clock of the outer one stands still; blocks one after the other may share theirs.
    """

    def __init__(self, line: int = 1, seconds: float = MOST_SECONDS) -> None:
        self._line = line
        self._seconds = self._left = seconds
        self._outer: tuple[int, float, float] | None = None

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._outer = _limit.begin(self._line, self._seconds, self._left)

    def __exit__(self, *_: object) -> None:
        if self._outer:
            self._left = _limit.end(*self._outer)


class _Limit:
    """The one timer of the process: who listens to it is told once, as that takes longer than to set it."""

    def __init__(self) -> None:
        self._line = 1
        self._seconds = MOST_SECONDS
        self._is_heard = False

    def begin(self, line: int, seconds: float, left: float) -> tuple[int, float, float]:
        """Start the clock; the line and limit of the block around this one, and the time it has left."""
        outer = self._line, self._seconds
        self._line, self._seconds = line, seconds
        if not self._is_heard:
            signal.signal(signal.SIGVTALRM, self._give_up)
            self._is_heard = True
        # Again and again, should somebody swallow the error.
        outer_left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, left, _AGAIN_SECONDS)
        return *outer, outer_left

    def end(self, line: int, seconds: float, left: float) -> float:
        """Let the clock of the block around this one go on; the time this one has left."""
        self._line, self._seconds = line, seconds
        own_left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, left, _AGAIN_SECONDS if left else 0)
        return own_left

    def _give_up(self, _signal: int, _frame: FrameType | None) -> None:
        took = f"this takes more than {self._seconds:g} seconds to read"
        raise ContentError(self._line, f"{took}; look for what is opened and never closed")


_limit = _Limit()
