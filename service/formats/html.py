"""Pages for people: the HTML twin of every query, article, directory and problem.

Everything is escaped by the templates but the article's own HTML, which an allow-list has made safe
(`markup`). Each page points to the feeds of exactly its own query.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jinja2

from service.formats import FEEDS, MEDIA_TYPES, Directory, Format, Listing, Single, bare_type
from service.formats.feed import subscribable
from service.formats.heading import title_of
from service.model import Article, Site
from service.query import Query
from service.urls import FormatName, Urls, facet_query, instant

FEED_NAMES: Mapping[FormatName, str] = {"atom": "Atom", "rss": "RSS", "jsonfeed": "JSON Feed"}
DIRECTORY_TITLES = {"tag": "Tags", "author": "Authors", "source": "Sources", "language": "Languages"}


def _day(moment: datetime, site: Site) -> str:
    day = site.day(moment)
    return f"{day.day} {day:%B %Y}"


_pages = jinja2.Environment(
    loader=jinja2.PackageLoader("service.formats"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
_pages.filters["instant"] = instant
_pages.filters["day"] = _day
_pages.globals["facet_query"] = facet_query
_pages.globals["directories"] = DIRECTORY_TITLES


def listing(listing: Listing, urls: Urls) -> bytes:
    """The page of a query; the unfiltered first one is the home page."""
    query, page = listing.query, listing.page
    return _page(
        "listing.html",
        listing.site,
        urls,
        query,
        title=title_of(listing.site, query, page.names),
        home=urls.listing("html", query) == urls.home(),
        page=page,
        canonical=urls.listing("html", query, query.cursor),
        newer=urls.listing("html", query, page.previous) if page.previous else None,
        older=urls.listing("html", query, page.next) if page.next else None,
    )


def single(single: Single, urls: Urls) -> bytes:
    """The page of one article."""
    article = single.article
    return _page(
        "article.html",
        single.site,
        urls,
        Query(),
        title=article.title,
        article=article,
        authors=article.authors or single.site.authors,
        body=urls.content_html(article),
        canonical=urls.canonical(article),
        paragraph=_paragraph(article),
    )


def directory(directory: Directory, urls: Urls) -> bytes:
    """The page of all tags, authors, sources or languages."""
    return _page(
        "directory.html",
        directory.site,
        urls,
        Query(),
        title=f"{DIRECTORY_TITLES[directory.kind]} — {directory.site.title}",
        heading=DIRECTORY_TITLES[directory.kind],
        kind=directory.kind,
        facets=directory.facets,
        canonical=urls.directory(directory.kind),
    )


def problem_page(site: Site, urls: Urls, status: int, title: str, detail: str) -> bytes:
    """A problem as a page that helps a person on."""
    return _page(
        "problem.html",
        site,
        urls,
        Query(),
        title=f"{title} — {site.title}",
        status=status,
        heading=title,
        detail=detail,
        canonical=None,
    )


def _page(template: str, site: Site, urls: Urls, query: Query, **facts: Any) -> bytes:
    feeds = [
        {
            "name": FEED_NAMES[form],
            "type": bare_type(form),
            "url": urls.listing(form, subscribable(query)),
        }
        for form in FEEDS
    ]
    facts.setdefault("feed_title", facts["title"] if query != Query() else site.title)
    page = _pages.get_template(template)
    return page.render(site=site, urls=urls, query=query, feeds=feeds, **facts).encode()


def _paragraph(article: Article) -> str:
    """What a search engine or a link preview shows of an article."""
    return " ".join(article.summary.split())


HTML = Format(
    name="html",
    media_type=MEDIA_TYPES["html"],
    kind="list",
    limit=20,
    listing=listing,
    single=single,
    directory=directory,
)
