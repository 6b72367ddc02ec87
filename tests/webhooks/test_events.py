"""Which events a difference makes, for whom, under which id, and the bodies that tell of them."""

import asyncio
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from service.index import ArticleDrop, ArticlePut, Difference, FileChange, Revision
from service.index.instants import seconds
from service.query import FILTERS, Query, TermKey
from service.settings.webhooks import EVENT_NAMES, EventName, Webhook
from service.webhooks.events import TYPES, Event, choose_events, encode_body, events_of
from tests.support.server import ROOT

BASE = "https://example.org/news"
A: tuple[TermKey, ...] = (("language", "en"), ("tag", "a"))
DAY_1, DAY_2, DAY_3 = (datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3))
B: tuple[TermKey, ...] = (("language", "en"), ("tag", "b"))


def difference(*changes: ArticlePut | ArticleDrop, generation: int = 7, after: str = "after") -> Difference:
    return Difference(
        generation=generation,
        before=Revision("before", 1),
        after=Revision(after, 2),
        recorded_at=1_790_000_000,
        articles_before="b4",
        articles="af",
        put=tuple(change for change in changes if isinstance(change, ArticlePut)),
        drop=tuple(change for change in changes if isinstance(change, ArticleDrop)),
        files=(FileChange("a.png", None, "0" * 64),),
    )


def published(article_id: str = "id:new", terms: tuple[TermKey, ...] = A) -> ArticlePut:
    return ArticlePut(id=article_id, slug="new", etag="e1", terms=terms)


def updated(before: tuple[TermKey, ...] = A, after: tuple[TermKey, ...] = A) -> ArticlePut:
    return ArticlePut(
        id="id:old",
        slug="renamed",
        etag="e2",
        terms=after,
        slug_before="old",
        etag_before="e1",
        terms_before=before,
        published_before=seconds(DAY_1),
        changed_before=seconds(DAY_1),
        published=seconds(DAY_2),
        changed=seconds(DAY_3),
    )


WITHDRAWN = ArticleDrop("id:gone", "gone", "withdrawn", "e1", A)


def webhook(query: Query | None = None, *events: EventName) -> Webhook:
    return Webhook(
        url="https://a.example", secret_env=("A",), query=query or Query(), events=events or EVENT_NAMES
    )


async def find_nothing(query: Query, ids: Sequence[str]) -> frozenset[str]:
    """The journal decides every query of these tests."""
    pytest.fail(f"the index is asked for {query}")


def chosen(webhook: Webhook, changes: Difference) -> list[Event]:
    return asyncio.run(choose_events(webhook, changes, find_nothing))


def wanted(webhook: Webhook, *changes: ArticlePut | ArticleDrop) -> list[EventName]:
    return [event.name for event in chosen(webhook, difference(*changes))]


def test_every_change_is_an_event_and_the_revision_comes_last() -> None:
    expired = ArticleDrop("id:past", "past", "expired", "e1", A)
    deleted = ArticleDrop("id:lost", "lost", "deleted", "e1", A)

    assert wanted(webhook(), published(), updated(), WITHDRAWN, expired, deleted) == [
        *("published", "updated", "withdrawn", "expired", "deleted", "revision"),
    ]
    assert wanted(webhook(None, "expired", "published"), published(), WITHDRAWN, expired) == [
        *("published", "expired"),
    ]
    assert wanted(webhook()) == ["revision"]


@pytest.mark.parametrize(
    ("query", "before", "after", "is_found"),
    [
        (Query(tags=("a",)), A, A, True),
        (Query(tags=("a",)), A, B, True),
        (Query(tags=("a",)), B, A, True),
        (Query(tags=("a",)), B, B, False),
        (Query(tags=("a", "b")), A, B, False),
        (Query(tags=("a", "b")), A, A + B, True),
        (Query(any_tags=("a", "c")), B, A, True),
        (Query(exclude_tags=("a",)), A, A, False),
        (Query(exclude_tags=("a",)), A, B, True),
        (Query(languages=("en",)), A, A, True),
        (Query(languages=("fr",)), A, A, False),
        (Query(featured="false"), A, A, True),
        (Query(featured="true"), A, A, False),
        (Query(ids=("id:old",)), A, A, True),
        (Query(ids=("id:other",)), A, A, False),
        (Query(slugs=("old",)), A, A, True),
        (Query(slugs=("renamed",)), A, A, True),
        (Query(slugs=("other",)), A, A, False),
        (Query(slugs=("old",), tags=("b",)), A, B, False),
        (Query(since=DAY_2), A, A, True),
        (Query(since=DAY_3), A, A, False),
        (Query(until=DAY_2), A, A, True),
        (Query(since=DAY_2, tags=("a",)), A, B, False),
        (Query(updated_since=DAY_3), A, A, True),
    ],
)
def test_an_event_is_wanted_if_the_query_finds_the_article_before_or_after(
    query: Query, before: tuple[TermKey, ...], after: tuple[TermKey, ...], is_found: bool
) -> None:
    expected = ["updated", "revision"] if is_found else []

    assert wanted(webhook(query), updated(before, after)) == expected


def test_an_id_is_equal_for_every_attempt_and_for_no_other_event() -> None:
    others = (
        difference(published(), updated(), WITHDRAWN),
        difference(published("id:other"), generation=8),
        difference(WITHDRAWN, after="later"),
        difference(WITHDRAWN, generation=9),  # to the same revision again, since it was restored meanwhile
    )
    ids = [event.id for other in others for event in events_of(other)]

    assert [event.id for other in others for event in events_of(other)] == ids
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("msg_[0-9a-f]{32}", event_id) for event_id in ids)


def body(event: Event) -> dict[str, object]:
    read: dict[str, object] = json.loads(encode_body(event, BASE))
    return read


def test_the_body_of_an_article() -> None:
    changes = difference(updated(A, B), WITHDRAWN)
    put, drop, _ = chosen(webhook(Query(tags=("a",))), changes)

    assert body(put) == {
        "type": "article.updated",
        "timestamp": "2026-09-21T14:13:20Z",
        "data": {
            "id": "id:old",
            "slug": "renamed",
            "url": "https://example.org/news/articles/renamed",
            "etag": "e2",
            "slug_before": "old",
            "etag_before": "e1",
            "matches": False,
            "revision": "af",
        },
    }
    matching, _ = chosen(webhook(Query(tags=("b",))), changes)
    assert body(matching)["data"] == {**body(put)["data"], "matches": True}  # type: ignore[dict-item]
    assert body(drop)["type"] == "article.withdrawn"
    assert body(drop)["data"] == {
        "id": "id:gone",
        "slug": "gone",
        "url": "https://example.org/news/articles/gone",
        "etag": None,
        "slug_before": "gone",
        "etag_before": "e1",
        "matches": False,
        "revision": "af",
    }


def test_the_body_of_a_revision() -> None:
    *_, event = events_of(difference(published(), WITHDRAWN))

    assert body(event) == {
        "type": "revision.changed",
        "timestamp": "2026-09-21T14:13:20Z",
        "data": {"revision": "af", "revision_before": "b4", "put": 1, "drop": 1, "files": 1},
    }


def test_the_documentation_names_every_event_and_filter() -> None:
    page = (ROOT / "docs" / "webhooks.md").read_text("utf-8")
    filters = re.search(r"^\| `tag`, .*?: (.*)\. \|$", page, re.MULTILINE)

    assert filters
    assert re.findall("`(.*?)`", filters[1]) == [row.name for row in FILTERS]
    assert dict(re.findall(r"^\| `(\w+)` \| `(\w+\.\w+)` \|", page, re.MULTILINE)) == TYPES
