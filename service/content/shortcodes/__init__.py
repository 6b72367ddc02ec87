"""Template tags in the text of an article: known ones become HTML, others are dropped and counted.

Liquid (Jekyll, Eleventy), shortcodes of Hugo and Zola, Nunjucks, tags of Hexo, MDX, Vue, links of Pelican and
the attribute lists of kramdown. Code is never changed. In: a text. Out: `CleanedText`. Begin with
`replace_shortcodes`; `template_tags.known_tags` has one row a tag.
"""

import re
from collections.abc import Mapping

import msgspec

from service.content.files.dependencies import FileLookup
from service.content.shortcodes.abbreviations import mark_abbreviations
from service.content.shortcodes.admonitions import has_admonitions, render_admonitions
from service.content.shortcodes.attribute_lists import clear_attributes
from service.content.shortcodes.code import Code, has_titles
from service.content.shortcodes.formulas import keep_formulas
from service.content.shortcodes.inclusions import drop_inclusions, has_inclusions
from service.content.shortcodes.links import Links, has_link
from service.content.shortcodes.mdx.detection import has_jsx_attributes, is_mdx
from service.content.shortcodes.prefilter import Markers, after_braces, holds, scan_markers
from service.content.shortcodes.template_tags.replace import Tags, clear_tags
from service.content.shortcodes.vue import clear_vue_syntax, has_vue_syntax
from service.markup import TextFormat

# What follows a brace in templates, kramdown and MDX.
_MARKS = frozenset({"{", "%", ":", "#", "/", ".", " .", " #"})
# Each begins with a literal, which is found fast, or is tried only where a word of it is there.

# Images in many converters but not in CommonMark: a name with spaces, or a size after it.
_IMAGE = re.compile(
    r"""!\[[^\]\n]{0,500}\]\((?:(?P<spaced>[^()<>"\n]{0,300}\s[^()<>"\n]{0,300}\.(?:png|jpe?g|gif|svg|webp|bmp))
    |(?P<sized>[^()<>"\s]{1,500})[ \t]+=\d{0,5}%?x\d{0,5}%?)(?=\)|[ \t]+")""",
    re.IGNORECASE | re.VERBOSE,
)

# An anchor of the time before every element could have an `id`.
_ANCHOR = re.compile(r"""<a\s{1,9}name\s{0,9}=\s{0,9}(["']?)([^"'<>\s/]{1,200})\1\s{0,9}(/?)>""")

# The placeholder of Ghost for the address of the site.
_GHOST = "__GHOST_URL__"

# Hexo renders the end of a line as `<br>` by default.
_LINE_END = re.compile(r"([^\s\x00])\n(?=[^\n\x00])")


class CleanedText(msgspec.Struct, frozen=True):
    """A text without template tags; `dropped` are the names of the unknown ones."""

    text: str
    dropped: tuple[str, ...] = ()


def replace_shortcodes(
    text: str,
    text_format: TextFormat,
    path: str,
    lookup: FileLookup,
    template_variables: Mapping[str, str] | None,
    *,
    declares_formulas: bool,
    may_be_mdx: bool = True,
) -> CleanedText:
    """`text` of the article at `path` without template tags; repeating it changes nothing.

    `template_variables` are the fields that a tag such as `{{ page.title }}` may name; None if the article
    turns its template language off. `declares_formulas` is whether the article or its site says that it has
    formulas in TeX, `may_be_mdx` whether a file that is not named `.mdx` may hold MDX.
    """
    if holds(text, _GHOST):
        text = text.replace(_GHOST, "")
    is_markdown = text_format == "markdown"
    is_mdx_file = path.lower().endswith(".mdx")
    breaks_lines = is_markdown and "/source/_posts/" in f"/{path}"
    markers = scan_markers(text)
    may_have_formulas = is_markdown and (declares_formulas or holds(text, "\\(") or holds(text, "\\["))
    if not (is_mdx_file or breaks_lines or may_have_formulas or _may_have_tags(text, markers)):
        return CleanedText(text)
    dropped: list[str] = []
    code = Code(text_format)
    hidden = code.hide(text, markers)
    has_jsx = is_markdown and (is_mdx_file or (may_be_mdx and is_mdx(hidden, markers)))
    changed = _convert_blocks(text, markers, dropped, has_jsx=has_jsx) if is_markdown else text
    if changed is not text:
        text, markers, code = changed, scan_markers(changed), Code(text_format)
        hidden = code.hide(text, markers)
    if is_markdown and has_inclusions(hidden):
        hidden = drop_inclusions(hidden, dropped)
    hidden = clear_vue_syntax(hidden)
    if is_markdown and not has_jsx and has_jsx_attributes(hidden):
        hidden = _convert_jsx_tags(hidden, dropped)
    if may_have_formulas:
        hidden = keep_formulas(hidden, code.keep, declared=declares_formulas)
    if is_markdown and "*[" in hidden:
        hidden = mark_abbreviations(hidden)
    if holds(hidden, "<a name"):
        hidden = _ANCHOR.sub(_as_anchor, hidden)
    if template_variables is not None:
        braces = markers.braces if hidden is text else after_braces(hidden)
        tags = Tags(text_format, Links(path, lookup), template_variables, dropped)
        hidden = clear_tags(hidden, tags, braces)
    if is_markdown:
        hidden = clear_attributes(hidden, markers)
        hidden = _IMAGE.sub(_as_image, hidden) if holds(hidden, "![") else hidden
    if breaks_lines:
        hidden = _LINE_END.sub(r"\1  \n", hidden)
    return CleanedText(code.show(Links(path, lookup).replace(hidden)), tuple(dropped))


def _convert_blocks(text: str, markers: Markers, dropped: list[str], *, has_jsx: bool) -> str:
    """Markdown without MDX and admonitions; `text` itself if it has neither."""
    if has_jsx:
        from service.content.shortcodes.mdx.convert import mdx_to_markdown  # few folders have MDX

        text = mdx_to_markdown(text, dropped)
    return render_admonitions(text) if has_admonitions(text, markers) else text


def _convert_jsx_tags(text: str, dropped: list[str]) -> str:
    from service.content.shortcodes.mdx.convert import jsx_tags_to_html

    return jsx_tags_to_html(text, dropped)


def _may_have_tags(text: str, markers: Markers) -> bool:
    braces, lines = markers.braces.marks, markers.lines
    return bool(
        not braces.isdisjoint(_MARKS)
        or (braces and ("){" in text or "]{" in text))
        or has_link(text)
        or "import" in lines
        or has_titles(text)
        or ("<" in text and ("={" in text or "className=" in text))
        or has_admonitions(text, markers)
        or has_inclusions(text)
        or has_vue_syntax(text)
        or not lines.isdisjoint("[@")
        or ("<" in lines and "markdown=" in text)
        or (holds(text, "![") and _IMAGE.search(text))
        or holds(text, "<a name")
        or holds(text, "*[")
    )


def _as_anchor(match: re.Match[str]) -> str:
    return f'<a id="{match[2]}">{"</a>" if match[3] else ""}'


def _as_image(match: re.Match[str]) -> str:
    start = match.string[match.start() : match.start("spaced" if match["spaced"] else "sized")]
    return f"{start}{match['sized'] or match['spaced'].strip().replace(' ', '%20')}"
