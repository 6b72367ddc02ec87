"""One article: in the format of its suffix, or without one in the format that Accept prefers."""

from typing import Annotated

from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import SkipValidation
from litestar.response import Response

from service.formats import bare_type
from service.formats.api_article import ArticleOut
from service.index import Moved
from service.urls import Urls, split_suffix
from service.web.addresses.base_url import base_url
from service.web.addresses.encoding import with_query
from service.web.application_state import InjectedState
from service.web.handlers.dependencies import (
    HTTPRequest,
    choose_format,
    get_or_head,
    negotiated_response,
    robots_headers,
)
from service.web.http.negotiation import PERMALINK_ORDER
from service.web.openapi.declarations import MEDIA_TYPES, ParameterProvider, headers, path_parameter, statuses
from service.web.query_string.parameters import ARTICLE_FIELDS_PARAMETER
from service.web.query_string.parsing import parse_article_query
from service.web.responses import RepresentationResponse, redirect_to_article

Slug = Annotated[
    str,
    path_parameter(
        "The article's slug, as in its `url`; a former one is redirected to the present one.", "harbour-opens"
    ),
]


def provide_article_fields(request: HTTPRequest, app_state: InjectedState, slug: Slug) -> tuple[str, ...]:
    """The `fields` that the format of the address takes. Raises as `parse_article_query`, NotAcceptable."""
    format_name = split_suffix(slug)[1] or choose_format(request, PERMALINK_ORDER)
    return parse_article_query(request.scope["query_string"], format_name, app_state.site)


@get_or_head(
    "/articles/{slug:str}",
    name="getArticle",
    tags=["Articles"],
    response_headers=headers("ETag", "Last-Modified", "Cache-Control", "Link", "Vary", "Content-Location"),
    responses=statuses(301, 304, 404, 406, 410),
    opt={MEDIA_TYPES: [bare_type(name) for name in PERMALINK_ORDER]},
    dependencies={"fields": ParameterProvider(provide_article_fields, (ARTICLE_FIELDS_PARAMETER.component,))},
)
async def get_article(
    request: HTTPRequest,
    app_state: InjectedState,
    slug: Slug,
    fields: NamedDependency[SkipValidation[tuple[str, ...]]],
) -> Response[ArticleOut]:
    """One article, at the address people share; Accept chooses the format, HTML by default.

    A former slug, or one not in its canonical form, is redirected.
    """
    slug, suffix_format = split_suffix(slug)
    format_name = suffix_format or choose_format(request, PERMALINK_ORDER)
    base = base_url(request.scope)
    cache_control = app_state.cache_control(app_state.settings.article_max_age_seconds)
    article = await app_state.publisher.article(format_name, slug, base, fields)
    if isinstance(article, Moved):
        return redirect_to_article(request.scope, article.slug, cache_control, suffix_format)
    if suffix_format:
        return RepresentationResponse(article, cache_control, headers=robots_headers(format_name))
    location = with_query(
        Urls(base).article_as(format_name, slug), f"fields={','.join(fields)}" if fields else ""
    )
    return negotiated_response(article, location, robots_headers(format_name))


ROUTE_HANDLERS: list[HTTPRouteHandler] = [get_article]
