"""Responses to errors: problem documents (RFC 9457), or pages for people.

`title` belongs to the type, `detail` to the occurrence; the URI of the type leads to its description in the
OpenAPI document. A 5xx contains only the request id under which the log has the cause.
"""

import logging
import re
import secrets
from typing import Any
from urllib.parse import unquote

import msgspec
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.types import Scope

from service.errors import BroadsheetError, IndexUnavailable, NotFound, Unauthorized, UnknownRevision
from service.formats import FEEDS
from service.formats.html import problem_page
from service.markup import FILES
from service.publisher import Rendered
from service.urls import (
    ARCHIVE_PATH,
    ARTICLE_SUFFIXES,
    CHANGE_DAYS_PATH,
    CHANGES_PATH,
    DIRECTORY_PATHS,
    LISTING_PATHS,
    MANIFEST_PATH,
    NEWS_PATH,
    OPENSEARCH_PATH,
    OPML_PATH,
    RELOAD_PATH,
    SITEMAP_PATH,
    SUGGEST_PATH,
    Link,
    Urls,
    rfc3339,
)
from service.web.addresses.base_url import base_url
from service.web.addresses.encoding import normalise_path
from service.web.addresses.legacy_redirects import legacy_redirect
from service.web.application_state import application_state
from service.web.http.negotiation import wants_page
from service.web.problems.failure_log import FailureLog
from service.web.problems.suggestions import search_for, without_fault
from service.web.problems.types import FileUnavailable, ProblemType, UnsatisfiableRange, problem_type_of
from service.web.responses import RepresentationResponse

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5
LONGEST_LOGGED = 1000

log = logging.getLogger("broadsheet.web")

_PROGRAM_PATHS = frozenset(
    (
        *(path for name, path in LISTING_PATHS.items() if name != "html"),
        *(f"{path}.json" for path in DIRECTORY_PATHS.values()),
        *(
            ARCHIVE_PATH,
            CHANGE_DAYS_PATH,
            CHANGES_PATH,
            MANIFEST_PATH,
            OPML_PATH,
            SITEMAP_PATH,
            NEWS_PATH,
            OPENSEARCH_PATH,
            SUGGEST_PATH,
        ),
        *("/robots.txt", "/favicon.ico", "/openapi.json", "/healthz", "/readyz", "/metrics", RELOAD_PATH),
    )
)
_PROGRAM_SUFFIXES = (
    *(suffix for name, suffix in ARTICLE_SUFFIXES.items() if name != "html"),
    *(path for name, path in LISTING_PATHS.items() if name in FEEDS),
)
_PART = re.compile(r"(?:/.*)?/archive/[^/]+\.(?:atom|rss)|/sitemap/[^/]+\.xml|/changes/[^/]+\.ndjson")
"""The address of a part of an archive, of a sitemap or of the changes."""
_METHOD_NOT_ALLOWED = "This address can only be read; Allow lists its methods."
_CANNOT_BE_READ = "This address cannot be read; Allow lists its methods."


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


def problem_response(scope: Scope, error: Exception) -> RepresentationResponse[Problem]:
    """The response to a request that failed with `error`: a document, or a page for people.

    It is a page at an address for people if Accept prefers HTML. A 5xx is logged, with its traceback where it
    was not foreseen.
    """
    if isinstance(error, NotFoundException):
        error = NotFound("There is nothing at this address.")
    problem_type = problem_type_of(error)
    app_state = application_state(scope)
    urls = app_state.publisher.urls(base_url(scope))
    raw_path = scope["raw_path"].decode("latin-1")
    method = scope["method"] if scope["type"] == ScopeType.HTTP else ""
    request_id = ""
    if "request_id" in problem_type.members:
        request_id = _log_error(error, app_state.index_failures, f"{method} {raw_path[:LONGEST_LOGGED]}")
    problem = _problem(error, problem_type, urls, request_id)
    may_be_page = not is_for_programs(raw_path)
    accept = Headers.from_scope(scope).get("accept", "").encode("latin-1")
    if may_be_page and wants_page(accept):
        page = problem_page(
            app_state.site,
            urls,
            problem_type.status,
            problem_type.title,
            problem.detail,
            navigation=app_state.publisher.navigation,
            search=search_for(error, unquote(raw_path)),
            mended=without_fault(error, f"{urls.base}{raw_path}", scope["query_string"]),
        )
        rendered = Rendered(page, "text/html; charset=utf-8", "")
    else:
        links = (Link("manifest", urls.at(MANIFEST_PATH)),) if isinstance(error, UnknownRevision) else ()
        rendered = Rendered(msgspec.json.encode(problem), MEDIA_TYPE, "", links=links)
    return RepresentationResponse(
        rendered,
        "no-store",
        status_code=problem_type.status,
        headers=_headers(error, problem_type),
        chosen_by=("Accept",) if may_be_page else (),
    )


def is_for_programs(raw_path: str) -> bool:
    """Whether only programs request this address: whatever they accept, its problems are documents."""
    path = unquote(raw_path)
    # Articles and pages have an address for each format; a file has its own name.
    is_representation = path.endswith(_PROGRAM_SUFFIXES) and not path.startswith(FILES)
    is_redirected = path != "/" and legacy_redirect(normalise_path(raw_path), "") is not None
    is_part = _PART.fullmatch(path) is not None
    return (
        path in _PROGRAM_PATHS or is_representation or is_redirected or is_part or path.startswith("/assets/")
    )


def _log_error(error: Exception, index_failures: FailureLog, request_line: str) -> str:
    """Log `error`, unless that was done; the id under which the log has it."""
    if isinstance(error, FileUnavailable):
        return error.request_id
    if isinstance(error, IndexUnavailable):  # as long as it lasts, most requests fail
        return index_failures.report(str(error))
    request_id = secrets.token_hex(8)
    traceback = None if isinstance(error, BroadsheetError) else error
    log.error("request %s: %s: %s", request_id, request_line, error, exc_info=traceback)
    return request_id


def _problem(error: Exception, problem_type: ProblemType, urls: Urls, request_id: str) -> Problem:
    members: dict[str, Any] = {}
    detail = str(error)
    if request_id:
        members["request_id"] = request_id
        detail = f"Internal error; the log has the details under {request_id}."
        if problem_type.status == 503:
            detail = f"The service is unavailable at the moment; the log has the details under {request_id}."
    elif isinstance(error, HTTPException):
        detail = error.detail
        if isinstance(error, MethodNotAllowedException):
            detail = _METHOD_NOT_ALLOWED if "GET" in _allowed(error) else _CANNOT_BE_READ
    for name in problem_type.members:
        value = getattr(error, name, None)
        if value is not None:
            members[name] = rfc3339(value) if name == "at" else value
    return Problem(
        urls.problem(problem_type.name), problem_type.title, problem_type.status, detail, **members
    )


def _allowed(error: MethodNotAllowedException) -> list[str]:
    # The framework's order of methods varies from process to process.
    return sorted((error.headers or {}).get("allow", "").split(", "))


def _headers(error: Exception, problem_type: ProblemType) -> dict[str, str]:
    if isinstance(error, MethodNotAllowedException):
        return {"allow": ", ".join(_allowed(error))}
    if isinstance(error, Unauthorized):
        return {"www-authenticate": "Bearer"}
    if isinstance(error, UnsatisfiableRange):
        return {"content-range": f"bytes */{error.length}"}
    return {"retry-after": str(RETRY_AFTER_SECONDS)} if problem_type.status == 503 else {}
