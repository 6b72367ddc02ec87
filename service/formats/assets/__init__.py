"""Files of our own that what is rendered loads."""

import hashlib
from importlib.resources import files

import msgspec


class Asset(msgspec.Struct, frozen=True):
    """One file at `/assets/{name}`; that of a `lasting` one changes with its bytes, so caches keep it."""

    name: str
    media_type: str
    body: bytes
    lasting: bool


def _lasting(file: str, media_type: str) -> Asset:
    body = _read(file)
    stem, _, suffix = file.rpartition(".")
    return Asset(f"{stem}-{hashlib.sha256(body).hexdigest()[:12]}.{suffix}", media_type, body, lasting=True)


def _read(file: str) -> bytes:
    return files(__package__ or __name__).joinpath(file).read_bytes()


PAGE_SCRIPT = _lasting("page.js", "text/javascript; charset=utf-8")
"""What a page does beyond what HTML does: copies an address, and puts the cursor into the search at `/`."""

DOCS_SCRIPT = _lasting("docs.js", "text/javascript; charset=utf-8")
"""Shows the answers of the API where it is described."""

DOCS_STYLE = _lasting("docs.css", "text/css; charset=utf-8")
"""What the page of the API has beyond the style of every page."""

FEED_STYLE = Asset("feed.css", "text/css; charset=utf-8", _read("feed.css"), lasting=False)
"""How a browser shows an Atom or RSS feed. Its name stays: a feed keeps its bytes when this is improved."""

ASSETS = {asset.name: asset for asset in (PAGE_SCRIPT, DOCS_SCRIPT, DOCS_STYLE, FEED_STYLE)}
"""Everything there is at `/assets/…`, by name."""
