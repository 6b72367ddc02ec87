"""JSON-LD (schema.org): the same facts as the page, for search engines.

Only what is known is said; a fact that is absent is left out.
"""

from datetime import datetime
from typing import Any

from service.formats.date_precision import stated
from service.formats.html.page import Data
from service.model import Article, Attachment, Author, Image, Site, Source
from service.urls import LISTING_PATHS, Urls

_CONTEXT = "https://schema.org"
_LONGEST_HEADLINE = 110  # beyond that search engines refuse one
_MEDIA = {"audio": "AudioObject", "video": "VideoObject", "image": "ImageObject"}


def website(site: Site, urls: Urls) -> Data:
    """The site, and how it is searched."""
    template = f"{urls.at(LISTING_PATHS['html'])}?q={{search_term_string}}"
    return _known(
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
    """A list of articles, or of what there are articles about."""
    return _known(
        {"@context": _CONTEXT, "@type": "CollectionPage"},
        name=name,
        url=url,
        inLanguage=site.language,
        isPartOf=_website(site, urls),
    )


def report(article: Article, site: Site, urls: Urls, words: str) -> Data:
    """An article: a NewsArticle where it reports from a place or on a publication, else an Article."""
    news = bool(article.dateline or article.source)
    authors = [_person(one, urls) for one in article.authors or site.authors]
    return _known(
        {"@context": _CONTEXT, "@type": "NewsArticle" if news else "Article"},
        headline=article.title[:_LONGEST_HEADLINE],
        alternativeHeadline=article.subtitle,
        description=words,
        url=urls.article(article.slug),
        mainEntityOfPage=urls.canonical(article),
        identifier=article.id,
        datePublished=article.published and stated(article.published, article.published_within, site),
        dateModified=article.changed and _modified(article, article.changed, site),
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
        associatedMedia=[_media(one, urls) for one in article.attachments],
        workTranslation=[
            {"@type": "Article", "url": urls.article(one.slug), "inLanguage": one.language}
            for one in article.translations
        ],
        isPartOf=_website(site, urls),
        isAccessibleForFree=True,
    )


def _website(site: Site, urls: Urls) -> Data:
    return {"@type": "WebSite", "@id": f"{urls.home()}#website", "name": site.title, "url": urls.home()}


def _publisher(site: Site, urls: Urls) -> Data:
    picture = site.logo or site.icon
    return _known(
        {"@type": "Organization"},
        name=site.title,
        url=urls.home(),
        logo=picture and {"@type": "ImageObject", "url": urls.absolute(picture)},
    )


def _person(author: Author, urls: Urls) -> Data:
    url = urls.absolute(author.url) if author.url else None
    return _known({"@type": "Person"}, name=author.name, url=url)


def _modified(article: Article, changed: datetime, site: Site) -> str:
    return stated(changed, article.published_within if changed == article.published else None, site)


def _source(source: Source, site: Site, urls: Urls) -> Data:
    return _known(
        {"@type": "CreativeWork"},
        headline=source.title,
        url=source.url and urls.absolute(source.url),
        author=source.author and {"@type": "Person", "name": source.author},
        datePublished=source.published and stated(source.published, source.published_within, site),
        publisher={"@type": "Organization", "name": source.name},
    )


def _image(image: Image, urls: Urls) -> Data:
    return _known(
        {"@type": "ImageObject"},
        url=urls.absolute(image.url),
        caption=image.alt,
        width=image.width,
        height=image.height,
    )


def _media(attachment: Attachment, urls: Urls) -> Data:
    kind = attachment.mime_type.partition("/")[0]
    return _known(
        {"@type": _MEDIA.get(kind, "MediaObject")},
        name=attachment.title,
        contentUrl=urls.absolute(attachment.url),
        encodingFormat=attachment.mime_type,
        contentSize=attachment.length and str(attachment.length),
        duration=attachment.duration and f"PT{attachment.duration}S",
    )


def _known(kind: Data, **facts: Any) -> Data:
    return kind | {name: fact for name, fact in facts.items() if fact not in (None, "", [], 0)}
