"""What a request's path and query string must be before anything looks for a route, and where old ones lead.

A path is looked at as it was sent, percent-encoded; the answer keeps it so.
"""

import re
from urllib.parse import quote, unquote, unquote_to_bytes, urlencode

from service.errors import BroadsheetError
from service.urls import LISTING_PATHS, FormatName

_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})|%00|\x00")
_SLASHES = re.compile(r"/{2,}")

LEGACY: dict[str, FormatName] = {
    "/rss": "rss",
    "/rss.xml": "rss",
    "/feed": "rss",
    "/feed/rss": "rss",
    "/feed/rss2": "rss",
    "/index.xml": "rss",
    "/feed.xml": "atom",
    "/atom.xml": "atom",
    "/feed/atom": "atom",
    "/feeds/posts/default": "atom",
}
"""Addresses of feeds on sites that move here (WordPress, Ghost, Hugo, Jekyll, Blogger), without end slash."""

_LEGACY_FACET = re.compile(
    r"/(?P<kind>tag|category|author)/(?P<name>.+)/(?:feed|rss)(?:/(?P<form>atom|rss2?))?"
)
_LEGACY_FORMS: dict[str, FormatName] = {"rss": "rss", "rss2": "rss", "atom": "atom"}


class BadAddress(BroadsheetError):
    """The address itself is broken: its percent-encoding, a NUL, or a path that is not UTF-8."""


# Everything an address may hold as it is (RFC 3986 §2.2, §2.3), and percent signs, which are checked.
_AS_IT_IS = ":/?#[]@!$&'()*+,;=%-._~"


def as_ascii(address: str | bytes) -> str:
    """An address, or part of one, in which all that an address cannot hold is percent-encoded."""
    return quote(address, safe=_AS_IT_IS)


def check(raw_path: bytes, query: bytes) -> None:
    """Raises BadAddress unless path and query string are properly percent-encoded (RFC 3986 §2.1)."""
    for part, name in ((raw_path, "path"), (query, "query string")):
        if found := _BAD_ESCAPE.search(part):
            piece = part[found.start() : found.start() + 3].decode("latin-1")
            if piece.startswith(("%00", "\x00")):
                raise BadAddress(f"The {name} holds a NUL.")
            advice = "which is no percent-encoding; encode a percent sign itself as %25."
            raise BadAddress(f"The {name} holds {piece!r}, {advice}")
    if not raw_path.startswith(b"/"):
        raise BadAddress("The path does not begin with a slash.")
    try:
        unquote_to_bytes(raw_path).decode()
    except UnicodeDecodeError:
        raise BadAddress("The path is not UTF-8.") from None


def with_query(address: str, query: str) -> str:
    """`address` with this query string, if it is not empty."""
    return f"{address}?{query}" if query else address


def tidy(raw_path: str) -> str:
    """The path without doubled slashes and without one at its end; the root stays `/`."""
    return _SLASHES.sub("/", raw_path).rstrip("/") or "/"


def successor(path: str, query: str) -> str | None:
    """Where a feed address of an older site leads, with its query kept; None when `path` is none.

    `path` is tidy and percent-encoded; the answer is a path and query string.
    """
    if path == "/" and (form := _LEGACY_FORMS.get(_value(query, "feed"))):
        return with_query(LISTING_PATHS[form], _without(query, "feed"))
    if path in LEGACY:
        form = LEGACY[path]
        if path == "/feeds/posts/default" and _value(query, "alt") in _LEGACY_FORMS:
            form = _LEGACY_FORMS[_value(query, "alt")]
            query = _without(query, "alt")
        return with_query(LISTING_PATHS[form], query)
    if found := _LEGACY_FACET.fullmatch(path):
        name = unquote(found["name"].rpartition("/")[2])
        facet = urlencode({"author" if found["kind"] == "author" else "tag": name})
        path = LISTING_PATHS[_LEGACY_FORMS[found["form"] or "rss"]]
        return f"{path}?{facet}" + (f"&{query}" if query else "")
    return None


def _value(query: str, name: str) -> str:
    pairs = (pair.partition("=") for pair in query.split("&"))
    return next((value for key, _, value in pairs if key == name), "")


def _without(query: str, name: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair.partition("=")[0] != name)
