"""A reader people use subscribes: newsboat, as Debian ships it, through three refreshes.

It stores validators only for a feed it already knows, so its first conditional request is the third. What
it has from one feed is moved by another, not added again, so each feed gets a newsboat of its own.
"""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import msgspec
import pytest

from service.model import EPOCH
from tests.support.http_client import fetch, open_client
from tests.support.newsboat import reload_newsboat
from tests.support.requirements import tool
from tests.support.server import Server
from tests.support.waiting import TIMEOUT_SECONDS

REFRESHES = 3
HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive", "server", "date"}


class Exchange(msgspec.Struct, frozen=True):
    """One request that passed the relay, and how it was answered."""

    path: str
    conditional: bool
    status: int


@contextmanager
def relay(target: str) -> Iterator[tuple[str, list[Exchange]]]:
    """A relay in front of `target`: its address, and the list of all that passed so far.

    Reader and service see what they would see without it: Host and body pass byte for byte.
    """
    passed: list[Exchange] = []

    class Relay(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with open_client() as client:
                request = httpx.Request("GET", f"{target}{self.path}", headers=list(self.headers.items()))
                answer = client.send(request, stream=True)
                body = b"".join(answer.iter_raw())
            passed.append(Exchange(self.path, "If-None-Match" in self.headers, answer.status_code))
            self.send_response(answer.status_code)
            for name, value in answer.headers.multi_items():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing: `passed` is the log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Relay) as server:
        server.daemon_threads = False
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", passed
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("feed", ["/feed.atom", "/feed.rss"])
def test_newsboat_reads_every_article_once_and_gets_304(service: Server, tmp_path: Path, feed: str) -> None:
    newsboat = tool("newsboat", "newsboat")
    (tmp_path / "config").touch()
    with relay(service.base) as (base, passed):
        articles = fetch(f"{base}/articles.json?limit=100").json()["articles"]
        (tmp_path / "urls").write_text(f"{base}{feed}\n")
        for _ in range(REFRESHES):
            reload_newsboat(newsboat, tmp_path)

    with closing(sqlite3.connect(tmp_path / "cache.db")) as cache:
        rows = cache.execute("SELECT guid, title, url, pubDate FROM rss_item ORDER BY guid").fetchall()
        authors = cache.execute("SELECT author FROM rss_item").fetchall()
    assert articles
    assert rows == sorted((a["id"], a["title"], a["url"], seconds(a["published"])) for a in articles)
    assert all(author for (author,) in authors)

    asked = [exchange for exchange in passed if exchange.path == feed]
    assert len(asked) == REFRESHES
    assert asked[0] == Exchange(feed, conditional=False, status=200)
    assert asked[-1] == Exchange(feed, conditional=True, status=304)


def test_newsboat_imports_every_feed(service: Server, tmp_path: Path) -> None:
    newsboat = tool("newsboat", "newsboat")
    listed = fetch(f"{service.base}/feeds.opml")
    (tmp_path / "feeds.opml").write_bytes(listed.content)
    subprocess.run(
        [newsboat, "-u", tmp_path / "urls", "-c", tmp_path / "cache.db", "-i", tmp_path / "feeds.opml"],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        timeout=TIMEOUT_SECONDS,
        check=True,
    )

    imported = {line.split()[0] for line in (tmp_path / "urls").read_text("utf-8").splitlines()}
    wanted = {f"{service.base}/feed.atom"}
    for kind in ("tags", "authors", "sources", "languages"):
        directory = fetch(f"{service.base}/{kind}.json").json()
        wanted |= {entry["feeds"]["atom"] for entry in directory[kind]}
    assert imported == wanted


def seconds(published: str | None) -> int:
    """Seconds since 1970 of an article's date as the feeds carry it: an undated one has the epoch's."""
    return int((datetime.fromisoformat(published) if published else EPOCH).timestamp())
