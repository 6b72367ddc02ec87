"""Keeps work that follows an index running: after an error it starts again."""

import asyncio
from collections.abc import Awaitable, Callable

from service.errors import BroadsheetError
from service.index import Index
from service.log_on_change import LogOnChange

RETRY_SECONDS = 5.0


async def keep_following(
    index_url: str, follow: Callable[[Index], Awaitable[None]], error_log: LogOnChange
) -> None:
    """Run `follow` on the index at `index_url` until cancelled; after an error, log it and run it later."""
    while True:
        try:
            index = Index(index_url)
            try:
                await follow(index)
            finally:
                await index.close()
        except* BroadsheetError as group:
            error_log.report_error(group.exceptions[0])
        except* Exception as group:
            error_log.report_error(group.exceptions[0])
        await asyncio.sleep(RETRY_SECONDS)
