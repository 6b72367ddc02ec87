"""Redirects from the feed addresses of other systems to the feeds here."""

import re
from urllib.parse import unquote, urlencode

from service.urls import LISTING_PATHS, FormatName
from service.web.addresses.encoding import with_query

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
"""Feed addresses of WordPress, Ghost, Hugo, Jekyll and Blogger, without a slash at the end."""

LEGACY_FACETS = tuple(
    f"/{kind}/{{name}}/{word}" for kind in ("tag", "author", "category") for word in ("feed", "rss")
)
"""Templates of the feed addresses of one tag or author."""

_FEED_OF_TERM = re.compile(
    r"/(?P<kind>tag|category|author)/(?P<name>.+)/(?:feed|rss)(?:/(?P<format>atom|rss2?))?"
)
_FORMATS: dict[str, FormatName] = {"rss": "rss", "rss2": "rss", "atom": "atom"}


def legacy_redirect(path: str, query: str) -> str | None:
    """The path and query string of the feed that replaces the legacy feed address `path`; None for others.

    `path` is normalised and percent-encoded. The rest of `query` is kept.
    """
    if path == "/" and (format_name := _FORMATS.get(_value(query, "feed"))):
        return with_query(LISTING_PATHS[format_name], _without(query, "feed"))
    if path in LEGACY:
        format_name = LEGACY[path]
        if path == "/feeds/posts/default" and _value(query, "alt") in _FORMATS:
            format_name = _FORMATS[_value(query, "alt")]
            query = _without(query, "alt")
        return with_query(LISTING_PATHS[format_name], query)
    if match := _FEED_OF_TERM.fullmatch(path):
        name = unquote(match["name"].rpartition("/")[2])
        facet = urlencode({"author" if match["kind"] == "author" else "tag": name})
        path = LISTING_PATHS[_FORMATS[match["format"] or "rss"]]
        return f"{path}?{facet}" + (f"&{query}" if query else "")
    return None


def _value(query: str, name: str) -> str:
    pairs = (pair.partition("=") for pair in query.split("&"))
    return next((value for key, _, value in pairs if key == name), "")


def _without(query: str, name: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair.partition("=")[0] != name)
