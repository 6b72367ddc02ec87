"""Reads every article of an index, visible or not, as its readers know it."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from service.content.records import Claim
from service.errors import Fault, IndexUnavailable
from service.index import files, renames
from service.index.clock import instant
from service.index.connection import IncompatibleIndex, decoder, file_of, open_reader, translate_errors
from service.index.inventory import ArticleSnapshot, Standing, take_snapshot
from service.index.lookup import led_to
from service.index.removals import leaves_at
from service.index.state import IndexState, folder_identity, read_site
from service.index.visibility import before_update, decode
from service.model import Site

_claim = decoder(Claim)
_UNREADABLE = (
    "there is no index of this version of Broadsheet; give one it has built, or the address of a running site"
)
_EVERY = """
SELECT slug, id, row IS NOT NULL, withdrawn, coalesce(expires <= (SELECT transition FROM state), 0),
    row IS NOT NULL AND pending_update_at IS NOT NULL, changed_at, claim, article
FROM documents CROSS JOIN articles USING (doc) WHERE slug IS NOT NULL ORDER BY path, number
"""


def read_inventory(url: str) -> Iterator[ArticleSnapshot]:
    """Every article in the index at `url`, by path. Raises SettingsError, IndexUnavailable."""
    with _reading(url) as connection:
        yield from _read_inventory(connection)


def made_from(url: str, root: Path) -> bool:
    """Whether there is an index at `url` that can be read, made from the folder `root`."""
    try:
        with _reading(url) as connection:
            return IndexState.read(connection).folder == folder_identity(root)
    except IndexUnavailable:
        return False


def stored_site(url: str, root: Path) -> Site | None:
    """The site in the index at `url`; None where there is no index made from the folder `root`."""
    try:
        with _reading(url) as connection:
            return (
                read_site(connection) if IndexState.read(connection).folder == folder_identity(root) else None
            )
    except IndexUnavailable:
        return None


def read_rename_notices(url: str, site: Site) -> tuple[Fault, ...]:
    """The renames recorded at `url`, each with advice. Raises SettingsError, IndexUnavailable."""
    with _reading(url) as connection:
        return renames.read_notices(connection, site).faults


def refused_references(url: str, root: Path, site: Site) -> tuple[Fault, ...]:
    """Where visible articles refer to files below `root` that are not served, by the index at `url`.

    Raises SettingsError, IndexUnavailable.
    """
    with _reading(url) as connection:
        return files.refused_references(connection, root, site.public_url)


@contextmanager
def _reading(url: str) -> Iterator[sqlite3.Connection]:
    path = file_of(url)
    try:
        with translate_errors(path):
            connection = open_reader(path)
            if connection is None:
                raise IndexUnavailable(path, _UNREADABLE)
            with closing(connection):
                yield connection
    except IncompatibleIndex as error:
        raise IndexUnavailable(path, str(error)) from error


def _read_inventory(connection: sqlite3.Connection) -> Iterator[ArticleSnapshot]:
    connection.execute("BEGIN")
    led = _redirects(connection)
    for (
        slug,
        article_id,
        visible,
        withdrawn,
        expired,
        pending_update_at,
        changed_at,
        claim,
        blob,
    ) in connection.execute(_EVERY):
        standing: Standing = "scheduled"
        if visible:
            standing = "visible"
        elif withdrawn:
            standing = "withdrawn"
        elif expired:
            standing = "expired"
        article = before_update(decode(blob)) if pending_update_at else decode(blob)
        article = msgspec.structs.replace(article, slug=slug, id=article_id)
        left = standing in {"withdrawn", "expired"}
        changed = instant(leaves_at(article, changed_at)) if left else article.changed
        yield take_snapshot(
            article, standing, changed=changed, given=bool(_claim(claim).id), former=led[slug]
        )


def _redirects(connection: sqlite3.Connection) -> defaultdict[str, list[str]]:
    """The addresses of pages that only lead on, by the slug of the visible article they lead to."""
    led: defaultdict[str, list[str]] = defaultdict(list)
    for former, target in connection.execute("SELECT former, target FROM redirects ORDER BY former, path"):
        moved = led_to(connection, target)
        if moved:
            led[moved.slug].append(former)
    return led
