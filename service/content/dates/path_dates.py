"""Dates in the names of files and folders."""

import re
from datetime import datetime, tzinfo

from service.content.dates.date_text import to_instant

_NAME = re.compile(
    r"(\d{4})([-_.])(\d{1,2})\2(\d{1,2})(?:[-_. ]+|$)|((?:19|20)\d{2})(\d{2})(\d{2})(?:[-_]+|$)"
)
_FOLDERS = re.compile(r"(?:^|/)(\d{4})([-/_])(\d{1,2})\2(\d{1,2})(?=/|$)")
_BEFORE_NAME = re.compile(r"(?:^|/)((?:19|20)\d{2})/(\d{2})[-/](\d{2})-[^/]*$")


def date_in_name(name: str, zone: tzinfo) -> tuple[datetime | None, str]:
    """The date that a file or folder name begins with, and the rest of it: `2019-01-28-vote` → `vote`."""
    match = _NAME.match(name)
    if not match:
        return None, name
    date = _midnight((match[1] or match[5], match[3] or match[6], match[4] or match[7]), zone)
    return date, name[match.end() :] if date else name


def date_in_path(path: str, zone: tzinfo) -> datetime | None:
    """The date in the folders of a path, one or three of them: `posts/2019/01/28` or `posts/2019-01-28`."""
    days = [_midnight((match[1], match[3], match[4]), zone) for match in _FOLDERS.finditer(path)]
    return next((day for day in reversed(days) if day), None)


def date_before_name(path: str, zone: tzinfo) -> datetime | None:
    """The date in the last folders and the beginning of the file name: `2019/01/28-vote`."""
    match = _BEFORE_NAME.search(path)
    return _midnight((match[1], match[2], match[3]), zone) if match else None


def _midnight(parts: tuple[str, str, str], zone: tzinfo) -> datetime | None:
    try:
        year, month, day = map(int, parts)
        return to_instant(datetime(year, month, day, tzinfo=zone), zone)
    except ValueError:
        return None  # not a date: `2019-13-28` may be a version
