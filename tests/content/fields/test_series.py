"""The series of an article, its place there, and whether it is featured."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.content import load
from service.content.records import LoadedFile
from service.model import Site


def load_record(**values: Any) -> LoadedFile:
    record = json.dumps({"title": "T", "text": "x", **values})
    return load(Path("/nowhere"), "a.json", record.encode(), Site())


SERIES: list[tuple[dict[str, Any], str | None, float | None]] = [
    ({"series": "Bridges"}, "Bridges", None),
    ({"series": ["Bridges"]}, "Bridges", None),
    ({"series": " The  bridges "}, "The bridges", None),
    ({"series": "Bridges", "series_order": 2}, "Bridges", 2),
    ({"series": "Bridges", "seriesOrder": "2"}, "Bridges", 2),
    ({"series": "Bridges", "series_weight": 1.5}, "Bridges", 1.5),
    ({"series": "Bridges", "series-part": "Part 3"}, "Bridges", 3),
    ({"series": "Bridges", "series_index": 0}, "Bridges", 0),
    ({"series": "Bridges", "part": "2 of 5"}, "Bridges", 2),
    ({"series": "Bridges", "part": "2/5"}, "Bridges", 2),
    ({"series": {"name": "Bridges", "order": 4}}, "Bridges", 4),
    ({"series": {"title": "Bridges", "part": "1"}}, "Bridges", 1),
    ({"series": {"name": "Bridges", "order": 4}, "series_order": 5}, "Bridges", 5),
    ({"series": [{"name": "Bridges", "index": 2}]}, "Bridges", 2),
    ({"series_name": "Bridges"}, "Bridges", None),
    ({"taxonomies": {"series": ["Bridges"], "tags": ["a"]}}, "Bridges", None),
    ({"extra": {"series": "Bridges"}}, "Bridges", None),
    ({"params": {"series": ["Bridges"]}, "series_order": 7}, "Bridges", 7),
    ({"series": ""}, None, None),
    ({"part": "Bridges"}, None, None),
    ({"part": 2}, None, None),
    ({"series": []}, None, None),
]


@pytest.mark.parametrize(("values", "name", "order"), SERIES)
def test_a_series_and_the_place_in_it(values: dict[str, Any], name: str | None, order: float | None) -> None:
    loaded = load_record(**values)
    assert loaded.faults == ()
    [article] = loaded.articles
    assert (article.series, article.series_order) == (name, order)
    assert article.extra.get("part") == (values.get("part") if name is None else None)


DOUBTFUL: list[tuple[dict[str, Any], str | None, float | None]] = [
    ({"series": ["Bridges", "Rivers"]}, "Bridges", None),
    ({"series": {"weight": [1]}}, None, None),
    ({"series": True}, None, None),
    ({"series": "Bridges", "series_order": "second"}, "Bridges", None),
    ({"series": "Bridges", "series_order": [1]}, "Bridges", None),
    ({"series": "Bridges", "series_order": "1e999"}, "Bridges", None),
]


@pytest.mark.parametrize(("values", "name", "order"), DOUBTFUL)
def test_a_doubtful_series_is_reported_and_kept(
    values: dict[str, Any], name: str | None, order: float | None
) -> None:
    loaded = load_record(**values)
    [article] = loaded.articles
    assert (article.series, article.series_order) == (name, order)
    assert loaded.faults
    assert article.extra.items() <= values.items()
    assert article.extra


@pytest.mark.parametrize(
    "values",
    [
        {"featured": True},
        {"Featured": "yes"},
        {"is-featured": True},
        {"featuredpost": True},
        {"pinned": True},
        {"pin": "true"},
        {"sticky": 100},
        {"sticky": True, "featured": False},
    ],
)
def test_a_featured_article(values: dict[str, Any]) -> None:
    [article] = load_record(**values).articles
    assert article.featured
    assert article.extra == {}


@pytest.mark.parametrize("values", [{"featured": False}, {"sticky": 0}, {"pin": "no"}, {"featured": None}])
def test_an_article_that_is_not_featured(values: dict[str, Any]) -> None:
    [article] = load_record(**values).articles
    assert (article.featured, article.extra) == (False, {})


@pytest.mark.parametrize("value", ["/img/a.png", ["home"], {"url": "a.png"}])
def test_another_meaning_of_featured_is_kept_as_it_is(value: object) -> None:
    loaded = load_record(featured=value)
    [article] = loaded.articles
    assert (article.featured, article.extra, loaded.faults) == (False, {"featured": value}, ())
