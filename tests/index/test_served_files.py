"""What an index knows of the files around its articles: references, private folders, hashes."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.content.files.access import may_be_served
from service.errors import IndexUnavailable
from service.index import apply_due_transitions, refused_references, served_files
from service.index.database import reading, writing
from service.ingest import FileHasher, file_hashes, refresh_index
from tests.support.builders import at, site
from tests.support.dependent_files import OLD, POST, Files, write_case_files
from tests.support.files import hash_file
from tests.support.index_folder import NOW, Folder

FUTURE = "2027-01-01"


def work(hasher: FileHasher) -> None:
    while not hasher.work(1.0):
        pass


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def is_served(folder: Folder, path: str) -> bool:
    record = folder.file_record(path)
    return may_be_served(path, is_referenced=record.is_referenced, is_withheld=record.is_withheld)


def markdown(folder: Folder, path: str, text: str = "", **facts: Any) -> None:
    lines = [f"{key}: {value}" for key, value in facts.items()]
    file = folder.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(["---", "title: T", *lines, "---", "", text or "Text.", ""]))


def lay(folder: Folder, *paths: str) -> None:
    for path in paths:
        (folder.root / path).parent.mkdir(parents=True, exist_ok=True)
        (folder.root / path).write_bytes(b"x")


@pytest.mark.parametrize(
    "reference",
    [
        "[A](../data/a.zip)",
        "[A](/data/a.zip)",
        "[A](</data/a.zip?x=1#y>)",
        '<a href="../data/a.zip">A</a>',
        '<audio src="../data/a.zip"></audio>',
        "![A](../data/a.zip)",
        "[A][a]\n\n[a]: ../data/a.zip",
        "[A](https://example.org/blog/files/data/a.zip)",
    ],
)
def test_a_visible_article_opens_what_it_refers_to(folder: Folder, reference: str) -> None:
    lay(folder, "data/a.zip", "data/b.zip")
    markdown(folder, "posts/a.md", reference, date="2019-01-28")
    folder.refresh()
    record = folder.ask(lambda index: index.file_record("data/a.zip", "https://example.org/blog"))
    assert record.is_referenced
    assert not folder.file_record("data/b.zip").is_referenced
    markdown(folder, "posts/a.md", date="2019-01-28")
    folder.refresh()
    assert not folder.file_record("data/a.zip").is_referenced


@pytest.mark.parametrize("key", ["image", "attachments", "cover", "enclosure", "audio"])
def test_a_field_refers_as_well(folder: Folder, key: str) -> None:
    lay(folder, "posts/a.bin")
    markdown(folder, "posts/a.md", date="2019-01-28", **{key: "a.bin"})
    folder.refresh()
    assert is_served(folder, "posts/a.bin")


@pytest.mark.parametrize(
    "facts",
    [
        {"date": FUTURE},
        {"date": "2018-01-01", "expires": "2019-01-01"},
        {"date": "2018-01-01", "withdrawn": "It was false."},
        {"date": "2018-01-01", "draft": "true"},
        {"date": "2018-01-01", "published": "false"},
        {"date": "2018-01-01", "status": "private"},
        {"date": "2018-01-01", "visibility": "members"},
        {"date": "2018-01-01", "password": "secret"},
        {"date": "someday"},
        {"date": "2018-01-01", "tags": "{unclosed"},
    ],
)
def test_folder_of_an_invisible_article_is_closed(folder: Folder, facts: dict[str, str]) -> None:
    owners = {
        "bundle/index.md": "bundle/a.png",
        "deep/index.md": "deep/img/a.pdf",
        "posts/spoken/index.en.md": "posts/spoken/a.png",
        "_posts/beside.md": "_posts/beside/a.png",
        "named/named.md": "named/a.png",
        "2018-01-01-dated/text.md": "2018-01-01-dated/a.png",
        "_posts/post/text.md": "_posts/post/a.png",
    }
    files = list(owners.values())
    lay(folder, *files)
    # That another article shows them does not open them.
    markdown(folder, "other.md", "".join(f"![](/{file})" for file in files), date="2018-01-01")

    def served_with(**facts: str) -> list[str]:
        for number, (owner, file) in enumerate(owners.items()):
            picture = os.path.relpath(file, Path(owner).parent)
            markdown(folder, owner, f"![]({picture})", slug=f"a{number}", **facts)
        folder.refresh()
        return [file for file in files if is_served(folder, file)]

    assert served_with(**facts) == []
    assert served_with(date="2018-01-01") == files
    assert served_with(**facts) == []
    for owner in owners:
        (folder.root / owner).unlink()
    folder.refresh()
    assert all(is_served(folder, file) for file in files)


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("posts/_index.md", {"draft": "true"}),
        ("index.md", {"draft": "true"}),
        ("later/index.md", {"headless": "true"}),
        ("later/index.md", {"layout": "list"}),
        ("later/README.md", {"draft": "true"}),
        ("later/notes.md", {"draft": "true"}),
    ],
)
def test_what_is_no_article_of_a_folder_closes_nothing(
    folder: Folder, path: str, facts: dict[str, str]
) -> None:
    lay(folder, "posts/a.png", "later/a.png", "a.png")
    markdown(folder, path, **facts)
    folder.refresh()
    assert all(is_served(folder, file) for file in ("posts/a.png", "later/a.png", "a.png"))


def test_article_excluded_by_a_misspelled_key_closes_its_folder(folder: Folder) -> None:
    lay(folder, "later/a.png")
    markdown(folder, "later/index.md", date="2018-01-01", drafft="true")
    folder.refresh()
    assert not is_served(folder, "later/a.png")


def test_a_visible_article_in_the_folder_of_a_hidden_one_shows_its_own_pictures(folder: Folder) -> None:
    """A draft `index.md` may be the page of a section: its articles lie in the same folder."""
    lay(folder, "posts/a.png", "posts/b.png")
    markdown(folder, "posts/index.md", draft="true")
    markdown(folder, "posts/a.md", "![](a.png)", date="2018-01-01")
    folder.refresh()
    assert (is_served(folder, "posts/a.png"), is_served(folder, "posts/b.png")) == (True, False)


def test_translations_share_a_folder(folder: Folder) -> None:
    lay(folder, "two/a.png")
    markdown(folder, "two/index.en.md", date="2018-01-01")
    markdown(folder, "two/index.fr.md", date=FUTURE)
    markdown(folder, "two/index.de.md", draft="true")
    folder.refresh()
    assert is_served(folder, "two/a.png")


def test_files_open_and_close_with_their_article_without_a_look_at_the_folder(folder: Folder) -> None:
    lay(folder, "later/a.png", "a.zip")
    markdown(folder, "later/index.md", "[A](../a.zip)", date="2026-06-01", expires="2026-07-01")
    folder.refresh(NOW)
    (folder.root / "later" / "index.md").unlink()
    for now, served in (("2026-05-31", False), ("2026-06-01", True), ("2026-07-01", False)):
        apply_due_transitions(folder.url, at(now))
        assert [is_served(folder, path) for path in ("later/a.png", "a.zip")] == [served, served]


def test_a_linked_folder_is_open_while_a_visible_article_comes_from_it(folder: Folder) -> None:
    (folder.root / ".worktrees" / "abc").mkdir(parents=True)
    lay(folder, ".worktrees/abc/a.png")
    (folder.root / "blog").symlink_to(".worktrees/abc")

    def is_withheld() -> bool:
        return folder.ask(lambda index: index.file_record("blog/a.png", None, "blog")).is_withheld

    folder.refresh()
    assert is_withheld()
    markdown(folder, ".worktrees/abc/a.md", date="2018-01-01")
    folder.refresh()
    assert not is_withheld()


def test_a_link_to_a_hidden_folder_opens_no_file_of_it(folder: Folder) -> None:
    (folder.root / ".hid").mkdir()
    lay(folder, ".hid/a.png")
    (folder.root / "vis").symlink_to(".hid")
    markdown(folder, ".hid/h.md", date="2018-01-01")
    markdown(folder, "a.md", "![A](vis/a.png)", date="2018-01-01")
    folder.refresh()
    assert folder.ask(lambda index: index.file_record("vis/a.png", None, "vis")).is_withheld


def test_unusual_paths_are_not_found(folder: Folder) -> None:
    folder.refresh()
    for path in ("\ud800/a.png", "a'b/\"c.png", "%/_.png", "x" * 3000):
        record = folder.file_record(path)
        assert (record.is_referenced, record.is_withheld, record.hash) == (False, False, None)


def test_files_are_hashed(folder: Folder) -> None:
    names = ("a.png", "posts/b.pdf", "data/c.zip", "posts/d.zip", ".e.png", "node_modules/f.png", "g.env")
    lay(folder, *names)
    (folder.root / "..2026").mkdir()
    lay(folder, "..2026/mounted.png")
    (folder.root / "..data").symlink_to("..2026")
    (folder.root / "mounted.png").symlink_to("..data/mounted.png")
    (folder.root / "loop").symlink_to("loop")
    (folder.root / "up").symlink_to("..")
    (folder.root / "nowhere").symlink_to("nothing")
    os.mkfifo(folder.root / "pipe.png")
    (Path(os.fsdecode(os.fsencode(folder.root) + b"/\xff.png"))).write_bytes(b"x")
    markdown(folder, "posts/a.md", "[C](../data/c.zip)", date=FUTURE)
    folder.refresh()
    folder.hash_files()
    hashed = {path: folder.file_record(path).hash for path in (*names, "mounted.png")}
    for path in ("a.png", "posts/b.pdf", "data/c.zip", "mounted.png"):
        assert hashed[path] == hash_file(folder.root / path)
    assert not any(hashed[path] for path in ("posts/d.zip", ".e.png", "node_modules/f.png", "g.env"))


def test_a_changed_file_is_hashed_again_and_a_deleted_one_forgotten(folder: Folder) -> None:
    lay(folder, "a.png", "b.png")
    folder.refresh()
    folder.hash_files()
    (folder.root / "a.png").write_bytes(b"another")
    (folder.root / "b.png").unlink()
    folder.hash_files()
    assert folder.file_record("a.png").hash == hash_file(folder.root / "a.png")
    assert folder.file_record("b.png").hash is None


def link_folder(path: Path) -> None:
    """Move the folder away and link to it, with a file at `path`."""
    path.write_bytes(b"x")
    path.parent.rename(path.parent.with_name("moved"))
    path.parent.symlink_to("moved")


IN_PLACE_OF_A_FILE: dict[str, Callable[[Path], None]] = {
    "nothing": lambda _: None,
    "a folder": lambda path: path.mkdir(),
    "a pipe": lambda path: os.mkfifo(path),
    "a link out of the folder": lambda path: path.symlink_to("/etc/hostname"),
    "a link to another file": lambda path: path.symlink_to("other.png"),
    "a link to nothing": lambda path: path.symlink_to("missing.png"),
    "a file in a folder that a link leads to": link_folder,
}


@pytest.mark.parametrize("is_reported", [False, True])
@pytest.mark.parametrize("name", IN_PLACE_OF_A_FILE)
def test_what_takes_the_place_of_a_file_does_not_have_its_hash(
    folder: Folder, name: str, *, is_reported: bool
) -> None:
    """Otherwise the revision would differ from that of a new index of the same folder."""
    lay(folder, "deep/a.png", "deep/other.png")
    folder.refresh()
    folder.hash_files()
    (folder.root / "deep/a.png").unlink()
    IN_PLACE_OF_A_FILE[name](folder.root / "deep/a.png")
    if is_reported:
        hasher = FileHasher(folder.url, folder.root, folder.site)
        hasher.note_change({"deep/a.png"})
        hasher.work(1.0)
    else:
        folder.hash_files()
    with reading(folder.file) as connection:
        assert "deep/a.png" not in served_files.hashed_paths(connection, "", 10)


def test_changed_files_are_hashed_without_a_pass_over_all_others(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(folder, "a.png", "b.png", "data/c.zip")
    markdown(folder, "posts/a.md")
    folder.refresh()
    hasher = FileHasher(folder.url, folder.root, folder.site)
    while not hasher.work(1.0):
        pass

    def look_into(_: str) -> None:
        pytest.fail("a folder was listed")

    monkeypatch.setattr(os, "scandir", look_into)
    (folder.root / "a.png").write_bytes(b"another")
    (folder.root / "b.png").unlink()
    not_utf8 = {os.fsdecode(name) for name in (b"\xff.png", b"\xff.md", b"\xff/a.png")}
    (folder.root / os.fsdecode(b"\xff.png")).write_bytes(b"x")
    hasher.note_change({"a.png", "b.png", "data/c.zip", "posts/none.md", *not_utf8})
    assert hasher.work(1.0)
    assert folder.file_record("a.png").hash == hash_file(folder.root / "a.png")
    assert folder.file_record("b.png").hash is None
    assert folder.file_record("data/c.zip").hash is None
    monkeypatch.undo()
    markdown(folder, "posts/a.md", "[C](../data/c.zip)")
    report = folder.refresh()
    monkeypatch.setattr(os, "scandir", look_into)
    hasher.note_references(report.references)
    assert hasher.work(1.0)
    assert folder.file_record("data/c.zip").hash == hash_file(folder.root / "data/c.zip")


@pytest.mark.parametrize("kind", ["post", "page"])
@pytest.mark.parametrize("change", ["edited", "deleted"])
def test_a_file_is_hashed_as_long_as_something_refers_to_it(folder: Folder, kind: str, change: str) -> None:
    """Without a pass over all files, which comes only after other changes."""
    lay(folder, "data/c.zip", "data/d.zip", "e.png")
    markdown(folder, "posts/a.md", "[C](../data/c.zip) ![E](../e.png)", type=kind)
    markdown(folder, "posts/b.md", "[D](../data/d.zip)")
    folder.refresh()
    hasher = FileHasher(folder.url, folder.root, folder.site)
    while not hasher.work(1.0):
        pass

    def look() -> list[str]:
        hasher.note_references(folder.refresh().references)
        assert hasher.work(1.0)
        with reading(folder.file) as connection:
            return served_files.hashed_paths(connection, "", 10)

    assert look() == ["data/c.zip", "data/d.zip", "e.png"]
    if change == "edited":
        markdown(folder, "posts/a.md", "[D](../data/d.zip)", type=kind)
    else:
        (folder.root / "posts/a.md").unlink()
    assert look() == ["data/d.zip", "e.png"]
    markdown(folder, "posts/a.md", "[C](../data/c.zip)", type=kind)
    assert look() == ["data/c.zip", "data/d.zip", "e.png"]


SHEETS = {"data/old.csv": "1", "data/new.csv": "2"}
ATTACHED = '{{"attachments": ["/data/{}.csv"]}}'
CASCADE = "---\ntitle: All\ncascade:\n  attachments: [/data/{}.csv]\n---\n"

OF_OTHERS: dict[str, tuple[Files, Files]] = {
    "the data of their directory change": (
        {"posts/posts.json": ATTACHED.format("old"), "posts/a.md": POST.format("", "Text."), **SHEETS},
        {"posts/posts.json": ATTACHED.format("new")},
    ),
    "what their section gives them changes": (
        {
            "hugo.toml": "title = 'News'\n",
            "content/_index.md": CASCADE.format("old"),
            "content/a.md": POST.format("", "Text."),
            **SHEETS,
        },
        {"content/_index.md": CASCADE.format("new")},
    ),
    "a nearer file goes": (
        {"a.md": POST.format("", "[B](/papers/b.csv)"), "papers/b.csv": "1", "static/papers/b.csv": "2"},
        {"papers/b.csv": None},
    ),
    "a nearer file comes": (
        {"a.md": POST.format("", "[B](/papers/b.csv)"), "papers/c.csv": "1", "static/papers/b.csv": "2"},
        {"papers/b.csv": "3"},
    ),
    "a settings file changes, and everything is read": (
        {
            "_config.yml": "defaults: [{scope: {path: ''}, values: {attachments: [/data/old.csv]}}]\n",
            "a.md": POST.format("", "Text."),
            **SHEETS,
        },
        {"_config.yml": "defaults: [{scope: {path: ''}, values: {attachments: [/data/new.csv]}}]\n"},
    ),
}


@pytest.mark.parametrize("name", OF_OTHERS)
def test_the_references_of_articles_that_were_not_reported_are_followed(
    folder: Folder, tmp_path: Path, name: str
) -> None:
    """They are read again because another file was reported. The revision is that of a new index."""
    before, after = OF_OTHERS[name]
    write_case_files(folder.root, before)
    folder.refresh()
    hasher = FileHasher(folder.url, folder.root, folder.site)
    work(hasher)
    write_case_files(folder.root, after, OLD + 1)
    report = refresh_index(folder.url, folder.root, folder.site, now=NOW, paths=[*after])
    hasher.note_change([*after])
    hasher.note_references(report.references)
    # None asks for a pass over all files, which a new hasher makes at once.
    work(FileHasher(folder.url, folder.root, folder.site) if report.references is None else hasher)

    new = Folder(tmp_path / "new")
    shutil.copytree(folder.root, new.root, dirs_exist_ok=True)
    new.refresh()
    new.hash_files()
    hashed = []
    for each in (folder, new):
        with reading(each.file) as connection:
            hashed.append(served_files.hashed_paths(connection, "", 10))
    assert hashed[0] == hashed[1] != []
    assert folder.refresh().revision == new.refresh().revision


def test_a_new_line_is_followed_without_the_references_of_all_others(folder: Folder) -> None:
    """Those of 50,000 lines took three seconds."""
    lay(folder, "c.csv", "d.csv")
    records = [{"slug": f"line-{n}", "title": "T", "attachments": ["c.csv"]} for n in range(50)]
    folder.write_many("lines", records)
    folder.refresh()
    hasher = FileHasher(folder.url, folder.root, folder.site)
    work(hasher)
    folder.write_many("lines", [*records, {"slug": "last", "title": "T", "attachments": ["d.csv"]}])
    report = refresh_index(folder.url, folder.root, folder.site, now=NOW, paths=["lines.jsonl"])
    assert report.references == frozenset({"d.csv"})
    hasher.note_change(["lines.jsonl"])
    hasher.note_references(report.references)
    work(hasher)
    assert folder.file_record("d.csv").hash == hash_file(folder.root / "d.csv")


def test_hashes_outlive_a_change_of_what_articles_depend_on_but_not_of_the_folder(folder: Folder) -> None:
    lay(folder, "a.png")
    folder.refresh()
    folder.hash_files()
    markdown(folder, "a.md", date="2018-01-01")
    (folder.root / "hugo.toml").write_text('defaultContentLanguage = "de"\nbaseURL = "https://example.org"\n')
    folder.refresh()
    assert folder.file_record("a.png").hash
    folder.root = folder.root.rename(folder.root.with_name("elsewhere"))
    folder.refresh()
    assert folder.file_record("a.png").hash is None


def test_large_file_delays_no_other(folder: Folder) -> None:
    """It is hashed after the small ones, a slice at a time, and each slice ends in time."""
    lay(folder, "a.png", "z.png")
    with (folder.root / "huge.mp4").open("wb") as file:
        file.truncate(20 << 30)
    folder.refresh()
    hasher = FileHasher(folder.url, folder.root, folder.site)
    spent = time.process_time()
    for _ in range(5):
        assert not hasher.work(0.02)
    assert time.process_time() - spent < 2.0
    assert folder.file_record("a.png").hash
    assert folder.file_record("z.png").hash
    assert folder.file_record("huge.mp4").hash is None
    (folder.root / "huge.mp4").unlink()
    lay(folder, "huge.mp4")
    while not hasher.work(1.0):
        pass
    folder.hash_files()
    assert folder.file_record("huge.mp4").hash == hash_file(folder.root / "huge.mp4")


def test_a_file_that_grows_while_it_is_hashed_is_not_known(folder: Folder) -> None:
    (folder.root / "a.mp4").write_bytes(bytes(8 * file_hashes.BLOCK_BYTES))
    folder.refresh()
    hasher = FileHasher(folder.url, folder.root, folder.site)
    assert not hasher.work(10)  # the first pass takes small files only
    assert not hasher.work(0.0001)
    with (folder.root / "a.mp4").open("ab") as file:
        file.write(b"more")
    while not hasher.work(1.0):
        pass
    known = folder.file_record("a.mp4").hash
    assert known is None or known == hash_file(folder.root / "a.mp4")


def test_a_file_just_written_is_hashed_once_more(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two writes within one tick leave no trace but in the bytes."""
    lay(folder, "a.png")
    folder.refresh()
    folder.hash_files()
    first = folder.file_record("a.png").hash
    assert first is not None
    # The same facts with other bytes: as if written twice within a tick.
    with writing(folder.file, build=False) as connection:
        connection.execute("UPDATE file_hashes SET sha256 = 'outdated'")
    monkeypatch.setattr(file_hashes, "_RECENT_SECONDS", -5)
    folder.hash_files()
    assert folder.file_record("a.png").hash == first


def test_without_an_index_nothing_is_hashed(folder: Folder) -> None:
    lay(folder, "a.png")
    hasher = FileHasher(folder.url, folder.root, folder.site)
    with pytest.raises(IndexUnavailable):
        hasher.work(1.0)
    assert not folder.file.exists()


def test_references_to_files_that_are_not_served(folder: Folder) -> None:
    lay(folder, "a.zip", "later/b.png", ".env", "c.png.bak", "data/real.zip", "own.zip")
    (folder.root / "link.zip").symlink_to("data/real.zip")
    (folder.root / "loop.png").symlink_to("loop.png")
    (folder.root / "outside.png").symlink_to("/etc/hostname")
    markdown(folder, "later/index.md", date=FUTURE)
    markdown(folder, "draft.md", draft="true")
    markdown(folder, "other.md", date="2018-01-01")
    good = "[](a.zip) [](other.md) [](missing.png) [](https://example.org/x) [](https://example.org/files/own.zip)"
    bad = "[](later/b.png) [](.env) [](c.png.bak) [](link.zip) [](loop.png) [](outside.png) [](draft.md)"
    markdown(folder, "a.md", f"{good} {bad} [](https://example.org/files/later/b.png)", date="2018-01-01")
    folder.site = site(public_url="https://example.org")
    folder.refresh()
    refused = refused_references(folder.url, folder.root, folder.site)
    assert {reference.path for reference in refused} == {"a.md"}
    assert sorted(reference.target for reference in refused) == [
        ".env",
        "c.png.bak",
        "later/b.png",
        "later/b.png",
        "link.zip",
        "outside.png",
    ]
    assert next(reference.reason for reference in refused if reference.target == "link.zip") == (
        "it is a symbolic link to 'data/real.zip', which is not served; refer to the target itself"
    )
