"""Split a whole HTML page into the metadata of its head and its body."""

import html
import re

import msgspec

from service.content.front_matter.known_keys import BOOLEANS
from service.content.front_matter.values import Entry, add_entry, normal_key

_IGNORE = re.IGNORECASE
_WHOLE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).)*+-->\s*)*+<(?:!doctype|html|head|body|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_BODY = re.compile(r"<body\b[^<>]*>", _IGNORE)
_BODY_END = re.compile(r"</body\s*>", _IGNORE)
_HEAD_END = re.compile(r"</head\s*>", _IGNORE)
_TITLE = re.compile(r"<title\b[^<>]*>([^<]*)", _IGNORE)
_LANGUAGE = re.compile(r"<html\b[^<>]*?\slang\s*=\s*[\"']?([A-Za-z0-9-]+)", _IGNORE)
_META = re.compile(r"<meta\b([^<>]*)>", _IGNORE)
_ATTRIBUTE = re.compile(r"""([A-Za-z:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>][^\s>]*))""")
_HEADING = re.compile(r"<h1\b[^<>]*>(.{0,1000}?)</h1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")

_REFRESH = re.compile(r"\s*\d*\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"\s]+)", _IGNORE)

# The front matter keys of meta elements, besides those of `_HIDING_NAMES`.
META_NAMES = {
    "description": "summary",
    "author": "author",
    "article:expiration_time": "expires",
    "article:published_time": "published",
    "article:modified_time": "updated",
    "authors": "authors",
    "category": "category",
    "date": "date",
    "keywords": "keywords",
    "modified": "updated",
    "slug": "slug",
    "status": "status",
    "summary": "summary",
    "tags": "tags",
}
# These hide an article of Pelican and other generators that read every `meta` element as front matter.
_HIDING_NAMES = BOOLEANS | {
    "visibility",
    "access",
    "audience",
    "password",
    "post_status",
    "publish_date",
    "pubdate",
}


def is_whole_page(text: str) -> bool:
    """Whether `text` begins as an HTML document does, comments and an XML declaration aside."""
    return bool(_WHOLE.match(text))


class HtmlPage(msgspec.Struct, frozen=True):
    """The metadata of a page as entries of front matter, its body, and `meta` elements of other names."""

    entries: dict[str, Entry]
    body: str
    unread: tuple[Entry, ...]


def split_page(text: str, first_line: int) -> HtmlPage:
    """Split a whole page that begins on `first_line`. Raises ContentError as `add_entry`."""
    opening = _BODY.search(text) or _HEAD_END.search(text)
    start = opening.end() if opening else 0
    endings = [match.start() for match in _BODY_END.finditer(text, start)]
    body = text[start : endings[-1] if endings else len(text)]
    head = text[: start or 100_000]
    entries: dict[str, Entry] = {}
    for name, line, value in _facts(head, body):
        add_entry(entries, Entry(name, first_line + line, value))
    unread = tuple(Entry(name, first_line + line, value) for name, line, value in _unread(head))
    return HtmlPage(entries, body.strip(), unread)


def _facts(head: str, body: str) -> list[tuple[str, int, str]]:
    """The front-matter key, the line below the first and the value of everything the head states."""
    facts = []
    language = _LANGUAGE.search(head)
    if language:
        facts.append(("language", _line(head, language), language.group(1)))
    for meta in reversed(list(_META.finditer(head))):
        attributes = _attributes(meta)
        if attributes.get("http-equiv", "").lower() == "refresh":
            target = _REFRESH.match(html.unescape(attributes.get("content", "")))
            facts += [("redirect_to", _line(head, meta), target.group(1))] if target else []
        name = _front_matter_key(attributes.get("name", attributes.get("property", "")))
        content = attributes.get("content", attributes.get("contents"))  # as in earlier versions of Pelican
        if content and "noindex" in content.lower() and attributes.get("name", "").lower() == "robots":
            name = "robots"
        if name and content:
            facts.append((name, _line(head, meta), html.unescape(content)))
    title = _TITLE.search(head)
    if title and title.group(1).strip():
        facts.append(("title", _line(head, title), _without_site_name(html.unescape(title.group(1)), body)))
    return facts


def _front_matter_key(name: str) -> str | None:
    """The key of front matter that a `meta` element of this name gives; None for any other name."""
    key = normal_key(name)
    return META_NAMES.get(name.lower()) or (key if key in _HIDING_NAMES else None)


def _unread(head: str) -> list[tuple[str, int, str]]:
    """The `meta` elements with names that are not known."""
    facts = []
    for meta in _META.finditer(head):
        attributes = _attributes(meta)
        name = attributes.get("name", "")
        if name and _front_matter_key(name) is None:
            facts.append((name, _line(head, meta), html.unescape(attributes.get("content", ""))))
    return facts


def _attributes(meta: re.Match[str]) -> dict[str, str]:
    values = _ATTRIBUTE.findall(meta.group(1))
    return {
        name.lower(): in_double_quotes or in_quotes or unquoted
        for name, in_double_quotes, in_quotes, unquoted in values
    }


def _without_site_name(title: str, body: str) -> str:
    """The title without the name of the site (`Vote delayed | The Daily`), if a heading confirms it."""
    match = _HEADING.search(body)
    heading = " ".join(html.unescape(_TAG.sub("", match.group(1))).split()) if match else ""
    return heading if heading and heading in " ".join(title.split()) else title


def _line(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start())
