"""The addresses of pages that are not articles: `/about`, `/company/team`."""

from collections.abc import Iterable

from service.content.fields.field_reader import Fields
from service.content.identity.slugs import MAX_SLUG_BYTES, alias_slug, before_query, make_slug, shorten
from service.content.parsing.raw_article import RawArticle
from service.errors import ContentError

RESERVED_SEGMENTS = frozenset(
    """
    archive articles assets author authors category changes docs favicon feed feeds files healthz index
    languages manifest metrics openapi opensearch page readyz robots rss search series sitemap sitemap-news
    sources subscribe suggest tag tags atom
    """.split()
)
"""The first segments, without suffix, of the addresses of the service, present and future."""


def claim_page_address(fields: Fields, raw: RawArticle, wanted: str) -> str:
    """The address that a page asks for; one of the service is reported, and `-page` is added to it."""
    address = page_address(wanted)
    segment = address.split("/")[1]
    if segment.partition(".")[0] not in RESERVED_SEGMENTS:
        return address
    free = f"/{segment}-page{address[len(segment) + 1 :]}"
    entry = fields.find("permalink", "url", "path", "slug")
    message = (
        f"the address {address!r} begins with {segment!r}, which is reserved for the service; this page is"
        f" served at {free!r}; give it a `slug:` of its own"
    )
    fields.notes.append(ContentError(entry.line if entry else raw.line, message))
    return free


def page_aliases(aliases: Iterable[str], address: str) -> tuple[str, ...]:
    """The former addresses of the page at `address`, without itself and the root."""
    former = dict.fromkeys(page_address(alias) for alias in aliases)
    return tuple([alias for alias in former if alias not in {"/", address}])


def page_address(text: str) -> str:
    """A path as the address of a page, each segment a slug: `/About us/index.html` → `/about-us`."""
    *folders, last = before_query(text.strip()).strip("/").removesuffix("index.html").rstrip("/").split("/")
    segments = [*map(make_slug, folders), alias_slug(last)]
    return "/" + shorten("/".join(filter(None, segments)), MAX_SLUG_BYTES - 1).rstrip("/")
