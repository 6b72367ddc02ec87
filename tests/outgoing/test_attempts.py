"""Attempts that failed are repeated after a pause, which a clock that is set back does not lengthen."""

from datetime import UTC, datetime, timedelta

import pytest

from service.outgoing import attempts
from service.outgoing.attempts import Attempts

AHEAD = datetime(2027, 1, 1, tzinfo=UTC)


def test_a_clock_that_is_set_back_lengthens_no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "now", lambda: AHEAD)
    failed = Attempts().after_failure(5.0, 60.0)
    assert failed.due_at == failed.retry_at == AHEAD.timestamp() + 60

    right = AHEAD - timedelta(days=100)
    monkeypatch.setattr(attempts, "now", lambda: right)
    assert failed.due_at == 0.0
    again = failed.after_failure(5.0, 60.0)
    assert (again.failing_since, again.due_at) == (right.timestamp(), right.timestamp() + 60)
