"""Which rows differ between two states of a database, found by the pages that differ.

All rows of a table need not be compared: a page that is in the same table before and after, and has not
changed, holds the same rows. Read as "Database File Format" (https://www.sqlite.org/fileformat.html)
describes it; sections are given. The files must have no write-ahead log.
"""

import mmap
import struct
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

Key = tuple[int | float | str | bytes | None, ...]
"""The rowid of a row alone, or in a table without rowids the values of its primary key."""

COMPARED_BYTES = 1 << 20

_HEADER_BYTES = 100
_INTERIOR_INDEX, _INTERIOR_TABLE, _LEAF_INDEX, _LEAF_TABLE = 2, 5, 10, 13
_INTERIOR = {_INTERIOR_INDEX, _INTERIOR_TABLE}
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_FIRST_BLOB, _FIRST_TEXT = 12, 13


class DamagedPages(Exception):
    """Pages of a database file contradict each other, or end too early."""


class Tree(msgspec.Struct, frozen=True):
    """The B-tree of a table or index in both states: its first page before and after.

    `key_columns` is how many values the primary key of a table without rowids has; 0 for one with rowids.
    """

    root_before: int
    root_after: int
    key_columns: int = 0


def find_changed_keys(
    before: Path, after: Path, tables: Mapping[str, Tree], others: Mapping[str, Tree]
) -> dict[str, set[Key]]:
    """The keys of all rows of `tables` that were added, deleted or changed, and of some that were not.

    `others` are all other trees in the database. Raises DamagedPages.
    """
    with _damage_reported(), ExitStack() as files:
        old, new = (files.enter_context(_Pages(path)) for path in (before, after))
        changed = set(_changed_pages(old, new) if old.layout == new.layout else new.numbers())
        held = {
            name: (old.tree(tree.root_before), new.tree(tree.root_after)) for name, tree in tables.items()
        }
        keys = {name: _compare(old, new, tables[name], *held[name], changed) for name in tables}
        known = {page for _, pages in held.values() for page in pages}
        for tree in others.values():
            known.update(new.tree(tree.root_after))
        rest = changed - known - set(new.free_pages())
        if rest:
            # They are parts of large rows, which the page with the beginning of the row may not show.
            for name, (old_pages, new_pages) in held.items():
                columns = tables[name].key_columns
                unchanged = (old_pages & new_pages) - changed
                keys[name].update(new.keys_of_rows_on(unchanged, rest, columns))
        return keys


@contextmanager
def _damage_reported() -> Iterator[None]:
    """Raise DamagedPages where a page is not what the others say of it."""
    try:
        yield
    except (struct.error, IndexError, KeyError, ValueError, ZeroDivisionError) as error:
        raise DamagedPages(f"{type(error).__name__}: {error}") from error


def _changed_pages(old: "_Pages", new: "_Pages") -> Iterator[int]:
    """The numbers of pages of `new` that are not as in `old`."""
    size = new.page_bytes
    for start in range(0, len(new.content), COMPARED_BYTES):
        end = start + COMPARED_BYTES
        if old.content[start:end] != new.content[start:end]:
            for place in range(start, min(end, len(new.content)), size):
                if old.content[place : place + size] != new.content[place : place + size]:
                    yield place // size + 1


def _compare(
    old: "_Pages", new: "_Pages", tree: Tree, old_pages: set[int], new_pages: set[int], changed: set[int]
) -> set[Key]:
    """The keys of rows on pages that were changed, or are in the tree in one state only."""
    columns = tree.key_columns
    rows_before = old.rows(old_pages - (new_pages - changed), columns)
    rows_after = new.rows(new_pages - (old_pages - changed), columns)
    return {key for key, _ in rows_before ^ rows_after}


class _Pages:
    """The pages of a database file, numbered from 1."""

    def __init__(self, path: Path) -> None:
        self._files = ExitStack()
        file = self._files.enter_context(path.open("rb"))
        self.content = self._files.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        self.page_bytes = int.from_bytes(self.content[16:18], "big")  # §1.3.2
        if self.page_bytes == 1:
            self.page_bytes = 65_536
        self._usable = self.page_bytes - self.content[20]  # §1.3.4

    @property
    def layout(self) -> tuple[int, int]:
        """What pages of two files must have in common to be compared: their size, and how much is used."""
        return self.page_bytes, self._usable

    def numbers(self) -> Iterator[int]:
        """The numbers of all pages."""
        return iter(range(1, len(self.content) // self.page_bytes + 1))

    def __enter__(self) -> "_Pages":
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def page(self, number: int) -> bytes:
        return self.content[(number - 1) * self.page_bytes : number * self.page_bytes]

    def tree(self, root: int) -> set[int]:
        """All pages of a B-tree but those that continue large rows."""
        pages, level = {root}, [root]
        while level and self._kind(level[0]) in _INTERIOR:  # all leaves are at one depth
            level = [child for number in level for child in self._children(number)]
            known = len(pages)
            pages.update(level)
            if len(pages) < known + len(level):
                raise DamagedPages("a page is twice in a tree")
        return pages

    def free_pages(self) -> Iterator[int]:
        """Pages that hold nothing (§1.5)."""
        (trunk,) = struct.unpack(">I", self.content[32:36])
        trunks = set[int]()
        while trunk:
            if trunk in trunks:
                raise DamagedPages("a page is twice in the list of free pages")
            trunks.add(trunk)
            yield trunk
            page = self.page(trunk)
            trunk, count = struct.unpack_from(">II", page)
            yield from struct.unpack_from(f">{count}I", page, 8)

    def rows(self, pages: set[int], key_columns: int) -> set[tuple[Key, bytes]]:
        """The keys and contents of all rows on these pages of a tree."""
        return {
            (_key(rowid, content, key_columns), content)
            for number in pages
            for rowid, content, _ in self._cells(number)
        }

    def keys_of_rows_on(self, pages: set[int], continued_on: set[int], key_columns: int) -> set[Key]:
        """The keys of rows that begin on one of `pages`, and go on on one of `continued_on`."""
        return {
            _key(rowid, content, key_columns)
            for number in pages
            for rowid, content, chain in self._cells(number)
            if not continued_on.isdisjoint(chain)
        }

    def _kind(self, number: int) -> int:
        return self.content[(number - 1) * self.page_bytes + (_HEADER_BYTES if number == 1 else 0)]

    def _pointers(self, number: int, page: bytes) -> tuple[int, tuple[int, ...]]:
        """The kind of a page of a B-tree, and where its cells begin (§1.6)."""
        start = _HEADER_BYTES if number == 1 else 0
        kind, _, count = struct.unpack_from(">BHH", page, start)
        return kind, struct.unpack_from(f">{count}H", page, start + (12 if kind in _INTERIOR else 8))

    def _children(self, number: int) -> list[int]:
        page = self.page(number)
        _, pointers = self._pointers(number, page)
        children = [struct.unpack_from(">I", page, pointer)[0] for pointer in pointers]
        (last,) = struct.unpack_from(">I", page, 8 + (_HEADER_BYTES if number == 1 else 0))
        return [*children, last]

    def _cells(self, number: int) -> Iterator[tuple[int, bytes, set[int]]]:
        """The rowid, the content and the further pages of each row on a page; the rowid is 0 without one."""
        page = self.page(number)
        kind, pointers = self._pointers(number, page)
        if kind == _INTERIOR_TABLE:
            return  # it repeats rowids only
        is_table = kind == _LEAF_TABLE
        for pointer in pointers:
            length, position = _varint(page, pointer + (4 if kind == _INTERIOR_INDEX else 0))
            rowid = 0
            if is_table:
                rowid, position = _varint(page, position)
                rowid -= (rowid >> 63) << 64
            here = self._bytes_on_page(length, is_table)
            content, chain = page[position : position + here], set[int]()
            if here < length:
                (further,) = struct.unpack_from(">I", page, position + here)
                while further and len(content) < length:
                    if further in chain:
                        raise DamagedPages("a page is twice in a row")
                    chain.add(further)
                    overflow = self.page(further)
                    content += overflow[4 : self._usable]
                    (further,) = struct.unpack_from(">I", overflow)
            yield rowid, content[:length], chain

    def _bytes_on_page(self, length: int, is_table: bool) -> int:
        """How much of a row is on the page where it begins (§1.6, "payload")."""
        usable = self._usable
        most = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
        if length <= most:
            return length
        least = (usable - 12) * 32 // 255 - 23
        fitting = least + (length - least) % (usable - 4)
        return fitting if fitting <= most else least


def _key(rowid: int, content: bytes, key_columns: int) -> Key:
    """The key of a row: without rowids, the values of its primary key come first (§2.4)."""
    if not key_columns:
        return (rowid,)
    header_bytes, position = _varint(content, 0)
    values = header_bytes
    key: list[int | float | str | bytes | None] = []
    while len(key) < key_columns:
        kind, position = _varint(content, position)
        value, values = _value(content, values, kind)
        key.append(value)
    return tuple(key)


def _value(content: bytes, start: int, kind: int) -> tuple[int | float | str | bytes | None, int]:
    """A value of a serial type (§2.1), and where the next one begins."""
    if kind >= _FIRST_BLOB:
        end = start + (kind - _FIRST_BLOB) // 2
        value = content[start:end]
        return (value.decode() if kind % 2 else value), end
    if kind in _INTEGER_BYTES:
        end = start + _INTEGER_BYTES[kind]
        return int.from_bytes(content[start:end], "big", signed=True), end
    if kind == 7:
        return struct.unpack_from(">d", content, start)[0], start + 8
    return {0: None, 8: 0, 9: 1}[kind], start


def _varint(content: bytes, position: int) -> tuple[int, int]:
    """An integer of one to nine bytes (§1.6), and where the next value begins."""
    value = 0
    for place in range(position, position + 8):
        byte = content[place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + 1
    return value << 8 | content[position + 8], position + 9
