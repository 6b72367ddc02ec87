"""XML of unknown origin and any size, read element by element: entities are rejected, errors have a line."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, iterparse

from service.errors import ContentError
from service.importing.document import SourceDocument
from service.importing.parsing.xml_text import XmlPieces

DECLARED_ENTITIES = "the XML declares entities, which are not allowed; remove its DOCTYPE"

PREFIXES = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://www.w3.org/2007/app": "app",
    "http://purl.org/atom/app#": "app",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://schemas.google.com/blogger/2018": "blogger",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://purl.org/atompub/tombstones/1.0": "at",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
"""Our prefix of each namespace, whatever its prefix in a document; WordPress has one for each version."""
_WORDPRESS = re.compile(r"https?://wordpress\.org/export/[\d.]+/(excerpt/)?")


def elements(document: SourceDocument, within: frozenset[str]) -> Iterator[tuple[str, Element]]:
    """Each child of an element named in `within`, with its prefixed name; it is freed after use.

    Raises ContentError if the document is truncated, not well-formed, or declares entities, or if such a
    child is too large.
    """
    above: list[Element] = []
    parser = DefusedXMLParser(forbid_entities=True)
    expat = parser.parser
    with XmlPieces(document, lambda: (expat.CurrentByteIndex, expat.CurrentLineNumber)) as pieces:
        try:
            for event, element in iterparse(pieces, events=("start", "end"), parser=parser):
                if event == "start":
                    above.append(element)
                    continue
                above.pop()
                if above and prefixed_name(above[-1]) in within:
                    yield prefixed_name(element), element
                    above[-1].remove(element)
                    pieces.begin_entry()
        except ParseError as error:
            line, column = error.position
            raise xml_error(line, column, str(error).partition(":")[0]) from None
        except DefusedXmlException:
            raise ContentError(1, DECLARED_ENTITIES) from None


def xml_error(line: int, column: int, reason: str) -> ContentError:
    """The error for XML that is not well formed; `column` counts from 0."""
    return ContentError(line, f"the XML ends early or is malformed here (column {column + 1}): {reason}")


def prefixed_name(element: Element) -> str:
    """`dc:creator` for an element in a known namespace, else its local name."""
    tag = str(element.tag)
    if not tag.startswith("{"):
        return tag
    space, _, local = tag[1:].partition("}")
    wordpress = _WORDPRESS.fullmatch(space)
    prefix = PREFIXES.get(space, "") if not wordpress else "excerpt" if wordpress.group(1) else "wp"
    return f"{prefix}:{local}" if prefix else local


def children(element: Element, *names: str) -> list[Element]:
    return [child for child in element if prefixed_name(child) in names]


def texts(element: Element, name: str) -> list[str]:
    """The non-empty texts of all children of that name."""
    written = ("".join(child.itertext()).strip() for child in children(element, name))
    return [text for text in written if text]


def first_text(element: Element, *names: str) -> str | None:
    """The text of the first child called the first of `names` that has any."""
    for name in names:
        if written := texts(element, name):
            return written[0]
    return None
