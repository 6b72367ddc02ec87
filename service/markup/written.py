"""HTML in the forms that comrak writes and that authors mostly use: made safe without being parsed.

Every `<` in it begins a tag of a known form, which is replaced by what safe HTML has for it; references are
marked as everywhere. So it is as safe as what `sanitise` makes. It is also the same, to the byte, because
elements are nested as HTML requires and all of them end: then a parser has nothing to mend. Whatever is in
another form, or nested otherwise, is left to `sanitise` (tests/test_markup_written.py).
"""

import html as entities
import re
from itertools import accumulate

import msgspec

from service.markup.depth import DEEPEST_FORMATTING, FEW_TAGS
from service.markup.references import mark
from service.markup.sanitise import ATTRIBUTES, ELEMENTS, filtered
from service.markup.tags import ALONE, BARE, Tag, opening

# What safe HTML has no reference for is written as a character.
_OTHER_REFERENCE = re.compile("&(?!(?:amp|lt|gt|quot);)")
_KNOWN_REFERENCE = re.compile(
    "&(?!(?:amp|lt|gt|quot);)(?:#[0-9]{1,6};|#[xX][0-9A-Fa-f]{1,5};|[A-Za-z][A-Za-z0-9]{1,31};|(?![A-Za-z#]))"
)

# Where elements may stand so that no parser moves or closes one; those named nowhere here are not known.
_HOLDER_NAMES = "article aside blockquote details div footer header section"
_HOLDERS = frozenset(_HOLDER_NAMES.split())
_BLOCK_NAMES = "dl figure h1 h2 h3 h4 h5 h6 hr ol p pre table ul"
_BLOCKS = _HOLDERS | frozenset(_BLOCK_NAMES.split())
_INLINE_NAMES = "a abbr b br cite code del em i img ins kbd mark s samp small span strong sub sup u var"
_INLINE = frozenset(_INLINE_NAMES.split()) | {"progress"}
_HOLD_BLOCKS = _HOLDERS | {"", "dd", "figcaption", "figure", "li", "summary"}
_HOLD_AS_PARENT = frozenset({"del", "ins", "span"})
_MINDED = frozenset({"a", "pre"})
_HOLD_NO_TEXT = frozenset({"dl", "ol", "table", "tbody", "thead", "tr", "ul"})
_ONLY_IN = {
    "dd": {"dl"},
    "dt": {"dl"},
    "figcaption": {"figure"},
    "li": {"ol", "ul"},
    "summary": {"details"},
    "tbody": {"table"},
    "td": {"tr"},
    "th": {"tr"},
    "thead": {"table"},
    "tr": {"table", "tbody", "thead"},
}
_NAMES = _BLOCKS | _INLINE | _ONLY_IN.keys()
_HELD = {
    parent: frozenset(
        {name for name, parents in _ONLY_IN.items() if parent in parents}
        | (_BLOCKS if parent in _HOLD_BLOCKS else set())
        | (_BLOCKS - {"table"} if parent in {"td", "th"} else set())
        | (_INLINE if parent not in _HOLD_NO_TEXT else set())
    )
    for parent in (_NAMES - ALONE) | {""}
}

# All these are of a tag without its brackets.
_LINK = re.compile(r'a href="([^"]*)"')
# As every other absolute reference (see `_ABSOLUTE`) is, but found at once: these are most of all tags.
_LINK_AS_IT_IS = re.compile(r'a href="https?://(?:[a-z0-9]++[.-])*+[a-z]++(?=[/?#"])[^"&\xa0]*+"')
_OPENING = re.compile(r"""([a-z][a-z0-9]*)((?:[ \n]+[a-z-]+(?:="[^"]*"|='[^'"]*')?)*)[ \n]*(/)?""")
_ATTRIBUTE = re.compile(r"""[ \n]+([a-z-]+)(?:="([^"]*)"|='([^'"]*)')?""")
_COMMENT = re.compile(r"!--.*--", re.DOTALL)
_RESOLVED = frozenset({"cite", "srcset"})
# References that every parser reads alike: no user, no port, a host that is no number and no punycode.
_ABSOLUTE = re.compile(r"https?://(?:[A-Za-z0-9-]+\.)*[A-Za-z][A-Za-z0-9-]*(?:[/?#]|\Z)|mailto:[A-Za-z0-9]")
_RELATIVE = re.compile(r"[/?#.]|[^:]*\Z")
_BETWEEN = "\x00"
_NOTHING = Tag("", "", 0, "")
_KNOWN = {
    **{written[1:-1]: tag for written, tag in BARE.items() if tag.name in _NAMES},
    **{name: Tag("", name, 1, "") for name in _INLINE - ELEMENTS},
    **{f"/{name}": Tag("", name, -1, "") for name in _INLINE - ELEMENTS},
    # To a parser these end nothing.
    "/img": _NOTHING,
    "/hr": _NOTHING,
}


def read_written(html: str, base: str) -> tuple[list[str], list[Tag]] | None:
    """What `sanitise` makes of `html`, taken apart as by `take_apart`; None where only a parser can tell.

    `html` holds no illegal characters.
    """
    first, *pieces = html.split("<")
    if "\r" in html or ">" in first or html.count(">") != len(pieces):
        return None
    parted = [piece.partition(">") for piece in pieces]
    written = [tag for tag, _, _ in parted]
    following = [text for _, _, text in parted]
    # Between marks, so that what holds for all texts is done once.
    text = _BETWEEN.join((first, *following))
    if ">" in text:
        return None
    if "&" in text and _OTHER_REFERENCE.search(text):
        text = _KNOWN_REFERENCE.sub(_character, text)
        if _OTHER_REFERENCE.search(text):
            return None
    text = text.replace("&quot;", '"').replace("\xa0", "&nbsp;")
    known = _KNOWN.copy()
    distinct = set(written)
    for tag in distinct - known.keys():
        read = _read(tag, base)
        if read is None:
            return None
        known[tag] = read
    tags = [known[tag] for tag in written]
    if not _are_nested_as_parsed(tags, following):
        return None
    if "/table" in distinct and not _add_bodies(tags):
        return None
    return text.split(_BETWEEN), tags


def _character(reference: re.Match[str]) -> str:
    """The character for a reference (HTML §13.2.5.72), or itself where only a parser can tell."""
    written = reference.group()
    if written == "&":
        return "&amp;"
    character = entities.unescape(written)
    known = character != written and (character.isprintable() or character == "\xa0") and character
    return entities.escape(known, quote=False) if known else written


def _are_nested_as_parsed(tags: list[Tag], following: list[str]) -> bool:
    """Whether a parser leaves `tags`, with the text `following` each, where they are."""
    if len(tags) >= FEW_TAGS and max(accumulate(tag.step for tag in tags)) > DEEPEST_FORMATTING:
        return False  # which `flatten` may mind
    parent, held = "", _HELD[""]
    open_elements = [(parent, held)]
    in_link = False
    for at, tag in enumerate(tags):
        name = tag.name
        if tag.step < 0:
            if parent != name:
                return False
            open_elements.pop()
            parent, held = open_elements[-1]
            if name == "a":
                in_link = False
        elif name:
            if name not in held:
                return False
            if name in _MINDED:
                if in_link or (name == "pre" and following[at].startswith("\n")):
                    return False
                in_link = name == "a"
            if tag.step:
                parent = name
                held = held if name in _HOLD_AS_PARENT else _HELD[name]
                open_elements.append((parent, held))
        if parent in _HOLD_NO_TEXT and following[at].strip(" \t\n"):
            return False
    return not parent


def _add_bodies(tags: list[Tag]) -> bool:
    """Put a `tbody` around rows that have none (HTML §13.2.6.4.9); False where a parser would do more."""
    in_group = is_added = False
    for at, tag in enumerate(tags):
        if tag.name in {"tbody", "thead"}:
            if is_added:
                return False
            in_group = tag.step > 0
        elif tag.name == "tr" and tag.step > 0 and not (in_group or is_added):
            tags[at] = msgspec.structs.replace(tag, written=f"<tbody>{tag.written}")
            is_added = True
        elif tag.name == "table" and tag.step < 0 and is_added:
            tags[at] = msgspec.structs.replace(tag, written=f"</tbody>{tag.written}")
            is_added = False
    return True


def _read(written: str, base: str) -> Tag | None:
    """A tag with attributes, or a comment, as safe HTML has it; None for one in no known form."""
    if _LINK_AS_IT_IS.fullmatch(written):
        return Tag(f"<{written}>", "a", 1, "")
    if link := _LINK.fullmatch(written):
        reference = _reference(link[1].replace("&#x27;", "'"), base)
        return opening("a", f' href="{reference}"') if reference else None
    found = _OPENING.fullmatch(written)
    if not found:
        return _NOTHING if _COMMENT.fullmatch(written) else None
    name, attributes, ended = found.groups()
    if name not in _NAMES or (ended and name not in ALONE):
        return None
    if name not in ELEMENTS:
        return _KNOWN[name]
    kept: dict[str, str] = {}
    for attribute, one, other in _ATTRIBUTE.findall(attributes):
        value = _value(name, attribute, one or other, base)
        if value is None or attribute in kept:
            return None
        kept[attribute] = value
    return opening(name, "".join(kept.values()))


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
    value = filtered(name, attribute, given)
    return "" if value is None else f' {attribute}="{value}"'.replace("\xa0", "&nbsp;")


def _reference(given: str, base: str) -> str | None:
    """A reference as it stands in safe HTML, where `&` is the one character that is escaped."""
    if "&" in given.replace("&amp;", "") or "\xa0" in given or "\n" in given:
        return None
    absolute = _ABSOLUTE.match(given)
    if absolute:
        return None if "xn--" in absolute.group().lower() else given
    reference = given.replace("&amp;", "&")
    marked = mark(reference, base) if _RELATIVE.match(reference) else None
    return marked and marked.replace("&", "&amp;")
