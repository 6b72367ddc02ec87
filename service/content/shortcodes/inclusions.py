"""Lines by which a converter includes another file in the text: they are removed and counted."""

import re

from service.content.shortcodes.prefilter import holds

_INCLUSION = re.compile(
    r"""^[ \t]*(?:
    -+8<-+[ \t]*(?P<quoted>"[^"\n]*"|'[^'\n]*')[ \t]*$
    |-+8<-+[ \t]*\n(?P<listed>(?:(?![ \t]*-+8<-+)[^\n]*\n){1,50})[ \t]*-+8<-+[ \t]*$
    |<<<[ \t]+(?P<code>\S[^\n]*)$
    |<!--[ \t]*@include:[ \t]*(?P<included>[^\n]*?)[ \t]*-->[ \t]*$
    |@include:[ \t]+(?P<vuepress>\S[^\n]*)$
    )\n?""",
    re.MULTILINE | re.VERBOSE,
)


def has_inclusions(text: str) -> bool:
    return ("<" in text and ("8<-" in text or "<<<" in text)) or holds(text, "@include:")


def drop_inclusions(text: str, dropped: list[str]) -> str:
    """`text` without such lines; each is added to `dropped` with the name of its file.

    They are the snippets of PyMdown (`--8<-- "a.md"`), code of VitePress (`<<< @/a.js`) and its parts
    (`<!--@include: ./a.md-->`).
    """

    def drop(match: re.Match[str]) -> str:
        names = next(filter(None, match.groups()))
        dropped.extend(f"include {name.strip(chr(34) + chr(39))}" for name in names.strip().split("\n"))
        return ""

    return _INCLUSION.sub(drop, text)
