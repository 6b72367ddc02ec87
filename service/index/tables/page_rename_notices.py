"""Pages that are not articles and that readers know by another address than they have now.

They are recorded among the renames of articles: their former slug is an address, which begins with a slash.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable

import msgspec

from service.content.identity.rename_advice import advise_alias
from service.errors import Fault
from service.index.article_row import decode_article
from service.index.tables.rename_notices import MAX_NOTICES, RenameNotices, text_digest

_PAGES = "SELECT path, number, address, article FROM site_pages WHERE address IS NOT NULL"
_ANSWERS = """
SELECT 1 FROM site_pages WHERE address = ?1 UNION ALL SELECT 1 FROM site_page_aliases WHERE former = ?1
UNION ALL SELECT 1 FROM aliases WHERE slug = ?1
"""
_RECORDED = """
SELECT path, number, former_path, former_slug, address, article
FROM renames LEFT JOIN site_pages USING (path, number) WHERE former_slug LIKE '/%' ORDER BY path, number
LIMIT ?
"""


class FormerPage(msgspec.Struct, frozen=True):
    """A page as it was before the build; `aliases` are its former addresses, `text` is a digest."""

    path: str
    number: int
    address: str
    aliases: tuple[str, ...]
    text: str


def record(connection: sqlite3.Connection, former_pages: Iterable[FormerPage]) -> None:
    """Record every one of `former_pages` that has another address now, at which nothing else answers.

    A page is found by its place, else by its text, if no other page has that.
    """
    lost = [former for former in former_pages if not _is_answered(connection, former.address)]
    if not lost:
        return
    current = connection.execute(_PAGES).fetchall()
    by_place = {(path, number): (path, number) for path, number, *_ in current}
    texts = [
        (text_digest(decode_article(blob).content_text), (path, number)) for path, number, _, blob in current
    ]
    counts = Counter(text for text, _ in texts) + Counter(former.text for former in lost)
    by_text = {text: place for text, place in texts if text and counts[text] == 2}
    for former in lost:
        place = by_place.get((former.path, former.number)) or by_text.get(former.text)
        if place is not None:
            _save(connection, former, *place)


def read_notices(connection: sqlite3.Connection) -> RenameNotices:
    """The first MAX_NOTICES recorded renames by path, each with the line that declares it."""
    faults, obsolete = [], []
    for path, number, former_path, address, present, blob in connection.execute(_RECORDED, (MAX_NOTICES,)):
        if present is None or _is_answered(connection, address):
            obsolete.append((path, number))
            continue
        subject = "it" if path == former_path else f"it seems to be {former_path}, moved: it"
        advice = advise_alias(address, decode_article(blob).aliases)
        faults.append(
            Fault(path, number + 1, f"{subject} was at {address}, which leads nowhere now; {advice}")
        )
    return RenameNotices(tuple(faults), tuple(obsolete))


def _is_answered(connection: sqlite3.Connection, address: str) -> bool:
    """Whether a page is at `address`, or something redirects from it."""
    return connection.execute(_ANSWERS, (address,)).fetchone() is not None


def _save(connection: sqlite3.Connection, former: FormerPage, path: str, number: int) -> None:
    """Record that the page at this place was `former`, or what that had been before."""
    earlier = connection.execute(
        "SELECT former_path, former_slug FROM renames"
        " WHERE path = ? AND number = ? AND former_slug LIKE '/%'",
        (former.path, former.number),
    ).fetchone()
    connection.execute(
        "INSERT OR REPLACE INTO renames (path, number, former_path, former_slug, former_id)"
        " VALUES (?, ?, ?, ?, '')",
        (path, number, *(earlier or (former.path, former.address))),
    )
