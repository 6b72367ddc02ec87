"""Replaces footnotes in HTML, whichever program rendered them, with those of Markdown."""

import re
from typing import Any

import msgspec
from bs4 import BeautifulSoup, Tag

_NOTE_ELEMENTS = frozenset({"li", "p", "div", "aside"})
_HOLDERS = ["section", "div", "ol", "ul", "aside"]
_REFERENCE = "\ue020{}\ue021"


class Footnote(msgspec.Struct, frozen=True):
    """One note: its label, the element with its text, and the text of its links back, which are removed."""

    label: str
    element: Any
    back_text: str = ""


def take_footnotes(soup: BeautifulSoup) -> tuple[Footnote, ...]:
    """Remove the notes from the document, and leave a placeholder for `insert_references` at each reference.

    A note is an element that a link leads to, and that leads back to this link. It may be that the link back
    itself is what the link leads to, and stands in the note. Anything else is left.
    """
    by_id = {str(element["id"]): element for element in soup.find_all(id=True)}
    notes: dict[str, Footnote] = {}
    for link in soup.find_all("a", href=re.compile("^#.")):
        if link.decomposed:
            continue  # it was a link back
        name = str(link["href"])[1:]
        if name in notes:
            _replace(link, notes[name].label)
            continue
        element = by_id.get(name)
        if element is not None and element.name == "a":
            element = element.parent
        back_links = _back_links(element, link) if element is not None else []
        if element is None or not back_links or link in element.descendants:
            continue
        back_text = "".join(back_link.get_text() for back_link in back_links)
        for back_link in back_links:
            back_link.decompose()
        notes[name] = Footnote(str(len(notes) + 1), element, back_text)
        _replace(link, notes[name].label)
    for note in notes.values():
        _remove_with_holders(note.element)
    return tuple(notes.values())


def insert_references(text: str) -> str:
    """Replace the placeholders in Markdown with references to notes."""
    return re.sub("\ue020(\\d+)\ue021", r"[^\1]", text)


def format_definition(note: Footnote, text: str) -> str:
    """The definition of the note in Markdown; all lines but the first are indented."""
    first, *rest = text.strip("\n").split("\n")
    return "\n".join([f"[^{note.label}]: {first}", *(f"    {line}" if line else "" for line in rest)])


def _back_links(element: Tag, link: Tag) -> list[Tag]:
    if element.name not in _NOTE_ELEMENTS:
        return []
    around = (tag for tag in (link, *link.parents) if isinstance(tag, Tag) and tag.get("id"))
    here = {str(tag["id"]) for tag in around}
    links = element.find_all("a", href=re.compile("^#."))
    # A note with several references has as many links back: `#fnref-1`, `#fnref-1-2`.
    back = [back_link for back_link in links if str(back_link["href"])[1:] in here]
    addresses = {str(back_link["href"]) for back_link in back}
    return [
        back_link
        for back_link in links
        if any(str(back_link["href"]).startswith(address) for address in addresses)
    ]


def _replace(link: Tag, label: str) -> None:
    around = link.parent
    if around is None or around.name != "sup" or around.get_text().strip() != link.get_text().strip():
        around = link
    around.replace_with(_REFERENCE.format(label))


def _remove_with_holders(element: Tag) -> None:
    """Remove the element, and each ancestor that contained nothing but notes."""
    holder = element.parent
    element.extract()
    while holder is not None and holder.name in _HOLDERS and not holder.get_text().strip():
        above = holder.parent
        if above is None or above.parent is None:
            break
        before = holder.find_previous_sibling()
        if before is not None and before.name == "hr" and not _text_between(before, holder):
            before.decompose()
        holder.decompose()
        holder = above


def _text_between(first: Tag, second: Tag) -> str:
    text = ""
    for node in first.next_siblings:
        if node is second:
            break
        text += node.get_text()
    return text.strip()
