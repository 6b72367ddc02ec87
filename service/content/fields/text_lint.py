"""Finds what feeds cannot contain unchanged in an article file, with its line and its treatment."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

import msgspec

from service.content.parsing.decoding import as_written
from service.content.parsing.raw_article import RawArticle
from service.errors import ContentError
from service.markup import Omission

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x81\x8d\x8f\x90\x9d\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_CDATA_END = "]]>"
_ADVICE = "to show such a tag as text, write &lt; for its <"


class LintFinding(msgspec.Struct, frozen=True):
    """`line` counts from 1; `harmless` if no text is lost."""

    line: int
    message: str
    harmless: bool = False


def lint_text(path: str, data: bytes) -> tuple[LintFinding, ...]:
    """Check the bytes `data` of the file at `path`; one finding of each kind, the first, with a count.

    Of a text in an encoding of its language only the ASCII characters are checked.
    """
    try:
        text, _ = as_written(data)
    except ContentError:
        text = data.decode("ascii", "ignore")
    findings = []
    places = [
        (match.start(), f"a control character (U+{ord(match.group()):04X})")
        for match in _ILLEGAL.finditer(text)
    ]
    if path.lower().endswith((".json", ".jsonl")) and "\\u" in text:
        places += _escaped(text)
    if places:
        start, shown = min(places)
        more = f" and {len(places) - 1} more like it" if len(places) > 1 else ""
        message = f"{shown}{more}: feeds must not contain it, so it is left out; remove it from the text"
        findings.append(LintFinding(_line(text, start), message))
    if (start := text.find(_CDATA_END)) >= 0:
        findings.append(
            LintFinding(_line(text, start), "`]]>` in the text: feeds contain it escaped", harmless=True)
        )
    return tuple(findings)


def omission_notes(
    omissions: Sequence[Omission], line_of: Callable[[Omission], int]
) -> Iterator[ContentError]:
    """At most two messages: of the elements left out, at the first, and of the comments never closed.

    An omitted script is a note: most scripts are meant for the pages of the old site only.
    """
    closed = [omission for omission in omissions if not omission.unclosed]
    if closed:
        counts = Counter(_name_tag(omission) for omission in closed)
        names = ", ".join(f"{name} ({count} times)" if count > 1 else name for name, count in counts.items())
        yield ContentError(
            line_of(closed[0]), f"left out with their content: {names}; {_ADVICE}", harmless=True
        )
    unclosed = [omission for omission in omissions if omission.unclosed]
    if unclosed:
        more = f" ({len(unclosed)} such comments)" if len(unclosed) > 1 else ""
        message = f"a comment is never closed and hides what follows it; close it with -->{more}"
        yield ContentError(line_of(unclosed[0]), message)


def line_in_file(omission: Omission, raw: RawArticle, text: str) -> int:
    """The line of the file on which `omission` begins; `text` is what was made of the text of `raw`.

    Where templates changed the lines, it is the tag with the same number among those that begin alike.
    """
    if raw.text_line is None:
        return raw.line
    if raw.scraped is None:
        original = raw.text
        if text == original:
            return raw.text_line + omission.line - 1
    else:
        original = "\n".join(raw.scraped.split("\n")[raw.text_line - 1 :])
    before = "\n".join(text.split("\n")[: omission.line - 1])
    at = -1
    for _ in range(before.count(omission.source) + 1):
        at = original.find(omission.source, at + 1)
        if at < 0:
            return raw.text_line
    return raw.text_line + original.count("\n", 0, at)


def _escaped(text: str) -> Iterator[tuple[int, str]]:
    """Characters written as JSON escapes that are control characters, or half of one (RFC 8259 §8.2)."""
    high: tuple[int, int, int] | None = None
    for match in chain(_ESCAPE.finditer(text), (None,)):
        code = int(match[1], 16) if match and match[1] else -1
        low = 0xDC00 <= code <= 0xDFFF
        paired = low and high is not None and match is not None and high[0] == match.start()
        if high is not None and not paired:
            yield high[1], f"an unpaired surrogate (\\u{high[2]:04x})"
        high = None
        if match is None:
            return
        if 0xD800 <= code <= 0xDBFF:
            high = match.end(), match.start(), code
        elif low and not paired:
            yield match.start(), f"an unpaired surrogate (\\u{code:04x})"
        elif 0 <= code < 0x20 and code not in {0x09, 0x0A, 0x0D}:
            yield match.start(), f"a control character (\\u{code:04x})"


def _line(text: str, start: int) -> int:
    return text.count("\n", 0, start) + 1


def _name_tag(omission: Omission) -> str:
    """What was left out, for a message: `<script>`."""
    return f"{omission.source}>" if omission.source[1:2].isalpha() else omission.source
