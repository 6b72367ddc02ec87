"""Trouble that lasts is logged when it begins, changes and ends, not at every try that meets it."""

import logging

log = logging.getLogger("broadsheet")


class LogOnChange:
    """What keeps one thing from being done, said as `beginning: trouble`; `over` tells its end, if given."""

    def __init__(self, level: int, beginning: str, over: str = "") -> None:
        self._level = level
        self._beginning = beginning
        self._over = over
        self._last = ""

    def tell(self, trouble: str) -> None:
        """Log `trouble` unless it was the last told; "" for none."""
        if trouble and trouble != self._last:
            log.log(self._level, "%s: %s", self._beginning, trouble)
        elif self._last and not trouble and self._over:
            log.info("%s", self._over)
        self._last = trouble
