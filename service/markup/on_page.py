"""Safe HTML made fit to stand in a page: below its heading, usable by keyboard, light to load."""

import re

from service.markup.marks import SITE

OUR_IDS = "bs-"
"""What the ids of our own pages begin with; an article has none of these."""

# Safe HTML quotes every attribute with `"` and escapes `<` in text, so this finds tags and nothing else.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)([^>"]*+(?:"[^"]*"[^>"]*+)*+)>')
_LEVEL = re.compile(r"h[1-6]")
_OUR_ID = re.compile(rf'\sid="{OUR_IDS}[^"]*"')
WIDE = '<div class="wide" role="group" aria-label="Table" tabindex="0">'
_HIGHEST, _LOWEST = 2, 6


def on_page(html: str) -> str:
    """Safe HTML of an article as its page shows it.

    Its highest heading becomes `h2`, since the title is the only `h1`; the others follow, and none is more
    than one level below the one before it (WCAG 2.2, technique G141). Tables and code that are wider than the
    screen can be scrolled by keyboard; pictures load when they come into view, from elsewhere without telling
    for what page; players load nothing by themselves. An id that a page itself uses is dropped, a second
    `main` as well.
    """
    levels = [
        int(name[1]) for closing, name, _ in _TAG.findall(html) if not closing and _LEVEL.fullmatch(name)
    ]
    placing = _Placing(_HIGHEST - min(levels, default=_HIGHEST))
    return _TAG.sub(placing.tag, html)


class _Placing:
    """How far headings move, the level of the last one, and how deep in tables one place of a document is."""

    def __init__(self, shift: int) -> None:
        self._shift = shift
        self._level = _HIGHEST - 1
        self._tables = 0

    def tag(self, match: re.Match[str]) -> str:
        closing, name, attributes = match.groups()
        if "id=" in attributes:
            attributes = _OUR_ID.sub("", attributes)
        if _LEVEL.fullmatch(name):
            if not closing:
                self._level = min(int(name[1]) + self._shift, self._level + 1, _LOWEST)
            name = f"h{self._level}"
        elif name == "main":
            name = "div"
        elif name == "table":
            return self._table(closing, attributes)
        elif not closing:
            attributes = _eased(name, attributes)
        return f"<{closing}{name}{attributes}>"

    def _table(self, closing: str, attributes: str) -> str:
        self._tables += -1 if closing else 1
        if closing:
            return "</table></div>" if self._tables == 0 else "</table>"
        return f"{WIDE if self._tables == 1 else ''}<table{attributes}>"


def _eased(name: str, attributes: str) -> str:
    """The attributes of an opening tag, with those that spare a reader something."""
    if name == "pre":
        return f'{attributes} tabindex="0"'
    if name == "img":
        alt = "" if " alt=" in attributes else ' alt=""'
        lazy = "" if " loading=" in attributes else ' loading="lazy"'
        # Whoever keeps a picture for the author need not learn what is being read.
        silent = "" if f' src="{SITE}/' in attributes else ' referrerpolicy="no-referrer"'
        return f'{attributes}{alt}{lazy}{silent} decoding="async"'
    if name in {"audio", "video"}:
        controls = "" if " controls" in attributes else " controls"
        preload = "" if " preload=" in attributes else ' preload="none"'
        return f"{attributes}{controls}{preload}"
    return attributes
