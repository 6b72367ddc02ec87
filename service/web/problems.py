"""Errors as problem documents (RFC 9457), or as pages for people.

`title` belongs to the type, `detail` to the occurrence; the type's address is where the API's description
explains it. A 5xx tells only the request id under which the log has the rest.
"""

import logging
import secrets
from typing import Any

import msgspec
from litestar.exceptions import HTTPException, MethodNotAllowedException

from service.errors import BroadsheetError
from service.formats.html import problem_page
from service.model import Site
from service.publisher import Rendered
from service.urls import Urls, instant
from service.web.negotiation import wants_page
from service.web.problem_types import Kind, UnsatisfiableRange, kind_of
from service.web.suggestions import search_for, without_fault
from service.web.visit import Answer, Visit

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5
LONGEST_LOGGED = 1000

log = logging.getLogger("broadsheet.web")


_DETAILS = {
    "NotFound": "Nothing has this address.",
    "MethodNotAllowed": "This address is only read; the methods it takes stand in Allow.",
}
"""What there is to say where the framework raised the error."""


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A problem document. Members that say nothing about this occurrence are left out."""

    type: str
    title: str
    status: int
    detail: str
    parameter: str | None = None
    suggestion: str | None = None
    reason: str | None = None
    at: str | None = None
    available: tuple[str, ...] | None = None
    request_id: str | None = None


def answer(error: Exception, site: Site, visit: Visit, *, negotiated: bool = True) -> Answer:
    """The answer to a visit that ended in `error`: a document, or a page where Accept asks for one.

    A 5xx is logged, with its traceback where it was not foreseen. Where nothing is `negotiated` (a feed,
    whatever its reader accepts) it is always a document.
    """
    kind = kind_of(error)
    urls = Urls(visit.base)
    problem = _problem(error, kind, urls, f"{visit.method} {visit.raw_path[:LONGEST_LOGGED]}")
    headers = _headers(error, kind)
    if negotiated and wants_page(visit.headers.get(b"accept")):
        page = problem_page(
            site,
            urls,
            kind.status,
            kind.title,
            problem.detail,
            search=search_for(error, visit.path),
            mended=without_fault(error, visit),
        )
        rendered = Rendered(page, "text/html; charset=utf-8", "")
    else:
        rendered = Rendered(msgspec.json.encode(problem), MEDIA_TYPE, "")
    return Answer(
        rendered=rendered,
        cache_control="no-store",
        status=kind.status,
        negotiated=negotiated,
        headers=headers,
    )


def _problem(error: Exception, kind: Kind, urls: Urls, where: str) -> Problem:
    facts: dict[str, Any] = {}
    detail = str(error)
    if "request_id" in kind.members:
        request_id = secrets.token_hex(8)
        facts["request_id"] = request_id
        foreseen = isinstance(error, BroadsheetError)
        log.error("request %s: %s: %s", request_id, where, error, exc_info=None if foreseen else error)
        detail = f"Something went wrong here; the log has more under {request_id}."
        if kind.status == 503:
            detail = (
                f"The service cannot answer right now, but may soon; the log has more under {request_id}."
            )
    elif isinstance(error, HTTPException):
        detail = _DETAILS.get(kind.name, error.detail)
    for name in kind.members:
        value = getattr(error, name, None)
        if value is not None:
            facts[name] = instant(value) if name == "at" else value
    return Problem(urls.problem(kind.name), kind.title, kind.status, detail, **facts)


def _headers(error: Exception, kind: Kind) -> tuple[tuple[str, str], ...]:
    if isinstance(error, MethodNotAllowedException):
        # The framework's order of methods varies from process to process.
        allowed = (error.headers or {}).get("allow", "").split(", ")
        return (("allow", ", ".join(sorted(allowed))),)
    if isinstance(error, UnsatisfiableRange):
        return (("content-range", f"bytes */{error.length}"),)
    return (("retry-after", str(RETRY_AFTER_SECONDS)),) if kind.status == 503 else ()
