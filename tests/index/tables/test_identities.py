"""What a change can reach is assigned anew, and the result is that of assigning all identities at once."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content import Claim, assign_slugs
from service.errors import Fault
from service.index.schema import TABLES
from service.index.tables import identities
from service.model import Site, TranslationKey

SITE = Site(id_authority="example.org", id_year=2026)
DAY = datetime(2019, 1, 28, tzinfo=UTC)
LONG = "ab" * 100
"""Cut to one alternative with every suffix of three characters."""


class Claims:
    """The claims of an index in memory, whose identities are assigned after each change."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._docs: dict[str, int] = {}
        self._next_doc = 1
        self.claims: dict[str, Claim] = {}
        self.assigned = 0
        for statement in TABLES.split(";\n"):
            connection.execute(statement)

    def change(self, changes: dict[str, Claim | None]) -> None:
        """Give each path another claim, or none."""
        released: set[int] = set()
        for path, claim in changes.items():
            doc = self._docs.pop(path, None)
            if doc is not None:
                released |= self._delete(doc)
                del self.claims[path]
            if claim is not None:
                self.claims[path] = claim
                self._docs[path] = self._insert(claim)
        identities.register_new(self._connection)
        self.assigned = 0
        for assigned in identities.assign(self._connection, SITE, released):
            identities.save(self._connection, assigned, SITE)
            self.assigned += len(assigned)

    def _insert(self, claim: Claim) -> int:
        doc = self._next_doc
        self._next_doc += 1
        self._connection.execute(
            "INSERT INTO documents (doc, path, number, withdrawn, changed_at, published_at, rest_bytes,"
            " text_bytes, language, claim, names, digest, has_links)"
            " VALUES (?, ?, ?, 0, 0, 0, 0, 0, '', ?, ?, x'', 0)",
            (
                doc,
                claim.path,
                claim.number,
                msgspec.msgpack.encode(claim),
                identities.pack_names(claim, SITE),
            ),
        )
        return doc

    def _delete(self, doc: int) -> set[int]:
        execute = self._connection.execute
        (names,) = execute("SELECT names FROM documents WHERE doc = ?", (doc,)).fetchone()
        execute("DELETE FROM documents WHERE doc = ?", (doc,))
        identities.delete_names(self._connection, doc, names)
        return set(identities.unpack_names(names))

    def identities(self) -> list[tuple[str, str, str, str | None]]:
        columns = "SELECT path, slug, id, translation FROM documents ORDER BY path"
        return list(self._connection.execute(columns))

    def faults(self) -> list[Fault]:
        return sorted(identities.read_identity_faults(self._connection))

    def check(self) -> None:
        """Compare with assigning all claims at once."""
        expected = assign_slugs(self.claims.values(), SITE)
        assert self.identities() == [(item.path, item.slug, item.id, item.translation) for item in expected]
        assert self.faults() == sorted(fault for item in expected for fault in item.faults)
        names = {
            (name, self._docs[item.path])
            for item in expected
            for name in identities.unpack_names(identities.pack_names(self.claims[item.path], SITE, item))
        }
        assert set(self._connection.execute("SELECT name, doc FROM claimed_names")) == names


@pytest.fixture
def claims() -> Iterator[Claims]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield Claims(connection)


def claim(path: str, slug: str, language: str = "en", **facts: Any) -> Claim:
    defaults: dict[str, Any] = {"number": 0, "first_slug": None, "published": None, "id": ""}
    return Claim(path=path, slug=slug, language=language, **defaults | facts)


PATHS = [f"{name}.md" for name in "abcdefgh"]
CLAIMS = st.builds(
    Claim,
    path=st.just(""),
    number=st.just(0),
    slug=st.sampled_from(["x", "x-fr", "x-2019-01-28", "x-fr-2019-01-28", "y", LONG, f"{LONG[:-3]}-fr"]),
    first_slug=st.sampled_from([None, None, None, "x", "y"]),
    language=st.sampled_from(["en", "fr", "de"]),
    published=st.sampled_from([None, DAY, DAY.replace(year=2018)]),
    id=st.sampled_from(["", "", "", "urn:x:1", "tag:example.org,2026:en/x", "tag:example.org,2026:fr/x-fr"]),
    translation_keys=st.sampled_from(
        [
            (),
            (),
            (TranslationKey("slug", "x"),),
            (TranslationKey("declared", "k"), TranslationKey("path", "p")),
        ]
    ),
)
CHANGES = st.lists(
    st.dictionaries(st.sampled_from(PATHS), st.none() | CLAIMS, min_size=1, max_size=3), max_size=12
)


@given(CHANGES)
def test_assigning_what_a_change_reaches_equals_assigning_everything(
    changes: list[dict[str, Claim | None]],
) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        claims = Claims(connection)
        for change in changes:
            claims.change(
                {path: new and msgspec.structs.replace(new, path=path) for path, new in change.items()}
            )
            claims.check()


def test_an_alternative_that_another_wishes_for_connects_them(claims: Claims) -> None:
    claims.change({"a": claim("a", "x"), "b": claim("b", "x", "fr")})
    claims.change({"c": claim("c", "x-fr")})
    assert claims.assigned == 3
    claims.check()
    claims.change({"c": None})
    claims.check()
    assert ("b", "x-fr") in [identity[:2] for identity in claims.identities()]


def test_batches_of_new_articles_are_assigned_as_one(claims: Claims, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities, "BATCH", 2)
    given = [claim(path, slug, language) for path, slug, language in _crossing()]
    claims.change({new.path: new for new in given})
    claims.check()


def _crossing() -> Iterable[tuple[str, str, str]]:
    for number, (slug, language) in enumerate(
        [("x-fr", "en"), ("x", "en"), ("x", "fr"), ("y", "en"), ("x-fr", "fr"), ("x", "de"), ("x-de", "fr")]
    ):
        yield f"{number}.md", slug, language


def test_an_edit_assigns_its_own_article_among_many(claims: Claims) -> None:
    claims.change({f"{number}": claim(f"{number}", f"slug-{number}") for number in range(500)})
    claims.change({"7": claim("7", "another")})
    assert claims.assigned == 1
    claims.change({"7": claim("7", "slug-8")})
    assert claims.assigned == 2
    claims.check()
