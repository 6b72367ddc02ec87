"""Content of pictures and objects where neither scripts nor plugins run, as in a feed."""

import re
from collections.abc import Iterator

from turbohtml import Element, Node, Text

from service.markup.references import EMBEDDED_PICTURE

_LAZY_SOURCES = tuple(
    """
    data-src data-lazy-src data-original data-original-src data-orig-src data-lazy data-lazyload lazysrc
    data-actualsrc data-cfsrc data-ezsrc data-pagespeed-lazy-src data-echo data-hi-res-src data-full-src
    data-image data-real-src data-runner-src data-nitro-lazy-src data-opt-src data-flickity-lazyload
    data-splide-lazy data-url data-img-src data-src-img
    """.split()
)
_LAZY_SRCSETS = tuple(
    """
    data-srcset data-lazy-srcset data-original-set data-ezsrcset data-splide-lazy-srcset
    """.split()
)
_FALLBACKS = frozenset({"img", "video", "audio", "embed", "object", "iframe"})
_AROUND = frozenset({"a", "picture", "span", "div", "figure"})
_PLACEHOLDER = re.compile(
    r"\s*(?:data:.*|about:blank|javascript:.*|#.*|"
    r"(?:[^?#]*/)?[^/?#]*(?<![a-z])(?:blank|placeholder|spacer|transparent|pixel|1x1|lazy|lazyload|loading|loader|"
    r"empty|clear|grey|gray|dummy)(?![a-z])[^/?#]*\.(?:gif|png|svg|jpe?g|webp)(?:[?#].*)?)?\s*",
    re.IGNORECASE | re.DOTALL,
)
# Scripts show a small picture until the true one is loaded; these have at most about 1,500 characters.
_LONGEST_PREVIEW = 2_000
_LAZY_CLASS = re.compile(r"(?:^|[\s_-])lazy", re.IGNORECASE)
_NO_ADDRESS = re.compile(r"\s*(?:[{\[].*)?", re.DOTALL)
_SOURCED = ("img", "source", "video", "audio")


def show_media_fallbacks(tree: Element) -> None:
    """Give lazily loaded pictures of an unsafe tree their addresses, and turn what plugins show into links.

    The address in `data-src` and the like takes the place of an absent one and of a placeholder. A picture
    that is repeated for browsers without scripts stays once. An `<object>` shows its content (HTML §4.8.7).
    """
    for element in [source for source in tree.iter_elements(_SOURCED) if _may_be_lazy(source)]:
        is_lazy = _show_lazy(element)
        if element.tag == "img" and (is_lazy or _is_placeholder(element)):
            _remove_repeated(element)
    for element in list(tree.iter_elements(("object", "embed"))):
        address = element.attr("data") or element.attr("src")
        if element.text.strip() or any(inner.tag in _FALLBACKS for inner in element.iter_elements()):
            _unwrap_object(element)
        elif address:
            element.replace_with(_link(address, element.attr("title") or address))


def _may_be_lazy(element: Element) -> bool:
    """Whether a script may give `element` an address: it has none of its own, or data for a script."""
    source = element.attr("src")
    if not source or source.isspace() or source.lstrip()[:5].lower() == "data:":
        return True
    return any(name.startswith("data-") or name == "lazysrc" for name in element.attrs)


def _show_lazy(element: Element) -> bool:
    """Give `element` the address that a script would give it; whether there is one."""
    attributes = element.attrs
    source = _first(element, _LAZY_SOURCES)
    srcset = _first(element, _LAZY_SRCSETS)
    if not (source or srcset):
        return False
    shows_placeholder = _is_placeholder(element) or bool(_LAZY_CLASS.search(element.attr("class") or ""))
    if source and shows_placeholder:
        attributes["src"] = source
    if srcset and (shows_placeholder or not element.attr("srcset")):
        attributes["srcset"] = srcset
        if not source and shows_placeholder and element.tag == "img":
            attributes["src"] = srcset.split()[0].rstrip(",")
    return shows_placeholder


def _first(element: Element, names: tuple[str, ...]) -> str:
    values = (element.attr(name) or "" for name in names)
    return next((value for value in values if not _NO_ADDRESS.fullmatch(value)), "")


def _is_placeholder(element: Element) -> bool:
    source = element.attr("src") or ""
    if len(source) > _LONGEST_PREVIEW and EMBEDDED_PICTURE.fullmatch(source):
        return False
    return bool(_PLACEHOLDER.fullmatch(source))


def _remove_repeated(image: Element) -> None:
    """Remove `image` if a neighbour is the same picture, or is one where `image` has no address."""
    node = image
    while isinstance(node.parent, Element) and node.parent.tag in _AROUND and len(node.parent.children) == 1:
        node = node.parent
    for neighbours in (node.next_siblings, node.previous_siblings):
        neighbour = _first_element(neighbours)
        other = neighbour if neighbour is None or neighbour.tag == "img" else neighbour.find("img")
        if other is None or _is_placeholder(other):
            continue
        if _is_placeholder(image) or other.attr("src") == image.attr("src"):
            node.decompose()
            return


def _unwrap_object(element: Element) -> None:
    """Leave the content of an `<object>`, in which a paragraph within a paragraph is allowed."""
    if any(isinstance(around, Element) and around.tag == "p" for around in element.ancestors):
        for paragraph in list(element.iter_elements("p")):
            paragraph.unwrap()
    element.unwrap()


def _first_element(nodes: Iterator[Node]) -> Element | None:
    """The first element of `nodes` with nothing but white space before it."""
    for node in nodes:
        if isinstance(node, Element):
            return node
        if isinstance(node, Text) and node.data.strip():
            return None
    return None


def _link(address: str, words: str) -> Element:
    link = Element("a")
    link.attrs["href"] = address
    link.text = words
    return link
