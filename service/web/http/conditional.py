"""Conditional requests: whether the client already has the response (RFC 9110 §13)."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ENTITY_TAG = re.compile(rb'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_CODING_SUFFIX = re.compile(rb"(?:--?gzip|-br|-zstd|;gzip|;br)\Z")


def not_modified(
    if_none_match: bytes | None, if_modified_since: bytes | None, etag: bytes, last_modified: bytes
) -> bool:
    """Whether 304 answers a GET or HEAD of something that exists (RFC 9110 §13.2.2).

    If-None-Match takes precedence; tags are compared weakly, `*` matches. A proxy that compresses may have
    added the coding to the tag (`"abc-gzip"`). If-Modified-Since must equal Last-Modified, because an older
    representation may have been restored. `etag` and `last_modified` are b"" where there is none.
    """
    if if_none_match is not None:
        return if_none_match.strip() == b"*" or (bool(etag) and _names(if_none_match, etag))
    if if_modified_since is not None and last_modified:
        return if_modified_since == last_modified or same_instant(if_modified_since, last_modified)
    return False


def same_instant(date: bytes, other: bytes) -> bool:
    """Whether two HTTP dates, in any of their three forms, are the same (RFC 9110 §5.6.7)."""
    first, second = _http_date(date), _http_date(other)
    return first is not None and first == second


def _names(if_none_match: bytes, etag: bytes) -> bool:
    if if_none_match == etag:
        return True
    wanted = _opaque(etag)
    return any(
        tag == wanted or _CODING_SUFFIX.sub(b"", tag) == wanted
        for tag in _ENTITY_TAG.findall(if_none_match[:20_000])
    )


def _opaque(etag: bytes) -> bytes:
    return etag.removeprefix(b"W/").strip(b'"')


def _http_date(text: bytes) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.decode("ascii"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
