"""Redirects from the feeds and lists of other systems to those here."""

import re
from urllib.parse import unquote, urlencode

from service.content.identity.slugs import name_slug
from service.model import AddressStyle
from service.query import FacetKind, Query
from service.urls import ARTICLE_SUFFIXES, DIRECTORY_PATHS, LISTING_PATHS, FormatName, Urls, facet_query
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
"""Templates of the feed addresses of one tag or author that the API describes; there are more."""

KINDS: dict[str, FacetKind] = {
    "tag": "tag",
    "tags": "tag",
    "tagged": "tag",
    "category": "tag",
    "categories": "tag",
    "author": "author",
    "authors": "author",
    "series": "series",
}
"""The kind of term that a first segment names: in the systems above, Zola, Pelican, Hexo and Tumblr."""

FEED_WORDS: dict[str, FormatName] = {"rss": "rss", "rss2": "rss", "atom": "atom"}
"""The format that a parameter of the query string names."""

FEEDS_BY_QUERY = {"/": "feed", "/feeds/posts/default": "alt"}
"""The addresses, of WordPress and Blogger, whose feed is in the format that this parameter names."""

FEED_FILES: dict[str, FormatName] = {
    "feed": "rss",
    "rss": "rss",
    "feed/rss": "rss",
    "feed/rss2": "rss",
    "feed/atom": "atom",
    "index.xml": "rss",
    "rss.xml": "rss",
    "feed.xml": "atom",
    "atom.xml": "atom",
    "feed.json": "jsonfeed",
}
"""The end of a feed's address, below that of what the feed contains. Case is ignored throughout."""

SECTION_NAMES = ("post", "posts", "blog")
"""Names of sections with all articles: their feeds are those of the site."""

FEEDS_OF_TAG: dict[str, FormatName] = {
    "/feed/{}.xml": "atom",
    "/feed/by_tag/{}.xml": "atom",
    "/feeds/{}.atom.xml": "atom",
    "/feeds/{}.rss.xml": "rss",
    "/feeds/posts/default/-/{}": "atom",
}
"""Templates of the feed addresses of one tag in Jekyll, Pelican and Blogger."""

WHOLE_FEEDS = "all(?:-[^/]*)?|atom|feed|index|rss"
"""File names of feeds of everything, where others are those of one tag, as an expression."""

_FILE = "|".join(map(re.escape, FEED_FILES))
_FEED_OF_SECTION = re.compile(rf"/(?:{'|'.join(SECTION_NAMES)})/(?P<file>{_FILE})", re.IGNORECASE)
_FEED_OF_TERM = re.compile(rf"/(?P<kind>{'|'.join(KINDS)})/(?P<name>.+?)/(?P<file>{_FILE})", re.IGNORECASE)
_OWN_FEED = re.compile(rf"(?:{'|'.join(DIRECTORY_PATHS.values())})/[^/]+/feed\.json")
"""Feeds that are here at the address that they have in other systems."""
_ENDS: dict[str, FormatName] = {
    **{suffix: format_name for format_name, suffix in ARTICLE_SUFFIXES.items()},
    **{LISTING_PATHS[format_name]: format_name for format_name in ("atom", "rss", "jsonfeed")},
}
"""The ends of addresses of a term's lists and feeds, after its name."""
_LIST_OF_ALL = re.compile(r"/page/[0-9]{1,6}")
_LIST_OF_TERM = re.compile(
    rf"/(?P<kind>{'|'.join(KINDS)})/(?P<name>.+?)(?:/page/[0-9]+|/index\.html|\.html)?", re.IGNORECASE
)
_DIRECTORIES = {path: kind for kind, path in DIRECTORY_PATHS.items()}
_TERM_WITH_SLASH = re.compile(
    rf"(?P<directory>{'|'.join(_DIRECTORIES)})/(?P<name>[^/]*%2[Ff][^/]*?)"
    rf"(?P<end>{'|'.join(map(re.escape, _ENDS))})"
)
_TAG_FEED_PATTERNS = {
    re.compile(re.escape(template).replace(r"\{\}", "(?P<name>[^/]+)"), re.IGNORECASE): format_name
    for template, format_name in FEEDS_OF_TAG.items()
}


def legacy_redirect(path: str, query: str, addresses: AddressStyle = "queries") -> str | None:
    """The path and query string of the feed that replaces the legacy feed address `path`; None for others.

    `path` is normalised and percent-encoded. The rest of `query` is kept. `addresses` are those of the site.
    """
    parameter = FEEDS_BY_QUERY.get(path.lower())
    if parameter and (format_name := FEED_WORDS.get(_value(query, parameter))):
        return with_query(LISTING_PATHS[format_name], _without(query, parameter))
    if format_name := LEGACY.get(path.lower()):
        return with_query(LISTING_PATHS[format_name], query)
    if match := _FEED_OF_SECTION.fullmatch(path):
        return with_query(LISTING_PATHS[FEED_FILES[match["file"].lower()]], query)
    if _OWN_FEED.fullmatch(path):
        return None
    if match := _FEED_OF_TERM.fullmatch(path):
        format_name = FEED_FILES[match["file"].lower()]
        return _feed_of_term(KINDS[match["kind"].lower()], match["name"], format_name, query, addresses)
    for pattern, format_name in _TAG_FEED_PATTERNS.items():
        if match := pattern.fullmatch(path):
            is_file = match.end("name") < len(path)
            if is_file and re.fullmatch(WHOLE_FEEDS, match["name"]):
                return with_query(LISTING_PATHS[format_name], query)
            return _feed_of_term("tag", match["name"], format_name, query, addresses)
    return None


def legacy_list(path: str) -> Query | None:
    """The query of the legacy address `path` of a list, such as that of a tag; None for others.

    `path` is normalised and percent-encoded.
    """
    if _LIST_OF_ALL.fullmatch(path):
        return Query()
    match = _LIST_OF_TERM.fullmatch(path)
    slug = name_slug(_last_name(match["name"])) if match else ""
    return facet_query(KINDS[match["kind"].lower()], slug) if match and slug else None


def term_with_slash(path: str) -> tuple[Query, FormatName] | None:
    """The query and format of `/tags/a%2Fb.json` or `/tags/a%2Fb/feed.atom`; None for others.

    `path` is normalised and percent-encoded. Routes are found by the decoded path, so these have none.
    """
    match = _TERM_WITH_SLASH.fullmatch(path)
    slug = name_slug(unquote(match["name"])) if match else ""
    if not match or not slug:
        return None
    return facet_query(_DIRECTORIES[match["directory"]], slug), _ENDS[match["end"]]


def _feed_of_term(
    kind: FacetKind, name: str, format_name: FormatName, query: str, addresses: AddressStyle
) -> str:
    """The feed of the term called `name`; of nested categories, `a/b`, that of the last."""
    if addresses == "paths":
        term = facet_query(kind, name_slug(_last_name(name)))
        return with_query(Urls("", addresses).listing(format_name, term), query)
    feed = f"{LISTING_PATHS[format_name]}?{urlencode([(kind, _last_name(name))])}"
    return f"{feed}&{query}" if query else feed


def _last_name(path: str) -> str:
    return unquote(path.rpartition("/")[2])


def _value(query: str, name: str) -> str:
    pairs = (pair.partition("=") for pair in query.split("&"))
    return next((value for key, _, value in pairs if key == name), "")


def _without(query: str, name: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair.partition("=")[0] != name)
