"""One request as the handlers see it, and what they answer it with."""

from collections.abc import AsyncGenerator, Hashable, Mapping

import msgspec
from litestar.types import Method

from service.index import Revision
from service.publisher import Rendered
from service.web.address import as_ascii

METHODS: tuple[Method, ...] = ("GET", "HEAD", "OPTIONS")
"""What every address takes."""

_PREFLIGHT = (
    ("allow", ", ".join(METHODS)),
    ("access-control-allow-methods", ", ".join(METHODS)),
    (
        "access-control-allow-headers",
        "Accept, Accept-Language, A-IM, Content-Type, If-Modified-Since, If-None-Match, If-Range, Range",
    ),
    ("access-control-max-age", "86400"),
)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a handler answers with, before it is compressed and said in HTTP.

    `negotiated` when Accept chose it; `kept` when it may be remembered until the content moves. Where there
    are `chunks` they are the body, a stream that begins when the answer is sent, of `length` bytes if that is
    known. Where there is a `document_type`, a browser that opens the address gets the same bytes as that.
    `policy` is a file's own Content-Security-Policy, "" for none.
    """

    rendered: Rendered
    cache_control: str
    status: int = 200
    negotiated: bool = False
    content_location: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    kept: bool = False
    chunks: AsyncGenerator[bytes, None] | None = None
    length: int | None = None
    document_type: str | None = None
    policy: str | None = None


class Visit:
    """One request.

    `path` is percent-decoded and without prefix, `raw_path` the same as it was sent, like `query`. `headers`
    are by name in lower case; several of one name are one list (RFC 9110 §5.3). `revision` is the content it
    began with, `key` what its answer is remembered under, None for nothing. The handler leaves its `answer`.
    """

    __slots__ = ("answer", "base", "headers", "key", "method", "path", "query", "raw_path", "revision")

    def __init__(
        self,
        method: str,
        raw_path: str,
        path: str,
        query: bytes,
        headers: Mapping[bytes, bytes],
        base: str,
        revision: Revision,
        key: Hashable = None,
    ) -> None:
        self.method = method
        self.raw_path = raw_path
        self.path = path
        self.query = query
        self.headers = headers
        self.base = base
        self.revision = revision
        self.key = key
        self.answer: Answer | None = None


def moved(location: str, cache_control: str) -> Answer:
    """301 to `location`, an absolute address."""
    return Answer(
        rendered=Rendered(b"", "", ""),
        cache_control=cache_control,
        status=301,
        headers=(("location", as_ascii(location)),),
    )


def preflight() -> Answer:
    """The answer to OPTIONS, a preflight of a browser among them (Fetch standard, CORS protocol)."""
    return Answer(rendered=Rendered(b"", "", ""), cache_control="no-store", status=204, headers=_PREFLIGHT)
