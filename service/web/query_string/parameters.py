"""PARAMETERS: one row a query parameter. Queries are parsed by it, and OpenAPI describes it.

The parameters of filters are made from `query.FILTERS`.
"""

from collections.abc import Callable, Mapping
from typing import Any, get_args

import msgspec

from service.filter_parsers import LONGEST_ID, LONGEST_NAME, LONGEST_SEARCH, PARSERS
from service.formats import FEEDS
from service.formats.api_article import ARTICLE_FIELDS, SINGLE_ARTICLE_FIELDS
from service.model import FORMAT_DESCRIPTIONS, Site
from service.model.names import LONGEST_TAG
from service.query import FILTERS, MAX_LIMIT, MEDIA, Content, Filter, Sort, ValueKind
from service.urls import LISTING_PATHS, FormatName
from service.web.query_string import values
from service.web.query_string.values import LONGEST_CURSOR

STRICT: frozenset[FormatName] = frozenset(row.name for row in FORMAT_DESCRIPTIONS.values() if row.is_strict)
"""Formats for programs: an unknown parameter is an error. The others ignore it, as trackers append some."""
EVERYWHERE: frozenset[FormatName] = frozenset(LISTING_PATHS)


class Parameter(msgspec.Struct, frozen=True):
    """One parameter: how each value is parsed, which formats take it, and how it is described.

    `parse` raises ValueError with the words that complete the message "tag: …". `rejection` is the message of
    the formats `rejected_by`, where they are not among `formats`. Formats that take other values of one
    parameter have a row of their own, a `variant`. `filter_field` is the field of `Query` of a filter.
    """

    name: str
    parse: Callable[[str, Site], Any]
    description: str
    schema: dict[str, Any]
    example: Any
    formats: frozenset[FormatName] = EVERYWHERE
    rejection: str = ""
    rejected_by: frozenset[FormatName] = frozenset()
    repeats: bool = False
    variant: str = ""
    filter_field: str = ""

    @property
    def component(self) -> str:
        """The name of its component in the OpenAPI document."""
        return self.variant or self.name

    @property
    def field(self) -> str:
        """The field of `Query` that holds its value, or all its values."""
        return self.filter_field or self.name


_ANYTHING = r"^[^\x00]*$"

SCHEMAS: Mapping[ValueKind, dict[str, Any]] = {
    "words": {"type": "string", "maxLength": LONGEST_SEARCH, "pattern": _ANYTHING},
    "title": {"type": "string", "maxLength": LONGEST_SEARCH, "pattern": _ANYTHING},
    "name": {"type": "string", "maxLength": LONGEST_NAME, "pattern": _ANYTHING},
    "language": {
        "type": "string",
        "pattern": "^(([A-Za-z]{2,8}|[XxIi])([-_][A-Za-z0-9]{1,8})*)?$",
        "maxLength": LONGEST_TAG,
    },
    "instant": {
        "anyOf": [
            {"type": "string", "format": "date"},
            {"type": "string", "format": "date-time"},
            {"const": ""},
        ]
    },
    "year": {"type": "string", "pattern": "^((?!0000)[0-9]{4})?$"},
    "month": {"type": "string", "pattern": "^((?!0000)[0-9]{4}-(0[1-9]|1[0-2]))?$"},
    "id": {"type": "string", "maxLength": LONGEST_ID, "pattern": _ANYTHING},
    "slug": {"type": "string", "maxLength": LONGEST_NAME, "pattern": _ANYTHING},
    "media": {"type": "string", "enum": [*MEDIA, ""]},
    "flag": {"type": "string", "enum": ["true", "false", ""]},
}
"""The JSON schema of the values of filters, by their kind."""


def _filter_parameter(row: Filter) -> Parameter:
    return Parameter(
        row.name,
        PARSERS[row.kind],
        row.description,
        SCHEMAS[row.kind],
        row.example,
        repeats=row.repeats,
        filter_field=row.field,
    )


PARAMETERS: tuple[Parameter, ...] = (
    *map(_filter_parameter, FILTERS),
    Parameter(
        "sort",
        values.parse_sort,
        "The order; `relevance` only with `q`, and not on feeds; `series` only with `series`.",
        {"type": "string", "enum": [*get_args(Sort), ""], "default": "newest"},
        "newest",
        formats=EVERYWHERE - {*FEEDS},
    ),
    Parameter(
        "sort",
        values.parse_sort,
        "The order.",
        {
            "type": "string",
            "enum": [*(order for order in get_args(Sort) if order != "relevance"), ""],
            "default": "newest",
        },
        "newest",
        formats=frozenset(FEEDS),
        variant="feed_sort",
    ),
    Parameter(
        "content",
        values.parse_content,
        "How much of each article: all, its summary, or neither.",
        {"type": "string", "enum": [*get_args(Content), ""], "default": "full"},
        "summary",
    ),
    Parameter(
        "fields",
        values.parse_fields,
        "Only these fields of each article, separated by commas; the response is then a `Selections`.",
        {"type": "array", "items": {"type": "string", "enum": list(ARTICLE_FIELDS)}},
        ["id", "title", "url"],
        formats=frozenset({"json", "ndjson"}),
        rejection="only JSON and NDJSON take it.",
        rejected_by=STRICT,
    ),
    Parameter(
        "limit",
        values.parse_limit,
        "How many articles at most; 20 for lists and 50 for feeds where it is not given.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
        10,
        formats=EVERYWHERE - {"json", "ndjson"},
        rejection="this stream always contains the whole result; leave it out.",
        rejected_by=STRICT,
    ),
    Parameter(
        "limit",
        values.parse_limit_or_zero,
        "How many articles at most, 20 by default; 0 for their count alone.",
        {"type": "integer", "minimum": 0, "maximum": MAX_LIMIT},
        10,
        formats=frozenset({"json"}),
        variant="json_limit",
    ),
    Parameter(
        "cursor",
        values.parse_cursor,
        "Where to go on: taken from `next` or `previous` of an answer to the same query.",
        {"type": "string", "pattern": "^[A-Za-z0-9_-]*$", "maxLength": LONGEST_CURSOR},
        "lcLOXEQ2gKExqDAxMjM0NTY3oA",
    ),
    Parameter(
        "archive",
        values.parse_archive,
        "A document of the archive (RFC 5005 §4): taken from `prev-archive` of the feed.",
        {"type": "string", "pattern": "^((0|-?[1-9][0-9]{0,11})-[0-9a-f]{16}(\\.[0-9a-f]{8})?)?$"},
        "1548667800-9c56cc51b374c3ba",
        formats=frozenset(row.name for row in FORMAT_DESCRIPTIONS.values() if row.is_archived),
        rejection="only Atom and RSS feeds take it; leave it out.",
        rejected_by=EVERYWHERE,  # without it the address would show other articles
    ),
)


ARTICLE_FIELDS_PARAMETER = Parameter(
    "fields",
    values.parse_article_fields,
    "Only these fields of the article, separated by commas; the response is then a `Selection`. JSON only.",
    {"type": "array", "items": {"type": "string", "enum": list(SINGLE_ARTICLE_FIELDS)}},
    ["title", "url", "neighbours"],
    formats=frozenset({"json"}),
    variant="article_fields",
)
"""The parameter of one article."""

REVISION_PARAMETER = Parameter(
    "since",
    values.parse_revision,
    "The revision that the last page of changes ended with; all articles where it is not given.",
    {"type": "string", "pattern": "^([0-9a-f]{32})?$"},
    "5f0c6d0f2f8b6c0e9d2b1a4c7e8f9a0b",
    formats=frozenset({"ndjson"}),
    variant="revision",
)
CHANGE_CURSOR_PARAMETER = Parameter(
    "cursor",
    values.parse_cursor,
    "Where to go on: taken from `next` of a page of changes.",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]*$", "maxLength": LONGEST_CURSOR},
    "lMCSoKAAxACoMDEyMzQ1Njc",
    formats=frozenset({"ndjson"}),
    variant="change_cursor",
)
BUCKET_PARAMETER = Parameter(
    "bucket",
    values.parse_bucket,
    "Only the articles in this bucket, as a list of id, etag and slug.",
    {"type": "string", "pattern": "^([0-9a-f]{2})?$"},
    "a7",
    formats=frozenset({"json"}),
    variant="bucket",
)
SINGLE_PARAMETERS = (ARTICLE_FIELDS_PARAMETER, REVISION_PARAMETER, CHANGE_CURSOR_PARAMETER, BUCKET_PARAMETER)
"""The parameters of one address each."""


def component_names(format_name: FormatName) -> tuple[str, ...]:
    """The names of the OpenAPI components that describe the parameters of `format_name`."""
    return tuple(parameter.component for parameter in PARAMETERS if format_name in parameter.formats)


CHANGES_COMPONENTS = (
    *(name for name in component_names("ndjson") if name not in {"since", "sort", "cursor", "related"}),
    REVISION_PARAMETER.component,
    CHANGE_CURSOR_PARAMETER.component,
)
"""The names of the components that describe the parameters of changes."""
