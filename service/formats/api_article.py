"""ARTICLE, the JSON object of one article in the API, with the descriptions and examples of OpenAPI."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from service.content.identity.slugs import name_slug
from service.model import Article
from service.query import Content, RelatedArticles
from service.urls import Urls, rfc3339

Instant = Annotated[
    str,
    Meta(
        description="RFC 3339, in UTC.",
        examples=["2019-01-28T00:00:00Z"],
        extra_json_schema={"format": "date-time"},
    ),
]
Address = Annotated[str, Meta(description="An absolute URL.", extra_json_schema={"format": "uri-reference"})]
Slug = Annotated[str, Meta(description="Its name in queries and addresses.", examples=["iraq"])]
Language = Annotated[str, Meta(description="A language tag (RFC 5646).", examples=["en"])]


class AuthorOut(msgspec.Struct, frozen=True):
    """Who wrote: `url` is their own page."""

    name: Annotated[str, Meta(examples=["Ada Osei"])]
    slug: Slug
    url: Address | None


class TagOut(msgspec.Struct, frozen=True):
    """A subject: `slug` is what a query names."""

    name: Annotated[str, Meta(examples=["Iraq"])]
    slug: Slug


class SeriesOut(msgspec.Struct, frozen=True):
    """A series of articles: `slug` is what a query names."""

    name: Annotated[str, Meta(examples=["Harbours"])]
    slug: Slug


class SourceOut(msgspec.Struct, frozen=True):
    """The publication an article reports on: the publisher, and its headline, byline, date and address."""

    name: Annotated[str, Meta(examples=["Rudaw"])]
    slug: Slug
    url: Address | None
    title: str | None
    author: str | None
    published: Instant | None


class ImageOut(msgspec.Struct, frozen=True):
    """The lead image; width and height in pixels."""

    url: Address
    alt: str | None
    width: int | None
    height: int | None


class AttachmentOut(msgspec.Struct, frozen=True):
    """A file that goes with an article; length in bytes, duration in seconds."""

    url: Address
    mime_type: Annotated[str, Meta(examples=["audio/mpeg"])]
    length: int | None
    title: str | None
    duration: int | None


class TranslationOut(msgspec.Struct, frozen=True):
    """The same article in another language."""

    language: Language
    url: Address


class FormatsOut(msgspec.Struct, frozen=True):
    """The addresses of one article, one for each representation."""

    html: Address
    json: Address
    markdown: Address


class ArticleOut(msgspec.Struct, frozen=True):
    """One article. Every field is always there; one without a value is null or an empty list."""

    id: Annotated[
        str,
        Meta(
            description="Permanent, and the same in every feed.",
            examples=["tag:example.org,2026:en/harbour-opens"],
        ),
    ]
    slug: Annotated[str, Meta(description="The last part of its address.", examples=["harbour-opens"])]
    url: Annotated[Address, Meta(description="The permalink, the address people share.")]
    title: Annotated[str, Meta(description="Plain text.", examples=["The harbour opens again"])]
    title_derived: Annotated[bool, Meta(description="True where the title was made from the text.")]
    subtitle: str | None
    summary: Annotated[str | None, Meta(description="Plain text; null with content=none.")]
    content_html: Annotated[
        str | None, Meta(description="Safe HTML with absolute links; null unless content=full.")
    ]
    content_text: Annotated[
        str | None, Meta(description="The same without markup; null unless content=full.")
    ]
    authors: tuple[AuthorOut, ...]
    published: Annotated[Instant | None, Meta(description="Null where the article is undated.")]
    updated: Instant | None
    language: Language
    tags: tuple[TagOut, ...]
    series: SeriesOut | None
    series_order: Annotated[int | float | None, Meta(description="Its place in the series, if given.")]
    featured: Annotated[bool, Meta(description="True where the article is marked to be highlighted.")]
    source: SourceOut | None
    dateline: Annotated[str | None, Meta(description="Where it was written.", examples=["BAGHDAD"])]
    image: ImageOut | None
    attachments: tuple[AttachmentOut, ...]
    canonical: Annotated[Address | None, Meta(description="Where it was first published, if elsewhere.")]
    rights: str | None
    correction: Annotated[str | None, Meta(description="What was corrected since publication.")]
    translations: tuple[TranslationOut, ...]
    word_count: int
    reading_minutes: int
    formats: FormatsOut
    extra: Annotated[dict[str, Any], Meta(description="Every other front-matter key, as given.")]


class ArticleLink(msgspec.Struct, frozen=True):
    """Another article, to link to."""

    slug: str
    url: Address
    title: str
    published: Instant | None


class Neighbours(msgspec.Struct, frozen=True):
    """The articles published next, in the order of the site: null where there is none."""

    newer: ArticleLink | None
    older: ArticleLink | None


class SingleArticleOut(ArticleOut, frozen=True):
    """What `fields` may select of one article at its own address: also links to other articles."""

    neighbours: Neighbours
    related: Annotated[
        tuple[ArticleLink, ...], Meta(description="Those that share rare tags with it come first.")
    ]


ARTICLE_FIELDS: tuple[str, ...] = ArticleOut.__struct_fields__
"""What `fields` may name on lists, in the order of the response."""

SINGLE_ARTICLE_FIELDS: tuple[str, ...] = SingleArticleOut.__struct_fields__
"""What `fields` may name for one article, in the order of the response."""

RELATED_FIELDS = frozenset(SINGLE_ARTICLE_FIELDS) - frozenset(ARTICLE_FIELDS)
"""The fields that are made from other articles, so only where they are requested."""


def article_out(article: Article, urls: Urls, content: Content = "full") -> ArticleOut:
    """ARTICLE of `article`; `content` selects its summary and text."""
    return ArticleOut(
        id=article.id,
        slug=article.slug.strip("/"),
        url=urls.article(article.slug),
        title=article.title,
        title_derived=article.title_derived,
        subtitle=article.subtitle,
        summary=article.summary if content != "none" else None,
        content_html=urls.content_html(article) if content == "full" else None,
        content_text=article.content_text if content == "full" else None,
        authors=tuple(
            AuthorOut(author.name, author.slug, _url(author.url, urls)) for author in article.authors
        ),
        published=_date_time(article.published),
        updated=_date_time(article.updated or article.published),
        language=article.language,
        tags=tuple(TagOut(tag.name, tag.slug) for tag in article.tags),
        series=SeriesOut(article.series, name_slug(article.series)) if article.series else None,
        series_order=article.series_order,
        featured=article.featured,
        source=_source(article, urls),
        dateline=article.dateline,
        image=_image(article, urls),
        attachments=tuple(
            AttachmentOut(urls.absolute(item.url), item.mime_type, item.length, item.title, item.duration)
            for item in article.attachments
        ),
        canonical=_url(article.canonical, urls),
        rights=article.rights,
        correction=article.correction,
        translations=tuple(
            TranslationOut(other.language, urls.article(other.slug)) for other in article.translations
        ),
        word_count=article.word_count,
        reading_minutes=article.reading_minutes,
        formats=FormatsOut(
            html=urls.article_as("html", article.slug),
            json=urls.article_as("json", article.slug),
            markdown=urls.article_as("markdown", article.slug),
        ),
        extra=article.extra,
    )


def select_fields(article: ArticleOut, fields: tuple[str, ...]) -> ArticleOut | dict[str, Any]:
    """Only `fields` of `article`, in the order of ARTICLE; the whole article if `fields` is empty."""
    if not fields:
        return article
    return {name: getattr(article, name) for name in article.__struct_fields__ if name in fields}


def single_article_out(article: Article, context: RelatedArticles, urls: Urls) -> SingleArticleOut:
    """ARTICLE of `article`, and links to the articles of its `context`."""
    return SingleArticleOut(
        **msgspec.structs.asdict(article_out(article, urls)),
        neighbours=Neighbours(
            newer=_link(context.newer, urls) if context.newer else None,
            older=_link(context.older, urls) if context.older else None,
        ),
        related=tuple(_link(related, urls) for related in context.related),
    )


def _link(article: Article, urls: Urls) -> ArticleLink:
    return ArticleLink(article.slug, urls.article(article.slug), article.title, _date_time(article.published))


def _source(article: Article, urls: Urls) -> SourceOut | None:
    source = article.source
    if source is None:
        return None
    return SourceOut(
        name=source.name,
        slug=source.slug,
        url=_url(source.url, urls),
        title=source.title,
        author=source.author,
        published=_date_time(source.published),
    )


def _image(article: Article, urls: Urls) -> ImageOut | None:
    image = article.image
    if image is None:
        return None
    return ImageOut(urls.absolute(image.url), image.alt, image.width, image.height)


def _url(reference: str | None, urls: Urls) -> str | None:
    return urls.absolute(reference) if reference else None


def _date_time(moment: datetime | None) -> str | None:
    return rfc3339(moment) if moment else None
