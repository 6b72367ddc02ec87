"""Files of our own that what is rendered loads: each under a name that changes when its bytes do."""

import hashlib
from importlib.resources import files

import msgspec


class Asset(msgspec.Struct, frozen=True):
    """One file at `/assets/{name}`; a cache may keep it for ever."""

    name: str
    media_type: str
    body: bytes


def _asset(file: str, media_type: str) -> Asset:
    body = files(__package__ or __name__).joinpath(file).read_bytes()
    stem, _, suffix = file.rpartition(".")
    return Asset(f"{stem}-{hashlib.sha256(body).hexdigest()[:12]}.{suffix}", media_type, body)


PAGE_SCRIPT = _asset("page.js", "text/javascript; charset=utf-8")
"""What a page does beyond what HTML does: copies an address, and puts the cursor into the search at `/`."""

ASSETS = {asset.name: asset for asset in (PAGE_SCRIPT,)}
"""Everything there is at `/assets/…`, by name."""
