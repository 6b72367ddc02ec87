"""Instants as the index stores them: whole seconds since 1970, and the row numbers made of them.

Row numbers ascend as (published, id) do, with gaps, so that an article finds room between others. The rows of
one second are `seconds << 20` and up; undated articles have all the rows below the first year. The clock is
read here only.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from service.index.schema import SHIFT, UNDATED

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_SECOND = timedelta(seconds=1)


def seconds(instant: datetime | None) -> int | None:
    """`instant` in whole seconds since 1970, negative before; exact in every year."""
    return None if instant is None else (instant - _EPOCH) // _SECOND


def instant(since_1970: int | None) -> datetime | None:
    """The inverse of `seconds`; None for an undated article."""
    return None if since_1970 is None or since_1970 == UNDATED else _EPOCH + _SECOND * since_1970


FIRST_DATED = -(1 << 37) << SHIFT
"""Below this row nothing is dated: the year 1 begins some 62 thousand million seconds before 1970."""


def bucket(seconds: int | None) -> range:
    """The rows that articles published at `seconds` since 1970 may have; None for undated ones."""
    if seconds is None or seconds == UNDATED:
        return range(UNDATED << SHIFT, FIRST_DATED)
    return range(seconds << SHIFT, (seconds + 1) << SHIFT)


def seconds_of(row: int) -> int | None:
    """The instant an article at `row` was published, in seconds since 1970; None for an undated one."""
    return None if row < FIRST_DATED else row >> SHIFT


def assign_rows(
    taken: Sequence[tuple[str, int]], arriving: Sequence[str], room: range
) -> dict[str, int] | None:
    """A row in `room` for each arriving id, between the (id, row) that are `taken`; both are sorted by id.

    None if a gap is too narrow: then all of them have to be spread again (`spread_rows`).
    """
    rows: dict[str, int] = {}
    below = room.start - 1
    start = 0
    for above_id, above in (*taken, (None, room.stop)):
        end = len(arriving) if above_id is None else bisect_left(arriving, above_id, start)
        parts = end - start + 1
        if above - below < parts:
            return None
        for part in range(1, parts):
            rows[arriving[start + part - 1]] = below + (above - below) * part // parts
        below, start = above, end
    return rows


def spread_rows(ids: Sequence[str], room: range) -> dict[str, int] | None:
    """A row in `room` for each of the sorted `ids`, evenly; None if there are more ids than rows."""
    return assign_rows((), ids, room)


def now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)
