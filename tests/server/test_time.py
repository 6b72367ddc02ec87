"""Time alone, on the running service with two workers: what appears, what leaves, what is silent before.

Validators, counts and bytes of every address are the same with and without an article that is still to come.
"""

import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from service.web.revision_poller import POLL_SECONDS
from tests.support.commands import run_forked
from tests.support.http_client import fetch
from tests.support.server import Server, serving
from tests.support.waiting import wait_until

ADDRESSES = (
    *("/", "/articles.html", "/articles.json", "/articles.md", "/articles.ndjson", "/articles"),
    *("/feed.atom", "/feed.rss", "/feed.json", "/feed.atom?tag=common"),
    *("/articles.json?q=common", "/articles.ndjson?tag=common"),
    *("/articles.json?sort=updated", "/articles.json?tag=secret", "/feed.json?q=secret", "/feeds.opml"),
    *("/tags.json", "/tags.html", "/authors.json", "/sources.json", "/languages.json", "/sitemap.xml"),
    *("/articles/old-2.html", "/suggest?q=secr", "/sitemap-news.xml"),
)
"""Where an article that carries the common tag, and one of its own, stands or is counted."""

ELSEWHERE = (
    *("/feed.rss?author=ann", "/articles.json?author=ann&sort=updated&limit=1", "/articles/old-2.json"),
    *("/articles.ndjson?author=ann", "/articles.json?q=ann&sort=relevance&limit=1"),
)
"""Where it never stands."""

ITS_OWN = (
    *("/articles/later", "/articles/later.json", "/articles/former-plan"),
    *("/files/later/plan.png", "/files/later/index.md"),
)
"""Addresses that lead to the article to come, and to nothing before."""


def write(folder: Path, name: str, **facts: object) -> None:
    front_matter = "".join(f"{key}: {value}\n" for key, value in facts.items())
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"---\n{front_matter}---\n\nCommon text of {name}.\n", "utf-8")


def get(server: Server, address: str) -> httpx.Response:
    """Over a connection of its own, so that any worker may answer."""
    return fetch(f"{server.base}{address}")


def fetch_all(server: Server) -> dict[str, tuple[str, str | None, bytes]]:
    """What every address says: validators and body."""
    answers = {address: get(server, address) for address in (*ADDRESSES, *ELSEWHERE)}
    return {
        address: (answer.headers["etag"], answer.headers.get("last-modified"), answer.content)
        for address, answer in answers.items()
    }


def ahead(server: Server) -> datetime:
    """An instant far enough ahead that this machine, however busy, can look at everything twice before."""
    began = time.monotonic()
    fetch_all(server)
    looking = time.monotonic() - began
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=10 + round(3 * looking))


def everywhere(server: Server, total: int) -> bool:
    """Whether every worker lists `total` articles: all answers do while each polls eight times.

    Which worker answers cannot be chosen, and an idle one may accept all connections.
    """
    end = time.monotonic() + 8 * POLL_SECONDS
    while time.monotonic() < end:
        if get(server, "/articles.json").json()["total"] != total:
            return False
        time.sleep(POLL_SECONDS / 4)
    return True


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    for number in range(3):
        write(
            folder,
            f"old-{number}.md",
            title=f"Old {number}",
            date=f"2020-01-0{1 + number}",
            tags="[common]",
            author="Ann",
        )
    return folder


def test_an_article_appears_in_every_representation_in_every_worker_at_its_instant(
    content: Path, tmp_path: Path
) -> None:
    facts = {"title": "Secret plan", "tags": "[common, secret]", "author": "Bea", "language": "de"}
    facts |= {"aliases": "[former-plan]", "source": "{name: The Secret Paper}"}
    arguments = ["--content", str(content), "--index", f"sqlite:///{tmp_path}/index.db"]
    with serving(content, tmp_path, "--workers", "2", BROADSHEET_REFRESH_SECONDS="0") as server:
        before, due = fetch_all(server), ahead(server)
        write(content, "later/index.md", date=due.isoformat(), **facts)
        (content / "later" / "plan.png").write_bytes(b"\x89PNG")
        # Another process indexes it, and ends: the service finds by itself what is due, and when.
        assert run_forked("index", *arguments, cwd=tmp_path).returncode == 0
        early, statuses = fetch_all(server), [get(server, address).status_code for address in ITS_OWN]
        if datetime.now(UTC) < due:
            assert early == before
            assert statuses == [404] * len(ITS_OWN)
        time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))  # its instant, no luck
        wait_until(lambda: everywhere(server, 4), "every worker has it")
        after = fetch_all(server)
        for address in ADDRESSES:
            assert after[address][0] != before[address][0], address
            assert after[address][2] != before[address][2], address
            known = fetch(f"{server.base}{address}", headers={"If-None-Match": before[address][0]})
            assert known.status_code == httpx.codes.OK, address
        for address in ("/articles/later.md", "/files/later/plan.png"):
            assert get(server, address).status_code == httpx.codes.OK
        assert get(server, "/articles/former-plan").status_code == httpx.codes.MOVED_PERMANENTLY
        modified = parsedate_to_datetime(after["/feed.atom"][1] or "")
        assert modified == due
        for address in ELSEWHERE[:-1]:  # how rare a word is changes with every article that appears
            assert after[address] == before[address], address


def test_expiry_and_update_take_effect_at_their_instants(content: Path, tmp_path: Path) -> None:
    with serving(content, tmp_path, "--workers", "2", BROADSHEET_REFRESH_SECONDS="1") as server:
        due = ahead(server)
        write(content, "offer.md", title="Offer", date="2020-02-01", expires=due.isoformat(), tags="[common]")
        write(content, "news.md", title="News", date="2020-02-02", updated=due.isoformat(), tags="[common]")
        wait_until(lambda: everywhere(server, 5), "both are served")
        before = fetch_all(server)
        offer, news = get(server, "/articles/offer"), get(server, "/articles/news.json")
        in_time = datetime.now(UTC) < due
        if in_time:
            assert offer.status_code == httpx.codes.OK
            assert news.json()["updated"] == "2020-02-02T00:00:00Z"
            assert before["/feed.atom"][1] == "Sun, 02 Feb 2020 00:00:00 GMT"
            assert b"<updated>2020-02-02T00:00:00Z</updated>" in before["/feed.atom"][2]
        wait_until(lambda: everywhere(server, 4), "it is gone from every worker")
        assert datetime.now(UTC) >= due
        instant = due.strftime("%Y-%m-%dT%H:%M:%SZ")
        gone = get(server, "/articles/offer.json")
        assert (gone.json()["reason"], gone.json()["at"]) == ("It has expired.", instant)
        assert get(server, "/articles/news.json").json()["updated"] == instant
        after = fetch_all(server)
        for address in (
            "/feed.atom",
            "/feed.rss",
            "/feed.json",
            "/articles.json",
            "/articles.ndjson",
            "/sitemap.xml",
        ):
            assert after[address][0] != before[address][0] or not in_time, address
        assert parsedate_to_datetime(after["/feed.atom"][1] or "") == due
        assert b"Offer" not in b"".join(body for _, _, body in after.values())
