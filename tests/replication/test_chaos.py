"""A publisher and three replicas as services, killed at random behind a network that drops and delays."""

from pathlib import Path

import pytest

from tests.support.faulty_proxy import faulty_proxy
from tests.support.replica_chaos import Chaos
from tests.support.s3_server import S3Server

EDITS = 5
MANY_EDITS = 400
QUICK = {
    "BROADSHEET_STORE_POLL_SECONDS": "1",
    "BROADSHEET_PUBLISH_DELAY_SECONDS": "1",
    "BROADSHEET_PUBLIC_URL": "https://example.org",
}


def survive(s3: S3Server, work: Path, edits: int, seed: int) -> Chaos:
    with faulty_proxy(s3.port, seed, drops=0.03, delay_seconds=0.02) as proxy:
        environment = {**QUICK, **s3.environment(proxy.port)}
        chaos = Chaos(work, proxy, f"s3://broadsheet/chaos-{seed}", environment, seed)
        chaos.run(edits)
    return chaos


def test_no_replica_serves_a_mixed_or_older_revision(s3: S3Server, tmp_path: Path) -> None:
    survive(s3, tmp_path, EDITS, seed=1)


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(2, 6))
def test_no_replica_serves_a_mixed_or_older_revision_for_long(
    s3: S3Server, tmp_path: Path, seed: int
) -> None:
    chaos = survive(s3, tmp_path, MANY_EDITS, seed)

    assert chaos.happened["killed services"] > MANY_EDITS / 20
    assert chaos.happened["killed processes"] > MANY_EDITS / 20
