"""A folder as a store, and what is said of a store that cannot be used."""

import errno
import importlib.util
import os
from pathlib import Path

import pytest

from service.errors import StoreUnavailable
from service.replication.folder_store import FolderStore
from service.replication.open_store import open_store
from tests.support.store_contract import check_conditional_writes, check_objects


@pytest.fixture
def folder(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store", "publish", f"file://{tmp_path}/store")


def test_a_folder_holds_objects(folder: FolderStore, tmp_path: Path) -> None:
    check_objects(folder, tmp_path)


def test_a_folder_has_one_winner_of_two_writers(folder: FolderStore) -> None:
    check_conditional_writes(folder, "current.json", 40)


def test_an_unfinished_write_is_no_object(folder: FolderStore, tmp_path: Path) -> None:
    folder.write("files/a", b"a")
    (tmp_path / "store" / "files" / "b.1234.tmp").write_bytes(b"half")

    assert list(folder.list_sizes("files")) == [("files/a", 1)]


def test_a_failed_write_leaves_nothing(folder: FolderStore, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"publish: file:.*files/a"):
        folder.write("files/a", tmp_path / "missing")

    assert list((tmp_path / "store" / "files").iterdir()) == []


def test_a_folder_in_place_of_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")
    store = open_store("publish", f"file://{tmp_path}/store")

    with pytest.raises(
        StoreUnavailable, match=r"publish: file:.*(Not a directory|File exists)\); name a folder"
    ):
        store.replace("current.json", b"{}", "")


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (errno.EACCES, "let the user of this process read the folder and, if it publishes, write to it"),
        (errno.EROFS, "mount it so that it can be written"),
        (errno.ENOSPC, "make room on the disk"),
    ],
)
def test_a_folder_that_cannot_be_written_says_what_to_do(
    folder: FolderStore, monkeypatch: pytest.MonkeyPatch, error: int, advice: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(Path, "mkdir", fail)
    with pytest.raises(StoreUnavailable) as caught:
        folder.write("files/a", b"a")
    assert str(caught.value).endswith(f"files/a cannot be read or written ({os.strerror(error)}); {advice}")


def test_spaces_in_an_address_are_decoded(tmp_path: Path) -> None:
    open_store("publish", f"file://{tmp_path}/my%20store").write("files/a", b"a")

    assert (tmp_path / "my store" / "files" / "a").read_bytes() == b"a"


@pytest.mark.skipif(importlib.util.find_spec("obstore") is not None, reason="obstore is installed")
def test_without_obstore_a_bucket_says_what_to_install() -> None:
    with pytest.raises(StoreUnavailable, match=r"from: s3://a-bucket: .*pip install broadsheet\[replicas\]"):
        open_store("from", "s3://a-bucket")
