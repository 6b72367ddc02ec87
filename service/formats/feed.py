"""The facts of a feed, gathered once; Atom, RSS and JSON Feed only decide how to write them."""

import html
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode
from uuid import NAMESPACE_URL, uuid5

import msgspec

from service.formats import Archive, Listing, bare_type
from service.formats.titles import title_of
from service.model import FORMAT_DESCRIPTIONS, Article, Author, Site, Source
from service.query import Query, last_page
from service.urls import FormatName, Link, Urls, canonical_parameters, is_topic

GENERATOR = "Broadsheet"
"""Without a version: a feed keeps its bytes, and so its ETag, when the service is brought up to date."""


_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_SECOND = (datetime.min.replace(tzinfo=UTC) - _BEGINNING) // timedelta(seconds=1)
_LAST_SECOND = (datetime.max.replace(tzinfo=UTC) - _BEGINNING) // timedelta(seconds=1)


class Paging(msgspec.Struct, frozen=True):
    """Where a feed document stands among its kind: its links, and whether it holds the whole feed."""

    links: tuple[Link, ...]
    complete: bool


def paging(listing: Listing, urls: Urls, form: FormatName) -> Paging:
    """The links of a feed document: itself, its page for people, its hubs, its neighbours (RFC 5005).

    `self` is the address of this very document: readers move their subscription there. A document that
    holds the whole feed has no neighbours and says so. The subscription document leads into the archive.
    """
    query, page = listing.query, listing.page
    media_type = bare_type(form)
    complete = not (query.cursor or page.next or page.previous or page.archive)
    links = [
        Link("self", urls.listing(form, query, query.cursor), media_type),
        Link("alternate", page_for_people(query, urls), "text/html"),
    ]
    links += [Link("hub", hub) for hub in hubs(listing)]
    if not complete:
        links.append(Link("first", urls.listing(form, query), media_type))
    if page.previous:
        links.append(Link("previous", urls.listing(form, query, page.previous), media_type))
    if page.next:
        links.append(Link("next", urls.listing(form, query, page.next), media_type))
    if not complete:
        links.append(Link("last", urls.listing(form, query, last_page(query)), media_type))
    if page.archive and FORMAT_DESCRIPTIONS[form].is_archived:
        links.append(Link("prev-archive", urls.archive(form, query, page.archive), media_type))
    return Paging(tuple(links), complete)


def hubs(listing: Listing) -> tuple[str, ...]:
    """The WebSub hubs to announce (WebSub §4): only for the first page of a feed that they are told of.

    A reader that relied on the hub of a feed nobody tells it of would wait for ever.
    """
    return listing.site.hubs if is_topic(listing.query) else ()


def archive_links(archive: Archive, urls: Urls, form: FormatName) -> tuple[Link, ...]:
    """The links of an archive document: itself, the subscription document, the document before it.

    No next-archive: it would change a finished document each time another is finished.
    """
    query, stretch, media_type = archive.query, archive.stretch, bare_type(form)
    links = [
        Link("self", urls.archive(form, query, stretch.position), media_type),
        Link("current", urls.listing(form, query), media_type),
    ]
    if stretch.following:
        links.append(Link("prev-archive", urls.archive(form, query, stretch.following), media_type))
    return tuple(links)


def archive_title(archive: Archive) -> str:
    """The title by slugs alone: how most articles spell a name may change, a finished document may not."""
    return title_of(archive.site, archive.query, ())


def archive_updated(archive: Archive) -> datetime:
    """The instant in the address, never worked out anew; at either end of time, that end."""
    changed = archive.stretch.position.changed
    return _BEGINNING + timedelta(seconds=min(max(changed, _FIRST_SECOND), _LAST_SECOND))


def page_for_people(query: Query, urls: Urls) -> str:
    """The first page, in HTML, of what a feed finds, whatever part of it the feed shows."""
    return urls.listing("html", _logical(query))


def subscribable(query: Query) -> Query:
    """The query whose feeds bring what a list shows: a feed has its own length and cannot be ranked."""
    sort = "newest" if query.sort == "relevance" else query.sort
    return msgspec.structs.replace(query, sort=sort, limit=None)


def feed_id(site: Site, query: Query) -> str:
    """What identifies the logical feed of `query` for ever: one for all its pages, formats and addresses.

    A tag URI (RFC 4151) of the site's authority; without one a UUID (version 5) of the site's title and the
    query, since an id must differ between sites (RFC 4287 §4.2.6).
    """
    filters = urlencode(canonical_parameters(_logical(query)), quote_via=quote)
    name = f"feed?{filters}" if filters else "feed"
    if site.id_authority and site.id_year:
        return f"tag:{site.id_authority},{site.id_year}:{name}"
    return uuid5(NAMESPACE_URL, f"{site.title}\n{name}").urn


def _logical(query: Query) -> Query:
    """Which articles in which order, and nothing of how many at once or how much of each."""
    return msgspec.structs.replace(query, limit=None, cursor=None, archive=None, content="full", fields=())


def feed_updated(listing: Listing) -> datetime:
    """When anything the query finds last changed; the site's epoch where nothing is dated. Never now."""
    return listing.page.modified or listing.site.epoch


def published(article: Article, site: Site) -> datetime:
    """The date an entry carries; undated, the site's epoch (or the update, if that is earlier)."""
    return article.published or min(site.epoch, article.updated or site.epoch)


def updated(article: Article, site: Site) -> datetime:
    """When an entry last changed; never before `published`."""
    return max(article.changed or site.epoch, published(article, site))


def bylines(article: Article, site: Site) -> tuple[Author, ...]:
    """Who an entry names as its authors: always somebody.

    The article's, else the site's, else the site itself; readers hardly ever inherit the feed's author.
    """
    return article.authors or publishers(site)


def publishers(site: Site) -> tuple[Author, ...]:
    return site.authors or (Author(name=site.title, slug=""),)


def content_html(article: Article, urls: Urls) -> str:
    """The whole text with absolute links; a correction follows it: a feed has no other place for it."""
    text = urls.content_html(article)
    if article.correction:
        text += f"<p><em>{html.escape(article.correction, quote=False)}</em></p>"
    return text


def language_of(article: Article, site: Site) -> str | None:
    """The entry's own language where it is not the feed's."""
    return article.language if article.language and article.language != site.language else None


def citation(source: Source, site: Site) -> str:
    """What was reported on, for `dc:source`: who said what when. The address stands in a link (`via`)."""
    day = site.day(source.published).isoformat() if source.published else None
    title = f"“{source.title}”" if source.title else None
    return ", ".join(part for part in (source.name, title, source.author, day) if part)
