"""A bucket of a real S3 server as a store."""

from pathlib import Path

import pytest

from service.errors import StoreUnavailable
from service.replication.open_store import open_store
from tests.support.s3_server import s3_server
from tests.support.server import free_port
from tests.support.store_contract import check_conditional_writes, check_objects

ROUNDS = 20


def test_a_bucket_is_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with s3_server(tmp_path):
        store = open_store("publish", "s3://broadsheet/site")
        check_objects(store, tmp_path)
        check_conditional_writes(store, "current.json", ROUNDS)

        with pytest.raises(StoreUnavailable, match=r"from: s3://no-such-bucket: there is no current\.json"):
            open_store("from", "s3://no-such-bucket").read("current.json")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
        with pytest.raises(
            StoreUnavailable, match=r"publish: s3://.*access to current\.json is denied.*AWS_"
        ):
            open_store("publish", "s3://broadsheet/site").replace("current.json", b"", "")
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
        with pytest.raises(StoreUnavailable, match=r"publish: s3://broadsheet/site: it cannot be reached"):
            open_store("publish", "s3://broadsheet/site").read("current.json")
