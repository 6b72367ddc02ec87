"""The clock, read here only, and instants as the index stores them: whole seconds since 1970."""

from datetime import UTC, datetime, timedelta

from service.index.schema import UNDATED

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def seconds(instant: datetime | None) -> int | None:
    """`instant` in whole seconds since 1970, negative before; exact in every year."""
    return None if instant is None else (instant - _EPOCH) // _SECOND


def instant(since_1970: int | None) -> datetime | None:
    """The inverse of `seconds`; None for an undated article."""
    return None if since_1970 is None or since_1970 == UNDATED else _EPOCH + _SECOND * since_1970


def now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)
