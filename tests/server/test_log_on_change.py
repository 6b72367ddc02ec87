"""A condition that lasts is logged when it begins, changes and ends, and at growing intervals between."""

import itertools
import logging
from collections.abc import Iterable

import pytest

from service.log_on_change import FORGET_SECONDS, LONGEST_INTERVAL_SECONDS, MOST_CONDITIONS, LogOnChange

DAY = 86400


def lines(
    conditions: Iterable[tuple[float, str]], caplog: pytest.LogCaptureFixture
) -> list[tuple[float, str]]:
    """What is logged, and when (in seconds), of conditions reported one after the other."""
    now = 0.0
    condition = LogOnChange(logging.WARNING, "no build", "builds again", clock=lambda: now)
    logged = []
    with caplog.at_level(logging.INFO):
        for now, text in conditions:
            caplog.clear()
            condition.report(text)
            logged += [(now, record.message) for record in caplog.records]
    return logged


def test_begin_change_and_end_are_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    reported = [(0, ""), (1, "full"), (2, "full"), (3, "gone"), (4, "gone"), (5, ""), (6, "")]
    assert lines(reported, caplog) == [(1, "no build: full"), (3, "no build: gone"), (5, "builds again")]


def test_a_condition_that_lasts_is_logged_at_growing_intervals(caplog: pytest.LogCaptureFixture) -> None:
    logged = lines(((second, "full") for second in range(DAY)), caplog)
    gaps = [later - sooner for (sooner, _), (later, _) in itertools.pairwise(logged)]
    assert gaps == sorted(gaps)
    assert gaps[-1] == LONGEST_INTERVAL_SECONDS
    assert len(logged) < 40
    assert logged[1] == (10, "no build: full (for 10 seconds)")
    assert logged[3] == (70, "no build: full (for 1 minute)")
    assert logged[-1][1] == "no build: full (for 23 hours)"


@pytest.mark.parametrize(
    "texts",
    [
        ("full", "no index"),
        ("full", "no index", "denied"),
        ("full", ""),
        ("full", "", "no index", ""),
    ],
)
def test_conditions_that_alternate_do_not_flood(
    texts: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    logged = lines(((second, texts[second % len(texts)]) for second in range(DAY)), caplog)
    assert {text for _, text in logged} >= {f"no build: {text}" for text in texts if text}
    assert len(logged) <= 80 * len(texts)
    assert len([when for when, _ in logged if when > DAY - 3600]) <= 4 * len(texts)


def test_a_condition_whose_text_changes_every_time_does_not_flood(caplog: pytest.LogCaptureFixture) -> None:
    logged = lines(((second, f"{second} bytes are missing") for second in range(DAY)), caplog)
    assert len(logged) <= MOST_CONDITIONS + 40


def test_a_condition_that_comes_back_later_is_news(caplog: pytest.LogCaptureFixture) -> None:
    again = 2 * FORGET_SECONDS
    reported = [(0, "full"), (1, ""), (30, "full"), (31, ""), (again, "full"), (again + 1, "")]
    assert [(when, text) for when, text in lines(reported, caplog) if when in {30, again}] == [
        (30, "no build: full (again; first 30 seconds ago)"),
        (again, "no build: full"),
    ]


def test_the_last_line_is_right_although_a_condition_comes_and_goes(caplog: pytest.LogCaptureFixture) -> None:
    """It is well three seconds of five, for an hour, and then for good."""
    end = 3600
    reported = ((second, "" if second >= end or second % 5 > 1 else "full") for second in range(2 * end))
    logged = lines(reported, caplog)
    assert logged[:3] == [
        (0, "no build: full"),
        (2, "builds again"),
        (5, "no build: full (again; first 5 seconds ago)"),
    ]
    before, after = (
        [text for when, text in logged[3:] if (when < end) is is_before] for is_before in (True, False)
    )
    assert "builds again" not in before
    assert after == ["builds again"]


def test_conditions_that_take_turns_have_not_lasted(caplog: pytest.LogCaptureFixture) -> None:
    logged = lines(((second, ("full", "gone")[second % 2]) for second in range(12)), caplog)
    assert logged[2] == (10, "no build: full (again; first 10 seconds ago)")


def test_a_traceback_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    condition = LogOnChange(logging.ERROR, "no build", clock=lambda: now)
    for second in range(100):
        now = float(second)
        condition.report("KeyError: 'a'", KeyError("a"))
    assert len(caplog.records) == 4
    assert [bool(record.exc_info) for record in caplog.records] == [True, False, False, False]
