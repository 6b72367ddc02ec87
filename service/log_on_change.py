"""A condition that lasts is logged when it begins, changes and ends, and at growing intervals between."""

import logging
import time
from collections.abc import Callable

import msgspec

from service.errors import BroadsheetError, counted

FIRST_INTERVAL_SECONDS = 10.0
LONGEST_INTERVAL_SECONDS = 3600.0
FORGET_SECONDS = 600.0
"""When nothing has been wrong for so long, whatever comes next is news."""

MOST_CONDITIONS = 8
"""So many messages have an interval each; further ones share one, in case a message has a changing number."""

log = logging.getLogger("broadsheet")


class _Seen(msgspec.Struct):
    """When a condition was first met, in seconds, and when it may be logged again."""

    first: float
    due: float
    interval: float = FIRST_INTERVAL_SECONDS


class LogOnChange:
    """The condition that prevents one thing, logged as `beginning: condition`; `over` is logged at its end.

    Conditions that alternate are one condition that lasts. One that comes back after `over` was logged is
    logged at once, so that the last line is never wrong for long; each time that it does, `over` waits for
    twice as long without any condition.
    """

    def __init__(
        self, level: int, beginning: str, over: str = "", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._level = level
        self._beginning = beginning
        self._over = over
        self._clock = clock
        self._seen: dict[str, _Seen] = {}
        self._last = 0.0
        self._is_logged = False
        self._quiet_seconds = 0.0
        self._lasting = ("", 0.0)

    def report(self, condition: str, error: Exception | None = None) -> None:
        """Say that `condition` holds now, "" for none; `error` adds its traceback to the first line."""
        now = self._clock()
        if not condition:
            if self._is_logged and now - self._last >= self._quiet_seconds:
                if self._over:
                    log.info("%s", self._over)
                self._is_logged = False
            self._lasting = ("", 0.0)
            return
        if now - self._last >= FORGET_SECONDS:
            self._seen.clear()
            self._quiet_seconds = 0.0
        is_back = bool(self._seen) and not self._is_logged
        self._last = now
        key = condition if condition in self._seen or len(self._seen) < MOST_CONDITIONS else ""
        seen = self._seen.setdefault(key, _Seen(first=now, due=now))
        if self._lasting[0] != key:
            self._lasting = (key, now)
        if is_back:
            quiet_seconds = max(FIRST_INTERVAL_SECONDS, 2 * self._quiet_seconds)
            self._quiet_seconds = min(quiet_seconds, FORGET_SECONDS)
        elif now < seen.due:
            return
        since, traceback = "", error
        if seen.first < now:
            ago = _duration(now - seen.first)
            has_lasted = self._lasting[1] == seen.first
            since, traceback = f" (for {ago})" if has_lasted else f" (again; first {ago} ago)", None
        log.log(self._level, "%s: %s%s", self._beginning, condition, since, exc_info=traceback)
        seen.due = now + seen.interval
        seen.interval = min(2 * seen.interval, LONGEST_INTERVAL_SECONDS)
        self._is_logged = True

    def report_error(self, error: BaseException) -> None:
        """Say that `error` holds now: one of Broadsheet by its message, others with type and traceback."""
        if isinstance(error, BroadsheetError):
            self.report(str(error))
        else:
            traceback = error if isinstance(error, Exception) else None
            self.report(f"{type(error).__name__}: {error}", traceback)


def _duration(seconds: float) -> str:
    """`30 seconds`, `5 minutes`, `2 hours`."""
    for unit, length in (("hour", 3600), ("minute", 60)):
        if seconds >= length:
            return counted(int(seconds // length), unit)
    return f"{int(seconds)} seconds"
