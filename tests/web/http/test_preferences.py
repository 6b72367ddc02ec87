"""The header Prefer (RFC 7240)."""

import pytest

from service.web.http.preferences import preferred_wait


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        ("", 0),
        ("wait=30", 30),
        ("respond-async, wait=10", 10),
        ('Wait = "5" ; x=y', 5),
        ("wait=1, wait=2", 1),
        ("wait=-1", 0),
        ("wait=1.5", 0),
        ("wait", 0),
        ("wait=99999999999999999999", 0),
        ("awaits=3", 0),
    ],
)
def test_the_preferred_wait_is_read(prefer: str, seconds: int) -> None:
    assert preferred_wait(prefer) == seconds
