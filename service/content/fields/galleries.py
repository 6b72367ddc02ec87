"""Lists of pictures in front matter, for a shortcode in the text (`{% include gallery %}`)."""

import html
from typing import Any

from service.content.parsing.values import written

_ADDRESSES = ("image_path", "url", "src", "image")


def gallery(value: Any) -> str | None:
    """The pictures in a list of maps as HTML; None for any other value."""
    if not isinstance(value, list) or not all(
        isinstance(item, dict) and "image_path" in item for item in value
    ):
        return None
    return "".join(map(_picture, value)) or None


def _picture(item: dict[str, Any]) -> str:
    address = next((text for name in _ADDRESSES if (text := written(item.get(name)))), "")
    alt = written(item.get("alt")) or written(item.get("title")) or ""
    return f'<img src="{html.escape(address)}" alt="{html.escape(alt)}">\n' if address else ""
