"""The running service and its folder: what changes there is served, and nothing there stops it."""

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from service.ingest import refresh_index
from service.model import Site
from tests.support.article_files import write_article
from tests.support.commands import run_forked
from tests.support.http_client import open_client
from tests.support.processes import children, is_running, others, workers
from tests.support.server import FRESH, Server, StartError, serving, start
from tests.support.waiting import wait_until


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


def test_changes_in_the_folder_are_served(content: Path, tmp_path: Path) -> None:
    write_article(content, "one.md", title="One", date="2020-01-01")
    with serving(content, tmp_path, prefix=FRESH, BROADSHEET_REFRESH_SECONDS="1") as server:
        before = server.get("/feed.atom")
        assert server.titles() == ["One"]

        two = write_article(content, "two.md", title="Two", date="2020-01-02")
        wait_until(lambda: server.titles() == ["Two", "One"], "a new file")
        after = server.get("/feed.atom")
        assert after.headers["ETag"] != before.headers["ETag"]

        write_article(content, "one.md", title="One, corrected", date="2020-01-01")
        wait_until(lambda: server.titles() == ["Two", "One, corrected"], "a changed file")

        write_article(content, "two.md", title="Two", date="never")
        wait_until(lambda: server.titles() == ["One, corrected"], "a file that became faulty is excluded")
        wait_until(lambda: "two.md:3: " in server.output(), "and that is reported")

        two.unlink()
        (content / "one.md").unlink()
        wait_until(lambda: server.titles() == [], "deleted files")
        assert server.get("/articles/one").status_code == httpx.codes.GONE


def test_an_index_brought_up_to_date_by_another_process_is_served(content: Path, tmp_path: Path) -> None:
    write_article(content, "one.md", title="One", date="2020-01-01")
    with serving(content, tmp_path, BROADSHEET_REFRESH_SECONDS="0") as server:
        write_article(content, "two.md", title="Two", date="2020-01-02")
        arguments = ["--content", str(content), "--index", f"sqlite:///{tmp_path}/index.db"]
        assert run_forked("index", *arguments, cwd=tmp_path).returncode == 0
        wait_until(lambda: server.titles() == ["Two", "One"], "what the other process indexed")


def test_second_service_takes_over_the_index(content: Path, tmp_path: Path) -> None:
    write_article(content, "one.md", title="One", date="2020-01-01")
    other = tmp_path / "other"
    other.mkdir()
    write_article(other, "two.md", title="Two", date="2020-01-02")
    (tmp_path / "second").mkdir()
    index = ("--index", f"sqlite:///{tmp_path}/index.db")
    with serving(content, tmp_path, BROADSHEET_REFRESH_SECONDS="1") as first:
        assert first.titles() == ["One"]
        with serving(other, tmp_path / "second", *index, BROADSHEET_REFRESH_SECONDS="1") as second:
            wait_until(lambda: "another service now uses" in first.output(), "the first says why it stops")
            write_article(other, "three.md", title="Three", date="2020-01-03")
            wait_until(lambda: second.titles() == ["Three", "Two"], "the second has it")
            assert "another service" not in second.output()
        assert first.output().count("another service now uses this index") == 1


def test_an_empty_folder_is_served_as_empty_feeds(content: Path, tmp_path: Path) -> None:
    with serving(content, tmp_path) as server:
        assert server.titles() == []
        for address in ("/feed.atom", "/feed.rss", "/feed.json", "/", "/tags.json"):
            assert server.get(address).status_code == httpx.codes.OK, address
        assert "<updated>2000-01-01T00:00:00Z</updated>" in server.get("/feed.atom").text


def test_a_folder_that_vanishes_leaves_the_service_up(content: Path, tmp_path: Path) -> None:
    write_article(content, "one.md", title="One", date="2020-01-01")
    with serving(content, tmp_path, BROADSHEET_REFRESH_SECONDS="1") as server:
        content.rename(tmp_path / "away")
        wait_until(lambda: "the index was not brought up to date" in server.output(), "it is reported")
        assert server.titles() == ["One"]
        (tmp_path / "away").rename(content)
        write_article(content, "two.md", title="Two", date="2020-01-02")
        wait_until(lambda: server.titles() == ["Two", "One"], "the folder is back")
        wait_until(lambda: "the index is brought up to date again" in server.output(), "and that is reported")
        assert server.output().count("the index was not brought up to date") == 1


def test_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="there is no folder") as caught:
        start(tmp_path / "nowhere", tmp_path)
    assert "Traceback" not in str(caught.value)


def test_unreadable_article_is_reported_and_others_served(content: Path, tmp_path: Path) -> None:
    write_article(content, "one.md", title="One", date="2020-01-01")
    (content / "lost.md").symlink_to("nowhere.md")
    (content / "bytes.md").write_bytes(b"---\ntitle: [\n---\n\xff\xfe\x00")
    with serving(content, tmp_path) as server:
        assert server.titles() == ["One"]
        assert "lost.md:1: " in server.output()
        assert "bytes.md:3: " in server.output()


def build_index(content: Path, file: Path) -> None:
    refresh_index(f"sqlite:///{file}", content, Site())


def test_damaged_index_is_rebuilt(content: Path, tmp_path: Path) -> None:
    """Damaged before the service starts; `test_damage` has the other kinds of damage."""
    write_article(content, "one.md", title="One", date="2020-01-01")
    index = tmp_path / "index.db"
    build_index(content, index)
    data = bytearray(index.read_bytes())
    data[200:9000] = b"\xa5" * 8800
    index.write_bytes(data)
    with serving(content, tmp_path) as server:
        assert server.titles() == ["One"]


def test_index_of_another_version_is_rebuilt(content: Path, tmp_path: Path) -> None:
    write_article(content, "one.md", title="One", date="2020-01-01")
    build_index(content, tmp_path / "index.db")
    with closing(sqlite3.connect(tmp_path / "index.db")) as database:
        database.execute("PRAGMA user_version = 999999")
    with serving(content, tmp_path) as server:
        assert server.titles() == ["One"]


def test_foreign_database_is_refused_and_kept(content: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "index.db")) as theirs:
        theirs.execute("CREATE TABLE thesis (chapter TEXT)")
    before = (tmp_path / "index.db").read_bytes()
    with pytest.raises(StartError, match=r"index .*index\.db: is not a Broadsheet index") as caught:
        start(content, tmp_path)
    assert "Traceback" not in str(caught.value)
    assert (tmp_path / "index.db").read_bytes() == before


def test_a_file_that_is_no_database_is_kept_under_another_name(content: Path, tmp_path: Path) -> None:
    (tmp_path / "index.db").write_text("my thesis", "utf-8")
    with serving(content, tmp_path) as server:
        assert server.titles() == []
    assert (tmp_path / "index.db.unfit").read_text("utf-8") == "my thesis"


def test_killed_service_leaves_no_process_and_restarts(content: Path, tmp_path: Path) -> None:
    write_article(content, "one.md", title="One", date="2020-01-01")
    server = start(content, tmp_path, BROADSHEET_REFRESH_SECONDS="1")
    processes = children(server.process.pid)
    assert processes
    server.process.kill()
    server.process.wait()
    wait_until(
        lambda: not any(map(is_running, processes)), "workers and index refresher end with their parent"
    )
    with serving(content, tmp_path) as again:
        assert again.titles() == ["One"]


def test_killed_index_refresher_is_restarted(content: Path, tmp_path: Path) -> None:
    write_article(content, "one.md", title="One", date="2020-01-01")
    with serving(content, tmp_path, BROADSHEET_REFRESH_SECONDS="1") as server:
        (refresher,) = others(server.process.pid)
        os.kill(refresher, signal.SIGKILL)
        write_article(content, "two.md", title="Two", date="2020-01-02")
        wait_until(lambda: server.titles() == ["Two", "One"], "a new file is noticed all the same")
        assert "index refresher ended unexpectedly (SIGKILL); restarting" in server.output()


def _resident_megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1_000


def test_a_worker_stays_below_150_mb_and_keeps_little_of_what_it_answers(
    content: Path, tmp_path: Path
) -> None:
    text = "Rivers, bridges and harbours in a sentence of some length. " * 150
    for n in range(300):
        file = write_article(
            content, f"{n}.md", title=f"Article {n}", tags=f"[t{n % 7}]", date=f"2020-01-{1 + n % 28:02}"
        )
        file.write_text(file.read_text("utf-8") + text, "utf-8")
    addresses = ["/articles.json", "/feed.atom", "/feed.rss", "/feed.json", "/articles.html"]
    with serving(content, tmp_path, prefix=FRESH) as server:
        (worker,) = workers(server.process.pid)
        before = _resident_megabytes(worker)
        with open_client(server.base) as client:
            for n in range(150):
                query = {"limit": 1 + n * 7 % 100, "q": ("", "river", "bridge harbour")[n % 3]}
                coding = ("gzip", "br", "zstd", "identity")[n % 4]
                client.get(addresses[n % 5], params=query, headers={"Accept-Encoding": coding})
        after = _resident_megabytes(worker)

    assert after < 150
    assert after - before < 60  # caches of 16 MB, a dozen threads, and what their largest responses take


def test_a_worker_that_dies_is_replaced(content: Path, tmp_path: Path) -> None:
    write_article(content, "one.md", title="One", date="2020-01-01")
    with serving(content, tmp_path, "--workers", "2") as server:
        os.kill(workers(server.process.pid)[0], signal.SIGKILL)
        wait_until(lambda: _answers(server, 20), "the others answer")
        assert server.titles() == ["One"]


def _answers(server: Server, times: int) -> bool:
    try:
        return all(server.get("/healthz").status_code == httpx.codes.OK for _ in range(times))
    except httpx.TransportError:  # the worker that died was the first to listen
        return False
