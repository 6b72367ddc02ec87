"""Emoji short codes (`:tada:`), on sites whose engine replaces them."""

import re
from functools import lru_cache

import comrak

from service.content.shortcodes.code import Code
from service.content.shortcodes.prefilter import scan_markers
from service.markup import TextFormat

# A time is none: `10:100:20`.
_SHORT_CODE = re.compile(r"(?<![\d/]):([a-z0-9_+-]+):(?![\d/])", re.IGNORECASE)
# The icons of Material for MkDocs are pictures of its own.
_ICON = re.compile(r"(?:material|octicons|fontawesome|simple)-[a-z0-9-]+")
_EXTENSIONS = comrak.ExtensionOptions(shortcodes=True)
_LONGEST_NAME = 60


def replace_emoji(text: str, text_format: TextFormat) -> str:
    """`text` with the emoji that its short codes name, without icons; unknown names and code stay."""
    if not _SHORT_CODE.search(text):
        return text
    code = Code(text_format)
    return code.show(_SHORT_CODE.sub(_replace, code.hide(text, scan_markers(text))))


def _replace(match: re.Match[str]) -> str:
    name = match[1].lower()
    return "" if _ICON.fullmatch(name) else find_emoji(name) or match[0]


@lru_cache(maxsize=2048)
def find_emoji(name: str) -> str | None:
    """The emoji of a short name, as GitHub has them: `tada` → 🎉; None if there is none."""
    if len(name) > _LONGEST_NAME:
        return None
    text = comrak.markdown_to_html(f":{name}:", _EXTENSIONS).strip().removeprefix("<p>").removesuffix("</p>")
    return None if text.isascii() else text
