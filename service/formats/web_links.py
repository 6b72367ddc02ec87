"""The links of the Link header (RFC 8288): neighbouring pages, and other representations."""

import msgspec

from service.formats import FEEDS, Format, Listing, bare_type
from service.formats.feeds.feed import paging, subscribable
from service.formats.opml import MEDIA_TYPE as OPML_TYPE
from service.model import Article
from service.query import Query
from service.urls import ARTICLE_SUFFIXES, OPML_PATH, FormatName, Link, Urls


def listing_links(chosen: Format, listing: Listing, urls: Urls) -> tuple[Link, ...]:
    """The web links of a list or feed: its neighbouring pages and its other representations.

    Those of a feed are the links in its document; `prev` is the registered name of `previous` of RFC 5005.
    """
    format_name, query, page = chosen.description.name, listing.query, listing.page
    if chosen.description.kind == "feed":
        return tuple(
            msgspec.structs.replace(link, rel="prev" if link.rel == "previous" else link.rel)
            for link in paging(listing, urls, format_name).links
        )
    links = [Link("first", urls.listing(format_name, query))]
    if previous_page := urls.previous_page(format_name, query, page):
        links.append(Link("prev", previous_page))
    if next_page := urls.next_page(format_name, query, page):
        links.append(Link("next", next_page))
    links += feed_links(query, urls)
    if query == Query():
        links.append(Link("blogroll", urls.at(OPML_PATH), OPML_TYPE.partition(";")[0]))
    return tuple(links)


def feed_links(query: Query, urls: Urls) -> tuple[Link, ...]:
    """The feeds of what `query` finds."""
    feed_query = subscribable(query)
    return tuple(Link("alternate", urls.listing(feed, feed_query), bare_type(feed)) for feed in FEEDS)


def article_links(format_name: FormatName, article: Article, urls: Urls) -> tuple[Link, ...]:
    """The web links of one article: canonical address, other representations, feeds, translations."""
    links = [Link("canonical", urls.canonical(article))]
    links += [
        Link("alternate", urls.article_as(alternate, article.slug), bare_type(alternate))
        for alternate in ARTICLE_SUFFIXES
        if alternate != format_name
    ]
    links += feed_links(Query(), urls)
    links += [
        Link("alternate", urls.article(other.slug), "text/html", hreflang=other.language)
        for other in article.translations
    ]
    return tuple(links)
