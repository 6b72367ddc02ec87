"""The state of the whole index: its revision, what it was built from, and the facts of the site."""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import hashlib
import os
import sqlite3
from pathlib import Path

import msgspec

from service.content import CONTENT_VERSION
from service.errors import SettingsError
from service.index.database import decoder
from service.model import Site


class Revision(msgspec.Struct, frozen=True):
    """`content` is a hash of the site and of all stored articles, pages, redirects and hashed files.

    `transition` is the newest instant that is due, in seconds since 1970; 0 if none is.
    """

    content: str
    transition: int = 0


_decode_site = decoder(Site)

_SAVE = """
INSERT INTO state (singleton, content, transition, articles, fingerprint, folder, location, links, names)
VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET content = excluded.content, transition = excluded.transition,
    articles = excluded.articles, fingerprint = excluded.fingerprint, folder = excluded.folder,
    location = excluded.location, links = excluded.links, names = excluded.names
"""

# What lies between two instants; articles published in between are still waiting to be shown.
_WAITING = "row IS NULL AND slug IS NOT NULL AND withdrawn = 0 AND published > ?1 AND published <= ?2"
_PUBLISHED = (
    "SELECT (SELECT count(*) FROM documents INDEXED BY documents_waiting"
    f" WHERE {_WAITING} AND expires IS NULL) + (SELECT count(*) FROM documents"
    f" INDEXED BY documents_waiting_to_expire WHERE {_WAITING} AND expires IS NOT NULL)"
)
_EXPIRED = (
    "SELECT count(*) FROM documents INDEXED BY documents_expires"
    " WHERE expires IS NOT NULL AND expires > ? AND expires <= ? AND slug IS NOT NULL AND withdrawn = 0"
)
_REMOVED = (
    "SELECT count(*) FROM removals WHERE kind = '' AND slug = '' AND removed_at > ? AND removed_at <= ?"
)
_SCHEDULED = "SELECT count(*) FROM documents WHERE slug IS NOT NULL AND withdrawn = 0 AND published > ?"
_EVER = -(1 << 62)


class IndexState(msgspec.Struct, frozen=True):
    """The columns of the table `state`; `fingerprint` is "" before the first build."""

    content: str = ""
    transition: int = 0
    articles: int = 0
    fingerprint: str = ""
    folder: str = ""
    location: str = ""
    links: str = ""
    names: str = ""

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> "IndexState":
        columns = ", ".join(cls.__struct_fields__)
        row = connection.execute(f"SELECT {columns} FROM state").fetchone()
        return cls(*row) if row else cls()

    @property
    def revision(self) -> Revision:
        return Revision(self.content, self.transition)

    def write(self, connection: sqlite3.Connection) -> None:
        connection.execute(_SAVE, msgspec.structs.astuple(self))


class Counts(msgspec.Struct, frozen=True):
    """How many files and articles there are: `visible` now, and `scheduled`, `expired` and `withdrawn` ones.

    `removals` are the articles that expired or were withdrawn and that feeds announce.
    """

    files: int
    visible: int
    scheduled: int
    expired: int
    withdrawn: int
    removals: int

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> "Counts":
        return cls(*connection.execute(f"SELECT {', '.join(cls.__struct_fields__)} FROM counts").fetchone())


def count_up_to(connection: sqlite3.Connection, now: int) -> None:
    """Let the counts be those at `now` (seconds since 1970), before what is due then is shown and hidden.

    Triggers keep them while articles change; what the clock changes is counted here.
    """
    execute = connection.execute
    (then,) = execute("SELECT counted_at FROM counts").fetchone()
    if now == then:
        return
    if now > then:
        published, expired, removed = (
            execute(statement, (then, now)).fetchone()[0] for statement in (_PUBLISHED, _EXPIRED, _REMOVED)
        )
        changes = "scheduled = scheduled - ?, expired = expired + ?, removals = removals + ?"
        values = (published, expired, removed)
    else:
        (scheduled,) = execute(_SCHEDULED, (now,)).fetchone()
        expired, removed = (
            execute(statement, (_EVER, now)).fetchone()[0] for statement in (_EXPIRED, _REMOVED)
        )
        changes = "scheduled = ?, expired = ?, removals = ?"
        values = (scheduled, expired, removed)
    execute(f"UPDATE counts SET counted_at = ?, {changes}", (now, *values))


TAKEN = "another service now uses this index for {}; give each its own --index"


def folder_identity(root: Path) -> str:
    """The absolute path of a content folder, links kept: a swapped `current` link is one folder.

    Raises SettingsError when `root` is relative and the working folder was removed.
    """
    try:
        return os.path.abspath(root)  # noqa: PTH100 - `absolute` keeps `..`, `resolve` follows links
    except FileNotFoundError:
        message = (
            f"content: {str(root)!r} is relative to a folder that was removed; start the service elsewhere"
        )
        raise SettingsError((message,)) from None


def read_site(connection: sqlite3.Connection) -> Site | None:
    """The site of the last build; None before the first."""
    row = connection.execute("SELECT facts FROM site").fetchone()
    return _decode_site(row[0]) if row else None


def content_hash(root: bytes, site: Site) -> str:
    """A hash of the site and of all entries of the content tree with this `root`: equal for equal content."""
    return hashlib.sha256(msgspec.json.encode((CONTENT_VERSION, site)) + root).hexdigest()[:32]


def write_content(connection: sqlite3.Connection, root: bytes) -> None:
    """Let the revision be that of the stored site and of the content tree with this `root`."""
    site = read_site(connection)
    if site is not None:
        connection.execute("UPDATE state SET content = ?1 WHERE content != ?1", (content_hash(root, site),))


def write_site(connection: sqlite3.Connection, site: Site) -> None:
    """Replace the site, if it differs from the one that is stored."""
    facts = msgspec.msgpack.encode(site)
    connection.execute(
        "INSERT INTO site (singleton, facts) VALUES (1, ?)"
        " ON CONFLICT DO UPDATE SET facts = excluded.facts WHERE facts != excluded.facts",
        (facts,),
    )
