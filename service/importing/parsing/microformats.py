"""Pages marked up with microformats2: the one `h-entry` of a page as front matter and HTML.

Properties are read as the parsing specification (https://microformats.org/wiki/microformats2-parsing) says,
as far as `h-entry` uses them. Those of a nested microformat, such as a comment, are not its own.
"""

import html
from collections.abc import Iterator
from itertools import islice

import msgspec
from turbohtml import Document, Element, parse

from service.markup import resolve

_TEXT_ATTRIBUTES = {
    "abbr": "title",
    "link": "title",
    "data": "value",
    "input": "value",
    "img": "alt",
    "area": "alt",
}
_ADDRESS_ATTRIBUTES = {
    "a": "href",
    "area": "href",
    "link": "href",
    "img": "src",
    "audio": "src",
    "video": "src",
    "source": "src",
    "iframe": "src",
    "object": "data",
    "data": "value",
    "input": "value",
    "abbr": "title",
}
_TIME_ATTRIBUTES = {"time": "datetime", "ins": "datetime", "del": "datetime", **_TEXT_ATTRIBUTES}


_MEDIA = {"u-photo": "img", "u-video": "video", "u-audio": "audio"}
_REACTIONS = ("p-comment", "u-comment", "p-like", "u-like", "p-repost", "u-repost")


class EntryAuthor(msgspec.Struct, frozen=True):
    name: str
    url: str | None


class HEntry(msgspec.Struct, frozen=True):
    """An `h-entry`; `content` is HTML, dates are as written, addresses absolute or as given.

    `reactions` counts the comments, likes and reposts that the page shows below it.
    """

    content: str
    name: str | None = None
    summary: str | None = None
    authors: tuple[EntryAuthor, ...] = ()
    published: str | None = None
    updated: str | None = None
    uid: str | None = None
    url: str | None = None
    canonical: str | None = None
    image: str | None = None
    categories: tuple[str, ...] = ()
    in_reply_to: str | None = None
    reactions: int = 0


def read_entry(page: str) -> HEntry | None:
    """The entry of a page; None if no entry has a text, or if there are several, as in a list."""
    if "h-entry" not in page:
        return None
    document = parse(page)
    entries = list(islice(_entries(document), 2))
    return _entry(entries[0], document) if len(entries) == 1 else None


def _entry(entry: Element, document: Document) -> HEntry | None:
    properties: dict[str, list[Element]] = {}
    for element in _own_elements(entry):
        for class_name in _classes(element):
            properties.setdefault(class_name, []).append(element)
    if "e-content" not in properties:
        return None
    content = properties["e-content"][0]
    base = _base(document)

    def text(name: str) -> str | None:
        return next(filter(None, (_text(element) for element in properties.get(name, []))), None)

    def address(*names: str) -> str | None:
        addresses = (_address(element, base) for name in names for element in properties.get(name, []))
        return next(filter(None, addresses), None)

    def instant(name: str) -> str | None:
        return next(filter(None, (_instant(element) for element in properties.get(name, []))), None)

    name = text("p-name")
    return HEntry(
        content=_media_around(properties, content, base) + content.inner_html,
        # A short note repeats its whole text as its name.
        name=None if name == " ".join(content.text.split()) else name,
        summary=text("p-summary"),
        authors=tuple(_authors(properties.get("p-author", []), base)),
        published=instant("dt-published"),
        updated=instant("dt-updated"),
        uid=address("u-uid"),
        url=address("u-url"),
        canonical=address("u-canonical", "p-canonical"),
        image=address("u-featured"),
        categories=tuple(dict.fromkeys(filter(None, map(_text, properties.get("p-category", []))))),
        in_reply_to=address("u-in-reply-to"),
        reactions=sum(len(properties.get(class_name, [])) for class_name in _REACTIONS),
    )


def _media_around(properties: dict[str, list[Element]], content: Element, base: str) -> str:
    """The images, audio and video of the entry that are not in its text, as HTML."""
    shown = content.inner_html
    media = []
    for class_name, tag in _MEDIA.items():
        for element in properties.get(class_name, []):
            reference = _attribute(element, _ADDRESS_ATTRIBUTES.get(element.tag))
            address = _address(element, base) or reference
            if reference is None or address is None or html.escape(reference) in shown:
                continue
            url = html.escape(address)
            alt = html.escape(_attribute(element, "alt") or "")
            media.append(
                f'<p><img src="{url}" alt="{alt}"></p>'
                if tag == "img"
                else f'<p><{tag} src="{url}" controls></{tag}></p>'
            )
    return "".join(dict.fromkeys(media))


def _own_elements(root: Element) -> Iterator[Element]:
    """The elements below `root` in document order, without those of nested microformats."""
    waiting = [child for child in root.children if isinstance(child, Element)][::-1]
    while waiting:
        element = waiting.pop()
        yield element
        if not any(name.startswith("h-") for name in _classes(element)):
            waiting += [child for child in element.children if isinstance(child, Element)][::-1]


def _entries(document: Document) -> Iterator[Element]:
    """The entries of a page that are not nested in another entry or citation, as comments are."""
    waiting = [child for child in document.children if isinstance(child, Element)][::-1]
    while waiting:
        element = waiting.pop()
        names = _classes(element)
        if "h-entry" in names:
            yield element
        elif "h-cite" not in names:
            waiting += [child for child in element.children if isinstance(child, Element)][::-1]


def _classes(element: Element) -> list[str]:
    names = element.attrs.get("class") or []
    return names.split() if isinstance(names, str) else list(names)


def _attribute(element: Element, name: str | None) -> str | None:
    value = element.attrs.get(name) if name else None
    return value.strip() or None if isinstance(value, str) else None


def _text(element: Element) -> str | None:
    """A `p-` property as one line (§ "parsing a p- property")."""
    written = _attribute(element, _TEXT_ATTRIBUTES.get(element.tag)) or element.text
    return " ".join(written.split()) or None


def _instant(element: Element) -> str | None:
    """A `dt-` property; parts marked `value` are joined (value class pattern)."""
    values = [part for part in element.select(".value") if part is not element]
    parts = [_attribute(part, _TIME_ATTRIBUTES.get(part.tag)) or part.text.strip() for part in values]
    written = " ".join(parts) or _attribute(element, _TIME_ATTRIBUTES.get(element.tag)) or element.text
    return " ".join(written.split()) or None


def _address(element: Element, base: str) -> str | None:
    """A `u-` property, resolved; of a citation (`h-cite`) its own address."""
    if any(name.startswith("h-") for name in _classes(element)) and not _attribute(element, "href"):
        inner = next(iter(element.select(".u-url")), None)
        return _address(inner, base) if inner else None
    written = _attribute(element, _ADDRESS_ATTRIBUTES.get(element.tag)) or " ".join(element.text.split())
    address = resolve(written, base) if written else None
    return address if address and address.startswith(("http://", "https://")) else None


def _authors(elements: list[Element], base: str) -> Iterator[EntryAuthor]:
    for element in elements:
        name = next(iter(element.select(".p-name")), element)
        link = next(iter(element.select(".u-url")), element)
        if written := _text(name):
            yield EntryAuthor(written, _address(link, base) if _has_address(link) else None)


def _has_address(element: Element) -> bool:
    return _attribute(element, _ADDRESS_ATTRIBUTES.get(element.tag)) is not None


def _base(document: Document) -> str:
    """The base of relative addresses: `base`, or the canonical address of the page."""
    for selector in ("base[href]", 'link[rel="canonical"][href]'):
        for element in document.select(selector):
            if address := _attribute(element, "href"):
                return address
    return ""
