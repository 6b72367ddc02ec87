"""The settings of a site that a text may name, as `{{ site.repository }}` does."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from service.content.front_matter.values import written

_MAX_VARIABLES = 200
_MAX_CHARACTERS = 300
_MAX_DEPTH = 3


def site_variables(values: dict[str, Any]) -> dict[str, str]:
    """The settings that are one line of text or a number, by name: `site.author.name`."""
    return dict(islice(_flatten("site", values, _MAX_DEPTH), _MAX_VARIABLES))


def _flatten(prefix: str, table: dict[str, Any], depth: int) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(f"{prefix}.{key}", value, depth - 1) if depth > 1 else ()
            continue
        text = None if isinstance(value, bool) else written(value)
        if text and len(text) <= _MAX_CHARACTERS and "\n" not in text:
            yield f"{prefix}.{key}", text
