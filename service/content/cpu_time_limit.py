"""A limit on the processor time that one text may take, so that no text keeps the others from being read."""

import signal
import threading
import time
from types import FrameType, TracebackType

from service.errors import ContentError

MAX_SECONDS = 20.0
"""In processor time, which the load of the machine does not change; a text of 5 MB takes one or two."""

_TICK_SECONDS = 0.05


class cpu_time_limit:  # noqa: N801 - a context manager, named as those of contextlib are
    """End the block with a ContentError at `line` once it has used more than `seconds` of processor time.

    The time is that of the thread (`time.thread_time`). A block that is entered again continues its count;
    the count of an outer block stops while an inner one runs. A timer counts the time and interrupts Python
    code and regular expressions; other C code runs to its end, and is judged by the time it took. Only the
    main thread of a process is limited, since no other receives signals.

    What runs when the timer ticks counts all time since the last tick, so that blocks of less than a tick
    within another are counted on the average, not one by one.
    """

    def __init__(self, line: int = 1, seconds: float = MAX_SECONDS) -> None:
        self._line = line
        self._seconds = seconds
        self._used = 0.0
        self._outer: cpu_time_limit | None = None
        self._is_active = False

    def __enter__(self) -> None:
        self._is_active = threading.current_thread() is threading.main_thread()
        if self._is_active:
            self._outer = _timer.enter(self)

    def __exit__(self, error: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        if self._is_active:
            _timer.leave(self._outer)
            if error is None:
                self.check()

    def count(self, seconds: float) -> None:
        """Add to the time that the block has used."""
        self._used += seconds

    def check(self) -> None:
        """Raise ContentError if the counted time is over the limit."""
        if self._used > self._seconds:
            raise ContentError(
                self._line,
                f"reading this takes more than {self._seconds:g} seconds of processor time; "
                "look for markup that is opened and never closed",
            )


class _Timer:
    """The timer of the process. It runs in the outermost block: setting it for each inner one costs more."""

    def __init__(self) -> None:
        self._current: cpu_time_limit | None = None
        self._counted = 0.0
        self._handles_signal = False

    def enter(self, block: cpu_time_limit) -> cpu_time_limit | None:
        """Count the time of `block`; the block around it."""
        outer = self._current
        if outer is None:
            if not self._handles_signal:
                signal.signal(signal.SIGVTALRM, self._tick)
                self._handles_signal = True
            self._counted = time.thread_time()
            signal.setitimer(signal.ITIMER_VIRTUAL, _TICK_SECONDS, _TICK_SECONDS)
        self._current = block
        return outer

    def leave(self, outer: cpu_time_limit | None) -> None:
        """Count the time of the block `outer` around the present one again."""
        if outer is None:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            self._count()
        self._current = outer

    def _count(self) -> None:
        now = time.thread_time()
        if self._current:
            self._current.count(now - self._counted)
        self._counted = now

    def _tick(self, _signal: int, frame: FrameType | None) -> None:
        self._count()
        # An error raised inside this module would leave the timer running for a block that has ended.
        if self._current and not (frame and frame.f_globals is globals()):
            self._current.check()


_timer = _Timer()
