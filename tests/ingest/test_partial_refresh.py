"""A build that is given what may have changed ends in the same index as one that looks at everything."""

import importlib
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from service.content.discovery import samples
from service.ingest import refresh_index
from tests.support.index_dump import dump
from tests.support.index_folder import NOW, Folder
from tests.support.pictures import png


def count_calls(monkeypatch: pytest.MonkeyPatch, name: str) -> list[object]:
    """A list that grows by one with every call of the function."""
    calls: list[object] = []
    module, _, function = name.rpartition(".")
    original = getattr(importlib.import_module(module), function)

    def call(*arguments: object) -> object:
        calls.append(arguments)
        return original(*arguments)

    monkeypatch.setattr(name, call)
    return calls


EDITS = 20


class Edits:
    """Random edits of a folder, each giving the paths that a watcher reports."""

    def __init__(self, root: Path, seed: int) -> None:
        self._root = root
        self._random = random.Random(seed)  # noqa: S311
        self._clock = 1_400_000_000

    def make(self) -> set[str]:
        edits: list[Callable[[], set[str]]] = [
            self._write,
            self._write,
            self._write,
            self._delete,
            self._move_folder,
            self._write_picture,
        ]
        edits += [self._write, self._delete_folder, self._write_settings]
        return self._random.choice(edits)()

    def how_many(self) -> int:
        return self._random.choice([1, 1, 1, 5])

    def _folder(self) -> str:
        return self._random.choice(["", "posts/", "fr/", "posts/deep/", "fr/deep/"])

    def _write(self) -> set[str]:
        choose = self._random.choice
        path = f"{self._folder()}{choose(['a', 'b', 'index', 'posts', 'a.fr', 'c'])}.md"
        fields = {
            "title": choose(["One", "Two", "x", "x fr"]),
            "slug": choose([None, None, "x", "x-fr", "one", "x" * 200]),
            "id": choose([None, None, None, "urn:uuid:7d3a1c3e-6f1c-5b7e-9a43-6e1f0d5c0a11", "id:x"]),
            "date": choose([None, "2019-01-01", "2019-01-02", "2031-01-01"]),
            "expires": choose([None, None, "2020-01-01"]),
            "lang": choose([None, None, "en", "fr"]),
            "draft": choose([None, None, None, "true"]),
            "translation_key": choose([None, None, "k"]),
            "withdrawn": choose([None, None, None, "wrong"]),
            "tagz": choose([None, "a"]),
            "redirect_to": choose([None] * 8 + ["/x"]),
        }
        front = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
        text = choose(["Text.", "![p](pic.png)", "[b](b.md)", "Long. " * 90])
        return self._save(path, f"---\n{front}---\n\n{text}\n".encode())

    def _write_picture(self) -> set[str]:
        path = f"{self._folder()}{self._random.choice(['pic.png', 'static/pic.png', 'song.mp3'])}"
        return self._save(path, b"p" * self._random.randrange(9))

    def _write_settings(self) -> set[str]:
        path, text = self._random.choice(
            [("_config.yml", "permalink: /:year/:title/\n"), ("authors.yml", "ann: {name: Ann}\n")]
        )
        file = self._root / path
        if file.exists():
            file.unlink()
            return {path}
        return self._save(path, text.encode())

    def _save(self, path: str, data: bytes) -> set[str]:
        changed = {path}
        for parent in Path(path).parents:
            if parent != Path() and not (self._root / parent).exists():
                changed.add(f"{parent.as_posix()}/")
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        self._clock += 10
        os.utime(file, (self._clock, self._clock))
        return changed

    def _delete(self) -> set[str]:
        files = sorted(path for path in self._root.rglob("*") if path.is_file())
        if not files:
            return set()
        file = self._random.choice(files)
        file.unlink()
        return {file.relative_to(self._root).as_posix()}

    def _folders(self) -> list[Path]:
        return sorted(path for path in self._root.rglob("*") if path.is_dir())

    def _delete_folder(self) -> set[str]:
        if not (folders := self._folders()) or self._random.random() < 0.5:
            return set()
        folder = self._random.choice(folders)
        shutil.rmtree(folder)
        return {f"{folder.relative_to(self._root).as_posix()}/"}

    def _move_folder(self) -> set[str]:
        if not (folders := self._folders()):
            return set()
        folder = self._random.choice(folders)
        target = self._root / self._random.choice(["moved", "posts", "en"])
        if target.exists():
            return set()
        folder.rename(target)
        return {f"{path.relative_to(self._root).as_posix()}/" for path in (folder, target)}


@pytest.mark.parametrize("seed", range(3))
def test_given_paths_lead_to_the_same_index_as_looking_at_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    # With fewer articles than are sampled, a new one would be a change of the sample.
    monkeypatch.setattr(samples, "MAX_FILES", 1)
    scans = count_calls(monkeypatch, "service.ingest.refresh.scan")
    partial, whole, fresh = (Folder(tmp_path / name) for name in ("partial", "whole", "fresh"))
    for other in (whole, fresh):
        other.root.rmdir()
        other.root.symlink_to(partial.root)
    edits = Edits(partial.root, seed)
    for folder in ("", "posts/", "fr/", "posts/deep/"):
        for number in range(8):
            partial.write(f"{folder}article-{number}", date="2019-01-01")
    partial.refresh()
    whole.refresh()
    whole_scans = 0
    for _ in range(EDITS):
        changed: set[str] = set()
        for _ in range(edits.how_many()):
            changed |= edits.make()
        scans.clear()
        report = refresh_index(partial.url, partial.root, partial.site, now=NOW, paths=changed)
        whole_scans += len(scans)
        reference = whole.refresh()
        assert (report.articles, report.files) == (reference.articles, reference.files)
        assert (report.faults, report.notices) == (reference.faults, reference.notices)
        assert dump(partial) == dump(whole)
    assert whole_scans <= EDITS * 3 // 4
    fresh.refresh()
    assert dump(partial, "deleted_slugs", "renames") == dump(fresh, "deleted_slugs", "renames")


@pytest.mark.parametrize("gone", ["img/pic.png", "img/b.md", "img/data.csv", "img/", "lists/authors.yml"])
def test_a_look_at_a_folder_finds_what_is_gone_from_it(tmp_path: Path, gone: str) -> None:
    """A sweep names the folder alone, not what was deleted from it."""
    folder, fresh = Folder(tmp_path / "folder"), Folder(tmp_path / "fresh")
    texts = {
        "a.md": "---\nauthor: ann\n---\n\n![p](img/pic.png) [b](img/b.md) [d](img/data.csv)",
        "img/b.md": "Text.",
        "img/data.csv": "1,2",
        "lists/authors.yml": "ann: {name: Ann Example}",
        "other/c.md": "Text.",
    }
    for path, text in texts.items():
        (folder.root / path).parent.mkdir(exist_ok=True)
        (folder.root / path).write_text(text)
    (folder.root / "img/pic.png").write_bytes(png(3, 2))
    folder.refresh()
    place = folder.root / gone
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    looked_at = f"{gone.partition('/')[0]}/"
    refresh_index(folder.url, folder.root, folder.site, now=NOW, paths=[looked_at])
    fresh.root.rmdir()
    fresh.root.symlink_to(folder.root)
    fresh.refresh()
    assert dump(folder, "deleted_slugs", "renames") == dump(fresh, "deleted_slugs", "renames")


@pytest.mark.parametrize("paths", [None, ["old.json", "new.json", "other.json"]])
def test_files_that_are_being_written_are_left_for_later(tmp_path: Path, paths: list[str] | None) -> None:
    """What is known from them stays, also when they were deleted to be written again."""
    edited, anew = Folder(tmp_path / "edited"), Folder(tmp_path / "anew")
    edited.write("old", title="Before")
    edited.write("gone")
    refresh_index(edited.url, edited.root, edited.site, now=NOW)
    edited.write("old", title="Half")
    edited.write("new", title="Half")
    edited.write("other")
    edited.remove("gone")
    unfinished = ["old.json", "new.json", "gone.json"]
    refresh_index(edited.url, edited.root, edited.site, now=NOW, paths=paths, unfinished=unfinished)
    assert sorted(article.title for article in edited.find().articles) == ["Before", "gone", "other"]

    for folder in (edited, anew):
        folder.write("old", title="Whole")
        folder.write("new", title="Whole")
        folder.write("other")
    paths = paths and [*unfinished, "other.json"]
    report = refresh_index(edited.url, edited.root, edited.site, now=NOW, paths=paths)
    assert report.revision == refresh_index(anew.url, anew.root, anew.site, now=NOW).revision


@pytest.mark.parametrize("name", ["\udcff.md", "pic\udcff.png", "deep/pic\udcff.png", "deep\udcff/pic.png"])
def test_a_name_that_is_not_utf8_is_reported_until_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(samples, "MAX_FILES", 1)
    folder = Folder(tmp_path)
    for number in range(3):
        folder.write(f"article-{number}")
    folder.refresh()

    def names_not_utf8(paths: set[str]) -> list[str]:
        report = refresh_index(folder.url, folder.root, folder.site, now=NOW, paths=paths)
        return [fault.path for fault in report.faults if "not UTF-8" in fault.message]

    file = folder.root / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("Text.")
    shown = [name.replace("\udcff", "\\xff")]
    assert names_not_utf8({name}) == shown
    folder.write("article-1", title="Edited")
    assert names_not_utf8({"article-1.json"}) == shown
    file.unlink()
    assert names_not_utf8({name}) == []

    file.write_text("Text.")
    assert names_not_utf8({name}) == shown
    file.unlink()
    assert names_not_utf8({f"{name.rpartition('/')[0]}/"}) == []

    file.write_text("Text.")
    assert names_not_utf8({"/"}) == shown
    if "/" in name:
        top = name.partition("/")[0]
        shutil.rmtree(folder.root / top)
        assert names_not_utf8({f"{top}/"}) == []
