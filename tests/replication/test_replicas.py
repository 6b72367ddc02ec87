"""Publishing an index and following it, in one process and with a folder as the store."""

import errno
import hashlib
import json
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from socket import gethostname
from typing import Any

import pytest

from service.content.files.addresses import LocatedFile, locate_file
from service.errors import (
    IndexUnavailable,
    IndexUnusable,
    ObjectMissing,
    PublishedByAnother,
    SettingsError,
    SnapshotUnusable,
    StoreUnavailable,
)
from service.index import apply_due_transitions, now
from service.index.database import reading, writing
from service.index.schema import PAGE_BYTES
from service.model import Site
from service.replication import follow, index_copy, publish
from service.replication.folder_store import FolderStore
from service.replication.follow import SnapshotFollower
from service.replication.index_copy import read_content
from service.replication.store import Store
from service.settings import SETTINGS
from tests.support.builders import at
from tests.support.replication import (
    ADDRESSES,
    Origin,
    Replica,
    answer_of,
    ask,
    current,
    folder_store,
    responses,
    rewrite,
)
from tests.support.waiting import wait_until

PUBLISHER = rf"the publisher on {gethostname()} \(process {os.getpid()}, started 20[0-9-]+T[0-9:]+Z\)"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock of replicas."""
    return lambda moment: monkeypatch.setattr(index_copy, "present", lambda: moment)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return folder_store(tmp_path)


@pytest.fixture
def origin(tmp_path: Path, store: FolderStore) -> Origin:
    origin = Origin(tmp_path / "origin", store)
    for number in range(30):
        origin.write(f"a{number}", tags=[f"t{number % 3}"], date="2025-01-01", text=f"Text {number}. " * 40)
    origin.refresh()
    return origin


@pytest.fixture
def replica(tmp_path: Path, store: FolderStore) -> Replica:
    return Replica(tmp_path / "replica", store)


def test_a_replica_answers_as_the_folder_does(origin: Origin, replica: Replica) -> None:
    origin.publish()
    replica.follow()

    assert responses(replica.url, "/articles/a7") == responses(origin.url, "/articles/a7")


def test_an_edit_is_a_delta(origin: Origin, replica: Replica) -> None:
    origin.publish()
    replica.follow()
    before = replica.inode
    origin.write("a7", title="Edited", date="2025-01-01", text="Another text. " * 40)
    origin.refresh()
    origin.publish()
    replica.follow()

    assert [part.generation for part in current(origin.store).parts] == [1, 2]
    assert replica.inode == before
    assert responses(replica.url, "/articles/a7") == responses(origin.url, "/articles/a7")


def test_readers_of_the_index_see_a_small_change(origin: Origin, replica: Replica) -> None:
    origin.publish()
    replica.follow()
    with closing(sqlite3.connect(replica.file)) as reader:
        (before,) = reader.execute("SELECT content FROM state").fetchone()
        edit(origin, "Edited")
        origin.publish()
        replica.follow()
        (after,) = reader.execute("SELECT content FROM state").fetchone()

    assert before != after == replica.revision.content


@pytest.mark.parametrize("in_place_bytes", [0, follow.IN_PLACE_BYTES], ids=["a copy", "in place"])
def test_readers_see_a_change_within_the_context_alone(
    tmp_path: Path, store: FolderStore, monkeypatch: pytest.MonkeyPatch, in_place_bytes: int
) -> None:
    monkeypatch.setattr(follow, "IN_PLACE_BYTES", in_place_bytes)
    origin = Origin(tmp_path / "origin", store, delay_seconds=100)
    replica = Replica(tmp_path / "replica", store)
    for title in ("First", "Edited"):
        edit(origin, title)
        origin.publisher = origin.new_publisher()
        origin.publish()
        replica.follower.fetch_newest()
        assert not replica.follower.is_install_due()
        if title == "First":
            replica.follower.install()
    seen = [replica.revision]

    @contextmanager
    def committing() -> Iterator[None]:
        seen.append(replica.revision)
        yield
        seen.append(replica.revision)

    assert replica.follower.install(committing)
    assert seen[0] == seen[1] != seen[2] == replica.revision == current(store).revision


def _apply_schedule(replica: Replica, clock: Callable[[datetime], None]) -> None:
    clock(at("2025-06-01"))
    replica.follower.apply_due_transitions()


def _expect_schedule(replica: Replica, clock: Callable[[datetime], None]) -> None:
    replica.follower._next_transition = now()


def _change_a_row(replica: Replica, clock: Callable[[datetime], None]) -> None:
    with closing(sqlite3.connect(replica.file)) as connection:
        connection.execute("UPDATE documents SET language = 'xx' WHERE path = 'a8.json'")
        connection.commit()


def _interrupt_installation(replica: Replica, clock: Callable[[datetime], None]) -> None:
    """Apply the deltas as in a process that is killed before it notes that."""
    replica.follower.fetch_newest()
    update = replica.follower._update
    replica.follower._update = lambda **_: None  # type: ignore[method-assign]
    replica.follower.install()
    replica.follower._update = update  # type: ignore[method-assign]
    replica.restarted()


def _restart(replica: Replica, clock: Callable[[datetime], None]) -> None:
    replica.restarted()


CASES: dict[str, Callable[[Replica, Callable[[datetime], None]], None]] = {
    "a scheduled change was applied": _apply_schedule,
    "a scheduled change is due": _expect_schedule,
    "a row is another": _change_a_row,
    "it was killed while it installed": _interrupt_installation,
    "it was restarted": _restart,
}
IN_PLACE = {"a scheduled change was applied", "a scheduled change is due", "it was restarted"}
"""The cases in which the changes are applied to the index that is served nevertheless."""


@pytest.mark.parametrize("case", [*CASES, "the change is large"])
def test_an_index_that_is_not_as_it_was_published_is_replaced(
    origin: Origin,
    replica: Replica,
    clock: Callable[[datetime], None],
    monkeypatch: pytest.MonkeyPatch,
    case: str,
) -> None:
    origin.write("later", date="2025-06-01", tags=["soon"])
    origin.refresh(at("2025-05-01"))
    origin.publish()
    clock(at("2025-05-01"))
    replica.follow()
    before = replica.inode
    origin.write("a7", title="Edited", text="Text.")
    origin.refresh(at("2025-05-01"))
    origin.publish()
    if case == "the change is large":
        monkeypatch.setattr(follow, "IN_PLACE_BYTES", 10)
    else:
        CASES[case](replica, clock)
    replica.follow()
    replica.follow()

    assert (replica.inode == before) == (case in IN_PLACE)
    assert replica.follower.installed == current(origin.store)
    if case == "a scheduled change was applied":
        apply_due_transitions(origin.url, at("2025-06-01"))
    assert responses(replica.url, "/articles/a7") == responses(origin.url, "/articles/a7")


def test_what_is_published_is_not_published_again(origin: Origin) -> None:
    assert origin.publish() is not None
    assert origin.publish() is None
    origin.publisher = origin.new_publisher()
    assert origin.publish() is None
    assert current(origin.store).generation == 1


def test_what_is_installed_is_not_installed_again(origin: Origin, replica: Replica) -> None:
    origin.publish()
    replica.follow()
    before = replica.inode
    replica.follow()
    replica.restarted()
    replica.follow()

    assert replica.inode == before


def test_a_new_replica_reads_the_snapshot_and_all_deltas(origin: Origin, replica: Replica) -> None:
    origin.publish()
    for number in range(3):
        origin.write("a7", title=f"Edit {number}", text="Text.")
        origin.refresh()
        origin.publish()
    replica.follow()

    assert len(current(origin.store).deltas) == 3
    assert responses(replica.url, "/articles/a7") == responses(origin.url, "/articles/a7")


def test_without_the_last_publication_a_snapshot_is_published(origin: Origin, replica: Replica) -> None:
    origin.publish()
    replica.follow()
    origin.file.with_name("index.db.published").unlink()
    origin.write("a7", title="Edited", text="Text.")
    origin.refresh()
    origin.publish()
    replica.follow()

    assert [part.generation for part in current(origin.store).parts] == [2]
    assert responses(replica.url) == responses(origin.url)


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"id": "\xff"}', b'{"\xff": 1}', b'{"a": "2026-01-01T00:00:00"}']
)
def test_unreadable_records_of_a_publisher_are_replaced(
    origin: Origin, replica: Replica, tmp_path: Path, content: bytes
) -> None:
    origin.publish()
    replica.follow()
    origin.file.with_name("index.db.published").write_bytes(content)
    (tmp_path / "store" / "retired.json").write_bytes(content)
    origin.publisher = origin.new_publisher()
    for title in ("One", "Two"):
        edit(origin, title)
        origin.publish()
    replica.follow()

    assert responses(replica.url) == responses(origin.url)
    assert set(json.loads((tmp_path / "store" / "retired.json").read_bytes())) <= {
        name for folder in LOST for name, _ in origin.store.list_sizes(folder)
    }


def test_many_deltas_lead_to_a_snapshot(origin: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "MOST_DELTAS", 2)
    for number in range(4):
        origin.write("a7", title=f"Edit {number}", text="Text.")
        origin.refresh()
        origin.publish()

    assert [part.generation for part in current(origin.store).parts] == [4]


def test_scheduled_changes_happen_on_the_replica_as_on_the_publisher(
    origin: Origin, replica: Replica, clock: Callable[[datetime], None]
) -> None:
    origin.write("later", date="2025-06-01", tags=["soon"])
    origin.write("leaving", date="2025-01-01", expires="2025-06-01")
    origin.write("updated", date="2025-01-01", updated="2025-06-01", correction="The number was wrong.")
    addresses = ("/articles/later", "/articles/leaving", "/articles/updated.json", "/feed.atom?tag=soon")
    origin.refresh(at("2025-05-01"))
    origin.publish()
    clock(at("2025-05-01"))
    replica.follow()
    assert responses(replica.url, *addresses) == responses(origin.url, *addresses)

    clock(at("2025-06-01"))
    assert replica.follower.apply_due_transitions() is None
    assert apply_due_transitions(origin.url, at("2025-06-01")) is None
    assert responses(replica.url, *addresses) == responses(origin.url, *addresses)
    assert responses(replica.url, "/articles/later")[-1][0] == 200

    # The publisher publishes the same revision, and the next edit on top of it.
    revision = replica.revision
    origin.publish()
    replica.follow()
    assert replica.revision == revision
    origin.write("a7", title="Edited", text="Text.")
    origin.refresh(at("2025-06-02"))
    origin.publish()
    replica.follow()
    assert responses(replica.url, *addresses) == responses(origin.url, *addresses)


def test_what_became_due_before_the_switch_is_applied_with_it(
    origin: Origin, replica: Replica, clock: Callable[[datetime], None]
) -> None:
    origin.write("later", date="2025-06-01")
    origin.refresh(at("2025-05-01"))
    origin.publish()
    clock(at("2025-05-31"))
    replica.follower.fetch_newest()
    clock(at("2025-06-02"))
    replica.follower.install()

    assert responses(replica.url, "/articles/later")[-1][0] == 200


@pytest.mark.parametrize(
    ("edited", "date", "changed"),
    [
        ("a7", "2025-01-01", {"a7", "later"}),
        ("later", "2025-06-01", {"later"}),
        ("later", "2025-07-01", None),
    ],
    ids=["another article", "the scheduled one", "not in the new content"],
)
def test_a_revision_that_only_replicas_had_is_known_after_the_switch(
    tmp_path: Path,
    store: FolderStore,
    replica: Replica,
    clock: Callable[[datetime], None],
    edited: str,
    date: str,
    changed: set[str] | None,
) -> None:
    """An edit is published just before a scheduled change, and served just after it."""
    origin = Origin(tmp_path / "origin", store)
    for name, published in {"a7": "2025-01-01", "a8": "2025-01-01", "later": "2025-06-01"}.items():
        origin.write(name, date=published)
    origin.refresh(at("2025-05-01"))
    origin.publish()
    clock(at("2025-05-31"))
    replica.follow()
    origin.write(edited, title="Edited", date=date, text="Text.")
    origin.refresh(at("2025-05-31"))
    origin.publish()
    replica.follower.fetch_newest()
    clock(at("2025-06-01"))
    replica.follower.apply_due_transitions()
    (manifest,) = ask(replica.settings(), "/manifest.json")
    since = f"/changes?content=none&since={manifest.json()['revision']}"
    replica.follow()  # the delta does not fit
    replica.follow()
    (answer,) = ask(replica.settings(), since)

    assert answer.status_code == (410 if changed is None else 200)
    if changed is not None:
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert {line["article"]["slug"] for line in lines if line["op"] == "put"} == changed

    # The publisher's next delta fits the index, whose journal has one revision more.
    assert apply_due_transitions(origin.url, at("2025-06-01")) in (None, at("2025-07-01"))
    origin.publish()
    replica.follow()
    origin.write("a8", title="Edited", date="2025-01-01", text="Text.")
    origin.refresh(at("2025-06-02"))
    origin.publish()
    clock(at("2025-06-02"))
    replica.follow()
    replica.follow()
    assert responses(replica.url) == responses(origin.url)


def test_rows_that_a_replica_has_changed_do_not_keep_a_delta_from_its_index(
    origin: Origin, replica: Replica
) -> None:
    origin.publish()
    replica.follow()
    with writing(replica.file, build=False) as connection:
        connection.execute(
            "INSERT INTO journal_revisions SELECT generation + 9, content, transition, 'other', recorded_at,"
            " last_change, algorithms, has_other_changes FROM journal_revisions"
        )
    inode = replica.inode
    edit(origin, "Edited")
    origin.publish()
    replica.follow()

    assert replica.inode == inode
    assert responses(replica.url) == responses(origin.url)


def test_a_clock_that_is_behind_takes_nothing_back(
    origin: Origin, replica: Replica, clock: Callable[[datetime], None]
) -> None:
    origin.write("later", date="2025-06-01")
    origin.refresh(at("2025-06-01"))
    origin.publish()
    clock(at("2025-05-31"))
    replica.follow()
    replica.follower.apply_due_transitions()

    assert responses(replica.url, "/articles/later")[-1][0] == 200


def test_of_two_publishers_the_later_one_wins(origin: Origin, tmp_path: Path, store: FolderStore) -> None:
    origin.publish()
    other = Origin(tmp_path / "other", store)
    other.write("other")
    other.refresh()
    other.publish()
    origin.write("a7", title="Edited", text="Text.")
    origin.refresh()

    with pytest.raises(PublishedByAnother, match=rf"{PUBLISHER} has published generation 2 with other"):
        origin.publish()
    assert current(store).generation == 2


def test_two_publishers_of_one_content_agree(origin: Origin, tmp_path: Path, store: FolderStore) -> None:
    origin.publish()
    other = Origin(tmp_path / "other", store)
    other.root = origin.root
    other.refresh()
    assert other.publish() is None
    origin.write("a7", title="Edited", text="Text.")
    for each in (origin, other):
        each.refresh()
    assert other.publish() is not None
    assert origin.publish() is None
    assert current(store).generation == 2


def test_publishers_that_race_cannot_both_publish(origin: Origin, tmp_path: Path, store: FolderStore) -> None:
    other = Origin(tmp_path / "other", store)
    other.write("other")
    other.refresh()
    for each in (origin, other):
        each.publisher.read_current()

    assert other.publisher.publish() is not None
    with pytest.raises(PublishedByAnother, match=rf"{PUBLISHER} has published generation 1"):
        origin.publisher.publish()
    assert responses(origin.url) != responses(other.url)


def test_the_next_publication_waits_until_the_last_one_is_active(tmp_path: Path, store: FolderStore) -> None:
    origin = Origin(tmp_path / "origin", store, delay_seconds=100)
    origin.write("a")
    origin.refresh()
    published = origin.publish()

    assert published is not None
    assert 90 < (published.activates_at - now()).total_seconds() < 101
    assert 90 < origin.publisher.seconds_left() <= 100
    replica = Replica(tmp_path / "replica", store)
    replica.follower.fetch_newest()
    assert 90 < replica.follower.seconds_left() <= 100


def test_clocks_that_differ_delay_nothing_for_longer_than_the_publisher_says(
    origin: Origin, replica: Replica
) -> None:
    publication = origin.publish()
    assert publication is not None
    rewrite(origin.store, publication, activates_at=now() + timedelta(days=1), delay_seconds=3)
    replica.follower.fetch_newest()

    assert 2 < replica.follower.seconds_left() <= 3


def test_a_publisher_whose_clock_is_set_back_publishes_after_the_delay(origin: Origin) -> None:
    publication = origin.publish()
    assert publication is not None
    rewrite(origin.store, publication, activates_at=now() + timedelta(days=1), delay_seconds=0.5)
    publisher = origin.new_publisher()
    publisher.read_current()

    assert 0 < publisher.seconds_left() <= 0.5
    wait_until(lambda: publisher.seconds_left() == 0, "the publication is active")


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda content: content[:-10],
    "changed": lambda content: content[:-10] + bytes(10),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("folder", ["snapshots", "deltas"])
def test_a_damaged_object_is_not_installed_and_fetched_again(
    origin: Origin, replica: Replica, tmp_path: Path, folder: str, damage: str
) -> None:
    origin.publish()
    if folder == "deltas":
        replica.follow()
        origin.write("a7", title="Edited", text="Text.")
        origin.refresh()
        origin.publish()
    (damaged,) = (tmp_path / "store" / folder).iterdir()
    whole = damaged.read_bytes()
    damaged.write_bytes(DAMAGE[damage](whole))
    before = replica.inode
    with pytest.raises(SnapshotUnusable, match=damaged.name):
        replica.follow()
    assert replica.inode == before

    damaged.write_bytes(whole)
    replica.follow()
    assert responses(replica.url) == responses(origin.url)


UNREADABLE: dict[str, tuple[dict[str, object], str]] = {
    "layout": (
        {"schema": 1},
        r"generation 2 was published by Broadsheet 9\.0 .* upgrade the publisher first",
    ),
    "full text": ({"search": "other"}, r"generation 2 .* another version of Python, Unicode or PyStemmer"),
}


@pytest.mark.parametrize("difference", UNREADABLE)
def test_an_index_of_another_version_is_not_installed(
    origin: Origin, replica: Replica, difference: str
) -> None:
    origin.publish()
    replica.follow()
    origin.write("a7", title="Edited", text="Text.")
    origin.refresh()
    publication = origin.publish()
    assert publication is not None
    changes, message = UNREADABLE[difference]
    rewrite(origin.store, publication, **changes, software="9.0", id="other")

    with pytest.raises(SnapshotUnusable, match=message):
        replica.follow()
    assert replica.follower.installed is not None
    assert replica.follower.installed.generation == 1


def test_an_index_that_another_version_published_is_published_as_a_snapshot(origin: Origin) -> None:
    publication = origin.publish()
    assert publication is not None
    rewrite(origin.store, publication, search="other")
    origin.publish()

    assert [part.generation for part in current(origin.store).parts] == [2]


def test_an_older_generation_is_not_installed(origin: Origin, replica: Replica) -> None:
    first = origin.publish()
    assert first is not None
    origin.write("a7", title="Edited", text="Text.")
    origin.refresh()
    origin.publish()
    replica.follow()
    rewrite(origin.store, first)

    with pytest.raises(SnapshotUnusable, match=r"generation 1, older than generation 2, which stays"):
        replica.follow()
    assert responses(replica.url) == responses(origin.url)


def test_a_download_goes_on_where_it_ended(
    origin: Origin, replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "RANGE_BYTES", 10_000)
    publication = origin.publish()
    assert publication is not None
    reads: list[int] = []
    read_range = replica.store.read_range

    def read_some(name: str, start: int, length: int) -> bytes:
        reads.append(start)
        if len(reads) == 3:
            raise StoreUnavailable("from", "s3://store", "the connection was lost")
        return read_range(name, start, length)

    monkeypatch.setattr(replica.store, "read_range", read_some)
    with pytest.raises(StoreUnavailable):
        replica.follow()
    replica.restarted()
    replica.follow()

    assert reads[:4] == [0, 10_000, 20_000, 20_000]
    assert responses(replica.url) == responses(origin.url)


STATES = {
    "the base is missing": lambda file: file.with_name("index.db.base").unlink(),
    "the state cannot be read": lambda file: file.with_name("index.db.replica").write_text("{"),
    "the state is not UTF-8": lambda file: file.with_name("index.db.replica").write_bytes(
        b'{"store": "\xff"}'
    ),
    "the index is missing": lambda file: file.unlink(),
    "the index is damaged": lambda file: file.write_bytes(b"x" * 5000),
}


@pytest.mark.parametrize("state", STATES)
def test_what_is_lost_on_a_replica_is_made_again(origin: Origin, replica: Replica, state: str) -> None:
    origin.publish()
    replica.follow()
    STATES[state](replica.file)
    origin.write("a7", title="Edited", text="Text.")
    origin.refresh()
    origin.publish()
    replica.restarted()
    with suppress(IndexUnavailable):
        replica.follower.apply_due_transitions()
    replica.follow()

    assert responses(replica.url) == responses(origin.url)


def test_a_replica_with_other_rows_fetches_the_snapshot_again(origin: Origin, replica: Replica) -> None:
    origin.publish()
    replica.follow()
    with closing(sqlite3.connect(replica.file.with_name("index.db.base"))) as connection:
        connection.execute("UPDATE documents SET language = 'xx' WHERE path = 'a8.json'")
        connection.commit()
    edit(origin, "Edited")
    origin.publish()
    with pytest.raises(SnapshotUnusable, match="makes another index of this one than was published"):
        replica.follow()
    replica.follow()

    assert len(current(origin.store).deltas) == 1
    assert responses(replica.url, "/articles/a7") == responses(origin.url, "/articles/a7")


def test_an_index_of_a_folder_is_not_taken_for_a_replica(origin: Origin, store: FolderStore) -> None:
    with pytest.raises(SettingsError, match=r"was made from a folder of articles; choose another"):
        SnapshotFollower(store, "file:///store", origin.url)


def test_an_index_of_another_store_is_not_taken(origin: Origin, replica: Replica, store: FolderStore) -> None:
    origin.publish()
    replica.follow()

    with pytest.raises(SettingsError, match=r"was made from file:///store; choose another"):
        SnapshotFollower(store, "s3://other", replica.url)


def test_a_snapshot_does_not_say_where_the_articles_are(origin: Origin, replica: Replica) -> None:
    origin.publish()
    replica.follow()

    assert str(origin.root).encode() not in replica.file.read_bytes()


def test_without_a_snapshot_the_reason_is_logged_once(
    replica: Replica, caplog: pytest.LogCaptureFixture
) -> None:
    answers = ask(replica.settings(), "/readyz", *ADDRESSES, "/", "/articles/a", "/files/a.png", accept="*/*")

    assert {answer.status_code for answer in answers} == {503}
    assert all("retry-after" in answer.headers for answer in answers)
    assert {answer.json()["type"].rpartition("/")[2] for answer in answers} == {"NotReady"}
    (logged,) = [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]
    assert "there is no snapshot from the store yet" in logged.getMessage().lower()


def test_an_empty_store_is_an_error(replica: Replica) -> None:
    with pytest.raises(ObjectMissing, match=r"there is no current\.json in this store"):
        replica.follow()


def test_a_store_that_was_emptied_is_filled_again(origin: Origin, tmp_path: Path) -> None:
    origin.publish()
    shutil.rmtree(tmp_path / "store")
    origin.publisher.read_current()
    publication = origin.publisher.publish()

    assert publication is not None
    assert (publication.generation, publication.deltas) == (2, ())


def edit(origin: Origin, title: str) -> None:
    origin.write("a7", title=title, text="Text.")
    origin.refresh()


@pytest.fixture
def set_back(origin: Origin, replica: Replica, tmp_path: Path) -> Callable[[], None]:
    """Publishes three generations, and sets the store back to the first."""
    origin.publish()
    backup = shutil.copytree(tmp_path / "store", tmp_path / "backup")
    for number in (2, 3):
        edit(origin, f"Edit {number}")
        origin.publish()
    replica.follow()

    def set_back() -> None:
        shutil.rmtree(tmp_path / "store")
        backup.rename(tmp_path / "store")

    return set_back


@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.parametrize("is_edited", [False, True])
def test_a_store_that_was_set_back_is_published_to_again(
    origin: Origin,
    replica: Replica,
    tmp_path: Path,
    set_back: Callable[[], None],
    is_restarted: bool,
    is_edited: bool,
) -> None:
    set_back()
    if is_restarted:
        origin.publisher = origin.new_publisher()
    if is_edited:
        edit(origin, "Edited")
    assert origin.publish() is not None
    assert origin.publish() is None

    assert [part.generation for part in current(origin.store).parts] == [4]
    for each in (replica, Replica(tmp_path / "new", origin.store)):
        each.follow()
        assert responses(each.url, "/articles/a7") == responses(origin.url, "/articles/a7")
    edit(origin, "Edited again")
    origin.publish()
    replica.follow()
    assert [part.generation for part in current(origin.store).parts] == [4, 5]
    assert responses(replica.url, "/articles/a7") == responses(origin.url, "/articles/a7")


def test_a_store_that_was_set_back_to_the_same_content_is_published_to_again(
    origin: Origin, replica: Replica, tmp_path: Path, set_back: Callable[[], None]
) -> None:
    origin.write("a7", tags=["t1"], date="2025-01-01", text="Text 7. " * 40)
    origin.refresh()
    origin.publish()
    replica.follow()
    set_back()
    origin.publish()
    replica.follow()

    assert current(origin.store).generation == 5
    assert replica.follower.installed == current(origin.store)


def test_a_publisher_that_was_replaced_takes_no_store_that_was_set_back(
    origin: Origin, tmp_path: Path, set_back: Callable[[], None]
) -> None:
    other = Origin(tmp_path / "other", origin.store)
    other.write("other")
    other.refresh()
    other.publish()
    edit(origin, "Ignored")
    with pytest.raises(PublishedByAnother):
        origin.publish()
    set_back()
    with pytest.raises(PublishedByAnother):
        origin.publish()
    published = other.publish()

    assert published is not None
    assert published.generation == 5


LOST = ("snapshots", "deltas", "files")


@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.parametrize("folder", LOST)
def test_what_the_store_has_lost_is_written_again(
    origin: Origin, tmp_path: Path, folder: str, is_restarted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(publish, "CHECK_REST", 0)
    (origin.root / "picture.png").write_bytes(b"picture")
    origin.hash_files()
    origin.publish()
    edit(origin, "Edited")
    origin.publish()
    before = current(origin.store)
    for stored in (tmp_path / "store" / folder).iterdir():
        stored.unlink()
    if is_restarted:
        origin.publisher = origin.new_publisher()
    origin.publish()
    after = current(origin.store)
    replica = Replica(tmp_path / "new", origin.store)
    replica.follow()

    assert after.generation == before.generation + (folder != "files")
    assert after.deltas == (before.deltas if folder == "files" else ())
    assert responses(replica.url) == responses(origin.url)
    assert dict(origin.store.list_sizes("files")) == {f"files/{hashlib.sha256(b'picture').hexdigest()}": 7}
    assert origin.publish() is None


def test_the_store_is_not_listed_each_time(origin: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    origin.publish()
    origin.publish()
    monkeypatch.setattr(origin.store, "list_sizes", None)

    assert origin.publish() is None


def test_a_store_that_takes_long_to_list_is_listed_less_often(
    origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds, lists = [0.0], []
    monkeypatch.setattr(time, "monotonic", lambda: seconds[0])
    list_sizes = origin.store.list_sizes

    def list_slowly(folder: str) -> Iterator[tuple[str, int]]:
        seconds[0] += 10
        lists.append(folder)
        return list_sizes(folder)

    origin.publish()
    monkeypatch.setattr(origin.store, "list_sizes", list_slowly)
    for pause, expected in {301: 3, 1790: 3, 11: 6}.items():
        seconds[0] += pause
        origin.publish()
        assert len(lists) == expected


OF_THE_MACHINE: dict[str, object] = {
    "content": Path("/elsewhere"),
    "index": None,
    "host": "::1",
    "port": 1,
    "workers": 2,
    "strict": True,
    "refresh_seconds": 9,
    "reload_token": "token",
    "trusted_proxies": ("127.0.0.1",),
    "list_max_age_seconds": 7,
    "article_max_age_seconds": 7,
    "file_max_age_seconds": 7,
    "stale_while_revalidate_seconds": 7,
    "stale_if_error_seconds": 7,
    "edge_max_age_seconds": 7,
    "surrogate_key_headers": ("xkey",),
    "cache_megabytes": 1,
    "stale_after_seconds": 7,
    "publish": None,
    "publish_delay_seconds": 7,
    "from": None,
    "store_poll_seconds": 7,
    "file_cache_megabytes": 7,
    "webhooks": None,
    "purge": None,
    "log_level": "debug",
}
"""Settings that each machine has for itself, with another value than the default if it can have one."""


def test_every_setting_is_of_the_site_and_published_or_of_the_machine() -> None:
    assert [setting.name for setting in SETTINGS if not setting.of_site] == [*OF_THE_MACHINE]


def test_no_setting_of_a_machine_changes_what_is_answered(origin: Origin, replica: Replica) -> None:
    """Validators are hashes of all bytes; headers for caches may differ."""
    origin.site = Site(feed_bytes=20_000, feed_max_age_seconds=42, title="Published")
    origin.refresh()
    origin.publish()
    replica.follow()
    other = {name: value for name, value in OF_THE_MACHINE.items() if value is not None}

    answers = [answer_of(response) for response in ask(replica.settings(**other), *ADDRESSES, "/articles/a7")]
    assert answers == responses(origin.url, "/articles/a7")
    feed = ask(replica.settings(), "/feed.rss")[0]
    assert b"Published" in feed.content
    assert "max-age=42," in feed.headers["cache-control"]
    assert len(feed.content) < 20_000


def damage_tables(file: Path) -> None:
    """Write zeros over all pages but the first two."""
    size = file.stat().st_size
    with file.open("r+b") as database:
        database.seek(2 * PAGE_BYTES)
        database.write(bytes(size - 2 * PAGE_BYTES))


@pytest.mark.parametrize("looks_at_store", [False, True])
def test_a_damaged_copy_of_the_last_publication_leads_to_a_snapshot(
    origin: Origin,
    replica: Replica,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    looks_at_store: bool,
) -> None:
    monkeypatch.setattr(publish, "CHECK_SECONDS", 0 if looks_at_store else 1000)
    monkeypatch.setattr(publish, "CHECK_REST", 0)
    origin.publish()
    damage_tables(origin.file.with_name("index.db.published"))
    edit(origin, "Edited")
    origin.publish()
    replica.follow()

    assert [part.generation for part in current(origin.store).parts] == [2]
    assert responses(replica.url) == responses(origin.url)
    assert re.search("is not used any more: index .*published", caplog.text)


def test_a_damaged_index_is_not_published_and_is_built_again(
    origin: Origin,
    replica: Replica,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    origin.publish()
    edit(origin, "Edited")

    def copy_damaged(path: Path, copy: Path) -> index_copy.IndexContent:
        content = index_copy.copy_index(path, copy)
        damage_tables(copy)
        return content

    def fail(*_: object) -> None:
        raise IndexUnusable(origin.file, "it is damaged")

    with monkeypatch.context() as damaging:
        damaging.setattr(publish, "copy_index", copy_damaged)
        damaging.setattr(publish, "make_delta", fail)
        with pytest.raises(IndexUnavailable, match=r"it is damaged .* so it is not published"):
            origin.publish()
    assert current(origin.store).generation == 1
    origin.refresh()
    assert "it is rebuilt from the articles" in caplog.text
    origin.publish()
    replica.follow()
    assert responses(replica.url) == responses(origin.url)


def test_a_full_disk_is_an_error_that_says_so(
    origin: Origin, replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(publish, "compress_file", fill_disk)
        with pytest.raises(IndexUnavailable, match=r"origin.*: No space left on device; free space on the"):
            origin.publish()
    origin.publish()
    with monkeypatch.context() as full:
        full.setattr(follow, "decompress_file", fill_disk)
        with pytest.raises(IndexUnavailable, match=r"replica.*: No space left on device; free space on the"):
            replica.follow()
    replica.follow()
    assert responses(replica.url) == responses(origin.url)


def test_what_killed_publishers_left_is_deleted_when_it_is_old(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "PRUNE_SECONDS", 0.0)
    store = tmp_path / "store"
    origin.publish()
    names = ("snapshots/2-ab.db.zst.0123abcd.tmp", "files/ab.0123abcd.tmp", "current.json.0123abcd.tmp")
    others = ("files/notes.tmp", "mine.txt")
    for name in (*names, *others):
        (store / name).parent.mkdir(exist_ok=True)
        (store / name).write_bytes(b"half")
    edit(origin, "One")
    origin.publish()
    assert all((store / name).exists() for name in names)
    monkeypatch.setattr(publish, "KEPT_SECONDS", -1)
    edit(origin, "Two")
    origin.publish()

    assert not any((store / name).exists() for name in names)
    assert all((store / name).exists() for name in others)


class HookedStore:
    """A store that calls `before_write` with the name of each object that is written to it."""

    def __init__(self, store: Store, before_write: Callable[[str], None]) -> None:
        self._store = store
        self._before_write = before_write

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def write(self, name: str, content: bytes | Path) -> None:
        self._before_write(name)
        self._store.write(name, content)


def test_an_upload_does_not_keep_the_log_of_the_index_from_being_written_back(origin: Origin) -> None:
    (origin.root / "picture.png").write_bytes(b"picture")
    origin.hash_files()
    origin.publish()
    (origin.root / "picture.png").write_bytes(b"another picture")
    (origin.root / "new.png").write_bytes(b"new")
    edit(origin, "Edited")
    origin.hash_files()
    written = []

    def write_back(name: str) -> None:
        edit(origin, f"Edited while {name} is uploaded")
        with closing(sqlite3.connect(origin.file)) as connection:
            (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert not is_busy, name
        written.append(name.partition("/")[0])

    origin.publisher._store = HookedStore(origin.store, write_back)
    origin.publish()

    assert written == ["files", "files", "deltas"]


@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_file_that_is_not_as_it_was_hashed_is_not_in_a_delta(
    origin: Origin, replica: Replica, is_restarted: bool
) -> None:
    for name in ("one.png", "two.png", "three.png"):
        (origin.root / name).write_bytes(name.encode())
    origin.hash_files()
    origin.publish()
    replica.follow()
    for name in ("one.png", "two.png", "zero.png"):
        (origin.root / name).write_bytes(b"Changed: " + name.encode())
    origin.hash_files()
    (origin.root / "two.png").write_bytes(b"Changed again.")

    def change(name: str) -> None:
        if name.startswith("files/"):
            (origin.root / "zero.png").write_bytes(b"Changed meanwhile.")

    origin.publisher._store = HookedStore(origin.store, change)
    origin.publish()
    if is_restarted:
        origin.publisher = origin.new_publisher()
    replica.follow()
    with reading(replica.file) as index:
        assert set(read_content(index).files) == {"one.png", "three.png"}
    assert len(current(origin.store).deltas) == 1

    origin.publisher._store = origin.store
    edit(origin, "Edited")
    origin.hash_files()
    origin.publish()
    replica.follow()
    with reading(replica.file) as index:
        assert set(read_content(index).files) == {"one.png", "two.png", "three.png", "zero.png"}
    assert len(current(origin.store).deltas) == 2


def test_a_delta_neither_lists_the_store_nor_examines_unchanged_files(
    origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        (origin.root / f"{number}.png").write_bytes(b"%d" % number)
    origin.hash_files()
    origin.publish()
    examined = []

    def locate(folder: Path, path: str) -> LocatedFile:
        examined.append(path)
        return locate_file(folder, path)

    monkeypatch.setattr(publish, "locate_file", locate)
    monkeypatch.setattr(origin.store, "list_sizes", None)
    monkeypatch.setattr(origin.store, "delete_unfinished", None)
    (origin.root / "3.png").write_bytes(b"Another picture.")
    origin.hash_files()
    origin.publish()

    assert examined == ["3.png"]
    assert len(current(origin.store).deltas) == 1


def test_objects_that_were_not_needed_for_an_hour_are_deleted_at_a_snapshot_or_an_hour_later(
    origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = [now()]
    monkeypatch.setattr(publish, "now", lambda: moments[-1])
    monkeypatch.setattr(publish, "MOST_DELTAS", 3)
    monkeypatch.setattr(time, "monotonic", lambda: moments[-1].timestamp())
    (origin.root / "picture.png").write_bytes(b"picture")
    origin.hash_files()
    origin.publish()
    (origin.root / "picture.png").unlink()
    counts = []
    for minutes in (0, 50, 59, 50, 1, 61):  # the publication after three deltas is a snapshot
        moments.append(moments[-1] + timedelta(minutes=minutes))
        edit(origin, f"Edited at {moments[-1]}")
        origin.hash_files()
        origin.publish()
        counts.append([len([*origin.store.list_sizes(folder)]) for folder in LOST])

    #                 snapshots, deltas, files
    assert counts == [[1, 1, 1], [1, 2, 1], [1, 3, 1], [2, 3, 1], [2, 4, 1], [1, 2, 0]]


def age(file: Path, *, days: int) -> None:
    """Give a file the time of so many days ago."""
    moment = (now() - timedelta(days=days)).timestamp()
    os.utime(file, (moment, moment))


def logged_rows(origin: Origin) -> int:
    with closing(sqlite3.connect(origin.file)) as connection:
        return int(connection.execute("SELECT count(*) FROM row_changes").fetchone()[0])


def test_an_index_that_is_not_published_any_more_logs_nothing(origin: Origin, replica: Replica) -> None:
    copy = origin.file.with_name("index.db.published")
    origin.publish()
    edit(origin, "Logged")
    age(copy, days=29)
    edit(origin, "Logged, too")
    assert logged_rows(origin)
    assert copy.exists()
    age(copy, days=31)
    edit(origin, "Not logged")
    edit(origin, "Not logged, either")
    assert not logged_rows(origin)
    assert {file.suffix for file in copy.parent.glob(f"{copy.name}*")} <= {".lock"}

    for title in ("", "Edited"):
        if title:
            edit(origin, title)
        origin.publish()
        replica.follow()
        assert responses(replica.url, "/articles/a7") == responses(origin.url, "/articles/a7")
    assert [part.generation for part in current(origin.store).parts] == [2, 3]


@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_publisher_without_anything_to_publish_keeps_the_log(
    origin: Origin, monkeypatch: pytest.MonkeyPatch, is_restarted: bool
) -> None:
    monkeypatch.setattr(publish, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(publish, "CHECK_REST", 0)
    origin.publish()
    age(origin.file.with_name("index.db.published"), days=31)
    if is_restarted:
        origin.publisher = origin.new_publisher()
    assert origin.publish() is None
    edit(origin, "Edited")
    origin.publish()

    assert [part.generation for part in current(origin.store).parts] == [1, 2]
