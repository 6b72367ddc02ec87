"""Adapts safe HTML to a page: heading levels, keyboard access, lazy loading."""

import re

from service.markup.characters import SITE

RESERVED_ID_PREFIX = "bs-"
"""The prefix of the ids of pages; they are removed from articles."""

# Safe HTML quotes every attribute with `"` and escapes `<` in text, so this matches only tags.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)([^>"]*+(?:"[^"]*"[^>"]*+)*+)>')
_LEVEL = re.compile(r"h[1-6]")
_NEXT = re.compile(r"\s*")
_RESERVED_ID = re.compile(rf'\sid="{RESERVED_ID_PREFIX}[^"]*"')
WIDE = '<div class="wide" role="group" aria-label="Table" tabindex="0">'
_HIGHEST, _LOWEST = 2, 6
_ALIGN = re.compile(r'\salign="([^"]*)"')
_ALIGNMENTS = frozenset({"left", "center", "right"})


def adapt_to_page(html: str) -> str:
    """Adapt the safe HTML of an article to its page.

    The highest heading becomes `h2`, since the title is the only `h1`; the others follow, and none is more
    than one level below the previous one (WCAG 2.2, technique G141). Wide tables and code can be scrolled by
    keyboard; their cells are aligned by class (`bs-right`). Images load lazily, those of other sites without
    referrer; audio and video do not preload. Ids reserved for pages are removed, and `main` becomes `div`.
    """
    levels = [
        int(name[1]) for closing, name, _ in _TAG.findall(html) if not closing and _LEVEL.fullmatch(name)
    ]
    rewriter = _TagRewriter(_HIGHEST - min(levels, default=_HIGHEST))
    return _TAG.sub(rewriter.rewrite_tag, html)


class _TagRewriter:
    """Rewrites tags in document order: tracks the level of the last heading and the depth of tables."""

    def __init__(self, shift: int) -> None:
        self._shift = shift
        self._level = _HIGHEST - 1
        self._tables = 0
        self._sections: list[str] = []

    def rewrite_tag(self, match: re.Match[str]) -> str:
        closing, name, attributes = match.groups()
        if "id=" in attributes:
            attributes = _RESERVED_ID.sub("", attributes)
        if _LEVEL.fullmatch(name):
            if not closing:
                self._level = min(int(name[1]) + self._shift, self._level + 1, _LOWEST)
            name = f"h{self._level}"
        elif name == "main":
            name = "div"
        elif name == "section":
            return self._section(match, closing, attributes)
        elif name == "table":
            return self._table(closing, attributes)
        elif not closing:
            attributes = _page_attributes(name, attributes)
        return f"<{closing}{name}{attributes}>"

    def _section(self, match: re.Match[str], closing: str, attributes: str) -> str:
        """A section that is only a list, as footnotes are, has no heading, so it is a `div`."""
        if closing:
            return f"</{self._sections.pop() if self._sections else 'section'}>"
        is_list = match.string.startswith("<ol", _NEXT.match(match.string, match.end()).end())  # type: ignore[union-attr]
        self._sections.append("div" if is_list else "section")
        return f'<div class="bs-notes"{attributes}>' if is_list else f"<section{attributes}>"

    def _table(self, closing: str, attributes: str) -> str:
        self._tables += -1 if closing else 1
        if closing:
            return "</table></div>" if self._tables == 0 else "</table>"
        return f"{WIDE if self._tables == 1 else ''}<table{attributes}>"


def _page_attributes(name: str, attributes: str) -> str:
    """The attributes of an opening tag on a page."""
    if name == "pre":
        return f'{attributes} tabindex="0"'
    if name in {"td", "th"} and (align := _ALIGN.search(attributes)):
        # HTML has no `align` any more; the style sheet aligns by class.
        alignment = f' class="bs-{align[1]}"' if align[1] in _ALIGNMENTS else ""
        return attributes.replace(align[0], alignment)
    if name == "img":
        alt = "" if " alt=" in attributes else ' alt=""'
        lazy = "" if " loading=" in attributes else ' loading="lazy"'
        # The host of an image need not learn which page is being read.
        referrer = "" if f' src="{SITE}/' in attributes else ' referrerpolicy="no-referrer"'
        return f'{attributes}{alt}{lazy}{referrer} decoding="async"'
    if name in {"audio", "video"}:
        controls = "" if " controls" in attributes else " controls"
        preload = "" if " preload=" in attributes else ' preload="none"'
        return f"{attributes}{controls}{preload}"
    return attributes
