"""What a text holds that may be left of a template, found in two passes: most texts hold none of it."""

import re

import msgspec

# What a brace opens, and the first word after it and what belongs to it: `{%- word`, `{{< word`.
_AFTER_BRACE = re.compile(r"\{(?=(.{1,2}))(?=[{%<+-]{0,2}+\s*+(\w*+))", re.DOTALL)
# Most lines begin with none of the characters, which is told faster than that nothing else holds.
_LINE_START = re.compile(r"\n(?=[ \t:!?<\[@i])[ \t]*+([:!?<]|[\[@](?=\[?_?(?i:toc))|import\b)")
_MOST_TRIES = 20


class Braces(msgspec.Struct, frozen=True):
    """The characters that follow the braces which open in a text, one by one and in twos, and the words."""

    marks: frozenset[str]
    words: frozenset[str]


class Markers(msgspec.Struct, frozen=True):
    """What stands where in a text: whatever is not among it need not be looked for.

    `lines` are those of `:!?<` that begin a line, `[` and `@` where such a mark of a table of contents does,
    and `import`.
    """

    braces: Braces
    lines: frozenset[str]


def scan_markers(text: str) -> Markers:
    return Markers(braces=after_braces(text), lines=frozenset(_LINE_START.findall(f"\n{text}")))


def holds(text: str, words: str) -> bool:
    """Whether `words`, whose first character is rare, are in `text`.

    One character is found in a twentieth of the time of two.
    """
    at = text.find(words[0])
    for _ in range(_MOST_TRIES):
        if at == -1 or text.startswith(words, at):
            return at != -1
        at = text.find(words[0], at + 1)
    return at != -1 and text.find(words, at) != -1


def after_braces(text: str) -> Braces:
    if "{" not in text:
        return _NONE
    found = _AFTER_BRACE.findall(text)
    twos = {two for two, _ in found}
    return Braces(frozenset(twos | {two[0] for two in twos}), frozenset({word for _, word in found}))


_NONE = Braces(frozenset(), frozenset())
