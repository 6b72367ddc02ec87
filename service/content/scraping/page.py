"""The HTML of a scraped page: the article in it, without what stands around it."""

from collections.abc import Iterator

from service.content.records import Receipt
from service.content.scraping.elements import Element, parse_page, write_inner
from service.content.scraping.line_buffer import Line
from service.content.scraping.main_content import choose_main
from service.content.scraping.page_facts import read_facts
from service.content.scraping.read_page import Scraped, work_on
from service.model import Site

_LEAVES_WORDS = """
    p h1 h2 h3 h4 h5 h6 li blockquote figcaption pre td th dt dd caption summary address time
"""
_LEAVES = frozenset(_LEAVES_WORDS.split())
_CONTAINERS_WORDS = """
    article section div main body html ul ol dl table tbody thead tr figure header footer aside nav form
    details hgroup center fieldset blockquote li td th dd
"""
_CONTAINERS = frozenset(_CONTAINERS_WORDS.split())
# The page itself says what these are: no rule for lines is asked.
_FIXED = frozenset({"pre", "table", "figcaption"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def read_page(page: str, body: str, path: str, site: Site) -> Scraped:
    """The article in the HTML of a `page` at `path`, whose body is `body`. Never raises for any `page`.

    Where all of the body is article, it is given back as it stands, headline and all.
    """
    root = parse_page(page)
    facts = read_facts(root)
    main, receipts = choose_main(root)
    leaves = list(_leaves(main))
    lines = [
        Line(number=leaf.line, place=place, text=leaf.text(), heading=_HEADINGS.get(leaf.name, 0))
        for place, leaf in enumerate(leaves)
    ]
    sheet, found = work_on(lines, path, site)
    kept = {line.place: line.text for line in sheet.lines}
    changed = bool(receipts)
    for place, leaf in enumerate(leaves):
        if place not in kept:
            leaf.remove()
            changed = changed or leaf.name != "h1"
        elif kept[place] != lines[place].text:
            leaf.shorten(len(lines[place].text) - len(kept[place]))
            changed = True
    return Scraped(
        html=write_inner(main).strip() if changed else body,
        entries=facts | {name: entry for name, entry in found.entries.items() if name not in facts},
        receipts=tuple(sorted([*receipts, *sheet.receipts], key=_by_line)),
        notes=tuple(sheet.notes),
    )


def _by_line(receipt: Receipt) -> int:
    return receipt.line


def _leaves(element: Element) -> Iterator[Element]:
    """The innermost blocks that hold running text, in order."""
    if element.name in _FIXED:
        return
    inner = [child for child in element.children if isinstance(child, Element)]
    blocks = [
        child for child in inner if child.name in _LEAVES or child.name in _CONTAINERS or child.holds(_LEAVES)
    ]
    if not blocks:
        if element.text():
            yield element
        return
    for child in blocks:
        yield from _leaves(child)
