"""Builds in a process of its own: SQLite's locks are those of a process, and a process can be killed.

It is forked from one that has imported the service, so that it begins to build at once.
"""

import multiprocessing
import os
import signal
from multiprocessing.process import BaseProcess
from pathlib import Path

from service.ingest import refresh_index
from service.model import Site
from tests.support.index_folder import NOW, Folder

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])


def start_build(folder: Folder, killed_at: int = -1) -> BaseProcess:
    """Bring the index of `folder` up to date; the process kills itself when it has read `killed_at` files."""
    process = _CONTEXT.Process(target=_build, args=(folder.url, folder.root, killed_at))
    process.start()
    return process


def exit_status(process: BaseProcess) -> int | None:
    """The exit status of a process once it has ended; that of a killed one is minus the signal."""
    process.join()
    return process.exitcode


def _build(url: str, root: Path, killed_at: int) -> None:
    def progress(done: int, total: int) -> None:
        if done == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)

    refresh_index(url, root, Site(), now=NOW, progress=progress)
