"""NDJSON: one ARTICLE a line and nothing else, so the lines of several pages can be concatenated."""

import msgspec

from service.formats import Format, Listing
from service.formats.api_article import article_out, select_fields
from service.model import FORMAT_DESCRIPTIONS
from service.urls import Urls


def render_listing(listing: Listing, urls: Urls) -> bytes:
    """One line for each article of the page, terminated by a line feed; empty for an empty page."""
    query = listing.query
    return msgspec.json.Encoder().encode_lines(
        [
            select_fields(article_out(article, urls, query.content), query.fields)
            for article in listing.page.articles
        ]
    )


NDJSON = Format(description=FORMAT_DESCRIPTIONS["ndjson"], listing=render_listing)
