"""Atom and RSS documents, read by feedparser one entry at a time.

feedparser knows the elements of every version of both formats. Elements of other namespaces (`dc:creator`,
`media:content`, `app:control`) are kept as they are: feedparser keeps one of each name and identifies unknown
namespaces by their prefix.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.sax import SAXParseException
from xml.sax.handler import feature_external_ges, feature_namespaces

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser
from feedparser.api import StrictFeedParser  # type: ignore[import-untyped]

from service.errors import ContentError
from service.importing.document import SourceDocument
from service.importing.parsing.xml import DECLARED_ENTITIES, xml_error
from service.importing.parsing.xml_text import XmlPieces

# feedparser's prefixes of the namespaces it reads here: Atom and RSS, content:encoded, XHTML, RDF.
_CORE_PREFIXES = frozenset({"", "content", "xhtml", "rdf"})
_OF_ITEMS = frozenset(
    """
    title link id guid description summary content encoded body author category source enclosure published
    issued pubdate updated modified created rights copyright language
    """.split()
)
_OF_FEEDS = _OF_ITEMS | {"channel", "item", "entry"}
# The elements feedparser reads, by their parents. Elsewhere some of its handlers raise errors, or take the
# title of a picture for the title of its item.
_CORE_ELEMENTS = {
    **dict.fromkeys(("rss", "rdf", "feed", "channel"), _OF_FEEDS),
    **dict.fromkeys(("item", "entry"), _OF_ITEMS),
    "source": frozenset({"title", "link", "id", "author"}),
    "author": frozenset({"name", "uri", "url"}),
}


class FeedDocument(msgspec.Struct, frozen=True):
    """The feed around the entries: feedparser's values, elements of other namespaces, `xml:base`."""

    is_atom: bool
    values: dict[str, Any]
    elements: Element
    base: str


class FeedEntry(msgspec.Struct, frozen=True):
    """An entry or item: feedparser's values, elements of other namespaces, `xml:base` and its own `xml:lang`.

    `base` includes what the entry inherits; it is empty where neither the document nor the caller gives one.
    """

    values: dict[str, Any]
    elements: Element
    base: str
    language: str | None


class _FeedHandler(StrictFeedParser):  # type: ignore[misc]
    """feedparser's SAX handler; finished entries are moved to `finished`, where the caller takes them."""

    sanitize_html = False  # Markdown files are sanitised when they are loaded
    resolve_relative_uris = False

    def __init__(self, base: str) -> None:
        # Without an encoding feedparser does not decode text again that looks like UTF-8 read as Latin-1.
        super().__init__(base, None, None)
        self.finished: list[FeedEntry] = []
        self.root: tuple[str | None, str] | None = None
        self.feed_base = ""
        self.feed_elements = Element("feed")
        self._entry = FeedEntry({}, Element("entry"), "", None)
        self._path: list[str] = []
        self._foreign = TreeBuilder()
        self._foreign_depth = 0
        self._markup_depth = 0

    def startElementNS(self, name: tuple[str | None, str], qname: str, attributes: Any) -> None:  # noqa: N802, ARG002
        local_name = name[1].lower()
        if self._foreign_depth or self._is_foreign(name[0], local_name):
            self._foreign_depth += 1
            self._foreign.start(_tag(name), {_tag(key): value for key, value in attributes.items()})
            return
        if self.incontent:
            self._markup_depth += 1
            self.contentparams["type"] = "application/xhtml+xml"
            named = [(key[1], value) for key, value in attributes.items() if key[0] is None]
            self.handle_data(f"<{name[1]}{self.strattrs(named)}>", escape=0)
            return
        self.root = self.root or name
        self._path.append(local_name)
        super().startElementNS(name, name[1], attributes)

    def endElementNS(self, name: tuple[str | None, str], qname: str) -> None:  # noqa: N802, ARG002
        if self._foreign_depth:
            self._end_foreign(name)
        elif self._markup_depth:
            self._markup_depth -= 1
            if name[1] != "br":  # in HTML `</br>` is a second line break
                self.handle_data(f"</{name[1]}>", escape=0)
        else:
            super().endElementNS(name, name[1])
            self._path.pop()

    def _end_foreign(self, name: tuple[str | None, str]) -> None:
        self._foreign.end(_tag(name))
        self._foreign_depth -= 1
        if self._foreign_depth:
            return
        element = self._foreign.close()
        self._foreign = TreeBuilder()
        if not self.inentry:
            self.feed_elements.append(element)
        elif self._path[-1] in {"item", "entry"}:
            self._entry.elements.append(element)

    def characters(self, text: str) -> None:
        if self._foreign_depth:
            self._foreign.data(text)
        else:
            super().characters(text)

    def resolve_uri(self, uri: str) -> str:
        """The reference unchanged: FieldReader resolves references, and reports those it cannot."""
        return uri

    def push_content(self, tag: str, attributes: dict[str, str], default_type: str, expects: int) -> None:
        if attributes.get("mode") == "escaped":  # Atom 0.3
            default_type = "text/html"
        if attributes.get("type", "").endswith(("+xml", "/xml")):  # RFC 4287 §4.1.3.3, rule 4
            attributes = {**attributes, "type": "xhtml"}
        super().push_content(tag, attributes, default_type, expects)

    def _start_feed(self, attributes: dict[str, str]) -> None:
        super()._start_feed(attributes)
        self.feed_base = self.baseuri

    def _start_link(self, attributes: dict[str, str]) -> None:
        attributes.setdefault("type", "")  # feedparser's default is text/html, for enclosures too
        super()._start_link(attributes)

    def _start_xhtml_body(self, attributes: dict[str, str]) -> None:
        self.hasContent = 1  # feedparser would take a description after it for the text
        super()._start_xhtml_body(attributes)

    def _start_item(self, attributes: dict[str, str]) -> None:
        super()._start_item(attributes)
        self._entry = FeedEntry(self.entries[-1], Element("entry"), self.baseuri, attributes.get("xml:lang"))

    _start_entry = _start_item

    def _end_item(self) -> None:
        super()._end_item()
        self.entries.clear()
        self.property_depth_map.clear()
        # A plain dictionary: feedparser's answers for `updated` with the value of `published`.
        self.finished.append(msgspec.structs.replace(self._entry, values=dict(self._entry.values)))

    _end_entry = _end_item

    def _sync_author_detail(self, key: str = "author") -> None:
        """Keep RSS's `author` as written: feedparser's pattern for mail addresses cuts into names."""
        context = self._get_context()
        if people := context.get(f"{key}s"):
            people[-1].setdefault("name", context.get(key, ""))

    def _is_foreign(self, namespace: str | None, local_name: str) -> bool:
        if not self._path or self.incontent:
            return False
        if local_name not in _CORE_ELEMENTS.get(self._path[-1], ()):
            return True
        is_core = self._matchnamespaces.get((namespace or "").lower()) in _CORE_PREFIXES
        return not (is_core or (self.root and namespace == self.root[0]))


def read_document(document: SourceDocument) -> FeedDocument:
    """The feed without its entries, as far as the document can be read."""
    handler = _FeedHandler("")
    with suppress(ContentError):  # reading the entries raises it again
        for _ in _parse(document, handler):
            pass
    is_atom = handler.root is not None and handler.root[1] == "feed"
    return FeedDocument(is_atom, dict(handler.feeddata), handler.feed_elements, handler.feed_base)


def read_entries(document: SourceDocument, base: str) -> Iterator[FeedEntry]:
    """The entries in order, each as soon as it ends; `base` is the address of the document.

    Raises ContentError if the document is truncated, not well-formed, or declares entities, or if an entry
    is too large.
    """
    return _parse(document, _FeedHandler(base))


def _parse(document: SourceDocument, handler: _FeedHandler) -> Iterator[FeedEntry]:
    parser: Any = create_parser(forbid_external=False)  # the DTD of RSS 0.91 may be named; it is not fetched
    parser.setFeature(feature_namespaces, True)
    parser.setFeature(feature_external_ges, False)
    parser.setContentHandler(handler)
    parser.setErrorHandler(handler)

    def position() -> tuple[int, int]:
        expat = parser._parser
        return (expat.CurrentByteIndex, expat.CurrentLineNumber) if expat else (0, 1)

    error: ContentError | None = None
    with XmlPieces(document, position) as pieces:
        while not error:
            piece = pieces.read()
            try:
                parser.feed(piece) if piece else parser.close()
            except SAXParseException as fault:
                line, column = fault.getLineNumber() or 1, fault.getColumnNumber() or 0
                error = xml_error(line, column, fault.getMessage())
            except DefusedXmlException:
                error = ContentError(1, DECLARED_ENTITIES)
            if handler.finished:
                yield from handler.finished
                handler.finished.clear()
                pieces.begin_entry()
            if not piece:
                break
    if error:
        raise error


def _tag(name: tuple[str | None, str]) -> str:
    return f"{{{name[0]}}}{name[1]}" if name[0] else name[1]
