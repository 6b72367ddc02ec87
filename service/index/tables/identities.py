"""Gives articles their slugs and ids after a change: those that it can reach, and no others.

Articles whose claims have a name in common (see `claimed_names`) are assigned together, and with those the
articles that have a name in common with them, and so on. All others keep their slugs and ids, as they would
if everything were assigned at once. Names are stored as hashes of 8 bytes: where two are equal by accident,
only more articles than necessary are assigned.
"""

import hashlib
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence, Set

import msgspec

from service.content import AssignedIdentity, assign_slugs, claimed_names
from service.content.records import Claim
from service.errors import Fault
from service.index.database import decoder, interruptible
from service.model import Site

BATCH = 10_000
"""How many new articles get identities at once, so that memory does not grow with their number."""

_decode_claim = decoder(Claim)
_decode_faults = decoder(tuple[Fault, ...])
_encode = msgspec.msgpack.Encoder().encode

_READ = """
SELECT doc, claim, number, slug, documents.id, translation, digest, names, identity_faults
FROM json_each(?) CROSS JOIN documents ON doc = value
"""
_SHARING = "SELECT DISTINCT doc FROM json_each(?) CROSS JOIN claimed_names ON name = value"
_NAMES_OF = "SELECT names FROM json_each(?) CROSS JOIN documents ON doc = value"
_SHARED = (
    "SELECT name FROM json_each(?) CROSS JOIN claimed_names ON name = value GROUP BY name HAVING count(*) > 1"
)
_UNASSIGNED = (
    "SELECT doc FROM documents INDEXED BY documents_unidentified WHERE slug IS NULL ORDER BY doc LIMIT ?"
)


class Claimant(msgspec.Struct, frozen=True):
    """The article `doc` with what it claims and the identity it has so far; None for a new article.

    `digest` is a hash of the article without its identity.
    """

    doc: int
    claim: Claim
    slug: str | None
    id: str | None
    translation: str | None
    digest: bytes
    names: bytes
    faults: bytes | None


class IdentityChange(msgspec.Struct, frozen=True):
    """The identity of one article before and after a change."""

    before: Claimant
    after: AssignedIdentity

    @property
    def is_renamed(self) -> bool:
        """Whether readers know it by another slug or id."""
        before = self.before
        return before.slug is not None and (before.slug, before.id) != (self.after.slug, self.after.id)

    @property
    def has_changed(self) -> bool:
        before, after = self.before, self.after
        return (before.slug, before.id, before.translation) != (after.slug, after.id, after.translation)

    @property
    def is_contested(self) -> bool:
        """Whether it did not get the names it claims, so that its claim does not give all of its names."""
        after = self.after
        return len(after.tried_slugs) > 1 or len(after.tried_ids) > 1 or bool(after.faults)

    def names(self, site: Site) -> bytes:
        """The names it has now, as a column holds them."""
        if self.before.slug is None and not self.is_contested:
            return self.before.names
        return pack_names(self.before.claim, site, self.after)

    @property
    def served_facts(self) -> bytes:
        """The facts that decide how the article is served, and where a link to its file leads."""
        after = self.after
        return _encode((self.before.digest, after.slug, after.id, after.translation, self.before.claim.path))


def pack_names(claim: Claim, site: Site, identity: AssignedIdentity | None = None) -> bytes:
    """The names of a claim as a column holds them: hashes in ascending order."""
    names = {_hash(name) for name in claimed_names(claim, site, identity)}
    return struct.pack(f">{len(names)}q", *sorted(names))


def unpack_names(column: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(column) // 8}q", column)


def shared_names(connection: sqlite3.Connection, docs: Sequence[int]) -> Iterator[int]:
    """The names of these articles that others have as well."""
    for start in range(0, len(docs), BATCH):
        rows = connection.execute(_NAMES_OF, (msgspec.json.encode(docs[start : start + BATCH]).decode(),))
        names = {name for (packed,) in rows for name in unpack_names(packed)}
        shared = connection.execute(_SHARED, (msgspec.json.encode(sorted(names)).decode(),))
        yield from (name for (name,) in shared.fetchall())


def register_new(connection: sqlite3.Connection) -> None:
    """Store the names of every article that has no identity yet, so that others find it by them."""
    rows = connection.execute(
        "SELECT doc, names FROM documents INDEXED BY documents_unidentified WHERE slug IS NULL"
    )
    _register(connection, ((name, doc) for doc, names in rows for name in unpack_names(names)))


def assign(
    connection: sqlite3.Connection, site: Site, released: Set[int]
) -> Iterator[tuple[IdentityChange, ...]]:
    """Assign identities to articles without one or with one of the `released` names, and to all they reach.

    Each result must be written with `save` before the next is requested.
    """
    docs = _sharing(connection, released)
    while docs or (docs := {doc for (doc,) in connection.execute(_UNASSIGNED, (BATCH,))}):
        yield _assign(connection, site, docs)
        docs = set()


def save(connection: sqlite3.Connection, changes: Iterable[IdentityChange], site: Site) -> None:
    """Store the identities, with the names and faults of each article."""
    identities, names_lost, names_won = [], [], []
    for item in changes:
        before, after = item.before, item.after
        names = item.names(site)
        faults = _encode(after.faults) if after.faults else None
        if item.has_changed or (names, faults) != (before.names, before.faults):
            identities.append((after.slug, after.id, after.translation, names, faults, before.doc))
        if names != before.names:
            lost, won = set(unpack_names(before.names)), set(unpack_names(names))
            names_lost += [(name, before.doc) for name in lost - won]
            names_won += [(name, before.doc) for name in won - lost]
    # Two articles may swap slugs: all are released before any is assigned.
    many = connection.executemany
    many(
        "UPDATE documents SET slug = NULL, id = NULL WHERE doc = ?",
        [(item.before.doc,) for item in changes if item.is_renamed],
    )
    many(
        "UPDATE documents SET slug = ?, id = ?, translation = ?, names = ?, identity_faults = ?"
        " WHERE doc = ?",
        identities,
    )
    many("DELETE FROM claimed_names WHERE name = ? AND doc = ?", names_lost)
    _register(connection, names_won)


def delete_names(connection: sqlite3.Connection, doc: int, names: bytes) -> None:
    rows = [(name, doc) for name in unpack_names(names)]
    connection.executemany("DELETE FROM claimed_names WHERE name = ? AND doc = ?", rows)


def read_identity_faults(connection: sqlite3.Connection) -> Iterator[Fault]:
    """The conflicts of all articles about slugs and ids."""
    statement = (
        "SELECT identity_faults FROM documents INDEXED BY documents_conflicting"
        " WHERE identity_faults IS NOT NULL"
    )
    for (faults,) in connection.execute(statement):
        yield from _decode_faults(faults)


def _assign(connection: sqlite3.Connection, site: Site, docs: Set[int]) -> tuple[IdentityChange, ...]:
    claimants: dict[tuple[str, int], Claimant] = {}
    known: set[int] = set()
    names: set[int] = set()
    while docs:
        # Everything that is known to be connected comes first: each round assigns all of it again.
        while docs:
            added = _read(connection, docs)
            known |= docs
            claimants |= {(claimant.claim.path, claimant.claim.number): claimant for claimant in added}
            new_names = {name for claimant in added for name in unpack_names(claimant.names)} - names
            names |= new_names
            docs = _sharing(connection, new_names) - known
        identities = assign_slugs((claimant.claim for claimant in claimants.values()), site)
        changes = tuple(
            IdentityChange(claimants[identity.path, identity.number], identity) for identity in identities
        )
        tried = {
            name for item in changes if item.is_contested for name in unpack_names(item.names(site))
        } - names
        names |= tried
        docs = _sharing(connection, tried) - known
    return changes


def _read(connection: sqlite3.Connection, docs: Set[int]) -> list[Claimant]:
    rows = connection.execute(_READ, (msgspec.json.encode(sorted(docs)).decode(),))
    return [
        Claimant(doc, _with_number(_decode_claim(claim), number), *columns)
        for doc, claim, number, *columns in rows
    ]


def _with_number(claim: Claim, number: int) -> Claim:
    """A stored claim, whose number is 0, with that of its article."""
    return msgspec.structs.replace(claim, number=number) if number else claim


def _sharing(connection: sqlite3.Connection, names: Set[int]) -> set[int]:
    """The articles that have one of the `names`."""
    if not names:
        return set()
    rows = connection.execute(_SHARING, (msgspec.json.encode(sorted(names)).decode(),))
    return {doc for (doc,) in rows}


def _register(connection: sqlite3.Connection, rows: Iterable[tuple[int, int]]) -> None:
    # Sorted, since a table larger than the cache is written page by page only in its own order.
    execute = connection.execute
    execute("CREATE TEMP TABLE IF NOT EXISTS new_names (name INTEGER, doc INTEGER)")
    connection.executemany("INSERT INTO new_names (name, doc) VALUES (?, ?)", rows)
    with interruptible(connection):
        execute(
            "INSERT OR IGNORE INTO claimed_names (name, doc)"
            " SELECT name, doc FROM new_names ORDER BY name, doc"
        )
    execute("DELETE FROM new_names")


def _hash(name: str) -> int:
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
