"""One article by its address or its file, and the directories of what there is."""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from typing import Any

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

_FACTS = (
    "documents.slug, id, row, expires, withdrawn, article, {due} AS due, translation, pending_update_at,"
    " (SELECT transition FROM state)"
)

# What has expired by the newest transition was visible before; the clock is not asked.
_DUE = (
    "expires IS NOT NULL AND expires <= (SELECT transition FROM state)"
    " AND (published IS NULL OR published < expires)"
)

# Translations may share a former address: it leads to the one that kept the slug, the others are `slug-LANG`.
_PLAIN = "length(documents.slug), documents.slug"

_BY_SLUG = f"SELECT {_FACTS.format(due=_DUE)} FROM documents CROSS JOIN articles USING (doc) WHERE slug = ?"

_BY_ALIAS = (
    f"SELECT {_FACTS.format(due=_DUE)} FROM aliases JOIN documents USING (doc) JOIN articles USING (doc)"
    f" WHERE aliases.slug = ? AND documents.slug IS NOT NULL ORDER BY row IS NULL, {_PLAIN}"
)

_USUAL_NAME = (
    "(SELECT name FROM spellings WHERE spellings.term = terms.term ORDER BY articles DESC, name LIMIT 1)"
    " AS name"
)

LAST_CHARACTER = "\U0010ffff"

_REDIRECTS = "SELECT target FROM redirects WHERE former = ? ORDER BY path"

_VISIBLE_BY_ALIAS = (
    "SELECT documents.slug FROM aliases JOIN documents USING (doc)"
    f" WHERE aliases.slug = ? AND row IS NOT NULL ORDER BY {_PLAIN}"
)

_MOST_LED = 10


def find_article(connection: sqlite3.Connection, slug: str) -> Article | Moved:
    """The visible article at `slug`, or where it moved to; another spelling of a slug leads to it.

    A path (`/2019/01/vote.html`) is looked up among the addresses that articles had elsewhere.

    Raises NotFound, Gone.
    """
    connection.execute("BEGIN")
    try:
        found = _at(connection, clean(slug))
        if found is None and not slug.startswith("/") and (spelled := make_slug(clean(slug))) != slug:
            found = _at(connection, spelled)
            found = Moved(found.slug) if isinstance(found, Article) else found
        if found is None:
            raise NotFound(f"There is no article {slug!r}.")
        return found
    finally:
        connection.execute("ROLLBACK")


def locate(connection: sqlite3.Connection, path: str) -> str | None:
    """The slug of the first visible article from the file `path`."""
    found = connection.execute(
        "SELECT slug FROM documents WHERE path = ? AND row IS NOT NULL ORDER BY number LIMIT 1",
        (clean(path),),
    ).fetchone()
    return None if found is None else str(found[0])


def facets(connection: sqlite3.Connection, kind: FacetKind) -> tuple[Facet, ...]:
    """Every term of `kind` by its most used name; of names used equally often, the first in order."""
    rows = connection.execute(
        f"SELECT slug, {_USUAL_NAME}, articles FROM terms"
        " WHERE kind = ? AND name IS NOT NULL ORDER BY articles DESC, slug",
        (kind,),
    )
    return tuple(Facet(slug, name, articles) for slug, name, articles in rows)


def prefix_search(
    connection: sqlite3.Connection, slug: str, limit: int
) -> tuple[tuple[FacetKind, Facet], ...]:
    """At most `limit` tags, authors and sources whose slug begins with `slug`, most frequent first."""
    rows = connection.execute(
        f"SELECT kind, slug, {_USUAL_NAME}, articles FROM terms"
        " WHERE kind IN ('tag', 'author', 'source') AND slug >= ? AND slug < ?"
        " ORDER BY articles DESC, slug, kind LIMIT ?",
        (clean(slug), f"{clean(slug)}{LAST_CHARACTER}", limit),
    )
    return tuple((kind, Facet(slug, name, articles)) for kind, slug, name, articles in rows)


def _at(connection: sqlite3.Connection, slug: str) -> Article | Moved | None:
    """What stands at exactly this slug, now or formerly. Raises Gone."""
    here = connection.execute(_BY_SLUG, (slug,)).fetchone()
    if here is not None and here[2] is not None:
        return visible_article(connection, here[0], here[1], here[5], here[7], here[8])
    _tell_gone(slug, here)
    for former in connection.execute(_BY_ALIAS, (slug,)):
        if former[2] is not None:
            return Moved(former[0])
        _tell_gone(slug, former)
    for (target,) in connection.execute(_REDIRECTS, (slug,)):
        if led := led_to(connection, target):
            return led
    if connection.execute("SELECT 1 FROM deleted_slugs WHERE slug = ?", (slug,)).fetchone():
        raise Gone(slug, DELETED, None)
    return None


def led_to(connection: sqlite3.Connection, target: str) -> Moved | None:
    """The article that a redirect leads to, perhaps over further ones; None for another page, or a circle."""
    for _ in range(_MOST_LED):
        names = [name for name in (site_path(target), alias_slug(target)) if name]
        for name in names:
            found = connection.execute(f"{_BY_SLUG} AND row IS NOT NULL", (name,)).fetchone()
            found = found or connection.execute(_VISIBLE_BY_ALIAS, (name,)).fetchone()
            if found is not None:
                return Moved(found[0])
        rows = (connection.execute(_REDIRECTS, (name,)).fetchone() for name in names)
        (target,) = next((row for row in rows if row), ("",))
    return None


def _tell_gone(slug: str, facts: tuple[Any, ...] | None) -> None:
    """Raise Gone when the article of these facts was withdrawn or has expired."""
    if facts is None:
        return
    _, _, _, expires, withdrawn, blob, due, _, _, transition = facts
    if withdrawn:
        article = decode(blob)
        if article.withdrawn:
            at = seconds(article.withdrawn_at)
            past = at is not None and at <= transition
            raise Gone(slug, article.withdrawn.reason, article.withdrawn_at if past else None)
    if due:
        raise Gone(slug, EXPIRED, instant(expires))
