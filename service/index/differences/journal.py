"""The journal: a row for each revision, and the changes of articles and files between them.

Changes are numbered in one sequence, in which each revision takes a number too, so that one bound limits
both: what is older than MOST_CHANGES changes or LONGEST_SECONDS is deleted. An index made from nothing begins
with its first revision.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from collections.abc import Iterator

import msgspec

from service.errors import UnknownRevision
from service.index.database import IncompatibleIndex, decoder
from service.index.differences.difference import ArticleDrop, ArticlePut, Difference, FileChange
from service.index.search import algorithms
from service.index.state import Revision
from service.query import RevisionPoint, TermKey

MOST_CHANGES = 100_000
LONGEST_SECONDS = 90 * 86_400

_EMPTY = "it is damaged (its journal is empty)"

_encode = msgspec.msgpack.Encoder().encode
decode_terms = decoder(tuple[TermKey, ...])

_REVISIONS = """
SELECT generation, content, transition, articles, recorded_at, last_change, algorithms, has_other_changes
FROM journal_revisions
"""
_BY_AGE = "SELECT generation, last_change, recorded_at FROM journal_revisions ORDER BY generation"
_ADD_REVISION = """
INSERT INTO journal_revisions
    (generation, content, transition, articles, recorded_at, last_change, algorithms, has_other_changes)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_LANGUAGES = "SELECT slug FROM terms WHERE kind = 'language'"
_ADD_ARTICLE = """
INSERT INTO journal_articles
    (change, key, id, slug, etag, reason, terms, slug_before, etag_before, terms_before, published, changed,
    published_before, changed_before, keeps_place)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ADD_FILES = """
INSERT INTO journal_files (change, path, sha256_before, sha256)
SELECT ?1 + row_number() OVER (ORDER BY path), path, changed.sha256_before, file_hashes.sha256
FROM changed_files AS changed LEFT JOIN file_hashes USING (path)
WHERE changed.sha256_before IS NOT file_hashes.sha256
"""
_ARTICLES = """
SELECT id, slug, etag, reason, terms, slug_before, etag_before, terms_before, published, changed,
    published_before, changed_before, keeps_place
FROM journal_articles WHERE change > ? AND change <= ? ORDER BY id
"""
_FILES = """
SELECT path, sha256_before, sha256 FROM journal_files WHERE change > ? AND change <= ? ORDER BY path
"""


_OLDEST_WITH_ARTICLES = "WHERE articles = ? ORDER BY generation LIMIT 1"


class RecordedRevision(msgspec.Struct, frozen=True):
    """A revision in the journal; `articles` is a hash of all articles that are visible in it.

    `algorithms` names the Snowball algorithms of their languages.
    """

    generation: int
    content: str
    transition: int
    articles: str
    recorded_at: int
    last_change: int
    algorithms: str

    @property
    def revision(self) -> Revision:
        return Revision(self.content, self.transition)


class JournalWriter:
    """Adds the difference from the newest revision to the next one, within one write transaction.

    Without a newest revision there is nothing to differ from, and nothing but the next one is written.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._newest = read_newest(connection)
        self._last_change = self._newest.last_change if self._newest else 0
        self._articles = 0

    @property
    def is_new(self) -> bool:
        """Whether there is no revision to differ from."""
        return self._newest is None

    def add(self, key: bytes, change: ArticlePut | ArticleDrop) -> None:
        """Add the change of an article; `key` is that of its entry in the tree of visible articles."""
        self._last_change += 1
        self._articles += 1
        if self._articles > MOST_CHANGES:
            return  # the changes are too many to be kept
        before = _bytes(change.etag_before), _encode(change.terms_before)
        instants_before = change.published_before, change.changed_before
        facts: tuple[str | bytes | int | None, ...]
        if isinstance(change, ArticlePut):
            facts = (_bytes(change.etag), None, _encode(change.terms), change.slug_before, *before)
            facts += (change.published, change.changed, *instants_before, change.keeps_place)
        else:
            facts = (None, change.reason, _encode(()), change.slug, *before)
            facts += (None, None, *instants_before, False)
        self._connection.execute(_ADD_ARTICLE, (self._last_change, key, change.id, change.slug, *facts))

    def finish(
        self,
        revision: Revision,
        articles: str,
        now: int,
        *,
        has_other_changes: bool,
        keeps_earlier: bool = True,
    ) -> None:
        """Add the changed files and the new revision, at `now` in seconds since 1970; delete what is old.

        `articles` is a hash of all visible articles. Unless it `keeps_earlier` revisions, no difference from
        one of them is known any more.
        """
        execute = self._connection.execute
        if self._newest:
            self._last_change += execute(_ADD_FILES, (self._last_change,)).rowcount
        execute("DELETE FROM changed_files")
        before = self._newest
        if before and (before.revision, before.articles) == (revision, articles) and not self._articles:
            return
        generation = max(now, before.generation + 1 if before else 1)
        names = " ".join(algorithms(language for (language,) in execute(_LANGUAGES)))
        values = (articles, now, self._last_change + 1, names, has_other_changes)
        execute(_ADD_REVISION, (generation, *msgspec.structs.astuple(revision), *values))
        if keeps_earlier:
            _prune(self._connection, now)
        else:
            _delete_before(self._connection, generation, self._last_change + 1)


def read_newest(connection: sqlite3.Connection) -> RecordedRevision | None:
    """The newest revision; None before the first build."""
    return _read_revision(connection, "ORDER BY generation DESC LIMIT 1")


def read_generation(connection: sqlite3.Connection, generation: int) -> RecordedRevision | None:
    """The revision with this number; None if it is not in the journal."""
    return _read_revision(connection, "WHERE generation = ?", generation)


def read_occurrence(connection: sqlite3.Connection, articles: str) -> RecordedRevision | None:
    """The newest revision in which all visible articles have the hash `articles`."""
    return _read_revision(connection, "WHERE articles = ? ORDER BY generation DESC LIMIT 1", articles)


def require_newest(connection: sqlite3.Connection) -> RecordedRevision:
    """The newest revision of an index that was built. Raises IncompatibleIndex if there is none."""
    newest = read_newest(connection)
    if newest is None:
        raise IncompatibleIndex(_EMPTY)
    return newest


def require_oldest(connection: sqlite3.Connection) -> RecordedRevision:
    """The oldest revision in the journal. Raises IncompatibleIndex if there is none."""
    oldest = _read_revision(connection, "ORDER BY generation LIMIT 1")
    if oldest is None:
        raise IncompatibleIndex(_EMPTY)
    return oldest


def point_of(connection: sqlite3.Connection, revision: RecordedRevision) -> RevisionPoint:
    """How a cursor names `revision`; `require_point` finds it.

    Generations differ between machines that build their own index. So that cursors do not, it has one only if
    an earlier revision has the same articles.
    """
    oldest = _read_revision(connection, _OLDEST_WITH_ARTICLES, revision.articles)
    is_oldest = oldest is None or oldest.generation == revision.generation
    return RevisionPoint(revision.articles, 0 if is_oldest else revision.generation)


def require_point(connection: sqlite3.Connection, point: RevisionPoint) -> RecordedRevision:
    """The revision that a cursor names, perhaps that of another replica: not later than the one meant.

    It is the newest with these articles up to the generation, or else the oldest. Raises UnknownRevision.
    """
    up_to = "WHERE articles = ? AND generation <= ? ORDER BY generation DESC LIMIT 1"
    revision = _read_revision(connection, up_to, point.articles, point.generation) or _read_revision(
        connection, _OLDEST_WITH_ARTICLES, point.articles
    )
    if revision is None:
        raise UnknownRevision(point.articles)
    return revision


def count_changes(connection: sqlite3.Connection, since: int) -> int:
    """About how many changes followed the revision with the number `since`: each revision counts as one, too.

    Raises UnknownRevision if that one is not in the journal.
    """
    before, newest = read_generation(connection, since), read_newest(connection)
    if before is None or newest is None:
        raise UnknownRevision(str(since))
    return newest.last_change - before.last_change


def read_before(connection: sqlite3.Connection, recorded_at: int) -> RecordedRevision | None:
    """The newest revision that was recorded before an instant, or else the oldest in the journal."""
    newest_first = "WHERE recorded_at < ? ORDER BY generation DESC LIMIT 1"
    return _read_revision(connection, newest_first, recorded_at) or _read_revision(
        connection, "ORDER BY generation LIMIT 1"
    )


def read_from(connection: sqlite3.Connection, since: int) -> RecordedRevision | None:
    """The oldest revision in the journal whose number is at least `since`, or else the newest."""
    oldest_first = "WHERE generation >= ? ORDER BY generation LIMIT 1"
    return _read_revision(connection, oldest_first, since) or read_newest(connection)


def read_differences(connection: sqlite3.Connection, since: int) -> Iterator[Difference]:
    """The differences from the revision with the number `since` on, one for each later revision, in order.

    Raises UnknownRevision if that one is not in the journal.
    """
    before = read_generation(connection, since)
    if before is None:
        raise UnknownRevision(str(since))
    later = connection.execute(f"{_REVISIONS} WHERE generation > ? ORDER BY generation", (since,)).fetchall()
    for *columns, has_other_changes in later:
        after = RecordedRevision(*columns)
        yield _read_difference(connection, before, after, has_other_changes=bool(has_other_changes))
        before = after


def _read_difference(
    connection: sqlite3.Connection,
    before: RecordedRevision,
    after: RecordedRevision,
    *,
    has_other_changes: bool,
) -> Difference:
    numbers = (before.last_change, after.last_change)
    put, drop = [], []
    rows = connection.execute(_ARTICLES, numbers)
    for article_id, slug, etag, reason, terms, slug_before, etag_before, terms_before, *facts in rows:
        published, changed, published_before, changed_before, keeps_place = facts
        if etag is None:
            drop.append(
                ArticleDrop(
                    id=article_id,
                    slug=slug,
                    reason=reason,
                    etag_before=etag_before.hex(),
                    terms_before=decode_terms(terms_before),
                    published_before=published_before,
                    changed_before=changed_before,
                )
            )
        else:
            put.append(
                ArticlePut(
                    id=article_id,
                    slug=slug,
                    etag=etag.hex(),
                    terms=decode_terms(terms),
                    slug_before=slug_before,
                    etag_before=etag_before.hex() if etag_before else None,
                    terms_before=decode_terms(terms_before),
                    published=published,
                    changed=changed,
                    published_before=published_before,
                    changed_before=changed_before,
                    keeps_place=bool(keeps_place),
                )
            )
    return Difference(
        generation=after.generation,
        before=before.revision,
        after=after.revision,
        put=tuple(put),
        drop=tuple(drop),
        files=tuple(FileChange(*columns) for columns in connection.execute(_FILES, numbers)),
        has_other_changes=has_other_changes,
        recorded_at=after.recorded_at,
        articles_before=before.articles,
        articles=after.articles,
    )


def _read_revision(
    connection: sqlite3.Connection, clause: str, *values: int | str
) -> RecordedRevision | None:
    row = connection.execute(f"{_REVISIONS} {clause}", values).fetchone()
    return RecordedRevision(*row[:-1]) if row else None


def _prune(connection: sqlite3.Connection, now: int) -> None:
    """Delete what is older than the bounds allow, but never the newest revision."""
    newest = read_newest(connection)
    if newest is None:
        return
    for generation, last_change, recorded_at in connection.execute(_BY_AGE):
        is_kept = last_change >= newest.last_change - MOST_CHANGES and recorded_at >= now - LONGEST_SECONDS
        if is_kept or generation == newest.generation:
            _delete_before(connection, generation, last_change)
            return


def _delete_before(connection: sqlite3.Connection, generation: int, last_change: int) -> None:
    """Delete what led to the revision with these numbers, and all earlier ones."""
    connection.execute("DELETE FROM journal_revisions WHERE generation < ?", (generation,))
    for table in ("journal_articles", "journal_files"):
        connection.execute(f"DELETE FROM {table} WHERE change <= ?", (last_change,))


def carry_revisions(served: sqlite3.Connection, connection: sqlite3.Connection) -> None:
    """Let the journal of `connection`, which replaces that of `served`, know the revisions only this one has.

    They take a generation before the first one that `served` does not have, and no changes: those made since
    then are reported again. A revision is left out if it changed an article that has not changed since then
    in `connection`, or if no generation is free.
    """
    own: list[tuple[RecordedRevision, int]] = []
    common = None
    lately = f"{_REVISIONS} WHERE generation >= ? ORDER BY generation DESC"
    for *columns, has_other_changes in served.execute(lately, (require_oldest(connection).generation,)):
        revision = RecordedRevision(*columns)
        found = read_generation(connection, revision.generation)
        if found and (found.articles, found.last_change) == (revision.articles, revision.last_change):
            common = found
            break
        own.append((revision, has_other_changes))
    following = common and _read_revision(
        connection, "WHERE generation > ? ORDER BY generation LIMIT 1", common.generation
    )
    if common is None or following is None:
        return
    keys = "SELECT key FROM journal_articles WHERE change > ? AND change <= ?"
    changed = set(connection.execute(keys, (common.last_change, require_newest(connection).last_change)))
    generation = following.generation
    for revision, has_other_changes in own:
        if not changed.issuperset(served.execute(keys, (common.last_change, revision.last_change))):
            continue
        if read_occurrence(connection, revision.articles):
            continue
        generation -= 1
        while read_generation(connection, generation):
            generation -= 1
        before = _read_revision(
            connection, "WHERE generation < ? ORDER BY generation DESC LIMIT 1", generation
        )
        if before is None:
            return
        carried = msgspec.structs.replace(
            revision, generation=generation, recorded_at=before.recorded_at, last_change=before.last_change
        )
        connection.execute(_ADD_REVISION, (*msgspec.structs.astuple(carried), has_other_changes))


def _bytes(etag: str | None) -> bytes | None:
    return bytes.fromhex(etag) if etag else None
