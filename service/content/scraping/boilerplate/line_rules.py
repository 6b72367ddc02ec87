"""The rules that tell from one line alone that it is not part of the article."""

import re

from service.content.scraping.vocabulary import phrase_pattern

MARKS = " \t*•·-–—|:>»›→←«‹<[]()#=~_▸►▶…↑⬆✉/\\"

# Rule, word list, reason. The first rule that matches a whole line wins.
_RULES = (
    ("share", "share", "invites to share or follow"),
    ("newsletter", "newsletter", "asks to subscribe, register or donate"),
    ("subscription", "paywall", "says who may read on"),
    ("copyright", "copyright", "states the copyright of the page"),
    ("advertisement", "advertisement", "marks an advertisement"),
    ("next", "related_headings", "links to other articles"),
    ("next", "related_lines", "links to another article"),
    ("navigation", "navigation", "is navigation of the site"),
    ("counter", "counters", "counts minutes, views or similar"),
    ("comments", "comment_headings", "is the heading of an empty comment section"),
    ("comments", "comment_form", "belongs to the comment form"),
    ("shop", "shop", "links to a shop"),
)
_LONGEST_MATCH = 400
_LONGEST_REQUEST = 800
_LONGEST_LINE = 1_000
_DOTS = re.compile(r"\s*(?:\.{2,}|…)$")
_QUOTED = re.compile(r"[\"“”«»„‘]")


def match_boilerplate(text: str) -> tuple[str, str] | None:
    """The rule and the reason why a whole line is boilerplate; None if it is not."""
    words = strip_marks(text)
    if len(words) > _LONGEST_MATCH:
        return None
    for rule, name, reason in _RULES:
        pattern = phrase_pattern(name)
        # The marks themselves may be what the rule looks for: `©`, `[ad id="1"]`.
        needs_marks = rule in {"copyright", "advertisement"} and len(text) <= _LONGEST_LINE
        if pattern.fullmatch(words) or (needs_marks and pattern.fullmatch(text)):
            return rule, reason
    if not words and not any(c in text for c in ".…*"):
        return "navigation", "holds only punctuation"
    return None


def match_below_text(text: str) -> tuple[str, str] | None:
    """The rule and the reason why a line below the text is boilerplate; None if it is not."""
    words = text.strip(MARKS)
    match = _match_request(words) or match_boilerplate(text)
    if match is None and phrase_pattern("comment_form").fullmatch(words.rstrip(" .")):
        return "comments", "belongs to the comment form"
    return match or (None if words else ("navigation", "holds only punctuation"))


def is_appeal_opening(text: str) -> bool:
    """Whether a paragraph opens an appeal to readers that may run over several paragraphs."""
    words = text.strip(MARKS)
    return bool(phrase_pattern("appeal_openings").search(words)) and not _QUOTED.search(words)


def strip_marks(text: str) -> str:
    """A line without the punctuation around it."""
    words = text.strip(MARKS)
    if len(words) > _LONGEST_LINE:
        return words  # longer than any rule matches
    words = _DOTS.sub("", words)
    return words.rstrip("!") if " " in words else words


def _match_request(words: str) -> tuple[str, str] | None:
    """The rule and the reason if a line below the text addresses the readers."""
    if len(words) >= _LONGEST_REQUEST:
        return None
    short = len(words) < _LONGEST_MATCH
    quoted = _QUOTED.search(words)
    if short and not quoted and phrase_pattern("comment_policy").search(words):
        return "comments", "states the rules for comments"
    if phrase_pattern("editorial_standards").fullmatch(words):
        return "navigation", "is navigation of the site"
    if quoted:
        return None
    if phrase_pattern("appeals").search(words) or (short and phrase_pattern("own_work").search(words)):
        return "newsletter", "asks readers to donate, to write or to order"
    return None
