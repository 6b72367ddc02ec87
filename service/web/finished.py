"""Answers made into HTTP: headers and body as finished messages, ready to be sent again and again."""

import gzip
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import format_datetime

import brotli  # type: ignore[import-untyped]
import msgspec
from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent, Send

from service.formats import MEDIA_TYPES
from service.index import now
from service.publisher import Rendered
from service.urls import Link
from service.web.address import as_ascii
from service.web.conditional import not_modified
from service.web.negotiation import Coding
from service.web.security_headers import protection, protection_of_file
from service.web.visit import Answer

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEAST_COMPRESSED_BYTES = 1000
LONGEST_LINK_HEADER = 3500
LONGEST_CONTENT_LOCATION = 2000

CORS: tuple[tuple[str, str], ...] = (
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "ETag, Link, Last-Modified, Retry-After, Content-Location"),
)

_COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/x-ndjson")
_SUFFIXES = ("+json", "+xml")
_FORMS = {media_type: form for form, media_type in MEDIA_TYPES.items()}
NO_BODY: HTTPResponseBodyEvent = {"type": "http.response.body", "body": b"", "more_body": False}

_ENTITY_HEADERS = {
    "content-type",
    "content-length",
    "content-encoding",
    "content-range",
    "content-security-policy",
}


class Finished(msgspec.Struct, frozen=True):
    """Messages as ASGI sends them, about `size` bytes. `etag`, `last_modified` are b"" where there is none.

    `negotiated` when it suits only requests with the same Accept. `as_document` is what a browser gets that
    opens the address (Sec-Fetch-Dest: document), where that differs. `form` is what it is counted as.
    """

    start: HTTPResponseStartEvent
    body: HTTPResponseBodyEvent
    not_modified: HTTPResponseStartEvent
    etag: bytes
    last_modified: bytes
    size: int
    negotiated: bool = False
    as_document: "Finished | None" = None
    form: str = "other"

    def is_known(self, headers: Mapping[bytes, bytes]) -> bool:
        """Whether the client that sent `headers` has this already."""
        return bool(self.etag) and not_modified(
            headers.get(b"if-none-match"), headers.get(b"if-modified-since"), self.etag, self.last_modified
        )

    async def send(self, method: str, headers: Mapping[bytes, bytes], send: Send) -> int:
        """Answer a GET or HEAD, with 304 where the client knows it; the status."""
        if self.as_document is not None and headers.get(b"sec-fetch-dest") == b"document":
            return await self.as_document.send(method, headers, send)
        if (b"if-none-match" in headers or b"if-modified-since" in headers) and self.is_known(headers):
            await send(self.not_modified)
            await send(NO_BODY)
            return 304
        await send(self.start)
        await send(NO_BODY if method == "HEAD" else self.body)
        return self.start["status"]


def compressible(rendered: Rendered) -> bool:
    """Whether the body is worth compressing, so that the answer depends on Accept-Encoding."""
    media_type = rendered.media_type.partition(";")[0]
    known = media_type.startswith(_COMPRESSIBLE) or media_type.endswith(_SUFFIXES)
    return known and len(rendered.body) >= LEAST_COMPRESSED_BYTES


def compress(body: bytes, coding: Coding) -> bytes:
    """`body` in a content coding; equal bytes give equal bytes."""
    if coding == "br":
        return bytes(brotli.compress(body, quality=5))
    if coding == "zstd":
        return bytes(zstd.compress(body, 3))
    if coding == "gzip":
        return gzip.compress(body, 6, mtime=0)
    return body


def finish(answer: Answer, coding: Coding, body: bytes, base: str) -> Finished:
    """The messages of `answer`, whose body in `coding` is `body`, at an address that begins with `base`."""
    finished = _finish(answer, coding, body, base)
    if answer.document_type is None:
        return finished
    opened = msgspec.structs.replace(answer, rendered=answer.rendered.under(answer.document_type))
    return msgspec.structs.replace(finished, as_document=_finish(opened, coding, body, base))


def _finish(answer: Answer, coding: Coding, body: bytes, base: str) -> Finished:
    headers = list(_headers(answer, coding, len(body), base))
    etag = answer.rendered.etag.encode() if answer.status in {200, 206} else b""
    last_modified = next((value for name, value in headers if name == "last-modified"), "").encode()
    repeated = [(name, value) for name, value in headers if name not in _ENTITY_HEADERS]
    return Finished(
        start=_start(answer.status, headers),
        body={"type": "http.response.body", "body": body, "more_body": False},
        not_modified=_start(304, repeated),
        etag=etag,
        last_modified=last_modified,
        size=len(body) + 2000,
        negotiated=answer.negotiated,
        form=form_of(answer),
    )


def form_of(answer: Answer) -> str:
    """What an answer is counted as: the name of its format, or `other`."""
    return _FORMS.get(answer.rendered.media_type, "other")


def link_header(links: tuple[Link, ...]) -> str:
    """Links as RFC 8288 §3 writes them; those that make the header too long for a proxy are left out."""
    written: list[str] = []
    length = 0
    for link in links:
        parts = [f"<{as_ascii(link.href)}>", f'rel="{link.rel}"']
        parts += [
            f'{name}="{value}"'
            for name, value in (("type", link.type), ("hreflang", link.hreflang), ("title", link.title))
            if value and value.isascii() and value.isprintable() and not set(value) & {'"', "\\"}
        ]
        text = "; ".join(parts)
        length += len(text) + 2
        if length > LONGEST_LINK_HEADER:
            break
        written.append(text)
    return ", ".join(written)


def http_date(moment: datetime) -> str:
    """An instant as an IMF-fixdate (RFC 9110 §5.6.7)."""
    return format_datetime(moment, usegmt=True)


def _headers(answer: Answer, coding: Coding, length: int, base: str) -> Iterator[tuple[str, str]]:
    rendered = answer.rendered
    if rendered.media_type:
        yield "content-type", rendered.media_type
    if answer.status != 204 and (answer.chunks is None or answer.length is not None):
        yield "content-length", str(length if answer.length is None else answer.length)
    if coding != "identity":
        yield "content-encoding", coding
    if rendered.etag:
        yield "etag", rendered.etag
    # Last-Modified may not lie ahead of Date (RFC 9110 §8.8.2.1); the clock of who built the index may.
    if rendered.last_modified and rendered.last_modified <= now():
        yield "last-modified", http_date(rendered.last_modified)
    yield "cache-control", answer.cache_control
    if vary := _vary(answer):
        yield "vary", vary
    if links := link_header(rendered.links):
        yield "link", links
    if answer.content_location and len(answer.content_location) <= LONGEST_CONTENT_LOCATION:
        yield "content-location", as_ascii(answer.content_location)
    yield from protection(rendered, base) if answer.policy is None else protection_of_file(answer.policy)
    yield from CORS
    yield from answer.headers


def _vary(answer: Answer) -> str:
    chosen_by = ["Accept"] if answer.negotiated else []
    if answer.chunks is None and compressible(answer.rendered):
        chosen_by.append("Accept-Encoding")
    if answer.document_type:
        chosen_by.append("Sec-Fetch-Dest")
    return ", ".join(chosen_by)


def _start(status: int, headers: list[tuple[str, str]]) -> HTTPResponseStartEvent:
    raw = [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers]
    return {"type": "http.response.start", "status": status, "headers": raw}


BY_ACCEPT = Finished(_start(500, []), NO_BODY, _start(500, []), b"", b"", 300)
"""Stands in the memory for "look again, with Accept": never sent."""
