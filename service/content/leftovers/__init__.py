"""What templates left in a text: well-known tags become what they mean, others are dropped and counted.

Liquid (Jekyll, Eleventy), Hugo's and Zola's shortcodes, Nunjucks, Hexo's tags, MDX, Pelican's links and the
attribute lists of kramdown. Code is never touched.
"""

import re
from collections.abc import Mapping

import msgspec

from service.content.leftovers.attributes import clear_attributes, has_contents_mark
from service.content.leftovers.code import Code
from service.content.leftovers.links import Links
from service.content.leftovers.mdx import clear_mdx, is_mdx
from service.content.leftovers.tags import Tags, clear_tags
from service.content.neighbours import Neighbours
from service.markup import TextFormat

# Each begins with a literal or a set, which is found fast, or is asked only where a word of it is there.
_BRACE = re.compile(r"\{(?:[{%:#/.]| [.#]|(?:filename|static|attach|tag|category|author|index)[}|])")
_BAR = re.compile(r"\|(?:filename|static|attach|tag|category|author|index)[}|]")
_FENCE = re.compile(r"^[ \t]*:::", re.MULTILINE)
_MODULE = re.compile(r"^(?:import|export)[ \t]", re.MULTILINE)

# Docusaurus' mark of the excerpt, in the form that other engines know too (see `excerpts`).
_CUT = re.compile(r"\{/\*\s*truncate\s*\*/\}")


class Cleared(msgspec.Struct, frozen=True):
    """A text without leftovers, and the name of each one that nobody knows the meaning of."""

    text: str
    dropped: tuple[str, ...] = ()


def clear_leftovers(
    text: str, form: TextFormat, path: str, neighbours: Neighbours, shown: Mapping[str, str] | None
) -> Cleared:
    """`text` of the article at `path`, cleared; doing it again changes nothing.

    `shown` are the fields that a tag such as `{{ page.title }}` may name; None where the article says that
    what looks like a tag is text.
    """
    mdx = path.lower().endswith(".mdx")
    if not (mdx or _may_hold_any(text)):
        return Cleared(text)
    code = Code(form)
    links = Links(path, neighbours)
    hidden = _CUT.sub("<!-- truncate -->", code.hide(text))
    dropped: list[str] = []
    if form == "markdown" and (mdx or is_mdx(hidden)):
        hidden = clear_mdx(hidden, dropped)
    if shown is not None:
        hidden = clear_tags(hidden, Tags(form, links, shown, dropped))
    if form == "markdown":
        hidden = clear_attributes(hidden)
    return Cleared(code.show(links.replace(hidden)), tuple(dropped))


def _may_hold_any(text: str) -> bool:
    return bool(
        ("{" in text and (_BRACE.search(text) or "){" in text))
        or ("|" in text and _BAR.search(text))
        or ("@" in text and "(@/" in text)
        or (":::" in text and _FENCE.search(text))
        or has_contents_mark(text)
        or "markdown=" in text
        or "!!! " in text
        or (_begins_line("import", text) and _MODULE.search(text))
        or (_begins_line("export", text) and _MODULE.search(text))
    )


def _begins_line(word: str, text: str) -> bool:
    return f"\n{word}" in text or text.startswith(word)
