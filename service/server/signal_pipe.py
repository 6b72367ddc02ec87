"""Lets a signal end a wait: Python resumes one that a signal has interrupted (PEP 475)."""

import os
import signal
from contextlib import suppress


class SignalPipe:
    """Readable from when this process has received a signal that it handles until it is emptied.

    A process has one; a process that is forked from it ends the use of it with `release_signal_pipe`.
    """

    def __init__(self) -> None:
        self._reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    def fileno(self) -> int:
        return self._reader

    def empty(self) -> None:
        """Wait for the next signal from now on."""
        with suppress(BlockingIOError):
            while os.read(self._reader, 512):
                pass


def release_signal_pipe() -> None:
    """Write the signals of this process to the pipe of its parent no longer."""
    signal.set_wakeup_fd(-1)
