"""The events that a difference between two revisions makes, and the bodies of requests about them."""

import hashlib
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from service.index import INSTANT_FILTERS, ArticleDrop, ArticlePut, Difference, is_within
from service.query import FILTERS, Query, TermKey, given_filters, matches_terms
from service.settings.webhooks import EventName, Webhook
from service.urls import Urls

TYPES: dict[EventName, str] = {
    "published": "article.published",
    "updated": "article.updated",
    "withdrawn": "article.withdrawn",
    "expired": "article.expired",
    "deleted": "article.deleted",
    "revision": "revision.changed",
}
"""The `type` of the body by the name of the event in the settings."""


_ASKED_OF_INDEX = {
    row.field for row in FILTERS if row.term is None and row.field not in {"ids", "slugs"}
} - INSTANT_FILTERS
"""The fields of the filters that the journal does not decide."""


FindIds = Callable[[Query, Sequence[str]], Awaitable[Collection[str]]]
"""As `Index.find_ids`: those of some articles that a query finds now."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the difference; `change` is None for that of the revision as a whole.

    `number` is its place among all events of the difference. It `matches` if the query of the webhook finds
    the article now.
    """

    name: EventName
    number: int
    difference: Difference
    change: ArticlePut | ArticleDrop | None = None
    matches: bool = False

    @property
    def article_id(self) -> str:
        """The id of the article; "" for the event of the revision."""
        return self.change.id if self.change else ""

    @property
    def id(self) -> str:
        """The `webhook-id`: equal for every attempt, and for no other event.

        The generation is part of it because a revision repeats when a change is undone, and then the same
        text withdrawn once more is another event.
        """
        change = self.change
        identity = (
            self.name,
            self.article_id,
            change.etag_before if change else None,
            change.etag if isinstance(change, ArticlePut) else None,
            self.difference.after,
            self.difference.generation,
        )
        return f"msg_{hashlib.sha256(msgspec.json.encode(identity)).hexdigest()[:32]}"


class ArticleData(msgspec.Struct, frozen=True, kw_only=True):
    """The `data` of an event of an article. `matches` is whether the query of the webhook finds it now.

    `revision` is what `/changes` takes.
    """

    id: str
    slug: str
    url: str
    etag: str | None
    slug_before: str | None
    etag_before: str | None
    matches: bool
    revision: str


class RevisionData(msgspec.Struct, frozen=True, kw_only=True):
    """The `data` of an event of the revision: how many articles and files have changed."""

    revision: str
    revision_before: str
    put: int
    drop: int
    files: int


class EventBody(msgspec.Struct, frozen=True):
    """The body of a request. `timestamp` is when the content changed."""

    type: str
    timestamp: str
    data: ArticleData | RevisionData


def events_of(difference: Difference) -> Iterator[Event]:
    """Every event of `difference`, in an order that never changes: articles by id, then the revision."""
    for number, change in enumerate((*difference.put, *difference.drop, None)):
        yield Event(name=_name_of(change), number=number, difference=difference, change=change)


def _name_of(change: ArticlePut | ArticleDrop | None) -> EventName:
    if change is None:
        return "revision"
    if isinstance(change, ArticleDrop):
        return change.reason
    return "published" if change.etag_before is None else "updated"


async def choose_events(webhook: Webhook, difference: Difference, find_ids: FindIds) -> list[Event]:
    """The events of `difference` that `webhook` asks for, in order.

    Its query finds the article before the change or after it. `find_ids` decides what the journal does not:
    filters by words, and those that depend on other articles. Whether they found an article before is not
    known; it counts as found if all other filters found it. Raises IndexUnavailable, QueryTooExpensive,
    TooManyQueries.
    """
    query = webhook.query
    found: Collection[str] | None = None
    if any(row.field in _ASKED_OF_INDEX for row, _ in given_filters(query)):
        candidates = [put.id for put in difference.put if _may_find_after(query, put)]
        found = await find_ids(query, candidates) if candidates else ()
    chosen: list[Event] = []
    is_concerned = query == Query()
    for event in events_of(difference):
        change = event.change
        if change is None:
            is_chosen, matches = is_concerned, False
        else:
            matches = isinstance(change, ArticlePut) and _may_find_after(query, change)
            matches = matches and (found is None or change.id in found)
            is_chosen = matches or _may_find_before(query, change)
            is_concerned = is_concerned or is_chosen
        if is_chosen and event.name in webhook.events:
            chosen.append(msgspec.structs.replace(event, matches=matches))
    return chosen


def encode_body(event: Event, base: str) -> bytes:
    """The JSON body of `event`, equal for every attempt; `base` is the public URL."""
    difference, change = event.difference, event.change
    data: ArticleData | RevisionData
    if change is None:
        data = RevisionData(
            revision=difference.articles,
            revision_before=difference.articles_before,
            put=len(difference.put),
            drop=len(difference.drop),
            files=len(difference.files),
        )
    else:
        data = ArticleData(
            id=change.id,
            slug=change.slug,
            url=Urls(base).article(change.slug),
            etag=change.etag if isinstance(change, ArticlePut) else None,
            slug_before=change.slug_before if isinstance(change, ArticlePut) else change.slug,
            etag_before=change.etag_before,
            matches=event.matches,
            revision=difference.articles,
        )
    return msgspec.json.encode(EventBody(TYPES[event.name], format_instant(difference.recorded_at), data))


def format_instant(seconds: int) -> str:
    """Seconds since 1970 as an instant of RFC 3339, in UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _may_find_after(query: Query, put: ArticlePut) -> bool:
    return _passes(query, put.id, put.slug, put.terms, put.published, put.changed)


def _may_find_before(query: Query, change: ArticlePut | ArticleDrop) -> bool:
    slug = change.slug_before if isinstance(change, ArticlePut) else change.slug
    instants = change.published_before, change.changed_before
    return slug is not None and _passes(query, change.id, slug, change.terms_before, *instants)


def _passes(
    query: Query,
    article_id: str,
    slug: str,
    terms: tuple[TermKey, ...],
    published: int | None,
    changed: int | None,
) -> bool:
    """Whether an article with these facts passes every filter that they decide."""
    return (
        matches_terms(query, terms)
        and (not query.ids or article_id in query.ids)
        and (not query.slugs or slug in query.slugs)
        and is_within(query, published, changed)
    )
