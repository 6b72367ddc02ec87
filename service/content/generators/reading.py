"""The settings of one site, as its engine keeps them."""

import re
from typing import Any

import msgspec

from service.content.fields.language import named_language, stated_language
from service.content.generators.files import names_settings
from service.content.generators.hugo import cascades, own_names
from service.content.generators.jekyll import left_out_by_jekyll, scoped_defaults
from service.content.generators.literals import literals, plain_settings
from service.content.parsing.front_matter import parse_data
from service.content.parsing.values import normal_key, written
from service.content.records import FolderDefault

_HEXO = frozenset({"source_dir", "public_dir", "new_post_name", "tag_dir", "skip_render"})
_ADDRESSES = frozenset({"base_url", "baseurl"})
_IN_CODE = {
    ".eleventy": "Eleventy",
    "docusaurus.config": "Docusaurus",
    "eleventy": "Eleventy",
    "eleventy.config": "Eleventy",
    "pelicanconf": "Pelican",
}
# What each engine keeps for itself beside the articles.
_OWN = {
    "Docusaurus": {"build": "a page made by Docusaurus", "static": "a file of the site, no article"},
    "Eleventy": {},
    "Gatsby": {"public": "a page made by Gatsby", "static": "a file of the site, no article"},
    "Hexo": {"public": "a page made by Hexo", "themes": "part of a theme"},
    "Hugo": {
        "public": "a page made by Hugo",
        "static": "a file of the site, no article",
        "themes": "part of a theme",
        "resources": "a file made by Hugo",
        "exampleSite": "an example",
    },
    "Jekyll": {"vendor": "part of a library"},
    "Pelican": {"output": "a page made by Pelican", "themes": "part of a theme"},
    "Zola": {
        "public": "a page made by Zola",
        "static": "a file of the site, no article",
        "templates": "a template",
        "themes": "part of a theme",
    },
}


class Engine(msgspec.Struct, frozen=True):
    """What the settings file at `path` says: `folder` is the site's, `facts` are named as in `site.toml`.

    `languages` are folders that hold one, `codes` names of languages that are the site's own, `own` folders
    that hold no articles, with the reason, `content` the one that does. Paths are relative to our folder.
    `keys` are the names under which articles have their authors and tags, each with the usual one.
    `known` are the settings themselves, by normal key, or by name where they are code.
    """

    name: str
    folder: str
    facts: dict[str, Any] = {}
    defaults: tuple[FolderDefault, ...] = ()
    languages: dict[str, str] = {}
    codes: dict[str, str] = {}
    own: dict[str, str] = {}
    content: str = ""
    keys: dict[str, str] = {}
    known: dict[str, Any] = {}
    path: str = ""


def read_engine(path: str, text: str) -> Engine | None:
    """What the settings file at `path` says; None for one of another kind. Raises ContentError."""
    found = _read(path, text) if names_settings(path) else None
    return found and msgspec.structs.replace(found, path=path)


def _read(path: str, text: str) -> Engine | None:
    folder, _, file = path.rpartition("/")
    stem, _, suffix = file.lower().rpartition(".")
    if folder.rpartition("/")[2] == "_data":
        return _data(folder.removesuffix("_data").rstrip("/"), path, text)
    if suffix in {"py", "js", "ts", "cjs", "mjs", "cts", "mts"}:
        return _in_code(_IN_CODE.get(stem, "Gatsby"), folder, text)
    value = parse_data(path, text)
    if not isinstance(value, dict):
        return None
    known = {normal_key(str(key)): item for key, item in value.items()}
    if folder.lower().endswith("config/_default"):
        folder = folder.rpartition("/")[0].rpartition("/")[0]
        return _hugo(folder, known if stem in {"hugo", "config"} else {normal_key(stem): value})
    if stem == "_config":
        return _hexo(folder, known) if _HEXO & known.keys() else _jekyll(folder, known)
    if stem == "hugo":
        return _hugo(folder, known)
    if not _ADDRESSES & known.keys():
        return None
    zola = "base_url" in known and "baseurl" not in known
    if not zola:
        return _hugo(folder, known)
    return Engine("Zola", folder, _facts(known), own=_own("Zola", folder), known=known)


def _data(folder: str, path: str, text: str) -> Engine | None:
    """The facts of a site in a file of Eleventy's data; None where the file is about something else."""
    if path.lower().endswith("js"):
        facts = literals("Data", text)
    else:
        value = parse_data(path, text)
        facts = (
            _facts({normal_key(str(key)): item for key, item in value.items()})
            if isinstance(value, dict)
            else {}
        )
    return Engine("Data", folder, facts) if "title" in facts and len(facts) > 1 else None


def _in_code(name: str, folder: str, text: str) -> Engine:
    known = plain_settings(name, text)
    own = _own(name, folder)
    if name == "Eleventy" and (made := _below(folder, known.get("output", ""))) != folder:
        own[made] = "a page made by Eleventy"
    return Engine(name, folder, literals(name, text), own=own, known=known)


def _hugo(folder: str, known: dict[str, Any]) -> Engine:
    content = _below(folder, written(known.get("contentdir")) or "content")
    languages: dict[str, str] = {}
    codes: dict[str, str] = {}
    spoken = known.get("languages")
    for code, said in (spoken if isinstance(spoken, dict) else {}).items():
        one = {normal_key(str(key)): item for key, item in said.items()} if isinstance(said, dict) else {}
        tag = named_language(code) or _language(one)
        if not tag:
            continue
        if named_language(code) is None:
            codes[code.lower()] = tag
        place = one.get("contentdir")
        if isinstance(place, str) and place.strip("/ ") and _below(folder, place) != content:
            languages[_below(folder, place)] = tag
    return Engine(
        "Hugo",
        folder,
        _facts(known),
        tuple(cascades(known.get("cascade"), content)),
        languages,
        codes,
        _own("Hugo", folder),
        content,
        own_names(known.get("taxonomies")),
        known,
    )


def _jekyll(folder: str, known: dict[str, Any]) -> Engine:
    own = _own("Jekyll", folder) | left_out_by_jekyll(known, folder)
    defaults = scoped_defaults(known.get("defaults"), folder)
    if mark := known.get("excerpt_separator"):
        defaults = (FolderDefault({"excerpt_separator": mark}), *defaults)
    return Engine("Jekyll", folder, _facts(known), defaults, own=own, known=known)


def _hexo(folder: str, known: dict[str, Any]) -> Engine:
    return Engine("Hexo", folder, _facts(known), own=_own("Hexo", folder), known=known)


def _own(name: str, folder: str) -> dict[str, str]:
    return {_below(folder, place): reason for place, reason in _OWN[name].items()}


def _below(folder: str, place: str) -> str:
    place = place.strip().removeprefix("./").strip("/")
    return f"{folder}/{place}" if folder and place else folder or place


def _facts(known: dict[str, Any]) -> dict[str, Any]:
    """Title, description, language, author and time zone, under the names each engine has for them."""
    params = known.get("params", known.get("extra"))
    inner = {normal_key(str(key)): item for key, item in params.items()} if isinstance(params, dict) else {}
    facts = {
        "title": written(known.get("title")),
        "description": written(known.get("description") or inner.get("description")),
        "language": _language(known),
        "author": _author(known.get("author")) or _author(inner.get("author")),
        "time_zone": written(known.get("timezone")),
    }
    return {name: fact for name, fact in facts.items() if fact and not re.search(r"\{\{|\{%", str(fact))}


def _language(known: dict[str, Any]) -> str | None:
    names = (
        "defaultcontentlanguage",
        "default_language",
        "default_lang",
        "languagecode",
        "locale",
        "lang",
        "language",
        "languages",  # of a list the first is the one of the site
    )
    for name in names:
        value = known.get(name)
        text = written(value[0] if isinstance(value, list) and value else value)
        if text and (tag := stated_language(text)):
            return tag
    return None


def _author(value: Any) -> dict[str, str] | None:
    if isinstance(value, list):
        return _author(value[0]) if value else None
    if isinstance(value, dict):
        said = {normal_key(str(key)): written(item) for key, item in value.items()}
        name, address = said.get("name"), said.get("url") or said.get("website") or ""
        if not name:
            return None
        return {"name": name, "url": address} if re.match(r"https?://\S+$", address) else {"name": name}
    name = written(value) if isinstance(value, str) else None
    return {"name": name} if name else None
