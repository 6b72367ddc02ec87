"""Serialises small XML documents with the standard library."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element


def xml_document(root: Element) -> bytes:
    """Serialise a document, one element a line."""
    ElementTree.indent(root, "")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
