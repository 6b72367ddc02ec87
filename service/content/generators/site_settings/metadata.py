"""Title, description, language, author and time zone of a site, as generators name them in their settings."""

import re
from collections.abc import Mapping
from typing import Any

from service.content.fields.language import stated_language
from service.content.front_matter.values import normal_key, written
from service.content.generators.site_settings.values import as_normal_table

_LANGUAGES = tuple(
    """
    defaultcontentlanguage default_language default_lang languagecode locale lang language languages
    """.split()
)


def read_metadata(values: dict[str, Any]) -> dict[str, Any]:
    """The metadata in settings by normal key, under the keys of `site.toml`."""
    params = as_normal_table(values.get("params", values.get("extra")))
    metadata = {
        "title": written(values.get("title")),
        "description": written(values.get("description") or params.get("description")),
        "language": read_language(values),
        "author": _read_author(values.get("author")) or _read_author(params.get("author")),
        "time_zone": written(values.get("timezone")),
    }
    return {
        name: value for name, value in metadata.items() if value and not re.search(r"\{\{|\{%", str(value))
    }


def pick_metadata(values: Mapping[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The texts among `values` under the keys of `site.toml` that `names` maps them to; the first counts."""
    metadata: dict[str, Any] = {}
    for name, value in values.items():
        if name in names and isinstance(value, str) and (text := written(value)):
            metadata.setdefault(names[name], text)
    if "language" in metadata:
        metadata["language"] = stated_language(metadata["language"])
    return {name: value for name, value in metadata.items() if value}


def read_language(values: dict[str, Any]) -> str | None:
    """The language tag of a site or of one of its languages."""
    for name in _LANGUAGES:
        value = values.get(name)
        text = written(value[0] if isinstance(value, list) and value else value)
        if text and (tag := stated_language(text)):
            return tag
    return None


def _read_author(value: Any) -> dict[str, str] | None:
    if isinstance(value, list):
        return _read_author(value[0]) if value else None
    if isinstance(value, dict):
        author = {normal_key(str(key)): written(item) for key, item in value.items()}
        name, url = author.get("name"), author.get("url") or author.get("website") or ""
        if not name:
            return None
        return {"name": name, "url": url} if re.match(r"https?://\S+$", url) else {"name": name}
    name = written(value) if isinstance(value, str) else None
    return {"name": name} if name else None
