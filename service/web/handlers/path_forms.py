"""Path forms: the lists, pages, feeds and archives of one tag, author, source, language or series at a path.

`/tags/iraq.json` is `/articles.json?tag=iraq`: the same bytes, and further parameters apply. A list,
and the page that tells how to follow it, is found only while it has articles, so that former addresses of
other systems stay in use; a feed always, so that subscriptions stay valid.
"""

from typing import Annotated
from urllib.parse import urlencode

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from service.errors import NotFound
from service.formats import FEEDS, bare_type
from service.formats.json_api import ArticlesOut
from service.model import FORMAT_DESCRIPTIONS, FormatDescription
from service.publisher import Publisher
from service.query import FacetKind, ListPosition, Query
from service.urls import (
    ARCHIVE_SUFFIXES,
    ARTICLE_SUFFIXES,
    DIRECTORY_PATHS,
    PATHS_TAG,
    SUBSCRIBE_PATH,
    FormatName,
    Urls,
    facet_query,
    split_suffix,
)
from service.web.addresses.base_url import base_url
from service.web.addresses.encoding import as_ascii, with_query
from service.web.application_state import ApplicationState, InjectedState
from service.web.handlers.dependencies import (
    HTTPRequest,
    ListingQuery,
    choose_format,
    get_or_head,
    negotiated_response,
    robots_headers,
)
from service.web.handlers.listings import (
    LISTING_HEADERS,
    archive_response,
    listing_handler,
    reject_mistakes,
    subscription_response,
)
from service.web.http.negotiation import PERMALINK_ORDER
from service.web.openapi.declarations import MEDIA_TYPES, ParameterProvider, headers, path_parameter, statuses
from service.web.query_string.parameters import PARAMETERS, component_names
from service.web.query_string.parsing import parse_query, reject_parameters
from service.web.query_string.values import is_archive_position, parse_list_position
from service.web.responses import RepresentationResponse

_PARAMETERS = {row.name: row for row in PARAMETERS}
KINDS = {path.removeprefix("/"): kind for kind, path in DIRECTORY_PATHS.items()}
NOTHING_HERE = "There is nothing at this address."

TermSlug = Annotated[
    str,
    path_parameter("A tag, author, source, language or series, by slug or name.", "iraq"),
]
DirectoryName = Annotated[
    str,
    path_parameter("The name of a directory.", "tags", enum=list(KINDS)),
]
PageDocument = Annotated[
    str,
    path_parameter(
        "The position of the first article, and the suffix of a format: taken from `next`.",
        "1548667800-9c56cc51b374c3ba.html",
    ),
]
ArchiveDocument = Annotated[
    str,
    path_parameter(
        "A position in the archive, as in `archive`, followed by `.atom` or `.rss`.",
        "1548667800-9c56cc51b374c3ba.atom",
    ),
]


def term_slug(kind: FacetKind, name: str, app_state: ApplicationState) -> str:
    """The slug of the term called `name`. Raises NotFound for what cannot be a name of this kind."""
    try:
        slug: str = _PARAMETERS[kind].parse(name, app_state.site)
    except ValueError:
        slug = ""
    if not slug:
        raise NotFound(NOTHING_HERE)
    return slug


def query_of(
    request: HTTPRequest, app_state: ApplicationState, values: dict[str, str], format_name: FormatName
) -> Query:
    """The query of the parameters `values` and those of the query string. Raises as `parse_query`."""
    raw = b"&".join([urlencode(values).encode(), request.scope["query_string"]])
    return parse_query(raw, format_name, app_state.site)


def subscription_query(
    request: HTTPRequest, app_state: InjectedState, directory: DirectoryName, slug: TermSlug
) -> Query:
    """The query for the term `slug` of a directory. Raises NotFound and as `parse_query`."""
    kind = directory_kind(directory)
    return query_of(request, app_state, {kind: term_slug(kind, slug, app_state)}, "html")


def directory_kind(directory: str) -> FacetKind:
    """What the directory of this name lists. Raises NotFound."""
    kind = KINDS.get(directory)
    if kind is None:
        raise NotFound(NOTHING_HERE)
    return kind


def list_handler(kind: FacetKind) -> HTTPRouteHandler:
    """The handler of the list of one term: in the format of its suffix, or the one that Accept prefers."""

    def listing_query(request: HTTPRequest, app_state: InjectedState, slug: TermSlug) -> Query:
        name, suffix_format = split_suffix(slug)
        format_name = suffix_format or choose_format(request, PERMALINK_ORDER)
        return query_of(request, app_state, {kind: term_slug(kind, name, app_state)}, format_name)

    @get_or_head(
        f"{DIRECTORY_PATHS[kind]}/{{slug:str}}",
        name=f"list{kind.capitalize()}Articles",
        description=f"The articles of one {kind}, in the format that Accept chooses, HTML by default",
        tags=[PATHS_TAG],
        response_headers=headers(*LISTING_HEADERS, "Content-Location"),
        responses=statuses(301, 304, 404, 406),
        opt={MEDIA_TYPES: [bare_type(name) for name in PERMALINK_ORDER]},
        dependencies={"listing_query": ParameterProvider(listing_query, component_names("json"))},
    )
    async def get_list(
        request: HTTPRequest, app_state: InjectedState, slug: TermSlug, listing_query: ListingQuery
    ) -> Response[ArticlesOut]:
        name, suffix_format = split_suffix(slug)
        format_name = suffix_format or choose_format(request, PERMALINK_ORDER)
        term = term_slug(kind, name, app_state)
        await require_articles(app_state.publisher, facet_query(kind, term))
        await reject_mistakes(request, app_state, listing_query)
        base = base_url(request.scope)
        rendered = await app_state.publisher.listing(format_name, listing_query, base)
        robots = robots_headers(format_name, listing_query)
        if suffix_format:
            return RepresentationResponse(rendered, app_state.list_cache_control, headers=robots)
        location = Urls(base).term(kind, term, ARTICLE_SUFFIXES[format_name])
        query_string = as_ascii(request.scope["query_string"])
        return negotiated_response(rendered, with_query(location, query_string), robots)

    return get_list


async def require_articles(publisher: Publisher, query: Query) -> None:
    """Raise NotFound unless `query`, on its first page, finds an article."""
    if not await publisher.has_articles(query):
        raise NotFound("No article is listed at this address.")


def feed_handler(kind: FacetKind, row: FormatDescription) -> HTTPRouteHandler:
    """The handler of the feed of one term in one format."""

    def listing_query(request: HTTPRequest, app_state: InjectedState, slug: TermSlug) -> Query:
        return query_of(request, app_state, {kind: term_slug(kind, slug, app_state)}, row.name)

    return listing_handler(
        msgspec.structs.replace(
            row,
            path=f"{DIRECTORY_PATHS[kind]}/{{slug:str}}{row.path}",
            operation=f"{row.operation}To{kind.capitalize()}",
            summary=f"The articles of one {kind} as {row.label}",
        ),
        *(304, 404),
        tag=PATHS_TAG,
        listing_query=ParameterProvider(listing_query, component_names(row.name)),
    )


def page_handler(kind: FacetKind | None) -> HTTPRouteHandler:
    """The handler of the pages by position of the list of one term, or of everything."""
    described = f"the articles of one {kind}" if kind else "all articles"

    def query_of_all(request: HTTPRequest, document: PageDocument) -> Query:
        position, format_name = split_page_document(document)
        reject_parameters(request.scope["query_string"], format_name)
        return Query(position=position)

    def query_of_term(
        request: HTTPRequest, app_state: InjectedState, slug: TermSlug, document: PageDocument
    ) -> Query:
        query = query_of_all(request, document)
        if kind is None:
            return query
        term = facet_query(kind, term_slug(kind, slug, app_state))
        return msgspec.structs.replace(term, position=query.position)

    @get_or_head(
        f"{DIRECTORY_PATHS[kind]}/{{slug:str}}/page/{{document:str}}" if kind else "/page/{document:str}",
        name=f"list{kind.capitalize() if kind else ''}ArticlesFrom",
        description=f"A page of {described}, newest first, that changes only with the articles on it",
        tags=[PATHS_TAG],
        response_headers=headers(*LISTING_HEADERS),
        responses=statuses(304, 404),
        opt={MEDIA_TYPES: [bare_type(name) for name in PERMALINK_ORDER]},
        dependencies={"listing_query": ParameterProvider(query_of_term if kind else query_of_all, ())},
    )
    async def get_page(
        request: HTTPRequest, app_state: InjectedState, document: PageDocument, listing_query: ListingQuery
    ) -> Response[ArticlesOut]:
        _, format_name = split_page_document(document)
        await require_articles(app_state.publisher, listing_query)
        rendered = await app_state.publisher.listing(format_name, listing_query, base_url(request.scope))
        return RepresentationResponse(
            rendered, app_state.list_cache_control, headers=robots_headers(format_name, listing_query)
        )

    return get_page


def split_page_document(document: str) -> tuple[ListPosition, FormatName]:
    """The position and the format that the name of a page gives. Raises NotFound."""
    name, format_name = split_suffix(document)
    position = parse_list_position(name)
    if position is None or format_name is None:
        raise NotFound(NOTHING_HERE)
    return position, format_name


def archive_handler(kind: FacetKind | None) -> HTTPRouteHandler:
    """The handler of the archive of the feed of one term, or of everything."""

    def query_of_all(request: HTTPRequest, app_state: InjectedState, document: ArchiveDocument) -> Query:
        position, format_name = split_archive_document(document)
        return query_of(request, app_state, {"archive": position}, format_name)

    def query_of_term(
        request: HTTPRequest, app_state: InjectedState, slug: TermSlug, document: ArchiveDocument
    ) -> Query:
        position, format_name = split_archive_document(document)
        values = {str(kind): term_slug(kind, slug, app_state)} if kind else {}
        return query_of(request, app_state, values | {"archive": position}, format_name)

    described = f"one {kind}" if kind else "everything"

    @get_or_head(
        f"{DIRECTORY_PATHS[kind]}/{{slug:str}}/archive/{{document:str}}"
        if kind
        else "/archive/{document:str}",
        name=f"get{kind.capitalize() if kind else ''}Archive",
        description=f"A document of the archive (RFC 5005 §4) of the feed of {described}",
        tags=[PATHS_TAG],
        response_headers=headers(*LISTING_HEADERS),
        responses=statuses(304, 404),
        opt={MEDIA_TYPES: [bare_type(name) for name in ARCHIVE_SUFFIXES]},
        dependencies={
            "listing_query": ParameterProvider(query_of_term if kind else query_of_all, ("content",))
        },
    )
    async def get_archive(
        request: HTTPRequest, app_state: InjectedState, document: ArchiveDocument, listing_query: ListingQuery
    ) -> Response[str]:
        _, format_name = split_archive_document(document)
        return await archive_response(app_state, format_name, listing_query, base_url(request.scope))

    return get_archive


def split_archive_document(document: str) -> tuple[str, FormatName]:
    """The position and the format that the name of an archive document gives. Raises NotFound."""
    for format_name, suffix in ARCHIVE_SUFFIXES.items():
        position = document.removesuffix(suffix)
        if position != document and is_archive_position(position):
            return position, format_name
    raise NotFound(NOTHING_HERE)


@get_or_head(
    f"{SUBSCRIBE_PATH}/{{directory:str}}/{{slug:str}}",
    name="howToSubscribeToTerm",
    tags=[PATHS_TAG],
    media_type=bare_type("html"),
    response_headers=headers(*LISTING_HEADERS),
    responses=statuses(304, 404),
    dependencies={"listing_query": ParameterProvider(subscription_query, component_names("html"))},
)
async def get_subscription_page_of_term(
    request: HTTPRequest,
    app_state: InjectedState,
    directory: DirectoryName,
    slug: TermSlug,
    listing_query: ListingQuery,
) -> Response[str]:
    """How to follow one tag, author, source, language or series, as a page."""
    kind = directory_kind(directory)
    await require_articles(app_state.publisher, facet_query(kind, term_slug(kind, slug, app_state)))
    return await subscription_response(request, app_state, listing_query)


ROUTE_HANDLERS: list[HTTPRouteHandler] = [
    *(list_handler(kind) for kind in DIRECTORY_PATHS),
    *(
        feed_handler(kind, FORMAT_DESCRIPTIONS[format_name])
        for kind in DIRECTORY_PATHS
        for format_name in FEEDS
    ),
    *(page_handler(kind) for kind in (None, *DIRECTORY_PATHS)),
    *(archive_handler(kind) for kind in (None, *DIRECTORY_PATHS)),
    get_subscription_page_of_term,
]
