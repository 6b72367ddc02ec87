"""Changes that the kernel reports are served at once: here the folder is scanned once an hour only."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.support.article_files import write_article
from tests.support.processes import children, others
from tests.support.server import Server, serving
from tests.support.waiting import wait_until

SETTINGS = {"BROADSHEET_REFRESH_SECONDS": "3600"}
CONNECTIONS = 8
"""Enough that each of two workers takes some."""


@pytest.fixture
def server(content: Path, tmp_path: Path) -> Iterator[Server]:
    with serving(content, tmp_path, "--workers", "2", **SETTINGS) as server:
        wait_until(lambda: server.metric("broadsheet_watching") == 1, "it watches")
        yield server


def wait_for_titles(server: Server, *expected: str) -> None:
    def is_served() -> bool:
        return all(server.titles() == list(expected) for _ in range(CONNECTIONS))

    wait_until(is_served, f"{expected} in every worker")


def test_what_changes_is_served_without_a_scan(content: Path, server: Server) -> None:
    write_article(content, "two.md", title="Two", date="2020-01-02")
    wait_for_titles(server, "Two", "One")

    write_article(content, "one.md", title="One, corrected", date="2020-01-01")
    wait_for_titles(server, "Two", "One, corrected")

    elsewhere = content.parent / "elsewhere"
    (elsewhere / "nested").mkdir(parents=True)
    write_article(elsewhere, "three.md", title="Three", date="2020-01-03")
    write_article(elsewhere / "nested", "four.md", title="Four", date="2020-01-04")
    elsewhere.rename(content / "moved")
    wait_for_titles(server, "Four", "Three", "Two", "One, corrected")

    write_article(content / "moved" / "nested", "four.md", title="Four, corrected", date="2020-01-04")
    wait_for_titles(server, "Four, corrected", "Three", "Two", "One, corrected")

    shutil.rmtree(content / "moved")
    (content / "two.md").rename(content / "second.md")
    wait_for_titles(server, "Two", "One, corrected")

    (content / "site.toml").write_text('templates = ".theme"\n', "utf-8")
    wait_until(lambda: "no such folder" in server.output(), "settings that cannot be used are reported")
    (content / ".theme").mkdir()
    (content / ".theme" / "site.css").write_text(":root { --ink: #111111 }", "utf-8")
    (content / "site.toml").write_text('title = "Renamed"\ntemplates = ".theme"\n', "utf-8")
    wait_until(lambda: "--ink: #111111" in server.get("/").text, "a hidden folder of templates")
    (content / ".theme" / "site.css").write_text(":root { --ink: #222222 }", "utf-8")
    wait_until(lambda: "--ink: #222222" in server.get("/").text, "an edit in it")
    assert "Traceback" not in server.output()


def test_one_process_watches_also_after_it_was_replaced(content: Path, server: Server) -> None:
    """The watch begins before the build, in the process that starts all others."""
    for round_ in range(2):
        wait_until(lambda: watching_processes(server) == refreshers(server), "the refresher alone watches")
        write_article(content, "one.md", title=f"One {round_}", date="2020-01-01")
        wait_for_titles(server, f"One {round_}")
        (refresher,) = refreshers(server)
        os.kill(refresher, signal.SIGKILL)
        write_article(content, "one.md", title="Changed while nobody watches", date="2020-01-01")
        wait_for_titles(server, "Changed while nobody watches")


def refreshers(server: Server) -> list[int]:
    """The index refresher: no other process is there, without hubs and webhooks."""
    return others(server.process.pid)


def watching_processes(server: Server) -> list[int]:
    """A process for each time that one has inotify open."""
    pid = server.process.pid
    return [process for process in (pid, *children(pid)) for _ in range(count_inotify(process))]


def count_inotify(process: int) -> int:
    targets = []
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            targets.append(str(descriptor.readlink()))
    return sum("inotify" in target for target in targets)


def is_served(server: Server, address: str) -> bool:
    return server.get(address).status_code == httpx.codes.OK


def test_a_file_is_not_served_half(content: Path, server: Server) -> None:
    whole = "---\ntitle: Long\ndate: 2020-02-02\n---\n\nFirst part.\n\nSecond part.\n"
    half = whole.index("Second")
    with (content / "long.md").open("w", encoding="utf-8") as file:
        file.write(whole[:half])
        file.flush()
        # Others are served meanwhile, so it was not merely too early.
        for number in range(3):
            write_article(content, f"{number}.md", title=f"Other {number}", date="2020-01-02")
            wait_until(partial(is_served, server, f"/articles/{number}"), "others")
            server.process.send_signal(signal.SIGHUP)
            assert not is_served(server, "/articles/long")
        file.write(whole[half:])
    wait_until(partial(is_served, server, "/articles/long"), "when it is closed")
    assert "Second part." in server.get("/articles/long.json").text


def test_many_files_at_once_are_one_revision(content: Path, server: Server) -> None:
    ready = content.parent / "ready"
    ready.mkdir()
    for number in range(50):
        write_article(ready, f"n{number}.md", title=f"N{number}", date="2020-01-02")
    before = server.metric("broadsheet_refreshes")
    ready.rename(content / "ready")
    wait_until(lambda: server.metric("broadsheet_articles") == 51, "all of them")
    # A new folder is looked at once more, and everything after the first sweep.
    assert server.metric("broadsheet_refreshes") - before <= 3
