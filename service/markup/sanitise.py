"""HTML nobody vouches for becomes safe HTML: an allow-list of elements and attributes, references marked."""

import re
from contextvars import ContextVar

import nh3

from service.markup.characters import WHITE_SPACE, drop_illegal, drop_illegal_references
from service.markup.depth import flatten
from service.markup.references import SCHEMES, mark, mark_srcset

_ELEMENT_NAMES = """
    a abbr acronym address article aside audio b bdi bdo big blockquote br caption center cite code col
    colgroup data dd del details dfn dir div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup
    hr i img ins kbd li main mark menu nav ol p picture pre q rp rt ruby s samp section small source span
    strike strong sub summary sup table tbody td tfoot th thead time tr track tt u ul var video wbr
"""
ELEMENTS = frozenset(_ELEMENT_NAMES.split())
"""What safe HTML may consist of."""

ATTRIBUTES = {
    "*": {"id", "lang", "dir", "title"},
    "a": {"href", "hreflang", "type"},
    "audio": {"src", "controls", "loop", "muted", "preload"},
    "blockquote": {"cite"},
    "code": {"class"},
    "col": {"span"},
    "colgroup": {"span"},
    "data": {"value"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "pre": {"class"},
    "q": {"cite"},
    "source": {"src", "srcset", "sizes", "media", "type"},
    "td": {"align", "colspan", "headers", "rowspan"},
    "th": {"abbr", "align", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "video": {"src", "poster", "controls", "height", "loop", "muted", "playsinline", "preload", "width"},
}
"""The attributes of each element in safe HTML; those at `*` are for all."""

_DROPPED_WITH_CONTENT = {
    "script",
    "style",
    "title",
    "noscript",
    "template",
    "textarea",
    "select",
    "object",
    "svg",
}

_IFRAME = re.compile(
    r"""<iframe\b((?:[^<>"']{1,2000}+|"[^"]{0,2000}"|'[^']{0,2000}'){0,40}+)>(?:\s*</iframe\s*>)?""",
    re.IGNORECASE,
)
_IFRAME_BEGINNINGS = ("<if", "<iF", "<If", "<IF")
_SPACE = re.compile(r"\s")
_LANGUAGE = re.compile(r"(lang(?:uage)?-)\{?\.?([\w+#.-]+)")
_ATTRIBUTE = re.compile(r"""\b(src|title)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


def sanitise(html: str, base: str) -> str:
    """`html` as safe HTML, references resolved against `base` and marked.

    An `iframe` becomes a link to its `src`; elements nested deeper than `depth.DEEPEST` lose their tags.
    """
    html = frames_to_links(flatten(drop_illegal_references(drop_illegal(html))))
    token = _base.set(base)
    try:
        return _cleaner.clean(html).strip(WHITE_SPACE)
    finally:
        _base.reset(token)


def frames_to_links(html: str) -> str:
    """`html` in which a link stands for each `iframe`."""
    if any(beginning in html for beginning in _IFRAME_BEGINNINGS):
        return _IFRAME.sub(_link, html)
    return html


def _marked(reference: str) -> str | None:
    return mark(reference, _base.get())


def filtered(_: str, name: str, value: str) -> str | None:
    """The value in safe HTML of an attribute it may have; None where that value is none of its own."""
    if name == "class":
        # What else a fence says of its code stands right behind: `js{1,3}`, `rust,no_run`, `{.python`.
        return next(
            (f"{told[1]}{told[2]}" for word in value.split() if (told := _LANGUAGE.match(word))), None
        )
    if name == "srcset":
        return mark_srcset(value, _base.get())
    if name == "cite":  # which nh3 does not know to be an address
        return mark(value, _base.get())
    if name == "id":
        return value if value and not _SPACE.search(value) else None
    return value


# Made once: it takes longer to make than to use. What differs from document to document is `_base`.
_base: ContextVar[str] = ContextVar("base")
_cleaner = nh3.Cleaner(
    tags=set(ELEMENTS),
    clean_content_tags=_DROPPED_WITH_CONTENT,
    attributes=ATTRIBUTES,
    attribute_filter=filtered,
    link_rel=None,
    url_schemes=set(SCHEMES),
    url_relative=_marked,
)


def _link(match: re.Match[str]) -> str:
    found = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(match.group(1))}
    address = found.get("src", "").replace('"', "%22")
    words = found.get("title") or address
    return f'<a href="{address}">{words.replace("<", "&lt;")}</a>' if address else ""
