"""Applies the publications, updates and expiries that are due."""

import sqlite3
from datetime import datetime
from pathlib import Path

import msgspec

from service.errors import IndexUnavailable, IndexUnusable
from service.index import schedule
from service.index.clock import now as present
from service.index.connection import (
    NONE_YET,
    IncompatibleIndex,
    file_of,
    open_reader,
    reported_damage,
    translated,
    writing,
)
from service.index.instants import instant, seconds
from service.index.state import IndexState
from service.index.visibility import Visible


def apply_due_transitions(url: str, now: datetime | None = None) -> datetime | None:
    """Apply what is due at `now` (default: the present) without reading files; the next instant to call this.

    Takes microseconds when nothing is due. Raises SettingsError, IndexUnavailable.
    """
    path = file_of(url)
    moment = seconds(now or present()) or 0
    try:
        if (reason := reported_damage(path)) is not None:
            raise IncompatibleIndex(reason)
        with translated(path):
            connection = open_reader(path)
            if connection is None:
                raise IndexUnusable(path, NONE_YET)
            try:
                if schedule.newest_transition(connection, moment) == IndexState.read(connection).transition:
                    return instant(schedule.next_transition(connection, moment))
            finally:
                connection.close()
        with writing(path, build=False) as connection:
            state = IndexState.read(connection)
            visible = Visible(connection, moment)
            arrange_visible(connection, visible, moment, path)
            with_counts(state, connection, moment).write(connection)
            return instant(schedule.next_transition(connection, moment))
    except IncompatibleIndex as error:
        raise IndexUnusable(path, f"{error}; run `broadsheet index`") from error


def arrange_visible(connection: sqlite3.Connection, visible: Visible, now: int, path: Path) -> None:
    """Show and hide what is due at `now`. Raises IndexUnavailable when too many articles share an instant."""
    try:
        schedule.arrange(connection, visible, now)
    except schedule.CrowdedError as error:
        raise IndexUnavailable(path, f"{error}; give some of them dates") from error
    visible.flush()


def with_counts(state: IndexState, connection: sqlite3.Connection, now: int) -> IndexState:
    """`state` with the number of visible articles and the newest transition."""
    (articles,) = connection.execute("SELECT count(*) FROM visible").fetchone()
    transition = schedule.newest_transition(connection, now)
    return msgspec.structs.replace(state, articles=articles, transition=transition)
