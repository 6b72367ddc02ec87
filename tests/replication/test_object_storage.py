"""A bucket of a real S3 server as a store, also behind a network that delays and drops."""

from pathlib import Path

import pytest

from service.errors import StoreUnavailable
from service.replication.open_store import open_store
from tests.support.faulty_proxy import faulty_proxy
from tests.support.replica_rounds import survive_rounds
from tests.support.s3_server import S3Server
from tests.support.server import free_port
from tests.support.store_contract import check_conditional_writes, check_objects

WRITES = 20
ROUNDS = 8
LONG_ROUNDS = 400


def test_a_bucket_is_a_store(s3: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store("publish", "s3://broadsheet/site")
    check_objects(store, tmp_path)
    check_conditional_writes(store, "current.json", WRITES)

    with pytest.raises(
        StoreUnavailable, match=r"from: s3://no-such-bucket: there is no such bucket; create it"
    ):
        open_store("from", "s3://no-such-bucket").read("current.json")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(StoreUnavailable, match=r"publish: s3://.*access to current\.json is denied.*AWS_"):
        open_store("publish", "s3://broadsheet/site").replace("current.json", b"", "")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(StoreUnavailable, match=r"publish: s3://broadsheet/site: it cannot be reached"):
        open_store("publish", "s3://broadsheet/site").read("current.json")


def test_replicas_follow_through_a_bad_network(
    s3: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    survive(s3, tmp_path, monkeypatch, "short", ROUNDS, seed=1)


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(25))
def test_replicas_follow_through_a_bad_network_for_long(
    s3: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    survive(s3, tmp_path, monkeypatch, f"long-{seed}", LONG_ROUNDS, seed)


def survive(
    s3: S3Server, work: Path, monkeypatch: pytest.MonkeyPatch, prefix: str, rounds: int, seed: int
) -> None:
    with faulty_proxy(s3.port, seed, drops=0.05, delay_seconds=0.02) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{proxy.port}")
        happened = survive_rounds(work, proxy, f"s3://broadsheet/{prefix}", rounds, seed)

    assert happened["published"] > rounds / 4
    assert proxy.dropped > 0
