"""The pause before a failed request is repeated."""

import httpx
import pytest

from service.retries import LONGEST_PAUSE_SECONDS, retry_after, retry_delay


@pytest.mark.parametrize("failures", [1, 2, 5, 30, 10_000])
def test_pauses_double_and_are_spread_but_never_shorter_than_asked_for(failures: int) -> None:
    longest = min(2.0 * 2 ** min(failures - 1, 30), LONGEST_PAUSE_SECONDS)
    drawn = {retry_delay(failures, 2.0) for _ in range(50)}

    assert len(drawn) > 1
    assert all(longest / 2 <= item <= longest for item in drawn)
    assert retry_delay(failures, 2.0, retry_after_seconds=7200.0) == 7200.0


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("120", 120, 120),
        ("Thu, 01 Jan 2099 00:00:00 GMT", 10**9, 10**10),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0, 0),
        ("9" * 30, 999_999_999, 999_999_999),
        ("-5", 0, 0),
        ("soon", 0, 0),
        ("Thu, 01 Jan 2099 00:00:00", 0, 0),
        ("Thu, 01 Jan 999999 00:00:00 GMT", 0, 0),
    ],
)
def test_retry_after_is_parsed(header: str, least: float, most: float) -> None:
    asked = retry_after(httpx.Response(503, headers={"Retry-After": header}))

    assert least <= asked <= most
