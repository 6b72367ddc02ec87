"""The numbers that every service counts, and how another command changes one of them."""

import mmap
import zlib
from collections.abc import Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Literal, get_args

from service.index import sibling_path

ProcessName = Literal["worker", "index refresher", "index follower", "index publisher", "WebSub publisher"]
PROCESSES: tuple[ProcessName, ...] = get_args(ProcessName)
"""The processes of a service, without their supervisor."""

IndexWriter = Literal["refresher", "follower", "command"]
INDEX_WRITERS: tuple[IndexWriter, ...] = get_args(IndexWriter)
"""Those that change what workers answer from: processes of the service, and another command."""

NUMBER_BYTES = 8

COMMON_KEYS: tuple[Hashable, ...] = (
    ("layout",),
    *(("index_changes", writer) for writer in INDEX_WRITERS),
    *(("faults",), ("scheduled",), ("departed",), ("refreshed",), ("refreshes",), ("failures",)),
    # `refresh_due` is an instant of time.monotonic(), which all processes of a machine share; 0 for unknown.
    *(("refresh_due",), ("settings_refused",), ("hubs_wanted",), ("watching",), ("stopping",)),
    ("content_unavailable",),
    # `hashing`: whether static files are still to be hashed, so that the index is not published yet.
    # `following`: whether another publisher has published other content, which is served.
    # `other_version`: whether another version of Broadsheet wrote what the store has, so that it is not read.
    *(("hashing",), ("following",), ("other_version",), ("generation",)),
    *(("publications",), ("publication_failures",), ("publishing_failed",)),
    # An instant of time.monotonic() at which the index was as it is published.
    ("published_as_of",),
    *((condition, name) for name in PROCESSES for condition in ("down", "restarts")),
)
"""The numbers that every service counts; others depend on its settings."""

LAYOUT = float(zlib.crc32(repr(COMMON_KEYS).encode()))
"""The value of `layout`: by it a command recognises the numbers of a service of its own version."""


@contextmanager
def odd_number(numbers: "memoryview[float]", place: int) -> Iterator[None]:
    """Make a number odd in the block, and even, and larger than before, after it."""
    before = numbers[place] // 2 * 2
    numbers[place] = before + 1
    try:
        yield
    finally:
        numbers[place] = before + 2


def command_changing_index(url: str) -> AbstractContextManager[None]:
    """As `Counters.changing_index`, for a command: whatever service may run on the index at `url`.

    A service of another version, whose numbers stand elsewhere, notices the change a moment later.
    """
    try:
        with sibling_path(url, "figures").open("r+b") as file:
            memory = mmap.mmap(file.fileno(), NUMBER_BYTES * len(COMMON_KEYS))
    except (OSError, ValueError):
        return nullcontext()  # no service has run on this index
    numbers = memoryview(memory).cast("d")
    if numbers[0] != LAYOUT:
        return nullcontext()
    return odd_number(numbers, COMMON_KEYS.index(("index_changes", "command")))
