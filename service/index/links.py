"""Links of an article to other articles by their file or former address lead to their present address."""

import posixpath
import re
import sqlite3
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import quote, unquote, urljoin

from service.content.discovery.file_kinds import HTML_SUFFIXES, MARKDOWN_SUFFIXES, SUFFIXES
from service.markup import SITE
from service.model import Article

_LINK = re.compile(rf'(?<=href="){SITE}(/[^"?#]*)')
_ARTICLES = "/articles/"
_FILES = "/files/"
_TEXT_SUFFIXES = (*MARKDOWN_SUFFIXES, *HTML_SUFFIXES)
# Folders of content below that of a site, which its links leave out.
_CONTENT_FOLDERS = ("", "content/", "source/", "src/", "docs/")
_SUFFIX = re.compile(r"\.\w+$")
_MAX_PATH = 500

_BY_PATH = "SELECT slug FROM documents WHERE path = ? AND row IS NOT NULL ORDER BY number LIMIT 1"
_BY_ADDRESS = (
    "SELECT documents.slug FROM aliases JOIN documents USING (doc)"
    " WHERE aliases.slug = ? AND row IS NOT NULL ORDER BY length(documents.slug), documents.slug LIMIT 1"
)

ArticleFinder = Callable[[str, str], str | None]
"""Called with a statement and its value: the slug of a visible article, or None."""


def link_articles(connection: sqlite3.Connection, article: Article) -> str:
    """The HTML of `article` whose links to files and former addresses of visible articles lead to these.

    Fragments and queries stay, and so does a link to anything else.
    """
    if f'href="{SITE}/' not in article.content_html:
        return article.content_html

    def find(statement: str, value: str) -> str | None:
        row = connection.execute(statement, (value,)).fetchone()
        return None if row is None else str(row[0])

    def replace(link: re.Match[str]) -> str:
        slug = find_linked(article, unquote(unescape(link[1])), find)
        return f"{SITE}{_ARTICLES}{quote(slug)}" if slug else link[0]

    return _LINK.sub(replace, article.content_html)


def find_linked(article: Article, address: str, find: ArticleFinder) -> str | None:
    """The slug of the article that a link in `article` to the decoded `address` on this site means."""
    if address.startswith(_ARTICLES) or len(address) > _MAX_PATH or not address.isprintable():
        return None
    suffix = _SUFFIX.search(address)
    if suffix and not suffix[0].lower().endswith(SUFFIXES):
        return None
    for former in _former_addresses(article, address):
        if slug := find(_BY_ADDRESS, former):
            return slug
    return next((slug for path in _source_files(article, address) if (slug := find(_BY_PATH, path))), None)


def _former_addresses(article: Article, address: str) -> Iterator[str]:
    """The addresses on the site the article comes from that a link may mean."""
    if not address.startswith(_FILES):
        yield address.rstrip("/")
        return
    if address.lower().endswith(MARKDOWN_SUFFIXES):
        return
    # A reference from the address of the article, `../b/` in `/posts/a/`, was resolved from its file.
    relative = _relative(article, address)
    for base in article.addresses:
        yield urljoin(f"{base}/" if not _SUFFIX.search(base) else base, relative).rstrip("/")


def _source_files(article: Article, address: str) -> Iterator[str]:
    """The files that a link may mean: named with or without suffix, or by their folder."""
    if address.startswith(_FILES):
        own_folder = posixpath.splitext(article.path)[0]
        places = [
            address.removeprefix(_FILES),
            posixpath.normpath(f"{own_folder}/{_relative(article, address)}"),
        ]
    else:
        folders = [""]
        for name in article.path.split("/")[:-1]:
            folders.append(f"{folders[-1]}{name}/")
        places = [f"{folder}{inner}{address[1:]}" for folder in folders for inner in _CONTENT_FOLDERS]
    for place in dict.fromkeys(places):
        if place.lower().endswith(SUFFIXES):
            yield place
        stem = place.removesuffix(".html").rstrip("/")
        if stem == place.rstrip("/") and _SUFFIX.search(place):
            continue
        yield from (f"{stem}{suffix}" for suffix in _TEXT_SUFFIXES)
        yield from (f"{stem}/index{suffix}" for suffix in (".md", ".mdx", ".html"))


def _relative(article: Article, address: str) -> str:
    """The reference to a file from the folder of the article's own file."""
    folder = posixpath.dirname(article.path)
    return posixpath.relpath(f"/{address.removeprefix(_FILES)}", f"/{folder}")
