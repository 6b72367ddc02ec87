"""Follows a store: fetches what is published, and puts it in the place of the index when it is active."""

import logging
import os
import threading
import time
from contextlib import nullcontext, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from service import __version__
from service.errors import (
    IndexUnavailable,
    IndexUnusable,
    OtherVersionPublished,
    SettingsError,
    SnapshotUnusable,
)
from service.index import now, sibling_path
from service.index.database import (
    OTHER_FOLDER,
    PREFIX,
    Committing,
    IncompatibleIndex,
    cannot_write,
    file_of,
    reading,
    remove,
    writing,
)
from service.index.schema import VERSION
from service.index.search import VERSION as SEARCH_VERSION
from service.index.tables.row_log import Changes, LogPlace, forget_logged_rows, join_changes, read_changes
from service.replication.compressed_file import decompress_file, hash_file
from service.replication.index_copy import (
    apply_transitions,
    carry_revisions,
    delete_database,
    install,
    make_candidate,
    read_log_place,
    read_published_copy,
    switch_in_place,
)
from service.replication.publication import CURRENT, Part, Publication, damaged_object, decode
from service.replication.row_delta import apply_delta, copy_rows
from service.replication.store import Store
from service.replication.stored_objects import read_part

RANGE_BYTES = 4 << 20
"""How much of a snapshot is asked for at once; what was fetched is kept if the next request fails."""

GIVE_UP_SECONDS = 1800
"""How long one snapshot is fetched: half of the time for which its publisher keeps it (see `publish`)."""

LEAD_SECONDS = 1.0
"""So long before a publication is active its deltas are applied, in a transaction that ends then."""

TRANSITION_MARGIN_SECONDS = 1.0
"""So soon after a publication is active a scheduled change may come before it is installed."""

IN_PLACE_BYTES = 1 << 20
"""Deltas up to this size are applied to the index that is served. Larger ones would delay the switch."""

log = logging.getLogger("broadsheet")


class ReplicaState(msgspec.Struct, frozen=True):
    """What a replica has on its disk, as the file `INDEX.replica` says.

    `base` is the publication whose database is in the file `INDEX.base`, for deltas to be applied to; None
    while that is changed. `installed` is the one that is served, with scheduled changes applied to it.
    """

    store: str
    base: Publication | None = None
    installed: Publication | None = None


class BaseChange(msgspec.Struct, frozen=True):
    """What deltas change of a base: the rows with these keys, from a place in the log of its publisher on."""

    since: LogPlace
    rows: Changes


class SnapshotFollower:
    """Keeps the index at `index_url` as the store at `address` has it. Raises SettingsError as `read_state`.

    `fetch_newest` gets a publication ready, which may take long; meanwhile another thread may
    call `apply_due_transitions`. What is ready is the base, from which changed rows will be copied to the
    index that is served, if they are few, or a copy of the base that will replace it.
    """

    def __init__(self, store: Store, address: str, index_url: str) -> None:
        self._store = store
        self._index = file_of(index_url)
        self._base = sibling_path(index_url, "base")
        self._candidate = sibling_path(index_url, "next")
        self._state = read_state(address, index_url)
        self._state_lock = threading.Lock()
        self._state_file = _state_file(index_url)
        self._version = ""
        self._unusable: tuple[str, SnapshotUnusable] | None = None
        self._pending: Publication | None = None
        self._change: BaseChange | None = None
        self._next_transition: datetime | None = None
        self._active_at = 0.0

    @property
    def installed(self) -> Publication | None:
        """The publication that is served; None before the first."""
        return self._state.installed

    @property
    def pending(self) -> Publication | None:
        """The publication that is ready to be installed."""
        return self._pending

    def fetch_newest(self, *, retries: bool = True) -> None:
        """Look whether there is a newer publication, and get it ready.

        Raises StoreUnavailable, SnapshotUnusable, IndexUnavailable; the next call tries again. Unless it
        `retries`, a publication that the last call could not use is not fetched again: its error is raised.
        """
        try:
            self._fetch_newest(retries=retries)
        except OSError as error:
            raise cannot_write(self._index, error) from error

    def _fetch_newest(self, *, retries: bool) -> None:
        found = self._store.read(CURRENT, self._version if self._state.installed else "")
        if found is None:
            return
        if self._unusable and self._unusable[0] == found.version and not retries:
            raise self._unusable[1]
        self._unusable = None
        try:
            newest = decode(found.content)
            is_ready = self._get_ready(newest)
        except SnapshotUnusable as error:
            self._unusable = found.version, error
            raise
        self._version = found.version
        if is_ready:
            self._pending = newest  # last: another thread installs it

    def _get_ready(self, newest: Publication) -> bool:
        """Fetch a publication, unless it is installed. Return whether it can be. Raises as `fetch_newest`."""
        installed = self._state.installed
        if installed is not None and newest.id == installed.id:
            return False
        active_at = time.monotonic() + newest.seconds_left()
        _require_usable(newest, installed)
        self._index.parent.mkdir(parents=True, exist_ok=True)
        is_base_installed = self._state.base == installed
        change = self._fetch(newest)
        self._change = change if is_base_installed else None
        if self._change is None:
            try:
                make_candidate(self._base, self._candidate, newest.revision)
            except SnapshotUnusable:
                self._update(base=None)
                raise
        self._active_at = active_at
        return True

    def _is_transition_due(self, active_at: float) -> bool:
        """Whether a scheduled change comes before a publication is active, or just then."""
        following = self._next_transition
        seconds = active_at - time.monotonic() + TRANSITION_MARGIN_SECONDS
        return following is not None and (following - now()).total_seconds() <= seconds

    def is_install_due(self) -> bool:
        """Whether to call `install` now, which may wait in its context until the publication is active."""
        is_early = self._change is not None and not self._is_transition_due(self._active_at)
        return self._pending is not None and self.seconds_left() <= (LEAD_SECONDS if is_early else 0.0)

    def seconds_left(self) -> float:
        """How long until the pending publication is active; negative when it was active before."""
        return self._active_at - time.monotonic()

    def install(self, committing: Committing = nullcontext) -> bool:
        """Serve the pending publication from some instant within the context that `committing` makes.

        Raises IndexUnavailable. False if the changes do not fit the index that is served: then `fetch_newest`
        copies the base.
        """
        pending, change = self._pending, self._change
        if pending is None:
            return False
        if change is not None and not self._install_in_place(change, pending, committing):
            self._pending, self._version = None, ""
            return False
        if change is None:
            with committing():
                apply_transitions(self._candidate, pending.revision)
                with suppress(IndexUnusable):  # a damaged index is replaced by the sound one
                    carry_revisions(self._index, self._candidate)
                install(self._candidate, self._index)
        self._update(installed=pending)
        self._pending = None
        return True

    def _install_in_place(self, change: BaseChange, pending: Publication, committing: Committing) -> bool:
        """Copy rows of the base to the index that is served; False if that is not as it was published."""
        installed = self._state.installed
        try:
            with (
                writing(self._index, build=False, is_durable=True, committing=committing) as connection,
                reading(self._base) as base,
            ):
                own_changes = read_changes(connection, change.since)
                is_installed = installed and read_published_copy(connection).id == installed.id
                if own_changes is None or not is_installed:
                    raise SnapshotUnusable("it is of another publication")
                copy_rows(connection, base, join_changes((own_changes, change.rows)))
                forget_logged_rows(connection)
                switch_in_place(connection, self._index, pending.revision)
        except (IncompatibleIndex, IndexUnusable, SnapshotUnusable) as error:
            log.warning("the index is replaced by a copy: the changes cannot be applied to it (%s)", error)
            return False
        return True

    def apply_due_transitions(self) -> datetime | None:
        """Apply the scheduled changes that are due to the index that is served; when the next one is.

        Where it is damaged or missing, `fetch_newest` gets it ready again. Raises IndexUnavailable.
        """
        installed = self._state.installed
        if installed is None:
            return None
        try:
            self._next_transition = apply_transitions(self._index, installed.revision)
            return self._next_transition
        except IndexUnusable:
            self._update(installed=None)
            raise

    def _fetch(self, publication: Publication) -> BaseChange | None:
        """Make the base that of `publication`: by the deltas that it lacks, or else from the snapshot.

        The result is what these deltas change; None if there is a new snapshot, or if that is much.
        """
        base = self._state.base
        held = base.parts if base is not None and self._base.exists() else ()
        is_continued = bool(held) and publication.parts[: len(held)] == held
        if not is_continued:
            self._fetch_snapshot(publication.snapshot)
            held = (publication.snapshot,)
        deltas = [read_part(self._store, part) for part in publication.parts[len(held) :]]
        self._update(base=None)
        since = read_log_place(self._base)
        rows = join_changes([apply_delta(self._base, delta) for delta in deltas])
        self._update(base=publication)
        is_small = is_continued and sum(map(len, deltas)) <= IN_PLACE_BYTES
        return BaseChange(since, rows) if is_small else None

    def _fetch_snapshot(self, part: Part) -> None:
        """Make the base that of a snapshot; what was fetched of it before is used."""
        self._update(base=None)
        compressed = self._index.with_name(f"{self._index.name}.snapshot-{part.sha256[:16]}")
        for earlier in self._index.parent.glob(f"{self._index.name}.snapshot-*"):
            if earlier != compressed:
                earlier.unlink()
        self._download(part, compressed)
        if hash_file(compressed) != part.sha256:
            compressed.unlink()
            raise SnapshotUnusable(damaged_object(part.name))
        delete_database(self._base)
        decompress_file(compressed, self._base, part.database_bytes)
        compressed.unlink()

    def _download(self, part: Part, target: Path) -> None:
        """Append to `target` what it lacks of a snapshot."""
        deadline = time.monotonic() + GIVE_UP_SECONDS
        with target.open("ab") as file:
            while (position := file.tell()) < part.bytes:
                if time.monotonic() > deadline:
                    raise SnapshotUnusable(f"{part.name} takes too long to fetch; trying the newest again")
                content = self._store.read_range(part.name, position, min(RANGE_BYTES, part.bytes - position))
                if not content:
                    raise SnapshotUnusable(damaged_object(part.name))
                file.write(content)
                file.flush()

    def _update(self, **changes: Any) -> None:
        """Change the state on the disk; it is written before what it describes is used."""
        with self._state_lock:
            state = msgspec.structs.replace(self._state, **changes)
            if state == self._state:
                return
            unfinished = self._state_file.with_name(f"{self._state_file.name}.tmp")
            with unfinished.open("wb") as output:
                output.write(msgspec.json.encode(state))
                output.flush()
                os.fsync(output.fileno())
            unfinished.replace(self._state_file)
            self._state = state


def read_state(address: str, index_url: str) -> ReplicaState:
    """What the replica of the store at `address` has on its disk.

    Raises SettingsError if the index at `index_url` was not made from this store, IndexUnavailable.
    """
    index = file_of(index_url)
    file = _state_file(index_url)
    try:
        state = msgspec.json.decode(file.read_bytes(), type=ReplicaState)
    except FileNotFoundError:
        if index.exists():
            message = f"index: {index} was made from a folder of articles; choose another with --index"
            raise SettingsError((message,)) from None
        return ReplicaState(address)
    except OSError as error:
        raise IndexUnavailable(file, f"cannot be read ({error.strerror}); {OTHER_FOLDER}") from None
    except ValueError:  # no JSON, or not UTF-8
        return ReplicaState(address)  # written by another version: everything is fetched again
    if state.store != address:
        message = f"index: {index} was made from {state.store}; choose another with --index"
        raise SettingsError((message,))
    return state


def followed_index(index_url: str) -> str:
    """The index, next to that of a publisher, of what another publisher has published."""
    return f"{PREFIX}{sibling_path(index_url, 'followed.db')}"


def end_following(index_url: str) -> None:
    """Delete a replica, so that it is not served any more. Raises IndexUnavailable."""
    remove(file_of(index_url))
    _state_file(index_url).unlink(missing_ok=True)


def _state_file(index_url: str) -> Path:
    return sibling_path(index_url, "replica")


def _require_usable(publication: Publication, installed: Publication | None) -> None:
    """Require of a publication that it is not older than the `installed` one, and can be read here.

    Raises SnapshotUnusable, OtherVersionPublished.
    """
    if installed is not None and publication.generation < installed.generation:
        raise SnapshotUnusable(
            f"the store has generation {publication.generation}, older than generation"
            f" {installed.generation}, which stays; to go back, stop this replica and delete its index"
        )
    if publication.schema != VERSION:
        raise OtherVersionPublished(
            f"generation {publication.generation} was published by Broadsheet {publication.software} with an"
            f" index that this one ({__version__}) cannot read; run the same version on both: upgrade the"
            " publisher first, then each replica"
        )
    if publication.search != SEARCH_VERSION:
        raise OtherVersionPublished(
            f"generation {publication.generation} was published with another version of Python, Unicode or"
            " PyStemmer, on which the full text depends; run this replica in the environment of its publisher"
        )
