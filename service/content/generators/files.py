"""The names of files in which engines keep what they know of a site, and of the articles in a folder."""

import re

from service.content.generators.eleventy import names_directory_data

_DATA = r"(?:ya?ml|toml|json)"
_SETTINGS = re.compile(
    rf"(?:.*/)?(?:hugo\.{_DATA}|config\.{_DATA}|_config\.{_DATA}|config/_default/\w+\.{_DATA}"
    r"|\.?eleventy(?:\.config)?\.[cm]?js|docusaurus\.config\.[cm]?[jt]s|gatsby-config\.[cm]?[jt]s|pelicanconf\.py"
    # Where the templates of Eleventy's own starter, and of most others, look for the facts of the site.
    r"|_data/(?:metadata|site|meta)\.(?:json|ya?ml|[cm]?js))",
    re.IGNORECASE,
)
_ELSEWHERE = frozenset({"node_modules", "themes", "examplesite"})

HIDDEN = frozenset({".eleventy.js", ".eleventy.cjs", ".authors.yml", ".authors.yaml"})
"""Settings, and the authors of a blog (Material for MkDocs), under names that are otherwise passed over."""

MOST_BYTES = 1_000_000


def keeps(path: str) -> bool:
    """Whether the file at `path` says something of other files: by its name alone."""
    if may_cascade(path):
        return True
    if path.endswith((".md", ".markdown", ".html", ".txt")):
        return False
    return names_settings(path) or names_directory_data(path)


def names_settings(path: str) -> bool:
    """Whether the settings of a site are kept under such a name, and not those of a theme or a library."""
    named = _SETTINGS.fullmatch(path)
    return bool(named) and _ELSEWHERE.isdisjoint(path.lower().split("/"))


def may_cascade(path: str) -> bool:
    """Whether it is the page of a section, in which Hugo lets values be given to all pages below."""
    return path.rpartition("/")[2].startswith("_index.")
