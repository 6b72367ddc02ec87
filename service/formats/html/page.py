"""What every page carries: its head, the feeds of exactly its own query, and where else it leads."""

from typing import Any

import msgspec
from markupsafe import Markup

from service.formats.assets import PAGE_SCRIPT
from service.formats.feed import subscribable
from service.formats.html.templates import environment
from service.formats.html.theme import stylesheet
from service.formats.titles import DIRECTORY_TITLES
from service.model import FORMAT_DESCRIPTIONS, Site
from service.query import Query
from service.urls import Link, Urls

Data = dict[str, Any]


class Picture(msgspec.Struct, frozen=True):
    """What a link to a page is shown with; `url` is absolute."""

    url: str
    alt: str | None = None
    width: int | None = None
    height: int | None = None


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says of itself to browsers, readers, search engines and whoever links to it.

    `title` is the document's, `name` the same without the site's. `feed_title` names what its feeds bring.
    `canonical` is None for a page without an address of its own; one not `indexed` is kept out of search
    engines. `properties` are OpenGraph's, `data` is JSON-LD.
    """

    title: str
    name: str
    feed_title: str
    canonical: str | None = None
    description: str | None = None
    indexed: bool = True
    kind: str = "website"
    picture: Picture | None = None
    links: tuple[Link, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    data: tuple[Data, ...] = ()


class FeedLink(msgspec.Struct, frozen=True):
    """One feed of a page's query: what its format is called, and what readers find it by."""

    name: str
    media_type: str
    url: str
    title: str


def render(template: str, site: Site, urls: Urls, query: Query, head: Head, **facts: Any) -> bytes:
    """The page that `template` makes of `facts`; its feeds are those of `query`."""
    page = environment(site.templates).get_template(template)
    return page.render(
        site=site,
        urls=urls,
        query=query,
        head=head,
        data=[_embedded(one) for one in head.data],
        feeds=feeds_of(query, head.feed_title, urls),
        directories=DIRECTORY_TITLES,
        style=Markup(stylesheet(site)),  # noqa: S704 - our own, with a checked colour
        script=urls.asset(PAGE_SCRIPT.name),
        **facts,
    ).encode()


def feeds_of(query: Query, title: str, urls: Urls) -> tuple[FeedLink, ...]:
    """The feeds of what `query` finds, in every format."""
    followed = subscribable(query)
    return tuple(
        FeedLink(row.label, row.bare_type, urls.listing(row.name, followed), f"{title} ({row.label})")
        for row in FORMAT_DESCRIPTIONS.values()
        if row.kind == "feed"
    )


def titled(name: str, site: Site) -> str:
    """The title of the document about `name`: nothing twice."""
    return site.title if name == site.title else f"{name} — {site.title}"


def _embedded(data: Data) -> Markup:
    """JSON as it may stand in a `script` element: nothing in it can end the element (HTML §4.12.1.3)."""
    text = msgspec.json.encode(data).decode()
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - no character of HTML is left in it
