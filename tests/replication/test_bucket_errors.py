"""What is wrong with the address of a bucket, its endpoint or its credentials is said in one line."""

import pytest

from service.errors import StoreUnavailable
from service.replication.object_store import ADDRESSES
from service.replication.open_store import open_bucket
from tests.support.server import free_port

CLOSED = f"http://127.0.0.1:{free_port()}"
KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
ENDPOINT = "AWS_ENDPOINT_URL"
CREDENTIALS = "set the credentials"


@pytest.mark.parametrize(
    ("address", "environment", "reasons"),
    [
        ("ftp://bucket/a", {}, ["not the address of a bucket", ADDRESSES]),
        ("http://bucket.example/a", {}, ["not the address of a bucket", ADDRESSES]),
        ("bucket/a", {}, ["not the address of a bucket", ADDRESSES]),
        ("s3:bucket", {}, ["names no bucket", ADDRESSES]),
        ("s3://", {}, ["names no bucket", ADDRESSES]),
        ("gs:///prefix", {}, ["names no bucket", ADDRESSES]),
        ("s3://two words/a", {}, ["invalid domain character"]),
        ("s3://bucket/a", {"AWS_METADATA_ENDPOINT": CLOSED}, ["no credentials were found", CREDENTIALS]),
        ("s3://bucket/a", {"AWS_ACCESS_KEY_ID": "key"}, ["not complete", CREDENTIALS]),
        ("az://bucket/a", {}, ["no credentials were found", CREDENTIALS]),
        (
            "az://bucket/a",
            {"AZURE_STORAGE_ACCOUNT_NAME": "a", "AZURE_STORAGE_ACCOUNT_KEY": "no base64"},
            ["malformed", CREDENTIALS],
        ),
        ("gs://bucket/a", {"GOOGLE_SERVICE_ACCOUNT": "/missing.json"}, ["/missing.json", CREDENTIALS]),
        ("s3://bucket/a", KEYS | {ENDPOINT: CLOSED}, ["cannot be reached", CLOSED, ENDPOINT]),
        ("s3://bucket/a", KEYS | {ENDPOINT: "http://no-host.invalid"}, ["cannot be reached", ENDPOINT]),
        ("s3://bucket/a", KEYS | {ENDPOINT: "127.0.0.1:9000"}, ["cannot be reached", ENDPOINT]),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, address: str, environment: dict[str, str], reasons: list[str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreUnavailable) as raised:
        next(open_bucket("--publish", address).list_sizes())
    message = str(raised.value)
    assert message.startswith(f"--publish: {address}: ")
    assert "\n" not in message
    for reason in reasons:
        assert reason in message


def test_a_failure_that_lasts_has_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (KEYS | {ENDPOINT: CLOSED}).items():
        monkeypatch.setenv(name, value)
    store = open_bucket("from", "s3://bucket/a")
    messages = set()
    for _ in range(3):
        with pytest.raises(StoreUnavailable) as raised:
            store.read("current.json")
        messages.add(str(raised.value))

    assert len(messages) == 1
