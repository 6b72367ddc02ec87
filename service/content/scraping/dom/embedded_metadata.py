"""What a page says of its article outside its text: JSON-LD (schema.org), `<time>`, Open Graph, `rel`."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from service.content.parsing.values import Entry
from service.content.scraping.dom.elements import Element

_KINDS = frozenset(
    """
    Article NewsArticle BlogPosting Report ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle
    ReviewNewsArticle BackgroundNewsArticle TechArticle ScholarlyArticle SocialMediaPosting LiveBlogPosting
    """.split()  # noqa: SIM905 - a table of words
)
_META = {
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
_LONGEST = 1_000_000


def read_embedded_metadata(root: Element) -> dict[str, Entry]:
    """The facts as front matter would say them; what is no text in them is left."""
    facts: dict[str, Entry] = {}
    text_of = cache(Element.text)  # of an element that holds many dates only once
    for element in root.elements():
        for name, value in _facts_of(element, text_of):
            if value:
                facts.setdefault(name, Entry(name, element.line, value))
    return facts


def _facts_of(element: Element, text_of: Callable[[Element], str]) -> Iterator[tuple[str, Any]]:
    given = element.attributes
    if element.name == "script" and given.get("type", "").lower() == "application/ld+json":
        source = "".join(child for child in element.children if isinstance(child, str))
        yield from _linked(source)
    elif element.name == "meta":
        name = _META.get(given.get("property", given.get("name", given.get("itemprop", ""))).lower())
        content = " ".join(given.get("content", "").split())
        if name and content and not (name == "authors" and "//" in content):
            yield name, [content] if name == "authors" else content
    elif element.name == "time" and given.get("datetime") and _is_date_of_article(element, text_of):
        updated = "modif" in given.get("itemprop", "").lower() or "updated" in given.get("class", "").lower()
        yield "updated" if updated else "date", given["datetime"].strip()
    elif element.name == "link" and given.get("rel", "").lower() == "canonical":
        yield "canonical", given.get("href", "").strip()


def _is_date_of_article(element: Element, text_of: Callable[[Element], str]) -> bool:
    """A `<time>` that says so, or that stands alone in its element; one in a sentence does not count."""
    said = f"{element.attributes.get('itemprop', '')} {element.attributes.get('class', '')}".lower()
    if "pubdate" in element.attributes or any(
        word in said for word in ("publish", "modif", "updated", "entry-date")
    ):
        return True
    return element.parent is not None and text_of(element.parent) == text_of(element)


def _linked(source: str) -> Iterator[tuple[str, Any]]:
    """The article a JSON-LD block describes (schema.org/Article); a broken block says nothing."""
    if len(source) > _LONGEST:
        return
    try:
        described = json.loads(source)
    except (ValueError, RecursionError):
        return
    for thing in _things(described):
        kinds = thing.get("@type")
        if not _KINDS & set(kinds if isinstance(kinds, list) else [kinds] if isinstance(kinds, str) else []):
            continue
        for key, name in (("headline", "title"), ("datePublished", "date"), ("dateModified", "updated")):
            if isinstance(thing.get(key), str):
                yield name, " ".join(thing[key].split())
        names = list(_names(thing.get("author")))
        if names:
            yield "authors", names
        return


def _things(described: Any) -> Iterator[dict[str, Any]]:
    for one in described if isinstance(described, list) else [described]:
        if isinstance(one, dict):
            yield one
            graph = one.get("@graph")
            yield from (
                thing for thing in (graph if isinstance(graph, list) else []) if isinstance(thing, dict)
            )


def _names(author: Any) -> Iterator[str]:
    for one in author if isinstance(author, list) else [author]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str) and name.strip() and "//" not in name:
            yield " ".join(name.split())
