"""Finds the element of a page that holds the article: by its name, its class or its share of the text."""

import re
from collections.abc import Iterator

from service.content.records import Receipt
from service.content.scraping.dom.elements import Element

_NOISE_ELEMENTS = frozenset(
    """
    script style noscript template nav aside footer form iframe button select input svg dialog menu
    """.split()  # noqa: SIM905 - a table of words
)
_SILENT_ELEMENTS = frozenset({"script", "style", "noscript", "template", "svg", "input", "select", "button"})
_NAMED_NOISE_ELEMENTS = frozenset(
    "div section ul ol p span aside header h2 h3 h4 a table dl".split()  # noqa: SIM905 - a table of words
)
_NOISE_NAME = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|newsletter|signup|sign-up|subscribe|subscription|share|sharing|"
    r"sharedaddy|social|related|recommended|recommendations|comments?|disqus|respond|sidebar|widget|nav|"
    r"navbar|navigation|menu|breadcrumbs?|promo|promotion|advert|advertisement|ads?|sponsored|banner|popup|"
    r"modal|overlay|paywall|footer|masthead|skip|most-read|trending|outbrain|taboola|read-more|more-stories|"
    r"tags|pagination|pager|jp-relatedposts|print-only|toolbar)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NOISE_ROLES = frozenset(
    {"navigation", "complementary", "contentinfo", "banner", "search", "dialog", "alert"}
)
_KEPT_ELEMENTS = frozenset({"html", "body", "main", "article", "h1"})
_ARTICLE_MARKS = frozenset({"h1", "article"})
_BODY_NAME = re.compile(
    r"article-?body|entry-content|post-content|story-body|articlebody|article-content|post-body",
    re.IGNORECASE,
)
_LEAST_TEXT = 200
_LEAST_SHARE = 0.5
_LARGEST_NOISE_SHARE = 0.4
_DENSE_SHARE = 0.8
_LONGEST_RECEIPT = 300


def find_main_content(root: Element) -> tuple[Element, list[Receipt]]:
    """Return the element that holds the article, and a receipt for each block outside it.

    Blocks of noise within the element are removed from the tree.
    """
    receipts: list[Receipt] = []
    body = next((element for element in root.elements() if element.name == "body"), root)
    _drop_noise(body, receipts)
    main = _choose_main(body)
    reason = f"stands outside <{main.name}>, which holds the article"
    receipts += [
        Receipt(block.line, block.text()[:_LONGEST_RECEIPT], "main", reason)
        for block in _blocks_outside(body, main)
    ]
    return main, receipts


def _drop_noise(body: Element, receipts: list[Receipt]) -> None:
    total = len(body.text())
    pending = [body]
    while pending:
        parent = pending.pop()
        kept = [child for child in parent.children if not _is_noise(child, total, receipts)]
        if len(kept) < len(parent.children):
            parent.children = kept
        pending.extend(reversed([child for child in kept if isinstance(child, Element)]))


def _is_noise(child: Element | str, total: int, receipts: list[Receipt]) -> bool:
    """Return whether a part of a page with `total` characters is noise; add a receipt for its text."""
    if isinstance(child, str):
        return False
    reason = _explain_noise(child)
    if reason is None or child.name in _SILENT_ELEMENTS:
        return reason is not None
    text = child.text()
    if len(text) > total * _LARGEST_NOISE_SHARE or child.holds(_ARTICLE_MARKS):
        return False
    if text:
        receipts.append(Receipt(child.line, text[:_LONGEST_RECEIPT], "page", reason))
    return True


def _explain_noise(element: Element) -> str | None:
    """Return the reason why the name or an attribute marks an element as noise; None if they do not."""
    attributes = element.attributes
    if element.name in _KEPT_ELEMENTS:
        return None
    if element.name in _NOISE_ELEMENTS and not (element.name == "iframe" or _is_citation(element)):
        return f"<{element.name}> is no part of an article"
    if attributes.get("role", "").lower() in _NOISE_ROLES:
        return f'role="{attributes["role"]}" is no part of an article'
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return "is hidden from readers"
    if element.name not in _NAMED_NOISE_ELEMENTS:
        return None
    noise_name = _NOISE_NAME.search(f"{attributes.get('class', '')} {attributes.get('id', '')}")
    return f"has the class or id {noise_name.group().strip(' -_')!r}" if noise_name else None


def _is_citation(element: Element) -> bool:
    """Return whether an element is the footer of a quotation, which says who is quoted."""
    return element.name == "footer" and element.parent is not None and element.parent.name == "blockquote"


def _choose_main(body: Element) -> Element:
    enough = min(_LEAST_TEXT, len(body.text()) * _LEAST_SHARE)
    for matches in (_is_article, _is_main, _has_body_name):
        candidates = [element for element in body.elements() if matches(element)]
        best = max(candidates, key=lambda element: len(element.text()), default=None)
        if best is not None and len(best.text()) >= enough:
            return best
    return _find_densest(body)


def _is_article(element: Element) -> bool:
    return element.name == "article" or element.attributes.get("role") == "article"


def _is_main(element: Element) -> bool:
    return element.name == "main" or element.attributes.get("role") == "main"


def _has_body_name(element: Element) -> bool:
    names = " ".join(element.attributes.get(key, "") for key in ("class", "id", "itemprop"))
    return bool(_BODY_NAME.search(names))


def _find_densest(body: Element) -> Element:
    """Return the innermost element that holds most of the text in paragraphs, and the headline."""
    paragraphs = {id(element): len(element.text()) for element in body.elements() if element.name == "p"}
    total = sum(paragraphs.values())
    if not total:
        return body
    best = body
    while True:
        children = [child for child in best.children if isinstance(child, Element)]
        lengths = [sum(paragraphs.get(id(e), 0) for e in child.elements()) for child in children]
        longest = max(lengths, default=0)
        if not children or longest < _DENSE_SHARE * total:
            return best
        densest = children[lengths.index(longest)]
        if densest.name == "p" or (_has_headline(best) and not _has_headline(densest)):
            return best
        best = densest


def _has_headline(element: Element) -> bool:
    return any(inner.name == "h1" for inner in element.elements())


def _blocks_outside(body: Element, main: Element) -> Iterator[Element]:
    """Yield the largest elements with text that neither are nor hold the main one."""
    path = {id(main)}
    ancestor = main.parent
    while ancestor is not None:
        path.add(id(ancestor))
        ancestor = ancestor.parent
    pending = [body]
    while pending and main is not body:
        for child in pending.pop().children:
            if not isinstance(child, Element) or child is main:
                continue
            if id(child) in path:
                pending.append(child)
            elif child.text():
                yield child
