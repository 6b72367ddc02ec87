"""A webhook takes every filter that a feed takes, and each decides which changes are events."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.index import Difference, Index
from service.query import FILTERS, Filter, Query
from service.settings.webhooks import Webhook, read_webhooks
from service.webhooks.events import Event, choose_events
from tests.support.builders import site
from tests.support.index_folder import Folder

SITE = site(time_zone="Asia/Tokyo")
IMAGE = {"url": "https://example.org/a.jpg", "alt": "A"}

FACTS: dict[str, tuple[dict[str, Any], dict[str, Any] | None]] = {
    "q": ({"text": "The water supply."}, {"text": "The road."}),
    "tag": ({"tags": ["Iraq"]}, {"tags": ["Iran"]}),
    "exclude_tag": ({"tags": ["Iraq"]}, {"tags": ["Obituary"]}),
    "any_tag": ({"tags": ["Iraq", "Iran"]}, {"tags": []}),
    "author": ({"author": "Ada Osei"}, {"author": "Bo Osei"}),
    "source": ({"source": "Rudaw"}, {"source": "Other"}),
    "language": ({"language": "en-GB"}, {"language": "fr"}),
    "series": ({"series": "Harbours"}, {"series": "Roads"}),
    "featured": ({"featured": True}, {"featured": False}),
    "has": ({"image": IMAGE}, {}),
    "title": ({"title": "The harbours"}, {"title": "The roads"}),
    "id": ({}, None),
    "slug": ({"slug": "harbour-opens"}, {"slug": "harbour-closes"}),
    "related": ({"tags": ["Iraq"]}, {"tags": ["Iran"]}),
    "year": ({"date": "2018-12-31T15:00:00Z"}, {"date": "2018-12-31T14:59:59Z"}),
    "month": ({"date": "2018-12-31T15:00:00Z"}, {"date": "2018-12-31T14:59:59Z"}),
    "since": ({"date": "2019-01-27T15:00:00Z"}, {"date": "2019-01-27T14:59:59Z"}),
    "until": ({"date": "2025-01-01"}, {"date": None}),
    "updated_since": ({"updated": "2019-01-29"}, {"updated": None}),
}
"""What the example of each filter finds, and what it does not; an id never changes."""

BY_WORDS = {"q", "title", "related"}
"""The journal does not decide these."""


def read_webhook(**filters: str) -> Webhook:
    (webhook,) = read_webhooks([{"url": "https://a.example", "secret_env": "A", **filters}], SITE)
    return webhook


class Site:
    """A folder with its index, in which one article changes."""

    def __init__(self, path: Path, webhook: Webhook) -> None:
        self.webhook = webhook
        self.folder = Folder(path, SITE)
        self.folder.write("harbour-opens" if webhook.query.related else "first", tags=["Iraq"], language="en")
        self.folder.refresh()

    def write(self, **facts: Any) -> list[tuple[str, bool]]:
        """The events of articles, with whether the article matches now, after it has these facts."""
        before = self.folder.ask(Index.newest_generation)
        self.folder.write("article", **{"date": "2019-01-10", "language": "en"} | facts)
        self.folder.refresh()
        (difference,) = self.folder.ask(lambda index: index.differences(before))
        chosen = self.choose(difference)
        assert [event.matches for event in chosen if event.change] in ([], [self.finds()])
        assert bool(chosen) == any(event.name == "revision" for event in chosen)
        return [(event.name, event.matches) for event in chosen if event.change]

    def choose(self, difference: Difference) -> list[Event]:
        return self.folder.ask(lambda index: choose_events(self.webhook, difference, index.find_ids))

    def finds(self) -> bool:
        page = self.folder.ask(lambda index: index.find(self.webhook.query, 10))
        return "id:article" in {article.id for article in page.articles}


@pytest.mark.parametrize("row", FILTERS, ids=lambda row: row.name)
def test_each_filter_chooses_the_changes_that_it_finds_before_or_after(row: Filter, tmp_path: Path) -> None:
    found, other = FACTS[row.name]
    site = Site(tmp_path, read_webhook(**{row.name: "id:article" if row.name == "id" else row.example}))
    assert site.write(**found) == [("published", True)]
    assert site.write(**found, subtitle="New") == [("updated", True)]
    if other is not None:
        assert site.write(**other) == [("updated", False)]
        unknown = [("updated", False)] if row.name in BY_WORDS else []
        assert site.write(**other, subtitle="New") == unknown
        assert site.write(**found) == [("updated", True)]
    assert site.write(**found, withdrawn="wrong") == [("withdrawn", False)]
    if other is not None:
        assert site.write(**other) == []
        unknown = [("withdrawn", False)] if row.name in BY_WORDS else []
        assert site.write(**other, withdrawn="wrong") == unknown


def test_words_are_combined_with_what_the_journal_decides(tmp_path: Path) -> None:
    site = Site(tmp_path, read_webhook(q="water", tag="iraq"))

    assert site.write(text="Water.", tags=["Iran"]) == []
    assert site.write(text="Water, still.", tags=["Iran"]) == []
    assert site.write(text="Water.", tags=["Iraq"]) == [("updated", True)]
    assert site.write(text="Road.", tags=["Iran"]) == [("updated", False)]


def test_a_query_that_other_articles_match_is_not_asked_without_a_candidate(tmp_path: Path) -> None:
    site = Site(tmp_path, read_webhook(q="text"))
    before = site.folder.ask(Index.newest_generation)
    site.folder.remove("first")
    site.folder.refresh()
    (difference,) = site.folder.ask(lambda index: index.differences(before))

    assert [event.name for event in site.choose(difference)] == ["deleted", "revision"]


def test_dates_are_of_the_time_zone_of_the_site() -> None:
    assert read_webhook(since="2019-01-28").query == Query(since=datetime(2019, 1, 27, 15, tzinfo=UTC))
