"""Reads the HTML of a scraped page: the article in it, without the elements around it."""

from collections.abc import Iterator

from turbohtml import Element

from service.content.scraping.dom.elements import (
    child_elements,
    holds,
    line_of,
    parse_page,
    remove_element,
    remove_start,
    text_of,
)
from service.content.scraping.dom.embedded_metadata import read_embedded_metadata
from service.content.scraping.dom.main_content import find_main_content
from service.content.scraping.extraction import ScrapedArticle, extract_article
from service.content.scraping.lines.line_buffer import Line
from service.model import Site

_TEXT_BLOCKS = frozenset(
    """
    p h1 h2 h3 h4 h5 h6 li blockquote figcaption pre td th dt dd caption summary address time
    """.split()
)
_CONTAINERS = frozenset(
    """
    article section div main body html ul ol dl table tbody thead tr figure header footer aside nav form
    details hgroup center fieldset blockquote li td th dd
    """.split()
)
# The page itself marks what these hold, so no rule for lines applies to them.
_MARKED = frozenset({"pre", "table", "figcaption"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def read_page(page: str, body: str, path: str, site: Site) -> ScrapedArticle:
    """The article in the HTML of a `page` at `path`, whose body is `body`.

    Never raises for any `page`. If the whole body is the article, it is returned unchanged, headline
    included.
    """
    root = parse_page(page)
    embedded = read_embedded_metadata(root)
    main, receipts = find_main_content(root)
    blocks = list(_find_text_blocks(main))
    lines = [
        Line(
            number=line_of(block), position=position, text=text_of(block), heading=_HEADINGS.get(block.tag, 0)
        )
        for position, block in enumerate(blocks)
    ]
    extracted = extract_article(lines, path, site)
    kept = {line.position: line.text for line in extracted.lines}
    changed = bool(receipts)
    for line, block in zip(lines, blocks, strict=True):
        rest = kept.get(line.position)
        if rest is None:
            remove_element(block, main)
            changed = changed or block.tag != "h1"
        elif rest != line.text:
            remove_start(block, len(line.text) - len(rest))
            changed = True
    return ScrapedArticle(
        html=main.inner_html.strip() if changed else body,
        entries=embedded | {name: entry for name, entry in extracted.entries.items() if name not in embedded},
        receipts=tuple(sorted([*receipts, *extracted.receipts], key=lambda receipt: receipt.line)),
        notes=extracted.notes,
    )


def _find_text_blocks(element: Element) -> Iterator[Element]:
    """The innermost blocks that hold text, in order."""
    if element.tag in _MARKED:
        return
    blocks = [
        child
        for child in child_elements(element)
        if child.tag in _TEXT_BLOCKS or child.tag in _CONTAINERS or holds(child, _TEXT_BLOCKS)
    ]
    if not blocks and text_of(element):
        yield element
    for child in blocks:
        yield from _find_text_blocks(child)
