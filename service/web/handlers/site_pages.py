"""Pages that are not articles, such as `/about`: in the format of their suffix, or the one Accept prefers."""

from pathlib import Path
from typing import Annotated
from urllib.parse import unquote

from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from service.errors import NotFound
from service.formats import bare_type
from service.formats.api_article import ArticleOut
from service.index import Moved
from service.urls import Urls, split_suffix
from service.web.addresses.base_url import base_url
from service.web.application_state import InjectedState
from service.web.handlers.dependencies import (
    HTTPRequest,
    choose_format,
    get_or_head,
    negotiated_response,
    robots_headers,
)
from service.web.http.negotiation import PERMALINK_ORDER
from service.web.openapi.declarations import MEDIA_TYPES, headers, path_parameter, statuses
from service.web.query_string.parsing import reject_parameters
from service.web.responses import RepresentationResponse, redirect_to_article

PAGE_ROUTE = "/{page:path}"

PageAddress = Annotated[
    Path,
    path_parameter("The page's address below the root; slashes are not encoded.", "about", format=None),
]


@get_or_head(
    PAGE_ROUTE,
    name="getPage",
    tags=["Pages"],
    response_headers=headers("ETag", "Last-Modified", "Cache-Control", "Link", "Vary", "Content-Location"),
    responses=statuses(301, 304, 404, 406, 410),
    opt={MEDIA_TYPES: [bare_type(name) for name in PERMALINK_ORDER]},
)
async def get_site_page(
    request: HTTPRequest,
    app_state: InjectedState,
    page: PageAddress,  # noqa: ARG001
) -> Response[ArticleOut]:
    """A page that is not an article, such as `/about`; Accept chooses the format, HTML by default.

    `.json`, `.html` or `.md` after its address chooses it too. A former address of a page is redirected.
    """
    # The path as it was sent: Litestar normalises path parameters.
    address, suffix_format = split_suffix(unquote(request.scope["raw_path"].decode("ascii")))
    base = base_url(request.scope)
    settings = app_state.settings
    cache_control = app_state.cache_control(settings.article_max_age_seconds)
    current = await app_state.index.find_article(address)
    if isinstance(current, Moved):
        if not current.slug.startswith("/"):
            # Former addresses of articles have more spellings, which `AddressMiddleware` knows.
            raise NotFound("There is nothing at this address.")
        # Systems with files of HTML have `.html` in former addresses: it asks for no format.
        chosen = None if suffix_format == "html" else suffix_format
        return redirect_to_article(request.scope, current.slug, cache_control, chosen)
    format_name = suffix_format or choose_format(request, PERMALINK_ORDER)
    reject_parameters(request.scope["query_string"], format_name)
    rendered = await app_state.publisher.article(format_name, address, base)
    if isinstance(rendered, Moved):  # the content changed meanwhile
        raise NotFound("There is nothing at this address.")
    robots = robots_headers(format_name)
    if suffix_format:
        return RepresentationResponse(rendered, cache_control, headers=robots)
    return negotiated_response(rendered, Urls(base).article_as(format_name, address), robots)


ROUTE_HANDLERS: list[HTTPRouteHandler] = [get_site_page]
