"""Parses JSON of unknown origin and converts its values."""

import json
import math
from typing import Any

from service.content.parsing.decoding import decode
from service.errors import ContentError
from service.markup import drop_illegal

MOST_DIGITS = 300
"""An integer with more of them stays a text: Python does not write one with thousands."""


def parse_json(data: bytes) -> Any:
    """The value in a JSON document. Raises ContentError with the line of a syntax error."""
    text, _ = decode(data)
    try:
        return DECODER.decode(text.strip())
    except json.JSONDecodeError as error:
        lines_before = text.count("\n", 0, len(text) - len(text.lstrip()))
        raise syntax_error(error.lineno + lines_before, error.colno, error.msg) from None
    except RecursionError:
        raise ContentError(1, "the JSON is nested too deep") from None


def syntax_error(line: int, column: int, message: str) -> ContentError:
    """The fault to report for a syntax error of JSON."""
    return ContentError(line, f"this is not JSON (column {column}): {message.lower()}")


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= MOST_DIGITS else text


def _float(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text


DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_float)


def as_text(value: Any) -> str | None:
    """Text without characters that XML forbids, an integer as its digits; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return drop_illegal(value).strip() or None if isinstance(value, str) else None


def as_map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
