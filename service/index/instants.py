"""Instants as SQLite keeps them: whole seconds since 1970, negative before."""

from datetime import UTC, datetime, timedelta

from service.index.schema import UNDATED

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def seconds(instant: datetime | None) -> int | None:
    """`instant` in seconds since 1970; exact in every year there is."""
    return None if instant is None else (instant - _BEGINNING) // _SECOND


def instant(since_1970: int | None) -> datetime | None:
    """The other way round; None for what is undated."""
    return None if since_1970 is None or since_1970 == UNDATED else _BEGINNING + _SECOND * since_1970
