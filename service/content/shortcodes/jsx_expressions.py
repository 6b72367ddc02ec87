"""The attributes of JSX that are expressions, `style={{color: "red"}}`: JavaScript, which is not run."""

import re

_ATTRIBUTE = re.compile(r"(?<![ \t\n])[ \t\n]+(?:[\w:-]+=)?\{")
_BRACE = re.compile(r"""[{}]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`""")
_LONGEST = 5_000
_MOST_NEVER_CLOSED = 500


def without_expressions(text: str) -> str:
    """`text` in which no tag has an attribute in braces, however they nest: `<A f={() => <b>{x}</b>} />`."""
    parts: list[str] = []
    done = never_closed = 0
    within = False
    for attribute in _ATTRIBUTE.finditer(text):
        start = attribute.start()
        if start < done or never_closed > _MOST_NEVER_CLOSED:
            continue
        within = _is_within_tag(text[max(done, start - _LONGEST) : start], within)
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
    """Whether `before` ends within a tag; `was` is what held where it begins."""
    opened, closed = before.rfind("<"), before.rfind(">")
    if opened == closed == -1:
        return was
    return opened > closed and before[opened + 1 : opened + 2].isalpha()


def _end(text: str, start: int) -> int | None:
    """Where the expression ends whose brace stands at `start`; None where it is never closed."""
    depth = 0
    for brace in _BRACE.finditer(text, start, start + _LONGEST):
        depth += {"{": 1, "}": -1}.get(brace.group(), 0)
        if depth == 0:
            return brace.end()
    return None
