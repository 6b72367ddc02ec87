"""When articles left what is visible: a feed that lost one was modified then, though no change in it shows.

Of every article that expires or is withdrawn, the instant is kept for each term it carries and, under no
term, for the whole index. What a query asks beyond terms (words, dates, tags to leave out) is not looked at:
the answer may be later than the last departure the query lost, never earlier.
"""

import sqlite3

from service.index.sqlite.instants import seconds
from service.index.terms import terms_of
from service.model import Article
from service.query import Query

_WHOLE = ("", "")
_NOTE = "INSERT INTO departures (kind, slug, withdrawn, at, doc) VALUES (?, ?, ?, ?, ?)"
# A withdrawal holds once it is written; an expiry once it has been applied.
_NEWEST = """
SELECT max(at) FROM (
    SELECT max(at) AS at FROM departures WHERE kind = :kind AND slug = :slug AND withdrawn = 1
    UNION ALL
    SELECT max(at) FROM departures WHERE kind = :kind AND slug = :slug AND withdrawn = 0 AND at <= :transition
)
"""


def note(connection: sqlite3.Connection, doc: int, article: Article) -> None:
    """Keep when the stored article `doc` leaves, if it does."""
    withdrawn, expires = article.withdrawn, article.expires
    at = withdrawn.at if withdrawn else expires
    never = not withdrawn and expires and article.published and article.published >= expires
    if at is None or never:
        return
    terms = [_WHOLE, *((term.kind, term.slug) for term in terms_of(article))]
    facts = (withdrawn is not None, seconds(at), doc)
    connection.executemany(_NOTE, [(*term, *facts) for term in terms])


def forget(connection: sqlite3.Connection, doc: int) -> None:
    """Let go what was noted of the stored article `doc`."""
    connection.execute("DELETE FROM departures WHERE doc = ?", (doc,))


def newest(connection: sqlite3.Connection, query: Query, transition: int) -> int | None:
    """The last departure, up to `transition`, that `query` may have lost an article by."""
    singles = (("author", query.author), ("source", query.source), ("language", query.language))
    terms = [("tag", tag) for tag in query.tags]
    terms += [(kind, slug) for kind, slug in singles if slug is not None]
    found = []
    for kind, slug in terms or [_WHOLE]:
        values = {"kind": kind, "slug": slug, "transition": transition}
        found.append(connection.execute(_NEWEST, values).fetchone()[0])
    # What was lost carried every term, so it left no later than the last of each.
    return None if None in found else min(found)
