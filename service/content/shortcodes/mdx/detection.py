"""Detects MDX in Markdown. The modules that convert it are imported when there is any."""

import re

from service.content.shortcodes.prefilter import Markers

_IMPORTED = r"(?:[\w*{][^;'\"\n]*(?:\n[^;'\"\n]+){0,60}?[ \t\n]from[ \t]+)?['\"][^'\"\n]+['\"]"
IMPORT = re.compile(
    rf"^import[ \t]+{_IMPORTED}(?:;[ \t]*\n?import(?:[ \t]+|\n){_IMPORTED}){{0,60}};?[ \t]*$", re.MULTILINE
)
_JSX_IN_MARKDOWN = re.compile(r"<[A-Za-z][^<>{}]{0,2000}?\s[A-Za-z]+=\{|\sclassName=")
_COMMENT = re.compile(r"(?<!\{)\{/\*")


def is_mdx(text: str, markers: Markers) -> bool:
    """Whether Markdown without code has imports or comments in braces, as only MDX has."""
    if "/*" in markers.braces.marks and _COMMENT.search(text):
        return True
    # Go and Python have `import "fmt"` too.
    imports = IMPORT.finditer(text) if "import" in markers.lines else ()
    return any("from" in statement[0] for statement in imports)


def has_jsx_attributes(text: str) -> bool:
    """Whether Markdown without code has tags with attributes as JSX writes them: `style={{color: "red"}}`."""
    return "<" in text and ("={" in text or "className=" in text) and bool(_JSX_IN_MARKDOWN.search(text))
