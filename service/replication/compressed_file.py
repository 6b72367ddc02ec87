"""Snapshots as they are stored: a database compressed with Zstandard."""

import hashlib
import os
import sys
from pathlib import Path

from service.errors import SnapshotUnusable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 3
BLOCK_BYTES = 1 << 20


def compress_file(source: Path, target: Path) -> str:
    """Compress a file; the SHA-256 of the result, as hex digits."""
    digest = hashlib.sha256()
    compressor = zstd.ZstdCompressor(LEVEL)
    with source.open("rb") as plain, target.open("wb") as compressed:
        while block := plain.read(BLOCK_BYTES):
            written = compressor.compress(block)
            digest.update(written)
            compressed.write(written)
        end = compressor.flush()
        digest.update(end)
        compressed.write(end)
    return digest.hexdigest()


def decompress_file(source: Path, target: Path, length: int) -> None:
    """Decompress a file to `length` bytes, which are on the disk at the end. Raises SnapshotUnusable."""
    try:
        with zstd.open(source, "rb") as compressed, target.open("wb") as plain:
            left = length
            while block := compressed.read(min(BLOCK_BYTES, left + 1)):
                left -= len(block)
                if left < 0:
                    break
                plain.write(block)
            plain.flush()
            os.fsync(plain.fileno())
    except (zstd.ZstdError, EOFError) as error:
        raise SnapshotUnusable(f"the snapshot cannot be decompressed ({error})") from error
    if left:
        raise SnapshotUnusable("the snapshot does not have the size that current.json says")


def hash_file(path: Path) -> str:
    """The SHA-256 of a file, as hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
