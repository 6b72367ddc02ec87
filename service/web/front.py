"""The outermost layer: answers what is finished before anything is routed, and lets in what makes sense.

A hit costs one look into the memory. Its key holds everything an answer depends on: path and query string as
sent, what makes the base, the content coding, and for negotiated addresses Accept; so nothing a client sends
can change what another gets.
"""

import logging
import re
from collections.abc import Iterable, Mapping
from contextlib import nullcontext, suppress
from urllib.parse import unquote

from litestar.enums import ScopeType
from litestar.exceptions import MethodNotAllowedException, NotFoundException
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from service.content.identity.permalinks import site_path
from service.errors import InvalidHost, NotFound
from service.formats import FEEDS
from service.urls import LISTING_PATHS, Urls
from service.web import address, problems
from service.web.base_url import Base, Hosts
from service.web.desk import Desk
from service.web.disconnect import until_disconnect
from service.web.finished import BY_ACCEPT
from service.web.legacy_redirects import legacy_redirect
from service.web.negotiation import choose_coding
from service.web.visit import METHODS, Answer, Visit, moved, preflight

VISIT = "broadsheet.visit"
LONGEST_KEPT = 1000
MOST_HOSTS = 16
MOVED_SECONDS = 3600
MOST_WARNED = 8
PROBED = frozenset({"/healthz", "/readyz", "/metrics"})
"""Addresses that what watches over the service asks for by whatever name it has for this machine."""

log = logging.getLogger("broadsheet.web")

_WEB_PAGE = re.compile(r"(?:/index)?\.html?$")
_WITHOUT_HOST = frozenset({"1", "1.0"})
_FEED_PATHS = tuple(LISTING_PATHS[form] for form in FEEDS)


class Front:
    """An ASGI application around `inner`, which routes to a handler that leaves its answer in the visit."""

    def __init__(self, inner: ASGIApp, desk: Desk) -> None:
        self._inner = inner
        self._desk = desk
        self._memory = desk.memory
        self._counters = desk.counters
        self._hosts = Hosts(desk.settings)
        self._known_hosts: set[object] = set()
        self._warned_of: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._inner(scope, receive, send)
            return
        pairs = list(scope["headers"])
        headers: Mapping[bytes, bytes] = dict(pairs)
        method = scope["method"]
        client = scope.get("client")
        peer = client[0] if client else ""
        host_key = self._hosts.key(scope["scheme"], peer, headers)
        coding = choose_coding(headers.get(b"accept-encoding"))
        key = (scope["raw_path"], scope["query_string"], host_key, coding)
        if (method == "GET" or method == "HEAD") and len(headers) == len(pairs) and headers.get(b"host"):
            finished = self._memory.get(key)
            if finished is BY_ACCEPT:
                finished = self._memory.get((key, headers.get(b"accept")))
            if finished is not None:
                self._counters.responded(finished.form, await finished.send(method, headers, send))
                return
        kept = self._may_be_kept(scope, host_key, headers) and len(headers) == len(pairs)
        # Other methods may have a body, which belongs to their handler.
        async with until_disconnect(receive) if method in {"GET", "HEAD"} else nullcontext():
            await self._let_in(scope, receive, send, peer, key if kept else None)

    def follow_site(self) -> None:
        """Use the public URL of the site as it is now; called when the content has moved."""
        self._hosts.use(self._desk.site.public_url)

    def forget_hosts(self) -> None:
        """Let other Hosts than the first ones be remembered; called now and then."""
        self._known_hosts.clear()

    def _warn_of(self, base: Base) -> None:
        """Say, once for each address, that requests are sent elsewhere than all our links lead."""
        if base.elsewhere not in self._warned_of and len(self._warned_of) < MOST_WARNED:
            self._warned_of.add(base.elsewhere)
            log.warning(
                "a request was sent to %s, but public_url is %s, where every link and feed address leads; "
                "correct public_url, or the Host and X-Forwarded headers that the proxy hands on",
                base.elsewhere,
                base.url,
            )

    def _may_be_kept(self, scope: HTTPScope, host_key: object, headers: Mapping[bytes, bytes]) -> bool:
        """Whether the answer is remembered: strange Hosts and endless addresses would fill the memory."""
        longest = max(len(scope["raw_path"]), len(scope["query_string"]), len(headers.get(b"accept", b"")))
        if longest > LONGEST_KEPT:
            return False
        if host_key not in self._known_hosts and len(self._known_hosts) >= MOST_HOSTS:
            return False
        self._known_hosts.add(host_key)
        return True

    async def _let_in(self, scope: HTTPScope, receive: Receive, send: Send, peer: str, key: object) -> None:
        raw_path = scope["raw_path"]
        headers = _joined(scope["headers"])
        visit = Visit(
            scope["method"],
            raw_path.decode("latin-1"),
            scope["path"],
            scope["query_string"],
            headers,
            self._desk.site.public_url or "",
            self._desk.publisher.revision,
            key,
        )
        try:
            _check_host(scope)
            base = self._hosts.base(scope["scheme"], peer, scope.get("root_path", ""), headers)
            visit.base = base.url
            if base.elsewhere and visit.path not in PROBED:
                self._warn_of(base)
            if visit.method == "OPTIONS":
                # Also where nothing is: a browser reads a 404 only if its preflight went well.
                answer = preflight()
            else:
                address.check_address(raw_path, visit.query)
                redirect = self._redirect(visit, raw_path, base)
                answer = redirect or await self._route(scope, receive, send, visit)
        except Exception as error:
            negotiated = visit.path not in _FEED_PATHS
            answer = problems.answer(error, self._desk.site, visit, negotiated=negotiated)
        await self._desk.send(visit, answer, send)

    def _redirect(self, visit: Visit, raw_path: bytes, base: Base) -> Answer | None:
        """Where else the path leads: to the address without idle slashes, or to a feed's new address."""
        path = address.as_ascii(raw_path)
        if base.prefix and (path == base.prefix or path.startswith(f"{base.prefix}/")):
            path = path.removeprefix(base.prefix)
        visit.raw_path = path
        visit.path = unquote(path)
        normalised = address.normalise_path(path)
        query = address.as_ascii(visit.query)
        location = legacy_redirect(normalised, query)
        if location is None and normalised != path:
            location = address.with_query(normalised, query)
        if location is None:
            return None
        if visit.method not in METHODS:
            raise MethodNotAllowedException(headers={"allow": ", ".join(METHODS)})
        return moved(f"{visit.base}{location}", self._desk.cache_control(MOVED_SECONDS))

    async def _route(self, scope: HTTPScope, receive: Receive, send: Send, visit: Visit) -> Answer:
        scope["path"] = visit.path
        scope["root_path"] = ""
        scope["state"][VISIT] = visit
        try:
            await self._inner(scope, receive, send)
        except NotFoundException:
            return await self._formerly(visit, NotFound("There is nothing at this address."))
        except NotFound as error:
            # The site an article comes from may have had a folder `articles` of its own.
            return await self._formerly(visit, error)
        if visit.answer is None:
            raise LookupError(f"no handler answered {visit.path}")
        return visit.answer

    async def _formerly(self, visit: Visit, error: NotFound) -> Answer:
        """Where an article is now that had this path on the site it comes from. Raises `error` for none."""
        path = site_path(visit.raw_path)
        for name in dict.fromkeys((path, _WEB_PAGE.sub("", path), f"{path}.html")) if path else ():
            with suppress(NotFound):
                found = await self._desk.publisher.index.look_up(name)
                location = Urls(visit.base).article(found.slug)
                return moved(
                    address.with_query(location, address.as_ascii(visit.query)),
                    self._desk.cache_control(MOVED_SECONDS),
                )
        raise error


def _check_host(scope: HTTPScope) -> None:
    """Raise InvalidHost unless there is one Host; only HTTP/1.0 may do without (RFC 9112 §3.2).

    granian puts the authority of an HTTP/1.1 target in absolute form here only where there is no Host.
    """
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if len(hosts) > 1:
        raise InvalidHost("The request names several Hosts.")
    if scope["http_version"] not in _WITHOUT_HOST and not any(hosts):
        raise InvalidHost("The request names no Host; HTTP/1.1 requires one.")


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Headers by name; several lines of one name become one list (RFC 9110 §5.3)."""
    joined: dict[bytes, bytes] = {}
    for name, value in headers:
        joined[name] = joined[name] + b", " + value if name in joined else value
    return joined
