"""A folder of articles with an index of it, and what the index should answer, worked out the slow way."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from service.index import FileRecord, Index, Moved
from service.index.query_threads import QueryLimits
from service.ingest import FileHasher, Report, refresh_index
from service.model import Article, Site
from service.query import Cursor, Facet, FacetKind, Page, Query

T = TypeVar("T")
FolderLike = TypeVar("FolderLike", bound="Folder")

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PATIENT = QueryLimits(cpu_seconds=600.0, most_waiting=100, wait_seconds=600.0)
"""So that no search of a test fails on a busy machine."""

BEFORE_TIME = datetime.min.replace(tzinfo=UTC)


class Folder:
    """Articles in `root`, indexed in a file beside it."""

    def __init__(self, path: Path, site: Site | None = None) -> None:
        self.root = path / "articles"
        self.root.mkdir(parents=True)
        self.file = path / "index.db"
        self.url = f"sqlite:///{self.file}"
        self.site = site or Site()

    def write(self, name: str, **facts: Any) -> Path:
        """An article in `NAME.json`; its slug and id follow from the name, everything else may be given."""
        record = {"title": name, "slug": name, "id": f"id:{name}", "text": f"Text of {name}.", **facts}
        path = self.root / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({key: value for key, value in record.items() if value is not None}))
        return path

    def write_many(self, name: str, records: list[dict[str, Any]]) -> None:
        lines = [json.dumps({"text": "Text.", **record}) for record in records]
        (self.root / f"{name}.jsonl").write_text("\n".join(lines))

    def remove(self, name: str) -> None:
        (self.root / f"{name}.json").unlink()

    def copy_to(self, other: FolderLike) -> FolderLike:
        """The new folder `other` with the same articles and a copy of the index."""
        shutil.copytree(self.root, other.root, dirs_exist_ok=True)
        shutil.copyfile(self.file, other.file)
        return other

    def refresh(self, now: datetime = NOW) -> Report:
        return refresh_index(self.url, self.root, self.site, now=now)

    def ask(self, question: Callable[[Index], Awaitable[T]]) -> T:
        """The answer to `question` by an index opened for it alone."""

        async def asked() -> T:
            index = Index(self.url)
            index.searches.limits = PATIENT
            try:
                return await question(index)
            finally:
                await index.close()

        return asyncio.run(asked())

    def find(self, limit: int = 100, **facts: Any) -> Page:
        return self.ask(lambda index: index.find(Query(**facts), limit))

    def slugs(self, **facts: Any) -> list[str]:
        return [article.slug for article in self.find(**facts).articles]

    def facets(self, kind: FacetKind) -> tuple[Facet, ...]:
        return self.ask(lambda index: index.facets(kind))

    def find_article(self, slug: str) -> Article | Moved:
        return self.ask(lambda index: index.find_article(slug))

    def locate(self, path: str) -> str | None:
        return self.ask(lambda index: index.locate(path))

    def file_record(self, path: str) -> FileRecord:
        return self.ask(lambda index: index.file_record(path))

    def hash_files(self) -> None:
        """Bring the hashes of all files up to date."""
        hasher = FileHasher(self.url, self.root, self.site)
        while not hasher.work(1.0):
            pass

    def collect(self, query: Query, limit: int = 100) -> list[Article]:
        """All that `query` finds, walked from page to page."""
        return self.ask(lambda index: collect(index, query, limit))

    def everything(self) -> list[Article]:
        return self.collect(Query())


async def collect(index: Index, query: Query, limit: int) -> list[Article]:
    return [article async for page in walk(index, query, limit) for article in page.articles]


async def walk(index: Index, query: Query, limit: int) -> AsyncIterator[Page]:
    """Every page from the first to the last."""
    cursor: Cursor | None = None
    while True:
        page = await index.find(with_cursor(query, cursor), limit)
        yield page
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def with_cursor(query: Query, cursor: Cursor | None) -> Query:
    return Query(**{field: getattr(query, field) for field in Query.__struct_fields__} | {"cursor": cursor})


def in_order(articles: list[Article], sort: str) -> list[Article]:
    """`articles` as the contract orders them: undated ones last in `newest` and in `oldest`, then by id."""
    by_id = sorted(articles, key=lambda article: article.id)
    if sort == "newest":
        dated = sorted(by_id, key=lambda article: article.published or BEFORE_TIME)
        return dated[::-1]
    if sort == "oldest":
        return sorted(
            by_id, key=lambda article: (article.published is None, article.published or BEFORE_TIME)
        )
    return sorted(by_id, key=lambda article: article.changed or BEFORE_TIME, reverse=True)
