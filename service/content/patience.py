"""How long one text may take: what nobody foresaw about a text must not stop everything after it."""

import signal
import threading
from types import FrameType

from service.errors import ContentError

MOST_SECONDS = 20.0
"""Of processor time, so that a busy machine changes nothing; a text of 5 MB takes one or two."""

_TICK_SECONDS = 0.05


class patience:  # noqa: N801 - reads as what it is: `with patience():`
    """End the block with a ContentError at `line` when it takes more than `seconds` of processor time.

    Patterns are searched by code that asks for signals, so it ends those as well. Only the main thread of a
    process can be interrupted so; elsewhere the block takes what it takes. A block within another has its own
    time, while the clock of the outer one stands still; one that is entered again goes on where it stopped.
    """

    def __init__(self, line: int = 1, seconds: float = MOST_SECONDS) -> None:
        self._line = line
        self._seconds = self._left = seconds
        self._around: patience | None = None
        self._is_timed = False

    def __enter__(self) -> None:
        self._is_timed = threading.current_thread() is threading.main_thread()
        if self._is_timed:
            self._around = _clock.begin(self)

    def __exit__(self, *_: object) -> None:
        if self._is_timed:
            _clock.end(self._around)

    def wait(self) -> None:
        """Let a tick pass. Raises ContentError, and with every tick again, should somebody swallow it."""
        self._left -= _TICK_SECONDS
        if self._left <= 0:
            took = f"this takes more than {self._seconds:g} seconds to read"
            raise ContentError(self._line, f"{took}; look for what is opened and never closed")


class _Clock:
    """The one timer of the process. It ticks within the outermost block: to set it for each takes longer."""

    def __init__(self) -> None:
        self._block: patience | None = None
        self._to_next = _TICK_SECONDS
        self._is_heard = False

    def begin(self, block: patience) -> patience | None:
        """Time `block`; the one around it."""
        around, self._block = self._block, block
        if around is None:
            if not self._is_heard:
                signal.signal(signal.SIGVTALRM, self._tick)
                self._is_heard = True
            signal.setitimer(signal.ITIMER_VIRTUAL, self._to_next, _TICK_SECONDS)
        return around

    def end(self, around: patience | None) -> None:
        """Time the block `around` the present one again."""
        self._block = around
        if around is None:
            left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            self._to_next = left or _TICK_SECONDS  # so that many short blocks hear it too

    def _tick(self, _signal: int, _frame: FrameType | None) -> None:
        if self._block:
            self._block.wait()


_clock = _Clock()
