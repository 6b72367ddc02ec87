"""Validation and normalisation of a request's path and query string.

Paths are handled as they were sent, percent-encoded.
"""

import re
from urllib.parse import quote, unquote_to_bytes

from service.errors import BroadsheetError

_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})|%00|\x00")
_SLASHES = re.compile(r"/{2,}")


class BadAddress(BroadsheetError):
    """The address is malformed: invalid percent-encoding, a NUL, or a path that is not UTF-8."""


# Reserved and unreserved characters (RFC 3986 §2.2, §2.3), and percent signs, which are checked.
_UNQUOTED = ":/?#[]@!$&'()*+,;=%-._~"


def as_ascii(address: str | bytes) -> str:
    """`address`, or part of one, with every character percent-encoded that an address cannot contain."""
    return quote(address, safe=_UNQUOTED)


def check_address(raw_path: bytes, query: bytes) -> None:
    """Raise BadAddress unless path and query string are validly percent-encoded (RFC 3986 §2.1)."""
    for part, name in ((raw_path, "path"), (query, "query string")):
        if match := _BAD_ESCAPE.search(part):
            piece = part[match.start() : match.start() + 3].decode("latin-1")
            if piece.startswith(("%00", "\x00")):
                raise BadAddress(f"The {name} contains a NUL.")
            advice = "which is not percent-encoding; encode a percent sign itself as %25."
            raise BadAddress(f"The {name} contains {piece!r}, {advice}")
    if not raw_path.startswith(b"/"):
        raise BadAddress("The path does not begin with a slash.")
    try:
        unquote_to_bytes(raw_path).decode()
    except UnicodeDecodeError:
        raise BadAddress("The path is not UTF-8.") from None


def with_query(address: str, query: str) -> str:
    """`address` with `query` as its query string, unless that is empty."""
    return f"{address}?{query}" if query else address


def normalise_path(raw_path: str) -> str:
    """`raw_path` without repeated slashes and without a slash at its end; the root stays `/`."""
    return _SLASHES.sub("/", raw_path).rstrip("/") or "/"
