"""A build: the folder is looked through, what has changed is read, and the index moves in one transaction."""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import hashlib
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from service.content import VERSION as CONTENT_VERSION
from service.content import scan
from service.content.records import Scan, SiteContext
from service.errors import Fault, IndexUnavailable, IndexUnusable, SettingsError
from service.index import removals, renames, schedule
from service.index.answers import Progress, Report, Revision
from service.index.changes import Reading, Trust
from service.index.connection import (
    NONE_YET,
    UnfitError,
    decoder,
    discard,
    file_of,
    open_reader,
    reported_damage,
    translated,
    writing,
)
from service.index.instants import instant, seconds
from service.index.parse_files import Parsing
from service.index.schema import ANALYSER
from service.index.site_facts import write_site
from service.index.visibility import Visible
from service.index.writer import Storing
from service.model import Site

_faults = decoder(tuple[Fault, ...])

_SAVE = """
INSERT INTO state (one, content, transition, articles, basis, folder, location, links, names, faults)
VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET content = excluded.content, transition = excluded.transition,
    articles = excluded.articles, basis = excluded.basis, folder = excluded.folder,
    location = excluded.location, links = excluded.links, names = excluded.names, faults = excluded.faults
"""


TAKEN = (
    "it was taken over for the folder {}, which is served from here as well now; "
    "give each service an index of its own with --index"
)


class State(msgspec.Struct, frozen=True):
    """The one row of `state`; `basis` is "" before the first build."""

    content: str = ""
    transition: int = 0
    articles: int = 0
    basis: str = ""
    folder: str = ""
    location: str = ""
    links: str = ""
    names: str = ""
    faults: bytes = msgspec.msgpack.encode(())

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> "State":
        columns = ", ".join(cls.__struct_fields__)
        row = connection.execute(f"SELECT {columns} FROM state").fetchone()
        return cls(*row) if row else cls()

    @property
    def revision(self) -> Revision:
        return Revision(self.content, self.transition)

    def write(self, connection: sqlite3.Connection) -> None:
        connection.execute(_SAVE, msgspec.structs.astuple(self))


def refresh(
    url: str,
    root: Path,
    site: Site,
    now: datetime,
    progress: Progress | None = None,
    *,
    take_over: bool = True,
) -> Report:
    """Bring the index at `url` up to date with the folder `root`, as of `now`.

    Readers see the index as it was until all is done. An index that is damaged or of another version is built
    anew; that of another folder only to `take_over`. Raises SettingsError, IndexUnavailable.
    """
    path = file_of(url)
    try:
        return _refresh(path, root, site, now, progress, take_over)
    except UnfitError as reason:
        discard(path, str(reason))
    try:
        return _refresh(path, root, site, now, progress, take_over)
    except UnfitError as reason:
        raise IndexUnavailable(path, f"cannot be built: {reason}") from reason


def advance(url: str, now: datetime) -> datetime | None:
    """Apply what is due at `now` without looking at files; the next instant at which something will be.

    Microseconds when nothing is due. Raises SettingsError, IndexUnavailable.
    """
    path = file_of(url)
    moment = _seconds(now)
    try:
        if (reason := reported_damage(path)) is not None:
            raise UnfitError(reason)
        with translated(path):
            connection = open_reader(path)
            if connection is None:
                raise IndexUnusable(path, NONE_YET)
            try:
                if schedule.newest_transition(connection, moment) == State.read(connection).transition:
                    return instant(schedule.next_transition(connection, moment))
            finally:
                connection.close()
        with writing(path, build=False) as connection:
            state = State.read(connection)
            visible = Visible(connection, moment)
            _arrange(connection, visible, moment, path)
            _count(state, connection, moment).write(connection)
            return instant(schedule.next_transition(connection, moment))
    except UnfitError as error:
        raise IndexUnusable(path, f"{error}; run `broadsheet index`") from error


def folder_identity(root: Path) -> str:
    """The absolute path of a folder of articles, as given: a `current` link that is swapped is one folder.

    Raises SettingsError when the folder the process was started in, and so `root`, is gone.
    """
    try:
        return os.path.abspath(root)  # noqa: PTH100 - `absolute` keeps `..`, `resolve` follows links
    except FileNotFoundError:
        message = (
            f"content: {str(root)!r} is relative to a folder that was removed; start the service elsewhere"
        )
        raise SettingsError((message,)) from None


def _refresh(
    path: Path, root: Path, site: Site, now: datetime, progress: Progress | None, take_over: bool
) -> Report:
    moment = _seconds(now)
    with writing(path) as connection:
        state = State.read(connection)
        folder = folder_identity(root)
        if not take_over and state.folder not in {"", folder}:
            raise IndexUnavailable(path, TAKEN.format(state.folder))
        visible = Visible(connection, moment)
        storing = Storing(connection, visible, moment)
        # Another builder may have been here before us: the folder is looked at once the index is ours.
        found = scan(root)
        if not take_over and not found.files and state.articles and found.location != state.location:
            # As a volume that is not mounted looks.
            raise SettingsError((f"content: {str(root)!r} is another folder than before, and empty",))
        basis = _basis(site, found.context)
        if folder != state.folder:
            connection.execute("DELETE FROM file_hashes")  # of files of the same names elsewhere
        if basis != state.basis:
            if not take_over:
                _require_readable(connection, found)
            storing.forget_everything()
        same_folder = (folder, found.location, found.links) == (state.folder, state.location, state.links)
        trust = Trust(same_folder, found.names == state.names)
        reading = Reading(connection, Parsing(root, site, found.context, found.folders), moment, trust)
        with closing(reading.changes(found, progress)) as changes:
            for change in changes:
                storing.replace(change.path, change.rows, change.redirects, is_private=change.is_private)
                reading.note(change)
        faults = state.faults
        if storing.changed:
            faults = msgspec.msgpack.encode(storing.settle(site))
        storing.remember_departed()
        noticed = renames.notice(connection, site)
        renames.forget(connection, noticed.settled)
        _arrange(connection, visible, moment, path)
        write_site(connection, site)
        content = _content(connection, site)
        # A file may have come or gone between the listing and a question: after reading, all are asked again.
        names = "" if reading.read else found.names
        new = msgspec.structs.replace(
            state,
            content=content,
            basis=basis,
            folder=folder,
            location=found.location,
            links=found.links,
            names=names,
            faults=faults,
        )
        new = _count(new, connection, moment)
        if new != state:
            new.write(connection)
        in_files = sorted((*found.faults, *reading.faults(), *_faults(faults)))
        return Report(
            revision=new.revision,
            files=len(found.files),
            read=reading.read,
            articles=new.articles,
            scheduled=schedule.scheduled(connection, moment),
            departed=removals.count(connection, new.transition),
            notices=(*noticed.told, *(fault for fault in in_files if fault.harmless)),
            faults=tuple(fault for fault in in_files if not fault.harmless),
            next_transition=instant(schedule.next_transition(connection, moment)),
        )


def _require_readable(connection: sqlite3.Connection, found: Scan) -> None:
    """Raise SettingsError when articles that have to be read anew cannot be looked at."""
    known = connection.execute("SELECT path FROM files ORDER BY path")
    hidden = next((path for (path,) in known if found.hides(path)), None)
    if hidden is not None:
        reason = "cannot be read, and the settings of the folder have changed; make it readable"
        raise SettingsError((f"content: {hidden} {reason}",))


def _arrange(connection: sqlite3.Connection, visible: Visible, moment: int, path: Path) -> None:
    try:
        schedule.arrange(connection, visible, moment)
    except schedule.CrowdedError as error:
        raise IndexUnavailable(path, f"{error}; give some of them dates") from error
    visible.flush()


def _count(state: State, connection: sqlite3.Connection, moment: int) -> State:
    (articles,) = connection.execute("SELECT count(*) FROM visible").fetchone()
    transition = schedule.newest_transition(connection, moment)
    return msgspec.structs.replace(state, articles=articles, transition=transition)


def _basis(site: Site, context: SiteContext) -> str:
    """What the stored articles depend on besides their files: when it changes, all are loaded anew."""
    # Old ids may have been made of the address; else two services may share an index at two addresses.
    address = site.public_url if site.legacy_id else None
    identity = (site.id_authority, site.id_year, site.legacy_id, address)
    reading = (site.language, site.time_zone, site.epoch, site.scraped)
    return msgspec.json.encode((CONTENT_VERSION, ANALYSER, context.mark, *identity, *reading)).decode()


def _content(connection: sqlite3.Connection, site: Site) -> str:
    """A hash of what every file gave and of every site fact: equal wherever the content is."""
    digest = hashlib.sha256(msgspec.json.encode((CONTENT_VERSION, site)))
    for path, gave in connection.execute("SELECT path, gave FROM files ORDER BY path"):
        digest.update(f"{gave} {path}\0".encode())
    return digest.hexdigest()[:32]


def _seconds(now: datetime) -> int:
    return seconds(now) or 0
