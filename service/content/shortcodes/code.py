"""Code in a text, hidden while the text around it changes; code marked by template tags becomes Markdown."""

import heapq
import html
import re

import msgspec

from service.content.shortcodes.prefilter import Markers, scan_markers
from service.markup import TextFormat

_LIQUID_WORDS = "highlight|codeblock|code|mermaid|prettify|raw|verbatim"
_HTML_WORDS = "raw[-_]?html|rawHTML|html|unsafe|raw"
_HUGO_WORDS = f"highlight|codes?|mermaid|{_HTML_WORDS}"
_ELEMENTS = "pre|code|script|style"
# Where code may begin. Each pattern begins with a literal; one of all of them, or one that begins with "`+",
# is tried at every character.
_BEGINNINGS = (
    ("`", re.compile("``*")),
    ("~", re.compile("~~~~*")),
    ("<", re.compile(rf"<(?=({_ELEMENTS})\b)")),
)
_IN_BRACES = re.compile(rf"\{{(?=%-?\s*({_LIQUID_WORDS})\b|\{{[<%]\s*({_HUGO_WORDS})\b)")
# The words of both as they stand after braces, and what stands before a hyphen in one.
_WORDS = frozenset(_LIQUID_WORDS.split("|")) | frozenset(
    ("highlight", "code", "codes", "mermaid", "raw", "raw_html", "rawhtml", "rawHTML", "html", "unsafe")
)
BEFORE_FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?")
_CLOSING = r"[ \t>]*(?P=mark)[`~]*[ \t]*$"
# Possessive: trying each shorter fence takes quadratic time and never matches.
FENCE = re.compile(
    rf"(?P<mark>`{{3,}}+(?=[^`\n]*\n)|~{{3,}}+)[^\n]*\n(?:(?!{_CLOSING})[^\n]*+\n)*+(?:{_CLOSING}|[^\n]*\Z)",
    re.MULTILINE,
)
# A code span ends with its paragraph: at an empty line, a list, a heading, a quotation, a fence (CommonMark).
_LINE_IN_SPAN = r"\n(?![ \t]*(?:\n|[-*+>][ \t]|#{1,6}[ \t]|1[.)][ \t]|```|~~~))"
SPAN = re.compile(rf"(?P<ticks>`+)(?!`)(?:[^`\n]++|{_LINE_IN_SPAN}|(?!(?P=ticks)(?!`))`++)*+(?P=ticks)(?!`)")
_LIQUID = re.compile(
    r"\{%-?\s*(?P<tag>highlight|codeblock|code|mermaid|prettify)\b(?P<given>[^%]*)%\}\n?(?P<inner>.*?)"
    r"\{%-?\s*end(?P=tag)\s*-?%\}",
    re.DOTALL,
)
_HUGO = re.compile(
    rf"\{{\{{[<%]\s*(?P<name>{_HUGO_WORDS})\b(?P<options>[^{{}}]*?)[>%]\}}\}}\n?(?P<within>.*?)"
    r"\{\{[<%]\s*/\s*(?P=name)\s*[>%]\}\}",
    re.DOTALL,
)
_HTML = re.compile(_HTML_WORDS)
_RAW = re.compile(
    r"\{%-?\s*(?P<word>raw|verbatim)\s*-?%\}(?P<verbatim>.*?)\{%-?\s*end(?P=word)\s*-?%\}", re.DOTALL
)
_ELEMENT = re.compile(r"<(?P<kind>pre|code|script|style)\b.*?</(?P=kind)\s*>", re.DOTALL)
# The title of code in a fence: `title="a.js"`, `js:title=a.js` (Gatsby), `js [a.js]` (VitePress).
_TITLE = re.compile(
    r"""[ \t{,:](?:title|filename)=(?:"([^"\n`]*)"|'([^'\n`]*)'|([^\s`"',{}]+))"""
    r"""|[ \t]+\[([^\]\n`]+)\][ \t]*$"""
)
_TITLED = re.compile(
    rf"^(?P<margin>[ \t>]*)(?P<mark>```+)(?P<info>[^\n`]*(?:{_TITLE.pattern})[^\n`]*)$", re.MULTILINE
)
# The end of code that a tag marks, by how the tag begins.
_ENDS = {
    "{%": r"\{{%-?\s*end{word}\s*-?%\}}",
    "{{": r"\{{\{{[<%]\s*/\s*{word}\s*[>%]\}}\}}",
    "<": r"</{word}\s*>",
}
_BLOCK = r"(?:(?:[ ]{4}|\t)[^\n]*(?:\n|\Z)(?:[ \t]*\n(?=[ ]{4}|\t))*)+"
_INDENTED = re.compile(rf"\n([ \t]*\n{_BLOCK})")
_INDENTED_FIRST = re.compile(_BLOCK)
_INDENTED_IN_QUOTATION = re.compile(r"\n(>[ \t]*\n(?:>[ ]{5}[^\n]*(?:\n|\Z)(?:>[ \t]*\n(?=>[ ]{5}))*)+)")
# The language of indented code in Python-Markdown.
_LANGUAGE_ABOVE = re.compile(r"(?:[ ]{4}|\t)(?::::|#!)([A-Za-z][\w+#-]*)[^\n]*\n")
_MARGIN = re.compile(r"^(?:[ ]{4}|\t)", re.MULTILINE)
_LIST = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s|^[ \t]+\S|^\[\^[^\]]+\]:")
_LANGUAGE = re.compile(r"(?:lang(?:uage)?\s*[:=]\s*)?[\"']?([A-Za-z][\w+#.-]*)")


class _Piece(msgspec.Struct, frozen=True):
    """A piece of code from `start` to `end`, and its replacement."""

    start: int
    end: int
    replacement: str


class Code:
    """The pieces of code of one text, each replaced by its number between two NULs, which no text has."""

    def __init__(self, text_format: TextFormat) -> None:
        self._format = text_format
        self._pieces: list[str] = []
        self._last_ends: dict[tuple[str, str], int] = {}

    def hide(self, text: str, markers: Markers) -> str:
        text = self._hide_marked(text, markers)
        if self._format != "markdown":
            return text
        return self._hide_indented(text)

    def _hide_marked(self, text: str, markers: Markers) -> str:
        beginnings = [pattern.finditer(text) for first, pattern in _BEGINNINGS if first in text]
        if not markers.braces.words.isdisjoint(_WORDS):
            beginnings.append(_IN_BRACES.finditer(text))
        if not beginnings:
            return text
        parts: list[str] = []
        done = line = searched = 0
        for beginning in heapq.merge(*beginnings, key=re.Match.start):
            start = beginning.start()
            if start < done:
                continue
            if beginning.lastindex is None:
                line = max(line, text.rfind("\n", searched, start) + 1)
                searched = start
                piece = self._fence(text, start, line) if line >= done else None
                if piece is None and not _is_in_shortcode(text, max(line, done), start):
                    piece = self._span(text, start)
            else:
                kind = text[start : start + 2] if text[start] == "{" else "<"
                last_end = self._last_end(text, kind, beginning[beginning.lastindex])
                piece = self._marked(text, start) if start < last_end else None
            if piece:
                parts += (text[done : piece.start], piece.replacement)
                done = piece.end
        return "".join((*parts, text[done:])) if done else text

    def show(self, text: str) -> str:
        """The text with its code, which may have pieces inside."""
        while "\x00" in text:
            parts = text.split("\x00")
            parts[1::2] = [self._pieces[int(number)] for number in parts[1::2]]
            text = "".join(parts)
        return text

    def keep(self, piece: str) -> str:
        """Hide `piece`, and return what stands for it."""
        self._pieces.append(piece)
        return f"\x00{len(self._pieces) - 1}\x00"

    def _fence(self, text: str, start: int, line: int) -> _Piece | None:
        """The code whose fence, perhaps in a list or a quotation, begins at `start` of the line at `line`."""
        if not BEFORE_FENCE.fullmatch(text, line, start):
            return None
        match = FENCE.match(text, start)
        if match is None:
            return None
        piece = (
            _with_title(text[line : match.end()]) if self._format == "markdown" else text[line : match.end()]
        )
        return _Piece(line, match.end(), self.keep(piece) if self._format == "markdown" else piece)

    def _span(self, text: str, start: int) -> _Piece | None:
        match = SPAN.match(text, start)
        if match is None:
            return None
        kept = self.keep(match.group()) if self._format == "markdown" else match.group()
        return _Piece(start, match.end(), kept)

    def _last_end(self, text: str, kind: str, word: str) -> int:
        """The start of the last tag of `kind` that ends code marked with `word`; -1 without one.

        No such code begins after it. Without this, each opening would be searched to the end of the text.
        """
        if (kind, word) not in self._last_ends:
            ends = re.finditer(_ENDS[kind].format(word=word), text)
            self._last_ends[kind, word] = max((end.start() for end in ends), default=-1)
        return self._last_ends[kind, word]

    def _marked(self, text: str, start: int) -> _Piece | None:
        """The code that the tag of a template or of HTML at `start` marks."""
        if match := _LIQUID.match(text, start):
            language = _LANGUAGE.search(match["given"]) if match["tag"] != "codeblock" else None
            named = re.search(r"\blang:\s*(\w+)", match["given"])
            language_name = named[1] if named else language[1] if language else ""
            kept = self._block(
                "mermaid" if match["tag"] == "mermaid" else language_name, match["inner"], match
            )
        elif (match := _HUGO.match(text, start)) and _HTML.fullmatch(match["name"]):
            kept = self.keep(_html_block(match["within"]))
        elif match:
            language = _LANGUAGE.search(match["options"])
            language_name = "mermaid" if match["name"] == "mermaid" else language[1] if language else ""
            kept = self._block(language_name, match["within"], match)
        elif match := _RAW.match(text, start):
            kept = self._raw(match["verbatim"])
        elif match := _ELEMENT.match(text, start):
            kept = self.keep(match.group())
        else:
            return None
        return _Piece(start, match.end(), kept)

    def _raw(self, text: str) -> str:
        """The text between raw tags, which is Markdown; braces in it are text."""
        inner = Code(self._format)
        inner._pieces = self._pieces
        hidden = inner.hide(text, scan_markers(text))
        return re.sub(r"\{(?=[{%#])|(?<=\{)[{%#]", lambda brace: self.keep(f"&#{ord(brace[0])};"), hidden)

    def _block(self, language: str, text: str, match: re.Match[str]) -> str:
        text = text.rstrip()
        start = match.string.rfind("\n", 0, match.start()) + 1
        margin = match.string[start : match.start()]
        if self._format == "html" or margin.strip():
            named = f' class="language-{html.escape(language)}"' if language else ""
            return self.keep(f"<pre><code{named}>{html.escape(text, quote=False)}</code></pre>")
        longest = max(map(len, re.findall(r"`+", text)), default=0)
        fence = "`" * max(3, longest + 1)
        return self.keep(f"{fence}{language}\n{text}\n{margin}{fence}\n")

    def _hide_indented(self, text: str) -> str:
        # rfind looks for the first character, and line ends are rarer than spaces.
        if text.rfind("\n    ") != -1 or ("\t" in text and "\n\t" in text):
            text = _INDENTED.sub(self._indented, text)
        if "\n>     " in text:
            text = _INDENTED_IN_QUOTATION.sub(self._indented, text)
        first = _INDENTED_FIRST.match(text)
        return self.keep(_with_language(first.group())) + text[first.end() :] if first else text

    def _indented(self, match: re.Match[str]) -> str:
        above = _line_above(match.string, match.start())
        return match.group() if _LIST.match(above) else f"\n{self.keep(_with_language(match[1]))}"


def has_titles(text: str) -> bool:
    """Whether code in `text` may have a title that converters show."""
    return (
        "```" in text
        and ("title=" in text or "filename=" in text or "[" in text)
        and bool(_TITLED.search(text))
    )


def _with_title(fence: str) -> str:
    """Code in a fence with its title in a line above it."""
    match = _TITLED.match(fence)
    if match is None:
        return fence
    margin, info = match["margin"], match["info"]
    found = _TITLE.search(info)
    title = next(filter(None, found.groups() if found else ()), "").strip()
    words = re.sub(r"([\\`*_\[\]<>&])", r"\\\1", title)
    above = f"{margin.rstrip()}\n{margin}**{words}**\n{margin.rstrip()}\n" if words else ""
    return f"{above}{margin}{match['mark']}{_TITLE.sub(' ', info, count=1).rstrip()}{fence[match.end() :]}"


def _is_in_shortcode(text: str, line: int, start: int) -> bool:
    """Whether `start` is between `{{<` and `>}}` on its line, where Hugo has strings in backticks."""
    opening = max(text.rfind("{{<", line, start), text.rfind("{{%", line, start))
    return opening >= 0 and text.find("}}", opening, start) < 0


def _html_block(html: str) -> str:
    """HTML as one block of Markdown, in which neither indentation nor a blank line begins code."""
    if "<pre" not in html:
        html = "\n".join(line.strip() for line in html.split("\n") if line.strip())
    return f"\n{html}\n\n" if "\n" in html else html


def _line_above(text: str, end: int) -> str:
    """The last line before `end` that is not blank."""
    while end > 0:
        start = text.rfind("\n", 0, end) + 1
        if line := text[start:end].rstrip():
            return line
        end = start - 1
    return ""


def _with_language(block: str) -> str:
    """Indented code, or fenced code if its first line has its language: `:::python`."""
    blank = len(block) - len(block.lstrip("\n"))
    language = _LANGUAGE_ABOVE.match(block, blank)
    if not language:
        return block
    code = _MARGIN.sub("", block[language.end() :]).rstrip()
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", code)), default=0))
    return f"{block[:blank]}{fence}{language[1]}\n{code}\n{fence}\n\n"
