"""Conditional requests: whether the client has the response, or wants no other (RFC 9110 §13)."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ENTITY_TAG = re.compile(rb'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_CODING_SUFFIX = re.compile(rb"(?:--?gzip|-br|-zstd|;gzip|;br)\Z")
_LONGEST_LIST = 20_000


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


def precondition_failed(
    if_match: bytes | None, if_unmodified_since: bytes | None, etag: bytes, last_modified: bytes
) -> bool:
    """Whether 412 answers a GET or HEAD of something that exists (RFC 9110 §13.1.1, §13.1.4, §13.2.2).

    If-Match takes precedence; tags are compared strongly, so a weak one matches nothing but `*`. An invalid
    date is ignored, and so is a valid one without Last-Modified. Arguments are as in `not_modified`.
    """
    if if_match is not None:
        return if_match.strip() != b"*" and etag not in (
            tag[0] for tag in _ENTITY_TAG.finditer(if_match[:_LONGEST_LIST]) if not tag[0].startswith(b"W/")
        )
    limit, modified = _http_date(if_unmodified_since or b""), _http_date(last_modified)
    return limit is not None and modified is not None and modified > limit


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
        for tag in _ENTITY_TAG.findall(if_none_match[:_LONGEST_LIST])
    )


def _opaque(etag: bytes) -> bytes:
    return etag.removeprefix(b"W/").strip(b'"')


def _http_date(text: bytes) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.decode("ascii"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
