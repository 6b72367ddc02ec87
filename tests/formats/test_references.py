"""Site-relative references are absolute in every format."""

from collections.abc import Callable

import pytest

from service.formats import SingleArticle
from service.formats.feeds.atom import ATOM
from service.formats.feeds.json_feed import JSON_FEED
from service.formats.feeds.rss import RSS
from service.formats.html import HTML
from service.formats.json_api import JSON
from service.formats.markdown import MARKDOWN
from service.formats.web_links import article_links, listing_links
from service.model import Article, Author, Source
from service.query import Query
from service.urls import Urls
from tests.support.builders import article, listing, site

URLS = Urls("https://example.org/blog")
RELATIVE = article(
    canonical="/files/first.pdf",
    source=Source("The Paper", "the-paper", "/files/scan.pdf", feed="/files/feed.xml"),
    updated=None,
)
WITH_AUTHOR = {"authors": (Author("Ada", "ada", "/about/ada"),)}

assert HTML.article
assert JSON.article
assert MARKDOWN.article
_page, _api, _markdown = HTML.article, JSON.article, MARKDOWN.article
WRITERS: dict[str, Callable[[Article], bytes]] = {
    "page": lambda one: _page(SingleArticle(site(), one), URLS),
    "api": lambda one: _api(SingleArticle(site(), one), URLS),
    "markdown": lambda one: _markdown(SingleArticle(site(), one), URLS),
    "atom": lambda one: ATOM.listing(listing(one), URLS),
    "rss": lambda one: RSS.listing(listing(one), URLS),
    "jsonfeed": lambda one: JSON_FEED.listing(listing(one), URLS),
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("titled", [True, False])
def test_every_reference_is_absolute(name: str, titled: bool) -> None:
    source = Source("Paper", "paper", "/files/scan.pdf", "Title" if titled else None, feed="/files/feed.xml")
    facts = {name: getattr(RELATIVE, name) for name in RELATIVE.__struct_fields__}
    written = WRITERS[name](Article(**{**facts, **WITH_AUTHOR, "source": source})).decode()

    relative = ("/files/first.pdf", "/files/scan.pdf", "/files/feed.xml", "/about/ada")
    assert "https://example.org/blog/files/scan.pdf" in written
    for reference in relative:
        assert written.count(reference) == written.count(f"https://example.org/blog{reference}"), reference


def test_the_canonical_address_in_the_header() -> None:
    canonical = article_links("html", RELATIVE, URLS)[0]
    assert (canonical.rel, canonical.href) == ("canonical", "https://example.org/blog/files/first.pdf")
    assert article_links("html", article("b"), URLS)[0].href == "https://example.org/blog/articles/b"


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(q="x", sort="oldest"),
        Query(q="x", sort="relevance"),
        Query(tags=("a",), limit=3, content="summary"),
    ],
)
def test_page_and_link_header_have_the_same_feeds(query: Query) -> None:
    listed = listing(article(), query=query)
    page = HTML.listing(listed, URLS).decode().replace("&amp;", "&")
    feeds = [link for link in listing_links(HTML, listed, URLS) if link.rel == "alternate"]
    assert len(feeds) == 3
    for link in feeds:
        assert f'type="{link.type}" title="' in page
        assert f'href="{link.href}">' in page
        assert ("sort=oldest" in link.href) == (query.sort == "oldest")
