"""Derive a missing title from the body, and remove a title that the body repeats."""

import itertools

import msgspec

from service.markup import (
    Converted,
    Markup,
    TextFormat,
    convert,
    make_safe,
    summarise,
)
from service.model import slugify

_LONGEST_TITLE_LINE = 200
_DERIVED_TITLE = 80


class TitledBody(msgspec.Struct, frozen=True):
    """A title, and the body below it as safe HTML, as text and as a summary.

    `derived` is whether the title was made from text that is still in the body.
    """

    title: str
    html: str
    text: str
    summary: str
    derived: bool


def convert_under(title: str | None, text: str, text_format: TextFormat) -> tuple[str | None, Converted]:
    """The title, and `text` as HTML that is not safe yet, without a first line that repeats the title.

    If there is no `title` and the text is plain, the first line is the title.
    """
    if text_format == "text":
        title, text = _first_lines(title, text)
    return title, convert(text, text_format)


def separate_title(
    title: str | None, html: str, text_format: TextFormat, base: str, name: str, summary: str | None = None
) -> TitledBody:
    """The title and the safe HTML of `html`, without a first heading that repeats the title.

    If there is no `title`, it is that heading, else the first sentence, else `name` (of the file). If there
    is no `summary`, it is the first sentences.
    """
    body = make_safe(html, text_format, base)
    if text_format != "text":
        title, body = _first_heading(title, body)
    named = title or summarise(body.text, _DERIVED_TITLE) or name
    summary = summary or summarise(body.opening() or body.text)
    return TitledBody(named, body.html, body.text, summary, derived=not title)


def named_as_by_jekyll(name: str) -> str:
    """The title that Jekyll makes from a file name: `our-new-home` → `Our New Home`."""
    return " ".join(word.capitalize() for word in name.split("-") if word)


def _first_heading(title: str | None, body: Markup) -> tuple[str | None, Markup]:
    leads = body.begins_with_heading()
    # If there is a title, only a leading heading matters; looking for others takes time.
    headings = body.headings() if leads or not title else []
    if not headings:
        return title, body
    if title is None and headings[0] and (leads or len(headings) == 1):
        title = headings[0]
    # Only a leading heading is nothing but the title; further down it is part of the text.
    if leads and title and _is_same(headings[0], title):
        body = body.without_first_heading()
    return title, body


def _first_lines(title: str | None, text: str) -> tuple[str | None, str]:
    lines = text.strip().split("\n")
    first = " ".join(lines[0].split())
    if title is None and len(lines) > 1 and len(first) <= _LONGEST_TITLE_LINE:
        title = first
    if title is None:
        return None, text
    repeated = itertools.takewhile(lambda line: not line.strip() or _is_same(line.strip(), title), lines)
    start = sum(1 for _ in repeated)
    return title, "\n".join(lines[start:])


def _is_same(title: str, other: str) -> bool:
    return bool(title) and (slugify(title) or title) == (slugify(other) or other)
