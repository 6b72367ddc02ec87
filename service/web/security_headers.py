"""What a browser may do with an answer: the security headers of each class of media type.

A page may load pictures and media from anywhere (articles hold them), style that is its own, and scripts of
ours; nothing else, whatever an article's HTML might smuggle in. Everything that is no page may load nothing.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache

from service.publisher import Rendered

_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)

_EVERYWHERE = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    # Feeds, pictures and the API are there to be used by other sites.
    ("cross-origin-resource-policy", "cross-origin"),
)
_PAGES = (
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_STYLED = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"

Headers = Iterator[tuple[str, str]]


def protection(rendered: Rendered, base: str) -> Headers:
    """The security headers of something of ours, at an address that begins with `base`."""
    yield from _EVERYWHERE
    if rendered.media_type.startswith("text/html"):
        head, _, _ = rendered.body.partition(b"</head>")
        yield "content-security-policy", page_policy(head, base)
        yield from _PAGES
    else:
        feed = rendered.media_type.startswith("application/xml")
        yield "content-security-policy", _STYLED if feed else _NOTHING


def protection_of_file(policy: str) -> Headers:
    """The security headers of a file beside articles: `policy` among them, if it is not empty."""
    yield from _EVERYWHERE
    if policy:
        yield "content-security-policy", policy


def page_policy(head: bytes, base: str) -> str:
    """The Content-Security-Policy of a page with this `<head>` (CSP Level 3).

    Its style elements are allowed by their hashes (§2.3.1), those of the body, where articles stand, are not.
    Scripts and forms may lead to `base`, which need not be the origin the page was asked under.
    """
    styles = " ".join(["'self'", *map(_hash, _STYLE.findall(head))])
    ours = base.replace(";", "%3B").replace(",", "%2C")
    return (
        f"default-src 'none'; style-src {styles}; script-src 'self' {ours}/assets/; connect-src 'self'; "
        f"img-src * data:; media-src *; form-action 'self' {ours}/; base-uri 'none'; frame-ancestors 'none'"
    )


@lru_cache(64)
def _hash(style: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(style).digest()).decode()}'"
