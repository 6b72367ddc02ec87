"""The ASGI layer in front of the routes: the base URL, malformed and former addresses, OPTIONS."""

import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from litestar.connection import Request
from litestar.enums import ScopeType
from litestar.exceptions import MethodNotAllowedException
from litestar.response import Response
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from service.content.identity.permalinks import site_path
from service.errors import InvalidHost, NotFound
from service.query import Query
from service.urls import RELOAD_PATH, FormatName, split_suffix
from service.web.addresses.base_url import Base, Hosts, base_url, join_headers, path_below
from service.web.addresses.encoding import as_ascii, check_address, normalise_path, with_query
from service.web.addresses.legacy_redirects import legacy_list, legacy_redirect, term_with_slash
from service.web.application_state import application_state
from service.web.problems.response import problem_response
from service.web.responses import COMMAND_METHODS, METHODS, preflight_response, redirect, redirect_to_article

REDIRECT_SECONDS = 3600
SUCCESSES = range(200, 300)
MAX_WARNINGS = 8
PROBED = frozenset({"/healthz", "/readyz", "/metrics", RELOAD_PATH})
"""Addresses that probes and other local programs request, under any name of this machine."""

log = logging.getLogger("broadsheet.web")

_WEB_PAGE = re.compile(r"(?:/index)?\.html?$", re.IGNORECASE)
_WITHOUT_HOST = frozenset({"1", "1.0"})
_CONDITIONS = frozenset(
    (b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since", b"if-range", b"range")
)


class AddressMiddleware:
    """An ASGI application that passes requests with a usable address to `inner`, and answers the others.

    `inner` gets a scope in which `scheme`, the `host` header and `root_path` make the base URL of all links,
    whatever proxies are in between. `path` is `root_path` and the decoded path below it, as in ASGI, while
    `raw_path` is only the path below it, as sent. Several lines of one header are joined.

    It answers malformed addresses and OPTIONS (everywhere, because a browser reads a 404 only after a
    successful preflight), redirects addresses with superfluous slashes and the feed addresses of other
    systems, and turns a 404 into a redirect if an article or list had this address on the site it comes from.
    Litestar's middleware runs only after a route was found, and its routes do not backtrack.
    """

    def __init__(self, inner: ASGIApp, hosts: Hosts) -> None:
        self._inner = inner
        self._hosts = hosts
        self._warned: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._inner(scope, receive, send)
            return
        headers = join_headers(scope["headers"])
        base = self._hosts.default_base
        response: Response[Any] | None
        try:
            base = self._find_base(scope, headers)
            based = _under(scope, base, headers)
            response = _check(scope, based)
        except Exception as error:
            based = _under(scope, base, headers)
            response = problem_response(based, error)
        if base.is_of_server:
            send = _forbid_storing(send)
        held: list[Message] = []
        if response is None:
            path = normalise_path(based["raw_path"].decode("ascii"))
            is_normalised = path.encode("ascii") == based["raw_path"]
            if not is_normalised:
                based = _at_path(based, path)

            async def hold_or_send(message: Message) -> None:
                is_missing = message["type"] == "http.response.start" and message["status"] == 404
                if held or is_missing or not is_normalised:
                    held.append(message)
                else:
                    await send(message)

            await self._inner(based, receive, hold_or_send)
            if not held:
                return
            response = await _redirect_instead(held[0], based)
        if response is None:
            for message in held:
                await send(message)
        else:
            await response.to_asgi_response(None, Request(based))(based, receive, send)

    def _find_base(self, scope: HTTPScope, headers: dict[bytes, bytes]) -> Base:
        """The base of a request; logs that it was sent to another address. Raises InvalidHost."""
        check_host(scope)
        client = scope.get("client")
        peer = client[0] if client else ""
        base = self._hosts.base(
            scope["scheme"], peer, scope.get("root_path", ""), headers, scope.get("server")
        )
        if base.elsewhere and scope["path"] not in PROBED:
            self._warn(
                "a request was sent to %s, but public_url is %s, where every link and feed address leads; "
                "correct public_url, or the Host and X-Forwarded headers that the proxy passes on",
                base.elsewhere,
                base.url,
            )
        if base.refused_prefix:
            self._warn(
                "the proxy sends the X-Forwarded-Prefix %r, which is ignored, as it is not a path; "
                "correct it, such as /blog or /caf%%C3%%A9, or set public_url",
                base.refused_prefix,
            )
        return base

    def _warn(self, message: str, subject: str, *others: str) -> None:
        """Log `message` once for each `subject`, its first argument."""
        if subject not in self._warned and len(self._warned) < MAX_WARNINGS:
            self._warned.add(subject)
            log.warning(message, subject, *others)


def check_host(scope: HTTPScope) -> None:
    """Raise InvalidHost unless there is one Host; only HTTP/1.0 may do without (RFC 9112 §3.2).

    granian puts the authority of an HTTP/1.1 target in absolute form here only where there is no Host.
    """
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if len(hosts) > 1:
        raise InvalidHost("The request has several Host headers.")
    if scope["http_version"] not in _WITHOUT_HOST and not any(hosts):
        raise InvalidHost("The request has no Host header; HTTP/1.1 requires one.")


def _check(sent: HTTPScope, based: HTTPScope) -> Response[Any] | None:
    """The response unless `inner` must make it; `sent` is the scope as it came. Raises BadAddress."""
    if based["method"] == "OPTIONS":
        is_command = based["raw_path"] == RELOAD_PATH.encode()
        return preflight_response(COMMAND_METHODS if is_command else METHODS)
    check_address(sent["raw_path"], sent["query_string"])
    return _feed_redirect(based)


def _forbid_storing(send: Send) -> Send:
    """A `send` whose responses no cache stores, as their links may lead other clients nowhere."""

    async def send_unstorable(message: Message) -> None:
        if message["type"] == "http.response.start":
            others = [(name, value) for name, value in message["headers"] if name != b"cache-control"]
            message["headers"] = [*others, (b"cache-control", b"no-store")]
        await send(message)

    return send_unstorable


def _under(scope: HTTPScope, base: Base, headers: dict[bytes, bytes]) -> HTTPScope:
    """`scope` with the parts of the base URL, the path below it, and these headers."""
    raw_path = path_below(base.prefix, as_ascii(scope["raw_path"]))
    scheme, _, rest = base.url.partition("://")
    host = rest.removesuffix(base.prefix).encode("latin-1")
    based = scope.copy()
    based["scheme"] = scheme or scope["scheme"]
    based["headers"] = [
        *([(b"host", host)] if host else []),
        *((name, value) for name, value in headers.items() if name != b"host"),
    ]
    based["root_path"] = base.prefix
    based["path"] = base.prefix + unquote(raw_path)
    based["raw_path"] = raw_path.encode("ascii")
    return based


def _feed_redirect(scope: HTTPScope) -> Response[Any] | None:
    """The redirect from another system's feed address to the feed.

    Raises MethodNotAllowedException at every address that is only redirected.
    """
    path = scope["raw_path"].decode("ascii")
    normalised = normalise_path(path)
    location = legacy_redirect(
        normalised, as_ascii(scope["query_string"]), application_state(scope).site.addresses
    )
    if (location is not None or normalised != path) and scope["method"] not in METHODS:
        raise MethodNotAllowedException(headers={"allow": ", ".join(METHODS)})
    if location is None:
        return None
    return redirect(f"{base_url(scope)}{location}", application_state(scope).cache_control(REDIRECT_SECONDS))


def _at_path(scope: HTTPScope, path: str) -> HTTPScope:
    """The scope of an unconditional HEAD request for `path` below the base URL, otherwise like `scope`.

    Conditions and ranges are about a success, and the answer here is a redirect (RFC 9110 §13.2.1).
    """
    other = scope.copy()
    other["method"] = "HEAD"
    other["headers"] = [(name, value) for name, value in scope["headers"] if name not in _CONDITIONS]
    other["path"] = scope["root_path"] + unquote(path)
    other["raw_path"] = path.encode("ascii")
    return other


async def _redirect_instead(start: Message, scope: HTTPScope) -> Response[Any] | None:
    """The redirect in place of a response that was held: from a former address, or to that of `scope`.

    None if the response that begins with `start` is to be sent.
    """
    status = start["status"] if start["type"] == "http.response.start" else 0
    if status == 404:
        try:
            return await _former_address(scope)
        except Exception as error:
            return problem_response(scope, error)
    if status not in SUCCESSES:
        return None
    address = f"{base_url(scope)}{scope['raw_path'].decode('ascii')}"
    location = with_query(address, as_ascii(scope["query_string"]))
    return redirect(location, application_state(scope).cache_control(REDIRECT_SECONDS))


async def _former_address(scope: HTTPScope) -> Response[Any] | None:
    """The redirect to the article or list that had this path on the site it comes from, if there is any."""
    app_state = application_state(scope)
    raw_path = scope["raw_path"].decode("ascii")
    if not _WEB_PAGE.sub("", raw_path):
        location = with_query(f"{base_url(scope)}/", as_ascii(scope["query_string"]))
        return redirect(location, app_state.cache_control(REDIRECT_SECONDS))
    path = site_path(raw_path)
    for name, format_name in _spellings(path) if path else ():
        with suppress(NotFound):
            article = await app_state.index.find_article(name)
            cache_control = app_state.cache_control(REDIRECT_SECONDS)
            return redirect_to_article(scope, article.slug, cache_control, format_name)
    for listed, list_format in _lists(raw_path):
        if listed == Query() or (await app_state.index.find(listed, 1)).articles:
            location = app_state.publisher.urls(base_url(scope)).listing(list_format, listed)
            if scope["query_string"]:
                location += f"{'&' if '?' in location else '?'}{as_ascii(scope['query_string'])}"
            return redirect(location, app_state.cache_control(REDIRECT_SECONDS))
    return None


def _lists(path: str) -> Iterator[tuple[Query, FormatName]]:
    """The lists that `path` may stand for."""
    if (legacy := legacy_list(path)) is not None:
        yield legacy, "html"
    if (with_slash := term_with_slash(path)) is not None:
        yield with_slash


def _spellings(path: str) -> Iterator[tuple[str, FormatName | None]]:
    """The addresses that `path` may stand for: without the name of an index page, with or without a suffix.

    Many systems ignore case in addresses, so the same in lower case come after them. Last comes what is left
    without the suffix of a format other than HTML, with that format.
    """
    for spelling in _spellings_of_page(path):
        yield spelling, None
    page, format_name = split_suffix(path)
    if format_name not in {None, "html"}:
        for spelling in _spellings_of_page(page):
            yield spelling, format_name


def _spellings_of_page(path: str) -> Iterator[str]:
    page = _WEB_PAGE.sub("", path)
    spellings = (path, page, f"{path}.html", f"{page}.html")
    yield from dict.fromkeys((*spellings, *(spelling.lower() for spelling in spellings)))
