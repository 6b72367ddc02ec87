"""A fingerprint of what must not be lost when HTML is written as Markdown."""

import html as entities
import re
from collections.abc import Iterator
from urllib.parse import unquote

_TOKEN = re.compile(r"""<(/?)([a-z][a-z0-9]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE = re.compile(r"""([a-z-]+)=(?:"([^"]*)"|'([^']*)')""")
_FRAGMENT = re.compile(r'href="#([^"]+)"')
# A bare address in a text: Markdown turns it into a link, so nothing is lost.
_AUTOLINK = re.compile(r'<a href="(?:mailto:|https?://(?=www\.))?([^"<>]+)">\1</a>')
_SYNONYMS = {"b": "strong", "i": "em", "strike": "del", "s": "del"}
# Wrappers without a meaning of their own, and paragraphs, which the plain text shows.
_IGNORED = frozenset(
    """
    p div span section article main header footer nav hgroup tbody thead tfoot colgroup col picture source
    small font center big br wbr
    """.split()
)
_COUNTED_ATTRIBUTES = {
    "a": ("href", "title"),
    "img": ("src", "alt", "title"),
    "td": ("colspan", "rowspan"),
    "th": ("align", "colspan", "rowspan"),
    "ol": ("start", "type", "reversed"),
    "abbr": ("title",),
    "code": ("class",),
    "pre": ("class",),
}
_ADDRESS = frozenset({"href", "src"})


def structure_fingerprint(html: str) -> tuple[str, ...]:
    """The elements with meaning, their significant attributes and the words of safe HTML, in order."""
    return tuple(_tokens(html))


def _tokens(html: str) -> Iterator[str]:
    html = _AUTOLINK.sub(r"\1", html)
    targets = set(_FRAGMENT.findall(html))
    position = 0
    inside = 0  # preformatted
    for match in _TOKEN.finditer(html):
        yield from _words(html[position : match.start()], inside > 0)
        position = match.end()
        closing, name, rest = match.groups()
        if name == "pre":
            inside += -1 if closing else 1
        attributes = {key: double or single for key, double, single in _ATTRIBUTE.findall(rest)}
        if attributes.get("id") in targets and "id" in attributes:
            yield f"#{attributes['id']}"
        if "dir" in attributes:
            yield f"dir={attributes['dir']}"
        if name in _IGNORED or (inside and name in {"code", "pre"} and not attributes.get("class")):
            continue
        if closing and (name in {"pre", "code"}):
            continue
        yield _element_token(closing, _SYNONYMS.get(name, name), attributes, inside > 0)
    yield from _words(html[position:], inside > 0)


def _element_token(closing: str, name: str, attributes: dict[str, str], preformatted: bool) -> str:
    if preformatted and name in {"pre", "code"}:
        name = "language"
    counted = []
    for key in _COUNTED_ATTRIBUTES.get(name, ("class",) if name == "language" else ()):
        value = entities.unescape(attributes.get(key, ""))
        if key in _ADDRESS:
            value = unquote(value).rstrip("/")
        if value and not (name == "ol" and (key, value) == ("start", "1")):
            counted.append(f"{key}={' '.join(value.split())}")
    return f"<{closing}{name} {' '.join(counted)}>"


def _words(text: str, preformatted: bool) -> Iterator[str]:
    plain = entities.unescape(text)
    if preformatted:
        yield from (line.rstrip() for line in plain.split("\n") if line.strip())
    else:
        yield from plain.split()
