"""The sheet a scraped page is worked on: its lines, what was taken out of them, and why."""

import re
from collections.abc import Iterable

import msgspec

from service.content.records import Receipt
from service.errors import ContentError

MOST_SHARE = 0.4
"""How much of a text one rule may take before it is refused: beyond that it has mistaken the page."""

_WIDE = re.compile("[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]")
_SENTENCE_END = re.compile(r"[.!?…:;。！？؟۔॥।][\"'”’»›)\]」』】）]*$|[.!?…。！？؟][\"'”’»›)\]」』】）\d]*$")
_LONGEST_END = 8
_QUOTED_END = re.compile(r"[,.!?…][\"'”’»]$")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line or block of a page: a paragraph, unless `parts` says which short lines it holds.

    `number` is where it stands in the file, from 1; `place` its index among all lines, which names it.
    `heading` is 2 to 6 where the page marked it as one; `gap` whether white space stands before it.
    """

    number: int
    place: int
    text: str
    gap: bool = True
    heading: int = 0
    parts: tuple[str, ...] = ()


class Sheet:
    """The lines still in the text, and a receipt for each that is not.

    `keep` holds the places of lines no rule may touch.
    """

    def __init__(self, lines: Iterable[Line], keep: frozenset[int] = frozenset()) -> None:
        self._lines = {line.place: line for line in lines}
        self.receipts: list[Receipt] = []
        self.notes: list[ContentError] = []
        self._keep = keep
        self._cut: dict[int, str] = {}
        self._size = sum(len(line.text) for line in self._lines.values())
        self._taken: dict[str, int] = {}
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

    def cut_by(self, place: int) -> str | None:
        """The rule by which the line at `place` was cut; None where it was not."""
        return self._cut.get(place)

    def cut(self, lines: Iterable[Line], rule: str, why: str, *, exact: bool = False) -> bool:
        """Take `lines` out as no part of the article; False where the rule would take too much.

        `exact` is for what stands elsewhere in the text word for word: of that there is no too much.
        """
        gone = [line for line in lines if line.place not in self._keep]
        size = self._taken.get(rule, 0) + sum(len(line.text) for line in gone)
        if not exact and size > self._size * MOST_SHARE:
            if gone and rule not in self._refused:
                self._refused.add(rule)
                share = round(100 * size / max(1, self._size))
                self.notes.append(
                    ContentError(
                        gone[0].number,
                        f"scraped text: the rule {rule!r} would cut {share} % of it and was not followed; "
                        "cut by hand what is no article, or add a [[scraped]] rule to site.toml",
                    )
                )
            return False
        self._taken[rule] = size
        self._cut |= {line.place: rule for line in gone}
        self._take(gone, rule, why)
        return True

    def move(self, line: Line, rule: str, why: str) -> None:
        """Take a line out of the text whose facts now stand in a field."""
        self._take([line], rule, why)

    def shorten(self, line: Line, text: str, rule: str, why: str) -> Line:
        """Leave only `text` of a line: its end. What stood before has the receipt."""
        rest = msgspec.structs.replace(line, text=text)
        self._lines[line.place] = rest
        self.receipts.append(Receipt(line.number, line.text[: len(line.text) - len(text)].strip(), rule, why))
        return rest

    def note(self, line: Line, message: str) -> None:
        self.notes.append(ContentError(line.number, f"scraped text: {message}"))

    def _take(self, gone: list[Line], rule: str, why: str) -> None:
        for line in gone:
            del self._lines[line.place]
        self.receipts += [Receipt(line.number, line.text, rule, why) for line in gone]


def width(text: str) -> int:
    """How long a text looks: a wide character (Chinese, Japanese, Korean) counts as two and a half."""
    return len(text) + 3 * len(_WIDE.findall(text)) // 2


def words(text: str) -> int:
    """How many words; in scripts without spaces, about as many as a translation would have."""
    wide = len(_WIDE.findall(text))
    return len(text.split()) + wide // 3


def ends(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    end = text[-_LONGEST_END:]
    return bool(_SENTENCE_END.search(end) or _QUOTED_END.search(end))


def is_prose(text: str) -> bool:
    """Whether a line reads as running text, not as a label, headline or link."""
    return (ends(text) and width(text) >= 30 and words(text) >= 5) or width(text) > 200
