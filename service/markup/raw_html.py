"""Repairs raw HTML before an HTML parser reads it, so that it cannot hide the text around it.

To an HTML parser a `<title>` that is never closed takes everything up to the end of the document as its
content (WHATWG HTML §13.2.5: RCDATA, RAWTEXT, script data, PLAINTEXT), and so do a comment and a quoted
attribute value that are never closed. Here such a tag becomes text, as with GFM's tag filter (GFM §6.11);
elements that do not belong in an article are removed with their content, and each removal is reported.
"""

import html as entities
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from service.markup.nesting import FORMATTING

BARRIER = "\x00"
"""Separates two pieces of raw HTML: no tag, comment or instruction crosses it."""

# These may contain another element of the same name.
_REMOVED_NESTED = frozenset({"svg", "math", "template"})
_REMOVED = frozenset({"script", "style", "title", "textarea", "noscript", "select"})
REMOVED = _REMOVED | _REMOVED_NESTED
"""Elements removed with their content: not part of an article, or useless in a feed reader."""
# The content is fallback for clients that know no such element.
_UNWRAPPED = frozenset({"noembed", "noframes"})
# Browsers hide their content, so one that is never closed hides the rest of the text.
_MEDIA = frozenset({"audio", "video"})
# Their content is shown; one that is never closed is text.
_SHOWN_NESTED = frozenset({"object"})
_UNNESTED = _REMOVED | _UNWRAPPED | {"xmp", "iframe"}
_CHECKED = _UNNESTED | _REMOVED_NESTED | _SHOWN_NESTED | _MEDIA | {"plaintext"}
# Written as `<i />` these are empty: left open they would change all text that follows.
_EMPTIED = FORMATTING | {"span"}
_VOID_NAMES = "area|base|br|col|embed|hr|image|img|input|link|meta|param|source|track|wbr"

# A tag as an HTML parser reads it, but without `<` outside quotes and without `<` or `>` inside them.
_NAME = r"[a-zA-Z][^\s/<>\x00]*+"
_LAX_ATTRIBUTES = r"""(?:[\s/]++|[^\s/<>=\x00]++(?:\s*+=\s*+
    (?:"[^"<>\x00]*+"|'[^'<>\x00]*+'|[^\s"'<>\x00][^\s<>\x00]*+|(?=>)))?+)*+"""
# A tag whose quoted values may hold `<` and `>`; its attributes are well-formed (HTML §13.1.2.3).
_STRICT_ATTRIBUTES = r"""(?:\s++[^\s"'<>/=\x00]++(?:\s*+=\s*+
    (?:"[^"\x00]*+"|'[^'\x00]*+'|[^\s"'=<>`\x00]++))?+)*+\s*+/?"""
_FLAGS = re.VERBOSE | re.ASCII | re.IGNORECASE
TAG = re.compile(rf"<(/?)({_NAME})({_LAX_ATTRIBUTES})>", _FLAGS)
_STRICT_TAG = re.compile(rf"""<(/?)([a-zA-Z][^\s/<>"'=\x00]*+)({_STRICT_ATTRIBUTES})>""", _FLAGS)
# Everything up to the next tag to check: other tags are skipped, unless they close themselves.
_TEXT_OR_TAG = rf"""[^<]++
    |<(?!/?(?:{"|".join(sorted(_CHECKED))})[\s/>])
    (?:(?:{_VOID_NAMES})(?=[\s/>]){_LAX_ATTRIBUTES}|/?{_NAME}{_LAX_ATTRIBUTES}(?<!/))>"""
_PASSED = re.compile(rf"(?:{_TEXT_OR_TAG})*+", _FLAGS)
# The commonest tags of Markdown come first: to find that a name is not to be checked takes twice as long.
_PLAIN_TAG = r"</?(?-i:p|em|strong|code|pre|a|ul|ol|li|h[1-6]|blockquote|tr|td|th)>"
_COMMENT = r"<!--[^<>\x00]*+(?<=--)>"
_HARMLESS = re.compile(rf"(?:{_PLAIN_TAG}|{_TEXT_OR_TAG}|{_COMMENT})*+", _FLAGS)
_FORMATTING_TAG = re.compile(rf"<(/?)({'|'.join(sorted(FORMATTING))})(?=[\s/>])", re.ASCII | re.IGNORECASE)
_UNNESTED_TAG = re.compile(
    rf"<(/?)({'|'.join(sorted(_UNNESTED | _EMPTIED))})(?=[\s/>])", re.ASCII | re.IGNORECASE
)
_TAG_END = re.compile(r"[^<>\x00]*+>")
_SOURCES = re.compile(rf"(?:\s*+<(?:source|track)(?=[\s/>]){_LAX_ATTRIBUTES}>)*+", _FLAGS)
_DOCTYPE = re.compile(r"<!doctype(?:\s++html)?+(?:\s++(?:public|system)\b[^<>\x00]*+)?+\s*+>", re.IGNORECASE)
# A comment to all browsers except old versions of Internet Explorer, which read a condition from it.
_SHOWN_UNLESS = re.compile(r"<!--\[if\b[^<>\]\x00]*+\]><!-->", re.IGNORECASE)
_CONDITION = re.compile(r"<!\[(?:if\b[^<>\]\x00]*+|endif)\]>", re.IGNORECASE)
_BEGINNING = re.compile(r"<[!?]?[\w-]{0,20}")
_INSTRUCTION = re.compile(r"<\?(?=[a-zA-Z=])")
# To an HTML parser the last `/` of an unquoted value belongs to the value.
_ENDS_UNQUOTED = re.compile(r"""=\s*+[^\s"'][^\s]*\Z""", re.ASCII)
_PICTURE = re.compile(r"<img\s", re.IGNORECASE)
_NO_PICTURE = re.compile(
    r"<(?:iframe|script|style|link|meta)\b"
    r"|\s(?:width|height)\s{0,9}=\s{0,9}[\"']?[01](?:px)?[\"'\s/>]|display:\s{0,9}none",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"""\b(src|title)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


class Omission(msgspec.Struct, frozen=True, order=True):
    """Something in a text that is not shown: the beginning of its source (`<script`), and its line (from 1).

    `unclosed` is whether it was never closed, or only by the end tag of another such element, so that it
    contains text that its author may have meant to show.
    """

    line: int
    source: str
    unclosed: bool = False


class Edit(msgspec.Struct, frozen=True, order=True):
    """Replaces what is between `start` and `end` by `text`.

    `omits` is whether the replaced content is not shown; `unclosed`, whether that is because it was never
    closed.
    """

    start: int
    end: int
    text: str
    omits: bool = False
    unclosed: bool = False


def is_harmless(html: str) -> bool:
    """Whether nothing in `html` needs a change; may be False where a full scan finds nothing."""
    if not _HARMLESS.fullmatch(html):
        return False
    counts = Counter(_FORMATTING_TAG.findall(html))
    return all(counts["/", name] == counts["", name] for _, name in list(counts))


def close_raw_html(html: str) -> tuple[str, tuple[Omission, ...]]:
    """Repair elements, comments and tags that are never closed, so that they do not hide the text after them.

    Unlike `clean_raw_html`, remove no element that is closed.
    """
    edits = select_outermost(RawHtmlScan(html, inline=False).repairs)
    return apply_edits(html, edits), tuple(omission for _, omission in find_omissions(html, edits))


def clean_raw_html(html: str) -> tuple[str, tuple[Omission, ...]]:
    """Like `close_raw_html`, and remove the elements that do not belong in an article.

    An `iframe` becomes a link to its `src`. Takes linear time.
    """
    scan = RawHtmlScan(html, inline=False)
    edits = select_outermost(scan.repairs + scan.removals)
    return apply_edits(html, edits), tuple(omission for _, omission in find_omissions(html, edits))


def select_outermost(edits: Iterable[Edit]) -> list[Edit]:
    """Sort `edits`, and drop those within an element that is removed."""
    selected: list[Edit] = []
    done = 0
    for edit in sorted(edits):
        if edit.start >= done:
            selected.append(edit)
            done = edit.end
    return selected


def apply_edits(html: str, edits: Iterable[Edit]) -> str:
    """Apply sorted `edits` to `html`; barriers remain."""
    parts: list[str] = []
    done = 0
    for edit in edits:
        barriers = BARRIER * html.count(BARRIER, edit.start, edit.end) if edit.omits else ""
        parts += (html[done : edit.start], edit.text, barriers)
        done = edit.end
    return "".join((*parts, html[done:])) if parts else html


def find_omissions(html: str, edits: Iterable[Edit]) -> Iterator[tuple[Edit, Omission]]:
    """Each of the sorted `edits` that omits something, with the omission."""
    line, done = 1, 0
    for edit in edits:
        if edit.omits:
            line += html.count("\n", done, edit.start)
            done = edit.start
            beginning = _BEGINNING.match(html, edit.start)
            yield edit, Omission(line, beginning.group() if beginning else "<", edit.unclosed)


class RawHtmlScan:
    """The edits that raw HTML needs, found in one pass.

    `inline` is whether it is within a line of text, where an end tag without its element is text too.
    `repairs` close or escape what is never closed; `removals` remove or replace closed elements.
    """

    def __init__(self, html: str, *, inline: bool) -> None:
        self.repairs: list[Edit] = []
        self.removals: list[Edit] = []
        self._html = html
        self._inline = inline
        self._tags: dict[str, tuple[list[int], list[bool]]] | None = None
        self._open: dict[str, list[re.Match[str]]] = defaultdict(list)
        self._used_ends: set[int] = set()
        self._next: dict[str, int] = {}
        position = 0
        while (position := _skip_harmless(html, position)) < len(html):
            position = self._read(position)
        for name, tags in self._open.items():
            for tag in tags:
                if name in _MEDIA:
                    self._close_media(tag)
                else:
                    self._escape_tag(tag.start(), tag.end())

    def _read(self, position: int) -> int:
        """Read what begins with the `<` at `position`, and return its end."""
        html = self._html
        tag = TAG.match(html, position) or _STRICT_TAG.match(html, position)
        if tag:
            return self._read_tag(tag)
        if html.startswith("<!--", position):
            return self._read_comment(position)
        if html.startswith("<![CDATA[", position) and (end := self._find("]]>", position)) is not None:
            # To an HTML parser this is a comment (HTML §13.2.5.42); to those who write it, text.
            self.repairs.append(
                Edit(position, end + 3, entities.escape(html[position + 9 : end], quote=False))
            )
            return end + 3
        if not self._inline and (ignored := _DOCTYPE.match(html, position)):
            return ignored.end()
        if condition := _CONDITION.match(html, position):
            return condition.end()
        if _INSTRUCTION.match(html, position) and (end := self._find("?>", position)) is not None:
            self.removals.append(Edit(position, end + 2, "", omits=not html.startswith("<?xml", position)))
            return end + 2
        return self._escape_tag(position, position + 1)

    def _read_comment(self, position: int) -> int:
        html = self._html
        for empty in ("<!-->", "<!--->"):
            if html.startswith(empty, position):
                return position + len(empty)
        ends = [
            end + len(mark) for mark in ("-->", "--!>") if (end := self._find(mark, position + 4)) is not None
        ]
        end = min(ends, default=None)
        if end is None or self._holds_comment(position, end):
            end = end or self._piece_end(position)
            self.repairs.append(Edit(position, end, "", omits=True, unclosed=True))
        return end

    def _holds_comment(self, start: int, end: int) -> bool:
        """Whether a comment begins within this one, which was then never closed itself."""
        within = self._html.find("<!--", start + 4, end)
        return within >= 0 and not _SHOWN_UNLESS.match(self._html, start)

    def _read_tag(self, tag: re.Match[str]) -> int:
        name = tag[2].lower()
        if name in _UNNESTED:
            return self._read_unnested(tag, name)
        if name == "plaintext":
            return self._escape_tag(tag.start(), tag.end())
        if name in _REMOVED_NESTED or name in _SHOWN_NESTED or name in _MEDIA:
            return self._read_nested(tag, name)
        closes_itself = not tag[1] and tag[3].endswith("/") and not _ENDS_UNQUOTED.search(tag[3])
        if closes_itself and name in _EMPTIED and self._end_of(name, tag.end()) is None:
            # XHTML for an empty element; to an HTML parser it would hold all that follows.
            self.repairs.append(Edit(tag.end(), tag.end(), f"</{name}>"))
        return tag.end()

    def _read_nested(self, tag: re.Match[str], name: str) -> int:
        start, end = tag.span()
        if not tag[1]:
            if tag[3].endswith("/") and name in {"svg", "math"}:
                self._remove(start, end)
            elif tag[3].endswith("/") and name not in _MEDIA:
                self._escape_tag(start, end)
            else:
                self._open[name].append(tag)
        elif not self._open[name]:
            self._drop_end_tag(tag)
        else:
            opening = self._open[name].pop()
            if name in _REMOVED_NESTED:
                self._remove(opening.start(), end)
        return end

    def _read_unnested(self, tag: re.Match[str], name: str) -> int:
        start, end = tag.span()
        if tag[1]:
            if start not in self._used_ends:
                self._drop_end_tag(tag)
            return end
        ending = None if tag[3].endswith("/") else self._end_of(name, end)
        link = _link_to_frame(tag[3]) if name == "iframe" else ""
        if ending is None and not link:
            return self._escape_tag(start, end)
        if name == "noscript" and ending and _shows_picture(self._html[end : ending[0]]):
            self._used_ends.add(ending[0])
            self.removals += (Edit(start, end, ""), Edit(*ending, ""))
            return end
        if ending and name in _REMOVED:
            self._remove(start, ending[1])
            return ending[1]
        self.removals.append(Edit(start, end, link))
        if ending is None:
            return end
        self._used_ends.add(ending[0])
        content = self._html[end : ending[0]]
        if name == "xmp":
            self.removals.append(Edit(end, ending[1], entities.escape(content, quote=False)))
            return ending[1]
        self.removals.append(Edit(ending[0] if content.strip() else end, ending[1], ""))
        return end

    def _end_of(self, name: str, position: int) -> tuple[int, int] | None:
        """The start and end of the end tag of the element `name` whose content begins at `position`.

        None if another such element begins before it; only a script may contain such a tag as text.
        """
        if self._tags is None:
            self._tags = defaultdict(lambda: ([], []))
            for tag in _UNNESTED_TAG.finditer(self._html):
                if tag[1] or tag[2].lower() != "script":
                    places, ends = self._tags[tag[2].lower()]
                    places.append(tag.start())
                    ends.append(bool(tag[1]))
        places, ends = self._tags[name]
        following = bisect_right(places, position - 1)
        if following == len(places) or not ends[following]:
            return None
        start = places[following]
        end = _TAG_END.match(self._html, start + 2 + len(name))
        return (start, end.end()) if end else None

    def _remove(self, start: int, end: int) -> None:
        self.removals.append(Edit(start, end, "", omits=True))

    def _escape_tag(self, start: int, end: int) -> int:
        text = self._html[start:end].replace("<", "&lt;")
        self.repairs.append(Edit(start, end, text))
        return end

    def _drop_end_tag(self, tag: re.Match[str]) -> None:
        """An end tag without its element."""
        if self._inline:
            self._escape_tag(tag.start(), tag.end())
        else:
            self.repairs.append(Edit(tag.start(), tag.end(), ""))

    def _close_media(self, tag: re.Match[str]) -> None:
        """Close a video or audio element that is never closed right after its sources."""
        sources = _SOURCES.match(self._html, tag.end())
        end = sources.end() if sources else tag.end()
        self.repairs.append(Edit(end, end, f"</{tag[2]}>"))

    def _find(self, mark: str, position: int) -> int | None:
        """Where `mark` stands after `position` in the same piece; nothing is searched twice."""
        if self._next.get(mark, -1) < position:
            self._next[mark] = self._find_or_end(mark, position)
        start = self._next[mark]
        return start if start < self._piece_end(position) else None

    def _piece_end(self, position: int) -> int:
        if self._next.get(BARRIER, -1) < position:
            self._next[BARRIER] = self._find_or_end(BARRIER, position)
        return self._next[BARRIER]

    def _find_or_end(self, mark: str, position: int) -> int:
        start = self._html.find(mark, position)
        return start if start >= 0 else len(self._html)


def _shows_picture(html: str) -> bool:
    """Whether the content of a `noscript` is a picture, and not a tracking pixel."""
    return bool(_PICTURE.search(html)) and not _NO_PICTURE.search(html)


def _skip_harmless(html: str, position: int) -> int:
    passed = _PASSED.match(html, position)
    return passed.end() if passed else position


def _link_to_frame(attributes: str) -> str:
    """A link to the `src` of an `iframe`; "" without one."""
    values = {
        name.lower(): in_double_quotes or in_quotes or unquoted
        for name, in_double_quotes, in_quotes, unquoted in _ADDRESS.findall(attributes)
    }
    address = values.get("src", "").replace('"', "%22")
    label = values.get("title") or address
    return f'<a href="{address}">{label.replace("<", "&lt;")}</a>' if address else ""
