"""Addresses as Docusaurus makes them, of its blogs and its docs (https://docusaurus.io/docs/blog)."""

import re
from typing import Any

import msgspec

from service.content.generators.addresses.settings import below, path_of
from service.content.generators.addresses.told import Told

_POST = re.compile(r"(?P<above>.*)(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?(?P<name>.*?)(?:/index)?\.mdx?")
_PAGE = re.compile(r"(?:/?index)?\.mdx?$", re.IGNORECASE)
_LOCALIZED = re.compile(r"i18n/(?P<locale>[^/]+)/docusaurus-plugin-content-(?P<kind>blog|docs)/(?P<path>.*)")
_CURRENT = "current/"
# `01-intro` is `intro`; `2021-11-02` and `1.5-notes` are as they are.
_NUMBERED = re.compile(r"(?!\d+[-_.]\d)\d+\s*[-_.]+\s*(?P<name>[^-_.\s].*)")


class Docusaurus(msgspec.Struct, frozen=True):
    """`blogs` and `docs` are folders below the site's, each with the path its addresses begin with.

    The first of each is the usual one, whose translations lie under the name of the plugin.
    """

    folder: str
    base: str
    locale: str
    blogs: dict[str, str]
    docs: dict[str, str]

    def address(self, told: Told) -> str | None:
        path = below(self.folder, told.path) or ""
        spoken = ""
        if found := _LOCALIZED.fullmatch(path):
            spoken = "" if found["locale"] == self.locale else f"/{found['locale']}"
            usual = next(iter(self.blogs if found["kind"] == "blog" else self.docs))
            path = f"{usual}/{found['path'].removeprefix(_CURRENT)}"
        for routes, made in ((self.blogs, _of_post), (self.docs, _of_doc)):
            for folder, route in routes.items():
                if folder and (inner := below(folder, path)):
                    return f"{spoken}{route}/{made(inner, told)}"
        return None


def _of_post(path: str, told: Told) -> str:
    """Its slug, or the day in its place and what is around: `a/2021-05-06-b/index.md` → `2021/05/06/a/b`."""
    if slug := told.text("slug"):
        return slug
    found = _POST.fullmatch(path)
    if found is None:
        return _PAGE.sub("", path)
    return f"{found['date'].replace('-', '/')}/{found['above']}{found['name']}"


def _of_doc(path: str, told: Told) -> str:
    """The folders and the name without the numbers they are ordered by; an index is its folder."""
    *folders, file = path.split("/")
    above = [_unnumbered(folder) for folder in folders]
    name = told.text("id") or _unnumbered(re.sub(r"\.mdx?$", "", file))
    if slug := told.text("slug"):
        return slug if slug.startswith("/") else "/".join((*above, slug))
    if name.lower() in {"index", "readme"} or (above and name.lower() == above[-1].lower()):
        return "/".join(above)
    return "/".join((*above, name))


def _unnumbered(name: str) -> str:
    found = _NUMBERED.fullmatch(name)
    return found["name"] if found else name


def docusaurus_scheme(folder: str, known: dict[str, Any]) -> Docusaurus:
    """The scheme of a site by the plain values in its settings: `baseUrl`, and where blogs and docs lie."""
    return Docusaurus(
        folder=folder,
        base=path_of(known.get("baseUrl")),
        locale=known.get("defaultLocale", "en"),
        blogs=_routes(known.get("blogs"), "blog"),
        docs=_routes(known.get("docs"), "docs"),
    )


def _routes(given: Any, usual: str) -> dict[str, str]:
    """Where each lies, and what its addresses begin with; "" for the root of the site."""
    said = given if isinstance(given, list) and given else [{}]
    return {
        str(one.get("path", usual)).removeprefix("./").strip("/"): path_of(one.get("routeBasePath", usual))
        for one in said
    }
