"""How a browser searches the site (OpenSearch 1.1), and its suggestions while words are typed."""

from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from service.errors import counted
from service.formats.robots import opensearch
from service.index import Index
from service.index.search import is_long_enough, runs
from service.model import Article, fold, slugify
from service.query import Query
from service.urls import OPENSEARCH_PATH, SUGGEST_PATH, Urls, facet_query
from service.web.addresses.base_url import base_url
from service.web.application_state import InjectedState
from service.web.handlers.dependencies import HTTPRequest, ListingQuery, document_response, get_or_head
from service.web.openapi.declarations import ParameterProvider
from service.web.openapi.schemas import Suggestions
from service.web.query_string.parsing import parse_query

MAX_SUGGESTIONS = 10
SEARCHED_TITLES = 30
LEAST_LETTERS = 3
"""How many letters must be typed before titles are searched; fewer begin half of all words."""


def read_search(request: HTTPRequest, app_state: InjectedState) -> Query:
    """Only the search of a query. Raises InvalidParameter."""
    pairs = request.scope["query_string"].split(b"&")
    return parse_query(b"&".join(pair for pair in pairs if pair.startswith(b"q=")), "html", app_state.site)


@get_or_head(OPENSEARCH_PATH, name="describeSearch", tags=["Search"], media_type=opensearch.DESCRIPTION_TYPE)
async def get_search_description(request: HTTPRequest, app_state: InjectedState) -> Response[str]:
    """How a browser searches the site (OpenSearch 1.1)."""
    body = opensearch.description(app_state.site, app_state.publisher.urls(base_url(request.scope)))
    return document_response(app_state, opensearch.DESCRIPTION_TYPE, body)


@get_or_head(
    SUGGEST_PATH,
    name="suggest",
    tags=["Search"],
    media_type=opensearch.SUGGESTIONS_TYPE,
    dependencies={"listing_query": ParameterProvider(read_search, ("q",))},
)
async def get_suggestions(
    request: HTTPRequest, app_state: InjectedState, listing_query: ListingQuery
) -> Response[Suggestions]:
    """The completions of `q`: `[q, words, descriptions, addresses]`."""
    typed = listing_query.q
    urls = app_state.publisher.urls(base_url(request.scope))
    body = await app_state.publisher.in_progress.share(
        (SUGGEST_PATH, typed, urls.base), lambda: _render_suggestions(app_state.index, typed, urls)
    )
    return document_response(app_state, opensearch.SUGGESTIONS_TYPE, body)


async def _render_suggestions(index: Index, typed: str, urls: Urls) -> bytes:
    """Tags, authors and sources that begin with `typed`, then titles of pages and articles likewise."""
    slug = slugify(typed)
    facets = await index.prefix_search(slug, MAX_SUGGESTIONS) if slug else ()
    suggestions = [
        opensearch.Suggestion(
            facet.name,
            f"{kind}, {counted(facet.count, 'article')}",
            urls.listing("html", facet_query(kind, facet.slug)),
        )
        for kind, facet in facets
    ]
    missing = MAX_SUGGESTIONS - len(suggestions)
    if missing and (search := _title_search(typed)):
        query = Query(title=search)

        def is_completion(article: Article) -> bool:
            return _begins_words_of(typed, article.title)

        site_pages = await index.search_site_pages(query, SEARCHED_TITLES)
        articles = await index.find_first(query, missing, SEARCHED_TITLES, is_completion)
        suggestions += [
            opensearch.Suggestion(
                article.title, "page" if article.is_page else "article", urls.article(article.slug)
            )
            for article in (*filter(is_completion, site_pages), *articles)[:missing]
        ]
    return opensearch.suggestions(typed, suggestions)


def _title_search(typed: str) -> str:
    """A search that finds articles whose titles may complete `typed`; "" before there are enough letters.

    The last word may be incomplete; where it is too short for a prefix, the other words are searched for.
    """
    if len(typed) < LEAST_LETTERS or not typed[-1].isalnum() or "*" in typed:
        return ""
    before, _, last = typed.rpartition(" ")
    prefix = next(reversed([*runs(last)]), None)
    return f"{typed}*" if prefix and is_long_enough(prefix) else before


def _begins_words_of(typed: str, title: str) -> bool:
    words = fold(title).split()
    return all(any(word.startswith(prefix) for word in words) for prefix in fold(typed).split())


ROUTE_HANDLERS: list[HTTPRouteHandler] = [get_search_description, get_suggestions]
