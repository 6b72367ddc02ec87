"""The etag of an article: a hash of it as readers see it, without the base address of the site.

It changes with the article's own file, with its visible translations, and with where its links to other
articles lead. Everything else about an article, in any format, follows from these.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence

import msgspec

from service.index.article_row import article_digest
from service.index.articles import article_finder, read_article, read_translations
from service.index.differences.link_names import link_name
from service.model import Article, Translation

_encode = msgspec.msgpack.Encoder().encode

_ADD_LINKING = """
INSERT OR IGNORE INTO changed_articles SELECT doc FROM changed_names CROSS JOIN article_links USING (name)
"""
_ADD_TRANSLATIONS = """
INSERT OR IGNORE INTO changed_articles SELECT doc FROM (
    SELECT translation FROM changed_translations
    UNION SELECT translation FROM changed_articles CROSS JOIN documents USING (doc)
    WHERE translation IS NOT NULL
) CROSS JOIN documents USING (translation) WHERE row IS NOT NULL
"""
_CHANGED = """
SELECT doc, slug, id, digest, translation, has_links OR pending_update_at IS NOT NULL
FROM changed_articles CROSS JOIN documents USING (doc) WHERE row IS NOT NULL
"""


class ArticleEtag(msgspec.Struct, frozen=True):
    """The etag of the visible article `doc`."""

    doc: int
    id: str
    slug: str
    etag: bytes


def etag_of(article: Article) -> bytes:
    """The etag of a visible article, with its translations and links as `index.articles` reads it."""
    return _make_etag(article_digest(article), article.slug, article.id, article.translations)


def read_changed_etags(connection: sqlite3.Connection) -> Iterator[ArticleEtag]:
    """The etag of each visible article that changed, or that shows something of one that changed.

    The names that its links look up are stored, so that it is found when one of them leads elsewhere.
    """
    connection.execute(_ADD_LINKING)
    connection.execute(_ADD_TRANSLATIONS)
    for doc, slug, article_id, digest, translation, differs in connection.execute(_CHANGED):
        if differs:
            etag = etag_of(_read_with_links(connection, doc))
        else:
            etag = _make_etag(digest, slug, article_id, read_translations(connection, translation, slug))
        yield ArticleEtag(doc, article_id, slug, etag)


def _read_with_links(connection: sqlite3.Connection, doc: int) -> Article:
    """The visible article `doc`; the names that its links look up are stored."""
    names: set[int] = set()
    find_stored = article_finder(connection)

    def find(statement: str, value: str) -> str | None:
        names.add(link_name(value))
        return find_stored(statement, value)

    article = read_article(connection, doc, find)
    connection.execute("DELETE FROM article_links WHERE doc = ?", (doc,))
    connection.executemany(
        "INSERT INTO article_links (name, doc) VALUES (?, ?)", [(name, doc) for name in sorted(names)]
    )
    return article


def _make_etag(digest: bytes, slug: str, article_id: str, translations: Sequence[Translation]) -> bytes:
    return hashlib.sha256(_encode((digest, slug, article_id, translations))).digest()[:16]
