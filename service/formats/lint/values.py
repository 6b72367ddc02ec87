"""Rules for single values: addresses, dates, titles, HTML. Each yields what is wrong with the value."""

import html
import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from service.markup import nests_too_deep

_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(?:\s*;.*)?")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_TITLE_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|em|font|h[1-6]|i|img|ins|kbd|mark|p|q|s|small|span|strong|sub|sup|tt|u)"
    r"(?:\s[^<>]*)?/?>|&(?:#\d+|#[xX][0-9a-fA-F]+|amp|lt|gt|quot|apos|nbsp);",
    re.IGNORECASE,
)
_TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(
    r"""\s([a-zA-Z][a-zA-Z-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""", re.IGNORECASE
)
_REFERENCES = frozenset({"href", "src", "poster", "cite", "background", "longdesc"})
_REFERENCE_LISTS = frozenset({"srcset", "imagesrcset"})
_ACTIVE = re.compile(r"<(script|style|object|embed|applet|form|iframe)\b", re.IGNORECASE)


def uri(value: str | None, what: str) -> Iterator[str]:
    """An absolute address: a scheme, and a host where the scheme has one (RFC 3986 §4.3)."""
    value = value or ""
    try:
        parts = urlsplit(value)
        is_absolute = bool(parts.scheme) and (parts.scheme not in {"http", "https"} or bool(parts.hostname))
    except ValueError:
        is_absolute = False
    if not is_absolute:
        yield f"{what} is not absolute: {value!r}"
    elif re.search(r"[\s<>\"{}|\\^`]", value):
        yield f"{what} contains characters that are not allowed in an address: {value!r}"


def date_time(value: str | None, what: str) -> Iterator[str]:
    """RFC 3339, with `T` and `Z` in upper case (RFC 4287 §3.3)."""
    if parse_date_time(value) is None:
        yield f"{what} is not an RFC 3339 date: {value!r}"


def parse_date_time(value: str | None) -> datetime | None:
    """The instant, or None if `value` is not one."""
    if not value or not _INSTANT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def media_type(value: str | None, what: str) -> Iterator[str]:
    if not _MEDIA_TYPE.fullmatch(value or ""):
        yield f"{what} is not a media type: {value!r}"


def language(value: str, what: str) -> Iterator[str]:
    if not _LANGUAGE.fullmatch(value):
        yield f"{what} is not a language tag: {value!r}"


def title(value: str) -> Iterator[str]:
    if not value.strip():
        yield "the title is empty"


def title_advice(value: str) -> Iterator[str]:
    """A title is plain text, and may name an element; half of all readers interpret that as markup."""
    if tag := _TITLE_TAG.search(value):
        yield f"the title contains {tag.group()!r}, which half of all readers take for markup"


def content(value: str) -> Iterator[str]:
    """HTML that every reader can show: absolute references, no active elements, limited nesting."""
    for tag in _TAG.findall(value):
        if "=" in tag:
            yield from _references(tag)
    if active := _ACTIVE.search(value):
        yield f"the text contains <{active[1].lower()}>, which readers drop"
    if nests_too_deep(value):
        yield "the text is nested so deep that tags were dropped; its words were kept"


def _references(tag: str) -> Iterator[str]:
    for attribute, *quoted_or_bare in _ATTRIBUTE.findall(tag):
        value = html.unescape(next(filter(None, quoted_or_bare), ""))
        name = attribute.lower()
        if name in _REFERENCES:
            yield from uri(value, f"{name} in the text")
        elif name in _REFERENCE_LISTS:
            for reference in _srcset_addresses(value):
                yield from uri(reference, f"{name} in the text")


def _srcset_addresses(srcset: str) -> list[str]:
    """The addresses in a srcset (HTML §4.8.4.2.1): each up to white space, separated by commas."""
    return [part.split()[0] for part in re.split(r",\s+|,$", srcset.strip()) if part.strip()]


def number(value: str | None) -> int | None:
    """A decimal number, or None if `value` is not one."""
    return int(value) if value and value.isascii() and value.isdecimal() else None
