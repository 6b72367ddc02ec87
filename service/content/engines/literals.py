"""Plain values in settings that are written as code, found by their names; the code is never run."""

import re
from collections.abc import Iterator
from typing import Any

from service.content.languages import stated_language

_PYTHON = re.compile(
    r"^([A-Z_]+)[ \t]*=[ \t]*[uU]?(['\"])((?:(?!\2)[^\\\n])*)\2[ \t]*(?:#.*)?$", re.MULTILINE
)
_SCRIPT = re.compile(r"(?:^|[{,(])\s*([A-Za-z]+)[ \t]*:[ \t]*(['\"`])((?:(?!\2)[^\\\n$])*)\2", re.MULTILINE)
_VALUE = re.compile(
    r"^([A-Z_]+)[ \t]*=[ \t]*(?:[ruRU]?(['\"])((?:(?!\2)[^\n])*)\2|(True|False)\b)[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
_MOST_OF_AN_OBJECT = 5000
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
    for given, _, value in (_PYTHON if name == "Pelican" else _SCRIPT).findall(text[start:]):
        if given in known and value.strip():
            facts.setdefault(known[given], value.strip())
    if "language" in facts:
        facts["language"] = stated_language(facts["language"])
    return {fact: value for fact, value in facts.items() if value}


def plain_settings(name: str, text: str) -> dict[str, Any]:
    """The settings of the engine `name` that stand in code as plain values, and say how addresses are made.

    Those of Docusaurus' blogs and docs are lists of maps, as `{path: …, routeBasePath: …}`.
    """
    if name == "Pelican":
        values = _VALUE.findall(text)
        return {given: truth == "True" if truth else value for given, _, value, truth in values}
    asked = _ASKED.get(name, frozenset())
    found: dict[str, Any] = {}
    for given, _, value in (*_SCRIPT.findall(text), *_CALLED.findall(text)):
        if asked and (key := _BY_CALL.get(given, given)) in asked:
            found.setdefault(key, value)
    if name != "Docusaurus":
        return found
    return found | {"blogs": _objects("blog", text), "docs": _objects("docs", text)}


def _objects(kind: str, text: str) -> list[dict[str, str]]:
    """The plain values in each object that sets up a plugin of that kind; the usual one needs none."""
    usual = [text[found.end() :] for found in re.finditer(rf"\b{kind}\s*:\s*\{{", text)]
    others = [text[found.end() :] for found in re.finditer(rf"plugin-content-{kind}['\"]\s*,\s*\{{", text)]
    objects = [dict(_values(_to_its_end(rest))) for rest in (*usual, *others)]
    return objects if usual else [{}, *objects]


def _to_its_end(rest: str) -> str:
    """The beginning of an object, up to the brace that closes it."""
    depth = 1
    for found in re.finditer(r"[{}]", rest[:_MOST_OF_AN_OBJECT]):
        depth += 1 if found.group() == "{" else -1
        if depth == 0:
            return "{" + rest[: found.start()]
    return ""


def _values(text: str) -> Iterator[tuple[str, str]]:
    return ((given, value) for given, _, value in _SCRIPT.findall(text))
