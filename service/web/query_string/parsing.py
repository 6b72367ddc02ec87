"""Parses a raw query string to a `Query`: every address with query parameters calls this."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

from service.errors import InvalidParameter, UnknownParameter
from service.filter_parsers import LONGEST_NAME, near_parameter, parse_values
from service.formats import FEEDS
from service.model import FORMAT_DESCRIPTIONS, Site
from service.query import SORT_FILTERS, Cursor, Query, archive_query, bind, decode_cursor, has_sort_filter
from service.urls import FormatName
from service.web.query_string.parameters import (
    ARTICLE_FIELDS_PARAMETER,
    EVERYWHERE,
    PARAMETERS,
    STRICT,
    Parameter,
)

_BY_FORMAT = {
    format_name: {row.name: row for row in PARAMETERS if format_name in row.formats}
    for format_name in EVERYWHERE
}
_REJECTIONS = {
    format_name: {row.name: row.rejection for row in PARAMETERS if format_name in row.rejected_by}
    for format_name in EVERYWHERE
}


def parse_query(raw: bytes, format_name: FormatName, site: Site) -> Query:
    """Parse a raw query string for `format_name`; empty values and defaults are ignored.

    Raises UnknownParameter, InvalidParameter.
    """
    texts_by_name: dict[str, list[str]] = {}
    for name, text in _pairs(raw, format_name):
        texts_by_name.setdefault(name, []).append(text)
    fields: dict[str, Any] = {}
    for name, texts in texts_by_name.items():
        parameter = _BY_FORMAT[format_name][name]
        if values := _parse_values(parameter, texts, site):
            fields[parameter.field] = tuple(sorted(set(values))) if parameter.repeats else values[0]
    cursor = fields.pop("cursor", None)
    if fields.get("limit") == FORMAT_DESCRIPTIONS[format_name].limit:
        del fields["limit"]
    query = Query(**fields)
    if query.archive:
        # An archive takes no search, interval, order or limit.
        return msgspec.structs.replace(archive_query(query), archive=query.archive)
    if query.sort == "relevance" and format_name in FEEDS:
        raise InvalidParameter("sort", "a feed cannot be sorted by relevance; leave it out.")
    if not has_sort_filter(query):
        required = SORT_FILTERS[query.sort]
        raise InvalidParameter("sort", f"{query.sort} requires the parameter {required}; add it.")
    if cursor is None:
        return query
    return msgspec.structs.replace(query, cursor=decode_cursor(Cursor, cursor, bind(query)))


def parse_article_query(raw: bytes, format_name: FormatName, site: Site) -> tuple[str, ...]:
    """The `fields` of a request for one article in JSON; () for all, and for other formats.

    Raises UnknownParameter, InvalidParameter.
    """
    parameter = ARTICLE_FIELDS_PARAMETER
    if format_name not in parameter.formats:
        reject_parameters(raw, format_name)
        return ()
    fields, rest = take_parameter(raw, parameter, site)
    reject_parameters(rest, format_name, [parameter.name])
    return fields or ()


def take_parameter(raw: bytes, parameter: Parameter, site: Site) -> tuple[Any, bytes]:
    """The value of `parameter` in a query string, None if it has none; and the rest of the query string.

    Raises InvalidParameter.
    """
    texts, others = [], []
    for pair in raw.split(b"&"):
        name, _, value = pair.partition(b"=")
        if _text(name, "replace") == parameter.name:
            texts.append(_value(parameter.name, value))
        else:
            others.append(pair)
    return next(iter(_parse_values(parameter, texts, site)), None), b"&".join(others)


def reject_parameters(raw: bytes, format_name: FormatName, known: Sequence[str] = ()) -> None:
    """Reject every parameter in `raw`: raises UnknownParameter if `format_name` is strict.

    `known` are the parameters that the address does take, of which a near one is suggested.
    """
    for pair in raw.split(b"&"):
        encoded, _, value = pair.partition(b"=")
        if format_name in STRICT and value:
            name = _text(encoded, "replace")[:LONGEST_NAME]
            raise UnknownParameter(name, near_parameter(name, known))


def _parse_values(parameter: Parameter, texts: list[str], site: Site) -> list[Any]:
    """The values of one parameter, without empty ones. Raises InvalidParameter."""
    name = parameter.name
    return parse_values(
        name, parameter.parse, texts, site, repeats=parameter.repeats, several=f"repeat {name}"
    )


def _pairs(raw: bytes, format_name: FormatName) -> list[tuple[str, str]]:
    """Every known parameter and its value, which may be empty."""
    pairs = []
    for pair in raw.split(b"&"):
        encoded, _, value = pair.partition(b"=")
        name = _text(encoded, "replace")
        if name in _BY_FORMAT[format_name]:
            pairs.append((name, _value(name, value)))
        elif value and name in _REJECTIONS[format_name]:
            raise InvalidParameter(name, _REJECTIONS[format_name][name])
        elif format_name in STRICT and value:
            known = list(_BY_FORMAT[format_name])
            raise UnknownParameter(name[:LONGEST_NAME], near_parameter(name[:LONGEST_NAME], known))
    return pairs


def _value(name: str, raw: bytes) -> str:
    try:
        text = _text(raw, "strict")
    except UnicodeDecodeError:
        raise InvalidParameter(name, "the value is not UTF-8.") from None
    if "\x00" in text:
        raise InvalidParameter(name, "the value contains a NUL character.")
    return text


def _text(raw: bytes, errors: str) -> str:
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8", errors)
