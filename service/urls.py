"""Every address that the service writes is made here.

`Urls(base)` makes absolute addresses under a base such as `https://example.org/blog`, without trailing slash.
The parameters of a query are in canonical order, so that equal queries have equal addresses.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeGuard
from urllib.parse import quote, urlsplit

import msgspec

from service.markup import SELF, SITE
from service.model import FORMAT_DESCRIPTIONS, AddressStyle, Article
from service.model import FormatName as FormatName
from service.query import (
    FILTERS,
    ArchiveCursor,
    ChangeCursor,
    ChangePosition,
    Cursor,
    FacetKind,
    ListPosition,
    Page,
    Period,
    Query,
    TermKind,
    archive_query,
    given_filters,
    required_terms,
)

LISTING_PATHS: Mapping[FormatName, str] = {row.name: row.path for row in FORMAT_DESCRIPTIONS.values()}
ARTICLE_SUFFIXES: Mapping[FormatName, str] = {
    row.name: row.article_suffix for row in FORMAT_DESCRIPTIONS.values() if row.article_suffix
}
ARCHIVE_SUFFIXES: Mapping[FormatName, str] = {
    row.name: row.path[row.path.rindex(".") :] for row in FORMAT_DESCRIPTIONS.values() if row.is_archived
}
"""How the path of an archive document ends."""
DIRECTORY_PATHS: dict[FacetKind, str] = {
    "tag": "/tags",
    "author": "/authors",
    "source": "/sources",
    "language": "/languages",
    "series": "/series",
}
MAIN_DIRECTORIES: tuple[FacetKind, ...] = ("tag", "author", "source", "language")
"""The directories that pages list where it is not known which directories have entries."""

ARCHIVE_PATH = "/archive.json"
OPML_PATH = "/feeds.opml"
DOCS_PATH = "/docs"
RELOAD_PATH = "/-/reload"
OPENSEARCH_PATH = "/opensearch.xml"
SUGGEST_PATH = "/suggest"
SEARCH_PATH = "/search"
SITEMAP_PATH = "/sitemap.xml"
SUBSCRIBE_PATH = "/subscribe"
NEWS_PATH = "/sitemap-news.xml"
CHANGES_PATH = "/changes"
CHANGE_DAYS_PATH = f"{CHANGES_PATH}.json"
MANIFEST_PATH = "/manifest.json"

CHANGES_SUFFIX = ".ndjson"
"""How the path of a page of the changes of one day ends."""

PATHS_TAG = "Path forms"
"""The group of operations at paths that stand for an address with a query string."""

FEED_STYLE = "assets/feed.css"
"""The style sheet of feeds in a browser; relative, so that it works under any host name of the site."""


class Link(msgspec.Struct, frozen=True):
    """A web link (RFC 8288): its target, and its relation to the resource that has it."""

    rel: str
    href: str
    type: str | None = None
    title: str | None = None
    hreflang: str | None = None


class Urls(msgspec.Struct, frozen=True):
    """Addresses under `base`: a scheme, a host and an optional path, without trailing slash.

    With `addresses` "paths", what has a path form is at that path, and has no links to pages by cursor.
    """

    base: str
    addresses: AddressStyle = "queries"

    def home(self) -> str:
        return f"{self.base}/"

    def at(self, path: str) -> str:
        """The address of a fixed path of the service, such as `/openapi.json`."""
        return f"{self.base}{path}"

    def listing(self, format_name: FormatName, query: Query, cursor: Cursor | None = None) -> str:
        """The address of the page of `query` at `cursor`, as `format_name`; its own cursor is ignored.

        The unfiltered first page in HTML is the home page.
        """
        parameters = canonical_parameters(query, format_name)
        if self.addresses == "paths" and cursor is None and (path := _path_form(format_name, parameters)):
            return f"{self.base}{path}"
        if cursor:
            parameters.append(("cursor", cursor.encode()))
        if format_name == "html" and not parameters:
            return self.home()
        path = LISTING_PATHS[format_name]
        return f"{self.base}{path}" + (f"?{_query_string(parameters)}" if parameters else "")

    def has_path(self, format_name: FormatName, query: Query) -> bool:
        """Whether addresses of `query` have no query string, so that what links to it needs none either."""
        parameters = canonical_parameters(query, format_name)
        return self.addresses == "paths" and (
            not parameters or _path_form(format_name, parameters) is not None
        )

    def pages_by_cursor(self, format_name: FormatName, query: Query) -> bool:
        """Whether the documents of `query` link to its other pages by cursor."""
        return not query.position and (query.cursor is not None or not self.has_path(format_name, query))

    def requested_page(self, format_name: FormatName, query: Query) -> str:
        """The address of the page that `query` asks for by its cursor or position."""
        if query.position:
            return self.page_at_position(format_name, query, query.position)
        return self.listing(format_name, query, query.cursor)

    def next_page(self, format_name: FormatName, query: Query, page: Page) -> str | None:
        """The address of the page after `page` of `query`, if there is any."""
        if self.pages_by_cursor(format_name, query):
            return self.listing(format_name, query, page.next_cursor) if page.next_cursor else None
        if page.next_position is None or format_name not in ARTICLE_SUFFIXES:
            return None
        return self.page_at_position(format_name, query, page.next_position)

    def previous_page(self, format_name: FormatName, query: Query, page: Page) -> str | None:
        """The address of the page before `page` of `query`, if it was asked for by a cursor."""
        return self.listing(format_name, query, page.previous_cursor) if page.previous_cursor else None

    def page_at_position(self, format_name: FormatName, query: Query, position: ListPosition) -> str:
        """The path of the page that begins at `position` in the list of everything, or of one term."""
        list_path = _term_path(canonical_parameters(query, format_name)) or ""
        return f"{self.base}{list_path}/page/{position}{ARTICLE_SUFFIXES[format_name]}"

    def archive(self, format_name: FormatName, query: Query, position: ArchiveCursor) -> str:
        """The address of the archive page of `query` that begins at `position`, as `format_name`."""
        filters = canonical_parameters(archive_query(query), format_name)
        list_path = _term_path(filters)
        if self.addresses == "paths" and (list_path or not filters):
            return f"{self.base}{list_path or ''}/archive/{position}{ARCHIVE_SUFFIXES[format_name]}"
        parameters = [*filters, ("archive", str(position))]
        return f"{self.base}{LISTING_PATHS[format_name]}?{_query_string(parameters)}"

    def changes(self, query: Query, cursor: ChangeCursor | ChangePosition) -> str:
        """The address of a page of changes: of `query` at a cursor, or of all articles on one day."""
        if isinstance(cursor, ChangePosition):
            return f"{self.base}{CHANGES_PATH}/{cursor}{CHANGES_SUFFIX}"
        parameters = [*canonical_parameters(query, "ndjson"), ("cursor", cursor.encode())]
        return f"{self.base}{CHANGES_PATH}?{_query_string(parameters)}"

    def article(self, slug: str) -> str:
        """The permalink: the address people share. The slug of a page is its path, `/about`."""
        if slug.startswith("/"):
            return f"{self.base}{quote(slug)}"
        return f"{self.base}/articles/{quote(slug, safe='')}"

    def article_as(self, format_name: FormatName, slug: str) -> str:
        return self.article(slug) + ARTICLE_SUFFIXES[format_name]

    def canonical(self, article: Article) -> str:
        """The canonical address of the article: the one it names, else its permalink."""
        return self.absolute(article.canonical) if article.canonical else self.article(article.slug)

    def directory(self, kind: FacetKind, suffix: str = "") -> str:
        """The address of the directory of tags, authors, sources or languages."""
        return f"{self.base}{DIRECTORY_PATHS[kind]}{suffix}"

    def term(self, kind: FacetKind, slug: str, suffix: str = "") -> str:
        """The path form of the list of one tag, author, source, language or series."""
        return f"{self.base}{DIRECTORY_PATHS[kind]}/{quote(slug, safe='')}{suffix}"

    def search(self) -> str:
        """The address that the search form leads to, with the words as `q`."""
        return self.at(SEARCH_PATH if self.addresses == "paths" else LISTING_PATHS["html"])

    def searching(self, address: str) -> str:
        """The OpenSearch template of a search at `address`."""
        return f"{address}?q={{searchTerms}}"

    def sitemap(self, part: str) -> str:
        """The address of a part of a large sitemap, whose name needs no escapes."""
        if self.addresses == "paths":
            return f"{self.base}{SITEMAP_PATH.removesuffix('.xml')}/{part}.xml"
        return f"{self.base}{SITEMAP_PATH}?part={part}"

    def subscribe(self, query: Query) -> str:
        """The address of the page that explains how to subscribe to `query`."""
        parameters = canonical_parameters(query)
        if self.addresses == "paths" and (list_path := _term_path(parameters)):
            return f"{self.base}{SUBSCRIBE_PATH}{list_path}"
        query_string = _query_string(parameters)
        return f"{self.base}{SUBSCRIBE_PATH}" + (f"?{query_string}" if query_string else "")

    def series(self, query: Query) -> str:
        """The address of the articles of a series: in the order of `query`, or at the path of their list."""
        return self.listing(
            "html", msgspec.structs.replace(query, sort="newest") if self.addresses == "paths" else query
        )

    def feed_style(self, document: str) -> str:
        """The style sheet of a feed in a browser, relative to the address of the feed document.

        A relative reference works under any host name of the site.
        """
        folders = document.removeprefix(self.base).partition("?")[0].count("/") - 1
        return "../" * folders + FEED_STYLE

    def asset(self, name: str) -> str:
        """The address of a static file of the service, such as the script of pages."""
        return f"{self.base}/assets/{name}"

    def problem(self, name: str) -> str:
        """The `type` of a problem (RFC 9457 §3.1.1): its description in the OpenAPI document."""
        return f"{self.base}/openapi.json#/components/responses/{name}"

    def absolute(self, reference: str) -> str:
        """Make a site-relative reference (`/files/…`) absolute; any other is returned unchanged."""
        return f"{self.base}{reference}" if reference.startswith("/") else reference

    def configured(self, reference: str) -> str:
        """A reference of the settings, absolute; it may begin with the path of the base (`/blog/about`)."""
        path = urlsplit(self.base).path
        is_below = bool(path) and f"{reference}/".startswith(f"{path}/")
        return self.absolute((reference[len(path) :] or "/") if is_below else reference)

    def content_html(self, article: Article) -> str:
        """The article's HTML with every marked reference made absolute."""
        permalink = self.article(article.slug)
        return article.content_html.replace(SITE, self.base).replace(SELF, permalink)

    def configured_html(self, html: str) -> str:
        """As `on_page`, with the references of the settings; they may begin with the path of the base."""
        path = urlsplit(self.base).path
        return self.on_page(
            re.sub(rf"{SITE}{re.escape(path)}(?:/|(?=[\"?#]))", f"{SITE}/", html) if path else html
        )

    def on_page(self, html: str) -> str:
        """`html` for embedding in a page at any address: links within the article stay fragments."""
        return html.replace(SITE, self.base).replace(SELF, "")


def split_suffix(name: str) -> tuple[str, FormatName | None]:
    """The slug and the format that the last part of an address names: `a.b.json` → `a.b`, json."""
    for format_name, suffix in ARTICLE_SUFFIXES.items():
        if name.endswith(suffix):
            return name.removesuffix(suffix), format_name
    return name, None


def _path_form(format_name: FormatName, parameters: list[tuple[str, str]]) -> str | None:
    """The path of the list or feed with these parameters, if it is that of one term."""
    list_path = _term_path(parameters)
    row = FORMAT_DESCRIPTIONS[format_name]
    if list_path is None or (row.kind == "list" and row.article_suffix is None):
        return None
    if format_name == "html":
        return list_path
    return f"{list_path}{row.article_suffix or row.path}"


def _term_path(parameters: list[tuple[str, str]]) -> str | None:
    """`/tags/iraq` if the only parameter is a term that has a directory."""
    if len(parameters) != 1:
        return None
    ((name, slug),) = parameters
    directory = {str(kind): path for kind, path in DIRECTORY_PATHS.items()}.get(name)
    return directory and f"{directory}/{quote(slug, safe='')}"


def is_facet(kind: TermKind) -> TypeGuard[FacetKind]:
    """Whether terms of this kind have a directory."""
    return kind in DIRECTORY_PATHS


_FILTER_BY_TERM = {row.term: row for row in reversed(FILTERS) if not row.excludes}


def facet_query(kind: FacetKind, slug: str) -> Query:
    """The query for everything that carries one tag, author, source or language."""
    row = _FILTER_BY_TERM[kind]
    return msgspec.structs.replace(Query(), **{row.field: (slug,) if row.repeats else slug})


def is_topic(query: Query) -> bool:
    """Whether it is everything, or all of one term that has a directory: hubs are pinged for these feeds."""
    terms = [facet_query(kind, slug) for kind, slug in required_terms(query) if is_facet(kind)]
    return query in (Query(), *terms)


def _query_string(parameters: Iterable[tuple[str, str]]) -> str:
    """The parameters percent-encoded; their names need no encoding."""
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters)


def canonical_parameters(query: Query, format_name: FormatName | None = None) -> list[tuple[str, str]]:
    """The parameters of `query` in canonical order, without defaults and without the cursor.

    `fields` is left out unless `format_name` takes it.
    """
    pairs = [(row.name, _canonical(value)) for row, values in given_filters(query) for value in values]
    if query.sort != "newest":
        pairs.append(("sort", query.sort))
    if query.content != "full":
        pairs.append(("content", query.content))
    if query.fields and format_name in {"json", "ndjson"}:
        pairs.append(("fields", ",".join(query.fields)))
    if query.limit is not None:
        pairs.append(("limit", str(query.limit)))
    return pairs


def _canonical(value: str | datetime | Period) -> str:
    return rfc3339(value) if isinstance(value, datetime) else str(value)


def rfc3339(moment: datetime) -> str:
    """`moment`, which is in UTC, in RFC 3339 format: `2019-01-28T00:00:00Z`."""
    return f"{moment.isoformat()[:19]}Z"
