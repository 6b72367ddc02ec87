"""Runs a function over many inputs in several processes: the same results in the same order as in one."""

import fcntl
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import accumulate
from multiprocessing.connection import Connection, wait
from typing import Generic, Protocol, TypeVar

import msgspec

MIN_INPUTS = 200
MIN_BYTES = 2_000_000
"""With fewer inputs and fewer bytes than this, starting processes takes longer than they save."""

MAX_PROCESSES = 4
MAX_CHUNK = 64
"""The most inputs that a process is given at once: many together take less time."""

MIN_CHUNK = 8
MAX_CHUNK_BYTES = 1_000_000
"""How many bytes of inputs a process is given at once: their results are several times as large."""

CHUNKS_PER_PROCESS = 4
"""How many chunks each process gets before chunks reach their smallest size."""

PIPE_BYTES = 1 << 20
"""The size of the pipe in which a process leaves its results before it waits."""

MAX_RECEIVED = 2
"""The most chunks of results that are received from a process before they are needed."""

COLLECTION_THRESHOLD = 50_000
"""How many new containers make the garbage collector run during a build."""

_STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM}


class HasSize(Protocol):
    @property
    def size(self) -> int:
        """In bytes."""


Input = TypeVar("Input", bound=HasSize)
Result = TypeVar("Result")


def run_in_processes(
    work: Callable[[Sequence[Input]], Sequence[Result]],
    inputs: Sequence[Input],
    kind: type[Result],
    processes: int | None = None,
) -> Generator[Result, None, None]:
    """The result of `work` for each of `inputs`, in order, from as many `processes` as there are free cores.

    `work` takes several inputs and gives a result for each. Results travel as MessagePack and are decoded as
    `kind`. Close the iterator to end the processes. The rest of a process that died is done in this one.
    """
    count = processes or processes_for(len(inputs), sum(each.size for each in inputs))
    chunks = [*_chunks(inputs, count)]
    decode = msgspec.msgpack.Decoder(tuple[kind, ...]).decode  # type: ignore[valid-type]
    pool: list[_PooledProcess[Input, Result]] = []
    try:
        if count > 1:
            # Where the system allows no more processes, this one does the chunks of those that are missing.
            with suppress(OSError):
                for first in range(count):
                    pool.append(_PooledProcess(work, chunks[first::count], pool))
        for number, chunk in enumerate(chunks):
            turn = number % count
            results = _next_results(pool[turn], pool) if turn < len(pool) else None
            if results is None:
                yield from work(chunk)
            else:
                yield from decode(results)
    finally:
        for process in pool:
            process.end()


def _chunks(inputs: Sequence[Input], count: int) -> Generator[Sequence[Input], None, None]:
    """Chunks for `count` processes in turn: smaller towards the end, so that all finish together."""
    start = 0
    while start < len(inputs):
        most = max(MIN_CHUNK, min(MAX_CHUNK, (len(inputs) - start) // (CHUNKS_PER_PROCESS * count)))
        sizes = accumulate(each.size for each in inputs[start : start + most])
        fitting = sum(1 for size in sizes if size <= MAX_CHUNK_BYTES)
        end = start + max(1, fitting)
        yield inputs[start:end]
        start = end


class _PooledProcess(Generic[Input, Result]):
    """A forked process that does its chunks in turn and waits until each result is received.

    It ends when no process is left to receive its results.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Input]], Sequence[Result]],
        chunks: Sequence[Sequence[Input]],
        earlier: "Sequence[_PooledProcess[Input, Result]]",
    ) -> None:
        self.received: deque[bytes] = deque()
        self.has_ended = False
        self.receiving, sending = multiprocessing.Pipe(duplex=False)
        _enlarge(sending)
        inherited = [process.receiving for process in (*earlier, self)]
        arguments = (work, chunks, sending, inherited)
        self._process = multiprocessing.get_context("fork").Process(target=_work, args=arguments, daemon=True)
        # A signal that arrives before the child has its own handlers would run those of the parent in it.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        sending.close()

    def receive(self) -> None:
        """Receive its next results; it must have sent some, or have ended."""
        try:
            self.received.append(self.receiving.recv_bytes())
        except (EOFError, OSError):
            self.has_ended = True

    def end(self) -> None:
        self.receiving.close()
        self._process.terminate()
        self._process.join()


def _next_results(
    process: _PooledProcess[Input, Result], pool: Sequence[_PooledProcess[Input, Result]]
) -> bytes | None:
    """The next results of `process` as MessagePack; None when it has died.

    Results of the others are received meanwhile, so that none waits for a slower one.
    """
    while not (process.received or process.has_ended):
        lagging = [each for each in pool if len(each.received) < MAX_RECEIVED and not each.has_ended]
        ready = wait([each.receiving for each in lagging])
        for each in lagging:
            if each.receiving in ready:
                each.receive()
    return process.received.popleft() if process.received else None


def _work(
    work: Callable[[Sequence[Input]], Sequence[Result]],
    chunks: Sequence[Sequence[Input]],
    sending: Connection,
    inherited: list[Connection],
) -> None:
    # Ctrl-C reaches the whole group; the parent decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)
    # With these open, this process would not see that the parent has died.
    for connection in inherited:
        connection.close()
    encode = msgspec.msgpack.Encoder().encode
    # Objects of the parent stay out of collections: neither copied nor, like its connection, closed.
    with rare_collections(), suppress(BrokenPipeError):
        for chunk in chunks:
            sending.send_bytes(encode(work(chunk)))


@contextmanager
def rare_collections() -> Iterator[None]:
    """Let the garbage collector run rarely, and leave out the objects that exist already.

    What a build makes is released without it, so that it finds little.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(COLLECTION_THRESHOLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _enlarge(sending: Connection) -> None:
    """Enlarge a pipe, so that its process continues while others are received from (Linux only)."""
    if sys.platform == "linux":
        with suppress(OSError):  # a user may have used up the limit
            fcntl.fcntl(sending.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def processes_for(inputs: int, total_bytes: int = 0) -> int:
    """How many processes to use: one for few inputs of few bytes, or where forking is unsafe.

    Forking is unsafe with several threads and on macOS. A daemon process, such as the index refresher, may
    have no children, and leaves the other cores to the workers that answer requests.
    """
    safe = (
        sys.platform == "linux"
        and threading.active_count() == 1
        and not multiprocessing.current_process().daemon
    )
    is_worthwhile = inputs >= MIN_INPUTS or total_bytes >= MIN_BYTES
    return min(MAX_PROCESSES, inputs, len(os.sched_getaffinity(0))) if safe and is_worthwhile else 1
