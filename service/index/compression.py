"""Articles as the index stores them: compressed with Zstandard and, in a large index, a dictionary.

The dictionary is trained from articles of the first large build: without it, short ones take half as much
again. A frame names its dictionary (RFC 8878 §3.1.1.1.3), so those written earlier stay as they are.
"""

import sqlite3
import sys
from collections.abc import Callable, Sequence

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 1
"""With a dictionary, level 3 takes a quarter longer and saves a twentieth."""

DICTIONARY_BYTES = 32_768
LEAST_SAMPLES = 100
"""Fewer articles do not show what all have in common. From many more, training takes longer, and the
dictionary is no better."""

_DICTIONARY = "SELECT content FROM dictionaries WHERE id = ?"


def make_packer(connection: sqlite3.Connection, articles: Sequence[bytes]) -> Callable[[bytes], bytes]:
    """A function that compresses an article, with the dictionary of the index if it has one.

    If it has none, and there are at least LEAST_SAMPLES `articles`, one is trained from some of them.
    """
    row = connection.execute("SELECT content FROM dictionaries ORDER BY id LIMIT 1").fetchone()
    dictionary = zstd.ZstdDict(row[0]) if row else None
    if dictionary is None and len(articles) >= LEAST_SAMPLES:
        dictionary = _train(articles[:: len(articles) // LEAST_SAMPLES])
        if dictionary is not None:
            connection.execute(
                "INSERT INTO dictionaries (id, content) VALUES (?, ?)",
                (dictionary.dict_id, dictionary.dict_content),
            )
    if dictionary is None:
        return lambda article: bytes(zstd.compress(article, LEVEL))
    # Kept for all articles: to digest a dictionary takes longer than to compress one article with it.
    compressor = zstd.ZstdCompressor(LEVEL, zstd_dict=dictionary.as_digested_dict)
    return lambda article: bytes(compressor.compress(article, compressor.FLUSH_FRAME))


def _train(samples: Sequence[bytes]) -> "zstd.ZstdDict | None":
    """A dictionary of what the samples have in common; None if that is too little, as zstd decides."""
    try:
        return zstd.train_dict(samples, DICTIONARY_BYTES)
    except zstd.ZstdError:
        return None


def add_unpack(connection: sqlite3.Connection) -> None:
    """Add the SQL function `unpack(article)` to a connection: the MessagePack of a compressed article.

    It is NULL for one that is damaged, which no decoder takes for an article.
    """
    dictionaries: dict[int, zstd.ZstdDict] = {}

    def unpack(packed: bytes) -> bytes | None:
        try:
            number = zstd.get_frame_info(packed).dictionary_id
            if number and number not in dictionaries:
                (content,) = connection.execute(_DICTIONARY, (number,)).fetchone()
                dictionaries[number] = zstd.ZstdDict(content)
            return bytes(zstd.decompress(packed, zstd_dict=dictionaries.get(number)))
        except (zstd.ZstdError, TypeError, ValueError):
            return None

    connection.create_function("unpack", 1, unpack, deterministic=True)
    # SQLite raises its own error for what a handler of a signal raises meanwhile: that goes to
    # `sys.unraisablehook`.
    sqlite3.enable_callback_tracebacks(True)
