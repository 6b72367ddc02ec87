"""The base URL of a request, which every link of its response begins with.

It is the public URL, if one is configured. Otherwise it is made from the scheme and Host of the request, or
from the headers of a trusted proxy: X-Forwarded-Proto, -Host, -Port and -Prefix, or Forwarded. Where they
name no host, which HTTP/1.0 allows, it is the address that the server listens at (RFC 9112 §3.3).
"""

import re
from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec
from litestar.types import Scope

from service.errors import InvalidHost
from service.settings import Settings

LONGEST_HOST = 300

_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,253}[a-z0-9_.-])?")
_AUTHORITY = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[^\[\]:]+)(?::(?P<port>[0-9]{0,5}))?")
# Segments (RFC 3986 §3.3) without quotes, encoded slashes and NULs, and what could become `..`.
_PREFIX = re.compile(
    r"(?:/(?!\.)(?:[\w.~!$&()*+;=:@-]|%(?!00|2[EF]|5C)[0-9A-F]{2})+)+", re.ASCII | re.IGNORECASE
)
_DEFAULT_PORTS = {"http": "80", "https": "443"}
# A pair and its delimiter; anything else up to where the next pair may begin, so that nothing is read twice.
_FORWARDED_PAIR = re.compile(
    r"""\s*+([\w!#$%&'*+.^`|~-]++)=(?:"([^"\\]*+)"|([^\s;,"]++))\s*+(;|,|$)|[^;,"]++|.""", re.DOTALL
)
# One of these is enough: such a proxy passes on any Forwarded that a client sends.
_X_FORWARDED = (b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host")
_FORWARDING_HEADERS = (
    b"x-forwarded-proto",
    b"x-forwarded-host",
    b"x-forwarded-port",
    b"x-forwarded-prefix",
    b"forwarded",
)


class Base(msgspec.Struct, frozen=True):
    """`url` begins every link and does not end in a slash; the proxy may have removed its path, `prefix`.

    `elsewhere` is the address that the request was sent to if that is not the public URL, else "".
    `refused_prefix` is an X-Forwarded-Prefix that is no path, so it is in no link, else "".
    `is_of_server` if the request names no host, and no public URL is set: it may not be how others reach it.
    """

    url: str
    prefix: str
    elsewhere: str = ""
    is_of_server: bool = False
    refused_prefix: str = ""


class ForwardedInfo(NamedTuple):
    """The address of a request as it, or a trusted proxy, gives it; "" and None for parts not given."""

    host: bytes | None
    scheme: str = ""
    prefix: str = ""
    refused_prefix: str = ""


class Hosts:
    """Determines the base of each request by the settings."""

    def __init__(self, settings: Settings) -> None:
        self._public_url = settings.site.public_url
        self._networks = tuple(
            network
            for proxy in settings.trusted_proxies
            for network in (["0.0.0.0/0", "::/0"] if proxy == "*" else [proxy])
        )
        self._trusts = lru_cache(1024)(self._is_trusted)
        self._sent_elsewhere = lru_cache(1024)(self._address_if_not_public)

    @property
    def default_base(self) -> Base:
        """The base for requests that name no valid host; its URL is "" without a public URL."""
        url = self._public_url or ""
        return Base(url, urlsplit(url).path)

    def use(self, public_url: str | None) -> None:
        """Build every link from `public_url` from now on; without one, from each request."""
        self._public_url = public_url
        self._sent_elsewhere.cache_clear()

    def key(self, scheme: str, peer: str, headers: Mapping[bytes, bytes]) -> Hashable:
        """Everything in a request that its base depends on; equal keys have equal bases."""
        info = self._forwarded_info(peer, headers)
        if info.host and len(info.host) > LONGEST_HOST:
            return None
        if self._public_url:
            valid = info.host is None or is_valid(info.host)
            return valid and not self._sent_elsewhere(info), valid
        return (scheme, info)

    def base(
        self,
        scheme: str,
        peer: str,
        root_path: str,
        headers: Mapping[bytes, bytes],
        server: tuple[str, int | None] | None,
    ) -> Base:
        """The base of a request from `peer` (an IP address) to `server`, as in an ASGI scope.

        Raises InvalidHost (RFC 9110 §7.2).
        """
        info = self._forwarded_info(peer, headers)
        scheme = info.scheme or scheme
        try:
            name = authority(_own_host(server) if info.host is None else info.host, scheme)
        except InvalidHost:
            if info.host == headers.get(b"host"):
                raise
            raise InvalidHost(
                "X-Forwarded-Host and X-Forwarded-Port, or Forwarded, as the proxy sends them,"
                " are not a host name or address with an optional port."
            ) from None
        if self._public_url:
            return Base(self._public_url, urlsplit(self._public_url).path, self._address_if_not_public(info))
        prefix = info.prefix or root_path.rstrip("/")
        return Base(
            f"{scheme}://{name}{prefix}",
            prefix,
            is_of_server=info.host is None,
            refused_prefix=info.refused_prefix,
        )

    def _forwarded_info(self, peer: str, headers: Mapping[bytes, bytes]) -> ForwardedInfo:
        # granian passes an empty Host for a request without one.
        host = headers.get(b"host") or None
        if not self._networks or not self._trusts(peer):
            return ForwardedInfo(host)
        has_x_forwarded = any(name in headers for name in _X_FORWARDED)
        return _read_forwarding_headers(host, has_x_forwarded, *map(headers.get, _FORWARDING_HEADERS))

    def _address_if_not_public(self, info: ForwardedInfo) -> str:
        """The address in `info` if it differs from the public URL in the parts that it gives, else ""."""
        if info.host is None or not self._public_url:
            return ""
        public = urlsplit(self._public_url)
        scheme = info.scheme or public.scheme
        address = f"{scheme}://{authority(info.host, scheme)}{info.prefix or public.path}"
        return "" if address == self._public_url else address

    def _is_trusted(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in ip_network(network, strict=False) for network in self._networks)


@lru_cache(256)  # a proxy sends the same values for many requests
def _read_forwarding_headers(
    host: bytes | None,
    has_x_forwarded: bool,
    proto: bytes | None,
    proxied_host: bytes | None,
    port: bytes | None,
    prefix: bytes | None,
    forwarded: bytes | None,
) -> ForwardedInfo:
    """The address in the headers of a trusted proxy, for a request with this `host`."""
    if has_x_forwarded:
        scheme, forwarded_host = _last(proto), _last(proxied_host)
    else:
        parameters = _last_forwarded((forwarded or b"").decode("latin-1"))
        scheme, forwarded_host = parameters.get("proto", ""), parameters.get("host", "")
    scheme, path = scheme.lower(), _last(prefix).rstrip("/")
    is_path = not path or _PREFIX.fullmatch(path) is not None
    return ForwardedInfo(
        _with_port(forwarded_host.encode("latin-1") or host, _last(port)),
        scheme if scheme in _DEFAULT_PORTS else "",
        path if is_path else "",
        "" if is_path else path,
    )


@lru_cache(1024)
def is_valid(host: bytes) -> bool:
    """Whether a Host is syntactically valid."""
    try:
        authority(host, "")
    except InvalidHost:
        return False
    return True


def authority(host: bytes, scheme: str) -> str:
    """A Host in its normal form: lower case, without the default port of the scheme or zeros before a port.

    A name, an IPv4 or a bracketed IPv6 address, and optionally a port (RFC 9110 §7.2, RFC 3986 §3.2.2). A
    name may contain only the characters of DNS names, and underscores. Raises InvalidHost.
    """
    match = _AUTHORITY.fullmatch(host.decode("latin-1").lower())
    if not match or not _is_host(match["host"]) or int(match["port"] or 0) > 65535:
        raise InvalidHost("The Host of the request is not a host name or address with an optional port.")
    port = match["port"] and str(int(match["port"]))
    return match["host"] if not port or port == _DEFAULT_PORTS.get(scheme) else f"{match['host']}:{port}"


def _own_host(server: tuple[str, int | None] | None) -> bytes:
    """The address and port of `server` as a Host; localhost for a name, all interfaces, or a Unix socket."""
    address, port = server or ("", None)
    try:
        ip = ip_address(address)
    except ValueError:
        return b"localhost"
    if ip.is_unspecified:
        return f"localhost:{port}".encode()
    return (f"[{address}]:{port}" if ip.version == 6 else f"{address}:{port}").encode()


def _is_host(text: str) -> bool:
    if not text.startswith("["):
        return _NAME.fullmatch(text) is not None and ".." not in text
    try:
        IPv6Address(text[1:-1])
    except ValueError:
        return False
    return True


def _last(value: bytes | None) -> str:
    """The last element of a list header, which the nearest proxy added after those that a client sent."""
    return (value or b"").decode("latin-1").rpartition(",")[2].strip()


def _last_forwarded(header: str) -> dict[str, str]:
    """The parameters of the last element of Forwarded, by name in lower case (RFC 7239 §4)."""
    parameters: dict[str, str] = {}
    for name, quoted, token, end in _FORWARDED_PAIR.findall(header):
        if name:
            parameters[name.lower()] = quoted or token
        if end == ",":
            parameters = {}
    return parameters


def _with_port(host: bytes | None, port: str) -> bytes | None:
    """`host` with the port that the proxy names, unless it is a default port."""
    if not host or not port.isdecimal() or port in _DEFAULT_PORTS.values():
        return host
    match = _AUTHORITY.fullmatch(host.decode("latin-1").lower())
    return host + b":" + port.encode() if match and match["port"] is None else host


def path_below(prefix: str, raw_path: str) -> str:
    """`raw_path` below the path `prefix`, or as it is if it does not begin with the segments of that.

    A character may be percent-encoded in one and not in the other (RFC 3986 §6.2.2.2).
    """
    names, segments = prefix.split("/"), raw_path.split("/")
    begins = [*map(unquote, segments[: len(names)])] == [*map(unquote, names)]
    return "/".join(["", *segments[len(names) :]]) if prefix and begins else raw_path


def base_url(scope: Scope) -> str:
    """The beginning of every link of the response, "" where the request names no valid host.

    `scope` is one that AddressMiddleware has passed on.
    """
    host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
    return f"{scope['scheme']}://{host}{scope['root_path']}" if host else ""


def join_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Headers by name; several lines of one name become one list (RFC 9110 §5.3)."""
    joined: dict[bytes, bytes] = {}
    for name, value in headers:
        joined[name] = joined[name] + b", " + value if name in joined else value
    return joined
