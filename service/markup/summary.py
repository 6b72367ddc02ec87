"""Derives a summary from the first sentences of a text."""

import re

# One character set first: two alternatives would be tried at every character.
_SENTENCE_END = re.compile(r"[.!?…。！？](?:(?<=[。！？])[」』）]?|[\"'”’»)\]]*(?=\s))")
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sen|Rep|St|vs|No|Jr|Sr|etc|e\.g|i\.e))\.$"
)


def summarise(text: str, limit: int = 280) -> str:
    """Shorten `text` to at most `limit` characters: whole sentences if they fit, else whole words.

    White space is collapsed. A summary that ends within a sentence ends in `…`.
    """
    flat = " ".join(text[: limit * 20].split())
    if len(flat) <= limit:
        return flat
    ends = reversed(list(_SENTENCE_END.finditer(flat, 0, limit + 1)))
    end = next((match.end() for match in ends if _ends_sentence(flat, match)), 0)
    if end and end >= limit // 3:
        return flat[:end]
    words, space, _ = flat[:limit].rpartition(" ")
    kept = words if space and len(words) >= limit // 2 else flat[: limit - 1]
    return kept.rstrip(" ,;:–—-(") + "…"


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    return not _ABBREVIATION.search(text[max(0, match.start() - 6) : match.start() + 1])
