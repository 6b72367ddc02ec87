"""The facts of the site, kept with the revision whose content hash they are part of."""

import sqlite3

import msgspec

from service.index.connection import decoder
from service.model import Site

_decode = decoder(Site)


def read_site(connection: sqlite3.Connection) -> Site | None:
    """The site of the last build; None before the first."""
    row = connection.execute("SELECT facts FROM site").fetchone()
    return _decode(row[0]) if row else None


def write_site(connection: sqlite3.Connection, site: Site) -> None:
    """Replace the site, if it differs from the one that is stored."""
    facts = msgspec.msgpack.encode(site)
    connection.execute(
        "INSERT INTO site (one, facts) VALUES (1, ?)"
        " ON CONFLICT DO UPDATE SET facts = excluded.facts WHERE facts != excluded.facts",
        (facts,),
    )
