"""The one door for query parameters: a raw query string becomes a Query.

Every parameter is one row of PARAMETERS, from which the API's description is made as well.
"""

import difflib
from collections.abc import Callable
from typing import Any, get_args
from urllib.parse import unquote_to_bytes

import msgspec

from service.errors import InvalidParameter, UnknownParameter
from service.formats import FEEDS
from service.formats.api_article import ARTICLE_FIELDS
from service.formats.feed import ARCHIVED
from service.formats.registry import FORMATS
from service.model import Site
from service.query import MAX_LIMIT, Content, Query, Sort, decode_cursor, log_of
from service.urls import LISTING_PATHS, FormatName
from service.web import reading
from service.web.reading import LONGEST_CURSOR, LONGEST_NAME, LONGEST_SEARCH

MOST_TAGS = 20

STRICT: frozenset[FormatName] = frozenset({"json", "ndjson", "markdown"})
"""Answers for programs, where an unknown parameter is an error; trackers append theirs to the others."""
EVERYWHERE: frozenset[FormatName] = frozenset(LISTING_PATHS)

_NEAR = {
    "search": "q",
    "query": "q",
    "text": "q",
    "page": "cursor",
    "offset": "cursor",
    "after": "cursor",
    "per_page": "limit",
    "page_size": "limit",
    "size": "limit",
    "count": "limit",
    "n": "limit",
    "category": "tag",
    "order": "sort",
    "lang": "language",
    "from": "since",
    "to": "until",
}


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
        reading.search,
        "Full text search: articles that hold all these words, in any of their forms.",
        {"type": "string", "maxLength": LONGEST_SEARCH, "pattern": _ANYTHING},
        "water supply",
    ),
    Parameter(
        "tag",
        reading.slug,
        "Only articles with this tag, by slug or name; repeat it for articles with all of several.",
        _WORDS,
        "iraq",
        repeats=True,
    ),
    Parameter(
        "exclude_tag",
        reading.slug,
        "No article with this tag; may repeat.",
        _WORDS,
        "obituary",
        repeats=True,
    ),
    Parameter("author", reading.slug, "Only articles by this author, by slug or name.", _WORDS, "ada-osei"),
    Parameter("source", reading.slug, "Only articles that report on this publication.", _WORDS, "rudaw"),
    Parameter(
        "language",
        reading.language,
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
        reading.moment,
        "Published at this instant or later; a date is its midnight in the site's time zone.",
        _MOMENT,
        "2019-01-28",
    ),
    Parameter("until", reading.moment, "Published before this instant.", _MOMENT, "2030-01-01"),
    Parameter(
        "updated_since",
        reading.moment,
        "Updated at this instant or later.",
        _MOMENT,
        "2019-01-28T09:00:00Z",
    ),
    Parameter(
        "sort",
        reading.sort,
        "The order; `relevance` only with `q`, and not on feeds.",
        {"type": "string", "enum": [*get_args(Sort), ""], "default": "newest"},
        "newest",
    ),
    Parameter(
        "content",
        reading.content,
        "How much of each article: all, its summary, or neither.",
        {"type": "string", "enum": [*get_args(Content), ""], "default": "full"},
        "summary",
    ),
    Parameter(
        "fields",
        reading.fields,
        "Only these fields of each article, separated by commas.",
        {"type": "array", "items": {"type": "string", "enum": list(ARTICLE_FIELDS)}},
        ["id", "title", "url"],
        forms=frozenset({"json", "ndjson"}),
        elsewhere="only JSON and NDJSON take it.",
    ),
    Parameter(
        "limit",
        reading.limit,
        "How many articles at most; 20 for lists and 50 for feeds where it is not given.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
        10,
        forms=EVERYWHERE - {"ndjson"},
        elsewhere="this stream always holds the whole answer; leave it out.",
    ),
    Parameter(
        "cursor",
        reading.cursor,
        "Where to go on: taken from `next` or `previous` of an answer to the same query.",
        {"type": "string", "pattern": "^[A-Za-z0-9_-]*$", "maxLength": LONGEST_CURSOR},
        "lcLOXEQ2gKExqDAxMjM0NTY3oA",
    ),
    Parameter(
        "archive",
        reading.archive,
        "A document of the archive (RFC 5005 §4): taken from `prev-archive` of the feed.",
        {"type": "string", "pattern": "^((0|-?[1-9][0-9]{0,11})-[0-9a-f]{16}(\\.[0-9a-f]{8})?)?$"},
        "1548667800-9c56cc51b374c3ba",
        forms=ARCHIVED,
        elsewhere="only Atom and RSS feeds take it; leave it out.",
    ),
)
_BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}


def read_query(raw: bytes, form: FormatName, site: Site) -> Query:
    """The Query that a raw query string asks of `form`.

    An empty value, or one that holds anyway, is as if absent. Raises UnknownParameter, InvalidParameter.
    """
    given: dict[str, list[str]] = {}
    for name, value in _pairs(raw, form):
        given.setdefault(name, []).append(value)
    facts: dict[str, Any] = {}
    for name, values in given.items():
        parameter = _BY_NAME[name]
        try:
            read = [parameter.read(value, site) for value in values if value]
        except ValueError as error:
            raise InvalidParameter(name, str(error)) from None
        if len(read) > (MOST_TAGS if parameter.repeats else 1):
            times = f"{MOST_TAGS} times at most" if parameter.repeats else "once"
            raise InvalidParameter(name, f"it stands too often; give it {times}.")
        if said := [value for value in read if value]:
            facts[parameter.field] = tuple(sorted(set(said))) if parameter.repeats else said[0]
    cursor = facts.pop("cursor", None)
    if facts.get("limit") == FORMATS[form].limit:
        del facts["limit"]
    query = Query(**facts)
    if query.archive:
        # An archive holds all its filters find: no search, no interval, no order and no page of it.
        return msgspec.structs.replace(log_of(query), archive=query.archive)
    if query.sort == "relevance" and form in FEEDS:
        raise InvalidParameter("sort", "a feed cannot be sorted by relevance; leave it out.")
    if query.sort == "relevance" and not query.q:
        raise InvalidParameter("sort", "relevance needs a search; give q as well.")
    if cursor is None:
        return query
    return msgspec.structs.replace(query, cursor=decode_cursor(cursor, query))


def read_nothing(raw: bytes, form: FormatName) -> None:
    """Raises UnknownParameter where `form` is strict and there is any parameter: the address takes none."""
    for pair in raw.split(b"&"):
        name, _, value = pair.partition(b"=")
        if form in STRICT and value:
            raise UnknownParameter(_text(name, "replace")[:LONGEST_NAME])


def _pairs(raw: bytes, form: FormatName) -> list[tuple[str, str]]:
    """Every known parameter and its value, which may be empty."""
    found = []
    for pair in raw.split(b"&"):
        encoded, _, value = pair.partition(b"=")
        name = _text(encoded, "replace")
        parameter = _BY_NAME.get(name)
        if parameter and form in parameter.forms:
            found.append((name, _value(name, value)))
        elif form in STRICT and value and parameter:
            raise InvalidParameter(name, parameter.elsewhere)
        elif form in STRICT and value:
            raise UnknownParameter(name[:LONGEST_NAME], _suggest(name[:LONGEST_NAME], form))
    return found


def _value(name: str, raw: bytes) -> str:
    try:
        text = _text(raw, "strict")
    except UnicodeDecodeError:
        raise InvalidParameter(name, "the value is not UTF-8.") from None
    if "\x00" in text:
        raise InvalidParameter(name, "the value holds a NUL.")
    return text


def _text(raw: bytes, errors: str) -> str:
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8", errors)


def _suggest(name: str, form: FormatName) -> str | None:
    if name.lower().startswith("utm_"):  # a tracker's, however near it comes to one of ours
        return None
    known = [parameter.name for parameter in PARAMETERS if form in parameter.forms]
    near = _NEAR.get(name.lower()) or next(
        iter(difflib.get_close_matches(name.lower().replace("-", "_"), known, n=1)), None
    )
    return near if near in known else None
