"""XML of unknown origin, read element by element: entities are rejected, errors have a line."""

import codecs
import html.entities
import io
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from service.errors import ContentError
from service.markup import drop_illegal

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]{0,200}?\?>")
_ENCODING = re.compile(rb"^\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s/>])[^>]*>?")
# A section or comment that is never closed extends to the end, where the parser reports it.
_ENTITY = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&([A-Za-z][A-Za-z0-9]*);|&(?!#|[A-Za-z][\w]*;)", re.DOTALL
)
_XML_ENTITIES = frozenset({"lt", "gt", "amp", "quot", "apos"})

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
"""What we call a namespace, whatever its prefix in a document; WordPress has one for each version."""
_WORDPRESS = re.compile(r"https?://wordpress\.org/export/[\d.]+/(excerpt/)?")


class _GrowingReads(io.BytesIO):
    """Bytes that are read in pieces of at least a 16th of what was read before.

    Expat before 2.6 reads a tag that is cut off again from its start with each piece. With pieces of one size
    the time for a long tag grows with the square of its length.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        least = self.tell() // 16
        return super().read(max(size, least) if size and size > 0 else size)


def to_text(data: bytes) -> str:
    """The document as text: by its byte order mark, its declaration, UTF-8, or else Windows-1252."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return drop_illegal(data[len(mark) :].decode(encoding, "replace"))
    declared = _ENCODING.match(data)
    names = [declared.group(1).decode()] if declared else []
    for name in [*names, "utf-8"]:
        try:
            return drop_illegal(data.decode(name))
        except (LookupError, UnicodeError):
            continue
    return drop_illegal(data.decode("cp1252", "replace"))


def root_name(text: str) -> str | None:
    """The local name of the first element (`rss`, `feed`, `RDF`, `html`); None where there is none."""
    rest = text[:20_000]
    while True:
        rest = rest.lstrip("\ufeff \t\r\n")
        passed = re.match(
            r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^\[>]|\[[^\]]*\])*>", rest, re.DOTALL | re.IGNORECASE
        )
        if not passed:
            break
        rest = rest[passed.end() :]
    match = _ROOT.match(rest)
    return match.group(2) if match else None


def elements(text: str, within: frozenset[str]) -> Iterator[tuple[str, Element]]:
    """Each child of an element named in `within`, with its prefixed name; it is freed after use.

    Raises ContentError if the document is truncated, not well-formed, or declares entities.
    """
    above: list[Element] = []
    try:
        for event, element in iterparse(open_document(text), events=("start", "end"), forbid_entities=True):
            if event == "start":
                above.append(element)
                continue
            above.pop()
            if above and prefixed_name(above[-1]) in within:
                yield prefixed_name(element), element
                above[-1].remove(element)
    except ParseError as error:
        line, column = error.position
        raise xml_error(line, column, str(error).partition(":")[0]) from None
    except DefusedXmlException:
        raise ContentError(1, DECLARED_ENTITIES) from None


def open_document(text: str) -> io.BytesIO:
    """The document in UTF-8 for an XML parser: entities of HTML as characters, bare `&` escaped."""
    return _GrowingReads(_escape_entities(_DECLARATION.sub("", text, count=1)).encode())


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


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its name, `xml:lang` by its prefixed name."""
    if name.startswith("xml:"):
        name = f"{{http://www.w3.org/XML/1998/namespace}}{name[4:]}"
    return element.get(name)


def _escape_entities(text: str) -> str:
    """Entities of HTML (`&nbsp;`) as characters, a bare `&` escaped: feeds often contain both."""

    def replace(match: re.Match[str]) -> str:
        whole, name = match.group(), match.group(1)
        if whole == "&":
            return "&amp;"
        if name is None or name in _XML_ENTITIES:
            return whole
        return html.entities.html5.get(f"{name};", f"&amp;{name};")

    return _ENTITY.sub(replace, text)
