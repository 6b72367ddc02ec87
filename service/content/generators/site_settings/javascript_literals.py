"""Literals in JavaScript and TypeScript settings, found by their names; the code is never run."""

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from service.content.front_matter.values import normal_key
from service.content.generators.site_settings.folder_defaults import glob_pattern
from service.errors import ContentError

_PROPERTY = re.compile(
    r"(?:^[ \t]*|[{,(]\s*)([A-Za-z]+)[ \t]*:[ \t]*(['\"`])((?:(?!\2)[^\\\n$]|\\['\"`\\])*)\2", re.MULTILINE
)
_ESCAPED_QUOTE = re.compile(r"\\(['\"`\\])")
_MAX_OBJECT = 5000
_MAX_OBJECTS = 100


# A text in quotes, or a comment.
_QUOTED_OR_COMMENT = (
    r"""("(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?|`(?:[^`\\]|\\.)*+`?)"""
    r"|/\*(?:(?!\*/)[\s\S])*+(?:\*/)?|//[^\n]*+"
)
# `draft: true`, `"draft": true`, `data.draft = true`, `draft: boolean = true`, and `draft() {` of a method.
_SET = (
    r"""(?<![\w$?"'-])(["']?)([A-Za-z_][\w-]*)\1[ \t]*"""
    r"""(?::[ \t]*[\w\[\]]+[ \t]*=(?![=>])|:|=(?![=>])|(?=\([^()\n]{0,200}\)\s*\{))\s*"""
)
_LITERAL = r"""(?:(true|!0)|(false|!1)|(["'`])([^"'`\n$]*)\3)\s*(?=[,;}\n)]|\Z)"""
_NO_VALUE = r"(?:null|undefined|boolean|string)\b"
_NO_GLOBS = rf"{_NO_VALUE}|/"  # of Webpack, `exclude` is often a regular expression
_CONSTANT = r"\b(?:const|let|var)\s+([A-Za-z_$][\w$]*)[^=\n;]{0,200}=(?![=>])\s*"
_QUOTED = r"""(?:"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\[\s\S])*+`)"""
# Of a list: a text, a name that may be spread, or other code; then what ends it.
_ITEM = (
    rf"\s*+(?:({_QUOTED})|(?:\.\.\.)?([A-Za-z_$][\w$]*+)"
    rf"""|((?:[^\[\](),"'`]|{_QUOTED}|\((?:[^()]|\([^()]*+\))*+\))*+))\s*+([,\]])"""
)
_END = r"(?:\s+(?:as|satisfies)\s[\w \[\]<>]*+)?(?:\s*+(?:[,;})\]]|\Z)|[ \t]*+\n\s*+[^\s.?:&|+(\[])"
_MAX_ITEMS = 1000


def find_values(text: str, names: Collection[str]) -> Iterator[tuple[str, int, Any]]:
    """Each key among `names` (by normal key) that the code sets, its line, and its value.

    The value is a boolean, a text or a list of texts; None for anything else.
    """
    code = without_comments(text)
    literal = re.compile(_LITERAL)
    for key, line, position in _find_keys(code, names, _NO_VALUE):
        if known := literal.match(code, position):
            yield key, line, known[4] if known[3] else bool(known[1])
            continue
        texts, is_whole = _TextReader(code).read(position)
        yield key, line, texts if is_whole else None


def find_globs(text: str, name: str) -> tuple[list[str], list[ContentError]]:
    """The texts of the lists that the code sets for the key `name`, and a fault where there may be more."""
    code = without_comments(text)
    reader = _TextReader(code)
    globs: list[str] = []
    faults = []
    for key, line, position in _find_keys(code, {normal_key(name)}, _NO_GLOBS):
        texts, is_whole = reader.read(position)
        globs += texts
        complex_globs = (glob for glob in texts if glob_pattern(glob) is None)
        messages = [f"{key}: the glob {glob!r} is too complex; write several" for glob in complex_globs]
        if not is_whole:
            messages.append(f"{key} is set by code, which is not run; write it as a list of texts in quotes")
        faults += [ContentError(line, message) for message in messages]
    return globs, faults


def without_comments(text: str) -> str:
    """The code with its lines but without comments."""
    return re.sub(_QUOTED_OR_COMMENT, lambda found: found[1] or "\n" * found[0].count("\n"), text)


def _find_keys(code: str, names: Collection[str], no_value: str) -> Iterator[tuple[str, int, int]]:
    """Each key among `names` that the code sets, its line, and where its value begins."""
    line, counted = 1, 0
    without_value = re.compile(no_value)
    for found in re.finditer(_SET, code):
        if normal_key(found[2]) not in names or without_value.match(code, found.end()):
            continue
        before = code[max(0, found.start() - 20) : found.start()].rstrip()
        if before.endswith(("?", ".")) and ":" in found[0]:
            continue  # `isPublic(data) ? data.permalink : false`
        if _is_unused_variable(before, found[2], code):
            continue
        line, counted = line + code.count("\n", counted, found.start()), found.start()
        yield found[2], line, found.end()


def _is_unused_variable(before: str, name: str, code: str) -> bool:
    """Whether `before` declares a variable that is neither exported nor a property, `{name}`."""
    declaration = re.search(r"(\bexport\s+)?\b(?:const|let|var)$", before)
    if declaration is None or declaration[1]:
        return False
    return not re.search(rf"[{{,]\s*{re.escape(name)}\s*[,}}]", code)


class _TextReader:
    """Reads texts and lists of texts in `code`; constants of the same code are followed, each once."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._followed: set[str] = set()

    def read(self, position: int) -> tuple[list[str], bool]:
        """The texts in the list (or text, or constant) at `position`, and whether it has nothing else."""
        item = re.compile(rf"({_QUOTED})|([A-Za-z_$][\w$]*+)")
        if self._code.startswith("[", position):
            texts, is_whole, end = self._read_list(position + 1)
        elif single := item.match(self._code, position):
            texts, is_whole = self._read_item(single[1], single[2])
            end = single.end()
        else:
            return [], False
        return texts, is_whole and bool(re.compile(_END).match(self._code, end))

    def _read_list(self, position: int) -> tuple[list[str], bool, int]:
        """As `read`, of the items after a bracket; and where the list ends."""
        texts: list[str] = []
        is_whole = True
        item = re.compile(_ITEM)
        for _ in range(_MAX_ITEMS):
            found = item.match(self._code, position)
            if found is None:
                break
            if found[1] or found[2] or found[3]:
                read, is_known = self._read_item(found[1], found[2])
                texts += read
                is_whole = is_whole and is_known
            position = found.end()
            if found[4] == "]":
                return texts, is_whole, position
        return texts, False, position

    def _read_item(self, quoted: str | None, name: str | None) -> tuple[list[str], bool]:
        if quoted:
            is_template = quoted[0] == "`" and "${" in quoted
            return ([], False) if is_template else ([re.sub(r"\\(.)", r"\1", quoted[1:-1])], True)
        if name in self._followed:
            return [], True
        if name and name in self._constants:
            self._followed.add(name)
            return self.read(self._constants[name])
        return [], False

    @cached_property
    def _constants(self) -> dict[str, int]:
        return {found[1]: found.end() for found in re.finditer(_CONSTANT, self._code)}


def read_properties(text: str, names: frozenset[str]) -> dict[str, str]:
    """The text of each property among `names`, `title: 'x'`; the first that is not blank counts."""
    values: dict[str, str] = {}
    for name, value in find_properties(text):
        if name in names and value.strip():
            values.setdefault(name, value)
    return values


def find_properties(text: str) -> Iterator[tuple[str, str]]:
    """Name and text of every property with a quoted text."""
    return ((name, _ESCAPED_QUOTE.sub(r"\1", value)) for name, _, value in _PROPERTY.findall(text))


def find_objects(before: str, text: str) -> list[dict[str, str]]:
    """The quoted texts in each object after the pattern `before`, without those of nested objects."""
    return [_own_properties(content) for content in find_object_texts(before, text)]


def find_object_texts(before: str, text: str) -> list[str]:
    """What is between the braces of each object after the pattern `before`; "" for one without an end."""
    openings = islice(re.finditer(rf"{before}\s*\{{", text), _MAX_OBJECTS)
    return [_content(text[opening.end() : opening.end() + _MAX_OBJECT]) for opening in openings]


def _content(text: str) -> str:
    """`text` up to the brace that closes the object whose content it begins with."""
    depth = 1
    for brace in re.finditer(r"[{}]", text):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return text[: brace.start()]
    return ""


def _own_properties(content: str) -> dict[str, str]:
    """The properties in the `content` of an object."""
    own, depth, done = "{", 1, 0
    for brace in re.finditer(r"[{}]", content):
        own += content[done : brace.start()] if depth == 1 else ""
        done = brace.end()
        depth += 1 if brace.group() == "{" else -1
    return dict(find_properties(own + content[done:]))
