"""Parses JSON of unknown origin and converts its values."""

import json
from typing import Any

from service.content.parsing.decoding import decode
from service.errors import ContentError
from service.markup import drop_illegal


def parse_json(data: bytes) -> Any:
    """The value in a JSON document. Raises ContentError with the line of a syntax error."""
    text, _ = decode(data)
    try:
        return json.loads(text.strip())
    except json.JSONDecodeError as error:
        lines_before = text.count("\n", 0, len(text) - len(text.lstrip()))
        raise ContentError(error.lineno + lines_before, f"this is not JSON: {error.msg.lower()}") from None
    except RecursionError:
        raise ContentError(1, "the JSON is nested too deep") from None
    except ValueError as error:
        raise ContentError(1, f"this is not JSON: {error}") from None


def as_text(value: Any) -> str | None:
    """Text without characters that XML forbids, an integer as its digits; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return drop_illegal(value).strip() or None if isinstance(value, str) else None


def as_map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
