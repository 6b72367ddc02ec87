"""Records what a write transaction changed: etags, the tree of visible articles, and the journal.

Called once at the end of each transaction that moves the revision, when all articles that are due are shown.
"""

import sqlite3
from collections.abc import Iterable

import msgspec

from service.index.article_row import place_of, terms_of
from service.index.articles import read_article
from service.index.differences.article_etags import ArticleEtag, read_changed_etags
from service.index.differences.changed_articles import ChangedArticles
from service.index.differences.difference import ArticleDrop, ArticlePut, DropReason
from service.index.differences.journal import JournalWriter, read_newest
from service.index.instants import seconds
from service.index.state import IndexState, Revision
from service.index.tables.content_tree import ContentTree, entry_key
from service.index.tables.site_pages import page_names
from service.query import TermKey

MOST_REMOVAL_TERMS = 1000
"""For more terms of removals, it is not computed whether the changed articles have them."""

_ENTRY = "SELECT value, doc FROM manifest_entries WHERE key = ?"
_EXPIRED_BETWEEN = """
SELECT doc FROM documents INDEXED BY documents_expires
WHERE expires IS NOT NULL AND expires > ? AND expires <= ?
"""
_PAGES_BETWEEN = """
SELECT page FROM site_pages WHERE (published > ?1 AND published <= ?2) OR (expires > ?1 AND expires <= ?2)
    OR (updated > ?1 AND updated <= ?2)
"""
_HIDDEN = """
SELECT id, slug, terms, published, changed FROM hidden_articles AS hidden
WHERE NOT EXISTS (SELECT 1 FROM documents WHERE documents.id = hidden.id AND row IS NOT NULL)
"""
_ADD_REMOVALS_BETWEEN = """
INSERT OR IGNORE INTO changed_removals SELECT documents.id, removals.kind, removals.slug
FROM removals AS due CROSS JOIN removals USING (doc) CROSS JOIN documents USING (doc)
WHERE due.kind = '' AND due.slug = '' AND due.removed_at > ? AND due.removed_at <= ? LIMIT ?
"""
_REMOVAL_TERMS = "SELECT id, kind, slug FROM changed_removals LIMIT ?"
_HIDDEN_BY_ID = "SELECT slug, terms, place, published, changed FROM hidden_articles WHERE id = ?"
_STANDING = "SELECT withdrawn, expires FROM documents WHERE id = ? ORDER BY withdrawn DESC LIMIT 1"
_WHOLE = ("", "")
_term_decoder = msgspec.json.Decoder(list[TermKey])


def record_difference(
    connection: sqlite3.Connection,
    changed: ChangedArticles,
    before: Revision,
    after: Revision,
    now: int,
    *,
    keeps_earlier: bool = True,
) -> None:
    """Bring etags and the tree of visible articles up to date, and add the difference to the journal.

    Unless the journal `keeps_earlier` revisions, it begins with this one.
    """
    _note_passed(connection, changed, before.transition, after.transition)
    tree = ContentTree(connection, "manifest")
    (has_entries,) = connection.execute("SELECT EXISTS (SELECT 1 FROM manifest_entries)").fetchone()
    journal = JournalWriter(connection)
    removals = _RemovalTerms(connection)
    for article in read_changed_etags(connection):
        key = entry_key(article.id)
        entry = _read_entry(connection, key) if has_entries else None
        if entry == (article.etag, article.doc):
            continue
        tree.put_hash(article.id, article.etag, article.doc)
        etag_before = entry[0] if entry else None
        if etag_before != article.etag and not journal.is_new:
            put = _make_put(connection, article, etag_before)
            journal.add(key, put)
            if not put.keeps_place:
                removals.discount(put.id, (*put.terms_before, *put.terms))
    for article_id, slug, terms, *instants in connection.execute(_HIDDEN):
        key = entry_key(article_id)
        entry = _read_entry(connection, key)
        if entry is not None:  # else it was shown and hidden again
            tree.remove(article_id)
            reason = _find_reason(connection, article_id, now)
            drop = ArticleDrop(article_id, slug, reason, entry[0].hex(), _decode_terms(terms), *instants)
            journal.add(key, drop)
            removals.discount(drop.id, drop.terms_before)
    articles = tree.hash().hex()
    has_other_changes = changed.has_other_changes or removals.are_left
    journal.finish(after, articles, now, has_other_changes=has_other_changes, keeps_earlier=keeps_earlier)


def record_files(connection: sqlite3.Connection, now: int) -> None:
    """Add the files that were hashed since the last revision to the journal, if they have moved it."""
    newest = read_newest(connection)
    if newest is not None:
        revision = IndexState.read(connection).revision
        JournalWriter(connection).finish(revision, newest.articles, now, has_other_changes=False)


def _note_passed(
    connection: sqlite3.Connection, changed: ChangedArticles, transition_before: int, transition: int
) -> None:
    """Note what else the clock changed: articles that expired and were never shown, removals, and pages."""
    interval = sorted((transition_before, transition))
    connection.execute(_ADD_REMOVALS_BETWEEN, (*interval, MOST_REMOVAL_TERMS + 1))
    for (doc,) in connection.execute(_EXPIRED_BETWEEN, interval):
        changed.note_names_of(doc)
    for (page,) in connection.execute(_PAGES_BETWEEN, interval):
        changed.note_page(page_names(connection, page))


class _RemovalTerms:
    """The terms of the removals that feeds announce now and did not before, or the reverse, by id.

    A removal is named by the journal if the same article appears or disappears with these terms.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        rows = connection.execute(_REMOVAL_TERMS, (MOST_REMOVAL_TERMS + 1,)).fetchall()
        self._are_too_many = len(rows) > MOST_REMOVAL_TERMS
        self._terms: dict[str, set[tuple[str, str]]] = {}
        for article_id, *term in rows:
            self._terms.setdefault(article_id, set()).add(tuple(term))

    def discount(self, article_id: str, terms: Iterable[TermKey]) -> None:
        """Take away what the journal names by a change of this article."""
        if article_id in self._terms:
            self._terms[article_id].difference_update((_WHOLE, *terms))

    @property
    def are_left(self) -> bool:
        """Whether the journal does not name all of them."""
        return self._are_too_many or any(self._terms.values())


def _read_entry(connection: sqlite3.Connection, key: bytes) -> tuple[bytes, int] | None:
    """The etag and the doc of an article as it was visible before."""
    row: tuple[bytes, int] | None = connection.execute(_ENTRY, (key,)).fetchone()
    return row


def _make_put(connection: sqlite3.Connection, changed: ArticleEtag, etag_before: bytes | None) -> ArticlePut:
    article = read_article(connection, changed.doc)
    terms = tuple(sorted((term.kind, term.slug) for term in terms_of(article)))
    published, changed_at = seconds(article.published), seconds(article.changed)
    put = ArticlePut(
        id=changed.id,
        slug=changed.slug,
        etag=changed.etag.hex(),
        terms=terms,
        published=published,
        changed=changed_at,
    )
    if etag_before is None:
        return put
    # Where it was not hidden, a link or a translation of it leads elsewhere, and nothing else has changed.
    hidden = connection.execute(_HIDDEN_BY_ID, (changed.id,)).fetchone()
    slug, terms_before, place, *instants = hidden or (changed.slug, "[]", None, published, changed_at)
    return msgspec.structs.replace(
        put,
        slug_before=slug,
        etag_before=etag_before.hex(),
        terms_before=_decode_terms(terms_before) if hidden else terms,
        published_before=instants[0],
        changed_before=instants[1],
        keeps_place=not hidden or place == place_of(article),
    )


def _decode_terms(terms: str | bytes) -> tuple[TermKey, ...]:
    """The terms of a hidden article, in order."""
    return tuple(sorted(_term_decoder.decode(terms)))


def _find_reason(connection: sqlite3.Connection, article_id: str, now: int) -> DropReason:
    """Why an article that was visible is not any more."""
    row = connection.execute(_STANDING, (article_id,)).fetchone()
    if row is None:
        return "deleted"
    withdrawn, expires = row
    if withdrawn:
        return "withdrawn"
    return "expired" if expires is not None and expires <= now else "deleted"
