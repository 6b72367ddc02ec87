"""Readers people use follow a site through its changes: corrected, renamed, moved, withdrawn, new.

Each is the real program with its own store and its own conditional requests. What they keep differs: newsboat
the newest version, sfeed a line for each title and address there was, rss2email sends one mail an article.
"""

import email
import email.policy
import json
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.http_client import fetch
from tests.support.newsboat import reload_newsboat
from tests.support.requirements import tool
from tests.support.server import serving
from tests.support.waiting import TIMEOUT_SECONDS, wait_until

FEEDS = ("/feed.atom", "/feed.rss")


class Kept(msgspec.Struct, frozen=True):
    """What a reader shows of an article; `date` in seconds since 1970."""

    id: str
    title: str
    link: str
    date: int


def newsboat(home: Path, address: str) -> None:
    (home / "config").touch()
    (home / "urls").write_text(f"{address}\n", "utf-8")
    reload_newsboat(tool("newsboat", "newsboat"), home)


def newsboat_kept(home: Path) -> list[Kept]:
    with closing(sqlite3.connect(home / "cache.db")) as cache:
        return [Kept(*row) for row in cache.execute("SELECT guid, title, url, pubDate FROM rss_item")]


def sfeed(home: Path, address: str) -> None:
    (home / "sfeedrc").write_text(f'sfeedpath="{home}"\nfeeds() {{ feed kept "{address}"; }}\n', "utf-8")
    _run(home, tool("sfeed_update", "sfeed"), home / "sfeedrc")


def sfeed_kept(home: Path) -> list[Kept]:
    # Tabs part the fields, line feeds the lines: nothing else does, so no splitlines.
    lines = (line.split("\t") for line in (home / "kept").read_text("utf-8").split("\n") if line)
    return [Kept(item[5], item[1], item[2], int(item[0])) for item in lines]


def rss2email(home: Path, address: str) -> None:
    (home / "mail").mkdir(exist_ok=True)
    (home / "config").write_text(
        "[DEFAULT]\nfrom = a@example.org\nto = a@example.org\ndate-header = True\n"
        f"email-protocol = maildir\nmaildir-path = {home}/mail\nmaildir-mailbox = box\n"
        f"[feed.kept]\nurl = {address}\n",
        "utf-8",
    )
    _run(home, tool("r2e", "rss2email"), "-c", home / "config", "-d", home / "data", "run")


def rss2email_kept(home: Path) -> list[Kept]:
    mails = [
        email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
        for mail in (home / "mail/box/new").iterdir()
    ]
    return [
        Kept(
            mail["X-RSS-ID"],
            mail["Subject"],
            mail["X-RSS-URL"],
            int(parsedate_to_datetime(mail["Date"]).timestamp()),
        )
        for mail in mails
    ]


def _run(home: Path, *command: str | Path) -> None:
    done = subprocess.run(
        list(map(str, command)),
        env={"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        capture_output=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


class Reader(msgspec.Struct, frozen=True):
    """A program: one look at a feed, what it has kept since, and whether that follows what has changed."""

    name: str
    look: Callable[[Path, str], None]
    kept: Callable[[Path], list[Kept]]
    follows: bool


READERS = [
    Reader("newsboat", newsboat, newsboat_kept, follows=True),
    Reader("sfeed", sfeed, sfeed_kept, follows=True),
    Reader("rss2email", rss2email, rss2email_kept, follows=False),
]

Facts = dict[str, Any]
Steps = list[dict[str, Facts | None]]

HARBOUR: Facts = {"title": "The harbour opens & <ships> return", "date": "2026-03-01T09:00:00Z"}
STORM: Facts = {
    "title": "Storm",
    "date": "2026-03-02",
    "authors": ["Ada", "Bo"],
    "attachments": [{"url": "https://cdn.example/storm.mp3", "mime_type": "audio/mpeg", "length": 99}],
}
# Its entry has links besides its own, none of which a reader must take for the article's.
VOTE: Facts = {
    "title": "Vote",
    "date": "2026-03-03",
    "tags": ["iraq"],
    "source": {"name": "Paper", "url": "https://paper.example/vote", "feed": "https://paper.example/feed"},
    "canonical": "https://elsewhere.example/vote",
}
FALSE: Facts = {"title": "False alarm", "date": "2026-03-04"}
STEPS: Steps = [
    {"harbour.md": HARBOUR, "storm.md": STORM, "vote.md": VOTE, "false.md": FALSE},
    {  # corrected; under another name, and its address with it; withdrawn; new
        "harbour.md": {**HARBOUR, "title": "The harbour opened", "updated": "2026-03-05"},
        "storm.md": None,
        "great-storm.md": {**STORM, "aliases": ["storm"]},
        "false.md": {**FALSE, "withdrawn": {"reason": "It was false.", "at": "2026-03-05T12:00:00Z"}},
        "new.md": {"title": "New", "date": "2026-03-05"},
    },
    {  # in another folder, under another tag; corrected again
        "vote.md": None,
        "politics/vote.md": {**VOTE, "tags": ["iran"]},
        "great-storm.md": {**STORM, "aliases": ["storm"], "title": "Great storm", "updated": "2026-03-06"},
    },
]
ARTICLES = 5
"""How many articles there have been in all STEPS together."""


class Story(msgspec.Struct, frozen=True):
    """The articles that were served at each step, and the folder of each feed's reader."""

    reader: Reader
    articles_by_step: list[dict[str, Kept]]
    homes: dict[str, Path]


def lay(content: Path, step: dict[str, Facts | None]) -> set[str]:
    """Write one step's files; the titles there are to be seen of it."""
    for name, facts in step.items():
        file = content / name
        if facts is None:
            file.unlink()
        else:
            file.parent.mkdir(exist_ok=True)
            file.write_text(f"{json.dumps(facts)}\n\nText of *it*.\n", "utf-8")
    return {facts["title"] for facts in step.values() if facts and "withdrawn" not in facts}


def articles(base: str) -> dict[str, Kept]:
    listed = fetch(f"{base}/articles.json?limit=100").json()["articles"]
    return {
        item["id"]: Kept(
            item["id"], item["title"], item["url"], int(datetime.fromisoformat(item["published"]).timestamp())
        )
        for item in listed
    }


@pytest.fixture(scope="module", params=READERS, ids=lambda reader: reader.name)
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """All steps, after each of which one reader reads both feeds."""
    reader: Reader = request.param
    content = tmp_path_factory.mktemp("content")
    (content / "site.toml").write_text('id_authority = "example.org"\nid_year = 2026\n', "utf-8")
    homes = {feed: tmp_path_factory.mktemp(reader.name) for feed in FEEDS}
    articles_by_step: list[dict[str, Kept]] = []
    lay(content, STEPS[0])
    with serving(content, tmp_path_factory.mktemp("work"), BROADSHEET_REFRESH_SECONDS="1") as server:
        for step in STEPS:
            titles = lay(content, step)
            wait_until(
                lambda titles=titles: titles <= {article.title for article in articles(server.base).values()},  # type: ignore[misc]
                f"{titles} are served",
            )
            articles_by_step.append(articles(server.base))
            for feed, home in homes.items():
                reader.look(home, f"{server.base}{feed}")
        yield Story(reader, articles_by_step, homes)


@pytest.mark.parametrize("feed", FEEDS)
def test_a_reader_has_every_article_once(story: Story, feed: str) -> None:
    kept = story.reader.kept(story.homes[feed])
    ever = {item for step in story.articles_by_step for item in step}
    assert len(ever) == ARTICLES
    assert {item.id for item in kept} == ever
    if story.reader.name != "sfeed":
        assert len(kept) == ARTICLES


@pytest.mark.parametrize("feed", FEEDS)
def test_a_reader_has_each_article_as_first_published(story: Story, feed: str) -> None:
    kept = story.reader.kept(story.homes[feed])
    first: dict[str, Kept] = {}
    for step in story.articles_by_step:
        first = {**step, **first}
    for expected in story.articles_by_step[-1].values() if story.reader.follows else first.values():
        assert expected in kept
