"""The lines of a scraped page that are still part of the text, and a receipt for each that is not."""

import re
from collections.abc import Iterable

import msgspec

from service.content.records import Receipt
from service.errors import ContentError

_LARGEST_SHARE = 0.4
"""The share of a text one rule may cut; a rule that would cut more has misread the page."""

_WIDE = re.compile("[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]")
_SENTENCE_END = re.compile(r"[.!?…:;。！？؟۔॥।][\"'”’»›)\]」』】）]*$|[.!?…。！？؟][\"'”’»›)\]」』】）\d]*$")
_LONGEST_END = 8
_QUOTED_END = re.compile(r"[,.!?…][\"'”’»]$")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line or block of a page.

    `number` is its line in the file, from 1; `position` its index among all lines, which identifies it.
    `heading` is the level of an HTML heading, 1 to 6, or 0; `starts_block` is whether a blank line
    precedes it.
    """

    number: int
    position: int
    text: str
    starts_block: bool = True
    heading: int = 0


class LineBuffer:
    """The lines still in the text, a receipt for each one removed, and notes for the author.

    No rule may cut the lines at the positions in `keep`.
    """

    def __init__(self, lines: Iterable[Line], keep: frozenset[int] = frozenset()) -> None:
        self._lines = {line.position: line for line in lines}
        self.receipts: list[Receipt] = []
        self.notes: list[ContentError] = []
        self._keep = keep
        self._rules: dict[int, str] = {}
        self._size = sum(len(line.text) for line in self._lines.values())
        self._cut_sizes: dict[str, int] = {}
        self._refused: set[str] = set()

    @property
    def lines(self) -> list[Line]:
        """The lines still in the text, in order."""
        return list(self._lines.values())

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def last(self) -> Line:
        return next(reversed(self._lines.values()))

    def rule_that_cut(self, position: int) -> str | None:
        """The name of the rule that cut the line at `position`; None if none did."""
        return self._rules.get(position)

    def cut(self, lines: Iterable[Line], rule: str, reason: str, *, exact: bool = False) -> bool:
        """Remove `lines` from the text; return False, with a note, if `rule` would then cut too much.

        `exact` exempts lines that stand elsewhere in the text word for word from that limit.
        """
        removed = [line for line in lines if line.position not in self._keep]
        size = self._cut_sizes.get(rule, 0) + sum(len(line.text) for line in removed)
        if not exact and size > self._size * _LARGEST_SHARE:
            if removed and rule not in self._refused:
                self._refused.add(rule)
                share = round(100 * size / max(1, self._size))
                self.note(
                    removed[0],
                    f"the rule {rule!r} would cut {share} % of it and was not applied; remove what is not "
                    "part of the article by hand, or add a [[scraped]] rule to site.toml",
                )
            return False
        self._cut_sizes[rule] = size
        self._rules |= {line.position: rule for line in removed}
        self._remove(removed, rule, reason)
        return True

    def move(self, line: Line, rule: str, reason: str) -> None:
        """Remove a line whose content is now metadata."""
        self._remove([line], rule, reason)

    def shorten(self, line: Line, rest: str, rule: str, reason: str) -> None:
        """Replace a line by `rest`, the end of its text; the part before gets the receipt."""
        self._lines[line.position] = msgspec.structs.replace(line, text=rest)
        removed = line.text[: len(line.text) - len(rest)].strip()
        self.receipts.append(Receipt(line.number, removed, rule, reason))

    def note(self, line: Line, message: str) -> None:
        self.notes.append(ContentError(line.number, f"scraped text: {message}"))

    def _remove(self, lines: list[Line], rule: str, reason: str) -> None:
        for line in lines:
            del self._lines[line.position]
        self.receipts += [Receipt(line.number, line.text, rule, reason) for line in lines]


def display_width(text: str) -> int:
    """The length of `text`, with wide characters (Chinese, Japanese, Korean) counted as 2.5."""
    return len(text) + 3 * len(_WIDE.findall(text)) // 2


def count_words(text: str) -> int:
    """The number of words; three wide characters count as one word."""
    return len(text.split()) + len(_WIDE.findall(text)) // 3


def ends_sentence(text: str) -> bool:
    """Whether `text` ends with the punctuation of a sentence."""
    end = text[-_LONGEST_END:]
    return bool(_SENTENCE_END.search(end) or _QUOTED_END.search(end))


def is_prose(text: str) -> bool:
    """Whether a line is running text, not a label, a headline or a link."""
    return (ends_sentence(text) and display_width(text) >= 30 and count_words(text) >= 5) or display_width(
        text
    ) > 200
