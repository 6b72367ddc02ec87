"""The body of an article with its shortcodes replaced, and its summary."""

import re
from typing import get_args

from service.content.discovery.file_dependencies import FileLookup
from service.content.fields.excerpt import marked_excerpt
from service.content.fields.field_reader import Fields
from service.content.fields.omissions import omission_notes
from service.content.parsing.raw_article import RawArticle
from service.content.shortcodes import replace_shortcodes
from service.errors import ContentError
from service.markup import TextFormat, drop_illegal, render
from service.model import Body

_MARKED = re.compile(r"</?[a-z][^<>]*>|<!--|\]\(|\*\*|&#?\w+;")
_ENGINES = frozenset({"render_with_liquid", "disablenunjucks", "templateengineoverride"})
_SUMMARY = ("summary", "description", "excerpt", "custom_excerpt", "teaser", "abstract", "lead")


def read_summary(fields: Fields, body: Body) -> str | None:
    """The summary field as text; else the excerpt that the author marked."""
    for name in fields.among(_SUMMARY):
        if isinstance(fields.peek(name), bool):
            continue
        entry = fields.take(name)
        given = fields.as_text(entry, entry.value, entry.name) if entry else None
        if entry and given:
            if not _MARKED.search(given):
                return given
            rendered = render(given, "markdown", body.base)
            for note in omission_notes(rendered.omissions, lambda omission: omission.line):
                fields.note(entry, f"{entry.name}: {note.message}")
            return rendered.text.replace("\n", " ")
    return marked_excerpt(body.text, body.format, body.base, fields.peek("excerpt_separator"))


def read_body(fields: Fields, raw: RawArticle, lookup: FileLookup) -> Body:
    """The text, its `format`, and the `base` of its relative references."""
    form = raw.form
    entry = fields.take("format")
    if entry is not None:
        named = str(entry.value).strip().lower()
        known: dict[str, TextFormat] = {known: known for known in get_args(TextFormat)}
        if named not in known:
            fields.fault(entry, f"unknown format {named!r}: expected one of {', '.join(known)}")
        form = known.get(named, form)
    # `decode` cleaned the file; character references in a page or a record may bring in more.
    text = raw.text if raw.form == "markdown" else drop_illegal(raw.text)
    if form != "text":
        shown = None if fields.among(_ENGINES) and _is_free_of_tags(fields) else fields.shown()
        cleaned = replace_shortcodes(text, form, raw.path, lookup, shown)
        if cleaned.text is not text:  # character references in arguments of shortcodes (`&#12;`) are resolved
            text = drop_illegal(cleaned.text)
        if cleaned.dropped:
            named = ", ".join(dict.fromkeys(cleaned.dropped))
            count = len(cleaned.dropped)
            told = f"{count} template {'tag' if count == 1 else 'tags'} unknown and removed: {named}"
            fields.notes.append(ContentError(raw.line, told))
    return Body(text=text, format=form, base=fields.base)


def _is_free_of_tags(fields: Fields) -> bool:
    """Whether the article disables templates in its text (Jekyll, Hexo, Eleventy)."""
    engine = fields.peek("templateengineoverride")
    return (
        fields.peek("render_with_liquid") is False
        or fields.peek("disablenunjucks") is True
        or engine is False
        or engine in ("md", "html")
    )
