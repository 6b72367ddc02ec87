"""A finished representation: its bytes, what they are, and the validator made of both."""

import hashlib
from datetime import datetime

import msgspec

from service.urls import Link


class Rendered(msgspec.Struct, frozen=True):
    """A finished representation, ready to be sent.

    `etag` is weak and hashes media type and body (RFC 9110 §8.8.3); "" where there is none. `last_modified`
    is None where nothing dated is shown; `links` belong in the Link header (RFC 8288). `settled` when nothing
    may be added to it any more, as to most archive documents.
    """

    body: bytes
    media_type: str
    etag: str
    last_modified: datetime | None = None
    links: tuple[Link, ...] = ()
    settled: bool = False

    @classmethod
    def of(
        cls,
        media_type: str,
        body: bytes,
        last_modified: datetime | None = None,
        links: tuple[Link, ...] = (),
    ) -> "Rendered":
        """`body` as a representation of this media type, with its validator."""
        digest = hashlib.sha256(media_type.encode() + b"\0" + body).hexdigest()
        return cls(body, media_type, f'W/"{digest[:32]}"', last_modified, links)

    def under(self, media_type: str) -> "Rendered":
        """The same bytes under another media type, which is another representation with its own validator."""
        other = Rendered.of(media_type, self.body)
        return msgspec.structs.replace(self, media_type=media_type, etag=other.etag)
