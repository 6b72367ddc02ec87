"""XML as the rules see it: parsed once, without entities or network. The one place of lint that uses lxml."""

from typing import Any

from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
XML = "http://www.w3.org/XML/1998/namespace"

Element = Any
"""An element as lxml gives it."""


def parse(body: bytes) -> Element | str:
    """The root of a document, or why it is not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        return f"the document is not well-formed XML: {error}"


def children(element: Element) -> list[Element]:
    """The elements directly below `element`, without comments and instructions."""
    return [child for child in element if isinstance(child.tag, str)]


def text_of(element: Element | None) -> str:
    """All text in an element; "" for none."""
    return "" if element is None else "".join(element.itertext())


def address_of(links: list[Element], rel: str) -> str | None:
    """Where the first of these links with this `rel` leads; None where there is none."""
    return next(
        (str(link.get("href")) for link in links if link.get("rel") == rel and link.get("href")), None
    )


def size_of(element: Element) -> int:
    """How many bytes an element takes."""
    return len(etree.tostring(element, encoding="utf-8", with_tail=False))


def name_of(element: Element) -> str:
    """The local name, as a message shows it."""
    return str(etree.QName(element).localname)
