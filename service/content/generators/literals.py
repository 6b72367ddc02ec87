"""Plain values in settings that are written as code, found by their names; the code is never run."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from service.content.fields.language import stated_language
from service.content.generators.python_literals import read_python_literals
from service.content.parsing.values import written

_SCRIPT = re.compile(
    r"(?:^[ \t]*|[{,(]\s*)([A-Za-z]+)[ \t]*:[ \t]*(['\"`])((?:(?!\2)[^\\\n$]|\\['\"`\\])*)\2", re.MULTILINE
)
_ESCAPED = re.compile(r"\\(['\"`\\])")
_MOST_OF_AN_OBJECT = 5000
_MOST = 100
_CALLED = re.compile(r"\.(set(?:Input|Output)Directory)\(\s*(['\"`])([^'\"`\n$]*)\2")
_BY_CALL = {"setInputDirectory": "input", "setOutputDirectory": "output"}
_ASKED = {
    "Docusaurus": frozenset({"baseUrl", "defaultLocale"}),
    "Eleventy": frozenset({"input", "output", "pathPrefix"}),
}
_NAMES = {
    "Pelican": {
        "SITENAME": "title",
        "AUTHOR": "author",
        "DEFAULT_LANG": "language",
        "TIMEZONE": "time_zone",
        "SITESUBTITLE": "description",
    },
    "Data": {
        "title": "title",
        "description": "description",
        "language": "language",
        "lang": "language",
        "author": "author",
    },
    "Eleventy": {},
    "Docusaurus": {"title": "title", "tagline": "description", "defaultLocale": "language"},
    "Gatsby": {"title": "title", "description": "description", "language": "language"},
}
_BEGINNING = {"Gatsby": "siteMetadata"}


def literals(name: str, text: str) -> dict[str, Any]:
    """The facts of a site that stand in the settings of the engine `name` as plain text; the first counts."""
    start = max(0, text.find(_BEGINNING.get(name, "")))
    known = _NAMES[name]
    facts: dict[str, Any] = {}
    for given, value in _settings(name, text[start:]):
        if given in known and (value := value.strip()):
            facts.setdefault(known[given], value)
    if "language" in facts:
        facts["language"] = stated_language(facts["language"])
    return {fact: value for fact, value in facts.items() if value}


def plain_settings(name: str, text: str) -> dict[str, Any]:
    """The settings of the engine `name` that stand in code as plain values, and say how addresses are made.

    Those of Docusaurus' blogs and docs are lists of maps, as `{path: …, routeBasePath: …}`.
    """
    if name == "Pelican":
        return read_python_literals(text)
    asked = _ASKED.get(name, frozenset())
    found: dict[str, Any] = {}
    for given, value in (*_named_texts(_SCRIPT, text), *_named_texts(_CALLED, text)):
        if asked and (key := _BY_CALL.get(given, given)) in asked:
            found.setdefault(key, value)
    if name != "Docusaurus":
        return found
    return found | {"blogs": _objects("blog", text), "docs": _objects("docs", text)}


def _settings(name: str, text: str) -> Iterable[tuple[str, str]]:
    if name != "Pelican":
        return _named_texts(_SCRIPT, text)
    values = read_python_literals(text)
    return [(key, written(value) or "") for key, value in values.items() if isinstance(value, str)]


def _named_texts(pattern: re.Pattern[str], text: str) -> list[tuple[str, str]]:
    """The names and the quoted texts that `pattern` finds, without the backslashes of quotes."""
    return [(name, _ESCAPED.sub(r"\1", value)) for name, _, value in pattern.findall(text)]


def _objects(kind: str, text: str) -> list[dict[str, str]]:
    """The plain values in each object that sets up a plugin of that kind; the usual one needs none."""
    usual = [_values(text, found.end()) for found in islice(_opening(rf"\b{kind}\s*:", text), _MOST)]
    named = _opening(rf"plugin-content-{kind}['\"]\s*,", text)
    others = [_values(text, found.end()) for found in islice(named, _MOST)]
    return [*usual, *others] if usual else [{}, *others]


def _opening(before: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(before + r"\s*\{", text)


def _values(text: str, start: int) -> dict[str, str]:
    """The plain values in the object whose first character is at `start`, without those of objects in it."""
    inside = text[start : start + _MOST_OF_AN_OBJECT]
    own, depth, place = "{", 1, 0
    for brace in re.finditer(r"[{}]", inside):
        own += inside[place : brace.start()] if depth == 1 else ""
        place = brace.end()
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return dict(_named_texts(_SCRIPT, own))
    return {}
