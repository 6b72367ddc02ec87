"""Converts HTML to Markdown that renders to the same; a block that Markdown cannot express stays HTML.

Every block is rendered again and compared with the original, so that nothing is lost unnoticed.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString

from service.content.shortcodes.delimiter_pairs import replace_pairs
from service.importing.conversion.converter import Converter
from service.importing.conversion.footnotes import format_definition, insert_references, take_footnotes
from service.importing.conversion.structure_fingerprint import structure_fingerprint
from service.markup import SELF, SITE, render

_UNWRAPPED = frozenset({"div", "section", "article", "main", "header", "footer", "center", "hgroup", "span"})
_PHRASING = frozenset(
    """
    a abbr acronym b bdi bdo big br cite code data del dfn em i img ins kbd mark picture q s samp small span
    strike strong sub sup time tt u var wbr ruby
    """.split()
)
_MEDIA = ["img", "video", "audio", "hr", "iframe", "br"]
_IFRAME = re.compile(r"<iframe\b[^<>]*>", re.IGNORECASE), re.compile(r"</iframe\s*>", re.IGNORECASE)
_OPENING_TAG = re.compile(r"\s*<[a-z][a-z0-9]*[ />]")
_BLOCK_TAG = re.compile(
    r"</?(?:p|li|td|th|tr|div|h\d|blockquote|[uo]l|br|hr|pre|table|t\w+|section)\b[^<>]*>"
)
# Text without any markup of Markdown, as most paragraphs are. The result is compared in any case.
_PLAIN = re.compile(r"(?!www\.)[^\W\d_](?:(?!://|\bwww\.)[^\\`*_\[\]<>&~!|{}#@\x00-\x1f])*")
_TAG = re.compile(r"<[^<>]*>")
_PLACEHOLDER = re.compile("\ue010\\d+\ue011")
_EMPTY = re.compile(r"<(p|strong|b|em|i|del|s|u|span|a)>\s*+</\1>")
_MOST_NESTED = 10
_SOURCE = re.compile(
    r"\b(src|title|width|height)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)
_BRUSH = re.compile(
    r"<pre\b[^<>]*\bclass\s*=\s*[\"'][^\"']*\bbrush:\s*([\w+#-]+)[^\"']*[\"'][^<>]*>", re.IGNORECASE
)
_HIGHLIGHT = re.compile(
    r"(<div\b[^<>]*\bclass\s*=\s*[\"'](?:[^\"']*\s)?(?:language|highlight-source|highlight)-([\w+#-]+)[^<>]*>"
    r"(?:\s|<div\b[^<>]*>)*)<pre\b[^<>]*>",
    re.IGNORECASE,
)
_CODE_LANG = re.compile(
    r"<(pre|code)\b([^<>]*)\b(?:data-lang|lang)\s*=\s*[\"']([\w+#-]+)[\"']", re.IGNORECASE
)


class ConvertedText(msgspec.Struct, frozen=True):
    """Markdown, or None if it would lose something, and how many of its blocks stayed HTML.

    `removed` is the text of links back from footnotes, which the Markdown renderer adds.
    """

    text: str | None
    kept: int
    removed: str = ""


def to_markdown(html: str, base: str, link: str | None = None, *, footnotes: bool = True) -> ConvertedText:
    """`html` as Markdown; references are relative to `base`, and `link` + `#fragment` is within the text.

    With `footnotes`, pairs of links that lead to each other become footnotes of Markdown.
    """
    frames: list[str] = []

    def take(begin: re.Match[str], *_: object) -> str:
        return _take_iframe(begin.group(), frames)

    paired = replace_pairs(_mark_languages(html), *_IFRAME, take)
    prepared = _IFRAME[0].sub(take, paired)  # those never closed
    safe = unmark_references(render(prepared, "html", base).html, link)
    # Within an element, so that the parser never mistakes a short text for a file name or an address.
    soup = BeautifulSoup(f"<div>{_without_empty_elements(safe)}</div>", "html.parser")
    notes = take_footnotes(soup) if footnotes else ()
    _remove_empty_elements(soup)
    text, kept = _convert_document(soup)
    parts = [text]
    for note in notes:
        words, kept_in_note = _convert_document(note.element)
        parts.append(None if words is None else format_definition(note, words))
        kept += kept_in_note
    if any(part is None for part in parts):
        return ConvertedText(None, kept)
    whole = insert_references("\n\n".join(filter(None, parts)))
    tokens = {_placeholder(number): frame for number, frame in enumerate(frames)}
    whole = _PLACEHOLDER.sub(lambda token: tokens.get(token.group(), token.group()), whole)
    removed = "".join(note.back_text for note in notes)
    return ConvertedText(f"{whole}\n", kept + len(frames), removed)


def without_iframe_texts(html: str) -> str:
    """`html` without the content of `iframe` elements, which no browser shows (HTML §4.8.5)."""
    return replace_pairs(html, *_IFRAME, lambda begin, _, end: begin.group() + end.group())


def _convert_document(node: Any) -> tuple[str | None, int]:
    """The content of `node` as Markdown, or None if it would lose something; how many blocks stayed HTML."""
    targets = set(re.findall(r'href="#([^"]+)"', str(node)))
    blocks = list(_blocks(node))
    parts: list[str] = []
    kept = 0
    previous = None
    for block in blocks:
        text = (
            None
            if any(element.get("id") in targets for element in _with_descendants(block))
            else _convert_block(block)
        )
        text = _converter(careful=True).raw_block(block) if text is None else text
        kept += bool(_OPENING_TAG.match(text))
        if text.strip():
            if previous == block.name and block.name in {"ul", "ol"}:
                parts.append("<!-- -->")
            parts.append(text.strip("\n"))
            previous = block.name
    whole = "\n\n".join(parts)
    same = structure_fingerprint(_render_markdown(whole)) == structure_fingerprint("".join(map(str, blocks)))
    return whole if same else None, kept


def unmark_references(html: str, link: str | None = None) -> str:
    """Safe HTML with ordinary addresses for marked references; those within the text are fragments."""
    html = html.replace(SITE, "").replace(SELF, "")
    return html.replace(f'href="{link}#', 'href="#') if link else html


def _render_markdown(markdown: str) -> str:
    return unmark_references(render(markdown, "markdown", "/").html)


def _mark_languages(html: str) -> str:
    """Move the language of code from where highlighters put it to the class that Markdown uses."""
    if "<pre" not in html.lower():
        return html
    html = _BRUSH.sub(lambda match: f'<pre class="language-{match[1]}">', html)
    html = _HIGHLIGHT.sub(lambda match: f'{match[1]}<pre class="language-{match[2]}">', html)
    return _CODE_LANG.sub(lambda match: f'<{match[1]} class="language-{match[3]}"{match[2]}', html)


def _take_iframe(frame: str, frames: list[str]) -> str:
    attributes = {name.lower(): a or b or c for name, a, b, c in _SOURCE.findall(frame)}
    if not attributes.get("src"):
        return ""
    written = "".join(f' {name}="{value.replace(chr(34), "")}"' for name, value in sorted(attributes.items()))
    frames.append(f"<iframe{written}></iframe>")
    return f"<p>{_placeholder(len(frames) - 1)}</p>"


def _placeholder(number: int) -> str:
    return f"\ue010{number}\ue011"


def _without_empty_elements(html: str) -> str:
    """`html` without elements that hold nothing.

    BeautifulSoup looks through all siblings of each element that it removes: of many, that takes quadratic
    time. `_remove_empty_elements` removes the few that hold more than white space or have attributes.
    """
    for _ in range(_MOST_NESTED):
        html, count = _EMPTY.subn(lambda match: "" if match[1] == "p" else " ", html)
        if not count:
            break
    return html


def _remove_empty_elements(soup: BeautifulSoup) -> None:
    """Remove empty elements, and unwrap those without a meaning."""
    for figure in soup.find_all("figure"):
        if not figure.find("figcaption"):
            figure.unwrap()
    for element in reversed(
        soup.find_all(["p", "strong", "b", "em", "i", "del", "s", "u", "span", "a", "li"])
    ):
        empty = not element.get_text().strip() and not element.find(_MEDIA) and not element.get("id")
        if empty and element.name != "li":
            element.replace_with(" ") if element.name != "p" else element.decompose()
        elif element.name == "span" and not element.get("id") and not element.get("dir"):
            element.unwrap()


def _blocks(node: Any) -> Iterator[Tag]:
    """The blocks of a document in order, runs of phrases gathered into paragraphs."""
    run: list[Any] = []
    for child in list(node.children):
        if isinstance(child, Comment):
            continue
        if isinstance(child, NavigableString) or child.name in _PHRASING:
            run.append(child)
            continue
        yield from _as_paragraph(run)
        run = []
        if child.name in _UNWRAPPED and not child.get("id") and not child.get("dir"):
            yield from _blocks(child)
        else:
            yield child
    yield from _as_paragraph(run)


def _as_paragraph(run: list[Any]) -> Iterator[Tag]:
    if not any(isinstance(node, Tag) or node.strip() for node in run):
        return
    paragraph = Tag(name="p")
    run[0].insert_before(paragraph)
    for node in run:
        paragraph.append(node.extract())
    yield paragraph


def _convert_block(block: Tag) -> str | None:
    """The block as Markdown with the same fingerprint, escaped as little as possible; None if none."""
    if block.name == "p" and not block.attrs and len(block.contents) == 1:
        only = block.contents[0]
        text = " ".join(only.split()) if type(only) is NavigableString else ""
        if _PLAIN.fullmatch(text):
            return text
    wanted = structure_fingerprint(str(block))
    plainly = " ".join(text_with_spaces(str(block)).split())
    for careful in (False, True):
        text = _converter(careful=careful).convert_block(block)
        rendered = _render_markdown(text)
        if (
            structure_fingerprint(rendered) == wanted
            and " ".join(text_with_spaces(rendered).split()) == plainly
        ):
            return text
    return None


def text_with_spaces(html: str) -> str:
    """The text of HTML with its spaces, to detect words that were joined."""
    return _TAG.sub("", _BLOCK_TAG.sub(" ", html))


def _with_descendants(block: Tag) -> Iterator[Tag]:
    yield block
    yield from block.find_all(True)


@cache
def _converter(*, careful: bool) -> Converter:
    return Converter(careful=careful)
