"""Objects of a store that are missing or damaged: what a replica says, and what is written again."""

import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.errors import BroadsheetError, PublicationDamaged, SnapshotUnusable
from service.replication import publish
from service.replication.index_copy import read_revision
from service.replication.publication import CURRENT, Part, Publication, decode, encode
from tests.support.commands import run
from tests.support.replication import Origin, Replica, ask, current, folder_store, responses

PICTURE = bytes(range(200))

DAMAGE: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda _: None,
    "empty": lambda _: b"",
    "truncated": lambda content: content[:-10],
    "longer": lambda content: content + bytes(10),
    "other bytes": lambda content: content[:-10] + bytes(10),
}

PARTS = ("snapshots", "deltas")


class Site:
    """A publisher of a snapshot, a delta and a picture, and a replica of the snapshot alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = path / "store"
        self.origin = Origin(path / "origin", folder_store(path))
        for number in range(20):
            self.origin.write(f"a{number}", date="2025-01-01", text=f"Text {number}. " * 40)
        (self.origin.root / "picture.png").write_bytes(PICTURE)
        self.origin.write("a0", date="2025-01-01", image="picture.png")
        self.publish_edit()
        self.replica = self.new_replica("replica")
        self.replica.follow()
        self.publish_edit("Edited")

    def publish_edit(self, title: str = "First") -> None:
        self.origin.write("a7", title=title, text="Text.")
        self.origin.refresh()
        self.origin.hash_files()
        self.origin.publish()

    def new_replica(self, name: str) -> Replica:
        return Replica(self.path / name, self.origin.store, f"file://{self.folder}")

    def object(self, folder: str) -> Path:
        """The only object in a folder of the store, or `current.json`."""
        if folder == CURRENT:
            return self.folder / CURRENT
        (found,) = (self.folder / folder).iterdir()
        return found

    def damage(self, folder: str, damage: str) -> Path:
        damaged = self.object(folder)
        content = DAMAGE[damage](damaged.read_bytes())
        if content is None:
            damaged.unlink()
        else:
            damaged.write_bytes(content)
        return damaged

    def require_whole(self, name: str) -> None:
        """A new replica answers as the folder does."""
        replica = self.new_replica(name)
        replica.follow()
        assert responses(replica.url, "/articles/a7") == responses(self.origin.url, "/articles/a7")
        (picture,) = ask(replica.settings(), "/files/picture.png")
        assert (picture.status_code, picture.content) == (200, PICTURE)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(publish, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(publish, "CHECK_REST", 0)
    return Site(tmp_path)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("folder", [*PARTS, "files", CURRENT])
def test_a_replica_names_what_is_damaged_and_serves_what_it_has(
    site: Site, caplog: pytest.LogCaptureFixture, folder: str, damage: str
) -> None:
    before = responses(site.replica.url)
    damaged = site.damage(folder, damage)
    replica = site.new_replica("new") if folder == "snapshots" else site.replica
    if damage == "longer" and folder != CURRENT:  # only what was published of it is read
        site.require_whole("new")
        return
    if folder == "files":
        replica.follow()
        (answer,) = ask(replica.settings(), "/files/picture.png")
        assert answer.status_code == 503
        assert "retry-after" in answer.headers
        said = caplog.text
    else:
        with pytest.raises(BroadsheetError) as raised:
            replica.follow()
        said = str(raised.value)
        assert responses(site.replica.url) == before
    assert damaged.name in said
    expected = "there is no" if damage == "missing" else f"{damaged.name} is damaged"
    assert expected in said
    assert damage == "missing" or "`broadsheet index --publish" in said


@pytest.mark.parametrize("publisher", ["running", "on another machine"])
@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("folder", [*PARTS, "files", CURRENT])
def test_a_publisher_writes_again_what_has_another_length(
    site: Site, folder: str, damage: str, publisher: str
) -> None:
    site.damage(folder, damage)
    if publisher == "on another machine":
        site.origin.file.with_name("index.db.published").unlink()
        site.origin.publisher = site.origin.new_publisher()
    site.origin.publish()
    if damage == "other bytes" and folder != CURRENT:
        assert current(site.origin.store).generation == 2
        site.origin.publisher.read_current(verify=True)
        site.origin.publisher.publish()

    site.require_whole("new")
    for part in current(site.origin.store).parts:
        assert (site.folder / part.name).stat().st_size == part.bytes
    assert site.object("files").read_bytes() == PICTURE
    site.replica.follow()
    assert site.replica.revision == read_revision(site.origin.file)
    assert site.origin.publish() is None
    assert current(site.origin.store).generation == 2 + (folder != "files")


def test_verifying_a_store_without_damage_changes_nothing(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.origin.publisher.read_current(verify=True)

    assert site.origin.publisher.publish() is None
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_damaged_current_json_is_left_to_the_publisher_that_wrote_it(site: Site, tmp_path: Path) -> None:
    other = Origin(tmp_path / "other", site.origin.store)
    other.root = site.origin.root
    other.refresh()
    other.hash_files()
    assert other.publish() is None
    site.damage(CURRENT, "truncated")
    with pytest.raises(PublicationDamaged, match=r"current\.json is damaged"):
        other.publish()
    site.origin.publish()

    site.require_whole("new")
    assert other.publish() is None


PUBLICATION = Publication(
    generation=7,
    id="0f",
    content="c",
    transition=0,
    schema=1,
    software="1.0",
    snapshot=Part("snapshots/7-ab.db.zst", 7, 10, "ab" * 32, 100),
    activates_at=datetime(2026, 1, 1, tzinfo=UTC),
    delay_seconds=4,
)


def _changed(**changes: object) -> Callable[[dict[str, Any]], bytes]:
    return lambda publication: json.dumps(publication | changes).encode()


def _with_snapshot(**changes: object) -> Callable[[dict[str, Any]], bytes]:
    return lambda publication: _changed(snapshot=publication["snapshot"] | changes)(publication)


SHAPES: dict[str, Callable[[dict[str, Any]], bytes]] = {
    **{text: lambda _, text=text: text.encode() for text in ("[]", "{}", "null", "1", '"text"')},  # type: ignore[misc]
    "only a format": lambda _: b'{"format": 1}',
    "format: text": _changed(format="1"),
    "format: negative": _changed(format=-1),
    "format: not finite": lambda _: b'{"format": 1e999}',
    "format: thousands of digits": lambda _: b'{"format": ' + b"9" * 5000 + b"}",
    "nested deeply": lambda _: b'{"snapshot": ' + b"[" * 100_000,
    "not UTF-8": lambda publication: _changed()(publication)[:-1] + b', "software": "\xff"}',
    "generation: text": _changed(generation="1"),
    "generation: negative": _changed(generation=-1),
    "generation: 31 digits": _changed(generation=10**30),
    "transition: beyond the calendar": _changed(transition=1 << 62),
    "delay_seconds: years": _changed(delay_seconds=1e9, activates_at="9999-01-01T00:00:00Z"),
    "delay_seconds: negative": _changed(delay_seconds=-1),
    "activates_at: no time zone": _changed(activates_at="2026-01-01T00:00:00"),
    "activates_at: no instant": _changed(activates_at="soon"),
    "snapshot: null": _changed(snapshot=None),
    "snapshot: another name": _with_snapshot(name="../secret"),
    "snapshot: a name and a line end": _with_snapshot(name=f"{PUBLICATION.snapshot.name}\n"),
    "snapshot: negative length": _with_snapshot(bytes=-1),
    "snapshot: length of 31 digits": _with_snapshot(bytes=10**30),
    "snapshot: no hash": _with_snapshot(sha256="../secret"),
    "deltas: an object": _changed(deltas={}),
    "deltas: nulls": _changed(deltas=[None]),
}
"""What `current.json` may hold that is no publication, made from one."""


@pytest.mark.parametrize("shape", SHAPES)
def test_other_json_is_no_publication(shape: str) -> None:
    whole = encode(PUBLICATION)
    assert decode(whole) == PUBLICATION
    with pytest.raises(PublicationDamaged, match=r"current\.json is damaged .* `broadsheet index --publish`"):
        decode(SHAPES[shape](json.loads(whole)))


@pytest.mark.parametrize("publisher", ["running", "started anew"])
def test_other_json_is_written_again(site: Site, publisher: str) -> None:
    before = site.replica.revision
    site.object(CURRENT).write_bytes(b'{"format": 1}')
    with pytest.raises(PublicationDamaged):
        site.replica.follow()
    assert site.replica.revision == before
    if publisher == "started anew":
        site.origin.publisher = site.origin.new_publisher()
    site.origin.publish()
    site.replica.follow()

    assert site.replica.follower.installed == current(site.origin.store)
    assert site.replica.revision == read_revision(site.origin.file)


def test_a_publication_of_a_later_version_is_not_replaced(site: Site) -> None:
    site.object(CURRENT).write_bytes(b'{"format": 2, "index": {}}')
    for read in (site.replica.follow, site.origin.publish):
        with pytest.raises(SnapshotUnusable, match="is of a later version of Broadsheet; upgrade") as raised:
            read()
        assert not isinstance(raised.value, PublicationDamaged)


def test_lost_objects_are_named_in_one_line(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(4):
        (site.origin.root / f"{number}.png").write_bytes(b"%d" % number)
    site.publish_edit("Again")
    lost = sorted(f"files/{file.name}" for file in (site.folder / "files").iterdir())
    for name in lost:
        (site.folder / name).unlink()
    site.origin.publish()
    (folder,) = [line for line in caplog.messages if line.startswith("missing")]

    assert (
        folder == f"missing from the store or damaged, and published again: {', '.join(lost[:3])} and 2 more"
    )


def test_the_command_verifies_what_it_has_published(tmp_path: Path) -> None:
    origin = Origin(tmp_path, folder_store(tmp_path))
    origin.write("a")
    arguments = ("--content", str(origin.root), "--index", origin.url)
    publishing = (*arguments, "--publish", f"file://{tmp_path}/store")
    quick = {"BROADSHEET_PUBLISH_DELAY_SECONDS": "0"}
    assert run("index", *publishing, cwd=tmp_path, **quick).returncode == 0
    (snapshot,) = (tmp_path / "store" / "snapshots").iterdir()
    snapshot.write_bytes(DAMAGE["other bytes"](snapshot.read_bytes()) or b"")

    assert "has this content already" in run("index", *publishing, cwd=tmp_path, **quick).stdout
    verified = run("index", *publishing, "--verify", cwd=tmp_path, **quick)
    assert "Published generation 2" in verified.stdout
    assert re.search(
        rf"damaged, and published again: snapshots/{re.escape(snapshot.name)}\n", verified.stderr
    )
    refused = run("index", *arguments, "--verify", cwd=tmp_path, **quick)
    assert (refused.returncode, "--verify needs --publish" in refused.stderr) == (2, True)


def test_a_publication_that_cannot_be_used_does_not_delay_the_next_one(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.damage("snapshots", "other bytes")
    follower = site.new_replica("new").follower
    with pytest.raises(BroadsheetError, match="is damaged"):
        follower.fetch_newest()
    with monkeypatch.context() as patches:
        patches.setattr(follower, "_fetch", lambda _: pytest.fail("the same snapshot was fetched again"))
        with pytest.raises(BroadsheetError, match="is damaged"):
            follower.fetch_newest(retries=False)
    site.origin.publisher.read_current(verify=True)
    site.origin.publish()
    follower.fetch_newest(retries=False)
    assert follower.pending is not None
