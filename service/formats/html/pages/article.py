"""The page of one article, or of a page that is not an article."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import msgspec
from markupsafe import Markup

from service.formats import SingleArticle
from service.formats.date_precision import write_date
from service.formats.html.linked_data import article_data, page_data
from service.formats.html.page import Data, Head, render, titled
from service.formats.robots.indexing import is_indexed
from service.markup import SITE
from service.markup.served_text.page_html import adapt_to_page
from service.model import Article, Attachment, Image, Site
from service.query import Query
from service.urls import Link, Urls

_MAX_DESCRIPTION = 300
_MAX_SUFFIX = 5  # a longer one is part of the name


class ShownAttachment(msgspec.Struct, frozen=True):
    """An attachment on a page: `player` is `audio`, `video`, `image` or, for a download, None.

    `kind` is the suffix of its name in upper case (`PDF`), or its media type if it has none.
    """

    attachment: Attachment
    url: str
    name: str
    kind: str
    player: str | None


def render_article(page: SingleArticle, urls: Urls) -> bytes:
    """The page of one article, with links to its neighbours and related articles."""
    site, article, picture = page.site, page.article, page.article.image
    description = " ".join(article.summary.split())[:_MAX_DESCRIPTION]
    head = Head(
        title=titled(article.title, site),
        name=article.title,
        feed_title=site.title,
        canonical=urls.canonical(article),
        description=description or article.subtitle,
        indexed=is_indexed(article),
        kind="website" if article.is_page else "article",
        picture=picture and msgspec.structs.replace(picture, url=urls.absolute(picture.url)),
        links=tuple(_links(article, urls)),
        properties=() if article.is_page else tuple(_properties(article, site)),
        data=(_data(article, site, urls, description),),
    )
    return render(
        "page.html" if article.is_page else "article.html",
        site,
        urls,
        Query(),
        head,
        page.navigation,
        article=article,
        authors=article.authors or site.authors,
        body=Markup(urls.on_page(adapt_to_page(article.content_html))),  # noqa: S704 - made safe by `markup`
        image=None if _contains_image(article.content_html, article.image) else article.image,
        attachments=[_shown_attachment(attachment, urls) for attachment in article.attachments],
        related_articles=page.related_articles,
    )


def _data(article: Article, site: Site, urls: Urls, description: str) -> Data:
    if article.is_page:
        return page_data(article, site, urls, description)
    return article_data(article, site, urls, description)


def _links(article: Article, urls: Urls) -> Iterator[Link]:
    yield Link("alternate", urls.article_as("json", article.slug), "application/json", article.title)
    yield Link("alternate", urls.article_as("markdown", article.slug), "text/markdown", article.title)
    if article.translations:
        yield Link("alternate", urls.article(article.slug), hreflang=article.language)
    for other in article.translations:
        yield Link("alternate", urls.article(other.slug), hreflang=other.language)


def _properties(article: Article, site: Site) -> Iterator[tuple[str, str]]:
    """The properties of an `article` in OpenGraph."""
    dates = (
        ("published", article.published, article.published_within),
        ("modified", article.changed, article.changed_within),
    )
    for name, moment, within in dates:
        if moment and within in (None, "day"):  # OpenGraph has no years and months
            yield f"article:{name}_time", write_date(moment, within, site)
    for author in article.authors or site.authors:
        yield "article:author", author.name
    for tag in article.tags:
        yield "article:tag", tag.name


def _contains_image(html: str, image: Image | None) -> bool:
    """Whether the text contains the lead image, which is then not shown above it."""
    if image is None:
        return False
    marked = f"{SITE}{image.url}" if image.url.startswith("/") else image.url
    return f'src="{marked}"' in html


def _shown_attachment(attachment: Attachment, urls: Urls) -> ShownAttachment:
    media = attachment.mime_type.partition("/")[0]
    file_name = PurePosixPath(urlsplit(attachment.url).path).name
    readable = unquote(file_name)
    if not readable.isprintable() or "\ufffd" in readable:
        readable = file_name
    suffix = PurePosixPath(file_name).suffix[1:]
    return ShownAttachment(
        attachment=attachment,
        url=urls.absolute(attachment.url),
        name=attachment.title or readable or attachment.url,
        kind=suffix.upper() if suffix.isalnum() and len(suffix) <= _MAX_SUFFIX else attachment.mime_type,
        player=media if media in {"audio", "video", "image"} else None,
    )
