"""JSON-LD (schema.org): the facts of a page for search engines. Properties without a value are omitted."""

from typing import Any

from service.formats.date_precision import write_date
from service.formats.html.page import Data
from service.model import Article, Attachment, Author, Image, Site, Source
from service.urls import Urls

_CONTEXT = "https://schema.org"
_MAX_HEADLINE = 110  # search engines reject longer ones
_MEDIA = {"audio": "AudioObject", "video": "VideoObject", "image": "ImageObject"}


def website(site: Site, urls: Urls) -> Data:
    """The site and its search."""
    template = f"{urls.search()}?q={{search_term_string}}"
    return _with_values(
        {"@context": _CONTEXT} | _website(site, urls),
        description=site.description,
        inLanguage=site.language,
        publisher=_publisher(site, urls),
        potentialAction={
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": template},
            "query-input": "required name=search_term_string",
        },
    )


def collection(name: str, url: str, site: Site, urls: Urls) -> Data:
    """A list of articles, or a directory."""
    return _with_values(
        {"@context": _CONTEXT, "@type": "CollectionPage"},
        name=name,
        url=url,
        inLanguage=site.language,
        isPartOf=_website(site, urls),
    )


def article_data(article: Article, site: Site, urls: Urls, description: str) -> Data:
    """An article: a NewsArticle if it has a dateline or a source, else an Article."""
    is_news = bool(article.dateline or article.source)
    authors = [_person(author, urls) for author in article.authors or site.authors]
    return _with_values(
        {"@context": _CONTEXT, "@type": "NewsArticle" if is_news else "Article"},
        headline=article.title[:_MAX_HEADLINE],
        alternativeHeadline=article.subtitle,
        description=description,
        url=urls.article(article.slug),
        mainEntityOfPage=urls.canonical(article),
        identifier=article.id,
        datePublished=article.published and write_date(article.published, article.published_within, site),
        dateModified=article.changed and write_date(article.changed, article.changed_within, site),
        inLanguage=article.language,
        author=authors or [_publisher(site, urls)],
        publisher=_publisher(site, urls),
        image=article.image and _image(article.image, urls),
        keywords=[tag.name for tag in article.tags],
        wordCount=article.word_count,
        dateline=article.dateline,
        isBasedOn=article.source and _source(article.source, site, urls),
        correction=article.correction and {"@type": "CorrectionComment", "text": article.correction},
        copyrightNotice=article.rights or site.rights,
        associatedMedia=[_media(attachment, urls) for attachment in article.attachments],
        workTranslation=[
            {"@type": "Article", "url": urls.article(other.slug), "inLanguage": other.language}
            for other in article.translations
        ],
        isPartOf=_website(site, urls),
        isAccessibleForFree=True,
    )


def page_data(page: Article, site: Site, urls: Urls, description: str) -> Data:
    """A page that is not an article."""
    return _with_values(
        {"@context": _CONTEXT, "@type": "WebPage"},
        name=page.title,
        description=description,
        url=urls.article(page.slug),
        dateModified=page.changed and write_date(page.changed, page.changed_within, site),
        inLanguage=page.language,
        publisher=_publisher(site, urls),
        primaryImageOfPage=page.image and _image(page.image, urls),
        workTranslation=[
            {"@type": "WebPage", "url": urls.article(other.slug), "inLanguage": other.language}
            for other in page.translations
        ],
        isPartOf=_website(site, urls),
    )


def _website(site: Site, urls: Urls) -> Data:
    return {"@type": "WebSite", "@id": f"{urls.home()}#website", "name": site.title, "url": urls.home()}


def _publisher(site: Site, urls: Urls) -> Data:
    picture = site.logo or site.icon
    return _with_values(
        {"@type": "Organization"},
        name=site.title,
        url=urls.home(),
        logo=picture and {"@type": "ImageObject", "url": urls.absolute(picture)},
    )


def _person(author: Author, urls: Urls) -> Data:
    url = urls.absolute(author.url) if author.url else None
    return _with_values({"@type": "Person"}, name=author.name, url=url)


def _source(source: Source, site: Site, urls: Urls) -> Data:
    return _with_values(
        {"@type": "CreativeWork"},
        headline=source.title,
        url=source.url and urls.absolute(source.url),
        author=source.author and {"@type": "Person", "name": source.author},
        datePublished=source.published and write_date(source.published, source.published_within, site),
        publisher={"@type": "Organization", "name": source.name},
    )


def _image(image: Image, urls: Urls) -> Data:
    return _with_values(
        {"@type": "ImageObject"},
        url=urls.absolute(image.url),
        caption=image.alt,
        width=image.width,
        height=image.height,
    )


def _media(attachment: Attachment, urls: Urls) -> Data:
    kind = attachment.mime_type.partition("/")[0]
    return _with_values(
        {"@type": _MEDIA.get(kind, "MediaObject")},
        name=attachment.title,
        contentUrl=urls.absolute(attachment.url),
        encodingFormat=attachment.mime_type,
        contentSize=attachment.length and str(attachment.length),
        duration=attachment.duration and f"PT{attachment.duration}S",
    )


def _with_values(data: Data, **properties: Any) -> Data:
    """`data` with those of `properties` that have a value."""
    return data | {name: value for name, value in properties.items() if value not in (None, "", [], 0)}
