"""Runs the part of a command that is asynchronous."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

from service.cli.interruption import Terminated, terminate

T = TypeVar("T")


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which SIGTERM cancels. Raises Terminated then.

    The handler of the command would raise within any task of the loop, whose group wraps the exception.
    """

    async def run() -> T:
        task = asyncio.current_task()
        is_terminated = False

        def cancel() -> None:
            nonlocal is_terminated
            is_terminated = True
            if task:
                task.cancel()

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, cancel)
        try:
            return await work
        except asyncio.CancelledError:
            if is_terminated:
                raise Terminated from None
            raise

    try:
        return asyncio.run(run())
    finally:
        # Closing the loop has removed the handler of the command, too.
        signal.signal(signal.SIGTERM, terminate)
