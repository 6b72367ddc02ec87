"""Recognises texts that are not articles by their content: templates, keys, licences, settings of tools."""

import json
import re
from contextlib import suppress
from typing import Any

from service.content.files.kinds import HTML_SUFFIXES, MARKDOWN_SUFFIXES, RESTRUCTURED_TEXT

TEMPLATE_FOLDERS = frozenset({"templates", "template", "_templates"})
"""Names, in lower case, of folders with templates: texts without front matter, or with tags in it."""

_FRONT_MATTER = re.compile(
    r"\ufeff?\s*(?:(?P<fence>---|\+\+\+|;;;)[ \t]*\r?\n(?:(?!(?P=fence))[^\n]*\n)*+"
    r"|\{\s*\"(?:(?!\n\})[\s\S])*+)"
)
_TITLE_KEY = re.compile(r"^[ \t\"]*(?:title|date)[ \t\"]*[:=]", re.MULTILINE | re.IGNORECASE)
_TAG = re.compile(r"\{\{|\{%|<%|<\?php")
# Code in Markdown and in HTML, and scripts: template tags there are quoted, or run in the browser.
_FENCED_CODE = re.compile(
    r"^[ \t]*(`{3,}(?=[^`\n]*\n)|~{3,})[^\n]*\n(?:(?![ \t]*\1)[^\n]*\n)*+(?:[^\n]*)", re.MULTILINE
)
_INLINE_CODE = re.compile(r"(?<!`)(`++)[^`\n]*\1")
_INDENTED_CODE = re.compile(r"^(?: {4}|\t)[^\n]*", re.MULTILINE)
_HTML_CODE = re.compile(r"<(pre|code|script|style|textarea)\b(?:(?!</\1\b).)*+", re.IGNORECASE | re.DOTALL)
_RAW = re.compile(r"\{%-?\s*(?:raw|verbatim)\b(?:(?!\{%-?\s*end(?:raw|verbatim)).)*+", re.DOTALL)
# A layout or a part of one: tags that inherit from, define or are defined for other templates.
_LAYOUT_TAG = re.compile(
    r"\{%[-+]?\s*(?:extends|block|endblock|macro|endmacro)\b"
    r"|\{\{-?\s*(?:define|block|template)\s+\""
    r"|\{\{[#~]?>"
    r"|<%[-=]?\s*(?:include|yield|render|extends)\b"
    r"|<\?php\b"
)
# Tags that only a template engine reads; HTML that is an article has been through it.
_ENGINE_TAG = re.compile(
    r"\{%[-+]?\s*(?:for|if|include|set|load|import|from|call|with|trans|url|assign|render)\s"
    r"|\{\{-?\s*(?:range|with|partial|end|if)\b"
    r"|\{\{#(?:each|if|unless|foreach)\b"
    r"|<%[-=]"
)
_TITLE = re.compile(r"<(title|h1)\b[^<>]*>(?P<text>[^<]*)", re.IGNORECASE)
_ONLY_TAG = re.compile(r"\s*(?:\{\{[^{}]*\}\}|\{%[^%]*%\}|<%[^%]*%>)\s*")

_ARMORED = re.compile(
    r"-----BEGIN (?!PGP SIGNED MESSAGE)[A-Z0-9][A-Z0-9 ]*-----(?:(?!-----END ).)*+"
    r"(?:-----END [A-Z0-9 ]+-----)?",
    re.DOTALL,
)
_PUBLIC_KEY = re.compile(
    r"(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+@openssh\.com) AAAA|age1[a-z0-9]{50}|AGE-SECRET-KEY-1"
    r"|PuTTY-User-Key-File-|untrusted comment: (?:minisign|signify)"
)
_WORD = re.compile(r"\w+")
_KEY_WORDS = 30
"""The number of words outside its armored blocks that a file with a key may have."""

# In words of a licence, in lower case, without punctuation.
_LICENCE_TITLE = re.compile(
    r"(?:the )?(?:mit|isc|zlib|bsd|boost software|artistic|(?:new )?bsd \d clause|apache|mozilla public"
    r"|eclipse public|european union public|gnu (?:\w+ )?general public|gnu free documentation|sil open font"
    r"|creative commons|attribution|cc0|do what the fuck you want to public|copyright)\b"
)
_LICENCE_TERMS = re.compile(
    r"permission is hereby granted|permission to use copy|redistribution and use in source and binary forms"
    r"|terms and conditions for (?:use|copying)|everyone is permitted to copy|font software is licensed under"
    r"|by exercising the licensed rights|is not a law firm|free and unencumbered software"
    r"|each contributor hereby grants|obtaining a copy of the software"
)
_OPENING = 3000

_REST_HEADER = re.compile(r"\s*\.\. (?:title|slug|date|tags|author): ")
_REST_DIRECTIVE = re.compile(r"^[ \t]*\.\. (?:_[^\n:]+:|\|[^|\n]+\| \w+::|[a-z][\w-]*::)", re.MULTILINE)
_REST_ROLE = re.compile(r":[a-z][\w:-]*:`[^`\n]+`|`[^`\n<]+<[^`\n>]+>`_")

_JSON_PART = re.compile(r'"(?:[^"\\]|\\.)*+"?|//[^\n]*|/\*(?:(?!\*/).)*+(?:\*/)?|,(?=\s*[}\]])', re.DOTALL)


def find_text_exclusion(path: str, text: str) -> str | None:
    """Why the text of the file at `path` is no article; None if it may be one."""
    *folders, name = path.lower().split("/")
    if name.endswith((".json", ".jsonl")):
        return None
    front_matter = _FRONT_MATTER.match(text)
    if not TEMPLATE_FOLDERS.isdisjoint(folders) and (
        not front_matter
        or _TAG.search(front_matter[0])
        or (_TAG.search(text) and not _is_titled(front_matter))
    ):
        return "a template"
    if front_matter:
        return None
    if _TAG.search(text) and _is_template(name, text):
        return "a template"
    if _is_key(text):
        return "a key or a certificate"
    if _is_licence(text):
        return "a licence, not an article"
    if name.endswith(".txt") and _is_restructured_text(text):
        return RESTRUCTURED_TEXT
    return None


def is_template_expression(title: str) -> bool:
    """Whether a title is nothing but a template tag: `{{ article.title }}`."""
    return bool(_ONLY_TAG.fullmatch(title))


def read_json_with_comments(text: str) -> Any:
    """The value of JSON with comments or commas at the end of lists, as tools allow; None for other text."""
    if "//" not in text and "/*" not in text and not re.search(r",\s*[}\]]", text):
        return None
    plain = _JSON_PART.sub(lambda part: part[0] if part[0].startswith('"') else " ", text)
    # A comma may stand before a comment, which is gone only now.
    plain = _JSON_PART.sub(lambda part: part[0] if part[0].startswith('"') else " ", plain)
    with suppress(ValueError, RecursionError):
        return json.loads(plain)
    return None


def _is_titled(front_matter: re.Match[str]) -> bool:
    return bool(_TITLE_KEY.search(front_matter[0]))


def _is_template(name: str, text: str) -> bool:
    if name.endswith(MARKDOWN_SUFFIXES):
        for code in (_FENCED_CODE, _INLINE_CODE, _INDENTED_CODE):
            text = code.sub("", text)
    text = _RAW.sub("", _HTML_CODE.sub("", text))
    if _LAYOUT_TAG.search(text):
        return True
    if not name.endswith(HTML_SUFFIXES):
        return False
    return bool(_ENGINE_TAG.search(text)) or any(
        _TAG.search(title["text"]) for title in _TITLE.finditer(text)
    )


def _is_key(text: str) -> bool:
    """Whether the text is a key, a certificate or an encrypted message, with few other words."""
    start = text.lstrip("\ufeff \t\r\n")
    if _PUBLIC_KEY.match(start):
        return True
    if "-----BEGIN " not in text:
        return False
    rest, blocks = _ARMORED.subn("", text)
    return bool(blocks) and len(_WORD.findall(rest[:_OPENING])) <= _KEY_WORDS


def _is_licence(text: str) -> bool:
    """Whether the text begins as a well-known licence, or a copyright, and contains its permission."""
    words = " ".join(_WORD.findall(text[:_OPENING].lower()))
    if "free and unencumbered software" in words[:200]:
        return True
    return bool(_LICENCE_TITLE.match(words) and _LICENCE_TERMS.search(words))


def _is_restructured_text(text: str) -> bool:
    if _REST_HEADER.match(text):
        return True
    directives = len(_REST_DIRECTIVE.findall(text))
    return directives > 1 or (directives == 1 and bool(_REST_ROLE.search(text)))
