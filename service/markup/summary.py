"""The first sentences of a text, where nobody wrote a summary."""

import re

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s)|[。！？][」』）]?")
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sen|Rep|St|vs|No|Jr|Sr|etc|e\.g|i\.e))\.$"
)


def summarise(text: str, limit: int = 280) -> str:
    """The beginning of `text` in at most `limit` characters: whole sentences if they fit, else whole words.

    White space becomes single spaces. A summary that stops within a sentence ends in `…`.
    """
    flat = " ".join(text[: limit * 20].split())
    if len(flat) <= limit:
        return flat
    ends = [match.end() for match in _SENTENCE_END.finditer(flat, 0, limit + 1) if _ends(flat, match)]
    if ends and ends[-1] >= limit // 3:
        return flat[: ends[-1]]
    words, space, _ = flat[:limit].rpartition(" ")
    kept = words if space and len(words) >= limit // 2 else flat[: limit - 1]
    return kept.rstrip(" ,;:–—-(") + "…"


def _ends(text: str, match: re.Match[str]) -> bool:
    return not _ABBREVIATION.search(text[max(0, match.start() - 6) : match.start() + 1])
