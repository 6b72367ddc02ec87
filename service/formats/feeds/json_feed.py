"""JSON Feed 1.1 (jsonfeed.org/version/1.1). Fields without a value are omitted; `_broadsheet` extends it."""

from typing import Any

import msgspec

from service.formats import Format, Listing
from service.formats.feeds.feed import (
    bylines,
    content_html,
    html_address,
    hubs,
    language_of,
    published,
    publishers,
    updated,
)
from service.formats.titles import title_of
from service.model import FORMAT_DESCRIPTIONS, Article, Attachment, Author, Site
from service.query import Content, Tombstone
from service.urls import Urls, rfc3339

VERSION = "https://jsonfeed.org/version/1.1"


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str
    url: str | None = None


class Hub(msgspec.Struct, frozen=True):
    type: str
    url: str


class FeedAttachment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A related resource: its type is required, the size is in bytes, the duration in seconds."""

    url: str
    mime_type: str
    title: str | None = None
    size_in_bytes: int | None = None
    duration_in_seconds: int | None = None


class Item(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An article: `id` is required, and so is one of `content_html` and `content_text`."""

    id: str
    url: str
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    image: str | None = None
    date_published: str
    date_modified: str
    authors: tuple[Person, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    attachments: tuple[FeedAttachment, ...] = ()
    broadsheet: dict[str, Any] = msgspec.field(name="_broadsheet", default_factory=dict)


class Deleted(msgspec.Struct, frozen=True):
    """An article that was withdrawn or has expired: its id, since when, and why."""

    id: str
    when: str
    reason: str


class Extension(msgspec.Struct, frozen=True, omit_defaults=True):
    """What JSON Feed has no field for: `about` says where it is explained."""

    about: str
    deleted: tuple[Deleted, ...] = ()


class Feed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The whole document: `version`, `title` and `items` are required; `next_url` is never `feed_url`."""

    version: str
    title: str
    home_page_url: str
    feed_url: str
    description: str | None = None
    next_url: str | None = None
    icon: str | None = None
    favicon: str | None = None
    authors: tuple[Person, ...] = ()
    language: str | None = None
    hubs: tuple[Hub, ...] = ()
    broadsheet: Extension = msgspec.field(name="_broadsheet")
    items: list[Item]


def render_listing(listing: Listing, urls: Urls) -> bytes:
    """A feed object with an item for each article of the page, in its order."""
    site, query, page = listing.site, listing.query, listing.page
    icon = urls.absolute(site.icon) if site.icon else None
    return msgspec.json.encode(
        Feed(
            version=VERSION,
            title=title_of(site, query, page.names),
            home_page_url=html_address(query, urls),
            # The address of the subscription on every page; JSON Feed has no field for that of the page.
            feed_url=urls.listing("jsonfeed", query),
            description=site.description or None,
            next_url=urls.next_page("jsonfeed", query, page),
            icon=icon,
            favicon=icon,
            authors=_people(publishers(site), urls),
            language=site.language,
            hubs=tuple(Hub("WebSub", hub) for hub in hubs(listing)),
            broadsheet=Extension(urls.at("/openapi.json"), tuple(map(_deleted, page.tombstones))),
            items=[_item(article, site, urls, query.content) for article in page.articles],
        )
    )


def _deleted(tombstone: Tombstone) -> Deleted:
    return Deleted(tombstone.id, rfc3339(tombstone.at), tombstone.reason)


def _item(article: Article, site: Site, urls: Urls, content: Content) -> Item:
    summary = article.summary if content != "none" else None
    whole = content_html(article, urls) if content == "full" else None
    return Item(
        id=article.id,
        url=urls.article(article.slug),
        external_url=urls.absolute(article.source.url) if article.source and article.source.url else None,
        title=article.title or None,
        content_html=whole or None,
        content_text=None if whole else article.summary or article.title,
        summary=summary or None,
        image=urls.absolute(article.image.url) if article.image else None,
        date_published=rfc3339(published(article, site)),
        date_modified=rfc3339(updated(article, site)),
        authors=_people(bylines(article, site), urls),
        tags=tuple(tag.name for tag in article.tags),
        language=language_of(article, site),
        attachments=tuple(_attachment(attachment, urls) for attachment in article.attachments),
        broadsheet=_extension(article, urls),
    )


def _extension(article: Article, urls: Urls) -> dict[str, Any]:
    """Properties JSON Feed has no field for, with the names and types of the API."""
    source, image = article.source, article.image
    fields: dict[str, Any] = {
        "subtitle": article.subtitle,
        "dateline": article.dateline,
        "source": source
        and _without_empty(
            name=source.name,
            title=source.title,
            author=source.author,
            published=rfc3339(source.published) if source.published else None,
            feed=source.feed and urls.absolute(source.feed),
        ),
        "image": image and _without_empty(alt=image.alt, width=image.width, height=image.height),
        "series": article.series,
        "featured": article.featured,
        "canonical": article.canonical and urls.absolute(article.canonical),
        "rights": article.rights,
        "correction": article.correction,
        "translations": [
            {"language": other.language, "url": urls.article(other.slug)} for other in article.translations
        ],
        "word_count": article.word_count,
        "reading_minutes": article.reading_minutes,
        "extra": article.extra,
    }
    order = {} if article.series_order is None else {"series_order": article.series_order}
    return _without_empty(**fields) | order


def _without_empty(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _people(authors: tuple[Author, ...], urls: Urls) -> tuple[Person, ...]:
    return tuple(Person(author.name, urls.absolute(author.url) if author.url else None) for author in authors)


def _attachment(attachment: Attachment, urls: Urls) -> FeedAttachment:
    return FeedAttachment(
        urls.absolute(attachment.url),
        attachment.mime_type,
        attachment.title,
        attachment.length,
        attachment.duration,
    )


JSON_FEED = Format(description=FORMAT_DESCRIPTIONS["jsonfeed"], listing=render_listing)
