"""A folder of articles that is published again and again, asked over HTTP as it is after each time."""

import asyncio
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
from litestar import Litestar
from lxml import etree

from service.model import Site
from service.server import application
from service.settings import Settings
from tests.support.builders import at
from tests.support.feed_rules import AT, FH, A
from tests.support.index_folder import Folder

T = TypeVar("T")

BASE = "http://localhost"
ARTICLES = 400


class Document:
    """One Atom or RSS document as a client reads it: entries are id → (updated or published, title)."""

    def __init__(self, response: httpx.Response) -> None:
        assert response.status_code == 200, response.text
        self.address = str(response.url)
        self.response = response
        self.body = response.content
        root: Any = etree.fromstring(response.content)
        rss = root.tag == "rss"
        feed = root.find("channel") if rss else root
        item, names = ("item", ("guid", "pubDate", "title")) if rss else ("entry", ("id", "updated", "title"))
        space = "" if rss else A
        self.links: dict[str, str] = {link.get("rel"): link.get("href") for link in feed.findall(f"{A}link")}
        self.complete = feed.find(f"{FH}complete") is not None
        self.archive = feed.find(f"{FH}archive") is not None
        self.updated: str = feed.findtext("lastBuildDate" if rss else f"{A}updated")
        self.entries: dict[str, tuple[str, str]] = {}
        for entry in feed.findall(f"{space}{item}"):
            one, when, title = (entry.findtext(f"{space}{name}") for name in names)
            self.entries[one] = (when, title)
        self.deleted: dict[str, str] = {
            gone.get("ref"): gone.get("when") for gone in feed.findall(f"{AT}deleted-entry")
        }


@asynccontextmanager
async def client_of(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A client of `app`, in this process."""
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


class InProcessService:
    """An application on its own event loop, kept between requests: it takes longer to build than they do.

    It looks for changes of the index before each question.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._runner = asyncio.Runner()
        self._client: asyncio.Future[httpx.AsyncClient] = self._runner.get_loop().create_future()
        self._stopping = asyncio.Event()
        self._app = application(settings)
        self._task = self._runner.get_loop().create_task(self._serve())

    def ask(self, question: Callable[[httpx.AsyncClient], Awaitable[T]]) -> T:
        async def asked() -> T:
            started: set[asyncio.Future[Any]] = {self._task, self._client}
            await asyncio.wait(started, return_when=asyncio.FIRST_COMPLETED)
            if self._task.done():
                self._task.result()  # raises why the application did not start
            await self._app.state["app_state"].poller.poll()
            return await question(self._client.result())

        return self._runner.run(asked())

    def stop(self) -> None:
        self._stopping.set()
        with self._runner as runner:
            runner.get_loop().run_until_complete(self._task)

    async def _serve(self) -> None:
        """The lifespan must begin and end in one task."""
        async with client_of(self._app) as client:
            self._client.set_result(client)
            await self._stopping.wait()


class PublishedFolder(Folder):
    """The folder and the service over it; `facts` are other settings.

    One service answers until the site changes. It stops with that, or when the folder is no longer in use.
    """

    def __init__(self, path: Path, site: Site | None = None, **facts: Any) -> None:
        super().__init__(path, site)
        self._facts = facts
        self._service: InProcessService | None = None
        self._stop: weakref.finalize[[], PublishedFolder] | None = None

    def ask_service(self, question: Callable[[httpx.AsyncClient], Awaitable[T]]) -> T:
        """What `question` finds out from a service on the index as it is."""
        settings = self._settings()
        if self._service is None or self._service.settings != settings:
            if self._stop is not None:
                self._stop()
            self._service = InProcessService(settings)
            self._stop = weakref.finalize(self, self._service.stop)
            self._stop.atexit = False  # the threads that would stop it have ended by then
        return self._service.ask(question)

    def serving(self) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        return client_of(application(self._settings()))

    def _settings(self) -> Settings:
        return Settings(content=self.root, index=self.url, site=self.site, **self._facts)

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self.ask_service(lambda client: client.get(address, headers=headers))

    def read(self, address: str) -> Document:
        return Document(self.get(address))

    def archive(self, address: str = "/feed.atom") -> list[Document]:
        """Every document of the archive, from the newest on."""

        async def walked(client: httpx.AsyncClient) -> list[Document]:
            documents = [Document(await client.get(address))]
            while "prev-archive" in documents[-1].links:
                documents.append(Document(await client.get(documents[-1].links["prev-archive"])))
            return documents[1:]

        return self.ask_service(walked)

    def publish(self, now: datetime) -> None:
        self.refresh(now)


def facts(number: int) -> dict[str, Any]:
    day = at("2024-11-30") - timedelta(hours=15 * number)
    return {
        "date": day.isoformat() if number % 50 else None,
        "updated": (day + timedelta(days=3)).isoformat() if number % 11 == 0 else None,
        "tags": [f"t{number % 3}", f"u{number % 2}"],
        "author": f"Author {number % 4}",
        "language": ("en", "en-GB", "de")[number % 3],
        "source": {"name": f"Paper {number % 5}"},
        "text": f"Text {number}. " * (number % 7 + 1),
    }


def newspaper(path: Path, *, backwards: bool = False, **settings: Any) -> PublishedFolder:
    """A site of 400 articles, some undated, some updated, one withdrawn and one expired a year ago."""
    made = PublishedFolder(path, **settings)
    numbers = range(ARTICLES)
    for number in reversed(numbers) if backwards else numbers:
        made.write(f"a{number:03}", **facts(number))
    made.write(
        "false",
        date="2024-01-01",
        tags=["t1"],
        aliases=["was-false"],
        withdrawn={"reason": "False & wrong.", "at": "2024-10-01"},
    )
    made.write("over", date="2024-01-01", tags=["t2"], expires="2024-11-01")
    made.refresh()
    return made
