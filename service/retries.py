"""How long to wait before a failed HTTP request is repeated: exponential backoff with jitter, Retry-After."""

import contextlib
import random
from email.utils import parsedate_to_datetime

import httpx

from service.index import now

LONGEST_PAUSE_SECONDS = 3600.0
LONGEST_RETRY_AFTER_SECONDS = 86400.0


def retry_delay(
    failures: int,
    first_seconds: float,
    retry_after_seconds: float = 0.0,
    longest_seconds: float = LONGEST_PAUSE_SECONDS,
) -> float:
    """Seconds to wait after `failures` failures in a row: at least what the receiver asks for."""
    longest = min(longest_seconds, first_seconds * 2.0 ** min(failures - 1, 64))
    # Random, so that the senders to one receiver do not all return at the same moment.
    delay = longest * random.uniform(0.5, 1.0)  # noqa: S311
    return max(delay, min(retry_after_seconds, LONGEST_RETRY_AFTER_SECONDS))


def retry_after(response: httpx.Response) -> float:
    """The seconds that Retry-After asks for (RFC 9110 §10.2.3); 0 if it is missing or invalid."""
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        return max(0.0, (parsedate_to_datetime(value) - now()).total_seconds())
    return 0.0
