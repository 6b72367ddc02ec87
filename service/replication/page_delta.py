"""Deltas between two states of a database: its changed pages, compressed against the same pages before.

An edit changes few bytes of most pages that it touches, so a delta is about as large as what was changed.
"""

import os
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from service.errors import SnapshotUnusable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST_BYTES = 32 << 20
"""How much all changed pages may take; after a larger change, a snapshot is published instead."""

SMALL_BYTES = 4 << 20
SMALL_LEVEL, LARGE_LEVEL = 19, 9
"""The level of compression up to SMALL_BYTES of changed pages, which takes tenths of a second, and above."""

COMPARED_BYTES = 1 << 20
WINDOW_LOG = 26
"""The compressor finds repetitions within so many bits of distance: the pages before and after."""

_HEADER = struct.Struct("<4sIIII")
"""The format, the bytes of a page, the pages of the whole database, how many of them are in the delta, and
the bytes of their compressed numbers, which follow. The pages follow those, compressed."""

_FORMAT = b"Bsd1"

_DECOMPRESSION: dict[int, int] = {zstd.DecompressionParameter.window_log_max: WINDOW_LOG + 1}


def make_delta(before: Path, after: Path, page_bytes: int) -> bytes | None:
    """The delta that makes the database `before` equal to `after`; None if it would be too large."""
    old_pages: list[bytes] = []
    new_pages: list[bytes] = []
    numbers: list[int] = []
    with before.open("rb") as old_file, after.open("rb") as new_file:
        position = 0
        while new := new_file.read(COMPARED_BYTES):
            old = old_file.read(COMPARED_BYTES)
            for start in range(0, len(new), page_bytes) if new != old else ():
                new_page, old_page = new[start : start + page_bytes], old[start : start + page_bytes]
                if new_page != old_page:
                    numbers.append((position + start) // page_bytes)
                    new_pages.append(new_page)
                    old_pages.append(old_page)
            position += len(new)
            if len(numbers) * page_bytes > MOST_BYTES:
                return None
    packed = bytes(zstd.compress(_to_bytes(numbers)))
    header = _HEADER.pack(_FORMAT, page_bytes, position // page_bytes, len(numbers), len(packed))
    return b"".join((header, packed, _compress(b"".join(new_pages), old_pages)))


def apply_delta(database: Path, delta: bytes) -> None:
    """Change `database` in place as `delta` says; a file in which this was interrupted is damaged.

    Raises SnapshotUnusable, before anything is changed, if the delta is of another state of the database.
    """
    try:
        known, page_bytes, pages_in_all, count, packed_bytes = _HEADER.unpack_from(delta)
        packed = delta[_HEADER.size : _HEADER.size + packed_bytes]
        numbers = _from_bytes(zstd.decompress(packed))
        with database.open("r+b") as file:
            old_pages = [_read_page(file, number, page_bytes) for number in numbers]
            new_pages = zstd.decompress(
                delta[_HEADER.size + packed_bytes :], zstd_dict=_prefix(old_pages), options=_DECOMPRESSION
            )
            if known != _FORMAT or (len(numbers), len(new_pages)) != (count, count * page_bytes):
                raise SnapshotUnusable("a delta is incomplete")
            for place, number in enumerate(numbers):
                file.seek(number * page_bytes)
                file.write(new_pages[place * page_bytes : (place + 1) * page_bytes])
            file.truncate(pages_in_all * page_bytes)
            file.flush()
            os.fsync(file.fileno())
    except (zstd.ZstdError, struct.error, ValueError) as error:
        raise SnapshotUnusable(
            f"a delta does not match the database that it is to change ({error})"
        ) from error


def _compress(pages: bytes, old_pages: Sequence[bytes]) -> bytes:
    """`pages` compressed against what they were before."""
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: SMALL_LEVEL
        if len(pages) <= SMALL_BYTES
        else LARGE_LEVEL,
        zstd.CompressionParameter.window_log: WINDOW_LOG,
        zstd.CompressionParameter.checksum_flag: 1,
    }
    return bytes(zstd.compress(pages, options=options, zstd_dict=_prefix(old_pages)))


def _read_page(file: BinaryIO, number: int, page_bytes: int) -> bytes:
    """A page of a database; empty beyond its end."""
    file.seek(number * page_bytes)
    return file.read(page_bytes)


def _prefix(pages: Sequence[bytes]) -> tuple[zstd.ZstdDict, int] | None:
    """What the compressor refers to; none if there is too little for a dictionary."""
    content = b"".join(pages)
    return zstd.ZstdDict(content, is_raw=True).as_prefix if len(content) >= 8 else None


def _to_bytes(numbers: Sequence[int]) -> bytes:
    """Numbers of 32 bits, the lowest byte first."""
    return struct.pack(f"<{len(numbers)}I", *numbers)


def _from_bytes(packed: bytes) -> list[int]:
    if len(packed) % 4:
        raise ValueError("numbers of pages are cut short")
    return list(struct.unpack(f"<{len(packed) // 4}I", packed))
