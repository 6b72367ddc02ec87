"""Files read and parsed, here or in several processes: the answers are the same, in the same order."""

import gc
import hashlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from service.content import load, read
from service.content.loaded import Context, Loaded
from service.errors import ContentError, Fault
from service.index.sqlite.rows import Row, rows_of
from service.model import Site

FEWEST = 200
"""With fewer files than this, starting processes takes longer than they save."""

MOST_PROCESSES = 4
CHUNK = 8
"""How many files a process answers for at once: it is never further ahead than this."""


class Asked(msgspec.Struct, frozen=True):
    """A file to be read, and the hash of the bytes it had at the last build; None for a new one."""

    path: str
    known: str | None


class Parsed(msgspec.Struct, frozen=True, array_like=True):
    """What a file holds. `loaded` is without its articles, which are `rows`; None when its bytes are known.

    `sha256` is "" when the file could not be read.
    """

    sha256: str
    loaded: Loaded | None = None
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[Parsed, ...]).decode


class Parsing(msgspec.Struct, frozen=True):
    """How the files below `root` are parsed."""

    root: Path
    site: Site
    context: Context = Context()

    def parse(self, asked: Asked) -> Parsed:
        """Read one file, and parse it if its bytes are not known."""
        try:
            data = read(self.root, asked.path)
        except ContentError as error:
            return Parsed("", Loaded((), (Fault(asked.path, error.line, error.message),)))
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 == asked.known:
            return Parsed(sha256)
        loaded = load(self.root, asked.path, data, self.site, self.context)
        rows, faults = rows_of(asked.path, loaded.articles, self.site)
        return Parsed(sha256, msgspec.structs.replace(loaded, articles=()), rows, faults)

    def parse_all(
        self, asked: Sequence[Asked], processes: int | None = None
    ) -> Generator[Parsed, None, None]:
        """Read every file, in order, in as many `processes` as there are cores to spare.

        Close the iterator to end the processes. What one of them left undone when it died is done here.
        """
        count = processes or processes_for(len(asked))
        chunks = [asked[start : start + CHUNK] for start in range(0, len(asked), CHUNK)]
        workers: list[_Worker] = []
        try:
            if count > 1:
                # Where no more processes or pipes are allowed, those there are answer for their chunks.
                with suppress(OSError):
                    for first in range(count):
                        workers.append(_Worker(self, chunks[first::count], workers))
            for number, chunk in enumerate(chunks):
                mine = number % count
                answers = workers[mine].receive() if mine < len(workers) else None
                if answers is None:
                    yield from map(self.parse, chunk)
                else:
                    yield from answers
        finally:
            for worker in workers:
                worker.end()


class _Worker:
    """A process that parses every chunk given to it in turn, and waits until each is taken.

    It is forked, so it has all it needs. It ends when nobody is left to take its answers.
    """

    def __init__(self, parsing: Parsing, chunks: Sequence[Sequence[Asked]], earlier: list["_Worker"]) -> None:
        self.receiving, sending = multiprocessing.Pipe(duplex=False)
        inherited = [worker.receiving for worker in (*earlier, self)]
        arguments = (parsing, chunks, sending, inherited)
        self._process = multiprocessing.get_context("fork").Process(target=_work, args=arguments, daemon=True)
        self._process.start()
        sending.close()

    def receive(self) -> tuple[Parsed, ...] | None:
        """The next answers; None when the process has died."""
        try:
            return _decode(self.receiving.recv_bytes())
        except (EOFError, OSError):
            return None

    def end(self) -> None:
        self.receiving.close()
        self._process.terminate()
        self._process.join()


def _work(
    parsing: Parsing, chunks: Sequence[Sequence[Asked]], sending: Connection, inherited: list[Connection]
) -> None:
    # Ctrl-C reaches the whole group; the parent decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # What the parent holds stays out of collections: neither copied nor, like its connection, ever closed.
    gc.freeze()
    # Were these open here, this process would not notice that the parent has gone.
    for connection in inherited:
        connection.close()
    with suppress(BrokenPipeError):
        for chunk in chunks:
            sending.send_bytes(_encode(tuple(map(parsing.parse, chunk))))


def processes_for(files: int) -> int:
    """How many processes to use: one where there is little to do or where forking is not safe.

    It is not with several threads, nor on macOS; and a daemon, as the keeper is, may have no children, and
    should leave the other cores to those who answer.
    """
    safe = (
        sys.platform == "linux"
        and threading.active_count() == 1
        and not multiprocessing.current_process().daemon
    )
    return min(MOST_PROCESSES, len(os.sched_getaffinity(0))) if safe and files >= FEWEST else 1
