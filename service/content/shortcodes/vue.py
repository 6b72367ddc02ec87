"""Syntax of Vue in the pages of VitePress and VuePress: text that is no template, and bound attributes."""

import re

_LITERAL = "v-pre"
# A container of Markdown or an element, whose content is no template.
_OPENING = re.compile(
    r"^(?P<mark>:{3,})[ \t]*v-pre[ \t]*\n"
    r"|<(?P<name>[A-Za-z][\w-]{0,40})(?=\s)[^<>]{0,500}?\sv-pre\b[^<>]{0,500}>",
    re.MULTILINE,
)
_EVENT = re.compile(r"""@[a-z][\w.:-]{0,60}=["']""")
_SLOT = re.compile(r"<template (?:#|v-slot)")
_SLOT_TAG = re.compile(r"<template (?:#|v-slot)[^<>]{0,500}>|</template>")
# CommonMark allows no `@` at the beginning of an attribute's name, and shows such a tag as text.
_TAG = re.compile(r"""<[A-Za-z][\w-]{0,40}(?=\s)(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>""")
_BOUND = re.compile(r"""\s+@[\w.:-]+=(?:"[^"]*"|'[^']*')""")


def has_vue_syntax(text: str) -> bool:
    return _LITERAL in text or ("@" in text and bool(_EVENT.search(text))) or bool(_SLOT.search(text))


def clear_vue_syntax(text: str) -> str:
    """`text`, in which code is hidden, as Vue shows it: braces below `v-pre`, no events, no slots."""
    text = _escape_literals(text) if _LITERAL in text else text
    if "@" in text and _EVENT.search(text):
        text = _TAG.sub(_without_events, text)
    return _SLOT_TAG.sub("", text) if _SLOT.search(text) else text


def _without_events(tag: re.Match[str]) -> str:
    cleared = _BOUND.sub("", tag[0])
    # On a line of its own the end of the tag would begin a quotation.
    return tag[0] if cleared == tag[0] else " ".join(cleared.split()).replace(" >", ">")


def _escape_literals(text: str) -> str:
    parts: list[str] = []
    done = 0
    missing: set[str] = set()  # endings that do not follow: to look for them again takes quadratic time
    while opening := _OPENING.search(text, done):
        ending = f"\n{opening['mark']}" if opening["mark"] else f"</{opening['name']}"
        # An empty container ends in the line after its beginning.
        start = opening.end() - 1 if opening["mark"] else opening.end()
        end = -1 if ending in missing else text.find(ending, start)
        if end < 0:
            missing.add(ending)
            parts.append(text[done : opening.end()])
            done = opening.end()
            continue
        kept = "" if opening["mark"] else opening[0].replace(" v-pre", "", 1)
        parts += (text[done : opening.start()], kept, _escape_braces(text[opening.end() : end]))
        done = end + len(ending) if opening["mark"] else end
    return "".join((*parts, text[done:]))


def _escape_braces(text: str) -> str:
    return text.replace("{", "&#123;").replace("}", "&#125;")
