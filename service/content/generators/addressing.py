"""How the sites in the folder made their addresses, by all that their settings say."""

from collections.abc import Iterable
from typing import Any

from service.content.generators.addresses.docusaurus import docusaurus_scheme
from service.content.generators.addresses.eleventy import eleventy_scheme
from service.content.generators.addresses.hexo import hexo_scheme
from service.content.generators.addresses.hugo_settings import hugo_scheme
from service.content.generators.addresses.jekyll import jekyll_scheme
from service.content.generators.addresses.pelican import pelican_scheme
from service.content.generators.addresses.scheme import Scheme
from service.content.generators.addresses.zola import zola_scheme
from service.content.generators.reading import Engine
from service.content.records import Exclusion


def schemes_of(
    engines: Iterable[Engine], sections: Iterable[str]
) -> tuple[tuple[Scheme, ...], list[Exclusion]]:
    """The scheme of each site, the inner ones first, and which patterns cannot be used.

    `sections` are the paths of the pages of sections. Settings that one site has in several files count
    together, those read first before the others.
    """
    sites: dict[tuple[str, str], list[Engine]] = {}
    for engine in engines:
        sites.setdefault((engine.folder, engine.name), []).append(engine)
    schemes: list[Scheme] = []
    left_out: list[Exclusion] = []
    pages = tuple(sections)
    for (folder, name), files in sorted(sites.items(), key=lambda site: (-len(site[0][0]), site[0])):
        known = {key: value for engine in reversed(files) for key, value in engine.known.items()}
        wrong: list[str] = []
        scheme = _scheme(name, folder, known, pages, wrong)
        schemes += [scheme] if scheme else []
        left_out += [Exclusion(files[0].path, 1, reason) for reason in wrong]
    return tuple(schemes), left_out


def _scheme(
    name: str, folder: str, known: dict[str, Any], pages: tuple[str, ...], wrong: list[str]
) -> Scheme | None:
    match name:
        case "Docusaurus":
            return docusaurus_scheme(folder, known)
        case "Eleventy":
            return eleventy_scheme(folder, known)
        case "Hexo":
            return hexo_scheme(folder, known, wrong)
        case "Hugo":
            return hugo_scheme(folder, known, pages, wrong)
        case "Jekyll":
            return jekyll_scheme(folder, known, wrong)
        case "Pelican":
            return pelican_scheme(folder, known, wrong)
        case "Zola":
            return zola_scheme(folder, known)
    return None  # Gatsby's addresses are made by programs
