"""Looking up other files of the folder, by its listing and on the disk."""

import sys
from pathlib import Path

import pytest

from service.content import scan
from service.content.files.dependencies import FileLookup
from service.content.records import Folders


@pytest.mark.parametrize(
    ("place", "there"),
    [
        ("a.png", True),
        ("A.png", True),  # some disks take it for the same
        ("é.png", True),  # and an accent apart from its letter
        ("b.png", False),
        ("posts/b.png", True),
        ("posts/../b.png", True),
        ("posts//b.png", True),
        ("drafts/a.png", False),
        ("link/a.png", True),
        ("full/anything.png", True),
    ],
)
def test_a_file_is_ruled_out_only_where_no_disk_can_have_it(place: str, there: bool) -> None:
    listed = {"": frozenset({"a.png", "posts", "link"}), "posts/": frozenset({"b.png"}), "full/": None}
    assert Folders(listed, frozenset({"link/"})).may_hold(place) is there


def test_the_listing_has_every_file_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    for name in ("posts/a.md", "posts/Big.PNG", ".hidden"):
        (tmp_path / name).write_text("Text.")
    folders = scan(tmp_path).folders
    assert folders is not None
    assert folders.listed == {"": frozenset({"posts", ".hidden"}), "posts/": frozenset({"a.md", "big.png"})}
    neighbours = FileLookup(tmp_path, folders)
    (tmp_path / "posts/late.png").write_bytes(b"")
    (tmp_path / "posts/a.md").unlink()
    asked = ["posts/Big.PNG", "posts/late.png", "posts/a.md", "none/a.png"]
    assert [place for place in asked if neighbours.has(place)] == ["posts/Big.PNG"]
    assert neighbours.dependencies.existing == ("posts/Big.PNG",)
    assert neighbours.dependencies.missing == ("none/a.png", "posts/a.md", "posts/late.png")


def test_lookups_beyond_the_listing_go_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["service.content.discovery.scan"], "_MOST_NAMES", 1)
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"")
    folders = scan(tmp_path).folders
    assert folders is not None
    assert folders.listed == {"": None}
    neighbours = FileLookup(tmp_path, folders)
    assert neighbours.has("a.png")
    assert not neighbours.has("c.png")
