"""Publishes an index to a store: static files, a snapshot or a delta, then `current.json`."""

import hashlib
import logging
import os
import secrets
import socket
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import msgspec

from service import __version__
from service.content.files.addresses import locate_file
from service.errors import (
    IndexUnusable,
    ObjectChanged,
    ObjectMissing,
    PublicationDamaged,
    PublishedByAnother,
    SnapshotUnusable,
    StoreUnavailable,
)
from service.index import FileHash, Revision, now, sibling_path
from service.index.database import cannot_write, file_of, lock_for_writing, reading
from service.index.schema import VERSION
from service.index.search import VERSION as SEARCH_VERSION
from service.index.state import IndexState
from service.index.tables.row_log import published_copy, read_changes, read_place
from service.replication.compressed_file import compress_file
from service.replication.index_copy import (
    PublishedCopy,
    copy_index,
    delete_database,
    finish_copy,
    log_changes,
    read_content,
    read_files,
    read_published_copy,
    read_revision,
    require_sound,
    show_published_rows,
)
from service.replication.publication import (
    CURRENT,
    RETIRED,
    Part,
    Publication,
    decode,
    delta_name,
    encode,
    file_name,
    generation_of,
    snapshot_name,
)
from service.replication.row_delta import apply_delta, make_delta
from service.replication.store import Store, StoredObject
from service.replication.stored_objects import find_lost, list_objects, name_some, needed_objects, read_part

MOST_DELTAS = 100
"""A new replica reads a snapshot and so many deltas at the most."""

LARGEST_DELTAS = 0.25
"""How large all deltas of a snapshot may become, as a part of it, until there is another snapshot."""

KEPT_SECONDS = 3600
"""How long an object stays after the last publication that named it; replicas give up reading it earlier."""

PRUNE_SECONDS = 3600.0
"""How often at the most to list the store for objects that are not needed, but at each snapshot."""

CHECK_SECONDS = 300.0
"""How often to see whether the store still has all that is published."""

CHECK_REST = 60
"""The pause after such a look is at least so many times as long as it took: publications wait for it."""

READ_AT_ONCE_BYTES = 8 << 20
"""A file up to this size is hashed as it is uploaded; a larger one is examined before and after."""

log = logging.getLogger("broadsheet")

_Delta = tuple[bytes, PublishedCopy, Revision]
"""A delta, and the copy and the revision of the index that it leads to."""

_Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class SnapshotPublisher:
    """Publishes the index at `index_url` of the folder `content`; replicas switch `delay_seconds` later.

    The publisher that started last publishes. Another one finds that `current.json` is not what it wrote or
    read last, and publishes nothing until both have the same content. When the store was set back to an
    earlier publication than its own last one, or has lost objects, it publishes everything again. An object
    of another length than was published is lost, too.
    """

    def __init__(self, store: Store, index_url: str, content: Path, delay_seconds: float) -> None:
        self._store = store
        self._index = file_of(index_url)
        self._content = content
        self._delay_seconds = delay_seconds
        self._copy = sibling_path(index_url, "publishing")
        self._base = published_copy(self._index)
        self._compressed = sibling_path(index_url, "publishing.zst")
        self._current: Publication | None = None
        self._active_at = 0.0
        self._version = ""
        self._has_looked = False
        self._is_in_doubt = False
        self._last = self._read_base()
        self._check_at = 0.0
        self._is_snapshot_due = False
        self._started = now()
        self._prune_at = 0.0
        self._stored_files: dict[str, int] | None = None
        self._unpublished: dict[str, FileHash] = {}

    def seconds_left(self) -> float:
        """How long until the last publication is active. Only then comes the next: no replica misses one."""
        return max(0.0, self._active_at - time.monotonic())

    def is_published(self) -> bool:
        """Whether the index is as it was in the last publication that was read or written.

        Raises IndexUnavailable.
        """
        current = self._current
        return (
            current is not None
            and not self._is_snapshot_due
            and current.generation >= self._last.generation
            and self._holds_index(current)
        )

    def read_current(self, *, verify: bool = False) -> None:
        """Read what is published now, and see now and then whether the store still has all of it.

        With `verify`, see it now, and read all of it to compare hashes. Raises PublishedByAnother if another
        publisher has published other content since the first call.
        """
        try:
            found = self._store.read(CURRENT, self._version)
        except ObjectMissing:
            self._version, self._stored_files = "", None
        else:
            if found is not None:
                self._read_publication(found)
        self._has_looked = True
        began = time.monotonic()
        if verify or began >= self._check_at:
            with suppress(FileNotFoundError):
                os.utime(self._base)  # otherwise changed rows are not logged any more: see `end_unread_log`
            self._check_objects(verify=verify)
            ended = time.monotonic()
            self._check_at = ended + max(CHECK_SECONDS, CHECK_REST * (ended - began))

    def _read_publication(self, found: StoredObject) -> None:
        """Note what `current.json` says. Raises PublishedByAnother."""
        try:
            newest = decode(found.content)
        except PublicationDamaged as error:
            if self._has_looked and self._last == PublishedCopy():
                raise  # it is for the publisher that wrote it to write it again
            log.warning("%s", error)
            self._version, self._is_snapshot_due = found.version, True
            return
        # A write whose answer was lost may have succeeded.
        is_own = newest.id == self._last.id
        if newest.generation < self._last.generation:
            log.warning(
                "the store was set back from generation %d to %d; the content is published again",
                self._last.generation,
                newest.generation,
            )
        elif self._has_looked and not is_own and not self._holds_index(newest):
            self._last = PublishedCopy()  # what the store holds is not this publisher's any more
            raise PublishedByAnother(newest.generation, newest.publisher)
        self._note_current(newest)
        self._version = found.version
        self._is_snapshot_due, self._stored_files = False, None

    def _note_current(self, publication: Publication) -> None:
        """Note what is published, and when it is active: a clock that is set back later delays nothing."""
        self._current = publication
        self._active_at = time.monotonic() + publication.seconds_left()

    def _check_objects(self, *, verify: bool) -> None:
        """See whether the store has lost objects that the last publication needs, and write its files again.

        Objects are compared by their length, and with `verify` by their hash.
        """
        current = self._current
        if current is None or not self._version:
            return
        files = self._files_of(current)
        stored = list_objects(self._store)
        lost = find_lost(self._store, needed_objects(current, files), stored, verify=verify)
        self._stored_files = _only_files(stored, lost)
        uploaded = self._upload_files(
            {path: file for path, file in files.items() if file_name(file.sha256) in lost}
        )
        self._is_snapshot_due = self._is_snapshot_due or any(part.name in lost for part in current.parts)
        # Files that this publisher does not serve any more cannot be written again, nor are they missed.
        if again := lost & needed_objects(current, uploaded).keys():
            log.warning("missing from the store or damaged, and published again: %s", name_some(again))

    def _files_of(self, publication: Publication) -> dict[str, FileHash]:
        """The static files of a publication, by path; none if it is of other content than the index."""
        if self._read_base().id == publication.id:
            try:
                with reading(self._base) as base:
                    return read_content(base).files
            except IndexUnusable as error:
                self._delete_base(error)
        if not self._holds_index(publication):
            return {}
        with reading(self._index) as index:
            return read_content(index).files

    def _read_base(self) -> PublishedCopy:
        """Which publication the copy is that this publisher keeps to compare the index with."""
        if self._base.exists():
            try:
                with reading(self._base, "it is of another version of Broadsheet") as base:
                    return read_published_copy(base)
            except IndexUnusable as error:
                self._delete_base(error)
        return PublishedCopy()

    def _has_base(self, current: Publication) -> bool:
        """Whether that copy is of the `current` publication, perhaps once deltas are applied to it.

        It lacks one that was published just before this publisher was killed, or whose answer was lost.
        """
        generations = [part.generation for part in current.parts]
        held = self._read_base().generation
        if held not in generations:
            return False
        try:
            for part in current.parts[generations.index(held) + 1 :]:
                apply_delta(self._base, read_part(self._store, part))
        except (IndexUnusable, ObjectMissing, SnapshotUnusable) as error:
            self._delete_base(error)
        return self._read_base().id == current.id

    def _delete_base(self, error: Exception) -> None:
        """Delete the copy of the last publication, so that a snapshot is published."""
        log.warning("the copy of the last publication is not used any more: %s", error)
        delete_database(self._base)

    def publish(self) -> Publication | None:
        """Publish the index; None if it is published already. Call `read_current` before, and wait for
        `seconds_left`.

        Raises PublishedByAnother, StoreUnavailable, IndexUnavailable.
        """
        if self._version and self.is_published():
            return None
        # A command and a service with one index would otherwise write to the same files next to it.
        with lock_for_writing(self._base):
            try:
                return self._publish()
            except OSError as error:
                raise cannot_write(self._index, error) from error

    def _publish(self) -> Publication | None:
        """Publish the index; None if another process has published the same content meanwhile."""
        try:
            publication = self._publish_delta() or self._publish_snapshot()
        except ObjectChanged:
            self._last = PublishedCopy()
            self.read_current()  # it raises PublishedByAnother unless that has the same content
            return None
        if not publication.deltas or time.monotonic() >= self._prune_at:
            try:
                self._prune(publication)
                self._prune_at = time.monotonic() + PRUNE_SECONDS
            except StoreUnavailable as error:
                log.warning("objects that are not needed any more stay in the store: %s", error)
        return publication

    def _publish_delta(self) -> Publication | None:
        """Publish what has changed since the last publication; None if a snapshot is due."""
        current = self._current
        if (
            not current
            or not self._version
            or self._is_snapshot_due
            or not current.is_readable
            or len(current.deltas) >= MOST_DELTAS
            or not self._has_base(current)
        ):
            return None
        try:
            made = self._make_delta()
        except IndexUnusable as error:
            self._delete_base(error)
            self._is_in_doubt = True
            return None
        if (
            made is None
            or len(made[0]) + sum(part.bytes for part in current.deltas)
            > LARGEST_DELTAS * current.snapshot.bytes
        ):
            return None
        delta, published, revision = made
        sha256 = hashlib.sha256(delta).hexdigest()
        name = delta_name(current.generation, published.generation, sha256)
        part = Part(name, published.generation, len(delta), sha256, self._base.stat().st_size)
        publication = self._describe(published, revision, (*current.parts, part))

        @contextmanager
        def committing() -> Iterator[None]:
            self._store.write(name, delta)
            self._replace_current(publication)
            yield

        try:
            apply_delta(self._base, delta, committing)
        except (IndexUnusable, SnapshotUnusable) as error:
            self._delete_base(error)
            self._is_in_doubt = True
            return None
        return publication

    def _make_delta(self) -> _Delta | None:
        """What has changed since the last publication, once the store has its files; None if it is too much.

        Nothing is read of the index during an upload: a slow store would keep its write-ahead log from being
        written back. Raises IndexUnusable if the index or the copy of the last publication is damaged.
        """
        while True:
            with reading(self._index) as index, reading(self._base) as base:
                index.execute("BEGIN")
                changes = read_changes(index, read_place(base))
                if changes is None:
                    return None
                revision = IndexState.read(index).revision
                paths = {str(path) for (path,) in changes.get("file_hashes", ())}
                paths |= read_published_copy(base).unpublished | self._unpublished.keys()
                files = read_files(index, paths)
                unpublished = {path for path in files if self._unpublished.get(path) == files[path]}
                published = self._new_copy(unpublished)
                show_published_rows(index, published)
                delta = make_delta(base, index)
            if delta is None:
                return None
            if files.keys() - self._upload_files(files).keys() == unpublished:
                return delta, published, revision

    def _publish_snapshot(self) -> Publication:
        """Publish all of the index."""
        try:
            log_changes(self._index)
            content = copy_index(self._index, self._copy)
            if self._is_in_doubt:
                require_sound(self._copy, self._index)
                self._is_in_doubt = False
            self._unpublished.clear()
            files = self._upload_files(content.files)
            published = self._new_copy(content.files.keys() - files.keys())
            finish_copy(self._copy, published)
            sha256 = compress_file(self._copy, self._compressed)
            name = snapshot_name(published.generation, sha256)
            compressed_bytes, database_bytes = (
                path.stat().st_size for path in (self._compressed, self._copy)
            )
            part = Part(name, published.generation, compressed_bytes, sha256, database_bytes)
            publication = self._describe(published, content.revision, (part,))
            self._store.write(name, self._compressed)
            self._replace_current(publication)
            with self._copy.open("rb") as copied:
                os.fsync(copied.fileno())  # after a power failure, it is used as a whole or not at all
            delete_database(self._base)
            self._copy.replace(self._base)
        finally:
            delete_database(self._copy)
            self._compressed.unlink(missing_ok=True)
        return publication

    def _new_copy(self, unpublished: Iterable[str]) -> PublishedCopy:
        """The next publication, without the `unpublished` files."""
        current = self._current
        # Without current.json, names of objects say how far replicas may be.
        stored = map(generation_of, list_objects(self._store)) if current is None else (current.generation,)
        generation = max(self._last.generation, *stored, 0) + 1
        return PublishedCopy(generation, secrets.token_hex(8), frozenset(unpublished))

    def _replace_current(self, publication: Publication) -> None:
        """Let replicas read a publication, all objects of which are in the store. Raises ObjectChanged."""
        self._last = PublishedCopy(publication.generation, publication.id)
        self._version = self._store.replace(CURRENT, encode(publication), self._version)
        self._note_current(publication)
        self._is_snapshot_due = False

    def _holds_index(self, publication: Publication) -> bool:
        return publication.is_readable and publication.revision == read_revision(self._index)

    def _upload_files(self, files: Mapping[str, FileHash]) -> dict[str, FileHash]:
        """Upload those of these files that the store lacks; those that replicas may serve."""
        if self._stored_files is None:
            self._stored_files = dict(self._store.list_sizes("files"))
        return {path: file for path, file in files.items() if self._upload_file(path, file)}

    def _upload_file(self, path: str, file: FileHash) -> bool:
        """Upload a file unless the store has it; False if it is not as it was when it was hashed."""
        if self._unpublished.get(path) == file:
            return False
        is_stored = (self._stored_files or {}).get(file_name(file.sha256)) == file.size
        is_uploaded = False
        try:
            located = locate_file(self._content, path)
            if located.address == path:
                is_uploaded = is_stored or self._write_file(Path(located.place), file)
        except (OSError, ValueError):
            is_uploaded = False  # it was deleted or cannot be read: the publisher does not serve it either
        if not is_uploaded:
            self._unpublished[path] = file
        return is_uploaded

    def _write_file(self, place: Path, file: FileHash) -> bool:
        """Upload the file at `place`; whether it is the one that was hashed."""
        name = file_name(file.sha256)
        if file.size <= READ_AT_ONCE_BYTES:
            content = place.read_bytes()
            if hashlib.sha256(content).hexdigest() != file.sha256:
                return False
            self._store.write(name, content)
        else:
            if not file.is_of(place.stat()):
                return False
            self._store.write(name, place)
            if not file.is_of(place.stat()):
                self._store.delete([name])
                return False
        if self._stored_files is not None:
            self._stored_files[name] = file.size
        return True

    def _describe(self, published: PublishedCopy, revision: Revision, parts: tuple[Part, ...]) -> Publication:
        return Publication(
            generation=published.generation,
            id=published.id,
            content=revision.content,
            transition=revision.transition,
            schema=VERSION,
            search=SEARCH_VERSION,
            software=__version__,
            host=socket.gethostname(),
            process=os.getpid(),
            started=self._started,
            snapshot=parts[0],
            deltas=parts[1:],
            activates_at=now() + timedelta(seconds=self._delay_seconds),
            delay_seconds=self._delay_seconds,
        )

    def _prune(self, publication: Publication) -> None:
        """Delete the objects that no publication of the last hour names, and what killed processes left.

        `retired.json` has the instant at which each object was first found not to be needed. They are deleted
        only after a publication: another publisher that is about to name them has lost by then.
        """
        stored = list_objects(self._store)
        moment = now()
        earlier = self._read_retired()
        unneeded = stored.keys() - needed_objects(publication, self._files_of(publication)).keys()
        retired = {name: earlier.get(name, moment) for name in sorted(unneeded)}
        expired = [name for name, since in retired.items() if (moment - since).total_seconds() > KEPT_SECONDS]
        self._store.delete(expired)
        self._store.write(
            RETIRED, msgspec.json.encode({name: retired[name] for name in retired.keys() - set(expired)})
        )
        self._stored_files = _only_files(stored, expired)
        self._store.delete_unfinished(moment - timedelta(seconds=KEPT_SECONDS))

    def _read_retired(self) -> dict[str, datetime]:
        try:
            found = self._store.read(RETIRED)
        except ObjectMissing:
            return {}
        try:
            return msgspec.json.decode(found.content if found else b"{}", type=dict[str, _Instant])
        except ValueError:
            return {}  # what is retired is then found anew, and kept for longer


def _only_files(stored: Mapping[str, int], lost: Collection[str]) -> dict[str, int]:
    """The static files among the `stored` objects, without those that are `lost`."""
    return {name: size for name, size in stored.items() if name.startswith("files/") and name not in lost}
