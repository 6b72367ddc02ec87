"""Emoji by their short names, as GitHub has them: `tada` → 🎉."""

from functools import lru_cache

import comrak

_EXTENSIONS = comrak.ExtensionOptions(shortcodes=True)
_LONGEST = 60


@lru_cache(maxsize=2048)
def find_emoji(name: str) -> str | None:
    """The emoji of a name of letters, digits, `_`, `+` and `-`; None if there is none."""
    if len(name) > _LONGEST:
        return None
    text = comrak.markdown_to_html(f":{name}:", _EXTENSIONS).strip().removeprefix("<p>").removesuffix("</p>")
    return None if text.isascii() else text
