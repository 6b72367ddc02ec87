"""In: Markdown, HTML or plain text. Out: safe HTML, plain text, a summary, counts. Begin with `rendering`.

Safe HTML has only elements and attributes of an allow-list, and every reference marked: one to this site
begins with SITE (`<a href="\\x01/files/a.png">`), one within the article with SELF (`<a href="\\x02#fn-1">`).
Both marks are control characters, which text never contains, so `urls` resolves them with one `str.replace`.
What depends on more than the text is done by `served_text` when the text is served.
"""

from service.markup.callouts import CALLOUT_TYPES
from service.markup.characters import SELF, SITE, drop_illegal
from service.markup.headings import heading_anchor
from service.markup.markdown import inline_to_html
from service.markup.nesting import flatten, nests_too_deep
from service.markup.plain_text import plain
from service.markup.raw_html import Omission, close_raw_html
from service.markup.references import FILES, folder_base, resolve
from service.markup.rendering import Markup, TextFormat, render, render_legal
from service.markup.summary import summarise
from service.markup.text_length import words_and_minutes

__all__ = [
    "CALLOUT_TYPES",
    "FILES",
    "SELF",
    "SITE",
    "Markup",
    "Omission",
    "TextFormat",
    "close_raw_html",
    "drop_illegal",
    "flatten",
    "folder_base",
    "heading_anchor",
    "inline_to_html",
    "nests_too_deep",
    "plain",
    "render",
    "render_legal",
    "resolve",
    "summarise",
    "words_and_minutes",
]
