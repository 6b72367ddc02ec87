"""The beginnings of some articles of a folder: they show what the folder does throughout."""

import heapq
import zlib
from collections.abc import Collection, Iterable, Iterator
from itertools import repeat
from pathlib import Path

MAX_FILES = 64
"""The number of article files that are examined."""

_BYTES = 8_000
_JSONL_BYTES = 200_000


def choose_samples(paths: Collection[str]) -> tuple[str, ...]:
    """The paths of the files to examine, sorted; they depend on the folder alone.

    They are chosen by a hash of the path, so that a file that comes or goes leaves the others as they are.
    """
    smallest = heapq.nsmallest(MAX_FILES, sampling_keys(paths))
    return tuple(sorted(path for _, path in smallest))


def sampling_keys(paths: Collection[str]) -> Iterator[tuple[int, str]]:
    """A key of each path: the files with the smallest keys are examined."""
    encoded = map(str.encode, paths, repeat("utf-8"), repeat("surrogateescape"))
    return zip(map(zlib.crc32, encoded), paths, strict=True)


def read_samples(root: Path, paths: Iterable[str]) -> list[tuple[str, str]]:
    """(path, text) of the beginnings of the articles in the files `paths`; none of an unreadable file."""
    return [(path, text) for path in paths for text in _beginnings(root / path)]


def _beginnings(file: Path) -> Iterator[str]:
    is_jsonl = file.suffix.lower() == ".jsonl"
    try:
        with file.open("rb") as opened:
            data = opened.read(_JSONL_BYTES if is_jsonl else _BYTES)
    except OSError:
        return  # loading the article fails too, and reports it
    text = data.decode("utf-8", "replace")
    yield from text.split("\n")[:MAX_FILES] if is_jsonl else (text,)
