"""Plain values in settings that are written as code, found by their names; the code is never run."""

import re
from typing import Any

from service.content.languages import stated_language

_PYTHON = re.compile(
    r"^([A-Z_]+)[ \t]*=[ \t]*[uU]?(['\"])((?:(?!\2)[^\\\n])*)\2[ \t]*(?:#.*)?$", re.MULTILINE
)
_SCRIPT = re.compile(r"(?:^|[{,(])\s*([A-Za-z]+)[ \t]*:[ \t]*(['\"`])((?:(?!\2)[^\\\n$])*)\2", re.MULTILINE)
_NAMES = {
    "Pelican": {
        "SITENAME": "title",
        "AUTHOR": "author",
        "DEFAULT_LANG": "language",
        "TIMEZONE": "time_zone",
        "SITESUBTITLE": "description",
    },
    "Docusaurus": {"title": "title", "tagline": "description", "defaultLocale": "language"},
    "Gatsby": {"title": "title", "description": "description", "language": "language"},
}
_BEGINNING = {"Gatsby": "siteMetadata"}


def literals(name: str, text: str) -> dict[str, Any]:
    """The facts of a site that stand in the settings of the engine `name` as plain text; the first counts."""
    start = max(0, text.find(_BEGINNING.get(name, "")))
    known = _NAMES[name]
    facts: dict[str, Any] = {}
    for given, _, value in (_PYTHON if name == "Pelican" else _SCRIPT).findall(text[start:]):
        if given in known and value.strip():
            facts.setdefault(known[given], value.strip())
    if "language" in facts:
        facts["language"] = stated_language(facts["language"])
    return {fact: value for fact, value in facts.items() if value}
