"""Static files on a replica: the same answers as from the folder, from the store and its cache."""

import hashlib
from pathlib import Path

import pytest

from service.model import Site
from service.settings import Settings
from service.web import stored_files
from tests.support.replication import Origin, Replica, ask, facts, folder_store

PICTURE = bytes(range(256)) * 40
ADDRESSES = (
    *("/files/a/one.png", "/files/two.png", "/files/none.png", "/files/secret/three.png", "/files/data.bin"),
    *("/files/site.toml", "/files/../a.json", "/files/a%2Fone.png", "/files/linked.png", "/files/empty.png"),
)


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    """Files that are served; one beside a scheduled article, one without a reference, a link, settings."""
    origin = Origin(tmp_path / "origin", folder_store(tmp_path))
    origin.write("a", image="a/one.png", date="2025-01-01")
    (origin.root / "secret").mkdir()
    (origin.root / "secret" / "index.md").write_text(
        "---\ntitle: Secret\ndate: 2999-01-01\n---\n\n![](three.png)\n"
    )
    (origin.root / "a").mkdir()
    for name in ("a/one.png", "two.png", "secret/three.png", "data.bin"):
        (origin.root / name).write_bytes(name.encode() + PICTURE)
    (origin.root / "empty.png").write_bytes(b"")
    (origin.root / "site.toml").write_text("title = 'T'\n")
    outside = tmp_path / "outside.png"
    outside.write_bytes(b"outside")
    (origin.root / "linked.png").symlink_to(outside)
    origin.refresh()
    origin.hash_files()
    origin.publish()
    return origin


@pytest.fixture
def replica(origin: Origin, tmp_path: Path) -> Replica:
    replica = Replica(tmp_path / "replica", origin.store, f"file://{tmp_path}/store")
    replica.follow()
    return replica


@pytest.mark.parametrize(
    "headers",
    [{}, {"Range": "bytes=10-19"}, {"Range": "bytes=-5"}, {"Range": "bytes=99999-"}, {"If-None-Match": "*"}],
)
def test_a_replica_answers_as_the_folder_does(
    origin: Origin, replica: Replica, headers: dict[str, str]
) -> None:
    from_folder = ask(Settings(content=origin.root, index=origin.url, site=Site()), *ADDRESSES, **headers)
    from_store = ask(replica.settings(), *ADDRESSES, **headers)

    assert [*map(facts, from_store)] == [*map(facts, from_folder)]
    assert {response.status_code for response in from_store} >= {404}


def test_a_file_that_was_fetched_is_kept(replica: Replica, tmp_path: Path) -> None:
    (before,) = ask(replica.settings(), "/files/two.png")
    for stored in (tmp_path / "store" / "files").iterdir():
        stored.unlink()
    kept, missing = ask(replica.settings(), "/files/two.png", "/files/a/one.png")

    assert facts(kept) == facts(before)
    assert missing.status_code == 503
    assert missing.json()["type"].endswith("StoreUnavailable")
    assert "store" not in missing.json()["detail"]


def test_files_that_cannot_be_fetched_are_logged_once(
    replica: Replica, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = tmp_path / "store" / "files"
    files.rename(tmp_path / "elsewhere")

    answers = ask(replica.settings(), *["/files/two.png"] * 5)

    assert {answer.status_code for answer in answers} == {503}
    (logged,) = [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]
    (request_id,) = {answer.json()["request_id"] for answer in answers}
    assert f"static files cannot be fetched: request {request_id}: from: file://" in logged.getMessage()


@pytest.mark.parametrize("content", [b"", PICTURE[:-1], PICTURE + PICTURE])
def test_a_kept_file_of_another_length_is_fetched_again(replica: Replica, content: bytes) -> None:
    (before,) = ask(replica.settings(), "/files/two.png")
    (kept,) = replica.file.with_name("index.db.files").iterdir()
    kept.write_bytes(content)
    (after,) = ask(replica.settings(), "/files/two.png")

    assert facts(after) == facts(before)
    assert kept.read_bytes() == before.content


@pytest.mark.parametrize("damage", ["missing", "truncated"])
def test_a_large_file_that_the_store_lost_is_an_error_before_anything_is_sent(
    replica: Replica, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setattr(stored_files, "LARGEST_KEPT_BYTES", 1000)
    for stored in (tmp_path / "store" / "files").iterdir():
        if damage == "missing":
            stored.unlink()
        else:
            stored.write_bytes(b"")
    (response,) = ask(replica.settings(), "/files/two.png")

    assert response.status_code == 503


def test_the_cache_is_bounded(replica: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_files, "LARGEST_KEPT_BYTES", 11_000)
    settings = replica.settings(file_cache_megabytes=1)
    folder = replica.file.with_name("index.db.files")
    folder.mkdir()
    for number in range(200):
        (folder / f"{number:064}").write_bytes(bytes(10_000))
    ask(settings, "/files/two.png")

    sizes = [kept.stat().st_size for kept in folder.iterdir()]
    assert 900_000 < sum(sizes) <= 1_000_000
    assert len(b"two.png" + PICTURE) in sizes


def test_a_large_file_is_read_in_ranges_and_not_kept(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_files, "LARGEST_KEPT_BYTES", 1000)
    monkeypatch.setattr(stored_files, "RANGE_BYTES", 700)
    whole, part = (
        ask(replica.settings(), "/files/two.png"),
        ask(replica.settings(), "/files/two.png", Range="bytes=5-1999"),
    )

    assert whole[0].content == b"two.png" + PICTURE
    assert part[0].content == (b"two.png" + PICTURE)[5:2000]
    assert not replica.file.with_name("index.db.files").exists()


def test_what_the_store_has_under_another_name_is_not_served(replica: Replica, tmp_path: Path) -> None:
    name = hashlib.sha256(b"two.png" + PICTURE).hexdigest()
    (tmp_path / "store" / "files" / name).write_bytes(b"x" * len(b"two.png" + PICTURE))
    (response,) = ask(replica.settings(), "/files/two.png")

    assert response.status_code == 503


def test_without_a_snapshot_everything_is_unavailable(tmp_path: Path) -> None:
    replica = Replica(tmp_path / "new", folder_store(tmp_path))
    answers = ask(
        replica.settings(), "/readyz", "/articles.json", "/", "/files/two.png", "/feed.atom", "/metrics"
    )

    assert [answer.status_code for answer in answers] == [503] * 6
    assert ask(replica.settings(), "/healthz")[0].status_code == 200
