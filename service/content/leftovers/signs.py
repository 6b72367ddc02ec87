"""What a text holds that may be left of a template, found in two passes: most texts hold none of it."""

import re

import msgspec

_AFTER_BRACE = re.compile(r"\{(?=(.{1,2}))", re.DOTALL)
_LINE_START = re.compile(r"\n[ \t]*+([:!?<]|[\[@](?=\[?_?(?i:toc))|import\b)")
_MOST_TRIES = 20


class Signs(msgspec.Struct, frozen=True):
    """What stands where in a text: whatever is not among it need not be looked for.

    `braces` are the characters that follow a brace that opens, one by one and in twos; `lines` those of
    `:!?<` that begin a line, `[` and `@` where such a mark of a table of contents does, and `import`.
    """

    braces: frozenset[str]
    lines: frozenset[str]


def signs_of(text: str) -> Signs:
    return Signs(braces=after_braces(text), lines=frozenset(_LINE_START.findall(f"\n{text}")))


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


def after_braces(text: str) -> frozenset[str]:
    """What follows the braces that open in `text`: the next character, and the next two."""
    if "{" not in text:
        return frozenset()
    found = set(_AFTER_BRACE.findall(text))
    return frozenset(found | {two[0] for two in found})
