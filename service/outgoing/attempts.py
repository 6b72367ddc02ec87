"""Attempts that failed in a row, and when the next is due."""

from typing import Self

import msgspec

from service.index import now
from service.retries import LONGEST_PAUSE_SECONDS, retry_delay


class Attempts(msgspec.Struct, frozen=True, kw_only=True):
    """The last `failures` attempts failed, the first at `failing_since`, the last at `failed_at`.

    The next one is due at `retry_at`, or at once if the clock was set back to before `failed_at`.

    Instants are in seconds since 1970, and 0 while there are no failures.
    """

    failures: int = 0
    failing_since: float = 0.0
    failed_at: float = 0.0
    retry_at: float = 0.0

    @property
    def due_at(self) -> float:
        """When the next attempt is due; 0 if it is due at once."""
        return self.retry_at if self.failed_at <= now().timestamp() else 0.0

    def after_failure(
        self,
        first_seconds: float,
        retry_after_seconds: float,
        longest_seconds: float = LONGEST_PAUSE_SECONDS,
        *,
        without_growth: int = 1,
    ) -> Self:
        """The attempts after one more failure, now. The pauses grow after `without_growth` failures."""
        time = now().timestamp()
        failures = self.failures + 1
        growing = max(1, failures + 1 - without_growth)
        return msgspec.structs.replace(
            self,
            failures=failures,
            failing_since=min(self.failing_since or time, time),
            failed_at=time,
            retry_at=time + retry_delay(growing, first_seconds, retry_after_seconds, longest_seconds),
        )
