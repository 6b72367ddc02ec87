"""The page that explains how to subscribe to a query."""

from urllib.parse import quote

import msgspec

from service.formats import Listing
from service.formats.feeds.feed import bylines, subscribable
from service.formats.html.linked_data import collection
from service.formats.html.page import Head, feeds_of, render
from service.formats.html.removable_filters import removable_filters
from service.formats.titles import title_of
from service.model import NamedLink
from service.urls import Urls

PREVIEWED = 3


def subscription(listing: Listing, urls: Urls) -> bytes:
    """What a feed is, the addresses of the feeds of the query, readers to open them in, and a preview."""
    site, page = listing.site, listing.page
    query = msgspec.structs.replace(subscribable(listing.query), content="full")
    what = title_of(site, query, page.names)
    name = f"Subscribe to {what}"
    canonical = urls.subscribe(query)
    atom, *_ = feeds = feeds_of(query, what, urls)
    head = Head(
        title=name,
        name=name,
        feed_title=what,
        canonical=canonical,
        description=f"Follow {what} in a feed reader: the addresses of its Atom, RSS and JSON feeds.",
        indexed=canonical == urls.at("/subscribe"),
        data=(collection(name, canonical, site, urls),),
    )
    readers = [
        NamedLink(reader.name, reader.url.replace("{url}", quote(atom.url, safe="")))
        for reader in site.readers
    ]
    return render(
        "subscribe.html",
        site,
        urls,
        query,
        head,
        listing.navigation,
        what=what,
        offered=feeds,
        filters=removable_filters(site, query, page.names),
        app=atom.url,
        readers=readers,
        page=page,
        back=urls.listing("html", query),
        bylines={article.id: bylines(article, site) for article in page.articles},
    )
