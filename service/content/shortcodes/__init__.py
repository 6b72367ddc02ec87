"""What templates left in a text: well-known tags become what they mean, others are dropped and counted.

Liquid (Jekyll, Eleventy), Hugo's and Zola's shortcodes, Nunjucks, Hexo's tags, MDX, Pelican's links and the
attribute lists of kramdown. Code is never touched.
"""

import re
from collections.abc import Mapping

import msgspec

from service.content.discovery.file_dependencies import FileLookup
from service.content.shortcodes.attribute_lists import clear_attributes
from service.content.shortcodes.code import Code
from service.content.shortcodes.links import Links
from service.content.shortcodes.mdx import clear_mdx, is_mdx
from service.content.shortcodes.prefilter import Markers, after_braces, holds, scan_markers
from service.content.shortcodes.tags import Tags, clear_tags
from service.markup import TextFormat

# After a brace these begin what templates, kramdown and MDX have in braces.
_MARKS = frozenset({"{", "%", ":", "#", "/", ".", " .", " #"})
# Each begins with a literal, which is found fast, or is asked only where a word of it is there.
_LINK = re.compile(r"\{(?:filename|static|attach|tag|category|author|index)[}|]")
_BAR = re.compile(r"\|(?:filename|static|attach|tag|category|author|index)[}|]")
_FENCE = re.compile(r"^[ \t]*:::", re.MULTILINE)

# What CommonMark takes for no picture, but many converters do: a name with spaces, and a size behind it.
_PICTURE = re.compile(
    r"""!\[[^\]\n]{0,500}\]\((?:(?P<spaced>[^()<>"\n]{0,300}\s[^()<>"\n]{0,300}\.(?:png|jpe?g|gif|svg|webp|bmp))
    |(?P<sized>[^()<>"\s]{1,500})[ \t]+=\d{0,5}%?x\d{0,5}%?)(?=\)|[ \t]+")""",
    re.IGNORECASE | re.VERBOSE,
)

# A place to link to, as it was written before every element could have an `id`.
_ANCHOR = re.compile(r"""<a\s{1,9}name\s{0,9}=\s{0,9}(["']?)([^"'<>\s/]{1,200})\1\s{0,9}(/?)>""")

# What Ghost writes for the address of the site.
_GHOST = "__GHOST_URL__"

# To Hexo the end of a line is one: its renderer makes a `<br>` of it, unless it is told otherwise.
_LINE_END = re.compile(r"([^\s\x00])\n(?=[^\n\x00])")

# Docusaurus' mark of the excerpt, in the form that other engines know too (see `excerpts`).
_CUT = re.compile(r"\{/\*\s*truncate\s*\*/\}")


class Cleared(msgspec.Struct, frozen=True):
    """A text without leftovers, and the name of each one that nobody knows the meaning of."""

    text: str
    dropped: tuple[str, ...] = ()


def replace_shortcodes(
    text: str, form: TextFormat, path: str, lookup: FileLookup, shown: Mapping[str, str] | None
) -> Cleared:
    """`text` of the article at `path`, cleared; doing it again changes nothing.

    `shown` are the fields that a tag such as `{{ page.title }}` may name; None where the article says that
    what looks like a tag is text.
    """
    if holds(text, _GHOST):
        text = text.replace(_GHOST, "")
    mdx = path.lower().endswith(".mdx")
    broken = form == "markdown" and "/source/_posts/" in f"/{path}"
    signs = scan_markers(text)
    if not (mdx or broken or _may_hold_any(text, signs)):
        return Cleared(text)
    code = Code(form)
    links = Links(path, lookup)
    hidden = code.hide(text, signs)
    if holds(hidden, "<a name"):
        hidden = _ANCHOR.sub(_as_anchor, hidden)
    if "/*" in signs.braces.marks:
        hidden = _CUT.sub("<!-- truncate -->", hidden)
    dropped: list[str] = []
    if form == "markdown" and (mdx or is_mdx(hidden, signs)):
        hidden = clear_mdx(hidden, dropped)
    if shown is not None:
        braces = signs.braces if hidden is text else after_braces(hidden)
        hidden = clear_tags(hidden, Tags(form, links, shown, dropped), braces)
    if form == "markdown":
        hidden = clear_attributes(hidden, signs)
        hidden = _PICTURE.sub(_as_picture, hidden) if holds(hidden, "![") else hidden
    if broken:
        hidden = _LINE_END.sub(r"\1  \n", hidden)
    return Cleared(code.show(links.replace(hidden)), tuple(dropped))


def _may_hold_any(text: str, signs: Markers) -> bool:
    braces, lines = signs.braces.marks, signs.lines
    return bool(
        not braces.isdisjoint(_MARKS)
        or (any(map(str.isalnum, braces)) and (_LINK.search(text) or "){" in text))
        or ("|" in text and _BAR.search(text))
        or (holds(text, "@/") and "(@/" in text)
        or "import" in lines
        or (":" in lines and _FENCE.search(text))
        or ("!" in lines and "!!! " in text)
        or ("?" in lines and "???" in text)
        or (not lines.isdisjoint("[@") and ("toc]" in text or "TOC]" in text))
        or ("<" in lines and "markdown=" in text)
        or (holds(text, "![") and _PICTURE.search(text))
        or holds(text, "<a name")
    )


def _as_anchor(match: re.Match[str]) -> str:
    return f'<a id="{match[2]}">{"</a>" if match[3] else ""}'


def _as_picture(match: re.Match[str]) -> str:
    start = match.string[match.start() : match.start("spaced" if match["spaced"] else "sized")]
    return f"{start}{match['sized'] or match['spaced'].strip().replace(' ', '%20')}"
