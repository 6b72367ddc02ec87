"""Where a file lies that an address names, over symbolic links and spellings."""

import os
from pathlib import Path

import pytest

from service.content.files.addresses import locate_file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "content"
    for folder in ("later", "images", ".private", ".worktrees/abc/img", "..2026_01_01.1/sub", "b"):
        (root / folder).mkdir(parents=True)
    for file in ("later/a.png", "images/a.png", ".private/a.png", ".worktrees/abc/img/a.png"):
        (root / file).write_bytes(b"x")
    (root / "..data").symlink_to("..2026_01_01.1")
    (root / "..2026_01_01.1" / "mounted.zip").write_bytes(b"x")
    (root / "..2026_01_01.1" / "sub" / "b.png").write_bytes(b"x")
    (root / "mounted.zip").symlink_to("..data/mounted.zip")
    (root / "sub").symlink_to("..data/sub")
    (root / "file.png").symlink_to("later/a.png")
    (root / "folder").symlink_to("later")
    (root / "again.png").symlink_to("file.png")
    (root / "hidden.png").symlink_to(".private/a.png")
    (root / "current").symlink_to(".worktrees/abc")
    (root / "b" / "up").symlink_to("..")
    (root / "loop").symlink_to("loop")
    (root / "one").symlink_to("two")
    (root / "two").symlink_to("one")
    (tmp_path / "secret.png").write_bytes(b"x")
    (root / "out.png").symlink_to(tmp_path / "secret.png")
    (root / "above").symlink_to(tmp_path)
    return root


@pytest.mark.parametrize(
    ("path", "address", "linked_folder"),
    [
        ("images/a.png", "images/a.png", ""),
        ("file.png", "later/a.png", ""),
        ("again.png", "later/a.png", ""),
        ("folder/a.png", "later/a.png", ""),
        ("b/up/folder/a.png", "later/a.png", ""),
        ("mounted.zip", "mounted.zip", ""),
        ("sub/b.png", "sub/b.png", ""),
        ("current/img/a.png", "current/img/a.png", "current"),
        ("b/up/current/img/a.png", "b/up/current/img/a.png", "b/up/current"),
    ],
)
def test_a_file_has_one_address(root: Path, path: str, address: str, linked_folder: str) -> None:
    located = locate_file(root, path)
    assert (located.address, located.linked_folder) == (address, linked_folder)
    assert Path(located.place).samefile(root / path)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "nothing.png",
            "hidden.png",
            "loop",
            "loop/a.png",
            "one",
            "two/a.png",
            "out.png",
            "above/secret.png",
        ),
        *(
            "above/content/images/b.png",
            "images/a.png/x",
            "a" * 5000,
            "a\0b",
            "../secret.png",
            "images/A.png",
        ),
    ],
)
def test_files_outside_of_the_folder_are_not_found(root: Path, path: str) -> None:
    with pytest.raises((OSError, ValueError)):
        locate_file(root, path)


def test_a_folder_that_is_a_link_is_followed_at_each_request(tmp_path: Path) -> None:
    for name in ("rev1", "rev2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.png").write_text(name)
    (tmp_path / "current").symlink_to("rev1")
    assert Path(locate_file(tmp_path / "current", "a.png").place).read_text() == "rev1"
    (tmp_path / "new").symlink_to("rev2")
    (tmp_path / "new").replace(tmp_path / "current")
    assert Path(locate_file(tmp_path / "current", "a.png").place).read_text() == "rev2"


@pytest.mark.parametrize("name", ["A.png", "dot.", "space ", "Ü.png", "u\u0308.png"])
def test_names_that_resemble_each_other_are_all_found(tmp_path: Path, name: str) -> None:
    """Only a disk on which they are one file must look into the folder for which it is."""
    (tmp_path / "first.png").write_bytes(b"x")
    for other in ("A.png", "a.png", "dot.", "dot", "space ", "space", "Ü.png", "u\u0308.png", "ü.png"):
        if not (tmp_path / other).exists():
            os.link(tmp_path / "first.png", tmp_path / other)
    assert locate_file(tmp_path, name).address == name
