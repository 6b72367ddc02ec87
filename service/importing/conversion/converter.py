"""A converter of markdownify with the extensions of Markdown that Broadsheet reads.

markdownify works on the trees of BeautifulSoup, which are used in this package only; everything else reads
HTML with turbohtml. The standard library's html.parser builds the tree: the HTML is sanitised before, so that
every parser builds the same.
"""

import re
from typing import Any

from bs4 import Tag
from markdownify import ATX, BACKSLASH, MarkdownConverter

# Elements that begin an HTML block which ends at the next blank line (CommonMark §4.6, condition 6).
_HTML_BLOCKS = frozenset(
    """
    address aside blockquote center details dialog dd dir div dl dt fieldset figcaption figure footer h1 h2 h3
    h4 h5 h6 header hr li main menu nav ol p section summary table ul
    """.split()
)
_RAW_INLINE = tuple("sup sub kbd mark u ins abbr small cite q samp var time dfn".split())
_RAW_BLOCKS = ("figure", "dl", "details", "video", "audio", "ruby", "aside", "address")

_LIGHT = re.compile(r"([\\`*<]|\[(?=[\^ xX]|[^\]\n]{0,300}\][(:\[])|(?<!\w)_|_(?!\w)|&(?=#?\w+;)|~~)")
_CAREFUL = re.compile(r"([\\`*_\[\]<>~!|]|&(?=#?\w+;)|(?<=\w)\.(?=\w)|(?<=\w):(?=//)|@)")
_LINE_START = re.compile(
    r"^([ ]*)(?:(\d{1,9})([.)])(?=\s|$)|([-+=](?=\s|$)|#{1,6}(?=\s|$)|>|-{2,}\s*$|={2,}\s*$|:))", re.MULTILINE
)
_RULES = {"left": ":--", "center": ":-:", "right": "--:"}
_TEMPLATE = re.compile(r"\{(?=[{%#])")
_BLANK = re.compile(r"\n(?=[ \t]*\n)")
_PRE = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)


class Converter(MarkdownConverter):
    """Converts one block; `careful` escapes all that could be markup, and writes emphasis as HTML."""

    def __init__(self, *, careful: bool) -> None:
        self.careful = careful
        super().__init__(
            heading_style=ATX,
            bullets="-",
            newline_style=BACKSLASH,
            code_language_callback=_language,
            strip_pre="strip_one",
            keep_inline_images_in=["td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "a"],
        )
        for name in _RAW_INLINE:
            setattr(self, f"convert_{name}", self._inline)
        for name in _RAW_BLOCKS:
            setattr(self, f"convert_{name}", self._block)
        if careful:
            for name in ("strong", "b", "em", "i", "del", "s"):
                setattr(self, f"convert_{name}", self._inline)

    def convert_block(self, block: Tag) -> str:
        around = Tag(name="div")
        around.append(block.__copy__())
        text = self.process_tag(around, parent_tags=set())  # type: ignore[attr-defined]
        return str(text).strip("\n")

    def raw_block(self, block: Tag) -> str:
        """The element as HTML without blank lines, so that no part of it is read as Markdown."""
        text = str(block)
        if block.name not in _HTML_BLOCKS and block.name != "pre":
            text = f"<div>{text}</div>"
        parts = _PRE.split(text)
        for number, part in enumerate(parts):
            preformatted = number % 2 == 1
            parts[number] = _BLANK.sub("&#10;" if preformatted else "", part)
        return _TEMPLATE.sub("&#123;", "".join(parts))

    def escape(self, text: str, parent_tags: set[str]) -> str:
        text = (_CAREFUL if self.careful else _LIGHT).sub(r"\\\1", text)
        text = _TEMPLATE.sub("&#123;", text)
        return re.sub(r"(?<!\\)\|", r"\\|", text) if {"td", "th"} & parent_tags else text

    def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_inline" not in parent_tags:
            text = _LINE_START.sub(_escape_start, text.strip(" \t\r\n"))
        return str(super().convert_p(el, text, parent_tags))  # type: ignore[misc]

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if el.contents and isinstance(el.contents[0], str):
            text = (
                _LINE_START.sub(_escape_start, text.lstrip(), count=1)
                if _LINE_START.match(text.lstrip())
                else text
            )
        return str(super().convert_li(el, text, parent_tags))  # type: ignore[misc]

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: N802 - its name there
        # A `#` at the end would be read as a closing sequence (CommonMark §4.2).
        return str(super().convert_hN(n, el, re.sub(r"#(?=#*\s*$)", r"\\#", text), parent_tags))  # type: ignore[misc]

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        del el, text
        return "<br>" if "_inline" in parent_tags else "\\\n"

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        address = str(el.get("href") or "")
        if "_noformat" in parent_tags or not address:
            return text
        lead, words, trail = re.fullmatch(r"(\s*)(.*?)(\s*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
        if str(el.string or "") == address and address.startswith(("http://", "https://")):
            return f"{lead}<{address}>{trail}"
        title = el.get("title")
        title_part = ' "{}"'.format(str(title).replace("\\", "\\\\").replace('"', '\\"')) if title else ""
        return f"{lead}[{words}]({_destination(address)}{title_part}){trail}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        del text, parent_tags
        alt = re.sub(r"([\\`*_\[\]<&])", r"\\\1", " ".join(str(el.get("alt") or "").split()))
        title = el.get("title")
        title_part = ' "{}"'.format(str(title).replace("\\", "\\\\").replace('"', '\\"')) if title else ""
        return f"![{alt}]({_destination(str(el.get('src') or ''))}{title_part})"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        del parent_tags
        text = text.removeprefix("\n").removesuffix("\n")
        longest = max(map(len, re.findall(r"`{3,}", text)), default=2)
        fence = "`" * (longest + 1)
        return f"\n\n{fence}{_language(el)}\n{text}\n{fence}\n\n"

    def convert_code(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_noformat" in parent_tags:
            return text
        if {"td", "th"} & parent_tags:
            text = text.replace("|", "\\|")
        return str(super().convert_code(el, text, parent_tags))  # type: ignore[misc]

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """The table with the alignment of its columns in the second line."""
        heads = [str(cell.get("align") or "") for cell in el.find_all(["th", "td"], limit=200)]
        row, line, *rest = [*text.strip().split("\n"), ""]
        if re.fullmatch(r"(?:\| --- )+\|", line):
            line = "| " + " | ".join(_RULES.get(align, "---") for align in heads[: line.count("---")]) + " |"
        return str(super().convert_table(el, "\n".join([row, line, *rest]), parent_tags))  # type: ignore[misc]

    def _inline(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_noformat" in parent_tags or not text.strip():
            return text
        attributes = "".join(f' {name}="{_quoted(value)}"' for name, value in el.attrs.items())
        return f"<{el.name}{attributes}>{text}</{el.name}>"

    def _block(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        del text, parent_tags
        return f"\n\n{self.raw_block(el)}\n\n"


def _language(el: Any) -> str:
    code = el.find("code")
    for element in filter(None, (code, el)):
        for name in element.get("class") or []:
            match = re.fullmatch(r"lang(?:uage)?-(\S+)", name)
            if match:
                return match.group(1)
    return ""


def _destination(address: str) -> str:
    """The destination of a link; in angle brackets if it would otherwise end early (CommonMark §6.3)."""
    return f"<{address}>" if not address or re.search(r"[\s()<>]", address) else address


def _escape_start(match: re.Match[str]) -> str:
    spaces, digits, mark, sign = match.groups()
    return f"{spaces}{digits}\\{mark}" if digits else f"{spaces}\\{sign}"


def _quoted(value: Any) -> str:
    text = " ".join(value) if isinstance(value, list) else str(value)
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
