"""Gatsby: the metadata, path prefix and folders in its settings. Programs build its addresses."""

import re
from typing import Any, ClassVar

from service.content.generators.addresses.scheme import Scheme
from service.content.generators.generator import STATIC_FILES, Generator, SiteConfig
from service.content.generators.site_settings.javascript_literals import read_properties, without_comments
from service.content.generators.site_settings.values import join_path, url_path

_METADATA = {"title": "title", "description": "description", "language": "language"}
_SOURCE = "gatsby-source-filesystem"
_NEXT = 500
# `path: `${__dirname}/content``, `path: "./content"`, `path: path.join(__dirname, "content")`.
_PATH = re.compile(
    r"""\bpath\s*:\s*(?:`\$\{__dirname\}/(?P<template>[^`$]*)`|["'](?:\./)?(?P<text>[^"'$]*)["']"""
    r"""|path\.(?:join|resolve)\(\s*__dirname\s*,\s*["'`](?P<joined>[^"'`$]*)["'`]\s*\)"""
    r"""|__dirname\s*\+\s*["']/(?P<added>[^"'$]*)["'])"""
)


class GatsbyScheme(Scheme, frozen=True, kw_only=True):
    """`sources` are the folders that it reads; none where they are not known."""

    reads_mdx: ClassVar[bool] = True

    sources: tuple[str, ...] = ()

    @property
    def source_folders(self) -> tuple[str, ...]:
        return self.sources


def _parse(_path: str, text: str) -> dict[str, Any]:
    metadata = read_properties(text[max(0, text.find("siteMetadata")) :], frozenset(_METADATA))
    values = metadata | read_properties(text, frozenset({"pathPrefix"}))
    return {**values, "folders": _read_folders(without_comments(text))}


def _read_folders(code: str) -> list[str]:
    """The folders of each instance of the plugin that reads files; none if one is not known."""
    uses = [code[use.end() : use.end() + _NEXT].split(_SOURCE)[0] for use in re.finditer(_SOURCE, code)]
    paths = [_PATH.search(use) for use in uses]
    return [next(filter(None, path.groups()), "") for path in paths if path] if all(paths) else []


def _build_scheme(site: SiteConfig) -> GatsbyScheme:
    folders = site.values["folders"]
    sources = tuple(join_path(site.folder, folder) for folder in (*folders, "src/pages"))
    is_known = bool(folders) and site.folder not in sources and not any(".." in folder for folder in folders)
    return GatsbyScheme(
        folder=site.folder,
        base=url_path(site.values.get("pathPrefix")),
        sources=sources if is_known else (),
    )


GATSBY = Generator(
    name="Gatsby",
    settings_files=r"gatsby-config\.[cm]?[jt]s",
    parse=_parse,
    metadata=_METADATA,
    excluded={"public": "a page made by Gatsby", "static": STATIC_FILES},
    build_scheme=_build_scheme,
)
