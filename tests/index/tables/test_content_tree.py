"""The hash of the content depends on what there is, and not on how it came about."""

import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.index.database import open_reader
from service.index.schema import TABLES
from service.index.state import IndexState
from service.index.tables import content_tree
from service.index.tables.content_tree import ContentTree
from service.ingest import FileHasher, file_hashes
from tests.support.index_folder import Folder

KEYS = [f"article {number}" for number in range(12)]
CHANGES = st.lists(st.dictionaries(st.sampled_from(KEYS), st.none() | st.binary(max_size=2)), max_size=8)


def build(changes: Iterable[Mapping[str, bytes | None]]) -> tuple[bytes, list[tuple[object, ...]]]:
    """The hash after these changes, applied one after the other, and what is stored."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in TABLES.split(";\n"):
            connection.execute(statement)
        tree = ContentTree(connection)
        root = tree.hash()
        for change in changes:
            for key, value in change.items():
                if value is None:
                    tree.remove(key)
                else:
                    tree.put(key, value)
            root = tree.hash()
        nodes = connection.execute("SELECT node, digests FROM content_nodes ORDER BY node").fetchall()
    return root, nodes


@given(CHANGES)
def test_any_history_of_the_same_entries_has_the_same_hash(changes: list[dict[str, bytes | None]]) -> None:
    entries: dict[str, bytes | None] = {}
    for change in changes:
        entries |= change
    kept = {key: value for key, value in sorted(entries.items()) if value is not None}
    assert build(changes) == build([kept])


@given(st.dictionaries(st.sampled_from(KEYS), st.binary(max_size=2), min_size=1), st.data())
def test_any_difference_changes_the_hash(entries: dict[str, bytes], data: st.DataObject) -> None:
    changed = data.draw(st.sampled_from(sorted(entries)))
    other = data.draw(st.none() | st.binary(max_size=2).filter(lambda value: value != entries[changed]))
    assert build([entries]) != build([entries, {changed: other}])


def test_leaves_that_are_read_together_have_the_same_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    added = {f"article {number}": bytes([number % 7]) for number in range(600)}
    removed = dict.fromkeys([*added][::3])
    results = []
    for many_leaves in (1, len(added)):
        monkeypatch.setattr(content_tree, "MANY_LEAVES", many_leaves)
        results.append(build([added, removed]))
    assert results[0] == results[1]


def test_clearing_forgets_everything() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in TABLES.split(";\n"):
            connection.execute(statement)
        tree = ContentTree(connection)
        empty = tree.hash()
        tree.put("article 1", b"x")
        assert tree.hash() != empty
        tree.clear()
        assert tree.hash() == empty


ARTICLE = "---\ntitle: T\ndate: 2018-01-01\n---\n"
PAGE = ARTICLE.replace("date:", "type: page\ndate:")
REFERENCE = "[C](/data/c.zip) [Other](https://other.example/files/data/d.zip)"
# Texts of one file differ in length: two of one length may be written within one tick of the clock of files.
TEXTS = {
    "a.png": ("", "x", "xx"),
    "data/c.zip": ("x", "xx"),
    "data/d.zip": ("x",),
    "one.md": (ARTICLE, ARTICLE + REFERENCE, ARTICLE + "hidden: true\n"),
    "two.md": (ARTICLE.replace("2018", "2999") + REFERENCE, ARTICLE.replace("date", "draft: true\ndate")),
    "about.md": (PAGE, PAGE + REFERENCE),
}
STEP = st.fixed_dictionaries({}, optional={path: st.none() | st.sampled_from(TEXTS[path]) for path in TEXTS})


def apply(folder: Folder, step: Mapping[str, str | None]) -> str:
    """The hash of the content after these files have been written, or deleted for None, and hashed."""
    for path, text in step.items():
        file = folder.root / path
        file.parent.mkdir(exist_ok=True)
        if text is None:
            file.unlink(missing_ok=True)
        else:
            file.write_text(text)
    folder.refresh()
    folder.hash_files()
    return stored_content(folder)


def stored_content(folder: Folder) -> str:
    connection = open_reader(folder.file)
    assert connection is not None
    with closing(connection):
        return IndexState.read(connection).content


@settings(max_examples=12, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=4))
@example([{"data/c.zip": "x", "one.md": ARTICLE + REFERENCE}, {"one.md": ARTICLE}])
@example([{"data/c.zip": "x", "about.md": PAGE + REFERENCE}, {"a.png": ""}, {"about.md": None}])
@example([{"data/d.zip": "x", "two.md": TEXTS["two.md"][0]}])
def test_any_history_of_the_same_files_has_the_same_revision(steps: list[dict[str, str | None]]) -> None:
    with TemporaryDirectory() as changed, TemporaryDirectory() as fresh:
        folder = Folder(Path(changed))
        contents = [apply(folder, step) for step in steps]
        files: dict[str, str | None] = {}
        for step in steps:
            files |= step
        assert apply(Folder(Path(fresh)), files) == contents[-1]


def test_the_revision_moves_with_the_bytes_of_a_file_alone(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    empty = apply(folder, {"one.md": ARTICLE, "data/c.zip": "x"})
    first = apply(folder, {"a.png": "x"})
    assert first != empty
    os.utime(folder.root / "a.png", (1, 1))
    assert apply(folder, {"data/c.zip": "xx"}) == first, "nothing refers to it"
    second = apply(folder, {"a.png": "xx"})
    assert second not in {empty, first}
    (folder.root / "hugo.toml").write_text('title = "T"\n')
    assert apply(folder, {}) == second, "everything is read again"
    assert apply(folder, {"a.png": "x"}) == first
    assert apply(folder, {"a.png": None}) == empty


def test_a_change_of_files_is_one_revision_however_many_slices_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every revision empties the caches of all workers."""
    folder = Folder(tmp_path)
    files = {f"{number:02}.png": "x" for number in range(30)}
    for path in files:
        (folder.root / path).write_text("x")
    before = folder.refresh().revision.content
    # A clock that ticks with every look at it, so that a slice has ten steps on any machine.
    monkeypatch.setattr(file_hashes, "time", SimpleNamespace(monotonic=count().__next__))
    hasher = FileHasher(folder.url, folder.root, folder.site)
    contents, slices_without_revision = [before], 0
    while not hasher.work(12):
        if (content := stored_content(folder)) != contents[-1]:
            contents.append(content)
        elif content == before and folder.file_record("00.png").hash:
            slices_without_revision += 1
    assert len(contents) == 2
    assert slices_without_revision
    (folder.root / "00.png").write_text("xx")
    hasher.note_change({"00.png"})
    hasher.work(100)
    assert stored_content(folder) not in contents
