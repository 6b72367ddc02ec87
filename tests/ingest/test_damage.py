"""Killed builds, damaged files, files of other versions, files of others, folders that cannot be written."""

import logging
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from service.errors import IndexUnavailable, IndexUnusable
from service.index import Index, apply_due_transitions
from service.query import Query
from tests.support.build_process import exit_status, start_build
from tests.support.index_folder import NOW, Folder

FULL = """
import resource, sys
from pathlib import Path
from service.errors import IndexUnavailable, IndexUnusable
from service.ingest import refresh_index
from service.model import Site

resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    refresh_index(sys.argv[1], Path(sys.argv[2]), Site())
except IndexUnavailable as error:
    print(error)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    for number in range(30):
        folder.write(f"a{number:02}", tags=["t"], date="2019-01-01")
    return folder


def verdict(folder: Folder) -> str:
    with closing(sqlite3.connect(folder.file)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


@pytest.mark.parametrize("killed_at", [1, 15, 30])
def test_a_build_killed_on_the_way_leaves_the_index_as_it_was(folder: Folder, killed_at: int) -> None:
    before = folder.refresh()
    for number in range(30):
        folder.write(f"a{number:02}", tags=["u"], date="2019-01-02", text="Changed.")
    assert exit_status(start_build(folder, killed_at)) == -signal.SIGKILL
    assert folder.ask(lambda index: index.revision()) == before.revision
    assert len(folder.slugs(tags=("t",))) == 30
    assert verdict(folder) == "ok"
    assert folder.refresh().read == 30
    assert folder.slugs(tags=("t",)) == []
    assert len(folder.slugs(q="changed")) == 30
    assert verdict(folder) == "ok"


def test_a_build_killed_at_any_moment_leaves_one_index_or_the_other(folder: Folder) -> None:
    revisions = {folder.refresh().revision}
    for attempt in range(6):
        for number in range(30):
            folder.write(f"a{number:02}", text=f"Attempt {attempt}.")
        builder = start_build(folder)
        builder.join(0.01 * attempt)
        builder.kill()
        builder.join()
        survived = folder.ask(lambda index: index.revision())
        after = folder.refresh().revision
        assert survived in {*revisions, after}
        assert verdict(folder) == "ok"
        revisions.add(after)
    assert len(folder.slugs(q="attempt")) == 30


def test_a_first_build_that_was_killed_is_no_index_and_no_obstacle(folder: Folder) -> None:
    assert exit_status(start_build(folder, killed_at=15)) == -signal.SIGKILL
    with pytest.raises(IndexUnavailable, match="broadsheet index"):
        Index(folder.url)
    assert folder.refresh().articles == 30


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "garbage": lambda data: b"no database" * len(data),
    "cut short": lambda data: data[: len(data) // 3],
    "one byte": lambda data: data[:1],
    "header gone": lambda data: bytes(100) + data[100:],
    "middle gone": lambda data: data[:4096] + bytes(len(data) - 8192) + data[-4096:],
    "other version": lambda data: data[:60] + b"\0\0\xff\xff" + data[64:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_index_is_rebuilt(folder: Folder, damage: str, caplog: pytest.LogCaptureFixture) -> None:
    before = folder.refresh()
    folder.file.write_bytes(DAMAGES[damage](folder.file.read_bytes()))
    with caplog.at_level(logging.WARNING):
        after = folder.refresh()
    assert after == before
    assert len(folder.slugs()) == 30
    # A second warning says when the addresses of deleted articles cannot be read either.
    assert {record.levelname for record in caplog.records} == {"WARNING"}
    assert "rebuilt" in caplog.text


def test_an_index_damaged_while_it_is_read_is_reported(folder: Folder) -> None:
    folder.refresh()
    data = folder.file.read_bytes()
    folder.file.write_bytes(data[:4096] + bytes(len(data) - 4096))
    with pytest.raises(IndexUnavailable, match="broadsheet index"):
        folder.find()
    with pytest.raises(IndexUnavailable, match="broadsheet index"):
        apply_due_transitions(folder.url, NOW)


def test_a_visible_article_that_is_missing_is_reported(folder: Folder) -> None:
    folder.refresh()
    with closing(sqlite3.connect(folder.file)) as connection:
        connection.execute("DELETE FROM documents WHERE slug = 'a00'")
        connection.commit()
    with pytest.raises(IndexUnavailable, match="broadsheet index"):
        folder.find()


def test_an_index_in_use_is_replaced_under_its_reader(folder: Folder) -> None:
    folder.refresh()

    async def replaced(index: object) -> None:
        folder.file.unlink()
        folder.file.with_name(folder.file.name + "-wal").unlink(missing_ok=True)
        folder.file.with_name(folder.file.name + "-shm").unlink(missing_ok=True)
        assert (await reader.find(Query(), 100)).total == 30
        folder.write("new")
        revision = folder.refresh().revision
        assert await reader.revision() == revision
        assert (await reader.find(Query(), 100)).total == 31
        await reader.close()

    reader = Index(folder.url)
    folder.ask(replaced)


def test_a_database_of_others_is_refused_and_kept(folder: Folder) -> None:
    with closing(sqlite3.connect(folder.file)) as connection:
        connection.execute("CREATE TABLE precious (thing)")
        connection.commit()
    before = folder.file.read_bytes()
    with pytest.raises(IndexUnavailable, match="is not a Broadsheet index"):
        folder.refresh()
    assert folder.file.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_kept(folder: Folder) -> None:
    file = folder.root.parent / "novel.txt"
    file.write_text("Call me Ishmael.")
    folder.url = f"sqlite:///{file}"
    with pytest.raises(IndexUnavailable, match="is not a Broadsheet index"):
        folder.refresh()
    assert file.read_text() == "Call me Ishmael."


def test_file_that_is_not_a_database_is_moved_aside(folder: Folder) -> None:
    folder.file.write_bytes(b"rubble")
    assert folder.refresh().articles == 30
    assert folder.file.with_name("index.db.unfit").read_bytes() == b"rubble"


def test_an_index_below_a_file_is_reported(folder: Folder) -> None:
    folder.url = f"sqlite:///{folder.root / 'a00.json' / 'index.db'}"
    with pytest.raises(IndexUnavailable, match="--index"):
        folder.refresh()


def test_an_index_that_is_a_folder_is_reported(folder: Folder) -> None:
    folder.url = f"sqlite:///{folder.root}"
    with pytest.raises(IndexUnavailable, match="--index"):
        folder.refresh()


def test_a_full_disk_is_reported_and_leaves_the_index_as_it_was(folder: Folder) -> None:
    before = folder.refresh()
    for number in range(30):
        folder.write(f"a{number:02}", text="Far too long. " * 5000)
    command = [sys.executable, "-c", FULL, folder.url, str(folder.root)]
    build = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (build.returncode, build.stderr) == (0, "")
    assert str(folder.file) in build.stdout
    assert "disk" in build.stdout
    assert folder.ask(lambda index: index.revision()) == before.revision
    assert verdict(folder) == "ok"
    assert folder.refresh().read == 30


def sidecar(folder: Folder, suffix: str) -> Path:
    return folder.file.with_name(folder.file.name + suffix)


def question_everything(folder: Folder) -> None:
    """Read everything that the index holds."""
    folder.everything()
    folder.facets("tag")
    folder.slugs(q="text")
    folder.slugs(sort="updated")


@pytest.mark.parametrize("seed", range(8))
def test_an_index_with_random_damage_is_usable_after_a_build(folder: Folder, seed: int) -> None:
    """A reader that meets damage reports it, so that what the builder does not read is mended too."""
    chance = random.Random(seed)  # noqa: S311
    folder.refresh()
    for _ in range(5):
        data = bytearray(folder.file.read_bytes())
        for _ in range(chance.choice((1, 30))):
            start = chance.randrange(100, len(data))  # past the header, which says whose it is
            data[start : start + chance.choice((1, 40, 20_000))] = chance.randbytes(chance.choice((1, 40)))
        folder.file.write_bytes(data[: chance.choice((len(data), chance.randrange(len(data) + 1)))])
        folder.refresh()
        try:
            question_everything(folder)
        except IndexUnusable:
            folder.refresh()
            question_everything(folder)
        assert verdict(folder) == "ok"


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("articles", "article"),
        ("documents", "claim"),
        ("source_files", "faults"),
        ("source_files", "looked_up"),
    ],
)
@pytest.mark.parametrize("rubble", [b"\xc1", b"", "text", 7])
def test_a_column_that_cannot_be_decoded_is_damage(
    folder: Folder, table: str, column: str, rubble: object
) -> None:
    before = folder.refresh()
    with closing(sqlite3.connect(folder.file)) as connection:
        connection.execute(f"UPDATE {table} SET {column} = ?", (rubble,))  # noqa: S608
        connection.commit()
    with suppress(IndexUnusable):  # where readers need that column
        question_everything(folder)
    folder.write("new")
    folder.refresh()
    folder.remove("new")
    assert folder.refresh().revision == before.revision
    question_everything(folder)


def test_an_emptied_index_is_built_anew_with_its_log(folder: Folder) -> None:
    assert exit_status(start_build(folder)) == 0
    with closing(sqlite3.connect(f"file:{folder.file}?mode=ro", uri=True)) as reader:
        reader.execute("SELECT count(*) FROM state").fetchone()
        for suffix in ("-wal", "-shm"):
            assert sidecar(folder, suffix).exists()
        os.truncate(folder.file, 0)
        assert exit_status(start_build(folder)) == 0
        assert len(folder.slugs()) == 30
        assert verdict(folder) == "ok"


def test_damage_is_reported_to_the_next_builder_once(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    folder.refresh()
    report = sidecar(folder, ".damaged")
    with closing(sqlite3.connect(folder.file)) as connection:
        connection.execute("DELETE FROM articles")
        connection.commit()
    for _ in range(2):
        with pytest.raises(IndexUnusable):
            folder.find()
    assert report.exists()
    with pytest.raises(IndexUnusable, match="broadsheet index"):
        apply_due_transitions(folder.url, NOW)
    folder.refresh()
    assert not report.exists()
    assert len(folder.slugs()) == 30
    assert caplog.text.count("rebuilt") == 1


def test_what_is_due_is_not_applied_to_the_index_of_another_folder(folder: Folder, tmp_path: Path) -> None:
    """A second service has taken the index over: the first one no longer writes to it."""
    folder.write("later", published="2026-06-01")
    folder.refresh()
    due = NOW + timedelta(days=365)
    with pytest.raises(IndexUnusable, match="another service now uses this index"):
        apply_due_transitions(folder.url, due, folder=tmp_path / "other")
    assert "later" not in folder.slugs()
    apply_due_transitions(folder.url, due, folder=folder.root)
    assert "later" in folder.slugs()


def test_a_report_of_a_file_that_was_replaced_is_not_believed(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    folder.refresh()
    facts = folder.file.stat()
    sidecar(folder, ".damaged").write_text(f"{facts.st_dev} {facts.st_ino + 1} it is damaged\n")
    assert folder.refresh().read == 0
    assert "rebuilt" not in caplog.text


def test_an_index_behind_a_link_is_replaced_where_it_is(folder: Folder, tmp_path: Path) -> None:
    real = tmp_path / "volume" / "real.db"
    real.parent.mkdir()
    folder.file.symlink_to(real)
    before = folder.refresh()
    for damage in (b"", b"rubble", real.read_bytes()[:50_000]):
        real.write_bytes(damage)
        assert folder.refresh() == before
        assert folder.file.is_symlink()
        assert len(folder.slugs()) == 30


@pytest.mark.parametrize(
    "damage",
    ["cut short", *(pytest.param(name, marks=pytest.mark.stress) for name in ("one byte", "garbage"))],
)
def test_concurrent_builders_agree_on_damage(folder: Folder, damage: str) -> None:
    before = folder.refresh()
    folder.file.write_bytes(DAMAGES[damage](folder.file.read_bytes()))
    builders = [start_build(folder) for _ in range(4)]
    assert [exit_status(builder) for builder in builders] == [0] * 4
    assert folder.ask(lambda index: index.revision()) == before.revision
    assert verdict(folder) == "ok"


@pytest.mark.parametrize("mark", ["PRAGMA application_id = 7", "SELECT 1"])
def test_a_database_of_others_next_to_our_log_is_kept(folder: Folder, tmp_path: Path, mark: str) -> None:
    """SQLite would write the log into it, were it opened."""
    theirs = tmp_path / "theirs.db"
    with closing(sqlite3.connect(theirs)) as connection:
        connection.execute("CREATE TABLE precious (thing)")
        connection.execute(mark)
        connection.commit()
    assert exit_status(start_build(folder)) == 0
    with closing(sqlite3.connect(folder.file)) as writer:
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute("UPDATE state SET articles = 7")
        writer.commit()
        log = sidecar(folder, "-wal").read_bytes()
        assert log
        folder.file.write_bytes(theirs.read_bytes())
        with pytest.raises(IndexUnavailable, match="is not a Broadsheet index"):
            folder.refresh()
        assert folder.file.read_bytes() == theirs.read_bytes()
        sidecar(folder, "-wal").unlink()
