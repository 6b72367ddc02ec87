"""Small XML documents of our own, written by the standard library."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element


def xml_document(root: Element) -> bytes:
    """A whole document, an element a line."""
    ElementTree.indent(root, "")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
