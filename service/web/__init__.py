"""HTTP: the address table, the door for parameters, negotiation, conditions, problems, the hot path."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any, NoReturn

from litestar import Litestar
from litestar.connection import Request

from service.errors import BroadsheetError
from service.log_on_change import LogOnChange
from service.publisher import Publisher
from service.settings import Settings
from service.web.counters import Counters, private_counters
from service.web.desk import Desk
from service.web.front import Front
from service.web.routes import route_handlers

NOTICE_SECONDS = 0.25
HOSTS_SECONDS = 60


def create(publisher: Publisher, settings: Settings, counters: Counters | None = None) -> Litestar:
    """The ASGI application that answers for `publisher`; it counts alone where no `counters` are given.

    While it runs it looks every quarter of a second whether the content has moved. It is ready while it sees
    the content.
    """
    desk = Desk(publisher, settings, counters or private_counters(settings))
    condition = LogOnChange(
        logging.WARNING,
        "changes of the content cannot be seen",
        "changes of the content are seen again",
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await _notice(desk, front, condition)
        watching = asyncio.create_task(_watch(desk, front, condition))
        try:
            yield
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
            await desk.files.close()

    app = Litestar(
        route_handlers=route_handlers(desk),
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
        exception_handlers={Exception: _give_back},
    )
    front = Front(app.asgi_handler, desk)
    app.asgi_handler = front
    return app


async def _watch(desk: Desk, front: Front, condition: LogOnChange) -> None:
    since_forgetting = 0.0
    while True:
        await asyncio.sleep(NOTICE_SECONDS)
        await _notice(desk, front, condition)
        since_forgetting += NOTICE_SECONDS
        if since_forgetting >= HOSTS_SECONDS:
            since_forgetting = 0.0
            front.forget_hosts()


async def _notice(desk: Desk, front: Front, condition: LogOnChange) -> None:
    try:
        if await desk.notice():
            front.follow_site()
    except BroadsheetError as error:
        condition.report(str(error))
    except Exception as error:
        condition.report(f"{type(error).__name__}: {error}", error)
    else:
        condition.report("")


def _give_back(_: Request[Any, Any, Any], error: Exception) -> NoReturn:
    """Hand an error to the front, where every problem is answered in one place."""
    raise error
