"""Dates in the names of files and folders."""

from datetime import UTC, datetime

import pytest

from service.content.dates.path_dates import date_before_name, date_in_name, date_in_path

NAMES = [
    ("2019-01-28-vote", "2019-01-28", "vote"),
    ("2019-01-28_vote", "2019-01-28", "vote"),
    ("2019-01-28", "2019-01-28", ""),
    ("2019-01-281", None, "2019-01-281"),
    ("2019-13-28-vote", None, "2019-13-28-vote"),
    ("vote-2019-01-28", None, "vote-2019-01-28"),
]


@pytest.mark.parametrize(("name", "day", "rest"), NAMES)
def test_date_in_name(name: str, day: str | None, rest: str) -> None:
    expected = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    assert date_in_name(name, UTC) == (expected, rest)


PATHS = [
    ("posts/2019/01/28", "2019-01-28"),
    ("posts/2019-01-28", "2019-01-28"),
    ("2018-01-01/2019/01/28/more", "2019-01-28"),
    ("2019/01/28/2019-13-28", "2019-01-28"),
    ("posts/2019/01", None),
    ("posts", None),
]


@pytest.mark.parametrize(("path", "day"), PATHS)
def test_date_in_path(path: str, day: str | None) -> None:
    assert date_in_path(path, UTC) == (datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None)


def test_date_before_name() -> None:
    assert date_before_name("posts/2019/01/28-vote.md", UTC) == datetime(2019, 1, 28, tzinfo=UTC)
    assert date_before_name("posts/2019/13/28-vote.md", UTC) is None
