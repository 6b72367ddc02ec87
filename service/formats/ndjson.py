"""NDJSON: one ARTICLE a line. A page gives its lines and nothing else, so pages may follow one another."""

import msgspec

from service.formats import Format, Listing
from service.formats.api_article import article_out, selected
from service.model import FORMAT_DESCRIPTIONS
from service.urls import Urls


def listing(listing: Listing, urls: Urls) -> bytes:
    """A line for each article of the page, each ended by a line feed; nothing for an empty page."""
    query = listing.query
    return msgspec.json.Encoder().encode_lines(
        [selected(article_out(one, urls, query.content), query.fields) for one in listing.page.articles]
    )


NDJSON = Format(
    description=FORMAT_DESCRIPTIONS["ndjson"],
    listing=listing,
)
