"""Attributes of JSX with expressions, `style={{color: "red"}}`; the JavaScript is not run."""

import re

_ATTRIBUTE = re.compile(r"(?<![ \t\n])[ \t\n]+(?:[\w:-]+=)?\{")
_BRACE = re.compile(r"""[{}]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`""")
_MAX_EXPRESSION = 5_000
_MAX_NEVER_CLOSED = 500


def without_expressions(text: str) -> str:
    """`text` without attributes in braces, nested ones included: `<A f={() => <b>{x}</b>} />`."""
    parts: list[str] = []
    done = never_closed = 0
    within = False
    for attribute in _ATTRIBUTE.finditer(text):
        start = attribute.start()
        if start < done or never_closed > _MAX_NEVER_CLOSED:
            continue
        within = _is_within_tag(text[max(done, start - _MAX_EXPRESSION) : start], within)
        if not within:
            continue
        end = _end(text, attribute.end() - 1)
        if end is None:
            never_closed += 1
            continue
        parts.append(text[done:start])
        done = end
    return "".join((*parts, text[done:]))


def _is_within_tag(before: str, was: bool) -> bool:
    """Whether `before` ends within a tag; `was` is whether it begins within one."""
    opened, closed = before.rfind("<"), before.rfind(">")
    if opened == closed == -1:
        return was
    return opened > closed and before[opened + 1 : opened + 2].isalpha()


def _end(text: str, start: int) -> int | None:
    """The end of the expression whose brace is at `start`; None if it is never closed."""
    depth = 0
    for brace in _BRACE.finditer(text, start, start + _MAX_EXPRESSION):
        depth += {"{": 1, "}": -1}.get(brace.group(), 0)
        if depth == 0:
            return brace.end()
    return None
