"""Sanitises untrusted HTML by an allow-list of elements and attributes, and marks its references."""

import re
from contextvars import ContextVar

from turbohtml import Element, Text, parse_fragment
from turbohtml.clean import OnDisallowed, Policy, Sanitizer

from service.markup.callouts import render_callouts
from service.markup.characters import SELF, SITE
from service.markup.media_fallbacks import show_media_fallbacks
from service.markup.nesting import flatten
from service.markup.raw_html import REMOVED
from service.markup.references import EMBEDDED_PICTURE, SCHEMES, mark_reference, mark_srcset

ELEMENTS = frozenset(
    """
    a abbr acronym address article aside audio b bdi bdo big blockquote br caption center cite code col
    colgroup data dd del details dfn dir div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup
    hr i img ins kbd li main mark menu nav ol p picture pre q rp rt ruby s samp section small source span
    strike strong sub summary sup table tbody td tfoot th thead time tr track tt u ul var video wbr
    """.split()
)
"""The elements of safe HTML."""

ATTRIBUTES = {
    "*": {"id", "lang", "dir", "title"},
    "a": {"href", "hreflang", "type"},
    "aside": {"class", "role"},
    "audio": {"src", "controls", "loop", "muted", "preload"},
    "blockquote": {"cite"},
    "code": {"class"},
    "col": {"span"},
    "colgroup": {"span"},
    "data": {"value"},
    "del": {"cite", "datetime"},
    "details": {"class", "open"},
    "div": {"class", "data-callout", "data-callout-fold"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "p": {"class"},
    "pre": {"class"},
    "q": {"cite"},
    "source": {"src", "srcset", "sizes", "media", "type"},
    "summary": {"class"},
    "td": {"align", "colspan", "headers", "rowspan"},
    "th": {"abbr", "align", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "video": {"src", "poster", "controls", "height", "loop", "muted", "playsinline", "preload", "width"},
}
"""The attributes of each element in safe HTML; `*` for all."""

# Attributes that are one reference.
_REFERENCES = frozenset({"href", "src", "poster", "cite"})
_SPACE = re.compile(r"\s")
_CALLOUT = re.compile(r"callout(?:-[\w-]+)?")
_LANGUAGE = re.compile(r"(lang(?:uage)?-)\{?\.?([\w+#.-]+)")


def safe_tree(html: str, base: str) -> Element:
    """Sanitise `html`, which has no illegal characters; resolve references against `base` and mark them.

    The tags of elements nested deeper than `depth.DEEPEST` are removed.
    """
    token = _base.set(base)
    try:
        # As in browsers with scripts, `noscript` is text: an element left open in it ends with it.
        tree = parse_fragment(flatten(html), positions=False, scripting=True)
        show_media_fallbacks(tree)
        tree = _sanitiser.sanitize_node(tree)
    finally:
        _base.reset(token)
    if "data-callout" in html:
        render_callouts(tree)
    text = tree.text
    if SITE in text or SELF in text:
        _unmark_text(tree)
    return tree


def _unmark_text(tree: Element) -> None:
    """Remove marks from text nodes, where tags that browsers would move end up with their references."""
    for node in tree.descendants:
        if isinstance(node, Text):
            node.data = node.data.replace(SITE, "").replace(SELF, "")


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    """The value of an allowed attribute in safe HTML; None removes the attribute."""
    if name in _REFERENCES:
        if name in {"src", "poster"} and not value.strip():  # no address (HTML §4.8.3), not that of the page
            return None
        if tag == "img" and EMBEDDED_PICTURE.fullmatch(value):
            return value
        return mark_reference(value, _base.get())
    if name == "class" and tag not in {"code", "pre"}:
        return " ".join(filter(_CALLOUT.fullmatch, value.split())) or None
    if name == "role":
        return value if value == "note" else None
    if name == "class":
        # Options of a code fence may follow its language: `js{1,3}`, `rust,no_run`, `{.python`.
        return next(
            (f"{match[1]}{match[2]}" for word in value.split() if (match := _LANGUAGE.match(word))), None
        )
    if name == "srcset":
        return mark_srcset(value, _base.get())
    if name == "id":
        return value if value and not _SPACE.search(value) else None
    return value


# Created once, since that takes longer than using it. `_base` differs from document to document.
_base: ContextVar[str] = ContextVar("base")
_sanitiser = Sanitizer(
    Policy(
        tags=ELEMENTS,
        attributes={name: frozenset(allowed) for name, allowed in ATTRIBUTES.items()},
        url_schemes=SCHEMES | {"data"},  # only of embedded pictures
        on_disallowed_tag=OnDisallowed.STRIP,
        remove_with_content=REMOVED,
        attribute_filter=_filter_attribute,
    )
)
