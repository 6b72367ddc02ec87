"""The hash of the content depends on what there is, and not on how it came about."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from service.index.content_tree import ContentTree
from service.index.schema import TABLES

KEYS = [f"article {number}" for number in range(12)]
CHANGES = st.lists(st.dictionaries(st.sampled_from(KEYS), st.none() | st.binary(max_size=2)), max_size=8)


def build(changes: Iterable[Mapping[str, bytes | None]]) -> tuple[bytes, list[tuple[object, ...]]]:
    """The hash after these changes, applied one after the other, and what is stored."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in TABLES.split(";\n"):
            connection.execute(statement)
        tree = ContentTree(connection)
        root = tree.hash()
        for change in changes:
            for key, value in change.items():
                if value is None:
                    tree.remove(key)
                else:
                    tree.put(key, value)
            root = tree.hash()
        nodes = connection.execute("SELECT node, digests FROM content_nodes ORDER BY node").fetchall()
    return root, nodes


@given(CHANGES)
def test_any_history_of_the_same_entries_has_the_same_hash(changes: list[dict[str, bytes | None]]) -> None:
    entries: dict[str, bytes | None] = {}
    for change in changes:
        entries |= change
    kept = {key: value for key, value in sorted(entries.items()) if value is not None}
    assert build(changes) == build([kept])


@given(st.dictionaries(st.sampled_from(KEYS), st.binary(max_size=2), min_size=1), st.data())
def test_any_difference_changes_the_hash(entries: dict[str, bytes], data: st.DataObject) -> None:
    changed = data.draw(st.sampled_from(sorted(entries)))
    other = data.draw(st.none() | st.binary(max_size=2).filter(lambda value: value != entries[changed]))
    assert build([entries]) != build([entries, {changed: other}])


def test_clearing_forgets_everything() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in TABLES.split(";\n"):
            connection.execute(statement)
        tree = ContentTree(connection)
        empty = tree.hash()
        tree.put("article 1", b"x")
        assert tree.hash() != empty
        tree.clear()
        assert tree.hash() == empty
