"""Where in a page the article is: what stands around it is known by its element, its name or its links."""

import re

from service.content.records import Receipt
from service.content.scraping.dom.elements import Element

_NOISE_WORDS = """
    script style noscript template nav aside footer form iframe button select input svg dialog menu
"""
_NOISE = frozenset(_NOISE_WORDS.split())
_SILENT_WORDS = """
    script style noscript template svg input select button
"""
_SILENT = frozenset(_SILENT_WORDS.split())
_NOISE_NAME = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|newsletter|signup|sign-up|subscribe|subscription|share|sharing|"
    r"sharedaddy|social|related|"
    r"recommended|recommendations|comments?|disqus|respond|sidebar|widget|nav|navbar|navigation|menu|"
    r"breadcrumbs?|promo|promotion|"
    r"advert|advertisement|ads?|sponsored|banner|popup|modal|overlay|paywall|footer|masthead|skip|"
    r"most-read|trending|outbrain|taboola|"
    r"read-more|more-stories|tags|pagination|pager|jp-relatedposts|print-only|toolbar)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NOISE_ROLE = frozenset({"navigation", "complementary", "contentinfo", "banner", "search", "dialog", "alert"})
_KEPT = frozenset({"html", "body", "main", "article", "h1"})
_BODY_NAME = re.compile(
    r"article-?body|entry-content|post-content|story-body|articlebody|article-content|post-body",
    re.IGNORECASE,
)
_LEAST = 200
_ENOUGH = 0.5
_MOST_IN_PROSE = 0.4


def find_main_content(root: Element) -> tuple[Element, list[Receipt]]:
    """The element that holds the article, cleared of noise, and a receipt for each block that was let go."""
    receipts: list[Receipt] = []
    body = next((element for element in root.elements() if element.name == "body"), root)
    _drop_noise(body, receipts)
    main = _chosen(body)
    if main is not body:
        receipts += [
            Receipt(
                block.line,
                block.text()[:300],
                "main",
                f"stands outside <{main.name}>, which holds the article",
            )
            for block in _outside(body, main)
        ]
    return main, receipts


def _drop_noise(body: Element, receipts: list[Receipt]) -> None:
    total = len(body.text())
    waiting = [body]
    while waiting:
        parent = waiting.pop()
        kept = [child for child in parent.children if not _is_noise(child, total, receipts)]
        if len(kept) < len(parent.children):
            parent.children = kept
        waiting.extend(reversed([child for child in kept if isinstance(child, Element)]))


def _is_noise(child: Element | str, total: int, receipts: list[Receipt]) -> bool:
    """Whether a part of a page with `total` characters is no part of the article; a receipt of its text."""
    why = _noise(child) if isinstance(child, Element) else None
    if why is None or isinstance(child, str):
        return False
    if child.name in _SILENT:
        return True
    text = child.text()
    if len(text) > total * _MOST_IN_PROSE or child.holds(frozenset({"h1", "article"})):
        return False
    if text:
        receipts.append(Receipt(child.line, text[:300], "page", why))
    return True


def _noise(element: Element) -> str | None:
    if element.name in _KEPT:
        return None
    if element.name in _NOISE and not (element.name == "iframe" or _in_article_header(element)):
        return f"<{element.name}> is no part of an article"
    if element.attributes.get("role", "").lower() in _NOISE_ROLE:
        return f'role="{element.attributes["role"]}" is no part of an article'
    if "hidden" in element.attributes or element.attributes.get("aria-hidden") == "true":
        return "is hidden from readers"
    named = f"{element.attributes.get('class', '')} {element.attributes.get('id', '')}"
    found = _NOISE_NAME.search(named) if named.strip() else None
    if found and element.name in {
        "div",
        "section",
        "ul",
        "ol",
        "p",
        "span",
        "aside",
        "header",
        "h2",
        "h3",
        "h4",
        "a",
        "table",
        "dl",
    }:
        return f"is called {found.group().strip(' -_')!r}"
    return None


def _in_article_header(element: Element) -> bool:
    """A footer of a quotation belongs to it: it says who is quoted."""
    return element.name == "footer" and element.parent is not None and element.parent.name == "blockquote"


def _chosen(body: Element) -> Element:
    total = len(body.text())
    for fits in (_is_article, _is_main, _is_named):
        found = [element for element in body.elements() if fits(element)]
        best = max(found, key=lambda element: len(element.text()), default=None)
        if best is not None and _tells(best, total):
            return best
    return _densest(body)


def _tells(element: Element, total: int) -> bool:
    return len(element.text()) >= min(_LEAST, total * _ENOUGH)


def _is_article(element: Element) -> bool:
    return element.name == "article" or element.attributes.get("role") == "article"


def _is_main(element: Element) -> bool:
    return element.name == "main" or element.attributes.get("role") == "main"


def _is_named(element: Element) -> bool:
    named = " ".join(element.attributes.get(key, "") for key in ("class", "id", "itemprop"))
    return bool(_BODY_NAME.search(named))


def _densest(body: Element) -> Element:
    """The innermost element that holds most of the text in paragraphs; the headline must be in it."""
    paragraphs = {id(element): len(element.text()) for element in body.elements() if element.name == "p"}
    total = sum(paragraphs.values())
    if not total:
        return body
    best = body
    while True:
        inner = [child for child in best.children if isinstance(child, Element)]
        weights = [sum(paragraphs.get(id(e), 0) for e in child.elements()) for child in inner]
        top = max(weights, default=0)
        if not inner or top < 0.8 * total or inner[weights.index(top)].name == "p":
            return best
        chosen = inner[weights.index(top)]
        if any(e.name == "h1" for e in best.elements()) and not any(
            e.name == "h1" for e in chosen.elements()
        ):
            return best
        best = chosen


def _outside(body: Element, main: Element) -> list[Element]:
    """The largest elements that do not hold the chosen one, and have words."""
    path = {id(main)}
    above = main.parent
    while above is not None:
        path.add(id(above))
        above = above.parent
    found: list[Element] = []
    waiting = [body]
    while waiting:
        element = waiting.pop()
        for child in element.children:
            if isinstance(child, Element) and child is not main:
                if id(child) in path:
                    waiting.append(child)
                elif child.text():
                    found.append(child)
    return found
