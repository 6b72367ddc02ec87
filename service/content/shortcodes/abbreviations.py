"""Abbreviations of Markdown Extra and kramdown: `*[HTML]: Hyper Text Markup Language`."""

import re

from service.content.shortcodes.template_tags.tag import quote_attribute

_DEFINITION = re.compile(r"^[ ]{0,3}\*\[([^\]\[\n]{1,200})\][ \t]?:[ \t]*([^\n]*)(?:\n|\Z)", re.MULTILINE)
_MOST = 500
# Where a word is no text: tags, addresses, images, definitions of references, code.
_NO_TEXT = r"<[^<>\n]*>|\]\([^()\n]*\)|!\[[^\]\n]*\]|\]\[[^\]\n]*\]|^[ ]{0,3}\[[^\]\n]+\]:[^\n]*|https?://[^\s<>]*|\x00\d+\x00"


def mark_abbreviations(text: str) -> str:
    """`text` without code, its definitions removed and each defined word an `<abbr>`."""
    titles = dict(_DEFINITION.findall(text)[:_MOST])
    if not titles:
        return text
    words = "|".join(re.escape(word) for word in sorted(titles, key=len, reverse=True))
    pattern = re.compile(rf"{_NO_TEXT}|(?<!\w)({words})(?!\w)", re.MULTILINE)

    def replace(match: re.Match[str]) -> str:
        word = match[1]
        return f"<abbr title={quote_attribute(titles[word].strip())}>{word}</abbr>" if word else match[0]

    return pattern.sub(replace, _DEFINITION.sub("", text))
