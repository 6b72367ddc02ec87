"""Directories: all visible articles month by month, and terms by the beginning of their names."""

from pathlib import Path
from typing import Any

import pytest

from service.index import SitemapMonth
from service.query import FacetKind
from tests.support.builders import at
from tests.support.index_folder import NOW, Folder


def sitemap_months(folder: Folder) -> tuple[SitemapMonth, ...]:
    return folder.ask(lambda index: index.sitemap_months())


def sitemap_articles(folder: Folder, name: str) -> list[str]:
    return [article.slug for article in folder.ask(lambda index: index.sitemap_articles(name))]


def prefix_search(folder: Folder, slug: str, limit: int = 10) -> list[tuple[FacetKind, str, int]]:
    matches = folder.ask(lambda index: index.prefix_search(slug, limit))
    return [(kind, facet.name, facet.count) for kind, facet in matches]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_sitemap_has_one_part_per_month(folder: Folder) -> None:
    for name, facts in {
        "first": {"date": "0001-01-02T00:00:00Z"},
        "early": {"date": "2019-01-01T00:00:00Z", "updated": "2020-02-02"},
        "late": {"date": "2019-01-31T23:59:59Z"},
        "next-month": {"date": "2019-02-01T00:00:00Z"},
        "december": {"date": "2019-12-31T23:59:59Z"},
        "scheduled": {"date": "2026-03-01"},
        "expired": {"date": "2019-01-15", "expires": "2020-01-01"},
        "withdrawn": {"date": "2019-01-15", "withdrawn": "By mistake."},
        "undated": {},
        "undated-but-updated": {"updated": "2018-01-01"},
    }.items():
        folder.write(name, **facts)
    folder.refresh()

    assert sitemap_months(folder) == (
        SitemapMonth("0001-01", 1, at("0001-01-02")),
        SitemapMonth("2019-01", 2, at("2020-02-02")),
        SitemapMonth("2019-02", 1, at("2019-02-01")),
        SitemapMonth("2019-12", 1, at("2019-12-31T23:59:59")),
        SitemapMonth("undated", 2, at("2018-01-01")),
    )
    assert sitemap_articles(folder, "0001-01") == ["first"]
    assert sitemap_articles(folder, "2019-01") == ["early", "late"]
    assert sitemap_articles(folder, "undated") == ["undated", "undated-but-updated"]


def test_crowded_month_has_several_parts(folder: Folder) -> None:
    instants = ["2019-01-05", "2019-01-06T12:00:00Z"]
    folder.write_many(
        "many",
        [
            {"title": f"n{n}", "slug": f"n{n}", "id": f"id:{n:05}", "date": instants[n // 1500]}
            for n in range(2050)
        ],
    )
    folder.refresh()

    assert [(memory_index.name, memory_index.articles) for memory_index in sitemap_months(folder)] == [
        ("2019-01", 1000),
        ("2019-01.2", 1000),
        ("2019-01.3", 50),
    ]
    names = [memory_index.name for memory_index in sitemap_months(folder)]
    assert [slug for name in names for slug in sitemap_articles(folder, name)] == [
        f"n{n}" for n in range(2050)
    ]
    assert sitemap_articles(folder, "2019-01.4") == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "2019",
        "2019-13",
        "0000-01",
        "2019-01.0",
        "2019-01.01",
        "2019-1",
        "٢٠١٩-01",
        "pages",
        "x" * 99,
        "\ud800",
    ],
)
def test_unknown_part(folder: Folder, name: str) -> None:
    folder.write("a", date="2019-01-01")
    folder.refresh()
    assert sitemap_articles(folder, name) == []


def test_empty_index_has_no_part(folder: Folder) -> None:
    folder.refresh()
    assert sitemap_months(folder) == ()


def test_prefix_search(folder: Folder) -> None:
    records: list[dict[str, Any]] = [
        {"tags": ["Iraq", "Iran"], "author": "Ira Levin"},
        {"tags": ["iraq", "Oil"], "source": {"name": "Iran Daily"}},
        {"tags": ["Iraq"]},
    ]
    for number, facts in enumerate(records):
        folder.write(f"a{number}", date="2019-01-01", **facts)
    folder.write("later", date="2026-03-01", tags=["Iraq", "Iranian secret"])
    folder.refresh(NOW)

    everything = [
        ("tag", "Iraq", 3),
        ("author", "Ira Levin", 1),
        ("tag", "Iran", 1),
        ("source", "Iran Daily", 1),
    ]
    assert prefix_search(folder, "ira") == everything
    assert prefix_search(folder, "ira", 2) == everything[:2]
    assert prefix_search(folder, "iran") == everything[2:]
    assert prefix_search(folder, "raq") == []
    assert prefix_search(folder, "iraq%") == []
