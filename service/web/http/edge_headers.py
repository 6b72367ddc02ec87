"""Headers for caches in front of the service: the keys they purge by, and how long they may keep a response.

CDN-Cache-Control is RFC 9213 §3, Cache-Groups RFC 9875. The others are what products take: Surrogate-Key is
Fastly's, Cache-Tag Cloudflare's, xkey that of a module of Varnish. Fastly reads Surrogate-Control (W3C Note
"Edge Architecture Specification") in place of CDN-Cache-Control.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from service.publisher.cache_keys import public_keys
from service.settings.values import SurrogateKeyHeader

_WRITERS: Mapping[SurrogateKeyHeader, Callable[[list[str]], str]] = {
    "Cache-Groups": lambda keys: ", ".join(f'"{key}"' for key in keys),
    "Surrogate-Key": " ".join,
    "Cache-Tag": ",".join,
    "xkey": " ".join,
}
"""How each header writes the keys of a response."""


class EdgeHeaders(msgspec.Struct, frozen=True):
    """The headers that the settings ask for: those that name keys, and the lifetime for caches at the edge.

    With `max_age_seconds` 0 these take the ordinary lifetime.
    """

    names: tuple[SurrogateKeyHeader, ...] = ()
    max_age_seconds: int = 0

    def of(self, surrogate_keys: Iterable[str], *, keeps_lifetime: bool) -> list[tuple[bytes, bytes]]:
        """The headers of a response that may be stored.

        One that `keeps_lifetime` may be stored at the edge no longer than elsewhere.
        """
        headers = []
        if self.names:
            keys = public_keys(surrogate_keys)
            headers += [(name.lower().encode(), _WRITERS[name](keys).encode()) for name in self.names]
        if self.max_age_seconds and not keeps_lifetime:
            headers += self._lifetime(f"public, max-age={self.max_age_seconds}", self.max_age_seconds)
        return headers

    def of_outdated(self) -> list[tuple[bytes, bytes]]:
        """The headers of a response that was made while the content changed: its keys may be purged already.

        So no cache that is purged may store it.
        """
        return self._lifetime("no-store", 0) if self.names else []

    def _lifetime(self, directives: str, max_age_seconds: int) -> list[tuple[bytes, bytes]]:
        """The headers that say how long a response may be stored at the edge."""
        headers = [(b"cdn-cache-control", directives.encode())]
        if "Surrogate-Key" in self.names:
            headers.append((b"surrogate-control", f"max-age={max_age_seconds}".encode()))
        return headers


NO_EDGE_HEADERS = EdgeHeaders()
