"""One piece of work for many things, done here or in several processes: equal answers in the same order."""

import fcntl
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar

import msgspec

FEWEST = 200
"""With fewer things to do than this, starting processes takes longer than they save."""

MOST_PROCESSES = 4
CHUNK = 64
"""How many things a process answers for at once, at the most: many together take less time."""

FEWEST_TOGETHER = 8
TURNS = 4
"""How many chunks there are for each process, until they are the smallest."""

PIPE_BYTES = 1 << 20
"""How much of its answers a process may leave in its pipe before it waits."""

MOST_HEARD = 4
"""How many chunks of a process are heard, at the most, before they are wanted."""

COLLECT_AFTER = 50_000
"""How many more containers than before there must be in a process for it to look for cycles among them."""

_STOPS = {signal.SIGINT, signal.SIGTERM}

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


def run_in_processes(
    work: Callable[[Sequence[Asked]], Sequence[Answer]],
    asked: Sequence[Asked],
    kind: type[Answer],
    processes: int | None = None,
) -> Generator[Answer, None, None]:
    """What `work` answers to each of `asked`, in order, in as many `processes` as there are cores to spare.

    It is given several at once, and answers each. `kind` is what the answers are, as msgspec reads them.
    Close the iterator to end the processes. What one of them left undone when it died is done here.
    """
    count = processes or processes_for(len(asked))
    chunks = [*_chunks(asked, count)]
    decode = msgspec.msgpack.Decoder(tuple[kind, ...]).decode  # type: ignore[valid-type]
    workers: list[_Worker[Asked, Answer]] = []
    try:
        if count > 1:
            # Where no more processes or pipes are allowed, those there are answer for their chunks.
            with suppress(OSError):
                for first in range(count):
                    workers.append(_Worker(work, chunks[first::count], workers))
        for number, chunk in enumerate(chunks):
            mine = number % count
            answers = _next_of(workers[mine], workers) if mine < len(workers) else None
            if answers is None:
                yield from work(chunk)
            else:
                yield from decode(answers)
    finally:
        for worker in workers:
            worker.end()


def _chunks(asked: Sequence[Asked], count: int) -> Generator[Sequence[Asked], None, None]:
    """What each of `count` processes is given in turn: less towards the end, so that none has much left."""
    start = 0
    while start < len(asked):
        size = max(FEWEST_TOGETHER, min(CHUNK, (len(asked) - start) // (TURNS * count)))
        yield asked[start : start + size]
        start += size


class _Worker(Generic[Asked, Answer]):
    """A process that answers for every chunk given to it in turn, and waits until each is taken.

    It is forked, so it has all it needs. It ends when nobody is left to take its answers.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Asked]], Sequence[Answer]],
        chunks: Sequence[Sequence[Asked]],
        earlier: "Sequence[_Worker[Asked, Answer]]",
    ) -> None:
        self.heard: deque[bytes] = deque()
        self.has_ended = False
        self.receiving, sending = multiprocessing.Pipe(duplex=False)
        _widen(sending)
        inherited = [worker.receiving for worker in (*earlier, self)]
        arguments = (work, chunks, sending, inherited)
        self._process = multiprocessing.get_context("fork").Process(target=_work, args=arguments, daemon=True)
        # A signal that comes before the process has handlers of its own would run those of this one in it.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        sending.close()

    def hear(self) -> None:
        """Take its next answers, which there are unless it has ended."""
        try:
            self.heard.append(self.receiving.recv_bytes())
        except (EOFError, OSError):
            self.has_ended = True

    def end(self) -> None:
        self.receiving.close()
        self._process.terminate()
        self._process.join()


def _next_of(worker: _Worker[Asked, Answer], workers: Sequence[_Worker[Asked, Answer]]) -> bytes | None:
    """The next answers of `worker`, as msgpack; None when it has died before.

    The others are heard meanwhile, so that none waits for a slower one.
    """
    while not (worker.heard or worker.has_ended):
        behind = [each for each in workers if len(each.heard) < MOST_HEARD and not each.has_ended]
        ready = wait([each.receiving for each in behind])
        for each in behind:
            if each.receiving in ready:
                each.hear()
    return worker.heard.popleft() if worker.heard else None


def _work(
    work: Callable[[Sequence[Asked]], Sequence[Answer]],
    chunks: Sequence[Sequence[Asked]],
    sending: Connection,
    inherited: list[Connection],
) -> None:
    # Ctrl-C reaches the whole group; the parent decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    # What the parent holds stays out of collections: neither copied nor, like its connection, ever closed.
    # What is made here is let go of with each chunk, so collections find little: they need not come often.
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    # Were these open here, this process would not notice that the parent has gone.
    for connection in inherited:
        connection.close()
    encode = msgspec.msgpack.Encoder().encode
    with suppress(BrokenPipeError):
        for chunk in chunks:
            sending.send_bytes(encode(work(chunk)))


def _widen(sending: Connection) -> None:
    """Give a pipe room for some answers: a process goes on while others are heard (Linux only)."""
    if sys.platform == "linux":
        with suppress(OSError):  # a user may have only so many
            fcntl.fcntl(sending.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def processes_for(things: int) -> int:
    """How many processes to use: one where there is little to do or where forking is not safe.

    It is not with several threads, nor on macOS; and a daemon, as the index refresher is, may have no
    children, and should leave the other cores to those who answer.
    """
    safe = (
        sys.platform == "linux"
        and threading.active_count() == 1
        and not multiprocessing.current_process().daemon
    )
    return min(MOST_PROCESSES, len(os.sched_getaffinity(0))) if safe and things >= FEWEST else 1
