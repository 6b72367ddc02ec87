"""Permissions that are lost and come back while the service runs: nothing that was served vanishes."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.http_client import fetch
from tests.support.permissions import as_owner
from tests.support.server import Server, StartError, serving, start
from tests.support.waiting import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")


def write(folder: Path, name: str, title: str) -> None:
    (folder / f"{name}.md").write_text(f"---\ntitle: {title}\ndate: 2020-01-01\n---\n\nText.\n", "utf-8")


def titles(server: Server) -> set[str]:
    document = fetch(f"{server.base}/articles.json").json()
    return {article["title"] for article in document["articles"]}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    (folder / "posts").mkdir(parents=True)
    write(folder, "one", "One")
    write(folder / "posts", "two", "Two")
    return folder


@contextmanager
def denied(path: Path) -> Iterator[None]:
    mode = path.stat().st_mode & 0o7777
    path.chmod(0)
    try:
        yield
    finally:
        path.chmod(mode)


def reported(server: Server, what: str) -> Callable[[], bool]:
    return lambda: what in server.output()


def test_temporarily_unreadable_articles_stay(content: Path, tmp_path: Path) -> None:
    two = content / "posts" / "two.md"
    with serving(content, tmp_path, prefix=as_owner(), BROADSHEET_REFRESH_SECONDS="1") as server:
        assert titles(server) == {"One", "Two"}
        with denied(content):
            wait_until(reported(server, "the folder cannot be read: permission denied"), "the folder")
            assert titles(server) == {"One", "Two"}
        with denied(two.parent):
            wait_until(
                reported(server, "posts:1: the folder cannot be read: permission denied"), "a folder in it"
            )
            write(content, "one", "One, corrected")
            wait_until(lambda: titles(server) == {"One, corrected", "Two"}, "the rest is looked at")
        with denied(two):
            write(two.parent, "three", "Three")
            two.touch()
            wait_until(reported(server, "posts/two.md:1: cannot be read: permission denied"), "a file")
            wait_until(lambda: titles(server) == {"One, corrected", "Two", "Three"}, "the rest is looked at")
        write(two.parent, "two", "Two, corrected")
        wait_until(lambda: titles(server) == {"One, corrected", "Two, corrected", "Three"}, "all is back")
        two.unlink()
        wait_until(lambda: titles(server) == {"One, corrected", "Three"}, "what is deleted is gone")
        assert server.output().count("permission denied") <= 6, server.output()
        assert "Traceback" not in server.output()


@pytest.mark.parametrize("closed", ["posts", "posts/two.md"])
def test_new_settings_wait_for_articles_that_cannot_be_read(
    content: Path, tmp_path: Path, closed: str
) -> None:
    """They would be lost. A file that could never be read has none, and delays nothing."""
    write(content, "never", "Never readable")
    (content / "never.md").chmod(0)

    def languages() -> set[str]:
        articles = fetch(f"{server.base}/articles.json").json()["articles"]
        return {f"{article['title']} {article['language']}" for article in articles}

    with serving(content, tmp_path, prefix=as_owner(), BROADSHEET_REFRESH_SECONDS="1") as server:
        with denied(content / closed):
            (content / "site.toml").write_text('language = "de"\n', "utf-8")
            wait_until(
                reported(server, "posts/two.md cannot be read, and the settings"), "what is waited for"
            )
            assert languages() == {"One en", "Two en"}
        wait_until(lambda: languages() == {"One de", "Two de"}, "the settings take effect")


@pytest.mark.parametrize("what", ["index.db", "."])
def test_temporarily_unreadable_index_is_served(content: Path, tmp_path: Path, what: str) -> None:
    state = tmp_path / "state"
    index = ("--index", f"sqlite:///{state}/index.db")
    with serving(content, tmp_path, *index, prefix=as_owner(), BROADSHEET_REFRESH_SECONDS="1") as server:
        with denied(state / what):
            write(content, "three", "Three")
            wait_until(reported(server, "the index was not brought up to date: index"), "it is reported")
            assert titles(server) == {"One", "Two"}
        wait_until(lambda: titles(server) == {"One", "Two", "Three"}, "it is brought up to date again")
        assert "the index is brought up to date again" in server.output()
        assert "Traceback" not in server.output()


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("content", r"content.*cannot be read"),
        ("state", r"index .*index\.db: .*[Pp]ermission denied"),
    ],
)
def test_unreadable_folder_is_refused_at_start(
    content: Path, tmp_path: Path, what: str, message: str
) -> None:
    (tmp_path / "state").mkdir()
    index = ("--index", f"sqlite:///{tmp_path}/state/index.db")
    with denied(tmp_path / what), pytest.raises(StartError, match=message) as caught:
        start(content, tmp_path, *index, prefix=as_owner())
    assert "Traceback" not in str(caught.value)
