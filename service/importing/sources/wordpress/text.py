"""Converts the text of a WordPress post to HTML: blank lines separate paragraphs, comments mark blocks."""

import html
import json
import re
from collections import Counter
from collections.abc import Mapping

from service.content.front_matter.values import as_items
from service.content.shortcodes.delimiter_pairs import drop_pairs, replace_pairs
from service.importing.parsing.json_values import as_map, as_text

_BLOCK_NAMES = (
    "address|article|aside|blockquote|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|"
    "hr|iframe|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|video|audio"
)
_BLOCK_TAG = rf"</?(?:{_BLOCK_NAMES})\b[^<>]*>"
_OPENING = re.compile(rf"(<(?:{_BLOCK_NAMES})\b[^<>]*>)", re.IGNORECASE)
_CLOSING = re.compile(rf"(</(?:{_BLOCK_NAMES})\s*>)", re.IGNORECASE)
_PARTS = re.compile(rf"((?:\s*{_BLOCK_TAG})*)\s*(.*?)\s*((?:{_BLOCK_TAG}\s*)*)", re.IGNORECASE | re.DOTALL)
# These elements contain text directly; in a quotation, or after a closing tag, text is a paragraph.
_HOLDS_TEXT = re.compile(r"<(?!/|blockquote\b)[^<>]*>\s*$", re.IGNORECASE)
_BREAK = re.compile(r"(?<!<br>)(?<!<br />)(?<!<br/>)[ \t]*\n", re.IGNORECASE)
_KEPT = re.compile(r"<(pre|script|style|textarea)\b", re.IGNORECASE)
_KEPT_ENDS = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("pre", "script", "style", "textarea")
}
_NEXT_PAGE = re.compile(r"<!--nextpage-->")
_COMMENT = re.compile("<!--"), re.compile("-->")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# In the attributes of a block `<`, `>` and `--` are escaped.
_EMPTY_BLOCK = re.compile(r"<!--\s+wp:([a-z][\w/-]*)([^<>]*)/-->")
_COVER = re.compile(r"<!--\s+wp:cover(\s[^<>]*)(?<!/)-->")
_SOURCE = re.compile(r'\bsrc="([^"]+)"')
_BLOCK_REFERENCE = re.compile(r'"ref"\s*:\s*(\d+)')
_BLOCK_ADDRESS = re.compile(r'"url"\s*:\s*"(https?:[^"]+)"')
_DEEPEST_BLOCKS = 5
_EMBED = re.compile(r"(<div class=\"wp-block-embed__wrapper\">)\s*(https?://[^\s<]+)\s*(</div>)")


def resolve_blocks(text: str, reusable: Mapping[str, str], footnotes: str, dropped: Counter[str]) -> str:
    """`text` with reusable blocks in their places, by their post ids, and the footnotes of the post as HTML.

    Of other blocks that hold nothing themselves (`<!-- wp:latest-posts /-->`) an address stays as a link;
    `dropped` counts the rest. The background of a cover is a picture of the text.
    """

    def replace(match: re.Match[str]) -> str:
        reference = _BLOCK_REFERENCE.search(match[2])
        if match[1] == "block" and reference and reference[1] in reusable:
            return reusable[reference[1]]
        if match[1] == "footnotes" and footnotes:
            return footnotes
        if address := _BLOCK_ADDRESS.search(match[2]):
            url = html.escape(address[1].replace("\\u0026", "&").replace("\\/", "/"))
            return f'<p><a href="{url}">{url}</a></p>'
        dropped["reusable block" if match[1] == "block" else f"block {match[1]}"] += 1
        return ""

    for _ in range(_DEEPEST_BLOCKS):  # a reusable block may hold another
        if "/-->" not in text:
            break
        text = _EMPTY_BLOCK.sub(replace, text)
    shown = frozenset(_SOURCE.findall(text)) if "wp:cover" in text else frozenset()
    return _COVER.sub(lambda match: match.group() + _background(match, shown), text)


def footnotes_html(stored: str | None) -> str:
    """The footnotes of a post, `[{"id": …, "content": …}]`, as the list that WordPress shows."""
    try:
        notes = [as_map(note) for note in as_items(json.loads(stored or "[]"))]
    except (ValueError, RecursionError):
        return ""
    ids_and_texts = [
        (html.escape(as_text(note.get("id")) or ""), as_text(note.get("content"))) for note in notes
    ]
    items = "".join(
        f'<li id="{note_id}">{text} <a href="#{note_id}-link">↩︎</a></li>'
        for note_id, text in ids_and_texts
        if note_id and text
    )
    return f"<ol>{items}</ol>" if items else ""


def _background(cover: re.Match[str], shown: frozenset[str]) -> str:
    """The background image of a cover, unless the cover contains it as an element."""
    address = _BLOCK_ADDRESS.search(cover[1])
    if address is None or '"backgroundType":"video"' in cover[1]:
        return ""
    url = html.escape(address[1].replace("\\u0026", "&").replace("\\/", "/"))
    return "" if url in shown else f'<p><img src="{url}" alt=""></p>'


def to_html(text: str) -> str:
    """`text` as WordPress shows it: blocks are HTML already; otherwise blank lines separate paragraphs."""
    text = _NEXT_PAGE.sub("\n\n", text)
    if "<!-- wp:" in text:
        text = _EMBED.sub(lambda m: f'<p><a href="{m[2]}">{m[2]}</a></p>', text)
        return drop_pairs(text, *_COMMENT).strip()
    return break_paragraphs(drop_pairs(text, *_COMMENT))


def break_paragraphs(text: str) -> str:
    """Blank lines separate paragraphs and line breaks become `<br>`; preformatted text is unchanged."""
    kept: list[str] = []

    def keep(begin: re.Match[str], inner: str, end: re.Match[str]) -> str:
        kept.append(f"{begin.group()}{inner}{end.group()}")
        return f"\n\n\ue000{len(kept) - 1}\ue001\n\n"

    text = _TAG.sub(lambda tag: tag.group().replace("\n", " "), text.replace("\r\n", "\n"))
    text = replace_pairs(text, _KEPT, lambda begin: _KEPT_ENDS[begin[1].lower()], keep)
    text = _CLOSING.sub(r"\1\n\n", _OPENING.sub(r"\n\n\1", text))
    paragraphs = (_paragraph(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip())
    return re.sub("\ue000(\\d+)\ue001", lambda match: kept[int(match.group(1))], "\n".join(paragraphs))


def _paragraph(part: str) -> str:
    """The text between two blank lines as a paragraph; block tags around it stay outside."""
    match = _PARTS.fullmatch(part)
    before, text, after = match.groups() if match else ("", part, "")
    if not text or text.startswith("\ue000"):
        return before + text + after
    if _ADDRESS.fullmatch(text):
        text = f'<a href="{text}">{text}</a>'
    text = _BREAK.sub("<br>\n", text)
    return before + (text if _HOLDS_TEXT.search(before) else f"<p>{text}</p>") + after
