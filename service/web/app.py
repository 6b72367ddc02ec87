"""The Litestar application."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from litestar import Litestar
from litestar.connection import Request
from litestar.di import Provide
from litestar.response import Response

from service.formats.html import fault_of_templates
from service.index import Index
from service.model import Site
from service.publisher import Publisher
from service.replication.follow import followed_index
from service.settings import Settings, load
from service.web.addresses.base_url import Hosts
from service.web.addresses.middleware import AddressMiddleware
from service.web.application_state import ApplicationState, application_state
from service.web.change_waiters import ChangeWaiters
from service.web.content_files import FileSource, FolderFiles
from service.web.handlers import ROUTE_HANDLERS
from service.web.http.edge_headers import EdgeHeaders
from service.web.metrics.counters import Counters, private_counters
from service.web.openapi.document import openapi_config
from service.web.openapi.schemas import ComponentSchemas
from service.web.problems.failure_log import FailureLog
from service.web.problems.response import problem_response
from service.web.response_cache import ResponseCache
from service.web.revision_poller import POLL_SECONDS, RevisionPoller
from service.web.stored_files import FollowedFiles, StoredFiles

FORGET_HOSTS_SECONDS = 60


def create_app(
    settings: Settings | None = None,
    index: Index | None = None,
    counters: Counters | None = None,
    request_reload: Callable[[], None] | None = None,
    *,
    stores_responses: bool = True,
) -> Litestar:
    """The application that answers for `settings`, by default those of the environment.

    It opens nothing before it starts: then the index of the settings, unless it is given an open `index`,
    which it does not close. Without `counters` it counts for itself; without `request_reload` it cannot ask
    for a look at the folder. One that does not store responses sends each as its handler made it, not
    compressed and with its cache keys, for an export. The lifespan raises IndexUnavailable.
    """
    settings = settings or load({}, check_templates=fault_of_templates)
    counters = counters or private_counters(settings)
    hosts = Hosts(settings)

    # The other three quarters are for the same responses, encoded, if these are stored.
    publisher_bytes = settings.cache_megabytes * (250_000 if stores_responses else 1_000_000)

    def follow_content(site: Site, touched: frozenset[str]) -> None:
        hosts.use(site.public_url)
        cache.discard(touched)

    @contextlib.asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with _open_state(
            settings, index, counters, request_reload, publisher_bytes, follow_content
        ) as app_state:
            app.state["app_state"] = app_state
            await app_state.poller.poll()
            waiters = app_state.waiters
            async with _running(app_state.poller.run(), _forget_hosts(cache), _end_waits(counters, waiters)):
                try:
                    yield
                finally:
                    waiters.close()

    app = Litestar(
        route_handlers=ROUTE_HANDLERS,
        lifespan=[lifespan],
        dependencies={"app_state": Provide(application_state, sync_to_thread=False)},
        exception_handlers={Exception: _respond_to_error},
        openapi_config=openapi_config(),
        plugins=[ComponentSchemas()],
        logging_config=None,
    )

    async def catch_up() -> bool:
        app_state: ApplicationState = app.state["app_state"]
        return await app_state.poller.poll()

    middleware = AddressMiddleware(app.asgi_handler, hosts)
    cache = ResponseCache(
        middleware,
        hosts,
        counters,
        settings.cache_megabytes * 750_000,
        catch_up,
        EdgeHeaders(settings.surrogate_key_headers, settings.edge_max_age_seconds),
    )
    app.asgi_handler = cache if stores_responses else middleware
    return app


@contextlib.asynccontextmanager
async def _open_state(
    settings: Settings,
    index: Index | None,
    counters: Counters,
    request_reload: Callable[[], None] | None,
    publisher_bytes: int,
    follow_content: Callable[[Site, frozenset[str]], None],
) -> AsyncIterator[ApplicationState]:
    """The state of a worker, with the index of the settings unless one is given. Raises IndexUnavailable.

    `follow_content` is called when the content has changed, with the site and the keys that changed.
    """
    async with contextlib.AsyncExitStack() as stack:
        if index is None:
            index = open_index(settings)
            stack.push_async_callback(index.close)
        publisher = Publisher(index, settings.site, cache_bytes=publisher_bytes)
        waiters = ChangeWaiters(counters.set_waiting)

        def on_change(touched: frozenset[str]) -> None:
            follow_content(publisher.site, touched)
            waiters.notify()

        poller = RevisionPoller(
            publisher,
            on_change,
            counters.set_served,
            counters.index_changes if counters.is_shared else None,
        )
        files = _files(settings, index)
        stack.push_async_callback(files.close)
        stack.callback(counters.set_served, 0)
        index_failures = FailureLog("requests cannot be answered from the index")
        yield ApplicationState(
            settings, index, publisher, files, counters, poller, waiters, index_failures, request_reload
        )


def open_index(settings: Settings) -> Index:
    """The index of `settings`; a replica may have none yet. Raises IndexUnavailable."""
    return Index(
        settings.index,
        is_replica=settings.from_store is not None,
        followed=followed_index(settings.index) if settings.publish else None,
    )


def _files(settings: Settings, index: Index) -> FileSource:
    """The static files: in the content folder, or on a replica in the store."""
    most_bytes = settings.file_cache_megabytes * 1_000_000
    if settings.from_store is not None:
        return StoredFiles(index, settings.index, "from", settings.from_store, most_bytes)
    own_files = FolderFiles(settings.content)
    if settings.publish is None:
        return own_files
    stored = StoredFiles(index, followed_index(settings.index), "publish", settings.publish, most_bytes)
    return FollowedFiles(index, own_files, stored)


async def _forget_hosts(cache: ResponseCache) -> None:
    while True:
        await asyncio.sleep(FORGET_HOSTS_SECONDS)
        cache.forget_hosts()


async def _end_waits(counters: Counters, waiters: ChangeWaiters) -> None:
    """End the waits of requests as soon as the service is about to stop."""
    await waiters.wait_for_request()
    while not counters.get("stopping"):
        await asyncio.sleep(POLL_SECONDS)
        await waiters.wait_for_request()
    waiters.close()


@contextlib.asynccontextmanager
async def _running(*coroutines: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run these as tasks until the end of the block."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task


def _respond_to_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    return problem_response(request.scope, error)
