"""Markup in titles, names and summaries, and plain text written so that it is read as plain text."""

import html
import re
from collections.abc import Iterator

from service.markup import drop_illegal

_INLINE = frozenset(
    """
    a abbr b big br cite code del em font i ins kbd mark nobr q s small span strong sub sup u wbr
    """.split()
)
_VOID_NAMES = "area base br col embed hr img input link meta source track wbr"
_VOID = frozenset(_VOID_NAMES.split())
_OPTIONAL_END = frozenset({"dd", "dt", "li", "p"})
_TAG = re.compile(r"<(?P<closes>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<attributes>\s[^<>]*)?/?>")
_LINE_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_BACKTICKS = re.compile("`+")
_REFERENCE = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][0-9A-Fa-f]{2,5});")
_MARKUP = re.compile(r"</?[a-z][^<>]*>|<!--|\]\(|\*\*|&#?\w+;")
_TEMPLATE = re.compile(r"\{[{%#]")
# Characters that have a meaning in Markdown anywhere, or at the start of a line.
_SPECIAL = re.compile(r"[!#$%&*<=>@\[\\\]^_`{|}~]|:(?=\S)|(?<=www)\.|^[-+:\ufeff]|^\d{1,9}[.)]")
_NAMES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def has_markup(text: str) -> bool:
    """Whether `text` has references, links or bold text of Markdown, or HTML beyond tags that are words."""
    if not _MARKUP.search(text):
        return False
    words = _find_words(text)
    return not words or _MARKUP.search(_replace_words(text, words, " ")) is not None


def escape_words(text: str) -> str:
    """`text` with `&lt;` for the `<` of each tag that is a word."""
    return _replace_words(text, _find_words(text), "&lt;") if "<" in text else text


def plain_title(title: str) -> str:
    """A title as text: without inline HTML (`The <em>big</em> day`) and references (`Q&amp;A`).

    What is not an element of HTML (`Option<T>`) stays, and so does a tag that is a word (`Why <em> is nice`).
    """
    if "<" in title:
        title = _LINE_BREAK.sub(" ", title)
        words = _find_words(title)
        title = _TAG.sub(
            lambda tag: tag[0] if tag["name"] not in _INLINE or tag.start() in words else "", title
        )
    return " ".join(drop_illegal(html.unescape(title)).split()) if _REFERENCE.search(title) else title


def write_plain(text: str) -> str:
    """Plain text as a title or summary of front matter, which is then read as exactly `text`."""
    if not has_markup(text) and plain_title(text) == text and not _TEMPLATE.search(text):
        return text
    return _SPECIAL.sub(_write_reference, text)


def _write_reference(special: re.Match[str]) -> str:
    digits, character = special[0][:-1], special[0][-1]
    return digits + _NAMES.get(character, f"&#{ord(character)};")


def _replace_words(text: str, words: frozenset[int], replacement: str) -> str:
    return re.sub("<", lambda bracket: replacement if bracket.start() in words else "<", text)


def _find_words(text: str) -> frozenset[int]:
    """Where the tags begin that are words: without attributes, and without the other tag of their pair.

    Tags in code of Markdown are none, nor are those of elements that need no other tag (`<br>`, `<p>Text`).
    """
    return frozenset(
        tag.start() for tag in _unpaired_tags(_mask_code(text)) if not (tag["attributes"] or "").strip()
    )


def _unpaired_tags(text: str) -> Iterator[re.Match[str]]:
    open_tags: dict[str, list[re.Match[str]]] = {}
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        if not tag["closes"]:
            open_tags.setdefault(name, []).append(tag)
        elif open_tags.get(name):
            open_tags[name].pop()
        else:
            yield tag
    for name, tags in open_tags.items():
        for tag in tags:
            is_followed = not text[tag.end() : tag.end() + 1].isspace() and tag.end() < len(text)
            if name not in _VOID and not (name in _OPTIONAL_END and is_followed):
                yield tag


def _mask_code(text: str) -> str:
    """`text` with its code spans (CommonMark §6.1) replaced by as many backticks."""
    runs = [match.span() for match in _BACKTICKS.finditer(text)]
    closing: dict[int, int] = {}
    next_run: dict[int, int] = {}
    for index in reversed(range(len(runs))):
        length = runs[index][1] - runs[index][0]
        if length in next_run:
            closing[index] = next_run[length]
        next_run[length] = index
    pieces, position, index = [], 0, 0
    while index < len(runs):
        if index in closing:
            start, end = runs[index][0], runs[closing[index]][1]
            pieces += [text[position:start], "`" * (end - start)]
            position, index = end, closing[index]
        index += 1
    return "".join([*pieces, text[position:]])
