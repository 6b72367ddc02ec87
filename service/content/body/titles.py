"""Render a body to HTML, derive a missing title from it, and remove a title that it repeats."""

import itertools

import msgspec

from service.content.body.body_and_summary import read_summary
from service.content.body.inline_markup import plain_title
from service.content.discovery.path_metadata import PathMetadata
from service.content.fields.field_reader import Fields
from service.content.generators.jekyll import is_jekyll_post
from service.content.parsing.raw_article import RawArticle
from service.markup import Markup, Omission, render_legal, summarise
from service.model import Body, slugify

_LONGEST_TITLE_LINE = 200
_DERIVED_TITLE = 80


class TitledBody(msgspec.Struct, frozen=True):
    """A title, and the body below it as safe HTML, as text and as a summary.

    `derived` is whether the title was made from text that is still in the body, `omissions` are the elements
    that were removed from it.
    """

    title: str
    html: str
    text: str
    summary: str
    derived: bool
    omissions: tuple[Omission, ...]


def title_body(fields: Fields, raw: RawArticle, body: Body, metadata: PathMetadata) -> TitledBody:
    """The title and the safe HTML of `body`, without a first heading that repeats the title.

    If no field gives a title, it is that heading (of plain text the first line), else the first sentence,
    else the name of the file. If there is no summary, it is the first sentences.
    """
    title = fields.text("title", "headline")
    title, text = title and plain_title(title), body.text
    if body.format == "text":
        title, text = _first_lines(title, text)
    summary = read_summary(fields, body)
    markup = render_legal(text, body.format, body.base)
    if body.format != "text":
        title, markup = _first_heading(title, markup)
    file_name = metadata.name.replace("-", " ").replace("_", " ").strip()
    named = title or summarise(markup.text, _DERIVED_TITLE) or file_name
    derived = not title
    if fields.boolean("title_derived"):
        derived = True
    elif derived and markup.html and is_jekyll_post(raw.path):
        # As Jekyll does: `our-new-home` → `Our New Home`.
        named = " ".join(word.capitalize() for word in metadata.name.split("-") if word)
        derived = False
    summary = summary or summarise(markup.opening() or markup.text)
    return TitledBody(named, markup.html, markup.text, summary, derived, markup.omissions)


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
