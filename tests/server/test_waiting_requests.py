"""Requests that wait for a change of the content while the service is running."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from tests.support.article_files import write_article
from tests.support.http_client import fetch
from tests.support.server import Server, serving
from tests.support.waiting import wait_until

CLIENTS = 3
WAIT = {"Prefer": "wait=60"}


def page(server: Server, query: str = "") -> dict[str, str]:
    """The last line of a page of changes."""
    last: dict[str, str] = msgspec.json.decode(server.get(f"/changes{query}").content.splitlines()[-1])
    return last


@pytest.mark.parametrize("ends_by", ["change", "stop"])
def test_waiting_requests_are_answered_when_the_content_changes_or_the_service_stops(
    content: Path, tmp_path: Path, ends_by: str
) -> None:
    with serving(content, tmp_path, "--workers", "2") as server, ThreadPoolExecutor(CLIENTS) as pool:
        revision = page(server)["revision"]
        address = f"{server.base}/changes?since={revision}"
        requests = [pool.submit(fetch, address, headers=WAIT, timeout=70) for _ in range(CLIENTS)]
        wait_until(
            lambda: server.metric("broadsheet_requests_waiting") == CLIENTS, "they wait, and are counted"
        )
        if ends_by == "change":
            write_article(content, "two.md", title="Two", date="2020-01-02")
        else:
            assert server.stop() == 0
        answers = [request.result() for request in requests]
        if ends_by == "change":
            wait_until(lambda: server.metric("broadsheet_requests_waiting") == 0, "none waits any more")
    lines = [answer.content.splitlines() for answer in answers]
    assert [answer.status_code for answer in answers] == [200] * CLIENTS
    assert [len(line) for line in lines] == [2 if ends_by == "change" else 1] * CLIENTS
    assert {answer.headers["preference-applied"] for answer in answers} == {"wait=60"}
    # A process that does not stop in eight seconds is killed.
    assert "is killed" not in server.output()
