"""The articles that changed last in a part of the journal, in the order of the tree of visible articles."""

import sqlite3

import msgspec

from service.index.differences.difference import DropReason
from service.index.differences.journal import require_newest, require_oldest

_ENTRIES = """
SELECT changed.key, changed.id, changed.slug, changed.reason, doc, row FROM ({found}) AS found
CROSS JOIN journal_articles AS changed ON changed.change = found.last
LEFT JOIN manifest_entries ON manifest_entries.key = changed.key LEFT JOIN documents USING (doc)
ORDER BY changed.key
"""
_SORTED = """
SELECT key, max(change) AS last FROM journal_articles AS article NOT INDEXED
WHERE change > ?1 AND change <= ?2 AND key >= ?3 GROUP BY key HAVING NOT EXISTS
    (SELECT 1 FROM journal_articles AS later WHERE later.key = article.key AND later.change > ?2)
ORDER BY key LIMIT ?4
"""
_WALKED = """
SELECT key, max(change) AS last FROM journal_articles
WHERE key >= ?3 GROUP BY key HAVING last > ?1 AND last <= ?2 ORDER BY key LIMIT ?4
"""


class ChangeEntry(msgspec.Struct, frozen=True):
    """An entry of a page; `doc` and `row` are None and `reason` is not for an article that is not visible."""

    key: bytes
    id: str
    slug: str
    reason: DropReason | None
    doc: int | None
    row: int | None


def find_last_changes(
    connection: sqlite3.Connection, before: int, last: int, key: bytes, limit: int
) -> list[ChangeEntry]:
    """The first `limit` articles, from `key` on, whose last change has a number after `before`, up to `last`.

    The work depends on the length of the journal and on `limit`, and is the same wherever `key` is.
    """
    # Few changes are read and sorted by their keys; of many, the keys are met soon in their own order. At
    # this number of changes both ways look at as many.
    in_all = require_newest(connection).last_change - require_oldest(connection).last_change
    are_few = (last - before) ** 2 <= in_all * limit
    statement = _ENTRIES.format(found=_SORTED if are_few else _WALKED)
    return [ChangeEntry(*columns) for columns in connection.execute(statement, (before, last, key, limit))]
