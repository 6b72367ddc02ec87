"""Articles that readers know by another id or address: recognised by their place or their text, and told.

Only told: were an article given its former id because an index happens to remember it, a replica that was
built anew would give it another. What is noted stays until the file declares it, or the index is made anew.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable

import msgspec

from service.content.identity.rename_advice import advise_alias, advise_rename
from service.content.records import Claim
from service.errors import Fault
from service.index.connection import decoder
from service.index.inventory import text_digest
from service.index.visibility import decode
from service.model import Site

_claim = decoder(Claim)

# An article whose slug still leads to its id is the one it was: nearly every one that was edited.
_CANDIDATES = """
SELECT departed.path, departed.number, departed.slug, departed.id, departed.text
FROM departed LEFT JOIN stored ON stored.slug = departed.slug WHERE stored.id IS NOT departed.id
"""
_NOTED = """
SELECT path, number, was_path, was_slug, was_id, doc, slug, id, language, claim, article
FROM moved LEFT JOIN stored USING (path, number) LEFT JOIN articles USING (doc)
ORDER BY path, number LIMIT ?
"""

MOST_TOLD = 200
"""Where more than these are noted, nobody mends them one by one."""


class _Departed(msgspec.Struct, frozen=True):
    """An article as it was before the build; `text` None where it is not known."""

    path: str
    number: int
    slug: str
    id: str
    text: str | None


class _Here(msgspec.Struct, frozen=True):
    """An article that is stored now."""

    doc: int
    path: str
    number: int
    slug: str
    id: str


class _Noted(msgspec.Struct, frozen=True):
    """What was noted of an article, and how it is stored now; `slug` is None where it is not."""

    path: str
    number: int
    was_path: str
    was_slug: str
    was_id: str
    doc: int
    slug: str | None
    id: str
    language: str
    claim: bytes
    article: bytes


def note(connection: sqlite3.Connection, first_new: int) -> None:
    """Note every article that departed under one id or slug and stands under another now.

    `first_new` is the first doc that this build stored.
    """
    candidates = [_Departed(*row) for row in connection.execute(_CANDIDATES)]
    if not candidates:
        return
    known = {article_id for (article_id,) in connection.execute("SELECT id FROM departed")}
    here = [
        _Here(*row)
        for row in connection.execute("SELECT doc, path, number, slug, id FROM stored WHERE slug IS NOT NULL")
    ]
    by_id = {one.id: one for one in here}
    by_place = {(one.path, one.number): one for one in here if one.id not in known}
    lost = []
    for one in candidates:
        target = by_id.get(one.id) or by_place.get((one.path, one.number))
        if target:
            _keep(connection, one, target)
        else:
            lost.append(one)
    taken = {(one.path, one.number) for one in candidates}
    arrived = [
        one
        for one in here
        if one.doc >= first_new and one.id not in known and (one.path, one.number) not in taken
    ]
    if lost and arrived:
        _note_by_text(connection, lost, arrived)


class Noticed(msgspec.Struct, frozen=True):
    """What is to be told, with the line to add; the places of what has been declared since, or is gone."""

    told: tuple[Fault, ...]
    settled: tuple[tuple[str, int], ...]


def notice(connection: sqlite3.Connection, site: Site) -> Noticed:
    """What was noted and is not declared yet: the first MOST_TOLD by path."""
    told, settled = [], []
    for row in connection.execute(_NOTED, (MOST_TOLD,)).fetchall():
        noted = _Noted(*row)
        message = _undeclared(connection, noted, noted.slug, site) if noted.slug else ""
        if message:
            told.append(Fault(noted.path, noted.number + 1, message))
        else:
            settled.append((noted.path, noted.number))
    return Noticed(tuple(told), tuple(settled))


def forget(connection: sqlite3.Connection, settled: Iterable[tuple[str, int]]) -> None:
    """Let go what was noted of the articles at these places."""
    connection.executemany("DELETE FROM moved WHERE path = ? AND number = ?", settled)


def _undeclared(connection: sqlite3.Connection, noted: _Noted, slug: str, site: Site) -> str:
    """What readers notice of a noted article, and what to write into its file; "" when all is declared."""
    given = bool(_claim(noted.claim).id)
    leads = slug == noted.was_slug or _leads(connection, noted.was_slug, noted.doc)
    # An id that its author wrote into the same file is meant.
    named = noted.id == noted.was_id or (given and noted.path == noted.was_path)
    if named and leads:
        return ""
    whose = "it" if noted.path == noted.was_path else f"it seems to be {noted.was_path}, moved: it"
    aliases = decode(noted.article).aliases
    if named:
        line = advise_alias(noted.was_slug, aliases)
        return f"{whose} was at /articles/{noted.was_slug}, which leads nowhere now; {line}"
    line = advise_rename(
        site,
        was_id=noted.was_id,
        was_slug=noted.was_slug,
        language=noted.language,
        slug=slug,
        aliases=aliases,
        explicit=given,
    )
    return f"{whose} was served as {noted.was_id}, and readers see it a second time now; {line}"


def _note_by_text(connection: sqlite3.Connection, lost: list[_Departed], arrived: list[_Here]) -> None:
    """Bring together what has one text, which no other on either side has."""
    news: dict[str, list[_Here]] = {}
    for one in arrived:
        (blob,) = connection.execute("SELECT article FROM articles WHERE doc = ?", (one.doc,)).fetchone()
        news.setdefault(text_digest(decode(blob).content_text), []).append(one)
    often = Counter(was.text for was in lost)
    for was in lost:
        found = news.get(was.text, []) if was.text else []
        if len(found) == 1 and often[was.text] == 1:
            _keep(connection, was, found[0])


def _keep(connection: sqlite3.Connection, was: _Departed, now: _Here) -> None:
    """Note that `now` was `was`, or what that itself had been before."""
    execute = connection.execute
    before = execute(
        "SELECT was_path, was_slug, was_id FROM moved WHERE path = ? AND number = ?", (was.path, was.number)
    ).fetchone()
    known: Iterable[str] = before or (was.path, was.slug, was.id)
    execute(
        "INSERT OR REPLACE INTO moved (path, number, was_path, was_slug, was_id) VALUES (?, ?, ?, ?, ?)",
        (now.path, now.number, *known),
    )


def _leads(connection: sqlite3.Connection, slug: str, doc: int) -> bool:
    """Whether the former slug leads to the article `doc`."""
    asked = connection.execute("SELECT 1 FROM aliases WHERE slug = ? AND doc = ?", (slug, doc))
    return asked.fetchone() is not None
