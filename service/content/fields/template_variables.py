"""The fields of an article as variables of the shortcodes in its text."""

import html
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from service.content.front_matter.values import Entry, written

_ADDRESSES = ("image_path", "url", "src", "image")


class TemplateVariables(Mapping[str, str]):
    """Every field that is a single value, or a list of pictures, as text; the last of `sources` wins.

    They are built at the first access: most articles have no such shortcode.
    """

    def __init__(self, *sources: Mapping[str, Entry]) -> None:
        self._sources = sources

    @cached_property
    def _texts(self) -> dict[str, str]:
        fields = ((name, entry.value) for entries in self._sources for name, entry in entries.items())
        texts = ((name, written(value) or _gallery(value)) for name, value in fields)
        return {name: text for name, text in texts if text}

    def __getitem__(self, name: str) -> str:
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


def _gallery(value: Any) -> str | None:
    """The pictures in a list of maps as HTML; None for any other value."""
    if not isinstance(value, list) or not all(
        isinstance(item, dict) and "image_path" in item for item in value
    ):
        return None
    return "".join(map(_gallery_image, value)) or None


def _gallery_image(item: dict[str, Any]) -> str:
    address = next((text for name in _ADDRESSES if (text := written(item.get(name)))), "")
    alt = written(item.get("alt")) or written(item.get("title")) or ""
    return f'<img src="{html.escape(address)}" alt="{html.escape(alt)}">\n' if address else ""
