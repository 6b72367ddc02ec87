"""Conditional requests, as tables from RFC 9110 §8.8.3 and §13."""

import pytest

from service.web.http.conditional import not_modified, precondition_failed, same_instant

ETAG = b'W/"a1"'
MODIFIED = b"Mon, 28 Jan 2019 00:00:00 GMT"


@pytest.mark.parametrize(
    ("if_none_match", "known"),
    [
        (b'W/"a1"', True),
        (b'"a1"', True),
        (b"*", True),
        (b" * ", True),
        (b'"b2", W/"a1"', True),
        (b'"b2","a1","c3"', True),
        (b'"x,y", "a1"', True),
        (b'W/"a1-gzip"', True),
        (b'"a1--gzip"', True),
        (b'"a1-br"', True),
        (b'"a1-zstd"', True),
        (b'"a1;gzip"', True),
        (b'"a"', False),
        (b'"a11"', False),
        (b'"xa1"', False),
        (b'"b2, a1"', False),
        (b"a1", False),
        (b"", False),
        (b'"*"', False),
        (b'"a1-identity"', False),
    ],
)
def test_if_none_match(if_none_match: bytes, known: bool) -> None:
    assert not_modified(if_none_match, None, ETAG, MODIFIED) is known


@pytest.mark.parametrize(
    ("if_modified_since", "known"),
    [
        (MODIFIED, True),
        (b"Monday, 28-Jan-19 00:00:00 GMT", True),
        (b"Mon Jan 28 00:00:00 2019", True),
        (b"Sun, 27 Jan 2019 23:59:59 GMT", False),
        (b"Mon, 28 Jan 2019 00:00:01 GMT", False),
        (b"Thu, 01 Jan 2099 00:00:00 GMT", False),
        (b"yesterday", False),
        (b"0", False),
        (b"\xff", False),
        (b"", False),
    ],
)
def test_if_modified_since_must_equal(if_modified_since: bytes, known: bool) -> None:
    assert not_modified(None, if_modified_since, ETAG, MODIFIED) is known


def test_if_none_match_takes_precedence() -> None:
    assert not not_modified(b'"other"', MODIFIED, ETAG, MODIFIED)
    assert not_modified(ETAG, b"Thu, 01 Jan 1970 00:00:00 GMT", ETAG, MODIFIED)


def test_an_unconditional_request_is_never_not_modified() -> None:
    assert not not_modified(None, None, ETAG, MODIFIED)
    assert not not_modified(None, MODIFIED, ETAG, b"")
    assert not not_modified(b'""', None, b"", b"")


@pytest.mark.parametrize(
    ("if_match", "etag", "fails"),
    [
        (b"*", ETAG, False),
        (b"*", b"", False),
        (b'"a1"', b'"a1"', False),
        (b'"b2", "a1"', b'"a1"', False),
        (b'W/"b2","a1"', b'"a1"', False),
        (b'"x,y", "a1"', b'"a1"', False),
        (b'W/"a1"', ETAG, True),
        (b'"a1"', ETAG, True),
        (b'W/"a1"', b'"a1"', True),
        (b'"b2"', b'"a1"', True),
        (b'"b2, a1"', b'"a1"', True),
        (b'"a1"', b"", True),
        (b"", b'"a1"', True),
        (b"nonsense", b"", True),
    ],
)
def test_if_match_compares_strongly(if_match: bytes, etag: bytes, fails: bool) -> None:
    assert precondition_failed(if_match, None, etag, MODIFIED) is fails
    # If-Match takes precedence.
    for date in (b"Thu, 01 Jan 1970 00:00:00 GMT", b"Thu, 01 Jan 2099 00:00:00 GMT"):
        assert precondition_failed(if_match, date, etag, MODIFIED) is fails


@pytest.mark.parametrize(
    ("if_unmodified_since", "fails"),
    [
        (MODIFIED, False),
        (b"Mon, 28 Jan 2019 00:00:01 GMT", False),
        (b"Mon Jan 28 00:00:00 2019", False),
        (b"Sun, 27 Jan 2019 23:59:59 GMT", True),
        (b"yesterday", False),
        (b"", False),
        (None, False),
    ],
)
def test_if_unmodified_since(if_unmodified_since: bytes | None, fails: bool) -> None:
    assert precondition_failed(None, if_unmodified_since, ETAG, MODIFIED) is fails
    assert not precondition_failed(None, if_unmodified_since, ETAG, b"")


def test_an_invalid_date_equals_no_other() -> None:
    assert not same_instant(b"soon", b"soon")
