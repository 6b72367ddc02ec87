"""Assets of the service: scripts and styles that rendered documents load, and the default icon."""

import hashlib
from importlib.resources import files

import msgspec


class Asset(msgspec.Struct, frozen=True):
    """One static file. The name of an `immutable` one contains a hash of its bytes, so caches may keep it."""

    name: str
    media_type: str
    body: bytes
    immutable: bool


def hashed_name(name: str, body: bytes) -> str:
    """`page.js` with a hash of its bytes: `page-0123456789ab.js`."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(body).hexdigest()[:12]}.{suffix}"


def _hashed(file: str, media_type: str) -> Asset:
    body = _read(file)
    return Asset(hashed_name(file, body), media_type, body, immutable=True)


def _read(file: str) -> bytes:
    return files(__package__ or __name__).joinpath(file).read_bytes()


PAGE_SCRIPT = _hashed("page.js", "text/javascript; charset=utf-8")
"""The script of every page: copies an address, and focuses the search when `/` is pressed."""

DOCS_SCRIPT = _hashed("docs.js", "text/javascript; charset=utf-8")
"""The script of `/docs`: shows responses of the API on the page."""

DOCS_STYLE = _hashed("docs.css", "text/css; charset=utf-8")
"""The additional style of `/docs`."""

SEARCH_SCRIPT = _hashed("search.js", "text/javascript; charset=utf-8")
"""The script of `/search`: shows what Pagefind finds, where no service answers."""

FEED_STYLE = Asset("feed.css", "text/css; charset=utf-8", _read("feed.css"), immutable=False)
"""The style of feeds in a browser. Its name has no hash: feeds keep their bytes when it changes."""

ASSETS = {asset.name: asset for asset in (PAGE_SCRIPT, DOCS_SCRIPT, DOCS_STYLE, SEARCH_SCRIPT, FEED_STYLE)}
"""The files of the service at `/assets/{name}`, by name; `theme` adds those of a site's theme."""

FAVICON = Asset("favicon.ico", "image/vnd.microsoft.icon", _read("favicon.ico"), immutable=False)
"""The icon at `/favicon.ico` unless the site has one: 32 × 32 pixels."""
