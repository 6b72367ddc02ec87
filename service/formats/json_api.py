"""The API's JSON: a page of articles, one article, a directory."""

from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta

from service.formats import Directory, Format, Listing, SingleArticle
from service.formats.api_article import (
    RELATED_FIELDS,
    Address,
    ArticleOut,
    article_out,
    select_fields,
    single_article_out,
)
from service.formats.titles import DIRECTORY_TITLES
from service.model import FORMAT_DESCRIPTIONS
from service.query import ArchiveMonths, Query
from service.urls import Urls, facet_query

T = TypeVar("T")


class Articles(msgspec.Struct, Generic[T], frozen=True):
    """A page of articles and the addresses of its neighbours."""

    articles: list[T]
    total: Annotated[
        int | None, Meta(description="How many articles the query finds; null where that was not counted.")
    ]
    total_at_least: Annotated[
        int | None, Meta(description="Where there are too many to count: the query finds at least this many.")
    ]
    next: Annotated[Address | None, Meta(description="The page after this; null on the last.")]
    previous: Annotated[Address | None, Meta(description="The page before this; null on the first.")]


ArticlesOut = Articles[ArticleOut]
"""The answer to a query, every article complete."""


class FacetFeeds(msgspec.Struct, frozen=True):
    """The feeds of all articles of one tag, author, source or language."""

    atom: Address
    rss: Address
    json: Address


class FacetOut(msgspec.Struct, frozen=True):
    """A tag, author, source or language: how many articles carry it, their page, and their feeds."""

    name: Annotated[str, Meta(examples=["Iraq"])]
    slug: Annotated[str, Meta(examples=["iraq"])]
    count: int
    url: Annotated[Address, Meta(description="Its articles, as a page.")]
    feeds: FacetFeeds


def render_listing(listing: Listing, urls: Urls) -> bytes:
    """`{"articles": [ARTICLE, …], "total", "total_at_least", "next", "previous"}`."""
    query, page = listing.query, listing.page
    return msgspec.json.encode(
        Articles(
            articles=[
                select_fields(article_out(article, urls, query.content), query.fields)
                for article in page.articles
            ],
            total=page.total,
            total_at_least=page.total_at_least,
            next=urls.next_page("json", query, page),
            previous=urls.previous_page("json", query, page),
        )
    )


def render_article(page: SingleArticle, urls: Urls) -> bytes:
    """ARTICLE, or its `fields`, which may include links to other articles."""
    if RELATED_FIELDS.isdisjoint(page.fields):
        article = article_out(page.article, urls)
    else:
        article = single_article_out(page.article, page.related_articles, urls)
    return msgspec.json.encode(select_fields(article, page.fields))


def render_directory(directory: Directory, urls: Urls) -> bytes:
    """`{"tags": [{"name", "slug", "count", "url", "feeds"}]}`, or authors, sources, languages likewise."""
    facets = []
    for facet in directory.facets:
        query = facet_query(directory.kind, facet.slug)
        feeds = FacetFeeds(
            atom=urls.listing("atom", query),
            rss=urls.listing("rss", query),
            json=urls.listing("jsonfeed", query),
        )
        facets.append(FacetOut(facet.name, facet.slug, facet.count, urls.listing("html", query), feeds))
    return msgspec.json.encode({DIRECTORY_TITLES[directory.kind].lower(): facets})


class MonthOut(msgspec.Struct, frozen=True):
    """How many articles were published in a month of the site's time zone, and their page."""

    month: Annotated[str, Meta(examples=["2019-01"])]
    count: int
    url: Annotated[Address, Meta(description="Its articles, as a page.")]


class ArchiveMonthsOut(msgspec.Struct, frozen=True):
    """The months with articles, newest first."""

    months: list[MonthOut]
    undated: Annotated[int, Meta(description="How many articles have no date.")]


def render_months(archive: ArchiveMonths, urls: Urls) -> bytes:
    """`{"months": [{"month", "count", "url"}], "undated"}`."""
    months = [
        MonthOut(str(item.month), item.count, urls.listing("html", Query(month=item.month)))
        for item in archive.months
    ]
    return msgspec.json.encode(ArchiveMonthsOut(months, archive.undated))


JSON = Format(
    description=FORMAT_DESCRIPTIONS["json"],
    listing=render_listing,
    article=render_article,
    directory=render_directory,
)
