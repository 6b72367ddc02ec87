"""`/changes.json` and the pages of the changes of each day: a client of an export stays in step by them."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.index.differences import change_days, journal
from service.publisher import publisher
from tests.support.index_folder import NOW
from tests.support.published_folder import PublishedFolder
from tests.support.random_site import RandomSite
from tests.support.server import ROOT

Copy = dict[str, dict[str, Any]]

CLIENT = re.search(
    r"## Days of changes.*?```python\n(.*?)```", (ROOT / "docs/api.md").read_text("utf-8"), re.DOTALL
)
DAY = timedelta(days=1)


class Client:
    """The part of an `httpx.Client` that the client of the documentation uses."""

    def __init__(self, site: PublishedFolder) -> None:
        self._site = site

    def get(self, url: str) -> httpx.Response:
        return self._site.get(url)


def synchronise(site: PublishedFolder, copy: Copy, day: str | None) -> str:
    """As the documentation does; the day to give next time."""
    assert CLIENT is not None
    names: dict[str, Any] = {}
    exec(CLIENT[1], names)  # noqa: S102 - the code of our own documentation
    reached: str = names["synchronise"](Client(site), copy, day)
    return reached


def listed(site: PublishedFolder) -> dict[str, Any]:
    found: dict[str, Any] = site.get("/changes.json").json()
    return found


def days(site: PublishedFolder) -> list[str]:
    """The name of the first page of each day."""
    return [day["url"].rpartition("/")[2].removesuffix(".ndjson") for day in listed(site)["days"]]


def lines(site: PublishedFolder, address: str) -> list[dict[str, Any]]:
    response = site.get(address)
    assert response.status_code == httpx.codes.OK, response.text
    return [json.loads(line) for line in response.content.splitlines()]


def slugs(page: list[dict[str, Any]]) -> list[str]:
    return sorted(line["article"]["slug"] if line["op"] == "put" else line["slug"] for line in page[:-1])


@pytest.fixture
def folder(tmp_path: Path) -> PublishedFolder:
    made = PublishedFolder(tmp_path)
    for name in ("red", "green", "blue"):
        made.write(name, date="2019-01-01")
    made.refresh(NOW)
    return made


def test_each_article_is_on_the_day_of_its_last_change(folder: PublishedFolder) -> None:
    (start,) = days(folder)
    assert re.fullmatch(r"2026-01-01\.[0-9a-f]{8}", start)
    assert slugs(lines(folder, f"/changes/{start}.ndjson")) == []
    folder.write("red", text="One.")
    folder.refresh(NOW + DAY)
    folder.write("red", text="Two.")
    folder.write("green", text="Two.")
    folder.refresh(NOW + 3 * DAY)
    folder.remove("blue")
    folder.refresh(NOW + 3 * DAY + timedelta(hours=1))
    assert days(folder) == [start, "2026-01-02", "2026-01-04"]
    over, newest = (lines(folder, f"/changes/2026-01-{day}.ndjson") for day in ("02", "04"))
    assert slugs(over) == []
    assert over[-1]["next"] == "http://localhost/changes/2026-01-04.ndjson"
    assert slugs(newest) == ["blue", "green", "red"]
    assert [line["reason"] for line in newest if line["op"] == "drop"] == ["deleted"]
    assert newest[-1] == {"op": "page", "revision": listed(folder)["revision"], "next": None}
    since = folder.get(f"/changes?since={over[-1]['revision']}").content
    assert since == folder.get("/changes/2026-01-04.ndjson").content


def test_pages_of_a_large_day_hold_every_change_once(
    folder: PublishedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_days, "ONE_IN", 4)
    monkeypatch.setattr(change_days, "MOST_CHANGES", 5)
    for number in range(60):
        folder.write(f"n{number}", text="word " * 20)
    folder.refresh(NOW + DAY)
    pages, address = [], "http://localhost/changes/2026-01-02.ndjson"
    while address:
        response = folder.get(address)
        page = [json.loads(line) for line in response.content.splitlines()]
        address = page[-1]["next"]
        assert response.links.get("next", {}).get("url") == address
        pages.append(page)
    assert sorted(slug for page in pages for slug in slugs(page)) == sorted(f"n{n}" for n in range(60))
    assert 12 < len(pages) < 40
    before = [slugs(page) for page in pages]
    folder.write("n7", text="New.")
    folder.refresh(NOW + 2 * DAY)
    after = [slugs(lines(folder, page[-1]["next"])) for page in pages[:-1] if "-02-" in page[-1]["next"]]
    assert sum(one not in after for one in before[1:]) <= 2


def test_pages_end_at_about_a_megabyte(folder: PublishedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publisher, "LARGEST_WHOLE_BYTES", 3000)
    for number in range(8):
        folder.write(f"n{number}", text="word " * 400)
    folder.refresh(NOW + DAY)
    first = lines(folder, "/changes/2026-01-02.ndjson")
    assert (len(first), bool(first[-1]["next"])) == (2, True)


def test_a_day_that_the_journal_does_not_reach_is_not_there(
    folder: PublishedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MOST_CHANGES", 4)
    (start,) = days(folder)
    for number in range(4):
        folder.write("red", text=f"Version {number}.")
        folder.refresh(NOW + number * DAY)
    known = days(folder)
    assert start not in known
    assert known == [f"2026-01-02.{known[0][-8:]}", "2026-01-03", "2026-01-04"]
    for name in (start, "2026-01-01", "2026-01-02", "2026-01-04.01234567", "2027-01-01"):
        response = folder.get(f"/changes/{name}.ndjson")
        assert (response.status_code, "/changes.json" in response.json()["detail"]) == (404, True), name


@pytest.mark.parametrize(
    "name",
    ["2026-01-01", "2026-13-01.ndjson", "x.ndjson", "2026-01-01-1.ndjson", ".ndjson", "2026-1-1.ndjson"],
)
def test_what_is_no_page_of_changes_is_not_there(folder: PublishedFolder, name: str) -> None:
    assert folder.get(f"/changes/{name}").status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize("path", ["/changes.json", "/changes/2026-01-01.ndjson"])
def test_no_parameter_is_taken(folder: PublishedFolder, path: str) -> None:
    response = folder.get(f"{path}?tag=red")
    assert (response.status_code, response.json()["parameter"]) == (400, "tag")


def test_pages_that_were_stored_follow_the_content(folder: PublishedFolder) -> None:
    """A page of a day that is over stays as it is, until an article leaves it."""
    for number, name in enumerate(("red", "green", "blue")):
        folder.write(name, text="New.")
        folder.refresh(NOW + (number + 1) * DAY)
        addresses = [day["url"] for day in listed(folder)["days"]]
        kept = [folder.get(address).content for address in addresses]
        fresh = PublishedFolder.__new__(PublishedFolder)
        fresh.__dict__ |= folder.__dict__ | {"_service": None, "_stop": None}
        assert kept == [fresh.get(address).content for address in addresses]
    folder.write("red", text="Newer.")
    folder.refresh(NOW + 3 * DAY)
    assert slugs(lines(folder, "/changes/2026-01-02.ndjson")) == []


def test_an_empty_site_has_a_day(tmp_path: Path) -> None:
    site = PublishedFolder(tmp_path)
    site.refresh(NOW)
    copy: Copy = {}
    day = synchronise(site, copy, None)
    site.write("first")
    site.refresh(NOW)
    assert synchronise(site, copy, day) == day
    assert [article["slug"] for article in copy.values()] == ["first"]


def run(path: Path, seed: int, steps: int) -> None:
    """Edit a site, lose its index now and then, and compare the copy of a client with it."""
    site = RandomSite(path, seed)
    site.refresh(site.clock)
    copy: Copy = {}
    day: str | None = None
    for _ in range(steps):
        for _ in range(site.random.choice([0, 1, 4])):
            site.edit()
            if site.random.random() < 0.5:
                site.refresh(site.clock)
        if site.random.random() < 0.1:
            site.file.unlink()
        site.refresh(site.clock)
        if site.random.random() < 0.7:
            day = synchronise(site, copy, day)
            articles = map(json.loads, site.get("/articles.ndjson").content.splitlines())
            assert copy == {article["id"]: article for article in articles}


def test_the_copy_of_a_client_is_exact_after_any_edits(tmp_path: Path) -> None:
    run(tmp_path, 5, 12)


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(20))
def test_the_copy_of_a_client_is_exact_after_many_edits(tmp_path: Path, seed: int) -> None:
    run(tmp_path, seed, 60)
