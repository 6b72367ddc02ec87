"""Which IP addresses a request may go to: none of this machine or its network, unless allowed."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All IPv6 addresses that have been assigned for the public Internet (RFC 4291 §2.4, IANA's registry)."""

_DOCUMENTATION = IPv6Network("3fff::/20")
"""Addresses for documentation (RFC 9637), which older versions of Python take for global ones."""

_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv6 addresses that lead to the IPv4 address in their last 32 bits (RFC 6052 §2.1)."""


class PrivateAddress(Exception):
    """A host has an address that is not public; the message names it."""


async def resolve(host: str, port: int, *, allow_private: bool) -> tuple[str, ...]:
    """The IP addresses of `host`, each once. Raises OSError, and PrivateAddress if any is not public."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = tuple(dict.fromkeys(str(address[0]) for *_, address in found))
    for address in addresses:
        if not allow_private and not is_public(address):
            raise PrivateAddress(address)
    return addresses


def is_written_private(host: str) -> bool:
    """Whether `host` is an IP address that is not public, or a name of this machine (RFC 6761 §6.3)."""
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return not is_public(host)


def is_public(address: str) -> bool:
    """Whether `address` is that of one machine on the public Internet."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        if ip.sixtofour or ip.teredo:
            return False  # a tunnel, whose end may be anywhere
        ip = ip.ipv4_mapped or _translated(ip) or ip
        if isinstance(ip, IPv6Address) and (ip not in _GLOBAL_UNICAST or ip in _DOCUMENTATION):
            return False
    return ip.is_global and not ip.is_multicast


def _translated(ip: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _TRANSLATED else None
