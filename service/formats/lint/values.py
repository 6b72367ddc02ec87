"""Rules about single values: addresses, instants, titles, HTML; each yields what is wrong with one."""

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
        fine = bool(parts.scheme) and (parts.scheme not in {"http", "https"} or bool(parts.hostname))
    except ValueError:
        fine = False
    if not fine:
        yield f"{what} is not absolute: {value!r}"
    elif re.search(r"[\s<>\"{}|\\^`]", value):
        yield f"{what} holds characters that no address may: {value!r}"


def instant(value: str | None, what: str) -> Iterator[str]:
    """RFC 3339, with `T` and `Z` in upper case (RFC 4287 §3.3)."""
    if parsed_instant(value) is None:
        yield f"{what} is no RFC 3339 date: {value!r}"


def parsed_instant(value: str | None) -> datetime | None:
    """The instant written, or None where it is none."""
    if not value or not _INSTANT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def media_type(value: str | None, what: str) -> Iterator[str]:
    if not _MEDIA_TYPE.fullmatch(value or ""):
        yield f"{what} is no media type: {value!r}"


def language(value: str, what: str) -> Iterator[str]:
    if not _LANGUAGE.fullmatch(value):
        yield f"{what} is no language tag: {value!r}"


def title(value: str) -> Iterator[str]:
    """Plain text: half of all readers show what looks like markup as markup, the others as it stands."""
    if not value.strip():
        yield "the title is empty"
    elif found := _TITLE_TAG.search(value):
        yield f"the title holds markup: {found.group()!r}"


def content(value: str) -> Iterator[str]:
    """HTML that a reader can show anywhere: absolute references, nothing active, no depth without end."""
    for tag in _TAG.findall(value):
        if "=" in tag:
            yield from _references(tag)
    if active := _ACTIVE.search(value):
        yield f"the text holds <{active[1].lower()}>, which readers drop"
    if nests_too_deep(value):
        yield "the text is nested so deep that tags were dropped; its words stay"


def _references(tag: str) -> Iterator[str]:
    for name, *values in _ATTRIBUTE.findall(tag):
        given = html.unescape(next(filter(None, values), ""))
        known = name.lower()
        if known in _REFERENCES:
            yield from uri(given, f"{known} in the text")
        elif known in _REFERENCE_LISTS:
            for reference in _candidates(given):
                yield from uri(reference, f"{known} in the text")


def _candidates(srcset: str) -> list[str]:
    """The addresses in a srcset (HTML §4.8.4.2.1): each up to white space, apart by commas."""
    return [part.split()[0] for part in re.split(r",\s+|,$", srcset.strip()) if part.strip()]


def number(value: str | None) -> int | None:
    """A count of bytes as it is written; None where it is none."""
    return int(value) if value and value.isascii() and value.isdecimal() else None
