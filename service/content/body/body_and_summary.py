"""The body of an article with its shortcodes replaced, and its summary."""

import re
from typing import get_args

from service.content.body.inline_markup import escape_words, has_markup
from service.content.body.omissions import omission_notes
from service.content.fields.field_reader import Fields
from service.content.files.dependencies import FileLookup
from service.content.front_matter.values import kind, written
from service.content.parsing.raw_article import RawArticle
from service.content.shortcodes import replace_shortcodes
from service.content.shortcodes.formulas import DECLARATIONS
from service.content.shortcodes.parts import include_parts
from service.errors import ContentError, counted
from service.markup import TextFormat, drop_illegal, render, summarise
from service.model import Body

_MARK = re.compile(
    r"<!--\s*(?:more|truncate|excerpt|end[-_ ]?excerpt|read[-_ ]?more|pelican_end_summary)\s*-->",
    re.MULTILINE | re.IGNORECASE,
)
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*\S.*$", re.MULTILINE)
_LONGEST = 500
_ALL = 1_000_000
# Pelican's plug-in, which renders a Jupyter notebook.
_NOTEBOOK = re.compile(r"\{%\s*notebook\s+([^\s%]+)")
_WITHOUT_TAGS = re.compile(r"\{%[^%{}]*%\}")
_ENGINES = frozenset({"render_with_liquid", "disablenunjucks", "templateengineoverride"})
_SUMMARY = ("summary", "description", "excerpt", "custom_excerpt", "teaser", "abstract", "lead")


def read_summary(fields: Fields, body: Body) -> str | None:
    """The summary field as text; else the excerpt that the author marked."""
    for name in fields.among(_SUMMARY):
        if isinstance(fields.peek(name), bool):
            continue
        entry = fields.take(name)
        summary = fields.as_text(entry, entry.value, entry.name) if entry else None
        if entry and summary:
            if not has_markup(summary):
                return summary
            rendered = render(escape_words(summary), "markdown", body.base)
            for note in omission_notes(rendered.omissions, lambda omission: omission.line):
                fields.note(entry, f"{entry.name}: {note.message}")
            return rendered.text.replace("\n", " ")
    return _marked_excerpt(body.text, body.format, body.base, fields.peek("excerpt_separator"))


def read_body(
    fields: Fields, raw: RawArticle, lookup: FileLookup, *, may_be_mdx: bool, is_note: bool
) -> Body:
    """The text, its `format`, and the `base` of its relative references.

    `may_be_mdx` is whether Markdown may be MDX whatever its suffix, `is_note` whether it is a note of
    Obsidian, which has formulas without saying so.
    """
    text_format = raw.format
    entry = fields.take("format")
    if entry is not None:
        named = (written(entry.value) or kind(entry.value)).strip().lower()
        known: dict[str, TextFormat] = {known: known for known in get_args(TextFormat)}
        if named not in known:
            fields.drop_value(entry, f"unknown format {named!r}: expected one of {', '.join(known)}")
        text_format = known.get(named, text_format)
    # `decode` cleaned the file; character references in a page or a record may add more.
    text = raw.text if raw.format == "markdown" else drop_illegal(raw.text)
    if text_format != "text":
        if text_format == "markdown":
            is_mdx = may_be_mdx or raw.path.lower().endswith(".mdx")
            text = include_parts(text, raw.path, lookup, may_be_mdx=is_mdx)
        shown = None if fields.among(_ENGINES) and _is_free_of_tags(fields) else fields.shown()
        cleaned = replace_shortcodes(
            text,
            text_format,
            raw.path,
            lookup,
            shown,
            declares_formulas=is_note or _declares_formulas(fields),
            may_be_mdx=may_be_mdx,
        )
        if cleaned.text is not text:  # character references in arguments of shortcodes (`&#12;`) are resolved
            text = drop_illegal(cleaned.text)
        if (notebook := _NOTEBOOK.search(raw.text)) and not _WITHOUT_TAGS.sub("", raw.text).strip():
            message = f"the text is the notebook {notebook[1]}, which is not read; render it to Markdown"
            fields.faults.append(ContentError(raw.line, message))
        elif cleaned.dropped:
            named = ", ".join(dict.fromkeys(cleaned.dropped))
            message = f"{counted(len(cleaned.dropped), 'template tag')} unknown and removed: {named}"
            fields.notes.append(ContentError(raw.line, message))
    return Body(text=text, format=text_format, base=fields.base)


def _declares_formulas(fields: Fields) -> bool:
    """Whether the article or its site says that there are formulas in the text."""
    declared = fields.peek(*DECLARATIONS)
    return declared is not None and declared is not False and declared != "false"


def _is_free_of_tags(fields: Fields) -> bool:
    """Whether the article disables templates in its text (Jekyll, Hexo, Eleventy)."""
    engine = fields.peek("templateengineoverride")
    return (
        fields.peek("render_with_liquid") is False
        or fields.peek("disablenunjucks") is True
        or engine is False
        or engine in ("md", "html")
    )


def _marked_excerpt(text: str, text_format: TextFormat, base: str, own: object) -> str | None:
    """The text before `<!--more-->`, `<!-- truncate -->` and the like, at most 500 characters of it.

    `own` is the separator that the article or its blog sets, if it is not the end of a paragraph (`\n\n`).
    """
    if text_format == "text":
        return None
    if isinstance(own, str) and own not in {"", "\n", "\n\n"} and own in text:
        before, _, after = text.lstrip("\n").partition(own)
    elif "<" in text and "<!--" in text and (mark := _MARK.search(text)):
        before, after = text[: mark.start()], text[mark.end() :]
    else:
        return None
    if not before.strip():
        return None
    if text_format == "markdown":
        # The pattern stops at every line, and most texts have no such link.
        definitions = _DEFINITION.findall(after) if "]:" in after else []
        before = "\n\n".join((before, "\n".join(definitions)))
    return summarise(render(before, text_format, base).opening(_ALL), _LONGEST) or None
