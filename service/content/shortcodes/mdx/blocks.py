"""Arranges the lines of MDX so that CommonMark reads them alike.

In MDX, what is between tags that stand alone on their lines is Markdown of its own, whatever its indentation.
In CommonMark, it is HTML up to a blank line, and code if it is indented.
"""

import re

from service.markup import inline_to_html

BOUNDARY = "\x04"
"""Stands alone on its line for a tag that was removed; text never contains it."""

_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt fieldset
    figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link
    main menu nav ol optgroup option p param pre script search section style summary table tbody td tfoot th
    thead title tr track ul
    """.split()
)
# Their content is a line of text, so what is between their tags is no paragraph.
_LINES = frozenset("p h1 h2 h3 h4 h5 h6 summary dt caption legend figcaption".split())
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_TAG = re.compile(r"<(/?)([A-Za-z][\w.:-]*+)[^<>]*+>")
_TAGS = re.compile(r"(<[^<>]*+>)")
_ESCAPES = re.compile(r"[\\`]|&#")
_MARKS = re.compile(r"[\\`*_\[\]~$|{}]")
_ONLY_TAGS = re.compile(r"(?:</?[A-Za-z][^<>]*+>[ \t]*+)++")
_PARAGRAPH_TAG = re.compile(r"</?[pP](?:\s[^<>]*+)?>")
_WHOLE_PARAGRAPH = re.compile(r"<p>(.*)</p>[ \t]*", re.DOTALL)
_TAG_OF_PARAGRAPH = re.compile(r"</?p[\s>]")
_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]{1,4}(?=\S)|[ \t]*$)")
_FENCE = re.compile(r"`{3,}(?=[^`]*$)|~{3,}")
_THEMATIC_BREAK = re.compile(r"([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_OTHER_BLOCK = re.compile(r"#{1,6}(?:[ \t]|$)|:::|<!--|\[\^?[^\]\n]{1,200}\]:|(?:[-*_][ \t]*){3,}$")
# What a paragraph cannot continue with.
_INTERRUPTS = re.compile(
    rf"{BOUNDARY}|#{{1,6}}(?:[ \t]|$)|>|:::|<!--|`{{3}}|~{{3}}|(?:[-*+]|1[.)])[ \t]+\S|"
    rf"</?(?:{'|'.join(sorted(_BLOCKS))})(?=[\s>])"
)
_MOST_QUOTATIONS = 10
_MOST_MARKERS = 20  # of list items that begin on one line
_MOST_LINES = 100  # of an element that is read as one line
_TABLE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*+\|?")
_LABEL = re.compile(r"\[([^\]\[\n]{1,200})\]")
_DEFINITION = re.compile(r"^[ \t]*\[([^\]\[\n^]{1,200})\]:[ \t]*\S[^\n]*$", re.MULTILINE)


def arrange_blocks(text: str) -> str:
    """`text`, whose tags are each on one line, as CommonMark."""
    return _Arranger(text, 0).arrange()


class _Arranger:
    """Reads the lines of one text in order, and writes them."""

    def __init__(self, text: str, quotations: int) -> None:
        self._quotations = quotations  # around the text
        self._lines = text.expandtabs(4).split("\n") if "\t" in text else text.split("\n")
        definitions = _DEFINITION.finditer(text) if "]:" in text else ()
        self._definitions = {match[1].casefold(): match[0].strip() for match in definitions}
        self._written: list[str] = []
        self._items: list[tuple[int, int]] = []  # the columns of the text of list items, read and written
        self._marker = ""  # of the list items that the next line begins
        self._open: list[str] = []  # the elements whose start tags stand alone on their lines
        self._in_paragraph = False
        self._after_tags = False

    def arrange(self) -> str:
        start = 0
        while start < len(self._lines):
            line = self._lines[start]
            content = line.strip()
            if content:
                content = self._read_margin(len(line) - len(line.lstrip()), content)
                start = self._read_block(start, content)
            else:
                self._write_blank()
                start += 1
        return "\n".join(self._written)

    def _read_margin(self, column: int, content: str) -> str:
        """Leave and enter list items as the line with `content` at `column` does; its text after markers."""
        if self._in_paragraph and not (
            _INTERRUPTS.match(content) or (self._items and _MARKER.match(content))
        ):
            return content
        while self._items and column < self._items[-1][0]:
            self._items.pop()
        for _ in range(_MOST_MARKERS):
            marker = _MARKER.match(content)
            if not marker or _THEMATIC_BREAK.match(content):
                break
            width = marker.end() if marker.end() < len(content) else len(content) + 1
            written = len(self._margin) if not self._marker else self._items[-1][1]
            column += width
            self._items.append((column, written + width))
            self._marker += f"{marker[0].rstrip()} ".ljust(width)
            self._in_paragraph = False
            content = content[marker.end() :]
        return content

    @property
    def _margin(self) -> str:
        return " " * (self._items[-1][1] if self._items else 0)

    def _read_block(self, start: int, content: str) -> int:
        """Write what begins with `content` in the line `start`; the number of the next line to read."""
        if content == BOUNDARY:
            self._write_blank()
            return start + 1
        if content.startswith(">") and self._quotations < _MOST_QUOTATIONS:
            return self._write_quotation(start, content)
        if fence := _FENCE.match(content):
            return self._write_fence(start, content, fence[0])
        tags = _TAG.findall(content) if content[:1] == "<" else []
        if tags and tags[0][1].lower() == "pre" and not tags[0][0]:
            return self._write_preformatted(start)
        if tags and tags[0][1].lower() in _LINES and not tags[0][0]:
            end = self._end_of_line_element(start, content)
            if end:
                return self._write_inline(start, content, end)
        if tags and _ONLY_TAGS.fullmatch(content) and self._begins_block(tags):
            self._write_tags(content, tags)
            return start + 1
        if tags and tags[0][1].lower() in _BLOCKS:
            return self._write_inline(start, content, self._end_of_paragraph(start, content))
        if self._after_tags:
            self._write_blank()
        self._write(content)
        self._in_paragraph = bool(content) and not _OTHER_BLOCK.match(content)
        return start + 1

    def _begins_block(self, tags: list[tuple[str, str]]) -> bool:
        """Whether a line of only tags is no part of a paragraph; keeps count of what it opens."""
        names = [(bool(closing), name.lower()) for closing, name in tags]
        first = names[0]
        if len(names) > 1 and first[1] not in _BLOCKS:
            return False
        closes = first[0] and bool(self._open) and self._open[-1] == first[1]
        return not self._in_paragraph or first[1] in _BLOCKS or closes

    def _write_tags(self, content: str, tags: list[tuple[str, str]]) -> None:
        if not self._after_tags:
            self._write_blank()
        for closing, name in tags:
            if not closing and name.lower() not in _VOID:
                self._open.append(name.lower())
            elif closing and self._open and self._open[-1] == name.lower():
                self._open.pop()
        content = _PARAGRAPH_TAG.sub("", content).strip()
        if content:
            self._write(content)
        self._in_paragraph = False
        self._after_tags = True

    def _end_of_line_element(self, start: int, content: str) -> int:
        """The line after the element that `content` begins; 0 if a blank line divides it."""
        name = _TAG.findall(content)[0][1].lower()
        depth = 0
        for number in range(start, min(start + _MOST_LINES, len(self._lines))):
            line = content if number == start else self._lines[number]
            if not line.strip():
                return 0
            for closing, inner in _TAG.findall(line):
                if inner.lower() == name:
                    depth += -1 if closing else 1
            if depth <= 0:
                return self._end_of_paragraph(number, "") if depth == 0 else number + 1
        return 0

    def _end_of_paragraph(self, start: int, content: str) -> int:
        """The line after the paragraph that `content` continues; all elements that it opens end in it."""
        depth = _depth_of(content)
        for number in range(start + 1, len(self._lines)):
            line = self._lines[number].strip()
            if not line or self._is_table(number):
                return number
            is_tag = line[0] == "<" and bool(_ONLY_TAGS.fullmatch(line) or _INTERRUPTS.match(line))
            if depth <= 0 if is_tag else _INTERRUPTS.match(line):
                return number
            depth += _depth_of(line)
        return len(self._lines)

    def _is_table(self, number: int) -> bool:
        """Whether a table begins with the line `number`."""
        if number + 1 == len(self._lines) or "|" not in self._lines[number]:
            return False
        return bool(_TABLE.fullmatch(self._lines[number + 1].strip()))

    def _write_inline(self, start: int, content: str, end: int) -> int:
        """Write the lines from `start` to `end`, whose Markdown is within a line, as HTML."""
        source = "\n".join((content, *(line.strip() for line in self._lines[start + 1 : end])))
        if not self._after_tags:
            self._write_blank()
        paragraph = _WHOLE_PARAGRAPH.fullmatch(source)
        if paragraph and not _TAG_OF_PARAGRAPH.search(paragraph[1]):
            self._write_blank()
            written = paragraph[1].strip()
        else:
            labels = {label.casefold() for label in _LABEL.findall(source)} if self._definitions else ()
            definitions = [self._definitions[label] for label in sorted(labels) if label in self._definitions]
            written = inline_to_html(source, definitions)
            if _ESCAPES.search(source):  # what was no Markdown must not become Markdown when it is read again
                written = "".join(map(_escape_text, _TAGS.split(written)))
        for line in filter(str.strip, written.split("\n")):
            self._write(line)
        self._in_paragraph = False
        self._after_tags = True
        if paragraph:
            self._write_blank()
        return end

    def _write_quotation(self, start: int, content: str) -> int:
        end = start + 1
        lines = [content]
        while end < len(self._lines) and (line := self._lines[end].strip()).startswith(">"):
            lines.append(line)
            end += 1
        quotation = "\n".join(line[1:].removeprefix(" ") for line in lines)
        if self._after_tags or self._in_paragraph:
            self._write_blank()
        for line in _Arranger(quotation, self._quotations + 1).arrange().split("\n"):
            self._write(f"> {line}".rstrip())
        self._in_paragraph = True
        return end

    def _write_preformatted(self, start: int) -> int:
        """Write the lines from `start` to the end of the element as they are."""
        if not self._after_tags:
            self._write_blank()
        end = next(
            (number for number in range(start, len(self._lines)) if "</pre>" in self._lines[number]), start
        )
        self._written += self._lines[start : end + 1]
        self._in_paragraph = False
        self._after_tags = True
        return end + 1

    def _write_fence(self, start: int, content: str, mark: str) -> int:
        if self._after_tags or self._in_paragraph:
            self._write_blank()
        line = self._lines[start]
        column = len(line) - len(line.lstrip())
        self._write(content)
        self._in_paragraph = False
        for number in range(start + 1, len(self._lines)):
            line = self._lines[number]
            code = line[min(column, len(line) - len(line.lstrip())) :]
            self._write(code)
            ending = code.strip()
            if len(ending) >= len(mark) and set(ending) == {mark[0]}:
                return number + 1
        return len(self._lines)

    def _write(self, content: str) -> None:
        """Write a line after the margin, or after the marker of the list item that it begins."""
        margin = self._margin
        if self._marker:
            margin = " " * (len(margin) - len(self._marker)) + self._marker
            self._marker = ""
        self._written.append(f"{margin}{content}".rstrip() if not content.strip() else margin + content)
        self._after_tags = False

    def _write_blank(self) -> None:
        if self._written and self._written[-1]:
            self._written.append("")
        self._in_paragraph = self._after_tags = False


def _escape_text(part: str) -> str:
    return part if part.startswith("<") else _MARKS.sub(lambda mark: f"&#{ord(mark[0])};", part)


def _depth_of(line: str) -> int:
    """How many more elements a line opens than it closes."""
    return sum(0 if name.lower() in _VOID else -1 if closing else 1 for closing, name in _TAG.findall(line))
