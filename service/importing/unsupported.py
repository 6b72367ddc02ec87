"""Describes exports and documents that are not supported, with what to do instead.

Without this list most of them would be read as plain text and become an article.
"""

import csv
import re
from typing import Any

from service.content.files.kinds import find_kind_exclusion
from service.content.front_matter.values import as_items
from service.importing.parsing.json_values import as_map
from service.importing.parsing.xml_text import root_name, to_text

_BEGINNING = 20_000
_BY_NAME = {
    "CSV": ("csv", "tsv"),
    "a spreadsheet": ("xls", "xlsx", "ods", "numbers"),
    "a style sheet": ("css", "scss", "sass", "less"),
    "program code": tuple(
        "js mjs cjs jsx ts tsx py rb php go rs java c h sh pl lua swift vue svelte ipynb".split()
    ),
    "settings": ("yml", "yaml", "toml", "ini", "cfg", "conf", "env", "properties", "lock"),
    "a calendar": ("ics",),
    "address cards": ("vcf",),
    "e-mail": ("eml", "mbox"),
    "a database": ("sql", "db", "sqlite", "sqlite3"),
    "a log": ("log",),
    "TeX": ("tex", "bib"),
    "a picture": ("svg",),
}
_NAMES = {suffix: name for name, suffixes in _BY_NAME.items() for suffix in suffixes}
_BY_BEGINNING = (
    (re.compile(rb"%PDF-"), "PDF"),
    (re.compile(rb"\{\\rtf"), "RTF"),
    (re.compile(rb"\x1f\x8b"), "a gzip archive: unpack it and import the folder"),
    (re.compile(rb"7z\xbc\xaf|Rar!|BZh|\xfd7zXZ"), "an archive: unpack it and import the folder"),
    (re.compile(rb"SQLite format 3|-- (?:MySQL|MariaDB|PostgreSQL|phpMyAdmin)"), "a database"),
    (re.compile(rb"(?:CREATE|DROP) TABLE\b|INSERT INTO\s+\S+\s*(?:\(|VALUES)"), "a database"),
    (re.compile(rb"BEGIN:VCALENDAR"), "a calendar"),
    (re.compile(rb"BEGIN:VCARD"), "address cards"),
    (
        re.compile(rb"From \S+@\S+ .*\n[A-Za-z-]+: |(?:Received|Return-Path|Delivered-To|MIME-Version): "),
        "e-mail",
    ),
    (re.compile(rb"///DOTCLEAR\|"), "a backup of Dotclear"),
    (re.compile(rb"window\.[\w.]+ *= *[\[{]"), "an archive of X (Twitter)"),
)
_ROOTS = {
    "opml": "OPML, which lists feeds or notes and holds no articles: import the feeds it names",
    "urlset": "a sitemap: it only lists addresses",
    "sitemapindex": "a sitemap: it only lists addresses",
    "svg": "a picture",
}
WHAT_TO_DO = "export as WordPress WXR, Atom, RSS, JSON Feed or Markdown, and import that"
# The templates of Blogger are HTML with elements and tags of Blogger.
_BLOGGER_TEMPLATE = re.compile(
    r"google\.com/2005/gml/(?:b|data|expr)|<b:(?:section|skin|includable)\b|<\$Blog\w+\$>"
    r"|^\s*(?:<\?xml[^>]*>\s*)?<Widgets?\b"
)
_TEXTS = ("content_html", "html", "markdown", "content_text", "text", "content", "body")
# The name of a column; a space after the comma means prose.
_COLUMN = re.compile(r"[A-Za-z_][\w .:/-]{0,40}")
_LISTS_OF_POSTS = ("posts", "items", "entries", "pages", "blogs", "stories", "documents")
_MARKDOWN = frozenset({"md", "markdown", "mdx"})
_TEXT_ROOTS = frozenset(
    """
    html body head article section div main p h1 h2 h3 h4 h5 h6 span a img ul ol table blockquote pre figure
    header footer em strong b i br hr details aside nav style script
    """.split()
)


def describe_unsupported(name: str, data: bytes) -> str | None:
    """The kind of an unsupported file, and what to do instead; None if it may be an article.

    Call it only if no reader recognises the file: a WordPress export is XML too.
    """
    suffix = name.lower().rpartition(".")[2] if "." in name else ""
    if suffix in _MARKDOWN:
        return None
    beginning = data[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n")
    known = _NAMES.get(suffix) or next((what for mark, what in _BY_BEGINNING if mark.match(beginning)), None)
    if known is None and (b"\x00" in beginning and beginning[:2] not in {b"\xff\xfe", b"\xfe\xff"}):
        return None
    if known is None:
        known = _of_text(to_text(data[:_BEGINNING]), suffix)
    if known is None and (reason := find_kind_exclusion(name.rpartition("/")[2], set())):
        return reason
    if known is None:
        return None
    return f"this is {known}" if ":" in known else f"this is {known}, which is not supported: {WHAT_TO_DO}"


def is_list_of_posts(value: Any) -> bool:
    """Whether a JSON value is an export of an unknown service: an object without a text that lists posts."""
    record = as_map(value)
    if any(isinstance(record.get(name), str) for name in _TEXTS):
        return False
    return any(isinstance(post, dict) for name in _LISTS_OF_POSTS for post in as_items(record.get(name)))


def _of_text(text: str, suffix: str) -> str | None:
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        return _of_markup(text, suffix)
    if suffix in {"json", "jsonl", "html", "htm"} or text.startswith(("{", "[")):
        return None
    return "CSV" if _is_table(text) else None


def _of_markup(text: str, suffix: str) -> str | None:
    if _BLOGGER_TEMPLATE.search(text):
        return "a template of Blogger: it holds no articles"
    root = root_name(text)
    if root in _ROOTS:
        return _ROOTS[root]
    is_xml = text.startswith("<?xml") or suffix in {"xml", "rss", "atom", "rdf", "wxr", "opml"}
    if root is None or root.lower() in _TEXT_ROOTS or not is_xml:
        return None
    return f"an XML document <{root}>"


def _is_table(text: str) -> bool:
    """Whether the first line names three columns or more, and the second has as many values."""
    lines = text[:5000].splitlines()[:2]
    for mark in (",", "\t", ";"):
        rows = list(csv.reader(lines, delimiter=mark))
        if len(rows) == 2 and len(rows[0]) == len(rows[1]) >= 3 and all(map(_COLUMN.fullmatch, rows[0])):
            return True
    return False
