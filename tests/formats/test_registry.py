"""Every format has the consequences of its row in `model.formats`."""

import asyncio
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest

from service.formats import FEEDS, bare_type
from service.formats.html.page import feeds_of
from service.formats.lint import LINTS, lint
from service.formats.registry import FORMATS
from service.formats.web_links import article_links, feed_links
from service.model import FORMAT_DESCRIPTIONS, FormatDescription, FormatName
from service.query import Query
from service.urls import Urls
from service.web.metrics.counters import COUNTED_FORMATS
from tests.support.builders import article, listing
from tests.support.in_memory_site import InMemoryIndex, serving, settings
from tests.support.server import ROOT

URLS = Urls("https://example.org")
EVERY_FORMAT = pytest.mark.parametrize("row", FORMAT_DESCRIPTIONS.values(), ids=lambda row: row.name)


def test_every_name_has_a_description_and_renderers() -> None:
    assert tuple(FORMAT_DESCRIPTIONS) == tuple(FORMATS) == get_args(FormatName)


def test_names_paths_types_and_operations_are_unique() -> None:
    rows = FORMAT_DESCRIPTIONS.values()
    for values in (
        [row.path for row in rows],
        [row.media_type for row in rows],
        [row.label for row in rows],
        [row.operation for row in rows],
    ):
        assert len(set(values)) == len(values)


@EVERY_FORMAT
def test_renderers_are_those_of_the_description(row: FormatDescription) -> None:
    renderers = FORMATS[row.name]

    assert renderers.description is row
    assert bool(renderers.archive) == row.is_archived
    assert bool(renderers.article) == bool(row.article_suffix)


@EVERY_FORMAT
def test_its_address_is_served_described_and_documented(row: FormatDescription, tmp_path: Path) -> None:
    async def get() -> tuple[httpx.Response, Any]:
        async with serving(InMemoryIndex(article()), settings(tmp_path)) as client:
            return await client.get(row.path), (await client.get("/openapi.json")).json()

    answer, document = asyncio.run(get())
    operation = document["paths"][row.path]["get"]

    assert (answer.status_code, answer.headers["content-type"]) == (200, row.media_type)
    assert operation["operationId"] == row.operation
    assert set(operation["responses"]["200"]["content"]) == {row.bare_type}
    assert not row.article_suffix or f"/articles/{{slug}}{row.article_suffix}" in document["paths"]
    assert any(
        row.path in path.read_text("utf-8") for path in (ROOT / "README.md", *ROOT.glob("docs/**/*.md"))
    )
    assert row.name in COUNTED_FORMATS


@EVERY_FORMAT
def test_feeds_can_be_discovered(row: FormatDescription) -> None:
    href = URLS.listing(row.name, Query())
    is_feed = row.kind == "feed"

    assert (href in {feed.url for feed in feeds_of(Query(), "Example", URLS)}) == is_feed
    assert (href in {link.href for link in feed_links(Query(), URLS)}) == is_feed
    assert is_feed == bool(row.document_type), "browsers save a feed unless it has a type they show"


@EVERY_FORMAT
def test_representations_of_an_article_link_to_each_other(row: FormatDescription) -> None:
    shown = article()
    addresses = {link.href for link in article_links("html", shown, URLS)}

    if row.article_suffix and row.name != "html":
        assert URLS.article_as(row.name, shown.slug) in addresses


def test_every_feed_is_linted() -> None:
    assert set(LINTS) == set(FEEDS)


@pytest.mark.parametrize("form", FEEDS)
def test_a_feed_names_its_own_address(form: FormatName) -> None:
    query = Query(tags=("iraq",))
    document = FORMATS[form].listing(listing(article(), query=query), URLS)

    assert URLS.listing(form, query) in document.decode()
    assert len(lint(form, document).entries) == 1
    assert bare_type(form) == FORMAT_DESCRIPTIONS[form].bare_type
