"""Tags and expressions of JSX (facebook.github.io/jsx); the JavaScript is not run."""

import html
import re
from collections.abc import Mapping

import msgspec

_NAME = re.compile(r"[A-Za-z][\w.:-]*+")
_ATTRIBUTE_NAME = re.compile(r"[^\s\"'<>/={}]++")
_EQUALS = re.compile(r"\s*+=\s*+")
_SPACE = re.compile(r"\s*+")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_BARE = re.compile(r"[^\s\"'<>={}`]++")
_BRACE = re.compile(
    r"""[{}]|/\*(?:.*?\*/|.*+)|(?<!:)//[^\n]*+|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`""",
    re.DOTALL,
)
_MAX_EXPRESSION = 5_000
_MAX_ATTRIBUTES = 200

_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*$", re.DOTALL | re.MULTILINE)
_LITERAL = re.compile(
    r"""(?P<quote>["'`])(?P<text>(?:[^\\"'`$]++|\\.|(?!(?P=quote))["'`]|\$(?!\{))*+)(?P=quote)""", re.DOTALL
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# What gives the address of a file: `require('./a.png').default`, `useBaseUrl('/a.png')`.
_FILE_CALL = re.compile(
    r"""(?:require|useBaseUrl|withBase|String\.raw)\s*\(?\s*(["'`])([^"'`{}]*)\1\s*\)?(?:\.\w+)?"""
)
_WORD = re.compile(r"[\w$]+(?:\.src|\.default)?")
_ESCAPE = re.compile(r"\\(\r?\n|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "", "\n": "", "\r\n": ""}
_TAG = re.compile(r"<[^<>]*>")

# HTML attributes as React names them.
_RENAMED = {"classname": "class", "htmlfor": "for"}


class JsxTag(msgspec.Struct, frozen=True):
    """A tag that ends at `end`; a fragment has no `name`. `attributes` are those whose values are known."""

    end: int
    name: str
    attributes: dict[str, str]
    closing: bool = False
    closes_itself: bool = False


def read_tag(text: str, start: int, constants: Mapping[str, str]) -> JsxTag | None:
    """Read the tag whose `<` is at `start`; None if there is none. `constants` are the values of names."""
    position = start + 1
    closing = text.startswith("/", position)
    position += closing
    name = _NAME.match(text, position)
    position = name.end() if name else position
    attributes: dict[str, str] = {}
    for _ in range(_MAX_ATTRIBUTES):
        before = position
        position = _skip_space(text, position)
        if text.startswith("/>", position) and not closing:
            return JsxTag(position + 2, name[0] if name else "", attributes, closes_itself=True)
        if text.startswith(">", position):
            return JsxTag(position + 1, name[0] if name else "", attributes, closing=closing)
        if position == before or not name or closing:
            return None
        if text.startswith("{", position):  # `{...properties}`
            end = end_of_expression(text, position)
            if end is None:
                return None
            position = end
            continue
        attribute = _ATTRIBUTE_NAME.match(text, position)
        if not attribute:
            return None
        value, end = _read_value(text, attribute.end(), constants)
        if end is None:
            return None
        key = attribute[0].lower()
        if value is not None:
            attributes.setdefault(_RENAMED.get(key, key), value)
        position = end
    return None


def _read_value(text: str, position: int, constants: Mapping[str, str]) -> tuple[str | None, int | None]:
    """The value of an attribute whose name ends at `at`, if it is known, and its end, if it has one."""
    equals = _EQUALS.match(text, position)
    if not equals:
        return "", position
    position = equals.end()
    if text.startswith("{", position):
        end = end_of_expression(text, position)
        return (None, None) if end is None else (static_value(text[position + 1 : end - 1], constants), end)
    if quoted := _QUOTED.match(text, position):
        return html.unescape(quoted[0][1:-1]), quoted.end()
    bare = _BARE.match(text, position)
    return (html.unescape(bare[0]), bare.end()) if bare else (None, None)


def _skip_space(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return space.end() if space else position


def end_of_expression(text: str, start: int) -> int | None:
    """The end of the expression whose brace is at `start`; None if it is never closed."""
    depth = 0
    for brace in _BRACE.finditer(text, start, start + _MAX_EXPRESSION):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0:
            return brace.end()
    return None


def static_value(expression: str, constants: Mapping[str, str]) -> str | None:
    """The value of an expression in braces that needs no JavaScript to run; None for any other."""
    expression = _COMMENT.sub("", expression).strip()
    if not expression or expression in {"true", "null", "undefined", "false"}:
        return None if expression == "false" else ""
    if literal := _LITERAL.fullmatch(expression):
        return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), literal["text"])
    if _NUMBER.fullmatch(expression):
        return expression
    if call := _FILE_CALL.fullmatch(expression):
        return call[2]
    if _WORD.fullmatch(expression):
        return constants.get(expression.partition(".")[0])
    if expression.startswith("<") and "{" not in expression:
        return html.unescape(_TAG.sub("", expression)).strip()
    return None
