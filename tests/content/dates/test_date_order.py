"""The order of day and month in numeric dates, as other articles of the folder show it."""

import json
from pathlib import Path

import pytest

from service.content import load
from service.content.dates.date_order import find_day_first
from service.content.records import LoadedFile, SiteContext
from service.model import Site


def load_dated(date: str, *, path: str = "a.json", day_first: bool | None = None) -> LoadedFile:
    record = json.dumps({"title": "A vote", "text": "The text.", "date": date})
    return load(Path("/nowhere"), path, record.encode(), Site(), SiteContext(day_first=day_first))


@pytest.mark.parametrize(
    ("dates", "day_first"),
    [
        (["28/01/2019", "03/04/2019"], True),
        (["01/28/2019", "03/04/2019"], False),
        (["28-01-2019"], True),
        (["28/01/2019", "01/28/2019"], None),
        (["03/04/2019", "05/05/2019"], None),
        (["2019-01-28", "28.01.2019"], None),
        ([], None),
    ],
)
def test_a_number_above_twelve_shows_the_order(dates: list[str], day_first: bool | None) -> None:
    assert find_day_first(f"---\ntitle: T\ndate: {date}\n---\n" for date in dates) is day_first


def test_dates_in_the_text_show_nothing() -> None:
    assert find_day_first(["---\ntitle: T\n---\nOn 28/01/2019 the council met."]) is None


@pytest.mark.parametrize(("day_first", "day"), [(True, "2030-04-03"), (False, "2030-03-04")])
def test_the_order_of_the_folder_decides(day_first: bool, day: str) -> None:
    loaded = load_dated("03/04/2030", day_first=day_first)
    [article] = loaded.articles
    assert (str(article.published.date()) if article.published else "", loaded.faults) == (day, ())


def test_a_day_that_has_passed_in_any_order_leaves_the_article_undated() -> None:
    loaded = load_dated("03/04/2019")
    [article] = loaded.articles
    assert article.published is None
    assert article.extra["date"] == "03/04/2019"
    assert "is ambiguous" in loaded.faults[0].message


def test_a_day_that_may_be_ahead_excludes_the_article() -> None:
    loaded = load_dated("03/04/2030")
    assert (loaded.articles, loaded.is_private, len(loaded.faults)) == ((), True, 1)


@pytest.mark.parametrize("day", ["2030-03-04", "2030-04-03"])
def test_the_day_in_the_path_decides(day: str) -> None:
    loaded = load_dated("03/04/2030", path=f"{day}-a.json")
    [article] = loaded.articles
    assert (str(article.published.date()) if article.published else "", loaded.faults) == (day, ())


def test_another_day_in_the_path_publishes_nothing_early() -> None:
    assert load_dated("03/04/2030", path="2019-01-01-a.json").articles == ()
