"""Security headers by class of media type.

A page may load images and media from anywhere, because articles embed them; its own style; scripts, style
sheets and fonts of the service; and nothing else, whatever an article's HTML contains. Other media types may
load nothing.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache

from service.publisher import Rendered

# Possessive and without alternatives to try: a style sheet of 12 kB takes microseconds.
_STYLE = re.compile(rb"<style>([^<]*+(?:<(?!/style>)[^<]*+)*+)</style>")

_EVERYWHERE = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    # Feeds, images and the API are meant to be used by other sites.
    ("cross-origin-resource-policy", "cross-origin"),
)
_PAGES = (
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_STYLED = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"

Headers = Iterator[tuple[str, str]]


def security_headers(rendered: Rendered, base: str, *, compiles_webassembly: bool = False) -> Headers:
    """The security headers of what the service renders, at an address that begins with `base`."""
    yield from _EVERYWHERE
    if rendered.media_type.startswith("text/html"):
        head, _, _ = rendered.body.partition(b"</head>")
        yield "content-security-policy", page_policy(head, base, compiles_webassembly=compiles_webassembly)
        yield from _PAGES
    else:
        feed = rendered.media_type.startswith("application/xml")
        yield "content-security-policy", _STYLED if feed else _NOTHING


def file_security_headers(policy: str) -> Headers:
    """The security headers of a served file: `policy` is its Content-Security-Policy, "" for none."""
    yield from _EVERYWHERE
    if policy:
        yield "content-security-policy", policy


def page_policy(head: bytes, base: str, *, compiles_webassembly: bool) -> str:
    """The Content-Security-Policy of a page with this `<head>` (CSP Level 3).

    Style elements in the head are allowed by their hashes (§2.3.1), those in the body, among articles, are
    not. Scripts and forms may use `base`, which may differ from the origin of the request.
    """
    styles = " ".join(map(_hash, _STYLE.findall(head)))
    ours = base.replace(";", "%3B").replace(",", "%2C")
    compiling = " 'wasm-unsafe-eval'" if compiles_webassembly else ""
    return (
        f"default-src 'none'; style-src 'self' {ours}/assets/ {styles}; "
        f"script-src 'self' {ours}/assets/{compiling}; "
        f"font-src 'self' {ours}/assets/ {ours}/files/; connect-src 'self'; "
        f"img-src * data:; media-src *; form-action 'self' {ours}/; base-uri 'none'; frame-ancestors 'none'"
    )


@lru_cache(64)
def _hash(style: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(style).digest()).decode()}'"
