"""The frame of every page: its head, the feeds of its query, and the navigation."""

from functools import partial
from typing import Any

import msgspec
from markupsafe import Markup

from service.formats import Navigation
from service.formats.assets import PAGE_SCRIPT
from service.formats.feeds.feed import subscribable
from service.formats.html.templates import asset_url, environment
from service.formats.html.theme import stylesheet
from service.formats.titles import DIRECTORY_TITLES
from service.model import FORMAT_DESCRIPTIONS, Image, Site
from service.query import MenuLink, Query
from service.urls import Link, Urls

Data = dict[str, Any]


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The metadata of a page.

    `title` is that of the document, `name` the same without the title of the site, `feed_title` that of its
    feeds. `canonical` is None for a page without an address of its own. A page that is not `indexed` asks
    search engines to leave it out. `picture` is shown where others link to it; its `url` is absolute.
    `properties` are those of OpenGraph, `data` is JSON-LD.
    """

    title: str
    name: str
    feed_title: str
    canonical: str | None = None
    description: str | None = None
    indexed: bool = True
    kind: str = "website"
    picture: Image | None = None
    links: tuple[Link, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    data: tuple[Data, ...] = ()


class FeedLink(msgspec.Struct, frozen=True):
    """One feed of a page's query: the name of its format, and the attributes of its autodiscovery link."""

    name: str
    media_type: str
    url: str
    title: str


def render(
    template: str, site: Site, urls: Urls, query: Query, head: Head, navigation: Navigation, **variables: Any
) -> bytes:
    """Render `template` with `variables`; the feeds of the page are those of `query`."""
    page = environment(site.templates).get_template(template)
    return page.render(
        site=site,
        urls=urls,
        query=query,
        head=head,
        data=[_embed(data) for data in head.data],
        feeds=feeds_of(query, head.feed_title, urls),
        directories={kind: DIRECTORY_TITLES[kind] for kind in navigation.directories},
        menu=_menu(site, urls, navigation.menu),
        style=Markup(stylesheet(site, urls)),  # noqa: S704 - built in, with a checked colour
        script=urls.asset(PAGE_SCRIPT.name),
        asset=partial(asset_url, site, urls),
        **variables,
    ).encode()


def feeds_of(query: Query, title: str, urls: Urls) -> tuple[FeedLink, ...]:
    """The feeds of `query`, in every format."""
    feed_query = subscribable(query)
    return tuple(
        FeedLink(row.label, row.bare_type, urls.listing(row.name, feed_query), f"{title} ({row.label})")
        for row in FORMAT_DESCRIPTIONS.values()
        if row.kind == "feed"
    )


def _menu(site: Site, urls: Urls, links: tuple[MenuLink, ...]) -> tuple[MenuLink, ...]:
    """The menu with absolute addresses, without pages that `navigation` of the site links to itself."""
    configured = {urls.configured(link.url).rstrip("/") for link in site.navigation}
    absolute = (msgspec.structs.replace(link, address=urls.article(link.address)) for link in links)
    return tuple(link for link in absolute if link.address not in configured)


def titled(name: str, site: Site) -> str:
    """The title of a document: `name` and the title of the site, unless they are equal."""
    return site.title if name == site.title else f"{name} — {site.title}"


def _embed(data: Data) -> Markup:
    """JSON for a `script` element: nothing in it can end the element (HTML §4.12.1.3)."""
    text = msgspec.json.encode(data).decode()
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - it contains no special character of HTML
