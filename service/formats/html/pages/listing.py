"""The page of a query: the site's home, a tag, a search, or all articles."""

import msgspec

from service.formats import Listing
from service.formats.html.linked_data import collection, website
from service.formats.html.page import Head, render
from service.formats.html.removable_filters import RemovableFilter, orders, removable_filters
from service.formats.html.snippets import Piece, highlight, snippet
from service.formats.titles import title_of
from service.model import Article
from service.query import FILTERS, Query
from service.urls import OPML_PATH, Link, Urls

_KICKERS = {
    row.label: row.label.capitalize()
    for row in FILTERS
    if row.kind not in {"instant", "flag", "media"} and not row.excludes
}
"""The line above the heading of a page with this filter only."""


class ListedArticle(msgspec.Struct, frozen=True):
    """An article in a list; `words` are a snippet around the matches of a search, or the summary."""

    article: Article
    title: tuple[Piece, ...]
    words: tuple[Piece, ...]


def render_listing(listing: Listing, urls: Urls) -> bytes:
    """The page of a query; that of the unfiltered query is the home page."""
    site, query, page = listing.site, listing.query, listing.page
    home = query == Query()
    filters = removable_filters(site, query, page.names)
    name = title_of(site, query, page.names)
    newer = urls.previous_page("html", query, page)
    older = urls.next_page("html", query, page)
    canonical = urls.requested_page("html", query)
    neighbours = (("prev", newer), ("next", older))
    head = Head(
        title=name,
        name=name,
        feed_title=title_of(site, msgspec.structs.replace(query, sort="newest"), page.names),
        canonical=canonical,
        description=site.description
        if home or not filters
        else f"Articles on {site.title}: {_sentence(filters)}.",
        indexed=home,
        links=(
            Link("alternate", urls.listing("json", query), "application/json", f"{name} (API)"),
            *((Link("blogroll", urls.at(OPML_PATH), "text/xml", f"{name} (all feeds)"),) if home else ()),
            *(Link(rel, address) for rel, address in neighbours if address),
        ),
        data=(website(site, urls) if home else collection(name, canonical, site, urls),),
    )
    kicker, heading = _heading(filters, paged=bool(query.cursor or query.position))
    return render(
        "listing.html",
        site,
        urls,
        query,
        head,
        listing.navigation,
        home=home,
        kicker=kicker,
        heading=site.title if home else heading,
        page=page,
        entries=[_entry(article, query) for article in page.articles],
        site_pages=[_entry(site_page, query) for site_page in listing.site_pages],
        filters=filters,
        orders=orders(query) if urls.pages_by_cursor("html", query) else (),
        first=urls.listing("html", query) if query.position else None,
        topics=listing.topics,
        newer=newer,
        older=older,
    )


def _heading(filters: tuple[RemovableFilter, ...], *, paged: bool) -> tuple[str | None, str]:
    """The line above the heading, and the heading: `Tag`, `Iraq`."""
    if not filters:
        return None, "Earlier articles" if paged else "Articles"
    if len(filters) == 1 and filters[0].word in _KICKERS:
        return _KICKERS[filters[0].word], filters[0].value
    sentence = _sentence(filters)
    return "Articles", sentence[:1].upper() + sentence[1:]


def _sentence(filters: tuple[RemovableFilter, ...]) -> str:
    """`author Ada or Bo, tag Iraq`."""
    parts = (
        f" or {item.value}" if item.is_alternative else f", {item.phrase} {item.value}" for item in filters
    )
    return "".join(parts).removeprefix(", ")


def _entry(article: Article, query: Query) -> ListedArticle:
    if not query.q:
        return ListedArticle(article, (Piece(article.title),), (Piece(article.summary),))
    words = snippet(article.content_text, query.q, article.language)
    return ListedArticle(
        article,
        highlight(article.title, query.q, article.language),
        words or highlight(article.summary, query.q, article.language),
    )
