"""What one address of the API is for, as it is described."""

from typing import Any

import msgspec

from service.formats.assets import ASSETS, PAGE_SCRIPT
from service.urls import FormatName

PATH_PARAMETERS: dict[str, dict[str, Any]] = {
    "slug": {
        "description": "The article's slug, as in its `url`; a former one leads to the present with 301.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        "example": "harbour-opens",
    },
    "path": {
        "description": "Where the file lies below the content folder; slashes stand as they are.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 500},
        "example": "images/harbour.jpg",
    },
    "asset": {
        "description": "The file's name, as pages and feeds give it.",
        "schema": {"type": "string", "enum": sorted(ASSETS)},
        "example": PAGE_SCRIPT.name,
    },
    "name": {
        "description": "A tag or author, by slug or name.",
        "schema": {"type": "string", "minLength": 1},
        "example": "iraq",
    },
}

OWN_PARAMETERS: dict[str, dict[str, Any]] = {
    "part": {
        "name": "part",
        "in": "query",
        "required": False,
        "description": "A part that the index of a large sitemap names.",
        "schema": {"type": "string", "maxLength": 50},
        "example": "2019-01",
    }
}
"""Query parameters that belong to one address only."""


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One address as described: its good answers by media type (the name of a schema, None for any text).

    `query_of` names the formats whose query parameters it takes, `takes` single ones; `also` the statuses
    beside 200 and the problems that every address has.
    """

    path: str
    name: str
    summary: str
    group: str
    answers: dict[str, str | None]
    query_of: tuple[FormatName, ...] = ()
    takes: tuple[str, ...] = ()
    also: tuple[int, ...] = ()
    headers: tuple[str, ...] = ("ETag", "Last-Modified", "Cache-Control", "Link", "Vary")
    moved: bool = False
