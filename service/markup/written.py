"""HTML in the forms that comrak writes and that authors mostly use: made safe without being parsed.

Every `<` in it begins a tag of a known form, which is replaced by what safe HTML has for it; references are
marked as everywhere. So it is as safe as what `sanitise` makes. It is also the same, to the byte, because
elements are nested as HTML requires and all of them end: then a parser has nothing to mend. Whatever is in
another form, or nested otherwise, is left to `sanitise` (tests/test_markup_written.py).
"""

import re

import msgspec

from service.markup.characters import drop_illegal
from service.markup.depth import DEEPEST_FORMATTING
from service.markup.references import mark
from service.markup.sanitise import ATTRIBUTES, filtered

_TAG = re.compile("(<[^<>]*>)")
# What safe HTML has no reference for is written as a character: a parser must read any other.
_OTHER_REFERENCE = re.compile("&(?!(?:amp|lt|gt|quot);)")

# Where elements may stand so that no parser moves or closes one; those named nowhere here are not known.
_HOLD_BLOCKS = frozenset({"", "blockquote", "div", "figcaption", "figure", "li", "section"})
_HOLD_NO_TEXT = frozenset({"ol", "table", "tbody", "thead", "tr", "ul"})
_BLOCK_NAMES = "blockquote div figure h1 h2 h3 h4 h5 h6 hr ol p pre section table ul"
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_INLINE_NAMES = "a b br code del em i img s small span strong sub sup u"
_INLINE = frozenset(_INLINE_NAMES.split())
_ONLY_IN = {
    "figcaption": frozenset({"figure"}),
    "li": frozenset({"ol", "ul"}),
    "tbody": frozenset({"table"}),
    "td": frozenset({"tr"}),
    "th": frozenset({"tr"}),
    "thead": frozenset({"table"}),
    "tr": frozenset({"tbody", "thead"}),
}
_ALONE = frozenset({"br", "hr", "img"})
_NAMES = _BLOCKS | _INLINE | _ONLY_IN.keys()

_LINK = re.compile(r'<a href="([^"]*)">')
_OPENING = re.compile(r'<([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"]*")?)*) ?(/)?>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)(?:="([^"]*)")?')
_COMMENT = re.compile(r"<!--[^<>]*-->")
_RESOLVED = frozenset({"cite", "srcset"})
# References that every parser reads alike: no user, no port, a host that is no number and no punycode.
_ABSOLUTE = re.compile(r"https?://(?:[A-Za-z0-9-]+\.)*[A-Za-z][A-Za-z0-9-]*(?:[/?#]|\Z)|mailto:[A-Za-z0-9]")
_RELATIVE = re.compile(r"[/?#.]|[^:]*\Z")
# Stands for a quotation mark in an attribute while those in text are unescaped.
_QUOTE = "\x03"


class _Tag(msgspec.Struct, frozen=True, gc=False):
    """A tag as safe HTML has it, which opens (1) or closes (-1) the element `name`, or stands alone (0)."""

    safe: str
    name: str
    step: int


_BARE = {f"<{name}>": _Tag(f"<{name}>", name, 0 if name in _ALONE else 1) for name in _NAMES}
_BARE |= {f"</{name}>": _Tag(f"</{name}>", name, -1) for name in _NAMES - _ALONE}


def safe_as_written(html: str, base: str) -> str | None:
    """What `sanitise` makes of `html`; None where only that can tell."""
    html = drop_illegal(html)
    pieces = _TAG.split(html)
    text = "".join(pieces[::2])
    if "\r" in html or "<" in text or ">" in text or _OTHER_REFERENCE.search(text):
        return None
    known = _BARE.copy()
    for written in set(pieces[1::2]) - _BARE.keys():
        tag = _read(written, base)
        if tag is None:
            return None
        known[written] = tag
    tags = [known[written] for written in pieces[1::2]]
    if not _is_nested_as_parsed(tags, pieces[2::2]):
        return None
    pieces[1::2] = [tag.safe for tag in tags]
    html = "".join(pieces).replace("&quot;", '"').replace(_QUOTE, "&quot;")
    return html.replace("\xa0", "&nbsp;").strip()


def _is_nested_as_parsed(tags: list[_Tag], following: list[str]) -> bool:
    """Whether a parser makes of these tags, with the text `following` each, elements as they are written."""
    parent = ""
    open_elements: list[str] = []
    for tag, text in zip(tags, following, strict=True):
        name = tag.name
        if tag.step < 0:
            if parent != name:
                return False
            open_elements.pop()
            parent = open_elements[-1] if open_elements else ""
        elif name:
            if not _may_stand_in(name, parent, open_elements) or (name == "pre" and text.startswith("\n")):
                return False
            if tag.step:
                open_elements.append(name)
                parent = name
                if len(open_elements) > DEEPEST_FORMATTING:  # which `flatten` may mind
                    return False
        if parent in _HOLD_NO_TEXT and text.strip(" \t\n"):
            return False
    return not open_elements


def _may_stand_in(name: str, parent: str, open_elements: list[str]) -> bool:
    if name in _INLINE:
        return parent not in _HOLD_NO_TEXT and (name != "a" or "a" not in open_elements)
    return parent in (_HOLD_BLOCKS if name in _BLOCKS else _ONLY_IN[name])


def _read(written: str, base: str) -> _Tag | None:
    """A tag with attributes, or a comment, as safe HTML has it; None for one in no known form."""
    if link := _LINK.fullmatch(written):
        reference = _reference(link[1].replace("&#x27;", "'"), base)
        return _Tag(f'<a href="{reference}">', "a", 1) if reference else None
    found = _OPENING.fullmatch(written)
    if not found:
        return _Tag("", "", 0) if _COMMENT.fullmatch(written) else None
    name, attributes, ended = found.groups()
    alone = name in _ALONE
    if name not in _NAMES or (ended and not alone):
        return None
    kept: dict[str, str] = {}
    for attribute, given in _ATTRIBUTE.findall(attributes):
        value = _value(name, attribute, given, base)
        if value is None or attribute in kept:
            return None
        kept[attribute] = value
    return _Tag(f"<{name}{''.join(kept.values())}>", name, 0 if alone else 1)


def _value(name: str, attribute: str, given: str, base: str) -> str | None:
    """What stands for an attribute in a safe tag: "" for one to be dropped, None for one to be judged."""
    if attribute not in ATTRIBUTES["*"] and attribute not in ATTRIBUTES.get(name, ()):
        return ""
    given = given.replace("&#x27;", "'")
    if attribute in _RESOLVED or _OTHER_REFERENCE.search(given):
        return None
    if attribute in {"href", "src"}:
        reference = _reference(given, base)
        return reference and f' {attribute}="{reference}"'
    value = filtered(name, attribute, given.replace("&quot;", _QUOTE))
    return "" if value is None else f' {attribute}="{value}"'


def _reference(given: str, base: str) -> str | None:
    """A reference as it stands in safe HTML, where `&` is the one character that is escaped."""
    if "&" in given.replace("&amp;", ""):
        return None
    absolute = _ABSOLUTE.match(given)
    if absolute:
        return None if "xn--" in absolute.group().lower() else given
    reference = given.replace("&amp;", "&")
    marked = mark(reference, base) if _RELATIVE.match(reference) else None
    return marked and marked.replace("&", "&amp;")
