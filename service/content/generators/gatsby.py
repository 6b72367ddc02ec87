"""Gatsby: the metadata in its settings. Programs build its addresses."""

from typing import Any

from service.content.generators.generator import STATIC_FILES, Generator
from service.content.generators.site_settings.javascript_literals import read_properties

_METADATA = {"title": "title", "description": "description", "language": "language"}


def _parse(_path: str, text: str) -> dict[str, Any]:
    return read_properties(text[max(0, text.find("siteMetadata")) :], frozenset(_METADATA))


GATSBY = Generator(
    name="Gatsby",
    settings_files=r"gatsby-config\.[cm]?[jt]s",
    parse=_parse,
    metadata=_METADATA,
    excluded={"public": "a page made by Gatsby", "static": STATIC_FILES},
    build_scheme=None,
)
