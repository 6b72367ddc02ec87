"""The beginnings of some articles of a folder: they show what the folder does throughout."""

import heapq
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

MAX_FILES = 64
"""The number of article files that are examined."""

_BYTES = 8_000
_JSONL_BYTES = 200_000


def choose_samples(paths: Iterable[str]) -> tuple[str, ...]:
    """The paths of the files to examine, sorted; they depend on the folder alone.

    They are chosen by a hash of the path, so that a file that comes or goes leaves the others as they are.
    """
    return tuple(sorted(heapq.nsmallest(MAX_FILES, paths, key=sampling_key)))


def sampling_key(path: str) -> tuple[int, str]:
    """The files with the smallest keys are examined."""
    return zlib.crc32(path.encode("utf-8", "surrogateescape")), path


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
