"""The index removed or damaged under the running service: it is a cache, and is rebuilt without a restart."""

import itertools
import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.server import Server, serving
from tests.support.waiting import TIMEOUT_SECONDS, wait_until

ARTICLES = 30


def get(server: Server, address: str) -> tuple[int, bytes]:
    """Status and body, over a connection of its own: any of the workers may answer."""
    with closing(
        HTTPConnection("127.0.0.1", urlsplit(server.base).port, timeout=TIMEOUT_SECONDS)
    ) as connection:
        connection.request("GET", address)
        response = connection.getresponse()
        return response.status, response.read()


def write(folder: Path, name: str) -> None:
    text = f"---\ntitle: {name}\ndate: 2020-01-01\ntags: [t]\n---\n\n{f'Text of {name}. ' * 200}\n"
    (folder / f"{name}.md").write_text(text, "utf-8")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    for number in range(ARTICLES):
        write(folder, f"a{number}")
    return folder


def overwrite(file: Path, start: int, data: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(start)
        opened.write(data)


def size(file: Path) -> int:
    return file.stat().st_size


def remove(file: Path, *suffixes: str) -> int:
    """Delete the index itself ("") or what SQLite keeps next to it; how many files that was."""
    named = [file.with_name(file.name + suffix) for suffix in suffixes]
    there = [item for item in named if item.exists()]
    for item in there:
        item.unlink()
    return len(there)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "emptied": lambda file: os.truncate(file, 0),
    "cut to half": lambda file: os.truncate(file, size(file) // 2),
    "cut within a page": lambda file: os.truncate(file, size(file) // 2 + 777),
    "overwritten": lambda file: overwrite(file, 0, b"\xa5" * size(file)),
    "overwritten after the header": lambda file: overwrite(file, 4096, b"\xa5" * (size(file) - 4096)),
    "zeroed": lambda file: overwrite(file, 0, bytes(size(file))),
    "replaced by rubble": lambda file: file.write_bytes(b"rubble"),
    "deleted": lambda file: remove(file, ""),
    "deleted with its log": lambda file: remove(file, "", "-wal", "-shm"),
    "its log deleted": lambda file: remove(file, "-wal"),
    "the index of its log deleted": lambda file: remove(file, "-shm"),
    "both deleted": lambda file: remove(file, "-wal", "-shm"),
    "its log emptied": lambda file: os.truncate(file.with_name("index.db-wal"), 0),
    "emptied and its log deleted": lambda file: (remove(file, "-wal", "-shm"), file.write_bytes(b"")),
    "its folder deleted": lambda file: shutil.rmtree(file.parent),
}


QUICK = ("emptied", "cut to half", "deleted", "its log deleted", "its folder deleted")


def survives(damages: Iterable[str], content: Path, work: Path, workers: int) -> None:
    """Serve `content` while its index suffers one damage after the other, and is whole again after each."""
    index = work / "state" / "index.db"
    options = ("--workers", str(workers), "--index", f"sqlite:///{index}")
    fresh = itertools.count()

    def all_answer(server: Server) -> bool:
        # Each is a new query: a cached response would hide the damage.
        statuses = {get(server, f"/articles.json?exclude_tag=w{next(fresh)}")[0] for _ in range(3 * workers)}
        assert statuses <= {200, 503}
        assert get(server, "/healthz")[0] == 200
        return statuses == {200}

    def all_serve(server: Server, name: str) -> bool:
        return all(get(server, f"/articles/{name}.json")[0] == 200 for _ in range(3 * workers))

    with serving(content, work, *options, BROADSHEET_REFRESH_SECONDS="1") as server:
        for number, damage in enumerate(damages, 1):
            DAMAGES[damage](index)
            wait_until(partial(all_answer, server), f"{damage}: every worker answers")
            write(content, f"after{number}")
            wait_until(
                partial(all_serve, server, f"after{number}"), f"{damage}: every worker serves what is new"
            )
            _, listing = get(server, f"/articles.json?tag=t&limit=1&exclude_tag=w{next(fresh)}")
            total = json.loads(listing)["total"]
            assert total == ARTICLES + number, damage
            assert server.output().count("it is built anew") <= number, server.output()
        assert "Traceback" not in server.output()


def test_a_damaged_index_is_rebuilt_while_it_is_served(content: Path, tmp_path: Path) -> None:
    survives(QUICK, content, tmp_path, workers=2)


@pytest.mark.stress
def test_an_index_damaged_in_every_way_is_rebuilt(content: Path, tmp_path: Path) -> None:
    damages = [*DAMAGES, *DAMAGES]
    random.Random(12).shuffle(damages)  # noqa: S311
    survives(damages, content, tmp_path, workers=4)


def test_a_database_of_others_in_the_place_of_the_index_is_kept(content: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.db"
    with closing(sqlite3.connect(theirs)) as connection:
        connection.execute("CREATE TABLE thesis (chapter TEXT)")
        connection.execute("INSERT INTO thesis VALUES ('One')")
        connection.commit()
    before = theirs.read_bytes()
    index = tmp_path / "index.db"
    refused = "is not a Broadsheet index and is left unchanged"
    with serving(content, tmp_path, BROADSHEET_REFRESH_SECONDS="1") as server:
        remembered = get(server, "/feed.atom")
        index.write_bytes(before)
        wait_until(lambda: refused in server.output(), "what was written over the index is refused")
        assert get(server, "/feed.atom") == remembered
        assert index.read_bytes() == before
        index.unlink()
        wait_until(lambda: get(server, "/articles.json?exclude_tag=x")[0] == 200, "a new index is built")
        theirs.replace(index)
        wait_until(lambda: server.output().count(refused) == 2, "what was put in its place is refused")
        # Answered from the index, which is still open.
        assert get(server, "/articles.json?exclude_tag=y")[0] == 200
    assert index.read_bytes() == before
