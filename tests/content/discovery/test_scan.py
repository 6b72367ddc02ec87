"""Which files are articles, whatever lies in the folder."""

import os
from pathlib import Path
from typing import Any

import pytest

from service.content import read, scan
from service.content.discovery.scan import _Walk
from service.content.records import SourceFile, SourceFiles
from service.errors import ContentError, SettingsError


def lay(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("Text.")


def found(root: Path) -> list[str]:
    return [file.path for file in scan(root).files]


def test_articles_are_found_in_order_of_path(tmp_path: Path) -> None:
    lay(tmp_path, "b.md", "a/z.html", "a/b/c.TXT", "a.json", "é.jsonl", "c.markdown", "d.htm")
    assert found(tmp_path) == ["a.json", "a/b/c.TXT", "a/z.html", "b.md", "c.markdown", "d.htm", "é.jsonl"]


@pytest.mark.parametrize(
    "path",
    [
        ".hidden.md",
        ".git/a.md",
        "a/.b/c.md",
        "a.md~",
        ".a.md.swp",
        "#a.md#",
        "site.toml",
        "a.png",
        "md",
    ],
)
def test_other_files_are_not_articles(tmp_path: Path, path: str) -> None:
    lay(tmp_path, path)
    assert found(tmp_path) == []
    assert scan(tmp_path).faults == ()


def test_source_files_are_a_sequence_in_order_of_their_paths() -> None:
    files = [SourceFile(path, size, -5, 7) for path, size in (("b", 1), ("a/c", 2), ("é", 3), ("a", 4))]
    assert [*SourceFiles(files)] == files
    assert len(SourceFiles(files)) == 4
    in_order = SourceFiles(files).sorted()
    assert [*in_order] == sorted(files)
    assert in_order.paths == ["a", "a/c", "b", "é"]
    assert (in_order[0], in_order[-1]) == (files[3], files[2])
    assert [*in_order[1:3]] == [files[1], files[0]]
    assert [*in_order[::-2]] == [files[2], files[1]]
    assert [*in_order[4:]] == SourceFiles().paths == []
    with pytest.raises(IndexError):
        in_order[4]


def test_the_order_of_files_and_folders_is_that_of_their_paths(tmp_path: Path) -> None:
    paths = [
        "a.md",
        "a/b.md",
        "a/b/c.md",
        "a/b-c.md",
        "a-b/c.md",
        "a0.md",
        "_a.md",
        "z.md",
        "b/.c.md",
        "Z/a.md",
    ]
    lay(tmp_path, *paths)
    assert found(tmp_path) == sorted(set(paths) - {"b/.c.md"})


def test_a_file_of_a_distant_future_is_found(tmp_path: Path) -> None:
    lay(tmp_path, "a.md")
    os.utime(tmp_path / "a.md", ns=(0, 10**19))
    if (tmp_path / "a.md").stat().st_mtime_ns != 10**19:
        pytest.skip("the file system has no such time")
    (file,) = scan(tmp_path).files
    assert file.mtime_ns == 2**63 - 1


def test_size_and_mtime(tmp_path: Path) -> None:
    lay(tmp_path, "a.md")
    os.utime(tmp_path / "a.md", ns=(5, 5))
    (file,) = scan(tmp_path).files
    assert (file.size, file.mtime_ns) == (5, 5)


def test_a_link_within_the_folder_is_followed_once(tmp_path: Path) -> None:
    lay(tmp_path, "..2024/a.md", "real/b.md")
    (tmp_path / "a.md").symlink_to("..2024/a.md")
    (tmp_path / "again").symlink_to("real")
    (tmp_path / "real" / "circle").symlink_to(tmp_path)
    (tmp_path / "twin.md").symlink_to("real/b.md")
    assert found(tmp_path) == ["a.md", "real/b.md"]
    assert scan(tmp_path).faults == ()
    assert reasons(tmp_path) == {
        "again": "the symbolic link leads to real, which is read already",
        "real/circle": "the symbolic link leads to ., which is read already",
        "twin.md": "the symbolic link leads to real/b.md, which is read already",
    }


def test_paths_are_listed_as_often_for_many_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "a.md", "b.md")
    listed: list[SourceFiles] = []
    get_paths = vars(SourceFiles)["paths"].fget

    def count(files: SourceFiles) -> Any:
        listed.append(files)
        return get_paths(files)

    monkeypatch.setattr(SourceFiles, "paths", property(count))
    counts = []
    for links in (range(2), range(2, 20)):
        for number in links:
            (tmp_path / f"link{number}.md").symlink_to("a.md")
        listed.clear()
        scan(tmp_path)
        counts.append(len(listed))
    assert counts[0] == counts[1]


def reasons(root: Path) -> dict[str, str]:
    return {exclusion.path: exclusion.reason for exclusion in scan(root).exclusions}


def test_a_link_shows_nothing_hidden(tmp_path: Path) -> None:
    lay(tmp_path, ".hid/h.md", ".hid/in/i.md", ".one.md", "open/.deep/d.md", ".worktrees/abc/.old/o.md")
    lay(tmp_path, ".worktrees/abc/w.md", "..2024/sub/c.md", "..2024/.old/e.md", "_drafts/dd.md")
    (tmp_path / "..data").symlink_to("..2024")
    hidden = {
        "a": ".hid",
        "b": ".hid/in",
        "c.md": ".hid/h.md",
        "d.md": ".one.md",
        "e": "open/.deep",
        "f": ".worktrees/abc/.old",
        "g": "..data/.old",
    }
    shown = {"current": ".worktrees/abc", "sub": "..data/sub"}
    for name, target in (hidden | shown | {"dlink.md": "_drafts/dd.md"}).items():
        (tmp_path / name).symlink_to(target)
    assert found(tmp_path) == ["_drafts/dd.md", "current/w.md", "sub/c.md"]
    assert reasons(tmp_path) == {
        **{
            name: f"the symbolic link leads to {target.replace('..data', '..2024')}, which is hidden"
            for name, target in hidden.items()
        },
        "dlink.md": "the symbolic link leads to _drafts/dd.md, which is read already",
    }


def test_a_link_out_of_the_folder_is_a_fault(tmp_path: Path) -> None:
    lay(tmp_path, "outside/a.md", "content/b.md")
    root = tmp_path / "content"
    (root / "a.md").symlink_to(tmp_path / "outside/a.md")
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "lost.md").symlink_to("nowhere")
    (root / "round.md").symlink_to("round.md")
    (root / "picture.png").symlink_to("/dev/null")
    assert found(root) == ["b.md"]
    assert [(fault.path, fault.line) for fault in scan(root).faults] == [
        ("a.md", 1),
        ("folder", 1),
        ("lost.md", 1),
        ("round.md", 1),
    ]


@pytest.mark.parametrize(
    "target", ["site.toml", "_config.yml", "id_rsa", ".env", "keys/secrets.env", "content.db"]
)
def test_a_link_makes_no_article_of_a_file_that_is_none(tmp_path: Path, target: str) -> None:
    (tmp_path / target).parent.mkdir(exist_ok=True)
    (tmp_path / target).write_text("title = 'A'")
    (tmp_path / "shown.txt").symlink_to(target)

    scanned = scan(tmp_path)

    assert not scanned.files
    assert [str(fault) for fault in scanned.faults] == [
        f"shown.txt:1: the symbolic link leads to {target}, which is not an article; remove the link"
    ]


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    lay(tmp_path, "real/a.md")
    (tmp_path / "content").symlink_to("real")
    assert found(tmp_path / "content") == ["a.md"]


def test_a_name_that_is_not_utf8_is_a_fault(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_text("Text.")
    assert [str(fault) for fault in scan(tmp_path).faults] == [
        "caf\\xe9.md:1: the file name is not UTF-8; rename it"
    ]
    assert found(tmp_path) == []


# What `/files/` would serve under another name is reported; what it would serve under none is not.
@pytest.mark.parametrize(
    ("path", "is_reported"),
    [
        ("pic\udcff.png", True),
        ("pic\udcff.PNG", True),
        ("posts/song\udcff.mp3", True),
        ("posts\udcff/paper.pdf", True),
        ("_images/pic\udcff.png", True),
        ("pic.png", False),
        ("é.png", False),
        (".pic\udcff.png", False),
        (".git/pic\udcff.png", False),
        ("pic\udcff.png~", False),
        ("pic\udcff.png.bak", False),
        ("node_modules/pic\udcff.png", False),
        ("_drafts/pic\udcff.png", False),
        ("keys\udcff.pem", False),
    ],
)
@pytest.mark.parametrize("is_link", [False, True])
def test_a_static_file_whose_name_is_not_utf8_is_a_fault(
    tmp_path: Path, path: str, is_reported: bool, is_link: bool
) -> None:
    (tmp_path / path).parent.mkdir(exist_ok=True)
    if is_link:
        (tmp_path / "target.png").write_bytes(b"\x89PNG")
        (tmp_path / path).symlink_to(tmp_path / "target.png")
    else:
        (tmp_path / path).write_bytes(b"\x89PNG")
    shown = path.replace("\udcff", "\\xff")
    expected = [f"{shown}:1: the file name is not UTF-8; rename it"] if is_reported else []
    assert [str(fault) for fault in scan(tmp_path).faults] == expected


@pytest.mark.parametrize("path", ["nowhere", "file.md"])
def test_no_folder_names_the_folder_and_the_option(tmp_path: Path, path: str) -> None:
    lay(tmp_path, "file.md")
    with pytest.raises(SettingsError, match=rf"no folder .*{path}.* --content DIR"):
        scan(tmp_path / path)


@pytest.mark.parametrize("name", ["pipe.md", "pipe.json", "_config.yml", "hugo.toml"])
@pytest.mark.parametrize("is_vault", [False, True])
def test_a_pipe_is_neither_article_nor_settings(tmp_path: Path, name: str, is_vault: bool) -> None:
    if is_vault:
        (tmp_path / ".obsidian").mkdir()
    os.mkfifo(tmp_path / name)
    scanned = scan(tmp_path)
    assert not scanned.files
    assert [(exclusion.path, exclusion.reason) for exclusion in scanned.exclusions] == [
        (name, "it is a pipe, a socket or a device")
    ]


def test_a_folder_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    """A path longer than the system takes: the one failure that root meets too."""
    lay(tmp_path, "a.md")
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("d" * 250, dir_fd=folder)
        inner = os.open("d" * 250, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)
    (fault,) = scan(tmp_path).faults
    assert (
        fault.message
        == "the folder cannot be read: file name too long; the articles already read from it stay"
    )
    assert found(tmp_path) == ["a.md"]


def test_a_file_that_is_gone_or_too_large_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="cannot be read: no such file"):
        read(tmp_path, "gone.md")
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(ContentError, match="cannot be read: is a directory"):
        read(tmp_path, "folder.md")
    with (tmp_path / "vast.md").open("wb") as file:
        file.truncate(20_000_001)
    with pytest.raises(ContentError, match="larger than 20 MB"):
        read(tmp_path, "vast.md")


def test_files_that_are_added_together_are_those_added_one_by_one(tmp_path: Path) -> None:
    paths = ["a.md", "ü/b.md", "c.md"]
    facts = []
    for number, path in enumerate(paths):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("x" * number)
        os.utime(tmp_path / path, ns=(0, 10**18 * number))
        facts.append((tmp_path / path).stat())
    together, one_by_one = SourceFiles(), SourceFiles()
    for start, stop in ((0, 1), (1, 1), (1, 3)):
        together.add_many(paths[start:stop], facts[start:stop])
    for path, file in zip(paths, facts, strict=True):
        one_by_one.add(path, file.st_size, file.st_mtime_ns, file.st_ctime_ns)
    assert [*together] == [*one_by_one]
    with pytest.raises(UnicodeEncodeError):
        together.add_many(["d.md", "\udcff.md"], facts[:2])
    assert [*together] == [*one_by_one]


def test_a_file_that_cannot_be_examined_affects_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it is deleted between listing and looking, or its name is not UTF-8."""
    for name in (b"a.md", b"b.md", b"c.md", b"\xff.md"):
        (tmp_path / os.fsdecode(name)).write_text("x")
    keep = _Walk._files

    def delete_and_keep(walk: Any, prefix: str, entries: Any) -> None:
        (tmp_path / "b.md").unlink(missing_ok=True)
        keep(walk, prefix, entries)

    monkeypatch.setattr(_Walk, "_files", delete_and_keep)
    scanned = scan(tmp_path)
    assert scanned.files.paths == ["a.md", "c.md"]
    assert [fault.path for fault in scanned.faults] == ["\\xff.md"]
