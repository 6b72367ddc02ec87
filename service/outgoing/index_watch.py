"""Keeps work that follows an index running: after an error it starts again."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from service.errors import BroadsheetError
from service.index import Index, Revision
from service.log_on_change import LogOnChange

RETRY_SECONDS = 5.0

WaitUntilServed = Callable[[int, Revision], Awaitable[None]]
"""Returns when nothing of an earlier revision than this one, of this generation, is served any more."""


async def keep_following(
    index_url: str,
    start: Callable[[Index, AsyncExitStack, asyncio.TaskGroup], Awaitable[None]],
    error_log: LogOnChange,
) -> None:
    """Run the tasks that `start` adds, until cancelled; after an error of one, log it and start again later.

    They follow the index at `index_url`. When they have ended it is closed, with what else is on the stack.
    """
    while True:
        try:
            async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
                index = Index(index_url)
                stack.push_async_callback(index.close)
                await start(index, stack, tasks)
                error_log.report("")
        except* BroadsheetError as group:
            error_log.report_error(group.exceptions[0])
        except* Exception as group:
            error_log.report_error(group.exceptions[0])
        await asyncio.sleep(RETRY_SECONDS)
