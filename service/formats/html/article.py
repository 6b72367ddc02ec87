"""The page of one article."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import msgspec
from markupsafe import Markup

from service.formats import SingleArticle
from service.formats.html.linked_data import report
from service.formats.html.page import Head, Picture, render, titled
from service.markup import SITE, on_page
from service.model import Article, Attachment, Image, Site
from service.query import Query
from service.urls import Link, Urls, instant

_DESCRIBED = 300
_SUFFIX = 5  # what is longer is part of a name


class Shown(msgspec.Struct, frozen=True):
    """An attachment as a page shows it: `player` is `audio`, `video` or `image`; None: to be downloaded.

    `kind` is what it is in a word: `PDF`, or its media type where its name does not say.
    """

    attachment: Attachment
    url: str
    name: str
    kind: str
    player: str | None


def render_article(page: SingleArticle, urls: Urls) -> bytes:
    """The page of one article, with what stands beside it."""
    site, article = page.site, page.article
    words = " ".join(article.summary.split())[:_DESCRIBED]
    head = Head(
        title=titled(article.title, site),
        name=article.title,
        feed_title=site.title,
        canonical=urls.canonical(article),
        description=words or article.subtitle,
        kind="article",
        picture=_picture(article.image, urls) if article.image else None,
        links=tuple(_links(article, urls)),
        properties=tuple(_properties(article, site)),
        data=(report(article, site, urls, words),),
    )
    return render(
        "article.html",
        site,
        urls,
        Query(),
        head,
        article=article,
        authors=article.authors or site.authors,
        body=Markup(urls.on_page(on_page(article.content_html))),  # noqa: S704 - made safe by `markup`
        image=None if _shows(article.content_html, article.image) else article.image,
        attachments=[_shown(one, urls) for one in article.attachments],
        companions=page.companions,
    )


def _links(article: Article, urls: Urls) -> Iterator[Link]:
    yield Link("alternate", urls.article_as("json", article.slug), "application/json", article.title)
    yield Link("alternate", urls.article_as("markdown", article.slug), "text/markdown", article.title)
    if article.translations:
        yield Link("alternate", urls.article(article.slug), hreflang=article.language)
    for one in article.translations:
        yield Link("alternate", urls.article(one.slug), hreflang=one.language)


def _properties(article: Article, site: Site) -> Iterator[tuple[str, str]]:
    """The properties of an `article` in OpenGraph."""
    if article.published and not article.published_within:  # which has to be a day
        yield "article:published_time", instant(article.published)
    if article.changed and not (article.published_within and article.changed == article.published):
        yield "article:modified_time", instant(article.changed)
    for author in article.authors or site.authors:
        yield "article:author", author.name
    for tag in article.tags:
        yield "article:tag", tag.name


def _picture(image: Image, urls: Urls) -> Picture:
    return Picture(urls.absolute(image.url), image.alt, image.width, image.height)


def _shows(html: str, image: Image | None) -> bool:
    """Whether the text itself shows the lead image, which then need not stand above it as well."""
    if image is None:
        return False
    marked = f"{SITE}{image.url}" if image.url.startswith("/") else image.url
    return f'src="{marked}"' in html


def _shown(attachment: Attachment, urls: Urls) -> Shown:
    media = attachment.mime_type.partition("/")[0]
    suffix = PurePosixPath(urlsplit(attachment.url).path).suffix[1:]
    return Shown(
        attachment=attachment,
        url=urls.absolute(attachment.url),
        name=attachment.title or attachment.url.rstrip("/").rpartition("/")[2] or attachment.url,
        kind=suffix.upper() if suffix.isalnum() and len(suffix) <= _SUFFIX else attachment.mime_type,
        player=media if media in {"audio", "video", "image"} else None,
    )
