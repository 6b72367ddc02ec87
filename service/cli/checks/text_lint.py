"""Finds what feeds cannot contain unchanged in an article file, with its line and its treatment."""

import re
from collections.abc import Iterator
from itertools import chain

from service.content.parsing.decoding import as_written
from service.errors import ContentError, Fault

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x81\x8d\x8f\x90\x9d\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_CDATA_END = "]]>"


def lint_text(path: str, data: bytes) -> tuple[Fault, ...]:
    """Check the bytes `data` of the file at `path`; one fault of each kind, the first, with a count.

    It is harmless if no text is lost. Of a text in an encoding of its language only the ASCII characters are
    checked.
    """
    try:
        text, _ = as_written(data)
    except ContentError:
        text = data.decode("ascii", "ignore")
    faults = []
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
        faults.append(Fault(path, _line(text, start), message))
    if (start := text.find(_CDATA_END)) >= 0:
        message = "`]]>` in the text: feeds contain it escaped"
        faults.append(Fault(path, _line(text, start), message, harmless=True))
    return tuple(faults)


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
