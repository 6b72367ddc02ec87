"""Instants in addresses and documents."""

from datetime import UTC, datetime

import pytest

from service.urls import rfc3339


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2019, 1, 28, tzinfo=UTC), "2019-01-28T00:00:00Z"),
        (datetime(2019, 1, 28, 23, 59, 59, 999_999, UTC), "2019-01-28T23:59:59Z"),
        (datetime(1, 2, 3, 4, 5, 6, tzinfo=UTC), "0001-02-03T04:05:06Z"),
        (datetime(9999, 12, 31, tzinfo=UTC), "9999-12-31T00:00:00Z"),
    ],
)
def test_an_instant_is_written_in_whole_seconds_and_four_digits_of_the_year(
    moment: datetime, text: str
) -> None:
    assert rfc3339(moment) == text
