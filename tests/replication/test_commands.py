"""`broadsheet index --publish`, and what settings of publishers and replicas are refused."""

from os import getpid
from pathlib import Path
from socket import gethostname

import pytest

from service.replication.publish import SnapshotPublisher
from tests.support.commands import Outcome, run
from tests.support.replication import Origin, current, folder_store

NO_DELAY = {"BROADSHEET_PUBLISH_DELAY_SECONDS": "0"}


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    origin = Origin(tmp_path, folder_store(tmp_path))
    origin.write("a")
    return origin


def publish(origin: Origin, *options: str, **environment: str) -> Outcome:
    address = f"file://{origin.root.parent}/store"
    arguments = ("--content", str(origin.root), "--index", origin.url, "--publish", address, *options)
    return run("index", *arguments, cwd=origin.root.parent, **NO_DELAY, **environment)


def test_index_publishes_with_the_files_beside_articles(origin: Origin) -> None:
    (origin.root / "a.png").write_bytes(b"picture")
    outcome = publish(origin)

    assert outcome.returncode == 0, outcome.stderr
    assert "Published generation 1 to file:///" in outcome.stdout
    ((name, _),) = origin.store.list_sizes("files")
    found = origin.store.read(name)
    assert found is not None
    assert found.content == b"picture"
    assert "has this content already" in publish(origin).stdout
    assert current(origin.store).generation == 1


def test_index_that_loses_against_another_publisher_ends_with_1(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Origin(tmp_path / "other", origin.store)
    other.write("other")
    other.refresh()
    publish_alone = SnapshotPublisher.publish

    def publish_second(publisher: SnapshotPublisher) -> object:
        monkeypatch.setattr(SnapshotPublisher, "publish", publish_alone)
        other.publish()
        return publish_alone(publisher)

    monkeypatch.setattr(SnapshotPublisher, "publish", publish_second)
    outcome = publish(origin)

    assert outcome.returncode == 1
    publisher = f"the publisher on {gethostname()} (process {getpid()}, started "
    assert publisher in outcome.stderr
    assert ") has published generation 1 with other content" in outcome.stderr
    assert "Published" not in outcome.stdout


def test_a_store_that_refuses_is_an_error_that_names_the_setting(origin: Origin, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")
    outcome = publish(origin)

    assert outcome.returncode == 1
    assert outcome.stderr.startswith("broadsheet: publish: file:///")
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    "address",
    [
        "s3:/x",
        "s3://",
        "bucket",
        "file://host/x",
        "file:///",
        "http://x/y",
        "s3://user@x/y",
        "s3://x/y?z=1",
    ],
)
def test_an_address_that_names_no_store_is_refused(origin: Origin, address: str) -> None:
    outcome = publish(origin, "--publish", address)

    assert outcome.returncode == 2
    assert "expected s3://BUCKET/PREFIX" in outcome.stderr


def test_a_replica_neither_publishes_nor_builds(origin: Origin) -> None:
    both = publish(origin, BROADSHEET_FROM="s3://bucket")
    built = run("index", cwd=origin.root.parent, BROADSHEET_FROM="s3://bucket")

    assert (both.returncode, built.returncode) == (2, 2)
    assert "a replica (BROADSHEET_FROM) publishes nothing" in both.stderr
    assert "from: a replica has its index from s3://bucket" in built.stderr
