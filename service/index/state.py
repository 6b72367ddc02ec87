"""The state of the whole index: its revision, what it was built from, and the facts of the site."""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import os
import sqlite3
from pathlib import Path

import msgspec

from service.errors import SettingsError
from service.index.database import decoder
from service.model import Site


class Revision(msgspec.Struct, frozen=True):
    """`content` is a hash of every file that counts; `transition` the newest due one, seconds since 1970."""

    content: str
    transition: int = 0


_decode_site = decoder(Site)

_SAVE = """
INSERT INTO state
    (singleton, content, transition, articles, fingerprint, folder, location, links, names, faults)
VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET content = excluded.content, transition = excluded.transition,
    articles = excluded.articles, fingerprint = excluded.fingerprint, folder = excluded.folder,
    location = excluded.location, links = excluded.links, names = excluded.names, faults = excluded.faults
"""


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
    faults: bytes = msgspec.msgpack.encode(())

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


def write_site(connection: sqlite3.Connection, site: Site) -> None:
    """Replace the site, if it differs from the one that is stored."""
    facts = msgspec.msgpack.encode(site)
    connection.execute(
        "INSERT INTO site (singleton, facts) VALUES (1, ?)"
        " ON CONFLICT DO UPDATE SET facts = excluded.facts WHERE facts != excluded.facts",
        (facts,),
    )
