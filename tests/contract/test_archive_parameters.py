"""Which addresses of an archive there are, and what they do not combine with."""

import pytest

from tests.support.published_folder import BASE, PublishedFolder

PLACE = "1700000000-0123456789abcdef"
WRONG = [
    "x",
    "1700000000",
    "1700000000-0123456789ABCDEF",
    "1700000000-0123456789abcde",
    "01700000000-0123456789abcdef",
    "-0-0123456789abcdef",
    "+5-0123456789abcdef",
    "1234567890123-0123456789abcdef",
    f"{PLACE}.",
    f"{PLACE}.1234567",
    "١-0123456789abcdef",
]


@pytest.mark.parametrize("position", WRONG)
def test_an_invalid_archive_position_is_refused(news: PublishedFolder, position: str) -> None:
    for format_name in ("atom", "rss"):
        problem = news.get(f"/feed.{format_name}?archive={position}")
        assert problem.status_code == 400
        assert problem.json()["parameter"] == "archive"


# address → status, and where it says it is
COMBINED = [
    (f"/feed.atom?tag=t1&archive={PLACE}&q=text", f"/feed.atom?tag=t1&archive={PLACE}"),
    (f"/feed.atom?archive={PLACE}&since=2019-01-01&until=2020-01-01", f"/feed.atom?archive={PLACE}"),
    (f"/feed.atom?archive={PLACE}&updated_since=2019-01-01&sort=oldest", f"/feed.atom?archive={PLACE}"),
    (f"/feed.rss?archive={PLACE}&limit=3&cursor=x", f"/feed.rss?archive={PLACE}"),
    (
        f"/feed.atom?archive={PLACE}&tag=T1&content=none&utm_source=x",
        f"/feed.atom?tag=t1&content=none&archive={PLACE}",
    ),
    ("/feed.atom?archive=&tag=t1", "/feed.atom?tag=t1"),
]


@pytest.mark.parametrize(("address", "itself"), COMBINED)
def test_a_search_or_an_order_does_not_combine_with_the_archive(
    news: PublishedFolder, address: str, itself: str
) -> None:
    assert news.read(address).links["self"] == BASE + itself


@pytest.mark.parametrize("path", ["/articles.json", "/articles.ndjson", "/articles.md", "/articles"])
def test_lists_have_no_archive(news: PublishedFolder, path: str) -> None:
    problem = news.get(f"{path}?archive={PLACE}", {"Accept": "application/json"})
    assert (problem.status_code, problem.json()["parameter"]) == (400, "archive")


def test_json_feed_has_its_next_pages_instead(news: PublishedFolder) -> None:
    problem = news.get(f"/feed.json?archive={PLACE}")
    assert (problem.status_code, problem.json()["parameter"]) == (400, "archive")

    feed = news.get("/feed.json").json()
    assert feed["feed_url"] == f"{BASE}/feed.json"
    assert feed["next_url"].startswith(f"{BASE}/feed.json?cursor=")


@pytest.mark.parametrize(
    "address", ["/feed.atom?q=text", "/feed.atom?since=2020-01-01", "/feed.rss?sort=updated"]
)
def test_a_search_an_interval_and_an_order_are_paged_only(news: PublishedFolder, address: str) -> None:
    links = news.read(address).links
    assert {"first", "next", "last"} <= set(links)
    assert "prev-archive" not in links
