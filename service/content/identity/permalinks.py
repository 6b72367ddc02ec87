"""The addresses an article has or had on the site it comes from."""

import re
import unicodedata
from datetime import datetime, tzinfo
from urllib.parse import unquote, urlsplit

import msgspec

from service.content.dates.path_dates import date_in_path
from service.content.fields.field_reader import Fields
from service.content.identity.slugs import alias_slug

# `/:year/:title/` and `/posts/{{ slug }}/` are patterns for any article, not addresses.
_PATTERN = re.compile(r"(?:^|[-/_.]):[a-z_]|\{|\}|%[YmdHMS]\b|\$")
_IN_PATTERN = re.compile(r"[:{}%$]")
_PLAIN = re.compile(r"/?[\w-][\w.-]*+(?:/[\w-][\w.-]*+)*+/?", re.ASCII)
_MAX_ADDRESS = 1000


class Permalink(msgspec.Struct, frozen=True):
    """An article's own address as a path, with its slug and the date in its folders.

    If it has only a `pattern` (`/:year/:title/`), the others are empty.
    """

    slug: str = ""
    date: datetime | None = None
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
        if host_of(value):
            continue
        address = site_path(value)
        slug = alias_slug(address) if address else ""
        if address is None or not slug:
            continue
        fields.take(name)
        return Permalink(slug, date_in_path(address.strip("/").rpartition("/")[0], zone), address)
    return Permalink(pattern=pattern)


def read_wordpress_address(fields: Fields, slug: str) -> str | None:
    """The path of a post on the WordPress site it was exported from: its `link` points to itself."""
    if fields.peek("wordpress_id") is None:
        return None
    for name in ("link", "wordpress_url"):
        value = fields.peek(name)
        if isinstance(value, str) and host_of(value) and alias_slug(value) == slug:
            fields.take(name)
            return site_path(value)
    return None


def site_path(address: str) -> str | None:
    """The decoded path of an address with or without a host: `2016/09/vote.html` → `/2016/09/vote.html`.

    None for a slug without a folder, a pattern, and a path that climbs (`/%2e%2e/`).
    """
    address = address.strip()
    if "/" in address and len(address) <= _MAX_ADDRESS and _PLAIN.fullmatch(address):  # most addresses
        return "/" + address.strip("/")
    try:
        path = unquote(urlsplit(address).path if "//" in address else re.split(r"[?#]", address)[0])
    except ValueError:
        return None
    if "/" not in path and not re.search(r"\.\w+$", path):
        return None
    segments = [segment for segment in path.replace("\\", "/").split("/") if segment not in {"", "."}]
    if not segments or ".." in segments or len(path) > _MAX_ADDRESS or not path.isprintable():
        return None
    # Links may have an accent as a character of its own or as part of its letter.
    return unicodedata.normalize("NFC", "/" + "/".join(segments))


def host_of(address: str) -> str | None:
    """The host of an address; None without one."""
    if "//" not in address and address.isprintable():  # urlsplit drops tabs: "/\t/x" has a host
        return None
    try:
        return urlsplit(address.strip()).hostname
    except ValueError:
        return None
