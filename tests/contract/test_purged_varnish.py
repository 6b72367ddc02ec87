"""Varnish as the documentation sets it up keeps responses for a day, and is not stale once it was purged."""

import asyncio
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from pathlib import Path

import msgspec
import pytest

from service.index import Index
from service.purging.purge_state import PurgeStateFile
from service.settings.purges import Purge
from tests.support.article_files import write_article
from tests.support.proxies import varnish
from tests.support.requirements import varnish_module
from tests.support.server import ROOT, Server, free_port, serving
from tests.support.waiting import wait_until

ARTICLES = 20
TAGS = ("water", "iraq", "power")
LEAST_HIT_RATIO = 0.99
_LISTS = ("", "?tag=water", "?author=ada&tag=iraq", "?exclude_tag=power", "?q=stone", "?sort=updated&limit=4")
ADDRESSES = (
    *("/", "/articles", "/feed.rss", "/feed.json", "/tags", "/tags.json", "/authors.json", "/feeds.opml"),
    *(
        "/sitemap.xml",
        "/robots.txt",
        "/about",
        "/subscribe?tag=iraq",
        "/files/river.css",
        "/articles/old-name",
    ),
    *(f"/articles.json{query}" for query in _LISTS),
    *(f"/feed.atom{query}" for query in _LISTS[:4]),
    *(f"/articles/a{number}{suffix}" for number in range(ARTICLES) for suffix in ("", ".json")),
    *(f"/articles/n{number}" for number in range(3)),
)
COMPARED = ("etag", "last-modified", "location", "content-type", "cache-control", "link")


class Answer(msgspec.Struct, frozen=True):
    """What a client gets; `came_from_the_cache` is not compared."""

    status: int
    headers: tuple[str | None, ...]
    body: bytes
    came_from_the_cache: bool = False

    @property
    def may_be_stored(self) -> bool:
        """Errors may not: what is missing now may be there a moment later."""
        return self.status in {200, 301}

    @property
    def content(self) -> object:
        """What must be the same through the cache; errors name the request."""
        return self.status, self.headers, self.body if self.status == 200 else b""


class Client:
    """One kept connection."""

    def __init__(self, base: str) -> None:
        self._connection = HTTPConnection(base.removeprefix("http://"), timeout=60)

    def get(self, address: str) -> Answer:
        try:
            response = self._ask(address)
        except (RemoteDisconnected, ConnectionResetError):
            self._connection.close()  # a connection that was idle for a while is closed by the other side
            response = self._ask(address)
        body = response.read()
        # Varnish names the request that fetched an object beside the one it answers.
        is_cached = len(response.getheader("x-varnish", "").split()) == 2
        assert response.getheader("xkey") is None or not response.getheader("x-varnish"), "keys are not shown"
        return Answer(response.status, tuple(map(response.getheader, COMPARED)), body, is_cached)

    def _ask(self, address: str) -> HTTPResponse:
        self._connection.request("GET", address, headers={"Accept": "text/html"})
        return self._connection.getresponse()

    def close(self) -> None:
        self._connection.close()


class Site:
    """A folder that is edited, the service on it, and Varnish before that."""

    def __init__(self, content: Path, work: Path, port: int) -> None:
        self.content = content
        self.index = f"sqlite:///{work}/index.db"
        self.purge = Purge(kind="varnish", url=f"http://127.0.0.1:{port}/")
        self.log = PurgeStateFile(work / "index.db.purges")
        self.chance = random.Random(5)  # noqa: S311
        self.edits = 0

    def write(self, name: str, **facts: str) -> None:
        self.edits += 1
        record = {"title": f"Title of {name}", "slug": name, "id": f"id:{name}", "author": "Ada", **facts}
        write_article(self.content, f"{name}.md", summary=f"Stone {self.edits}.", **record)

    def write_usual(self, name: str, **facts: str) -> None:
        number = int(name[1:])
        tags = ", ".join(TAGS[: number % 4] if number % 4 < 3 else ("lone",))
        self.write(name, **{"date": f"2024-01-{number + 1:02}", "tags": f"[{tags}]", **facts})

    def write_site(self, title: str) -> None:
        text = (
            f'title = "{title}"\nsurrogate_key_headers = ["xkey"]\nedge_max_age_seconds = 86400\n'
            f'[[purge]]\nkind = "varnish"\nurl = "{self.purge.url}"\nallow_private_addresses = true\n'
        )
        (self.content / "site.toml").write_text(text, "utf-8")

    def write_page(self, title: str) -> None:
        (self.content / "about.md").write_text(f"---\ntype: page\ntitle: {title}\n---\n\nText.\n", "utf-8")

    def write_file(self, text: str) -> None:
        (self.content / "river.css").write_text(text, "utf-8")

    def newest(self) -> int:
        async def ask() -> int:
            index = Index(self.index)
            try:
                return await index.newest_generation()
            finally:
                await index.close()

        return asyncio.run(ask())

    def is_after(self, generation: int) -> bool:
        return self.newest() > generation

    def is_purged(self) -> bool:
        state = self.log.state(self.purge.id)
        return state is not None and state.generation == self.newest()


def soon() -> str:
    return (datetime.now(UTC) + timedelta(seconds=5)).isoformat()


# What is done to a site, and how many revisions it makes: what is due later makes one more.
EDITS: dict[str, tuple[Callable[[Site], None], int]] = {
    "text": (lambda site: site.write_usual("a1"), 1),
    "tags": (lambda site: site.write_usual("a2", tags="[iraq]"), 1),
    "moved in time": (lambda site: site.write_usual("a3", date="2024-01-15T12:00:00Z"), 1),
    "new": (lambda site: site.write("n0", date="2024-01-10T12:00:00Z", tags="[water]"), 1),
    "deleted": (lambda site: (site.content / "a4.md").unlink(), 1),
    "withdrawn": (lambda site: site.write_usual("a5", withdrawn="Wrong."), 1),
    "renamed": (lambda site: site.write_usual("a6", slug="new-name", aliases="[a6, old-name]"), 1),
    "scheduled": (lambda site: site.write("n1", date=soon(), tags="[iraq]"), 2),
    "expiring": (lambda site: site.write_usual("a7", expires=soon()), 2),
    "title of the site": (lambda site: site.write_site("Another title"), 1),
    "page": (lambda site: site.write_page("Other"), 1),
    "file": (lambda site: site.write_file("body { color: blue }"), 1),
    "directory": (lambda site: site.write("n2", date="2024-01-10", tags="[new]", series="Tales"), 1),
}


def documented_vcl() -> str:
    """The configuration of Varnish that the documentation shows."""
    page = (ROOT / "docs" / "caches.md").read_text("utf-8")
    return page.split("```vcl\n")[1].split("```")[0]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Site, Server, str]]:
    varnish_module("xkey", "varnish-modules")
    content, work, cache = (tmp_path / name for name in ("content", "work", "cache"))
    for folder in (content, work, cache):
        folder.mkdir()
    port = free_port()
    made = Site(content, work, port)
    made.write_site("A title")
    made.write_page("About")
    made.write_file("body {}")
    for number in range(ARTICLES):
        made.write_usual(f"a{number}")
    options = ("--public-url", f"http://127.0.0.1:{port}", "--workers", "2")
    with (
        serving(content, work, *options) as server,
        varnish(cache, port, server.base, documented_vcl()) as base,
    ):
        yield made, server, base


def poll(site: Site, client: Client, expected: dict[str, Answer], polls: int) -> tuple[int, int]:
    """Ask for what may be cached at random; how many answers came from the cache, and how many there were."""
    addresses = [address for address, answer in expected.items() if answer.may_be_stored]
    weights = [1 / (rank + 3) for rank in range(len(addresses))]
    hits = 0
    for address in site.chance.choices(addresses, weights, k=polls):
        answer = client.get(address)
        assert answer.content == expected[address].content, f"{address} is stale"
        hits += answer.came_from_the_cache
    return hits, polls


def run(site: Site, server: Server, base: str, names: list[str], polls: int) -> float:
    """Make edits, each followed by `polls`; the share of answers that came from the cache."""
    direct, cached = Client(server.base), Client(base)
    hits, asked = 0, 0
    wait_until(site.is_purged, "a new cache is purged of everything")
    try:
        for name in ("start", *names):
            generation = site.newest()
            edit, revisions = EDITS.get(name, (lambda _: None, 0))
            edit(site)
            for _ in range(revisions):
                wait_until(partial(site.is_after, generation), f"the edit {name!r} is in the index")
                generation = site.newest()
                # Until here it may be stale: it is asked, so that there is something to purge.
                for address in ADDRESSES:
                    cached.get(address)
            wait_until(site.is_purged, f"what the edit {name!r} touches is purged")
            expected = {address: direct.get(address) for address in ADDRESSES}
            for address in ADDRESSES:
                answer = cached.get(address)
                assert answer.content == expected[address].content, f"{name}: {address}"
                hits, asked = hits + answer.came_from_the_cache, asked + answer.may_be_stored
            more_hits, more = poll(site, cached, expected, polls)
            hits, asked = hits + more_hits, asked + more
    finally:
        direct.close()
        cached.close()
    return hits / asked


def test_each_kind_of_edit_is_purged(site: tuple[Site, Server, str]) -> None:
    # Of the comparison after each edit, and the few polls that follow it, only what was purged is a miss.
    assert run(*site, [*EDITS], polls=3 * len(ADDRESSES)) >= 0.75


@pytest.mark.stress
def test_an_hour_of_edits_and_polls(site: tuple[Site, Server, str]) -> None:
    texts = ["text"] * 4
    names = [name for number, kind in enumerate(EDITS) for name in (kind, *texts[: 4 - number % 2])]
    assert run(*site, names[:60], polls=8_000) >= LEAST_HIT_RATIO
