"""Publishers and replicas as running services, with a folder as the store."""

import os
import signal
from pathlib import Path

from service.model import Site
from service.replication.index_copy import read_revision
from tests.support.processes import children
from tests.support.replication import ADDRESSES, Origin, answer_of, current, folder_store, responses
from tests.support.server import Server, launch
from tests.support.waiting import wait_until

PUBLIC_URL = "https://example.org"
QUICK = {"BROADSHEET_STORE_POLL_SECONDS": "1", "BROADSHEET_PUBLISH_DELAY_SECONDS": "1"}


def problems(server: Server) -> list[str]:
    found: list[str] = server.get("/readyz").raise_for_status().json().get("problems", [])
    return found


def title(server: Server) -> str:
    """The title of the article, as all of several connections see it; "" while they differ."""
    titles = {server.get("/articles/a.json").json()["title"] for _ in range(4)}
    return titles.pop() if len(titles) == 1 else ""


def kill_child(server: Server, name: str) -> None:
    """Kill the process of the service that its log calls `name`: the last one that was started."""
    os.kill(children(server.process.pid)[-1], signal.SIGKILL)
    wait_until(lambda: f"{name} ended unexpectedly" in server.output(), f"the {name} is killed")


def test_a_replica_serves_what_is_published_whatever_happens(tmp_path: Path) -> None:
    store = tmp_path / "store"
    origin = Origin(
        tmp_path / "origin", folder_store(tmp_path), Site(public_url=PUBLIC_URL, title="Published")
    )

    def publish(text: str) -> None:
        origin.write("a", title=text, date="2025-01-01")
        origin.refresh()
        origin.publish()

    publish("First")
    (tmp_path / "replica").mkdir()
    options = ("--from", f"file://{store}", "--workers", "2")
    replica = launch(tmp_path / "replica", *options, BROADSHEET_TITLE="Own", **QUICK)
    try:
        assert "BROADSHEET_TITLE is ignored: a replica has the settings of the site" in replica.output()
        served = [answer_of(replica.get(address)) for address in ADDRESSES]
        assert served == responses(origin.url)
        assert problems(replica) == []

        publish("Second")
        wait_until(lambda: title(replica) == "Second", "a change is served")
        kill_child(replica, "index follower")
        publish("Third")
        wait_until(lambda: title(replica) == "Third", "a change after a kill is served")

        store.rename(tmp_path / "away")
        wait_until(lambda: problems(replica) != [], "the store is missed")
        assert "The store has not been read since 20" in problems(replica)[0]
        assert title(replica) == "Third"
        replica.process.kill()
        replica.process.wait()
        replica = launch(tmp_path / "replica", *options, **QUICK)
        assert title(replica) == "Third"

        (tmp_path / "away").rename(store)
        publish("Fourth")
        wait_until(lambda: title(replica) == "Fourth", "the store is read again")
        wait_until(lambda: problems(replica) == [], "nothing is wrong any more")
    finally:
        status = replica.stop()
    assert status == 0
    assert "Traceback" not in replica.output()


def test_serve_publishes_until_another_publisher_does(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "origin", folder_store(tmp_path))
    origin.write("a", title="First")
    (tmp_path / "publisher").mkdir()
    options = ("--content", str(origin.root), "--publish", f"file://{tmp_path}/store")
    publisher = launch(tmp_path / "publisher", *options, **QUICK)
    try:
        wait_until(lambda: origin.has_published(1), "the content is published")
        (origin.root / "a.png").write_bytes(b"picture")
        origin.write("a", title="Second", image="a.png")
        wait_until(lambda: title(publisher) == "Second", "a change is served")
        index = tmp_path / "publisher" / "index.db"

        def has_published_the_file() -> bool:
            is_stored = list(origin.store.list_names("files")) != []
            return is_stored and current(origin.store).revision == read_revision(index)

        wait_until(has_published_the_file, "a new file is published, and nothing is left to publish")

        other = Origin(tmp_path / "other", origin.store)
        other.write("other")
        other.refresh()
        other.publish()
        generation = current(origin.store).generation
        origin.write("a", title="Third")
        wait_until(lambda: title(publisher) == "Third", "a change is served")
        wait_until(lambda: problems(publisher) != [], "the other publisher is noticed")
        assert problems(publisher) == [
            "The content is not being published to the store; the log has the reason."
        ]
        assert f"another publisher has published generation {generation}" in publisher.output()
        assert current(origin.store).generation == generation
    finally:
        status = publisher.stop()
    assert status == 0
    assert "Traceback" not in publisher.output()
