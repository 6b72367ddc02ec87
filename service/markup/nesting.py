"""Flattens excessively nested elements before the tree is traversed.

Browsers take time that grows with the square of the depth, and reopen formatting that is left open in every
paragraph; no article needs hundreds of levels.
"""

import re
from itertools import accumulate

DEEPEST = 200
DEEPEST_FORMATTING = 20
FEW_TAGS = 1_000

_NAME = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*)")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>?")
# Open formatting elements are reopened in every following paragraph (HTML §13.2.4.3): limit them.
_FORMATTING_NAMES = "a b big code em font i nobr s small strike strong tt u"
FORMATTING = frozenset(_FORMATTING_NAMES.split())
# These are void or have optional end tags: many in a row are not nested.
_SELF_CLOSING = frozenset(
    """
    area base br col dd dt embed hr img input li link meta optgroup option p param rp rt rtc rb source
    tbody td tfoot th thead tr track wbr
    """.split()
)


def flatten(html: str) -> str:
    """Remove the tags nested deeper than DEEPEST levels from `html`, but not their text."""
    if html.count("<") < FEW_TAGS or _is_shallow(html):
        return html
    open_elements = _OpenElements()
    return _TAG.sub(open_elements.filter_tag, html)


def nests_too_deep(html: str) -> bool:
    """Whether `html` is so deep that `flatten` removes tags."""
    if html.count("<") < DEEPEST_FORMATTING:
        return False
    open_elements = _OpenElements()
    for match in _TAG.finditer(html):
        open_elements.filter_tag(match)
        if open_elements.is_full:
            return True
    return False


def _is_shallow(html: str) -> bool:
    """Whether no element can be too deep; a check of each element takes ten times as long."""
    names = _NAME.findall(html)
    steps = {name: _step(name) for name in set(names)}
    levels = list(accumulate(map(steps.__getitem__, names), initial=0))
    return min(levels) == 0 and max(levels) < DEEPEST_FORMATTING


def _step(name: str) -> int:
    if name.removeprefix("/").lower() in _SELF_CLOSING:
        return 0
    return -1 if name.startswith("/") else 1


class _OpenElements:
    """Counts the elements that are open at a position in a document."""

    def __init__(self) -> None:
        self._levels = 0
        self._formatting = 0
        self._dropped: dict[str, int] = {}

    @property
    def is_full(self) -> bool:
        return self._levels >= DEEPEST or self._formatting >= DEEPEST_FORMATTING

    def filter_tag(self, match: re.Match[str]) -> str:
        """The tag, or "" if it opens an element that is too deep or closes a removed one."""
        name = match.group(2).lower()
        if name in _SELF_CLOSING:
            return match.group()
        closing = bool(match.group(1))
        if closing and self._dropped.get(name):
            self._dropped[name] -= 1
            return ""
        if not closing and self._too_deep(name):
            self._dropped[name] = self._dropped.get(name, 0) + 1
            return ""
        step = -1 if closing else 1
        if name in FORMATTING:
            self._formatting = max(0, self._formatting + step)
        else:
            self._levels = max(0, self._levels + step)
        return match.group()

    def _too_deep(self, name: str) -> bool:
        if name in FORMATTING:
            return self._formatting >= DEEPEST_FORMATTING
        return self._levels >= DEEPEST
