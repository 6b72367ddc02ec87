"""How long one text may take: what nobody foresaw about a text must not stop everything after it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from service.errors import ContentError

MOST_SECONDS = 20.0
"""Of processor time, so that a busy machine changes nothing; a text of 5 MB takes one or two."""

_AGAIN_SECONDS = 0.2


@contextmanager
def patience(line: int = 1, seconds: float = MOST_SECONDS) -> Iterator[None]:
    """End the block with a ContentError at `line` when it takes more than `seconds` of processor time.

    Patterns are searched by code that asks for signals, so it ends those as well. Only the main thread of a
    process can be interrupted so; elsewhere the block takes what it takes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise ContentError(
            line,
            f"this takes more than {seconds:g} seconds to read; look for what is opened and never closed",
        )

    before = signal.signal(signal.SIGVTALRM, give_up)
    try:
        # Again and again, should somebody swallow the error.
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN_SECONDS)
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
