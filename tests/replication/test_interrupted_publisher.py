"""A publisher that is killed at any moment: what it publishes next, and what a replica then holds."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from service.errors import ObjectMissing
from service.index import apply_due_transitions
from service.index.database import reading
from service.model import Site
from service.replication import index_copy
from service.replication.folder_store import FolderStore
from service.replication.index_copy import copy_index, finish_copy, read_published_copy
from service.replication.publication import Publication
from service.replication.publish import SnapshotPublisher
from tests.support.index_contents import contents
from tests.support.random_site import RandomSite
from tests.support.replication import Origin, Replica, current, folder_store, responses

CALLS = ("read", "write", "replace", "list_sizes", "delete", "delete_unfinished")


class Killed(BaseException):
    """Ends a publication, as if the process was killed."""


class DeadlyStore:
    """A store that kills who uses it, before or after a call."""

    def __init__(self, store: FolderStore) -> None:
        self._store = store
        self.calls_left = -1

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._store, name)

        def called(*values: Any) -> Any:
            self._count()
            result = call(*values)
            if isinstance(result, Iterator):
                result = iter([*result])
            self._count()
            return result

        return called if name in CALLS else call

    def _count(self) -> None:
        self.calls_left -= 1
        if self.calls_left == 0:
            raise Killed


class Scene:
    """A site that is edited at random, its publisher, and a replica; all have the clock of the site."""

    def __init__(self, path: Path, seed: int, set_clock: Callable[[datetime], None]) -> None:
        self.random = random.Random(seed)  # noqa: S311
        self.site = RandomSite(path / "origin", seed)
        self.set_clock = set_clock
        self.plain_store = folder_store(path)
        self.store = DeadlyStore(self.plain_store)
        self.replica = Replica(path / "replica", self.plain_store)
        self.base = self.site.file.with_name("index.db.published")
        self.expected = path / "expected.db"
        self.site.refresh(self.site.clock)
        self.publisher = self.new_publisher()

    def new_publisher(self) -> SnapshotPublisher:
        return SnapshotPublisher(self.store, self.site.url, self.site.root, 0.0)

    def change(self) -> None:
        """Change the site, or its index alone."""
        site, chance = self.site, self.random.random()
        if chance < 0.03:
            site.file.unlink()
        elif chance < 0.06:
            site.site = Site(title=f"Title {chance}", time_zone=self.random.choice(["UTC", "Asia/Tokyo"]))
        elif chance < 0.15:
            (site.root / f"{self.random.randrange(3)}.png").write_bytes(self.random.randbytes(9))
        else:
            site.edit()
        if 0.5 < chance < 0.7 and site.file.exists():
            apply_due_transitions(site.url, site.clock)
        else:
            site.refresh(site.clock)
        if 0.1 < chance < 0.4:
            site.hash_files()
        if 0.2 < chance < 0.25:
            for file in site.root.glob("*.png"):  # it is not as it was hashed
                file.write_bytes(self.random.randbytes(9))

    def publish(self) -> Publication | None:
        """Publish, or be killed meanwhile; then another process goes on later."""
        self.store.calls_left = self.random.randrange(1, 40) if self.random.random() < 0.4 else -1
        try:
            self.publisher.read_current()
            return self.publisher.publish()
        except Killed:
            self.publisher = self.new_publisher_later()
            return None

    def new_publisher_later(self) -> SnapshotPublisher:
        self.store.calls_left = -1
        return self.new_publisher()

    @property
    def is_published(self) -> bool:
        try:
            return bool(current(self.plain_store))
        except ObjectMissing:
            return False

    def require_base(self) -> None:
        """What the publisher keeps is what is published of the index, and of the last publication."""
        with reading(self.base) as base:
            published = read_published_copy(base)
        assert published.id == current(self.plain_store).id
        copy_index(self.site.file, self.expected)
        finish_copy(self.expected, published)
        kept, expected = contents(self.base), contents(self.expected)
        for table, rows in expected.items():
            assert kept[table] == rows, table

    def follow(self) -> bool:
        """Let the replica follow; whether it did not replace its index."""
        self.set_clock(self.site.clock)
        inode = self.replica.file.exists() and self.replica.inode
        if self.random.random() < 0.1:
            self.replica.restarted()
        if self.random.random() < 0.5:
            self.replica.follower.apply_due_transitions()
        self.replica.follow()
        if self.replica.follower.installed != current(self.plain_store):
            self.replica.follow()
        assert self.replica.follower.installed == current(self.plain_store)
        self.replica.follower.apply_due_transitions()
        return inode == self.replica.inode

    def require_replica(self) -> None:
        """Once its publisher has applied all that is due, the replica has the same rows."""
        (self.site.root / "number.md").write_text(f"Number {self.random.random()}")
        self.site.refresh(self.site.clock)
        self.store.calls_left = -1
        self.publisher.read_current()
        assert self.publisher.publish() is not None
        self.require_base()
        self.follow()
        held, expected = contents(self.replica.file), contents(self.base)
        for table, rows in expected.items():
            assert held[table] == rows, table


class KilledStore:
    """A store of a process that is killed as soon as its publication is."""

    def __init__(self, store: FolderStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def replace(self, *values: Any) -> str:
        self._store.replace(*values)
        raise Killed


@pytest.mark.parametrize("damage", [None, "damaged", "missing"])
def test_a_publisher_killed_just_after_a_publication_goes_on_with_deltas(
    tmp_path: Path, damage: str | None
) -> None:
    store = folder_store(tmp_path)
    origin, replica = Origin(tmp_path / "origin", store), Replica(tmp_path / "replica", store)
    for number in range(30):
        origin.write(f"a{number}", text=f"Text {number}. " * 40)
    for title in ("One", "Two", "Three", "Four"):
        origin.write("a7", title=title)
        origin.refresh()
        if title == "Three":
            origin.publisher._store = KilledStore(store)
            with pytest.raises(Killed):
                origin.publish()
            origin.publisher = origin.new_publisher()
            delta = tmp_path / "store" / current(store).parts[-1].name
            if damage == "damaged":
                delta.write_bytes(bytes(delta.stat().st_size))
            elif damage == "missing":
                delta.unlink()
        else:
            origin.publish()
    replica.follow()

    assert [part.generation for part in current(store).parts] == ([4] if damage else [1, 2, 3, 4])
    assert responses(replica.url, "/articles/a7") == responses(origin.url, "/articles/a7")


def interrupt(path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, steps: int) -> tuple[int, int, int]:
    """Publish random changes; how often a publication was a delta, and was installed in place."""
    scene = Scene(path, seed, lambda moment: monkeypatch.setattr(index_copy, "present", lambda: moment))
    publications = deltas = in_place = 0
    for _ in range(steps):
        for _ in range(scene.random.choice([0, 1, 1, 3])):
            scene.change()
        if scene.random.random() < 0.1:
            scene.publisher = scene.new_publisher_later()
        publication = scene.publish()
        if publication is not None:
            publications += 1
            deltas += bool(publication.deltas)
            scene.require_base()
        if scene.random.random() < 0.7 and scene.is_published:
            in_place += scene.follow()
        if scene.random.random() < 0.1:
            scene.require_replica()
    return publications, deltas, in_place


def test_a_publisher_goes_on_wherever_it_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publications, deltas, in_place = interrupt(tmp_path, monkeypatch, seed=1, steps=60)

    assert publications > 20
    assert deltas > publications / 3
    assert in_place > 10


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_publisher_goes_on_wherever_it_was_killed_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    interrupt(tmp_path, monkeypatch, seed, steps=400)
