"""Images and attachments that lie beside articles: which file an address names, and its bytes or a part.

Nothing outside the content folder is served, nothing by a hidden name, no configuration, no source of an
article. What a symbolic link leads to within the folder is served, also out of a hidden folder: that is how
Kubernetes mounts a ConfigMap, `a.png` → `..data/a.png`.
"""

import asyncio
import hashlib
import os
import re
import stat
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import BinaryIO

import msgspec

from service.content.media_types import media_type
from service.content.place import SUFFIXES
from service.errors import NotFound
from service.publisher import Memory

CHUNK_BYTES = 256 * 1024
SITE_FILE = "site.toml"
LEFTOVERS = ("~", ".bak", ".orig", ".rej", ".swo", ".swp", ".tmp")

_RANGE = re.compile(rb"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*\Z", re.IGNORECASE)
_MARKUP = ("image/svg+xml", "text/html", "application/xhtml+xml", "application/xml", "text/xml")
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


class File(msgspec.Struct, frozen=True):
    """A file that may be served: where it lies, its length in bytes, media type and strong validator."""

    place: Path
    length: int
    media_type: str
    etag: str

    @property
    def policy(self) -> str:
        """The Content-Security-Policy under which a file that can hold script may be shown; "" for others."""
        return _SANDBOX if self.media_type.startswith(_MARKUP) else ""


class Files:
    """The files below one content folder. Validators are made from content and remembered."""

    def __init__(self, content: Path) -> None:
        self._root = content.resolve()
        self._etags: Memory[str] = Memory(1_000_000)

    async def find(self, path: str) -> File:
        """The file at `path`, relative to the content folder, percent-decoded. Raises NotFound."""
        return await asyncio.to_thread(self._find, path)

    def _find(self, path: str) -> File:
        segments = path.split("/")
        if not all(map(_may_be_named, segments)) or path.casefold() == SITE_FILE or is_article_source(path):
            raise NotFound("There is no such file.")
        try:
            place = (self._root / path).resolve(strict=True)
            facts = place.stat()
            # A link may lead to what would not be served by its own name.
            kept_back = is_article_source(place.name) or place == (self._root / SITE_FILE).resolve()
            if kept_back or not place.is_relative_to(self._root) or not stat.S_ISREG(facts.st_mode):
                raise NotFound("There is no such file.")
            key = (str(place), facts.st_size, facts.st_mtime_ns)
            etag = self._etags.get(key)
            if etag is None:
                with place.open("rb") as file:
                    etag = f'"{hashlib.file_digest(file, "sha256").hexdigest()[:32]}"'
                self._etags.put(key, etag, 300)
        except (OSError, ValueError):
            raise NotFound("There is no such file.") from None
        return File(place, facts.st_size, _shown_as(media_type(path)), etag)


def is_article_source(path: str) -> bool:
    """Whether the file is one that articles are read from, so that it is never served as it lies there."""
    return path.lower().endswith(SUFFIXES)


async def read(file: File, start: int, length: int) -> AsyncGenerator[bytes, None]:
    """`length` bytes of `file` from `start`, in chunks. Raises OSError when the file has become shorter."""
    opened: BinaryIO = await asyncio.to_thread(file.place.open, "rb")
    try:
        await asyncio.to_thread(opened.seek, start, os.SEEK_SET)
        left = length
        while left:
            chunk = await asyncio.to_thread(opened.read, min(left, CHUNK_BYTES))
            if not chunk:
                raise OSError(f"{file.place} became shorter while it was sent")
            left -= len(chunk)
            yield chunk
    finally:
        opened.close()


def asked_range(header: bytes | None, length: int) -> tuple[int, int] | None:
    """The first byte and the number of bytes that a Range asks for, or None for the whole (RFC 9110 §14.2).

    Several ranges and what is no range of bytes are answered with the whole. Raises ValueError when the
    range lies outside the file.
    """
    found = _RANGE.match(header) if header else None
    if not found or found[0] is None or (not found[1] and not found[2]):
        return None
    if not found[1]:
        wanted = min(int(found[2]), length)
        if wanted == 0:
            raise ValueError("an empty range")
        return length - wanted, wanted
    first = int(found[1])
    last = min(int(found[2]), length - 1) if found[2] else length - 1
    if found[2] and int(found[2]) < first:
        return None
    if first >= length:
        raise ValueError("beyond the end")
    return first, last - first + 1


def range_applies(if_range: bytes | None, etag: str) -> bool:
    """Whether If-Range lets a range be answered: absent, or strongly our validator (RFC 9110 §13.1.5)."""
    return if_range is None or if_range.strip() == etag.encode()


def _may_be_named(segment: str) -> bool:
    visible = bool(segment) and not segment.startswith((".", "#")) and not segment.lower().endswith(LEFTOVERS)
    return visible and "\\" not in segment and "\x00" not in segment


def _shown_as(found: str) -> str:
    """The media type a file is sent as: a script is text, since pages may run what is of our origin."""
    shown = "text/plain" if found == "text/javascript" else found
    return f"{shown}; charset=utf-8" if shown.startswith("text/") else shown
