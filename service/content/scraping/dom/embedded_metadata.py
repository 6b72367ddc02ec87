"""Reads the metadata a page gives outside its text: JSON-LD (schema.org), `<time>`, Open Graph, `rel`."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from turbohtml import Element

from service.content.front_matter.values import Entry, as_items
from service.content.scraping.dom.elements import attribute, line_of, text_of

_ARTICLE_TYPES = frozenset(
    """
    Article NewsArticle BlogPosting Report ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle
    ReviewNewsArticle BackgroundNewsArticle TechArticle ScholarlyArticle SocialMediaPosting LiveBlogPosting
    """.split()
)
_META_FIELDS = {
    "article:published_time": "date",
    "og:article:published_time": "date",
    "datepublished": "date",
    "parsely-pub-date": "date",
    "dc.date.issued": "date",
    "article:modified_time": "updated",
    "datemodified": "updated",
    "author": "authors",
    "article:author": "authors",
    "dc.creator": "authors",
    "parsely-author": "authors",
    "og:title": "title",
}
_JSON_LD_FIELDS = {"headline": "title", "datePublished": "date", "dateModified": "updated"}
_ELEMENTS = ("script", "meta", "time", "link")
_DATE_NAMES = ("publish", "modif", "updated", "entry-date")
_LONGEST_JSON_LD = 1_000_000


def read_embedded_metadata(root: Element) -> dict[str, Entry]:
    """The metadata as front-matter entries; of several values of one field, the first."""
    entries: dict[str, Entry] = {}
    cached_text_of = cache(text_of)  # an element may hold many dates
    for element in root.iter_elements(_ELEMENTS):
        for name, value in _read_element(element, cached_text_of):
            if value:
                entries.setdefault(name, Entry(name, line_of(element), value))
    return entries


def _read_element(element: Element, text_of: Callable[[Element], str]) -> Iterator[tuple[str, Any]]:
    if element.tag == "script" and attribute(element, "type").lower() == "application/ld+json":
        yield from _read_json_ld(element.text)
    elif element.tag == "meta":
        key = attribute(element, "property") or attribute(element, "name") or attribute(element, "itemprop")
        name = _META_FIELDS.get(key.lower())
        content = " ".join(attribute(element, "content").split())
        if name and content and not (name == "authors" and "//" in content):
            yield name, [content] if name == "authors" else content
    elif element.tag == "time" and attribute(element, "datetime") and _is_article_date(element, text_of):
        is_updated = (
            "modif" in attribute(element, "itemprop").lower()
            or "updated" in attribute(element, "class").lower()
        )
        yield "updated" if is_updated else "date", attribute(element, "datetime").strip()
    elif element.tag == "link" and attribute(element, "rel").lower() == "canonical":
        yield "canonical", attribute(element, "href").strip()


def _is_article_date(element: Element, text_of: Callable[[Element], str]) -> bool:
    """Whether a `<time>` is named as the date, or stands alone in its element, not in a sentence."""
    names = f"{element.attr('itemprop', '')} {element.attr('class', '')}".lower()
    if "pubdate" in element.attrs or any(name in names for name in _DATE_NAMES):
        return True
    return isinstance(element.parent, Element) and text_of(element.parent) == text_of(element)


def _read_json_ld(source: str) -> Iterator[tuple[str, Any]]:
    """Read the article a JSON-LD block describes (schema.org/Article); invalid JSON yields nothing."""
    if len(source) > _LONGEST_JSON_LD:
        return
    try:
        document = json.loads(source)
    except (ValueError, RecursionError):
        return
    article = next((node for node in _find_nodes(document) if _is_article(node)), None)
    if article is None:
        return
    for key, name in _JSON_LD_FIELDS.items():
        if isinstance(article.get(key), str):
            yield name, " ".join(article[key].split())
    yield "authors", list(_read_author_names(article.get("author")))


def _find_nodes(document: Any) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD document, each followed by those of its `@graph`."""
    for node in as_items(document):
        if isinstance(node, dict):
            yield node
            graph = node.get("@graph")
            yield from (
                (inner for inner in graph if isinstance(inner, dict)) if isinstance(graph, list) else ()
            )


def _is_article(node: dict[str, Any]) -> bool:
    return any(isinstance(kind, str) and kind in _ARTICLE_TYPES for kind in as_items(node.get("@type")))


def _read_author_names(author: Any) -> Iterator[str]:
    for entry in as_items(author):
        name = entry.get("name") if isinstance(entry, dict) else entry
        if isinstance(name, str) and name.strip() and "//" not in name:
            yield " ".join(name.split())
