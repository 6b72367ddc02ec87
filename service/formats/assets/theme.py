"""The files of a theme as assets: scripts, style sheets, fonts and pictures from the folder of templates."""

import hashlib
import posixpath
import re
from collections.abc import Mapping
from functools import lru_cache

from service.formats.assets import ASSETS, Asset, hashed_name
from service.model import THEME_FILE_TYPES, Site, ThemeFile

# References to other files: `url(a.woff2)`, `@import "a.css"`, and the modules of a script.
_IN_STYLE = re.compile(r"""(url\(\s*["']?|@import\s+["'])([^"')\s]+)""")
_IN_SCRIPT = re.compile(r"""(["'])(\.{1,2}/[^"'\n]+)(?=\1)""")
_TEXTS = {".css": _IN_STYLE, ".js": _IN_SCRIPT, ".mjs": _IN_SCRIPT}


def theme_assets(site: Site) -> Mapping[str, Asset]:
    """The assets of the theme of `site`, by the path of their file in the folder of templates."""
    return _build_assets(site.theme_files)


def find_asset(name: str, site: Site) -> Asset | None:
    """The asset at `/assets/{name}`: of the service, or of the theme of `site`."""
    if name in ASSETS:
        return ASSETS[name]
    return next((asset for asset in theme_assets(site).values() if asset.name == name), None)


@lru_cache(maxsize=8)
def _build_assets(files: tuple[ThemeFile, ...]) -> Mapping[str, Asset]:
    # A text may refer to any other file, so its name changes with all of them.
    whole = hashlib.sha256(b"".join(hashlib.sha256(file.body).digest() for file in files)).digest()
    names = {
        file.name: hashed_name(
            re.sub(r"[^\w.-]+", "-", file.name, flags=re.ASCII),
            file.body + (whole if _suffix(file.name) in _TEXTS else b""),
        )
        for file in files
    }
    return {
        file.name: Asset(
            names[file.name], THEME_FILE_TYPES[_suffix(file.name)], _rewrite(file, names), immutable=True
        )
        for file in files
    }


def _rewrite(file: ThemeFile, names: Mapping[str, str]) -> bytes:
    """The bytes of a file, in whose text relative references to other files of the theme are their names."""
    pattern = _TEXTS.get(_suffix(file.name))
    if pattern is None:
        return file.body

    def name_reference(match: re.Match[str]) -> str:
        path, mark, fragment = match[2].partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file.name), path.partition("?")[0]))
        return f"{match[1]}./{names[target]}{mark}{fragment}" if target in names else match[0]

    return pattern.sub(name_reference, file.body.decode()).encode()


def _suffix(name: str) -> str:
    return posixpath.splitext(name)[1].lower()
