"""No answer is older than one that was given before, by whatever worker, and none mixes two revisions."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.index import Index
from service.ingest import refresh_index
from service.query import Facet, FacetKind
from service.settings import Settings
from service.web import revision_poller
from service.web.app import create_app
from service.web.metrics.common_numbers import IndexWriter, command_changing_index
from service.web.metrics.counters import Counters, create_counters, private_counters
from tests.support.commands import run
from tests.support.index_folder import Folder

WORKERS = 2
ADDRESSES = ("/feed.atom", "/articles.json", "/", "/articles/a", "/tags.json", "/changes")
PROCESSES: tuple[IndexWriter, ...] = ("refresher", "follower", "command")


@pytest.fixture(autouse=True)
def _workers_look_by_themselves_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision_poller, "POLL_SECONDS", 1000.0)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    write(folder, "First")
    folder.refresh()
    return folder


def write(folder: Folder, title: str) -> None:
    for slug in "ab":
        folder.write(slug, title=title, tags=[title], date="2025-01-01")


def edit(folder: Folder) -> None:
    write(folder, "Second")
    folder.refresh()


def replace(folder: Folder) -> None:
    """Put another database in the place of the index, as a replica does."""
    other = Folder(folder.file.parent / "other")
    write(other, "Second")
    other.refresh()
    other.file.replace(folder.file)


@asynccontextmanager
async def workers(
    folder: Folder, counters: Counters, index: Callable[[str], Index] = Index
) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Clients of the workers of one service."""
    settings = Settings(content=folder.root, index=folder.url, site=folder.site)
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(WORKERS):
            opened = index(folder.url)
            stack.push_async_callback(opened.close)
            app: Any = create_app(settings, opened, counters)
            await stack.enter_async_context(app.lifespan())
            client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")
            clients.append(await stack.enter_async_context(client))
        yield clients


def counters_of(folder: Folder) -> Counters:
    return private_counters(Settings(content=folder.root, index=folder.url, site=folder.site))


@pytest.mark.parametrize("change", [edit, replace])
@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("is_known", [True, False], ids=["cached", "not cached"])
def test_every_worker_answers_from_the_index_as_it_is(
    folder: Folder, change: Callable[[Folder], None], process: IndexWriter, is_known: bool
) -> None:
    counters = counters_of(folder)

    async def ask() -> None:
        async with workers(folder, counters) as clients:

            async def require(title: str) -> None:
                for address in ADDRESSES:
                    for client in clients:
                        assert title in (await client.get(address)).text, f"{address} of another revision"

            if is_known:
                await require("First")
            with counters.changing_index(process):
                for client in clients:
                    assert "First" in (await client.get("/feed.atom")).text
                change(folder)
                await require("Second")
            await require("Second")

    asyncio.run(ask())


def test_a_command_beside_the_service_is_seen_as_its_own_processes_are(folder: Folder) -> None:
    settings = Settings(content=folder.root, index=folder.url, site=folder.site)
    counters = create_counters(settings)

    async def ask() -> None:
        async with workers(folder, counters) as clients:
            for title in ("First", "Second"):
                for client in clients:
                    assert title in (await client.get("/feed.atom")).text
                write(folder, "Second")
                arguments = ("--content", str(folder.root), "--index", folder.url)
                assert run("index", *arguments, cwd=folder.root.parent).returncode == 0

    asyncio.run(ask())


@pytest.mark.parametrize(
    "figures", [None, b"", bytes(8), bytes(4096)], ids=["none", "empty", "short", "other"]
)
def test_a_command_changes_no_figures_of_another_version(folder: Folder, figures: bytes | None) -> None:
    file = folder.file.with_name("index.db.figures")
    if figures is not None:
        file.write_bytes(figures)
    with command_changing_index(folder.url):
        edit(folder)

    assert (file.read_bytes() if file.exists() else None) == figures


@pytest.mark.parametrize("is_new", [False, True])
def test_readers_see_a_build_when_it_is_committed(folder: Folder, is_new: bool) -> None:
    seen = []

    def titles() -> str:
        return " ".join(article.title for article in folder.find().articles)

    @contextmanager
    def committing() -> Iterator[None]:
        seen.append("" if is_new else titles())
        yield
        seen.append(titles())

    write(folder, "Second")
    if is_new:
        folder.file.unlink()
    refresh_index(folder.url, folder.root, folder.site, committing=committing)

    assert seen == ["" if is_new else "First First", "Second Second"]


def test_a_change_of_a_process_that_was_killed_is_seen(folder: Folder) -> None:
    counters = counters_of(folder)

    async def ask() -> None:
        async with workers(folder, counters) as (client, _):
            await client.get("/feed.atom")
            changing = counters.changing_index("refresher")
            changing.__enter__()
            edit(folder)
            assert "Second" in (await client.get("/feed.atom")).text
            with counters.changing_index("refresher"):
                write(folder, "Third")
                folder.refresh()
            assert "Third" in (await client.get("/feed.atom")).text

    asyncio.run(ask())


def test_a_response_of_several_queries_is_of_one_revision(folder: Folder) -> None:
    counters = counters_of(folder)

    class ChangingIndex(Index):
        """Changes between two queries of the first response."""

        has_changed = False

        async def facets(self, kind: FacetKind) -> tuple[Facet, ...]:
            if not ChangingIndex.has_changed:
                ChangingIndex.has_changed = True
                with counters.changing_index("refresher"):
                    edit(folder)
            return await super().facets(kind)

    async def ask() -> None:
        async with workers(folder, counters, ChangingIndex) as (client, _):
            page = (await client.get("/")).text
            assert ChangingIndex.has_changed
            assert "First" not in page
            assert page == (await client.get("/")).text

    asyncio.run(ask())
