"""What Atom, RSS and JSON Feed have in common; the formats only serialise it."""

import html
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode
from uuid import NAMESPACE_URL, uuid5

import msgspec

from service.formats import Archive, Listing, bare_type
from service.formats.titles import title_of
from service.model import FORMAT_DESCRIPTIONS, Article, Author, Site, Source
from service.query import Query, last_page, logical_query
from service.urls import FormatName, Link, Urls, canonical_parameters, is_topic

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_SECOND = (datetime.min.replace(tzinfo=UTC) - _BEGINNING) // timedelta(seconds=1)
_LAST_SECOND = (datetime.max.replace(tzinfo=UTC) - _BEGINNING) // timedelta(seconds=1)


class Paging(msgspec.Struct, frozen=True):
    """The links of a feed document, and whether it is complete (RFC 5005 §2)."""

    links: tuple[Link, ...]
    complete: bool


def paging(listing: Listing, urls: Urls, format_name: FormatName) -> Paging:
    """The links of a feed document: itself, its HTML page, its hubs, its neighbouring pages (RFC 5005).

    `self` is the address of this document: readers move their subscription there. A complete document has no
    neighbours. The subscription document links to the first archive page. A feed at a path has no pages by
    cursor: its archive alone has what does not fit it.
    """
    query, page = listing.query, listing.page
    media_type = bare_type(format_name)
    complete = not (query.cursor or page.next_cursor or page.previous_cursor or page.archive)
    links = [
        Link("self", urls.requested_page(format_name, query), media_type),
        Link("alternate", html_address(query, urls), "text/html"),
    ]
    links += [Link("hub", hub) for hub in hubs(listing)]
    by_cursor = urls.pages_by_cursor(format_name, query)
    if not complete and by_cursor:
        links.append(Link("first", urls.listing(format_name, query), media_type))
    if previous_page := urls.previous_page(format_name, query, page):
        links.append(Link("previous", previous_page, media_type))
    if next_page := urls.next_page(format_name, query, page):
        links.append(Link("next", next_page, media_type))
    if not complete and by_cursor:
        links.append(Link("last", urls.listing(format_name, query, last_page(query)), media_type))
    if page.archive and FORMAT_DESCRIPTIONS[format_name].is_archived:
        links.append(Link("prev-archive", urls.archive(format_name, query, page.archive), media_type))
    return Paging(tuple(links), complete)


def hubs(listing: Listing) -> tuple[str, ...]:
    """The WebSub hubs to announce (WebSub §4): only on feeds that the hubs are notified of.

    Readers that subscribed at the hub of any other feed would never be notified.
    """
    return listing.site.hubs if is_topic(listing.query) else ()


def archive_links(archive: Archive, urls: Urls, format_name: FormatName) -> tuple[Link, ...]:
    """The links of an archive page: itself, the subscription document, the previous archive page.

    There is no `next-archive`: it would change a complete archive page whenever one is added.
    """
    query, page, media_type = archive.query, archive.page, bare_type(format_name)
    links = [
        Link("self", urls.archive(format_name, query, page.position), media_type),
        Link("current", urls.listing(format_name, query), media_type),
    ]
    if page.next:
        links.append(Link("prev-archive", urls.archive(format_name, query, page.next), media_type))
    return tuple(links)


def archive_title(archive: Archive) -> str:
    """The title by slugs alone: display names may change, an archive page may not."""
    return title_of(archive.site, archive.query, ())


def archive_updated(archive: Archive) -> datetime:
    """The instant in the address of the archive page, within the range of `datetime`."""
    changed = archive.page.position.changed
    return _BEGINNING + timedelta(seconds=min(max(changed, _FIRST_SECOND), _LAST_SECOND))


def html_address(query: Query, urls: Urls) -> str:
    """The address of the first HTML page of the query of a feed."""
    return urls.listing("html", logical_query(query))


def subscribable(query: Query) -> Query:
    """The query for the feeds of a list: feeds have their own page size and are never ranked."""
    sort = "newest" if query.sort == "relevance" else query.sort
    return msgspec.structs.replace(query, sort=sort, limit=None)


def feed_id(site: Site, query: Query) -> str:
    """The permanent id of the logical feed of `query`, the same for all its pages, formats and addresses.

    A tag URI (RFC 4151) of the site's authority; without one a UUID (version 5) of the site's title and the
    query, since ids must differ between sites (RFC 4287 §4.2.6).
    """
    filters = urlencode(canonical_parameters(logical_query(query)), quote_via=quote)
    name = f"feed?{filters}" if filters else "feed"
    if site.id_authority and site.id_year:
        return f"tag:{site.id_authority},{site.id_year}:{name}"
    return uuid5(NAMESPACE_URL, f"{site.title}\n{name}").urn


def feed_updated(listing: Listing) -> datetime:
    """When anything the query finds last changed; the site's epoch if nothing is dated. Never now."""
    return listing.page.modified or listing.site.epoch


def published(article: Article, site: Site) -> datetime:
    """The publication date of an entry; if undated, the site's epoch or the update, whichever is earlier."""
    return article.published or min(site.epoch, article.updated or site.epoch)


def updated(article: Article, site: Site) -> datetime:
    """When an entry last changed; never before `published`."""
    return max(article.changed or site.epoch, published(article, site))


def bylines(article: Article, site: Site) -> tuple[Author, ...]:
    """The authors of an entry, at least one: of the article, else of the site, else the site itself.

    Few readers inherit the author of the feed.
    """
    return article.authors or publishers(site)


def publishers(site: Site) -> tuple[Author, ...]:
    return site.authors or (Author(name=site.title, slug=""),)


def content_html(article: Article, urls: Urls) -> str:
    """The article's HTML with absolute links, followed by its correction, for which feeds have no element."""
    text = urls.content_html(article)
    if article.correction:
        text += f"<p><em>{html.escape(article.correction, quote=False)}</em></p>"
    return text


def language_of(article: Article, site: Site) -> str | None:
    """The language of the entry if it differs from that of the feed."""
    return article.language if article.language and article.language != site.language else None


def citation(source: Source, site: Site) -> str:
    """The source as text for `dc:source`: name, title, author and date. Its address is in a `via` link."""
    day = site.day(source.published).isoformat() if source.published else None
    title = f"“{source.title}”" if source.title else None
    return ", ".join(part for part in (source.name, title, source.author, day) if part)
