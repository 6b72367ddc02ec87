"""Gatsby: the metadata and the path prefix in its settings. Programs build its addresses."""

from typing import Any, ClassVar

from service.content.generators.addresses.scheme import Scheme
from service.content.generators.generator import STATIC_FILES, Generator, SiteConfig
from service.content.generators.site_settings.javascript_literals import read_properties
from service.content.generators.site_settings.values import url_path

_METADATA = {"title": "title", "description": "description", "language": "language"}


class GatsbyScheme(Scheme, frozen=True, kw_only=True):
    """Its addresses are not known."""

    reads_mdx: ClassVar[bool] = True


def _parse(_path: str, text: str) -> dict[str, Any]:
    metadata = read_properties(text[max(0, text.find("siteMetadata")) :], frozenset(_METADATA))
    return metadata | read_properties(text, frozenset({"pathPrefix"}))


def _build_scheme(site: SiteConfig) -> Scheme:
    return GatsbyScheme(folder=site.folder, base=url_path(site.values.get("pathPrefix")))


GATSBY = Generator(
    name="Gatsby",
    settings_files=r"gatsby-config\.[cm]?[jt]s",
    parse=_parse,
    metadata=_METADATA,
    excluded={"public": "a page made by Gatsby", "static": STATIC_FILES},
    build_scheme=_build_scheme,
)
