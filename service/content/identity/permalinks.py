"""The addresses an article had, or has, on the site it comes from: what they say, and where they lead."""

import re
import unicodedata
from datetime import datetime, tzinfo
from urllib.parse import unquote, urlsplit

import msgspec

from service.content.dates.path_dates import date_in_path
from service.content.fields.field_reader import Fields
from service.content.identity.slugs import alias_slug

# `/:year/:title/` and `/posts/{{ slug }}/` are patterns that hold for every article, not addresses.
_PATTERN = re.compile(r"(?:^|[-/_.]):[a-z_]|\{|\}|%[YmdHMS]\b|\$")
_IN_PATTERN = re.compile(r"[:{}%$]")
_PLAIN = re.compile(r"/?[\w-][\w.-]*+(?:/[\w-][\w.-]*+)*+/?", re.ASCII)
_LONGEST = 1000


class Permalink(msgspec.Struct, frozen=True):
    """What an article's own address says: its slug, the day in its folders, and the address as a path.

    Where it gives only the `pattern` of one (`/:year/:title/`), nothing but that.
    """

    slug: str = ""
    dated: datetime | None = None
    address: str | None = None
    pattern: str | None = None


def read_permalink(fields: Fields, zone: tzinfo) -> Permalink:
    """The first of `permalink`, `path` and `url` that is an address on the article's own site."""
    pattern = None
    for name in fields.among(("permalink", "path", "url")):
        value = fields.peek(name)
        if not isinstance(value, str):
            continue
        if _IN_PATTERN.search(value) and _PATTERN.search(value):
            pattern = pattern or value
            continue
        if urlsplit_host(value):
            continue
        address = site_path(value)
        slug = alias_slug(address) if address else ""
        if address is None or not slug:
            continue
        fields.take(name)
        return Permalink(slug, date_in_path(address.strip("/").rpartition("/")[0], zone), address)
    return Permalink(pattern=pattern)


def address_at_wordpress(fields: Fields, slug: str) -> str | None:
    """Where a post exported from WordPress stood, as a path: its `link` is itself, not what it is about."""
    if fields.peek("wordpress_id") is None:
        return None
    for name in ("link", "wordpress_url"):
        value = fields.peek(name)
        if isinstance(value, str) and urlsplit_host(value) and alias_slug(value) == slug:
            fields.take(name)
            return site_path(value)
    return None


def site_path(address: str) -> str | None:
    """An address as a path, decoded: `2016/09/29/vote.html`, or that with a host, → `/2016/09/29/vote.html`.

    None for a mere slug, a pattern, and a path that climbs (`/%2e%2e/`).
    """
    address = address.strip()
    if "/" in address and len(address) <= _LONGEST and _PLAIN.fullmatch(address):  # as most are
        return "/" + address.strip("/")
    try:
        path = unquote(urlsplit(address).path if "//" in address else re.split(r"[?#]", address)[0])
    except ValueError:
        return None
    if "/" not in path and not re.search(r"\.\w+$", path):
        return None
    segments = [segment for segment in path.replace("\\", "/").split("/") if segment not in {"", "."}]
    if not segments or ".." in segments or len(path) > _LONGEST or not path.isprintable():
        return None
    # An accent may be a character of its own in one link, and part of its letter in the next.
    return unicodedata.normalize("NFC", "/" + "/".join(segments))


def urlsplit_host(address: str) -> str | None:
    """The host in an address; None where it has none."""
    if "//" not in address and address.isprintable():  # a tab in between would be passed over
        return None
    try:
        return urlsplit(address.strip()).hostname
    except ValueError:
        return None
