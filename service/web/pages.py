"""The handlers of everything that has articles in it: lists, feeds, streams, one article, directories."""

from collections.abc import Awaitable, Callable

import msgspec

from service.errors import NotFound
from service.formats import FEEDS, MEDIA_TYPES
from service.index import Moved
from service.model import FORMAT_DESCRIPTIONS, slugify
from service.publisher import Rendered
from service.query import ArchiveCursor, FacetKind, Query
from service.urls import ARTICLE_SUFFIXES, FormatName, Urls
from service.web.address import as_ascii, with_query
from service.web.desk import Desk
from service.web.negotiation import DIRECTORY_ORDER, LISTING_ORDER, PERMALINK_ORDER, choose_form
from service.web.parse_query import read_nothing, read_query
from service.web.visit import Answer, Visit, moved

Handler = Callable[[Desk, Visit], Awaitable[Answer]]

ARTICLES = "/articles/"
ARCHIVE_CONTROL = "public, max-age=86400, stale-while-revalidate=604800, stale-if-error=604800"
EVERYTHING = Query()
NOINDEX = (("x-robots-tag", "noindex, follow"),)


def listing(form: FormatName) -> Handler:
    """Handles a query that is answered as `form`, whatever Accept says."""
    feed = form in FEEDS

    async def handle(desk: Desk, visit: Visit) -> Answer:
        query = read_query(visit.query, form, desk.site)
        if query.archive:
            return await _archive(desk, form, query, query.archive, visit.base)
        settings = desk.settings
        seconds = settings.feed_max_age_seconds if feed else settings.list_max_age_seconds
        rendered = await desk.publisher.listing(form, query, visit.base)
        answer = desk.kept(rendered, seconds, _for_robots(form, query))
        return msgspec.structs.replace(answer, document_type=FORMAT_DESCRIPTIONS[form].document_type)

    return handle


async def _archive(desk: Desk, form: FormatName, query: Query, position: ArchiveCursor, base: str) -> Answer:
    """A document of a feed's archive: for a day, since what is withdrawn must leave the caches too."""
    rendered = await desk.publisher.archive(form, query, position, base)
    cache_control = (
        ARCHIVE_CONTROL if rendered.immutable else desk.cache_control(desk.settings.feed_max_age_seconds)
    )
    return Answer(
        rendered=rendered,
        cache_control=cache_control,
        document_type=FORMAT_DESCRIPTIONS[form].document_type,
        headers=NOINDEX,
    )


async def negotiated_listing(desk: Desk, visit: Visit) -> Answer:
    """Handles a query whose answer Accept chooses."""
    form = choose_form(visit.headers.get(b"accept"), LISTING_ORDER)
    query = read_query(visit.query, form, desk.site)
    rendered = await desk.publisher.listing(form, query, visit.base)
    address = Urls(visit.base).listing(form, query, query.cursor)
    return _negotiated(rendered, address, _for_robots(form, query))


async def stream(desk: Desk, visit: Visit) -> Answer:
    """Handles a query whose whole answer is asked for, a line an article; a large one is streamed."""
    query = read_query(visit.query, "ndjson", desk.site)
    found = await desk.publisher.stream(query, visit.base)
    seconds = desk.settings.list_max_age_seconds
    if isinstance(found, Rendered):
        return desk.kept(found, seconds, NOINDEX)
    return Answer(
        rendered=Rendered(b"", MEDIA_TYPES["ndjson"], ""),
        cache_control=desk.cache_control(seconds),
        chunks=found,
        headers=NOINDEX,
    )


async def article(desk: Desk, visit: Visit) -> Answer:
    """Handles one article: as its suffix says, or without one as Accept chooses."""
    name = visit.path.removeprefix(ARTICLES)
    slug, said = split_suffix(name)
    form = said or choose_form(visit.headers.get(b"accept"), PERMALINK_ORDER)
    read_nothing(visit.query, form)
    urls, seconds = Urls(visit.base), desk.settings.article_max_age_seconds
    found = await _look_up(desk, form, slug, visit.base)
    if isinstance(found, Moved):
        location = urls.article_as(said, found.slug) if said else urls.article(found.slug)
        return moved(with_query(location, as_ascii(visit.query)), desk.cache_control(seconds))
    if said:
        return desk.kept(found, seconds, _for_robots(form))
    return _negotiated(found, urls.article_as(form, slug), _for_robots(form))


async def subscribe(desk: Desk, visit: Visit) -> Answer:
    """Handles the page that tells how to follow a query."""
    query = read_query(visit.query, "html", desk.site)
    rendered = await desk.publisher.subscription(query, visit.base)
    return desk.kept(rendered, desk.settings.list_max_age_seconds)


def directory(kind: FacetKind, form: FormatName | None) -> Handler:
    """Handles all tags, authors, sources or languages: as `form`, or where it is None as Accept chooses."""

    async def handle(desk: Desk, visit: Visit) -> Answer:
        chosen = form or choose_form(visit.headers.get(b"accept"), DIRECTORY_ORDER)
        read_nothing(visit.query, chosen)
        rendered = await desk.publisher.directory(chosen, kind, visit.base)
        if form:
            return desk.kept(rendered, desk.settings.list_max_age_seconds, _for_robots(form))
        address = Urls(visit.base).directory(kind, ARTICLE_SUFFIXES[chosen])
        return _negotiated(rendered, address, _for_robots(chosen))

    return handle


async def catalogue(desk: Desk, visit: Visit) -> Answer:
    """Handles `/feeds.opml`: all feeds, for readers that import them."""
    return desk.kept(await desk.publisher.catalogue(visit.base), desk.settings.list_max_age_seconds)


def split_suffix(name: str) -> tuple[str, FormatName | None]:
    """The slug and the format that the last part of an address names: `a.b.json` → `a.b`, json."""
    for form, suffix in ARTICLE_SUFFIXES.items():
        if name.endswith(suffix):
            return name.removesuffix(suffix), form
    return name, None


def _negotiated(rendered: Rendered, address: str, headers: tuple[tuple[str, str], ...]) -> Answer:
    """What Accept chose, asked for anew each time; at `address` it is said outright."""
    return Answer(
        rendered=rendered,
        cache_control="no-cache",
        negotiated=True,
        content_location=address,
        kept=True,
        headers=headers,
    )


def _for_robots(form: FormatName, query: Query = EVERYTHING) -> tuple[tuple[str, str], ...]:
    """What keeps out of search engines all but the pages of articles, of directories, and the first of all.

    Everything else repeats them: in another form, or as a part.
    """
    return () if form == "html" and query == EVERYTHING else NOINDEX


async def _look_up(desk: Desk, form: FormatName, slug: str, base: str) -> Rendered | Moved:
    try:
        return await desk.publisher.article(form, slug, base)
    except NotFound:
        usual = slugify(slug)
        if usual in {"", slug}:
            raise
        found = await desk.publisher.article(form, usual, base)
        return found if isinstance(found, Moved) else Moved(usual)
