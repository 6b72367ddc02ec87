"""The events that a difference between two revisions makes, and the bodies of requests about them."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from service.index import ArticleDrop, ArticlePut, Difference
from service.query import Query, TermKey, matches_terms
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


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the difference; `change` is None for that of the revision as a whole."""

    name: EventName
    difference: Difference
    change: ArticlePut | ArticleDrop | None = None

    @property
    def id(self) -> str:
        """The `webhook-id`: equal for every attempt, and for no other event.

        The generation is part of it because a revision repeats when a change is undone, and then the same
        text withdrawn once more is another event.
        """
        change = self.change
        identity = (
            self.name,
            change.id if change else "",
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
    for put in difference.put:
        name: EventName = "published" if put.etag_before is None else "updated"
        yield Event(name=name, difference=difference, change=put)
    for drop in difference.drop:
        yield Event(name=drop.reason, difference=difference, change=drop)
    yield Event(name="revision", difference=difference)


def is_wanted(webhook: Webhook, event: Event) -> bool:
    """Whether `webhook` asks for `event`: its query finds the article before or after the change."""
    if event.name not in webhook.events:
        return False
    query, difference = webhook.query, event.difference
    if event.change is not None:
        return _concerns(query, event.change)
    return (
        query == Query()
        or any(_concerns(query, put) for put in difference.put)
        or any(_concerns(query, drop) for drop in difference.drop)
    )


def encode_body(webhook: Webhook, event: Event, base: str) -> bytes:
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
            matches=_finds_after(webhook.query, change),
            revision=difference.articles,
        )
    return msgspec.json.encode(EventBody(TYPES[event.name], format_instant(difference.recorded_at), data))


def format_instant(seconds: int) -> str:
    """Seconds since 1970 as an instant of RFC 3339, in UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _concerns(query: Query, change: ArticlePut | ArticleDrop) -> bool:
    return _finds_before(query, change) or _finds_after(query, change)


def _finds_after(query: Query, change: ArticlePut | ArticleDrop) -> bool:
    return isinstance(change, ArticlePut) and _finds(query, change.id, change.slug, change.terms)


def _finds_before(query: Query, change: ArticlePut | ArticleDrop) -> bool:
    slug = change.slug_before if isinstance(change, ArticlePut) else change.slug
    return slug is not None and _finds(query, change.id, slug, change.terms_before)


def _finds(query: Query, article_id: str, slug: str, terms: tuple[TermKey, ...]) -> bool:
    return (
        matches_terms(query, terms)
        and (not query.ids or article_id in query.ids)
        and (not query.slugs or slug in query.slugs)
    )
