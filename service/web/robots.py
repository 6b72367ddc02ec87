"""The handlers of what search engines and browsers ask of the site as a whole: maps, search, suggestions."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec

from service.errors import InvalidParameter, NotFound
from service.formats import opensearch, sitemap
from service.index import Index, now
from service.index.analyser import runs
from service.index.search import is_long_enough
from service.model import Article, fold, slugify
from service.publisher import Rendered
from service.query import MAX_LIMIT, Query
from service.urls import NEWS_PATH, SITEMAP_PATH, SUGGEST_PATH, Urls, facet_query
from service.web.desk import Desk
from service.web.parse_query import read_query
from service.web.visit import Answer, Visit

MOST_IN_ONE = 1000
"""A sitemap of more articles is an index of months."""

PAGES_PART = "pages"
NEWS_AGE = timedelta(days=2)
LONGEST_PART = 50
MOST_SUGGESTED = 10
LOOKED_THROUGH = 30
LEAST_OF_A_TITLE = 3
"""So many letters must be typed before titles are searched: what begins with fewer is half of all words."""

ROBOTS = """User-agent: *
Allow: /
Disallow: {suggest}
Disallow: {metrics}

Sitemap: {sitemap}
Sitemap: {news}
"""


async def robots(desk: Desk, visit: Visit) -> Answer:
    """Handles `/robots.txt` (RFC 9309): everything may be read but what is not for readers."""
    return _kept(desk, "text/plain; charset=utf-8", robots_text(Urls(visit.base)).encode())


def robots_text(urls: Urls) -> str:
    """What robots are told. Lists that only repeat are open to them, and say `noindex` themselves."""
    suggest, metrics = (urlsplit(urls.at(path)).path for path in (SUGGEST_PATH, "/metrics"))
    return ROBOTS.format(
        suggest=suggest, metrics=metrics, sitemap=urls.at(SITEMAP_PATH), news=urls.at(NEWS_PATH)
    )


async def site_map(desk: Desk, visit: Visit) -> Answer:
    """Handles `/sitemap.xml`: all of a small site, else an index of months, and each `part` it names."""
    part = _part(visit.query)
    body = await desk.publisher.in_progress.share(
        (SITEMAP_PATH, part, visit.base), lambda: _site_map(desk.publisher.index, part, Urls(visit.base))
    )
    return _kept(desk, sitemap.MEDIA_TYPE, body)


async def _site_map(index: Index, part: str, urls: Urls) -> bytes:
    if part == PAGES_PART:
        return sitemap.sitemap((), urls, pages=True)
    if part:
        articles = await index.sitemap_articles(part)
        if not articles:
            raise NotFound(f"The sitemap has no part {part[:LONGEST_PART]!r}.")
        return sitemap.sitemap(articles, urls, pages=False)
    months = await index.sitemap_months()
    if sum(month.articles for month in months) > MOST_IN_ONE:
        parts = [(month.name, month.changed) for month in months]
        return sitemap.sitemap_index([(PAGES_PART, None), *parts], urls)
    listed = [article for month in months for article in await index.sitemap_articles(month.name)]
    return sitemap.sitemap(listed, urls, pages=True)


async def news(desk: Desk, visit: Visit) -> Answer:
    """Handles `/sitemap-news.xml`: the articles of the last two days.

    Time alone moves it, so it is made anew for every request; it has equal bytes while the same is news.
    """
    query = Query(since=now().replace(second=0, microsecond=0) - NEWS_AGE)
    body = await desk.publisher.in_progress.share(
        (NEWS_PATH, query, visit.base), lambda: _news(desk, query, Urls(visit.base))
    )
    return Answer(
        rendered=Rendered.of(sitemap.MEDIA_TYPE, body),
        cache_control=desk.cache_control(desk.settings.list_max_age_seconds),
    )


async def _news(desk: Desk, query: Query, urls: Urls) -> bytes:
    articles: list[Article] = []
    while len(articles) < sitemap.MOST_NEWS:
        page = await desk.publisher.index.find(query, MAX_LIMIT)
        articles += page.articles
        if page.next is None:
            break
        query = msgspec.structs.replace(query, cursor=page.next)
    return sitemap.news(articles, desk.site, urls)


async def search_description(desk: Desk, visit: Visit) -> Answer:
    """Handles `/opensearch.xml`: how a browser searches here."""
    body = opensearch.description(desk.site, Urls(visit.base))
    return _kept(desk, opensearch.DESCRIPTION_TYPE, body)


async def suggest(desk: Desk, visit: Visit) -> Answer:
    """Handles `/suggest`: what a search may be completed to, while one types. Raises InvalidParameter."""
    given = b"&".join(pair for pair in visit.query.split(b"&") if pair.startswith(b"q="))
    typed = read_query(given, "html", desk.site).q
    body = await desk.publisher.in_progress.share(
        (SUGGEST_PATH, typed, visit.base), lambda: _suggestions(desk.publisher.index, typed, Urls(visit.base))
    )
    return _kept(desk, opensearch.SUGGESTIONS_TYPE, body)


async def _suggestions(index: Index, typed: str, urls: Urls) -> bytes:
    """Tags, authors and sources that begin so, then titles in which every word does."""
    slug = slugify(typed)
    completions = await index.prefix_search(slug, MOST_SUGGESTED) if slug else ()
    found = [
        opensearch.Suggestion(
            facet.name,
            f"{kind}, {facet.count} article{'s' * (facet.count != 1)}",
            urls.listing("html", facet_query(kind, facet.slug)),
        )
        for kind, facet in completions
    ]
    left = MOST_SUGGESTED - len(found)
    if left and (search := _search_for_titles(typed)):
        page = await index.find(Query(q=search), LOOKED_THROUGH)
        titled = [article for article in page.articles if _begins_words_of(typed, article.title)]
        found += [
            opensearch.Suggestion(article.title, "article", urls.article(article.slug))
            for article in titled[:left]
        ]
    return opensearch.suggestions(typed, found)


def _search_for_titles(typed: str) -> str:
    """A search that finds articles whose titles may complete `typed`; "" before there are enough letters.

    The last word may be incomplete; where it is too short for a prefix, the other words are searched for.
    """
    if len(typed) < LEAST_OF_A_TITLE or not typed[-1].isalnum() or "*" in typed:
        return ""
    before, _, last = typed.rpartition(" ")
    prefix = next(reversed([*runs(last)]), None)
    return f"{typed}*" if prefix and is_long_enough(prefix) else before


def _begins_words_of(typed: str, title: str) -> bool:
    words = fold(title).split()
    return all(any(word.startswith(begun) for word in words) for begun in fold(typed).split())


def _part(query: bytes) -> str:
    """The one `part` of a query string, "" for none. Raises InvalidParameter."""
    given = parse_qs(query.decode("latin-1")).get("part", [""])
    if len(given) > 1:
        raise InvalidParameter("part", "it stands too often; give it once.")
    return given[0]


def _kept(desk: Desk, media_type: str, body: bytes) -> Answer:
    return desk.kept(Rendered.of(media_type, body), desk.settings.list_max_age_seconds)
