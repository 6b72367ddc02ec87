"""Articles that readers know by another id or slug than their file declares now.

They are reported, not corrected: an index that gave an article its former id because it remembers it would
differ from a replica built from nothing. A rename stays recorded until the file declares it, or until the
index is rebuilt.
"""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from service.content.identity.rename_advice import advise_alias, advise_rename
from service.content.records import Claim
from service.errors import Fault
from service.index.article_row import decode_article
from service.index.database import decoder
from service.model import Site

_decode_claim = decoder(Claim)

# A slug that still has the same id belongs to the same article: nearly every article that was edited.
_CANDIDATES = """
SELECT f.path, f.number, f.slug, f.id, f.text
FROM former_articles AS f LEFT JOIN documents ON documents.slug = f.slug WHERE documents.id IS NOT f.id
"""

# An article whose id and slug belong now to another, which had others and whose file was not read.
_SUCCEEDED = """
SELECT DISTINCT f.path, f.number, f.slug, f.id, f.text
FROM former_articles AS successor JOIN documents USING (path, number)
JOIN former_articles AS f ON f.slug = documents.slug AND f.id = documents.id
WHERE successor.text IS NULL AND successor.id IS NOT documents.id
"""

_RECORDED = """
SELECT path, number, former_path, former_slug, former_id, doc, slug, id, language, claim, unpack(article)
FROM renames LEFT JOIN documents USING (path, number) LEFT JOIN articles USING (doc)
WHERE former_slug NOT LIKE '/%' ORDER BY path, number LIMIT ?
"""

MAX_NOTICES = 200
"""Nobody corrects more renames than these one by one."""


class _FormerArticle(msgspec.Struct, frozen=True):
    """An article as it was before the build; `text` is a digest, None where its file was not read."""

    path: str
    number: int
    slug: str
    id: str
    text: str | None


class _CurrentArticle(msgspec.Struct, frozen=True):
    """An article as it is after the build."""

    doc: int
    path: str
    number: int
    slug: str
    id: str


class _Rename(msgspec.Struct, frozen=True):
    """A recorded rename, and the article as it is now; `slug` is None when there is none."""

    path: str
    number: int
    former_path: str
    former_slug: str
    former_id: str
    doc: int
    slug: str | None
    id: str
    language: str
    claim: bytes
    article: bytes


class RenameNotices(msgspec.Struct, frozen=True):
    """The lines to add to files, and the (path, number) of articles whose rename is declared or obsolete."""

    faults: tuple[Fault, ...]
    obsolete: tuple[tuple[str, int], ...]


def record(connection: sqlite3.Connection, first_new: int) -> None:
    """Record every article that had another id or slug before this build.

    `first_new` is the first doc that the build wrote.
    """
    candidates = [_FormerArticle(*row) for row in connection.execute(_CANDIDATES)]
    succeeded = {_FormerArticle(*row) for row in connection.execute(_SUCCEEDED)}
    candidates += sorted(succeeded, key=lambda former: (former.path, former.number))
    if not candidates:
        return
    former_ids = {article_id for (article_id,) in connection.execute("SELECT id FROM former_articles")}
    unmatched = []
    for former in candidates:
        at_place = _find(connection, "path = ? AND number = ?", former.path, former.number)
        match = None if former in succeeded else _find(connection, "id = ?", former.id)
        if former.text is None:
            match = at_place
        elif match is None and at_place and at_place.id not in former_ids:
            # Another line of JSON Lines may have moved to the place of one that was deleted.
            match = at_place if at_place.doc >= first_new else None
        if match:
            _save(connection, former, match)
        else:
            unmatched.append(former)
    former_places = {(former.path, former.number) for former in candidates}
    if unmatched:
        new = [
            article
            for article in _read_current(connection, "doc >= ?", first_new)
            if article.id not in former_ids and (article.path, article.number) not in former_places
        ]
        _match_by_text(connection, unmatched, new)


def read_notices(connection: sqlite3.Connection, site: Site) -> RenameNotices:
    """The first MAX_NOTICES recorded renames by path, each with the line that declares it."""
    faults, obsolete = [], []
    for row in connection.execute(_RECORDED, (MAX_NOTICES,)).fetchall():
        rename = _Rename(*row)
        message = _advise(connection, rename, rename.slug, site) if rename.slug else ""
        if message:
            faults.append(Fault(rename.path, rename.number + 1, message))
        else:
            obsolete.append((rename.path, rename.number))
    return RenameNotices(tuple(faults), tuple(obsolete))


def delete(connection: sqlite3.Connection, obsolete: Iterable[tuple[str, int]]) -> None:
    """Delete the renames recorded for these (path, number)."""
    connection.executemany("DELETE FROM renames WHERE path = ? AND number = ?", obsolete)


def _advise(connection: sqlite3.Connection, rename: _Rename, slug: str, site: Site) -> str:
    """The effect of a rename on readers, and the line that declares it; "" if the file declares all of it."""
    has_given_id = bool(_decode_claim(rename.claim).id)
    is_reachable = slug == rename.former_slug or _is_alias(connection, rename.former_slug, rename.doc)
    # An id that the author wrote into the same file is intended.
    has_valid_id = rename.id == rename.former_id or (has_given_id and rename.path == rename.former_path)
    if has_valid_id and is_reachable:
        return ""
    subject = "it" if rename.path == rename.former_path else f"it seems to be {rename.former_path}, moved: it"
    aliases = decode_article(rename.article).aliases
    if has_valid_id:
        line = advise_alias(rename.former_slug, aliases)
        return f"{subject} was at /articles/{rename.former_slug}, which leads nowhere now; {line}"
    line = advise_rename(
        site,
        was_id=rename.former_id,
        was_slug=rename.former_slug,
        language=rename.language,
        slug=slug,
        aliases=aliases,
        explicit=has_given_id,
    )
    return f"{subject} was served as {rename.former_id}, and readers see it a second time now; {line}"


def _find(connection: sqlite3.Connection, condition: str, *values: str | int) -> _CurrentArticle | None:
    return next(_read_current(connection, condition, *values), None)


def _read_current(
    connection: sqlite3.Connection, condition: str, *values: str | int
) -> Iterator[_CurrentArticle]:
    """The articles with a slug that meet the condition."""
    statement = f"SELECT doc, path, number, slug, id FROM documents WHERE {condition} AND slug IS NOT NULL"  # noqa: S608
    for row in connection.execute(statement, values):
        yield _CurrentArticle(*row)


def _match_by_text(
    connection: sqlite3.Connection, unmatched: list[_FormerArticle], new: list[_CurrentArticle]
) -> None:
    """Match articles of equal text, where no other article on either side has it."""
    new_by_text: dict[str, list[_CurrentArticle]] = {}
    for article in new:
        (blob,) = connection.execute(
            "SELECT unpack(article) FROM articles WHERE doc = ?", (article.doc,)
        ).fetchone()
        new_by_text.setdefault(text_digest(decode_article(blob).content_text), []).append(article)
    counts = Counter(former.text for former in unmatched)
    for former in unmatched:
        matches = new_by_text.get(former.text, []) if former.text else []
        if len(matches) == 1 and counts[former.text] == 1:
            _save(connection, former, matches[0])


def _save(connection: sqlite3.Connection, former: _FormerArticle, current: _CurrentArticle) -> None:
    """Record that `current` was `former`, or what `former` itself had been before."""
    execute = connection.execute
    earlier = execute(
        "SELECT former_path, former_slug, former_id FROM renames WHERE path = ? AND number = ?",
        (former.path, former.number),
    ).fetchone()
    original: Iterable[str] = earlier or (former.path, former.slug, former.id)
    execute(
        "INSERT OR REPLACE INTO renames (path, number, former_path, former_slug, former_id)"
        " VALUES (?, ?, ?, ?, ?)",
        (current.path, current.number, *original),
    )


def _is_alias(connection: sqlite3.Connection, slug: str, doc: int) -> bool:
    """Whether the former slug redirects to the article `doc`."""
    row = connection.execute("SELECT 1 FROM aliases WHERE slug = ? AND doc = ?", (slug, doc)).fetchone()
    return row is not None


def text_digest(text: str | None) -> str:
    """A digest of a text that ignores white space; "" without text."""
    return digest(text) if text and text.strip() else ""


def digest(*texts: str | None) -> str:
    parts = [" ".join((text or "").split()) for text in texts]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:24]
