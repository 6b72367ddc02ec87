"""The beginnings of some articles of a folder: they show what the folder does throughout."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

MAX_FILES = 64
"""The number of article files, evenly spread over the sorted paths, that are examined."""

_BYTES = 8_000
_JSONL_BYTES = 200_000


def sample_articles(root: Path, paths: Sequence[str]) -> list[str]:
    """The beginnings of the sampled articles; none of a file that cannot be read.

    `paths` are those of all article files, sorted, so that the result depends on the folder alone.
    """
    step = math.ceil(len(paths) / MAX_FILES) or 1
    return [text for path in paths[::step] for text in _beginnings(root / path)]


def _beginnings(file: Path) -> Iterator[str]:
    is_jsonl = file.suffix.lower() == ".jsonl"
    try:
        with file.open("rb") as opened:
            data = opened.read(_JSONL_BYTES if is_jsonl else _BYTES)
    except OSError:
        return  # loading the article fails too, and reports it
    text = data.decode("utf-8", "replace")
    yield from text.split("\n")[:MAX_FILES] if is_jsonl else (text,)
