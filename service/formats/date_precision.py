"""Dates with the precision they are known in."""

from datetime import datetime

from service.model import Site, Span
from service.urls import rfc3339

_LENGTHS: dict[Span, int] = {"year": len("2017"), "month": len("2015-07"), "day": len("2015-07-01")}


def write_date(moment: datetime, within: Span | None, site: Site) -> str:
    """`moment` with its known precision, in ISO 8601: `2017`, `2015-07`, `2015-07-01`, or the instant.

    The year, month or day is that of the site's time zone, in which the date was given.
    """
    return day_of(moment, within, site) if within else rfc3339(moment)


def day_of(moment: datetime, within: Span | None, site: Site) -> str:
    """The date of `moment` in the site's zone with its known precision: `2017`, `2015-07`, `2015-07-01`."""
    day = site.day(moment).isoformat()
    return day[: _LENGTHS[within]] if within else day
