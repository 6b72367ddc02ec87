"""Under which address a request reached us: the base that every link of its answer is built from.

With a public URL configured there is one base. Without, the scheme and the Host of the request make it, and
what a trusted proxy says about them in X-Forwarded-Proto, -Host and -Prefix.
"""

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

import msgspec

from service.errors import InvalidHost
from service.settings import Settings

_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,253}[a-z0-9_.-])?")
_AUTHORITY = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[^\[\]:]+)(?::(?P<port>[0-9]{0,5}))?")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
_DEFAULT_PORTS = {"http": "80", "https": "443"}


class Base(msgspec.Struct, frozen=True):
    """`url` begins every link and has no slash at its end; a path stands under `prefix` or has lost it."""

    url: str
    prefix: str


class Hosts:
    """Finds the base of each request, as the settings have it."""

    def __init__(self, settings: Settings) -> None:
        self._public_url = settings.site.public_url
        self._networks = tuple(
            network
            for one in settings.trusted_proxies
            for network in (["0.0.0.0/0", "::/0"] if one == "*" else [one])
        )
        self._trusts = lru_cache(1024)(self._is_trusted)

    def key(self, scheme: str, peer: str, headers: Mapping[bytes, bytes]) -> Hashable:
        """Everything of a request that its base depends on; equal keys have equal bases."""
        host = _host(headers)
        if self._public_url:
            return host is None or is_valid(host)
        if not self._networks or not self._trusts(peer):
            return (scheme, host)
        return (
            scheme,
            host,
            headers.get(b"x-forwarded-proto"),
            headers.get(b"x-forwarded-host"),
            headers.get(b"x-forwarded-prefix"),
        )

    def base(self, scheme: str, peer: str, root_path: str, headers: Mapping[bytes, bytes]) -> Base:
        """The base of a request from `peer` (an IP address). Raises InvalidHost (RFC 9110 §7.2)."""
        host = _host(headers)
        if self._public_url:
            if host is not None:
                authority(host, scheme)
            return Base(self._public_url, urlsplit(self._public_url).path)
        prefix = root_path.rstrip("/")
        if self._networks and self._trusts(peer):
            told = _last(headers, b"x-forwarded-proto").lower()
            scheme = told if told in _DEFAULT_PORTS else scheme
            host = _last(headers, b"x-forwarded-host").encode("latin-1") or host
            told = _last(headers, b"x-forwarded-prefix").rstrip("/")
            prefix = told if _PREFIX.fullmatch(told) else prefix
        if host is None:
            raise InvalidHost("The request names no Host; HTTP/1.1 requires one.")
        return Base(f"{scheme}://{authority(host, scheme)}{prefix}", prefix)

    def _is_trusted(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in ip_network(network, strict=False) for network in self._networks)


@lru_cache(1024)
def is_valid(host: bytes) -> bool:
    """Whether a Host is syntactically valid."""
    try:
        authority(host, "")
    except InvalidHost:
        return False
    return True


def authority(host: bytes, scheme: str) -> str:
    """A Host in its usual form: lower case, without the scheme's own port.

    A name, an IPv4 or a bracketed IPv6 address, and perhaps a port (RFC 9110 §7.2, RFC 3986 §3.2.2). Of a
    registered name only what DNS and its neighbours use is taken, no sub-delims. Raises InvalidHost.
    """
    found = _AUTHORITY.fullmatch(host.decode("latin-1").lower())
    if not found or not _is_host(found["host"]) or int(found["port"] or 0) > 65535:
        raise InvalidHost("The Host of the request is not a host name or address with an optional port.")
    port = found["port"]
    return found["host"] if not port or port == _DEFAULT_PORTS.get(scheme) else f"{found['host']}:{port}"


def _is_host(text: str) -> bool:
    if not text.startswith("["):
        return _NAME.fullmatch(text) is not None and ".." not in text
    try:
        IPv6Address(text[1:-1])
    except ValueError:
        return False
    return True


def _host(headers: Mapping[bytes, bytes]) -> bytes | None:
    """The Host, None where there is none: granian hands on an empty one for a request that names none."""
    return headers.get(b"host") or None


def _last(headers: Mapping[bytes, bytes], name: bytes) -> str:
    """The last element of a list header: what the proxy next to us added, after anything a client sent."""
    return headers.get(name, b"").decode("latin-1").rpartition(",")[2].strip()
