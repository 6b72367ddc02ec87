"""Finds one article by its address or its file, and lists terms with their counts."""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from typing import get_args

import msgspec

from service.content.identity.permalinks import site_path
from service.content.identity.slugs import alias_slug, make_slug
from service.errors import Gone, NotFound
from service.index.changelog import EXPIRED
from service.index.instants import instant, seconds
from service.index.pages import visible_article
from service.index.visibility import decode
from service.index.where import clean
from service.model import Article
from service.query import Facet, FacetKind


class Moved(msgspec.Struct, frozen=True):
    """The answer to a former slug: where the article is now."""

    slug: str


DELETED = "It was deleted."

# An article that has expired by the newest transition was visible before; the clock is not read.
_COLUMNS = (
    "documents.slug, id, row, expires, withdrawn, article,"
    " expires IS NOT NULL AND expires <= (SELECT transition FROM state)"
    " AND (published IS NULL OR published < expires) AS has_expired,"
    " translation, pending_update_at, (SELECT transition FROM state)"
)
# Translations may share a former address: it leads to the one that kept the slug, the others are `slug-LANG`.
_SHORTEST_SLUG = "length(documents.slug), documents.slug"
_BY_SLUG = f"SELECT {_COLUMNS} FROM documents CROSS JOIN articles USING (doc) WHERE slug = ?"
_BY_ALIAS = (
    f"SELECT {_COLUMNS} FROM aliases JOIN documents USING (doc) JOIN articles USING (doc)"
    f" WHERE aliases.slug = ? AND documents.slug IS NOT NULL ORDER BY row IS NULL, {_SHORTEST_SLUG}"
)
_VISIBLE_BY_ALIAS = (
    "SELECT documents.slug FROM aliases JOIN documents USING (doc)"
    f" WHERE aliases.slug = ? AND row IS NOT NULL ORDER BY {_SHORTEST_SLUG}"
)
_REDIRECTS = "SELECT target FROM redirects WHERE former = ? ORDER BY path"
_USUAL_NAME = (
    "(SELECT name FROM spellings WHERE spellings.term = terms.term ORDER BY articles DESC, name LIMIT 1)"
    " AS name"
)
_LAST_CHARACTER = "\U0010ffff"
_MAX_REDIRECTS = 10


class DocumentRow(msgspec.Struct, frozen=True):
    """An article as it is stored, visible or not; `transition` is the newest that was applied."""

    slug: str
    id: str
    row: int | None
    expires: int | None
    withdrawn: int
    article: bytes
    has_expired: int
    translation: str | None
    pending_update_at: int | None
    transition: int


def find_article(connection: sqlite3.Connection, slug: str) -> Article | Moved:
    """The visible article at `slug`, or where it moved to; another spelling of a slug leads to it.

    A path (`/2019/01/vote.html`) is looked up among the addresses that articles had elsewhere.

    Raises NotFound, Gone.
    """
    connection.execute("BEGIN")
    try:
        article = _find_exactly(connection, clean(slug))
        if article is None and not slug.startswith("/") and (canonical := make_slug(clean(slug))) != slug:
            article = _find_exactly(connection, canonical)
            article = Moved(article.slug) if isinstance(article, Article) else article
        if article is None:
            raise NotFound(f"There is no article {slug!r}.")
        return article
    finally:
        connection.execute("ROLLBACK")


def locate(connection: sqlite3.Connection, path: str) -> str | None:
    """The slug of the first visible article from the file `path`."""
    row = connection.execute(
        "SELECT slug FROM documents WHERE path = ? AND row IS NOT NULL ORDER BY number LIMIT 1",
        (clean(path),),
    ).fetchone()
    return None if row is None else str(row[0])


def facets(connection: sqlite3.Connection, kind: FacetKind) -> tuple[Facet, ...]:
    """Every term of `kind` by its most used name; of names used equally often, the first in order."""
    rows = connection.execute(
        f"SELECT slug, {_USUAL_NAME}, articles FROM terms"
        " WHERE kind = ? AND name IS NOT NULL ORDER BY articles DESC, slug",
        (kind,),
    )
    return tuple(Facet(slug, name, articles) for slug, name, articles in rows)


def facet_kinds(connection: sqlite3.Connection) -> frozenset[FacetKind]:
    """The kinds of terms that any visible article has."""
    entry = "SELECT 1 FROM terms JOIN spellings USING (term) WHERE kind = ? LIMIT 1"
    kinds: tuple[FacetKind, ...] = get_args(FacetKind)
    return frozenset(kind for kind in kinds if connection.execute(entry, (kind,)).fetchone())


def prefix_search(
    connection: sqlite3.Connection, slug: str, limit: int
) -> tuple[tuple[FacetKind, Facet], ...]:
    """At most `limit` tags, authors and sources whose slug begins with `slug`, most frequent first."""
    rows = connection.execute(
        f"SELECT kind, slug, {_USUAL_NAME}, articles FROM terms"
        " WHERE kind IN ('tag', 'author', 'source') AND slug >= ? AND slug < ?"
        " ORDER BY articles DESC, slug, kind LIMIT ?",
        (clean(slug), f"{clean(slug)}{_LAST_CHARACTER}", limit),
    )
    return tuple((kind, Facet(slug, name, articles)) for kind, slug, name, articles in rows)


def _find_exactly(connection: sqlite3.Connection, slug: str) -> Article | Moved | None:
    """The article at exactly this slug, or where it moved to. Raises Gone."""
    columns = connection.execute(_BY_SLUG, (slug,)).fetchone()
    if columns is not None:
        document = DocumentRow(*columns)
        if document.row is not None:
            return visible_article(
                connection,
                document.slug,
                document.id,
                document.article,
                document.translation,
                document.pending_update_at,
            )
        _require_not_gone(slug, document)
    for columns in connection.execute(_BY_ALIAS, (slug,)):
        document = DocumentRow(*columns)
        if document.row is not None:
            return Moved(document.slug)
        _require_not_gone(slug, document)
    for (target,) in connection.execute(_REDIRECTS, (slug,)):
        if moved := follow_redirect(connection, target):
            return moved
    if connection.execute("SELECT 1 FROM deleted_slugs WHERE slug = ?", (slug,)).fetchone():
        raise Gone(slug, DELETED, None)
    return None


def follow_redirect(connection: sqlite3.Connection, target: str) -> Moved | None:
    """The article that a redirect leads to, perhaps by further ones; None for another page, or a circle."""
    for _ in range(_MAX_REDIRECTS):
        names = [name for name in (site_path(target), alias_slug(target)) if name]
        for name in names:
            row = connection.execute(f"{_BY_SLUG} AND row IS NOT NULL", (name,)).fetchone()
            row = row or connection.execute(_VISIBLE_BY_ALIAS, (name,)).fetchone()
            if row is not None:
                return Moved(row[0])
        rows = (connection.execute(_REDIRECTS, (name,)).fetchone() for name in names)
        (target,) = next((row for row in rows if row), ("",))
    return None


def _require_not_gone(slug: str, document: DocumentRow) -> None:
    """Raise Gone if the article was withdrawn or has expired."""
    article = decode(document.article) if document.withdrawn else None
    if article and article.withdrawn:
        withdrawn_at = seconds(article.withdrawn_at)
        is_past = withdrawn_at is not None and withdrawn_at <= document.transition
        raise Gone(slug, article.withdrawn.reason, article.withdrawn_at if is_past else None)
    if document.has_expired:
        raise Gone(slug, EXPIRED, instant(document.expires))
