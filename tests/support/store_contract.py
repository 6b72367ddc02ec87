"""What every store must do, whatever it is made of."""

import threading
from pathlib import Path

import pytest

from service.errors import ObjectChanged, ObjectMissing
from service.replication.store import Store

LARGE_BYTES = 6_000_000
"""More than obstore writes in one request."""


def check_objects(store: Store, work: Path) -> None:
    """Objects are written, read whole and in ranges, listed and deleted."""
    large = work / "large"
    large.write_bytes(bytes(range(256)) * (LARGE_BYTES // 256))
    store.write("snapshots/1-a.db.zst", large)
    store.write("files/b", b"0123456789")
    store.write("files/b", b"0123456789")

    found = store.read("files/b")
    assert found is not None
    assert found.content == b"0123456789"
    assert store.read("files/b", found.version) is None
    assert store.read_range("files/b", 3, 4) == b"3456"
    assert store.read_range("files/b", 8, 4) == b"89"
    assert store.read_range("files/b", 10, 4) == b""
    store.write("files/empty", b"")
    assert store.read_range("files/empty", 0, 4) == b""
    store.delete(["files/empty"])
    assert store.read_range("snapshots/1-a.db.zst", LARGE_BYTES - LARGE_BYTES % 256 - 2, 9) == b"\xfe\xff"
    assert list(store.list_sizes("files")) == [("files/b", 10)]
    assert list(store.list_sizes("deltas")) == []
    store.delete(["files/b", "files/none"])
    assert list(store.list_sizes("files")) == []
    for read in (lambda: store.read("files/b"), lambda: store.read_range("files/b", 0, 1)):
        with pytest.raises(ObjectMissing, match=r"there is no files/b"):
            read()


def check_conditional_writes(store: Store, name: str, rounds: int) -> None:
    """Of two writers that have read the same version exactly one replaces it."""
    version = store.replace(name, b"0", "")
    with pytest.raises(ObjectChanged):
        store.replace(name, b"1", "")
    for number in range(rounds):
        won: list[str] = []
        lost: list[str] = []

        def write(content: bytes, known: str, won: list[str] = won, lost: list[str] = lost) -> None:
            try:
                won.append(store.replace(name, content, known))
            except ObjectChanged as error:
                lost.append(str(error))

        contents = [f"{number} {writer}".encode() for writer in range(2)]
        writers = [threading.Thread(target=write, args=(content, version)) for content in contents]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert (len(won), len(lost)) == (1, 1), (won, lost)
        found = store.read(name)
        assert found is not None
        assert found.version == won[0]
        assert found.content in contents
        version = won[0]
