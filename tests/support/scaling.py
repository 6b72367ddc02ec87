"""How much longer a function takes when its text is four times as long."""

import gc
import itertools
import math
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

import msgspec

MAX_GROWTH = 6.0
"""Four times the text may take six times as long: linear time, and room for caches and noise."""

_SHORTEST = 2_000
_NEGLIGIBLE_SECONDS = 0.003
"""What the longest text takes at most in a function that is too fast to be measured, or to matter."""
_CERTAIN_SECONDS = 0.3
"""What the longest text takes at least where a growth is certain."""


def clear_caches() -> None:
    """Empty every cache of a function of the service, so that no text is known from another row."""
    for name, module in list(sys.modules.items()):
        if name.startswith("service"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


class Growth(msgspec.Struct, frozen=True, order=True):
    """`ratio` is the processor time at `length` characters as a multiple of that at a quarter of them."""

    ratio: float
    length: int
    seconds: float


class _OverTime(BaseException):
    """Not an Exception, so that no function under test takes it for a fault of its text."""


def measure_growth(
    function: Callable[[str], object],
    token: str,
    *,
    enough: float = 0.02,
    longest: int = 128_000,
    most: float = 8.0,
) -> Growth:
    """The growth of the time that `function` takes for `token` repeated.

    The texts grow from 8,000 characters up until one takes `enough` seconds of processor time, or is
    `longest`. A ratio above MAX_GROWTH is measured anew, the best of three counting for each length, and
    again for at least one longer text and until one takes long enough to be certain: what is bounded (a
    depth, a number of candidates) grows up to some length, and so does the share of a text that no processor
    cache holds.
    The growth of a call that takes more than `most` seconds, which is interrupted, is infinite.
    """

    repetitions = itertools.count()

    def seconds(length: int) -> float:
        # Each call has another text, which no cache holds yet.
        return _seconds(function, token * (length // len(token) + next(repetitions)), most)

    def measured(before: float, after: float) -> Growth:
        return Growth(after / before if after < math.inf else math.inf, length, after)

    _seconds(function, token, most)  # compiles patterns and reads word lists on first use
    length = _SHORTEST
    before = seconds(length)
    after = before
    while after < enough and length < longest:
        length *= 4
        before, after = after, seconds(length)
    if length == _SHORTEST and after < math.inf:
        length *= 4
        after = seconds(length)
    if after < _NEGLIGIBLE_SECONDS:
        return Growth(0.0, length, after)
    growth = measured(before, after)
    remeasured = 0
    while MAX_GROWTH < growth.ratio < math.inf:
        growth = measured(
            min(seconds(length // 4) for _ in range(3)),
            min(seconds(length) for _ in range(3)),
        )
        remeasured += 1
        if remeasured > 1 and growth.seconds > _CERTAIN_SECONDS:
            break
        length *= 4
    return growth


def _seconds(function: Callable[[str], object], text: str, most: float) -> float:
    """Processor time of one call; infinite where it takes more than `most`."""
    gc.disable()
    previous = signal.signal(signal.SIGPROF, _stop)
    started = time.thread_time()
    try:
        signal.setitimer(signal.ITIMER_PROF, most)
        function(text)
    except Exception:  # noqa: S110 - to refuse a text is an answer, and takes time too
        pass
    except _OverTime:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        taken = time.thread_time() - started
        signal.signal(signal.SIGPROF, previous)
        gc.enable()
    return taken


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _OverTime
