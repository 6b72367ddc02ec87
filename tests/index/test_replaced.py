"""An index replaced under its readers: by a person who removes it, or by a build that finds it unfit."""

import asyncio
import multiprocessing
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.errors import IndexUnavailable, IndexUnusable
from service.index import Index
from service.index.database import connect, is_log_removed, log_file_ids, reading, writing
from service.ingest import refresh_index
from service.model import Site
from service.query import Query
from tests.support.index_folder import Folder

NOW = datetime(2026, 1, 1, tzinfo=UTC)

Build = Callable[[Folder], None]


@pytest.fixture(scope="module")
def build_elsewhere() -> Iterator[Build]:
    """Builds in another process, as the index refresher does: processes hold locks, not threads."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:

        def build(folder: Folder) -> None:
            process.submit(refresh_index, folder.url, folder.root, Site(), now=NOW).result()

        yield build


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.write("a0", tags=["t"])
    return folder


def remove(folder: Folder) -> None:
    for suffix in ("", "-wal", "-shm"):
        folder.file.with_name(folder.file.name + suffix).unlink(missing_ok=True)


def of_another_version(folder: Folder) -> None:
    data = folder.file.read_bytes()
    folder.file.write_bytes(data[:60] + b"\0\0\xff\xff" + data[64:])


async def counts(index: Index) -> tuple[int | None, int]:
    """How many articles a quick answer knows of (this thread), and a slow one (a thread of the pool)."""
    page = await index.find(Query(tags=("t",)), 100)
    (facet,) = await index.facets("tag")
    return page.total, facet.count


@pytest.mark.parametrize("replace", [remove, of_another_version])
def test_threads_follow_a_replaced_index(
    folder: Folder, replace: Callable[[Folder], None], build_elsewhere: Build
) -> None:
    build_elsewhere(folder)

    async def followed() -> None:
        index = Index(folder.url)
        try:
            assert await counts(index) == (1, 1)
            replace(folder)
            for number in range(1, 4):
                folder.write(f"a{number}", tags=["t"])
                build_elsewhere(folder)
                assert await counts(index) == (number + 1, number + 1)
        finally:
            await index.close()

    asyncio.run(followed())


def test_a_reader_makes_no_index(folder: Folder) -> None:
    folder.refresh()

    async def asked() -> None:
        index = Index(folder.url)
        try:
            remove(folder)
            with pytest.raises(IndexUnavailable, match="broadsheet index"):
                await index.facets("tag")
            assert (await index.find(Query(), 100)).total == 1
        finally:
            await index.close()

    asyncio.run(asked())
    assert not folder.file.exists()


def test_a_first_build_replaces_an_empty_database_that_is_being_read(
    folder: Folder, build_elsewhere: Build
) -> None:
    with closing(sqlite3.connect(folder.file)) as empty:
        empty.execute("PRAGMA journal_mode = WAL")
    with closing(connect(folder.file, mode="ro")) as reader:
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        build_elsewhere(folder)
        assert reader.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
        folder.write("a1", tags=["t"])
        build_elsewhere(folder)
        assert folder.slugs() == ["a1", "a0"]


def test_a_reader_keeps_its_index_until_another_is_built(folder: Folder, build_elsewhere: Build) -> None:
    build_elsewhere(folder)

    async def kept() -> None:
        index = Index(folder.url)
        try:
            assert await counts(index) == (1, 1)
            before = await index.revision()
            remove(folder)
            with writing(folder.file):
                pass  # begun by a build that is still to come
            assert await counts(index) == (1, 1)
            assert await index.revision() == before
        finally:
            await index.close()

    asyncio.run(kept())


def test_a_log_counts_as_removed_only_where_that_can_be_seen(folder: Folder) -> None:
    folder.refresh()
    with reading(folder.file):
        log = log_file_ids(folder.file)
        assert None not in log.values()
        assert not is_log_removed(log)
        assert not is_log_removed(dict.fromkeys(log)), "it was opened while its folder was unreadable"
        assert is_log_removed({**log, [*log][1]: (0, 0)})
        assert is_log_removed({folder.root / "none.db-wal": (0, 0)})
        assert not is_log_removed({folder.file / "below a file": (0, 0)}), "its folder cannot be read"


def test_reading_creates_no_index(folder: Folder) -> None:
    with pytest.raises(IndexUnusable, match="broadsheet index"), writing(folder.file, build=False):
        pass
    assert not folder.file.exists()


def test_an_error_that_ends_a_transaction_is_what_its_caller_sees(
    folder: Folder, build_elsewhere: Build
) -> None:
    build_elsewhere(folder)

    def read(connection: sqlite3.Connection) -> None:
        connection.execute("ROLLBACK")  # as SQLite does on an error of the disk
        raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
        folder.ask(lambda index: index.ordered.run(read))
