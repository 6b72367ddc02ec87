"""An index in memory and the application over it, for tests that need no folder."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from service.errors import Gone, IndexUnavailable, NotFound, UnknownRevision
from service.index import FileRecord, Index, IndexVersion, Moved, Revision, SitemapMonth
from service.model import Article, Site, slugify
from service.query import (
    ArchiveCursor,
    ArchiveMonths,
    ArchivePage,
    Cursor,
    Facet,
    FacetKind,
    MenuLink,
    Page,
    Query,
    bind,
)
from service.settings import Settings
from service.web.app import create_app
from service.web.handlers import ROUTE_HANDLERS
from tests.support.builders import at, site


class InMemoryIndex(Index):
    """An Index over articles in memory. It does not filter; it counts how often it is asked."""

    def __init__(self, *articles: Article) -> None:
        self.articles = articles
        self.site = site()
        self.content = "one"
        self.asked = 0
        self.broken = False
        self.broken_after: str | None = None
        self.fault: Exception | None = None
        self.files: dict[str, FileRecord] = {}

    async def revision(self) -> Revision:
        if self.broken:
            raise IndexUnavailable("memory", "the disk is on fire")
        return Revision(self.content)

    async def version(self) -> IndexVersion:
        return None, None, hash(await self.revision())

    async def newest_generation(self) -> int:
        return 0

    async def count_changes(self, since: int) -> int:
        raise UnknownRevision(str(since))

    async def current(self) -> tuple[Revision, Site]:
        return await self.revision(), self.site

    async def find(self, query: Query, limit: int) -> Page:
        self.asked += 1
        if self.fault:
            raise self.fault
        if self.broken or (query.cursor and query.cursor.id == self.broken_after):
            raise IndexUnavailable("memory", "the disk is on fire")
        start = int(query.cursor.id) if query.cursor else 0  # cursors hold the number of an article
        end = start + limit
        if query.cursor and query.cursor.backwards:
            start, end = max(0, start - 1 - limit), start - 1
        following = Cursor(False, 0, str(end), bind(query)) if end < len(self.articles) else None
        return Page(articles=self.articles[start:end], total=len(self.articles), next_cursor=following)

    async def find_first(
        self, query: Query, limit: int, most: int, is_wanted: Callable[[Article], bool]
    ) -> tuple[Article, ...]:
        return tuple(filter(is_wanted, (await self.find(query, most)).articles))[:limit]

    async def find_feed_page(self, query: Query, limit: int, most_bytes: int) -> Page:  # noqa: ARG002
        return await self.find(query, limit)

    async def archive_page(self, query: Query, position: ArchiveCursor, most_bytes: int) -> ArchivePage:  # noqa: ARG002
        self.asked += 1
        return ArchivePage(position=position, articles=self.articles)

    async def find_neighbours(self, article_id: str) -> tuple[Article | None, Article | None]:
        ids = [None, *(article.id for article in self.articles), None]
        place = ids.index(article_id)
        articles = (None, *self.articles, None)
        return articles[place - 1], articles[place + 1]

    async def find_article(self, slug: str, *, with_body: bool = False) -> Article | Moved:  # noqa: ARG002 - as in Index
        self.asked += 1
        if slug == "former":
            return Moved("a-title")
        if slug == "withdrawn":
            raise Gone(slug, "at the author's request", at("2019-01-28"))
        for article in self.articles:
            if article.slug == slugify(slug):
                return article if article.slug == slug else Moved(article.slug)
        raise NotFound(f"There is no article {slug!r}.")

    async def slugs_near(self, slug: str) -> list[str]:  # noqa: ARG002 name
        return [article.slug for article in self.articles]

    async def menu_links(self) -> tuple[MenuLink, ...]:
        return ()

    async def site_pages(self) -> tuple[Article, ...]:
        return ()

    async def search_site_pages(self, query: Query, limit: int) -> tuple[Article, ...]:  # noqa: ARG002
        return ()

    async def locate(self, path: str) -> str | None:
        return next((article.slug for article in self.articles if article.path == path), None)

    async def file_record(
        self,
        path: str,
        public_url: str | None = None,  # noqa: ARG002 names
        linked_folder: str = "",  # noqa: ARG002
    ) -> FileRecord:
        return self.files.get(path, FileRecord())

    async def facets(self, kind: FacetKind) -> tuple[Facet, ...]:  # noqa: ARG002 name
        return (Facet("iraq", "Iraq", 1),)

    async def facet_kinds(self) -> frozenset[FacetKind]:
        return frozenset({"tag", "author", "source", "language", "series"})

    async def prefix_search(self, slug: str, limit: int) -> tuple[tuple[FacetKind, Facet], ...]:
        completions: list[tuple[FacetKind, Facet]] = [("tag", Facet("iraq", "Iraq", 1))]
        return tuple(item for item in completions[:limit] if item[1].slug.startswith(slug))

    async def count_months(self) -> ArchiveMonths:
        return ArchiveMonths((), len(self.articles))

    async def sitemap_months(self) -> tuple[SitemapMonth, ...]:
        return (SitemapMonth("2019-01", len(self.articles), None),)

    async def sitemap_articles(self, name: str) -> tuple[Article, ...]:
        return self.articles if name == "2019-01" else ()

    async def close(self) -> None:
        return None


async def unchanged() -> bool:
    """What a ResponseCache over no index does to catch up with it."""
    return True


def route_paths() -> set[str]:
    """The address of every route, with the names of its path parameters: `/articles/{slug}`."""
    return {re.sub(r":\w+}", "}", path) for handler in ROUTE_HANDLERS for path in handler.paths}


def settings(content: Path, **facts: object) -> Settings:
    public_url = facts.pop("public_url", None)
    defaults: dict[str, object] = {"content": content, "index": "memory", "site": site(public_url=public_url)}
    return Settings(**(defaults | facts))  # type: ignore[arg-type]


@asynccontextmanager
async def serving(memory_index: InMemoryIndex, set_up: Settings) -> AsyncIterator[httpx.AsyncClient]:
    memory_index.site = set_up.site
    app = create_app(set_up, memory_index)
    transport = httpx.ASGITransport(app=app, client=("10.0.0.7", 4000))  # type: ignore[arg-type]
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def eventually(
    client: httpx.AsyncClient, path: str, met: Callable[[httpx.Response], bool]
) -> httpx.Response:
    """The answer at `path` once it is as it should be; asked for as long as a slow machine needs."""
    for _ in range(1000):
        if met(answer := await client.get(path)):
            return answer
        await asyncio.sleep(0.02)
    raise AssertionError(f"{path} stayed {answer.status_code}")
