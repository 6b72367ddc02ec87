"""Plain text from safe HTML: what a reader without a browser sees."""

import re

from service.markup.marks import SELF

# Safe HTML quotes every attribute with `"` and escapes `<` in text, so this finds tags and nothing else.
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)([^>"]*+(?:"[^"]*"[^>"]*+)*+)>')
_PARAGRAPH = re.compile(r"<p(?:\s[^>]*)?>((?:[^<]++|<(?!/p>))*+)</p>")
_SPACES = re.compile(" {2,}")
_SPACE = " \t\n\r"

_BLOCK_NAMES = """
    address article aside audio blockquote caption center details dir div dl fieldset figcaption figure footer
    h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p picture pre section summary table ul video
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_ITEMS = frozenset({"li", "dt", "dd", "td", "th"})
_SHAPING = _BLOCKS | _ITEMS | {"a", "br", "tr"}
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", "\u00a0"), ("&amp;", "&"))
_FOOTNOTE = f'href="{SELF}#fn-'
_BACK = f'href="{SELF}#fnref-'


def plain(html: str) -> str:
    """The text of safe HTML: blocks apart by a blank line, items and rows on lines, code as it stands."""
    if "<" not in html:
        return _unescaped(_evened(html.lstrip(_SPACE))).rstrip()
    reading = _Reading()
    text, *found = TAG.split(html)
    tags = iter(found)
    for closing, name, attributes, following in zip(tags, tags, tags, tags, strict=True):
        if name not in _SHAPING or (name == "a" and not reading.minds_link(attributes)):
            text += following
        else:
            reading.text(text)
            reading.tag(name, attributes, closing=closing == "/")
            text = following
    reading.text(text)
    return reading.result()


def paragraphs(html: str, least: int = 300) -> str:
    """The text of the first `<p>` elements of safe HTML, until there are `least` characters of it."""
    texts: list[str] = []
    for match in _PARAGRAPH.finditer(html):
        text = plain(match.group(1))
        if text:
            texts.append(text)
        if sum(map(len, texts)) >= least:
            break
    return "\n\n".join(texts)


class _Reading:
    """The text so far, and where in the document the reading stands."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._pending = ""
        self._preformatted = 0
        self._items = 0
        self._skipping = False
        self._in_footnote = False

    def text(self, text: str) -> None:
        if not text or self._skipping:
            return
        if not self._preformatted:
            if text == "\n" and self._pending:
                return
            if not self._parts or self._pending or self._parts[-1].endswith((" ", "\n", "\t")):
                text = text.lstrip(_SPACE)
                if not text:
                    return
            text = _evened(text)
        self._write(_unescaped(text) if "&" in text else text)

    def minds_link(self, attributes: str) -> bool:
        """Whether a tag `a` begins or ends what a footnote shows otherwise; any other link is its text."""
        return self._skipping or self._in_footnote or _BACK in attributes or _FOOTNOTE in attributes

    def tag(self, name: str, attributes: str, *, closing: bool) -> None:
        if name == "a":
            self._link(attributes, closing=closing)
        elif name == "br":
            self._pending = "\n\n" if self._pending.startswith("\n") else "\n"
        elif name in _ITEMS:
            self._items += -1 if closing else 1
            self._break("\t" if name in {"td", "th"} else "\n")
        elif name == "tr":
            self._break("\n")
        elif name in _BLOCKS:
            self._break("\n" if self._items else "\n\n")
            if name == "pre":
                self._preformatted += -1 if closing else 1

    def result(self) -> str:
        return "".join(self._parts).strip("\n").rstrip()

    def _link(self, attributes: str, *, closing: bool) -> None:
        if not closing:
            self._skipping = _BACK in attributes
            self._in_footnote = _FOOTNOTE in attributes
            if self._in_footnote:
                self._write("[")
        elif self._skipping:
            self._skipping = False
        elif self._in_footnote:
            self._in_footnote = False
            self._write("]")

    def _break(self, gap: str) -> None:
        if len(gap) > len(self._pending) or self._pending == "\t":
            self._pending = gap

    def _write(self, text: str) -> None:
        if self._pending and self._parts:
            self._parts[-1] = self._parts[-1].rstrip(" \n")
            self._parts.append(self._pending)
        self._pending = ""
        self._parts.append(text)


def _evened(text: str) -> str:
    """`text` with single spaces for white space; a pattern looking at every space takes ten times as long."""
    text = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    return _SPACES.sub(" ", text) if "  " in text else text


def _unescaped(text: str) -> str:
    """`text` with its characters for entities: safe HTML has these five only."""
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text
