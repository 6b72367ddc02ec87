"""Every query parameter, one row each: what the door reads by, and what the API's description is made of."""

from collections.abc import Callable
from typing import Any, get_args

import msgspec

from service.formats.api_article import ARTICLE_FIELDS
from service.formats.feed import ARCHIVED
from service.model import Site
from service.query import MAX_LIMIT, Content, Sort
from service.urls import LISTING_PATHS, FormatName
from service.web import parameter_types
from service.web.parameter_types import LONGEST_CURSOR, LONGEST_NAME, LONGEST_SEARCH

MOST_TAGS = 20

STRICT: frozenset[FormatName] = frozenset({"json", "ndjson", "markdown"})
"""Answers for programs, where an unknown parameter is an error; trackers append theirs to the others."""
EVERYWHERE: frozenset[FormatName] = frozenset(LISTING_PATHS)


class Parameter(msgspec.Struct, frozen=True):
    """One parameter: how each value is read, where it is taken, and how it is described.

    `read` raises ValueError with the words that end the sentence "tag: …". `elsewhere` says why a strict
    answer that is not among `forms` refuses it.
    """

    name: str
    read: Callable[[str, Site], Any]
    about: str
    schema: dict[str, Any]
    example: Any
    forms: frozenset[FormatName] = EVERYWHERE
    elsewhere: str = ""
    repeats: bool = False

    @property
    def field(self) -> str:
        """The field of Query it fills."""
        return f"{self.name}s" if self.repeats else self.name


_ANYTHING = r"^[^\x00]*$"
_WORDS: dict[str, Any] = {"type": "string", "maxLength": LONGEST_NAME, "pattern": _ANYTHING}
_MOMENT: dict[str, Any] = {
    "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}, {"const": ""}]
}

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        "q",
        parameter_types.search,
        "Full text search: articles that hold all these words, in any of their forms.",
        {"type": "string", "maxLength": LONGEST_SEARCH, "pattern": _ANYTHING},
        "water supply",
    ),
    Parameter(
        "tag",
        parameter_types.slug,
        "Only articles with this tag, by slug or name; repeat it for articles with all of several.",
        _WORDS,
        "iraq",
        repeats=True,
    ),
    Parameter(
        "exclude_tag",
        parameter_types.slug,
        "No article with this tag; may repeat.",
        _WORDS,
        "obituary",
        repeats=True,
    ),
    Parameter(
        "author", parameter_types.slug, "Only articles by this author, by slug or name.", _WORDS, "ada-osei"
    ),
    Parameter(
        "source", parameter_types.slug, "Only articles that report on this publication.", _WORDS, "rudaw"
    ),
    Parameter(
        "language",
        parameter_types.language,
        "Only articles in this language; `en` also finds `en-GB` (RFC 4647 §3.3.1).",
        {
            "type": "string",
            "pattern": "^(([A-Za-z]{2,8}|[XxIi])([-_][A-Za-z0-9]{1,8})*)?$",
            "maxLength": LONGEST_NAME,
        },
        "en",
    ),
    Parameter(
        "since",
        parameter_types.moment,
        "Published at this instant or later; a date is its midnight in the site's time zone.",
        _MOMENT,
        "2019-01-28",
    ),
    Parameter("until", parameter_types.moment, "Published before this instant.", _MOMENT, "2030-01-01"),
    Parameter(
        "updated_since",
        parameter_types.moment,
        "Updated at this instant or later.",
        _MOMENT,
        "2019-01-28T09:00:00Z",
    ),
    Parameter(
        "sort",
        parameter_types.sort,
        "The order; `relevance` only with `q`, and not on feeds.",
        {"type": "string", "enum": [*get_args(Sort), ""], "default": "newest"},
        "newest",
    ),
    Parameter(
        "content",
        parameter_types.content,
        "How much of each article: all, its summary, or neither.",
        {"type": "string", "enum": [*get_args(Content), ""], "default": "full"},
        "summary",
    ),
    Parameter(
        "fields",
        parameter_types.fields,
        "Only these fields of each article, separated by commas.",
        {"type": "array", "items": {"type": "string", "enum": list(ARTICLE_FIELDS)}},
        ["id", "title", "url"],
        forms=frozenset({"json", "ndjson"}),
        elsewhere="only JSON and NDJSON take it.",
    ),
    Parameter(
        "limit",
        parameter_types.limit,
        "How many articles at most; 20 for lists and 50 for feeds where it is not given.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
        10,
        forms=EVERYWHERE - {"ndjson"},
        elsewhere="this stream always holds the whole answer; leave it out.",
    ),
    Parameter(
        "cursor",
        parameter_types.cursor,
        "Where to go on: taken from `next` or `previous` of an answer to the same query.",
        {"type": "string", "pattern": "^[A-Za-z0-9_-]*$", "maxLength": LONGEST_CURSOR},
        "lcLOXEQ2gKExqDAxMjM0NTY3oA",
    ),
    Parameter(
        "archive",
        parameter_types.archive,
        "A document of the archive (RFC 5005 §4): taken from `prev-archive` of the feed.",
        {"type": "string", "pattern": "^((0|-?[1-9][0-9]{0,11})-[0-9a-f]{16}(\\.[0-9a-f]{8})?)?$"},
        "1548667800-9c56cc51b374c3ba",
        forms=ARCHIVED,
        elsewhere="only Atom and RSS feeds take it; leave it out.",
    ),
)
