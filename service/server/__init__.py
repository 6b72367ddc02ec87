"""Joins settings, index, publisher and web into a running service.

`serve` or, on a replica, `serve_replica` is the parent: it has read the settings, and supervises the workers
and what keeps the index. A `WorkerLoader` makes the application in each worker. They meet only in the index.
"""

import contextlib
import ctypes
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial
from typing import Any

import httpx
import msgspec
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from litestar import Litestar

from service import __version__
from service.errors import AddressUnavailable, BroadsheetError, IndexUnavailable, reason_of
from service.index.database import file_of, make_folder
from service.ingest import FileHasher, Report
from service.ingest.watch import FolderWatch
from service.purging.notifier import PurgeNotifier
from service.replication.follow import end_following, followed_index, read_state
from service.server.child_process import begin_child
from service.server.index_follower import IndexFollower
from service.server.index_publisher import IndexPublisher
from service.server.index_refresher import IndexRefresher, log_report
from service.server.notifications import ServedRevisions, run_notifiers
from service.server.supervisor import ProcessSupervisor, Task
from service.settings import Settings
from service.settings.log_config import configure_logging, logging_config
from service.web.app import create_app, open_index
from service.web.metrics.counters import Counters, create_counters, open_counters
from service.web.revision_poller import POLL_SECONDS
from service.webhooks.notifier import WebhookNotifier
from service.websub.notifier import WebSubNotifier

M_ARENA_MAX = -8
MOST_CONNECTIONS = 2048
"""Of one worker; further ones wait until one is closed. Granian's default, 1,024 of all workers together, are
fewer than the requests that may wait for a change."""

OTHER_FILES = 256
"""About how many files a worker has open besides its connections, and a static file for each."""

FIRST_HASHING_SECONDS = 1.0
"""How long the start waits, at the most, for the hashes of small files; the others follow while it serves."""

LOCAL_BASE = "http://localhost:8000"

__all__ = ["LOCAL_BASE", "application", "application_client", "fetch_response", "serve", "serve_replica"]

log = logging.getLogger("broadsheet")


class WorkerLoader(msgspec.Struct, frozen=True):
    """Makes the application in a worker process, with the settings that the process `parent` has read.

    It can be pickled: where workers are spawned and not forked, they get it so.
    """

    settings: Settings
    parent: int

    def __call__(self) -> Litestar:
        begin_child(self.parent)
        share_memory_among_threads()
        configure_logging(self.settings.log_level)
        try:
            counters = open_counters(self.settings, worker=True)
            # The parent passes it on to the index refresher.
            return application(self.settings, counters, partial(os.kill, self.parent, signal.SIGHUP))
        except BroadsheetError as error:
            log.error("a worker cannot start: %s", error)
            sys.exit(1)


def share_memory_among_threads() -> None:
    """Let all threads allocate from one arena, where the C library is glibc.

    By default each thread has arenas of its own, which keep what large answers once took: with a dozen
    threads that is more than everything else together. Python allocates under one lock anyway.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def application(
    settings: Settings, counters: Counters | None = None, request_reload: Callable[[], None] | None = None
) -> Litestar:
    """The application that answers for `settings` from an index built before, counting in `counters`."""
    index = open_index(settings)
    app = create_app(settings, index, counters, request_reload)
    app.on_shutdown.append(index.close)
    return app


def serve(
    settings: Settings,
    report: Report,
    webhook_keys: Mapping[str, tuple[bytes, ...]],
    purge_tokens: Mapping[str, str],
    watch: FolderWatch | None = None,
) -> None:
    """Serve on host and port until SIGINT or SIGTERM; `report` is that of the preceding build.

    `webhook_keys` sign the requests to each webhook, by its url; `purge_tokens` are those of caches, by the
    id of their table. `watch` is one on the content that began before the build: without it, all of the
    content is looked at once more. Raises AddressUnavailable.
    """
    with reserve_address(settings.host, settings.port) as ip:
        for note in settings.notes:
            log.warning("%s", note)
        log_report(report)
        log.info("Serving %s on %s", settings.content, _address(settings))
        counters = create_counters(settings)
        committing = partial(counters.changing_index, "refresher")
        hasher = FileHasher(settings.index, settings.content, settings.site, committing=committing)
        try:
            hasher.work(FIRST_HASHING_SECONDS)
        except IndexUnavailable as error:
            log.warning("files have no ETag yet: %s", error)
        if settings.publish is not None:
            end_following(followed_index(settings.index))
        tasks = _tasks(settings, report, counters, hasher, webhook_keys, purge_tokens, watch)
        _supervise(settings, ip, tasks, counters)


def serve_replica(settings: Settings, address: str) -> None:
    """Serve what is published in the store at `address` until SIGINT or SIGTERM.

    Raises AddressUnavailable, and SettingsError if the index was not made from this store.
    """
    with reserve_address(settings.host, settings.port) as ip:
        for note in settings.notes:
            log.warning("%s", note)
        installed = read_state(address, settings.index).installed
        log.info("Serving %s on %s", address, _address(settings))
        make_folder(file_of(settings.index))
        counters = create_counters(settings)
        counters.set(installed.generation if installed else 0, "generation")
        follower = IndexFollower(settings, "from", address, settings.index, counters)
        _supervise(settings, ip, (Task("index follower", follower.run),), counters)


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}/"


def _supervise(settings: Settings, ip: str, tasks: tuple[Task, ...], counters: Counters) -> None:
    """Run `tasks`, and workers that listen on the address `ip`, until SIGINT or SIGTERM."""
    server = ProcessSupervisor(
        tasks,
        counters,
        address=ip,
        port=settings.port,
        interface=Interfaces.ASGI,
        # Over HTTP/2 an application is shown either :authority or host, so it cannot refuse a request in
        # which they differ (RFC 9113 §8.3.1). Proxies speak HTTP/1.1 to what is behind them.
        http=HTTPModes.http1,
        workers=settings.workers,
        backpressure=allow_connections(MOST_CONNECTIONS),
        websockets=False,
        log_level=LogLevels.debug if settings.log_level == "debug" else LogLevels.warning,
        log_dictconfig=logging_config(settings.log_level),
    )
    server.serve(target_loader=WorkerLoader(settings, os.getpid()), wrap_loader=False)


def allow_connections(most: int) -> int:
    """Allow this process and its children the open files that `most` connections take.

    The result is for how many connections they suffice, if they are limited.
    """
    needed = 2 * most + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return most if soft == resource.RLIM_INFINITY else min(most, max(soft // 4, (soft - OTHER_FILES) // 2))


def _tasks(
    settings: Settings,
    report: Report,
    counters: Counters,
    hasher: FileHasher,
    webhook_keys: Mapping[str, tuple[bytes, ...]],
    purge_tokens: Mapping[str, str],
    watch: FolderWatch | None,
) -> tuple[Task, ...]:
    def is_following() -> bool:
        return bool(counters.get("following"))

    refresher = IndexRefresher(settings, report, counters, hasher, watch)
    wait = ServedRevisions(settings, counters).wait
    websub = WebSubNotifier(settings.index, settings.site, counters, wait, poll_seconds=POLL_SECONDS)
    webhooks = WebhookNotifier(
        settings.index, settings.webhooks, webhook_keys, counters, wait, poll_seconds=POLL_SECONDS
    )
    purges = PurgeNotifier(settings.index, settings.purges, purge_tokens, counters, wait)
    tasks = (
        Task("index refresher", refresher.run, on_start=refresher.release_watch),
        Task(
            "WebSub publisher",
            partial(run_notifiers, websub, webhooks, purges, is_following),
            lambda: (
                not is_following()
                and (bool(settings.webhooks or settings.purges) or bool(counters.get("hubs_wanted")))
            ),
        ),
    )
    if settings.publish is None:
        return tasks
    follower = IndexFollower(
        settings, "publish", settings.publish, followed_index(settings.index), counters, is_following
    )
    return (
        *tasks,
        Task("index publisher", IndexPublisher(settings, settings.publish, counters).run),
        Task("index follower", follower.run, is_following),
    )


@contextlib.contextmanager
def reserve_address(host: str, port: int) -> Iterator[str]:
    """Keep servers other than the workers from listening on `host` and `port`; the result is its IP address.

    Granian shares its port among workers (SO_REUSEPORT), so it would share it with another server as well.
    Raises AddressUnavailable.
    """
    with contextlib.ExitStack() as stack:
        try:
            family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            reserved = stack.enter_context(socket.socket(family, kind))
            # While it binds, connections that are being closed do not matter.
            reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            reserved.bind(address)
            reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
            reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        except OSError as error:
            raise AddressUnavailable(host, port, reason_of(error)) from None
        yield str(address[0])


async def fetch_response(settings: Settings, address: str) -> httpx.Response:
    """The response to a GET of `address` (a path and query, or a whole address), without a server."""
    async with application_client(settings) as client:
        return await client.get(address)


@contextlib.asynccontextmanager
async def application_client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client that calls the application directly, without a server."""
    app = application(settings)
    asgi: Any = app  # Litestar's types of the same ASGI messages are narrower than httpx's
    transport = httpx.ASGITransport(asgi)
    base = settings.site.public_url or LOCAL_BASE
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url=base) as client:
        client.headers["User-Agent"] = f"broadsheet/{__version__}"
        yield client
