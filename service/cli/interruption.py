"""Ends commands on SIGINT and SIGTERM, by an exception."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType

REPEAT_SECONDS = 0.01


class Terminated(KeyboardInterrupt):
    """SIGTERM was received; the command ends as on Ctrl-C."""


def terminate(_number: int, _frame: FrameType | None) -> None:
    """The handler of SIGTERM while a command runs."""
    raise Terminated


@contextmanager
def raising_on_signals() -> Iterator[None]:
    """Raise Terminated on SIGTERM and KeyboardInterrupt on SIGINT, unless that is ignored, within the block.

    Python ignores an exception that is raised within a destructor, and SQLite replaces one that is raised
    within a function that it calls by its own; such a one is raised once more.
    """
    interrupt, report = signal.getsignal(signal.SIGINT), sys.unraisablehook
    if interrupt is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, terminate)
    ignored: list[type[BaseException]] = []
    sys.unraisablehook = partial(_raise_again, report, ignored)
    try:
        yield
    except Exception as error:
        if ignored:
            raise ignored[0] from error
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.unraisablehook = report
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, interrupt)


def _raise_again(
    report: Callable[["sys.UnraisableHookArgs"], object],
    ignored: list[type[BaseException]],
    unraisable: "sys.UnraisableHookArgs",
) -> None:
    kind = unraisable.exc_type
    if not issubclass(kind, KeyboardInterrupt):
        report(unraisable)
        return
    ignored.append(kind)

    def repeat(_number: int, _frame: FrameType | None) -> None:
        raise kind

    # Later: what this function raises is ignored, too.
    signal.signal(signal.SIGALRM, repeat)
    signal.setitimer(signal.ITIMER_REAL, REPEAT_SECONDS)
