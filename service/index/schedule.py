"""Applies publications, updates and expiries that are due: articles appear, change and disappear."""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from service.errors import IndexUnavailable, IndexUnusable
from service.index.connection import NO_INDEX, IncompatibleIndex, open_reader, translate_errors, writing
from service.index.index_file import file_of, reported_damage
from service.index.instants import FIRST_DATED, assign_rows, bucket, instant, seconds, seconds_of, spread_rows
from service.index.instants import now as present
from service.index.schema import SHIFT
from service.index.state import IndexState
from service.index.visibility import Visible

# Partial indexes over few rows, named here because SQLite has no statistics to choose them by.
_WAITING = "documents INDEXED BY documents_waiting WHERE row IS NULL AND slug IS NOT NULL AND withdrawn = 0"
_EXPIRING = "documents INDEXED BY documents_expiring WHERE row IS NOT NULL AND expires IS NOT NULL"
_PENDING = (
    "documents INDEXED BY documents_pending_update WHERE row IS NOT NULL AND pending_update_at IS NOT NULL"
)
_REMOVALS = "removals WHERE kind = '' AND slug = ''"


class CrowdedError(Exception):
    """More articles share one instant than there are rows for it."""


def apply_due_transitions(url: str, now: datetime | None = None) -> datetime | None:
    """Apply what is due at `now` (default: the present) without reading files; the next instant to call this.

    Takes microseconds when nothing is due. Raises SettingsError, IndexUnavailable.
    """
    path = file_of(url)
    moment = seconds(now or present()) or 0
    try:
        if (reason := reported_damage(path)) is not None:
            raise IncompatibleIndex(reason)
        with translate_errors(path):
            connection = open_reader(path)
            if connection is None:
                raise IndexUnusable(path, NO_INDEX)
            try:
                if newest_transition(connection, moment) == IndexState.read(connection).transition:
                    return instant(next_transition(connection, moment))
            finally:
                connection.close()
        with writing(path, build=False) as connection:
            state = IndexState.read(connection)
            visible = Visible(connection, moment)
            arrange_visible(connection, visible, moment, path)
            with_counts(state, connection, moment).write(connection)
            return instant(next_transition(connection, moment))
    except IncompatibleIndex as error:
        raise IndexUnusable(path, f"{error}; run `broadsheet index`") from error


def arrange_visible(connection: sqlite3.Connection, visible: Visible, now: int, path: Path) -> None:
    """Show and hide what is due at `now`. Raises IndexUnavailable when too many articles share an instant."""
    try:
        arrange(connection, visible, now)
    except CrowdedError as error:
        raise IndexUnavailable(path, f"{error}; give some of them dates") from error
    visible.flush()


def with_counts(state: IndexState, connection: sqlite3.Connection, now: int) -> IndexState:
    """`state` with the number of visible articles and the newest transition."""
    (articles,) = connection.execute("SELECT count(*) FROM visible").fetchone()
    transition = newest_transition(connection, now)
    return msgspec.structs.replace(state, articles=articles, transition=transition)


def arrange(connection: sqlite3.Connection, visible: Visible, now: int) -> None:
    """Make exactly those articles visible that are published and not expired at `now` (seconds since 1970).

    An update is shown from its instant on. Raises CrowdedError.
    """
    leaving = [
        *_rows(connection, "SELECT doc FROM visible WHERE row >= ?", (now + 1) << SHIFT),
        *_rows(connection, f"SELECT doc FROM {_EXPIRING} AND expires <= ?", now),
        # These come back at once, with another date.
        *_rows(connection, "SELECT doc FROM visible WHERE changed > ?", now),
        *_rows(connection, f"SELECT doc FROM {_PENDING} AND pending_update_at <= ?", now),
    ]
    for (doc,) in leaving:
        visible.hide(doc)
    arriving = _rows(
        connection,
        f"SELECT published, id, doc FROM {_WAITING}"
        " AND (published IS NULL OR published <= ?) AND (expires IS NULL OR expires > ?)"
        " ORDER BY published, id",
        now,
        now,
    )
    for published, group in groupby(arriving, key=lambda row: row[0]):
        _show_together(
            connection, visible, bucket(published), {article_id: doc for _, article_id, doc in group}
        )


def newest_transition(connection: sqlite3.Connection, now: int) -> int:
    """The newest instant up to `now` at which an article appeared, was updated or left; 0 when there is none.

    It depends on the content and `now` alone, and tells which articles are visible, and how.
    """
    last = connection.execute(
        "SELECT max(row) FROM visible WHERE row >= ? AND row < ?", (FIRST_DATED, (now + 1) << SHIFT)
    ).fetchone()[0]
    moments = [
        None if last is None else seconds_of(last),
        *(
            connection.execute(statement, (now,)).fetchone()[0]
            for statement in (
                f"SELECT max(published) FROM {_WAITING} AND published <= ?",
                f"SELECT max(removed_at) FROM {_REMOVALS} AND removed_at <= ?",
                f"SELECT max(pending_update_at) FROM {_PENDING} AND pending_update_at <= ?",
                "SELECT max(changed) FROM visible WHERE changed <= ?",
            )
        ),
    ]
    return max((moment for moment in moments if moment is not None), default=0)


def next_transition(connection: sqlite3.Connection, now: int) -> int | None:
    """The first instant after `now` at which an article appears, is updated or leaves."""
    moments = [
        connection.execute(statement, (now,)).fetchone()[0]
        for statement in (
            f"SELECT min(published) FROM {_WAITING} AND published > ?",
            f"SELECT min(removed_at) FROM {_REMOVALS} AND removed_at > ?",
            f"SELECT min(pending_update_at) FROM {_PENDING} AND pending_update_at > ?",
        )
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def scheduled(connection: sqlite3.Connection, now: int) -> int:
    """How many articles are waiting for their instant."""
    statement = f"SELECT count(*) FROM {_WAITING} AND published > ?"
    return int(connection.execute(statement, (now,)).fetchone()[0])


def count_departed(connection: sqlite3.Connection, now: int) -> tuple[int, int]:
    """How many articles have expired, and how many are withdrawn."""
    expired, withdrawn = connection.execute(
        "SELECT coalesce(sum(withdrawn = 0), 0), coalesce(sum(withdrawn), 0)"
        " FROM documents INDEXED BY documents_leaving"
        " WHERE (withdrawn = 1 OR expires IS NOT NULL) AND slug IS NOT NULL"
        " AND (withdrawn = 1 OR expires <= ?)",
        (now,),
    ).fetchone()
    return expired, withdrawn


def _show_together(
    connection: sqlite3.Connection, visible: Visible, room: range, docs: dict[str, int]
) -> None:
    """Show articles of one instant, given as id → doc, sorted by id, among those that are there."""
    shown = _rows(
        connection,
        "SELECT id, row, doc FROM visible WHERE row >= ? AND row < ? ORDER BY row",
        room.start,
        room.stop,
    )
    rows = assign_rows([(article_id, row) for article_id, row, _ in shown], list(docs), room)
    if rows is None:
        for article_id, _, doc in shown:
            visible.hide(doc)
            docs[article_id] = doc
        rows = spread_rows(sorted(docs), room)
    if rows is None:
        raise CrowdedError(f"more than {len(room)} articles share one instant")
    for article_id, row in sorted(rows.items()):
        visible.show(docs[article_id], row)


def _rows(connection: sqlite3.Connection, statement: str, *values: int) -> list[tuple[Any, ...]]:
    """Every row at once: what is read here is about to be changed."""
    return connection.execute(statement, values).fetchall()
