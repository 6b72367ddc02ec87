"""Pages link to the directories that have entries, and to no others."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from service.formats.html import problem_page
from service.index import Index
from service.model import Site
from service.publisher import Publisher, Rendered
from service.query import Query
from service.urls import DIRECTORY_PATHS, Urls
from tests.support.index_folder import Folder

BASE = "https://news.example"


def linked_directories(page: bytes) -> set[str]:
    links = {
        str(link["href"]).removeprefix(BASE) for link in BeautifulSoup(page, "html.parser").select("a[href]")
    }
    return links & set(DIRECTORY_PATHS.values())


@pytest.mark.parametrize(
    ("fields", "directories"),
    [
        ({}, {"/languages"}),
        ({"tags": ["A"]}, {"/languages", "/tags"}),
        ({"authors": ["Ann"], "series": "Tales"}, {"/authors", "/languages", "/series"}),
        ({"source": "The Paper"}, {"/languages", "/sources"}),
    ],
)
def test_pages_link_to_directories_with_entries(
    fields: dict[str, object], directories: set[str], tmp_path: Path
) -> None:
    folder = Folder(tmp_path)
    folder.write("a", **fields)
    folder.refresh()

    async def render_pages(index: Index) -> list[bytes]:
        publisher = Publisher(index, Site(), cache_bytes=0)
        await publisher.poll_revision()
        documents = [
            await publisher.listing("html", Query(), BASE),
            await publisher.listing("html", Query(q="nothing"), BASE),
            await publisher.article("html", "a", BASE),
            await publisher.directory("html", "language", BASE),
            await publisher.subscription(Query(), BASE),
        ]
        problem = problem_page(Site(), Urls(BASE), 404, "N", "N", navigation=publisher.navigation)
        return [document.body for document in documents if isinstance(document, Rendered)] + [problem]

    pages = folder.ask(render_pages)
    assert len(pages) == 6
    for page in pages:
        assert linked_directories(page) == directories
