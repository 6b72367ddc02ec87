"""Sitemaps (sitemaps.org protocol 0.9) with translations, and the news sitemap.

An article with a canonical address elsewhere, or that asks not to be indexed, is in none of them.
"""

from collections.abc import Iterable
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement
from xml.sax.saxutils import escape

from service.formats.robots.indexing import is_in_sitemap
from service.formats.xml_document import xml_document
from service.markup import drop_illegal
from service.model import Article, Site
from service.urls import Urls, rfc3339

MEDIA_TYPE = "application/xml; charset=utf-8"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"

MOST_NEWS = 1000
"""The limit of search engines for one news sitemap."""

# "The language of your publication, an ISO 639 code; for Chinese zh-cn or zh-tw."
_CHINESE = {"Hant": "zh-tw", "TW": "zh-tw", "HK": "zh-tw", "MO": "zh-tw"}


def sitemap(articles: Iterable[Article], urls: Urls, *, lists: Iterable[str] = ()) -> bytes:
    """The address of each article, when it last changed, and the addresses of its translations.

    It begins with the addresses `lists`, without dates: lists change too often.
    """
    root = Element("urlset", {"xmlns": NAMESPACE, "xmlns:xhtml": XHTML})
    for address in lists:
        _add(root, "url", address, None)
    for article in articles:
        if _is_listed(article, urls):
            _add_translations(_add(root, "url", urls.article(article.slug), article.changed), article, urls)
    return xml_document(root)


def sitemap_index(parts: Iterable[tuple[str, datetime | None]], urls: Urls) -> bytes:
    """The addresses of the parts of a large sitemap, by name, and when each last changed."""
    # Written as text, since it may have a thousand entries, and elements take three times as long.
    lines = ["<?xml version='1.0' encoding='utf-8'?>", f'<sitemapindex xmlns="{NAMESPACE}">']
    for name, changed in parts:
        lines += ("<sitemap>", f"<loc>{escape(urls.sitemap(name))}</loc>")
        if changed:
            lines.append(f"<lastmod>{rfc3339(changed)}</lastmod>")
        lines.append("</sitemap>")
    return "\n".join([*lines, "</sitemapindex>", ""]).encode()


def news(articles: Iterable[Article], site: Site, urls: Urls) -> bytes:
    """The news sitemap of recent articles; undated articles are left out."""
    root = Element("urlset", {"xmlns": NAMESPACE, "xmlns:news": NEWS})
    for article in articles:
        if article.published and _is_listed(article, urls):
            news_element = SubElement(
                _add(root, "url", urls.article(article.slug), article.changed), "news:news"
            )
            publication = SubElement(news_element, "news:publication")
            SubElement(publication, "news:name").text = drop_illegal(site.title)
            SubElement(publication, "news:language").text = _news_language(article.language)
            SubElement(news_element, "news:publication_date").text = rfc3339(article.published)
            SubElement(news_element, "news:title").text = drop_illegal(article.title)
    return xml_document(root)


def _is_listed(article: Article, urls: Urls) -> bool:
    return urls.canonical(article) == urls.article(article.slug) and is_in_sitemap(article)


def _add(root: Element, name: str, address: str, changed: datetime | None) -> Element:
    element = SubElement(root, name)
    SubElement(element, "loc").text = address
    if changed:
        SubElement(element, "lastmod").text = rfc3339(changed)
    return element


def _add_translations(element: Element, article: Article, urls: Urls) -> None:
    """Add a link to every language of an article, including its own: entries of translations must agree."""
    if not article.translations:
        return
    own = (article.language, article.slug)
    others = [(other.language, other.slug) for other in article.translations]
    for language, slug in sorted([own, *others]):
        SubElement(element, "xhtml:link", rel="alternate", hreflang=language, href=urls.article(slug))


def _news_language(language: str) -> str:
    primary, *subtags = language.split("-")
    if primary != "zh":
        return primary
    return next((_CHINESE[subtag] for subtag in subtags if subtag in _CHINESE), "zh-cn")
