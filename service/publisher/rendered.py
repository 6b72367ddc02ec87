"""A rendered document: its bytes, their media type, and the validator made of both."""

import hashlib
from datetime import datetime

import msgspec

from service.publisher.cache_keys import ANY_CHANGE, CacheKeys
from service.urls import Link


class Rendered(msgspec.Struct, frozen=True):
    """A rendered document, ready to be sent.

    `etag` is weak and hashes media type and body (RFC 9110 §8.8.3); "" if there is none. `last_modified` is
    None if nothing on it is dated; `links` go to the Link header (RFC 8288). It `is_settled` when nothing
    can be added to it any more, as with most archive pages. What touches one of its `keys` may change it.
    """

    body: bytes
    media_type: str
    etag: str
    last_modified: datetime | None = None
    links: tuple[Link, ...] = ()
    is_settled: bool = False
    keys: CacheKeys = ANY_CHANGE

    @classmethod
    def of(
        cls,
        media_type: str,
        body: bytes,
        last_modified: datetime | None = None,
        links: tuple[Link, ...] = (),
        keys: CacheKeys = ANY_CHANGE,
    ) -> "Rendered":
        """A document of this media type, with its validator."""
        digest = hashlib.sha256(media_type.encode() + b"\0" + body).hexdigest()
        return cls(body, media_type, f'W/"{digest[:32]}"', last_modified, links, keys=keys)

    def under(self, media_type: str) -> "Rendered":
        """The same bytes with another media type: another representation, with its own validator."""
        other = Rendered.of(media_type, self.body)
        return msgspec.structs.replace(self, media_type=media_type, etag=other.etag)
