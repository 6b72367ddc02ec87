"""Finds the element of a page that holds the article: by its name, its class or its share of the text."""

import re
from collections.abc import Iterator

from turbohtml import Element

from service.content.records import Receipt
from service.content.scraping.dom.elements import (
    attribute,
    child_elements,
    holds,
    iterate_elements,
    line_of,
    text_of,
)

_NOISE_ELEMENTS = frozenset(
    """
    script style noscript template nav aside footer form iframe button select input svg dialog menu
    """.split()
)
_SILENT_ELEMENTS = frozenset({"script", "style", "noscript", "template", "svg", "input", "select", "button"})
_NAMED_NOISE_ELEMENTS = frozenset("div section ul ol p span aside header h2 h3 h4 a table dl".split())
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
    """The element that holds the article, and a receipt for each block outside it.

    Blocks of noise within the element are removed from the tree.
    """
    receipts: list[Receipt] = []
    body = root.find("body") or root
    _drop_noise(body, receipts)
    main = _choose_main(body)
    reason = f"stands outside <{main.tag}>, which holds the article"
    receipts += [
        Receipt(line_of(block), text_of(block)[:_LONGEST_RECEIPT], "main", reason)
        for block in _blocks_outside(body, main)
    ]
    return main, receipts


def _drop_noise(body: Element, receipts: list[Receipt]) -> None:
    total = len(text_of(body))
    pending = [body]
    while pending:
        kept = []
        for child in child_elements(pending.pop()):
            if _is_noise(child, total, receipts):
                child.extract()
            else:
                kept.append(child)
        pending.extend(reversed(kept))


def _is_noise(element: Element, total: int, receipts: list[Receipt]) -> bool:
    """Whether a part of a page with `total` characters is noise; add a receipt for its text."""
    if element.tag == "noscript" and element.find("img"):  # a picture for browsers without scripts
        return False
    reason = _explain_noise(element)
    if reason is None or element.tag in _SILENT_ELEMENTS:
        return reason is not None
    text = text_of(element)
    if len(text) > total * _LARGEST_NOISE_SHARE or holds(element, _ARTICLE_MARKS):
        return False
    if text:
        receipts.append(Receipt(line_of(element), text[:_LONGEST_RECEIPT], "page", reason))
    return True


def _explain_noise(element: Element) -> str | None:
    """The reason why the name or an attribute marks an element as noise; None if they do not."""
    if element.tag in _KEPT_ELEMENTS:
        return None
    if element.tag in _NOISE_ELEMENTS and not (element.tag == "iframe" or _is_citation(element)):
        return f"<{element.tag}> is not part of an article"
    role = attribute(element, "role")
    if role.lower() in _NOISE_ROLES:
        return f'role="{role}" is not part of an article'
    if "hidden" in element.attrs or attribute(element, "aria-hidden") == "true":
        return "is hidden from readers"
    if element.tag not in _NAMED_NOISE_ELEMENTS:
        return None
    noise_name = _NOISE_NAME.search(f"{element.attr('class', '')} {element.attr('id', '')}")
    return f"has the class or id {noise_name.group().strip(' -_')!r}" if noise_name else None


def _is_citation(element: Element) -> bool:
    """Whether an element is the footer of a quotation, which says who is quoted."""
    parent = element.parent
    return element.tag == "footer" and isinstance(parent, Element) and parent.tag == "blockquote"


def _choose_main(body: Element) -> Element:
    enough = min(_LEAST_TEXT, len(text_of(body)) * _LEAST_SHARE)
    for matches in (_is_article, _is_main, _has_body_name):
        candidates = [element for element in iterate_elements(body) if matches(element)]
        best = max(candidates, key=lambda element: len(text_of(element)), default=None)
        if best is not None and len(text_of(best)) >= enough:
            return best
    return _find_densest(body)


def _is_article(element: Element) -> bool:
    return element.tag == "article" or attribute(element, "role") == "article"


def _is_main(element: Element) -> bool:
    return element.tag == "main" or attribute(element, "role") == "main"


def _has_body_name(element: Element) -> bool:
    names = " ".join(attribute(element, key) for key in ("class", "id", "itemprop"))
    return bool(_BODY_NAME.search(names))


def _find_densest(body: Element) -> Element:
    """The innermost element that holds most of the text in paragraphs, and the headline."""
    lengths = {paragraph: len(text_of(paragraph)) for paragraph in body.iter_elements("p")}
    total = sum(lengths.values())
    if not total:
        return body
    best = body
    while True:
        shares = {
            child: sum(lengths.get(inner, 0) for inner in iterate_elements(child))
            for child in child_elements(best)
        }
        densest = max(shares, key=shares.__getitem__, default=None)
        if densest is None or shares[densest] < _DENSE_SHARE * total:
            return best
        if densest.tag == "p" or (best.find("h1") and densest.tag != "h1" and not densest.find("h1")):
            return best
        best = densest


def _blocks_outside(body: Element, main: Element) -> Iterator[Element]:
    """The largest elements with text that neither are nor hold the main one."""
    around = {main, *main.ancestors}
    pending = [body]
    while pending and main is not body:
        for child in child_elements(pending.pop()):
            if child is main:
                continue
            if child in around:
                pending.append(child)
            elif text_of(child):
                yield child
