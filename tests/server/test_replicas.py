"""Publishers and replicas as running services, with a folder as the store."""

import os
import re
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from socket import gethostname

import httpx
import pytest

from service.index.schema import VERSION
from service.model import Site
from service.replication.index_copy import read_revision
from service.server.index_follower import IndexFollower
from service.settings import Settings
from service.web.handlers.system import OTHER_VERSION
from service.web.metrics.counters import create_counters
from tests.support import server as support_server
from tests.support.processes import children
from tests.support.replication import ADDRESSES, Origin, answer_of, current, folder_store, responses, rewrite
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


def kill_child(server: Server, name: str, place: int) -> None:
    """Kill the process of the service that its log calls `name`, at this place among those it has started."""
    os.kill(children(server.process.pid)[place], signal.SIGKILL)
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
        kill_child(replica, "index follower", 0)
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


def set_version(index: Path, version: int) -> None:
    with closing(sqlite3.connect(index)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


def is_unready(server: Server, reason: str) -> bool:
    try:
        answer = server.get("/readyz")
    except httpx.TransportError:  # not listening yet
        return False
    return answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and reason in answer.text


def test_a_replica_of_another_version_than_its_publisher_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = Origin(tmp_path / "origin", folder_store(tmp_path))
    origin.write("a", title="First")
    origin.refresh()
    first = origin.publish()
    assert first is not None
    (tmp_path / "replica").mkdir()
    index = tmp_path / "replica" / "index.db"
    replica = launch(tmp_path / "replica", "--from", f"file://{tmp_path}/store", **QUICK)
    try:
        rewrite(origin.store, first, generation=2, id="other", schema=1, software="9.0")
        wait_until(lambda: problems(replica) != [], "the publisher is of another version")
        assert problems(replica) == [OTHER_VERSION]
        assert title(replica) == "First"

        # An upgraded replica cannot read its own index, either.
        replica.stop()
        set_version(index, 1)
        with monkeypatch.context() as unready:
            unready.setattr(support_server, "_wait_until_ready", lambda _: None)
            replica = launch(tmp_path / "replica", "--from", f"file://{tmp_path}/store", **QUICK)
        wait_until(lambda: is_unready(replica, OTHER_VERSION), "the replica says why it is not ready")
        assert "published by Broadsheet 9.0 with an index that this one" in replica.output()
        assert "upgrade the publisher first, then each replica" in replica.output()

        # It is the version before again.
        replica.stop()
        set_version(index, VERSION)
        replica = launch(tmp_path / "replica", "--from", f"file://{tmp_path}/store", **QUICK)
        assert title(replica) == "First"

        # The publisher is the version of the replica.
        origin.publisher = origin.new_publisher()
        origin.write("a", title="Second")
        origin.refresh()
        origin.publish()
        wait_until(lambda: title(replica) == "Second", "the store is followed again")
        wait_until(lambda: problems(replica) == [], "nothing is wrong any more")
    finally:
        replica.stop()


def test_a_publisher_that_follows_no_other_any_more_does_not_speak_of_its_version(tmp_path: Path) -> None:
    settings = Settings(content=tmp_path, index=f"sqlite:///{tmp_path}/index.db", site=Site())
    counters = create_counters(settings)
    counters.set(1, "other_version")
    before = signal.getsignal(signal.SIGHUP)
    address, index = f"file://{tmp_path}/store", f"sqlite:///{tmp_path}/followed.db"
    try:
        IndexFollower(settings, "publish", address, index, counters, lambda: False).run()
    finally:
        signal.signal(signal.SIGHUP, before)

    assert counters.get("other_version") == 0


def test_serve_publishes_what_changes(tmp_path: Path) -> None:
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
            is_stored = list(origin.store.list_sizes("files")) != []
            return is_stored and current(origin.store).revision == read_revision(index)

        wait_until(has_published_the_file, "a new file is published, and nothing is left to publish")

    finally:
        status = publisher.stop()
    assert status == 0
    assert "Traceback" not in publisher.output()


def test_of_two_services_that_publish_the_later_one_is_followed(tmp_path: Path) -> None:
    origins = [Origin(tmp_path / name, folder_store(tmp_path)) for name in ("earlier", "later")]
    for origin in origins:
        origin.write("a", title=origin.root.parent.name, image="a.png")
        (origin.root / "a.png").write_bytes(origin.root.parent.name.encode())
    services: list[Server] = []
    try:
        for number, origin in enumerate(origins):
            (tmp_path / f"{number}").mkdir()
            options = ("--content", str(origin.root), "--publish", f"file://{tmp_path}/store")
            environment = {**QUICK, "BROADSHEET_PUBLIC_URL": PUBLIC_URL}
            services.append(launch(tmp_path / f"{number}", *options, **environment))
            wait_until(lambda: problems(services[-1]) == [], "the content is published")
            wait_until(lambda number=number: origins[0].has_published(number + 1), "it is")  # type: ignore[misc]
        earlier, later = services

        def are_equal() -> bool:
            addresses = (*ADDRESSES, "/articles/a", "/files/a.png")
            answers = [[answer_of(service.get(address)) for address in addresses] for service in services]
            return answers[0] == answers[1]

        wait_until(lambda: title(earlier) == "later", "what the later one published is served by both")
        wait_until(are_equal, "files and feeds are, too")
        assert problems(earlier) == [
            "Another publisher has published other content, which is served; the log has more."
        ]
        assert re.search(
            rf"was not published: the publisher on {gethostname()} \(process \d+, started [^)]+\)"
            r" has published generation 2 with other"
            r" content; .*\. Until then this service serves what that one publishes",
            earlier.output(),
        )
        origins[0].write("a", title="ignored")
        origins[1].write("a", title="edited", image="a.png")
        wait_until(lambda: title(earlier) == "edited", "it is followed")
        kill_child(earlier, "index follower", -1)
        assert title(earlier) == "edited"

        # With the same folder again, the earlier one may publish the next edit.
        for name in ("a.json", "a.png"):
            (origins[0].root / name).write_bytes((origins[1].root / name).read_bytes())
        wait_until(lambda: problems(earlier) == [], "both have the same content")
        wait_until(lambda: not (tmp_path / "0" / "index.db.followed.db").exists(), "nothing is followed")
        assert are_equal()
        origins[0].write("a", title="last", image="a.png")
        wait_until(lambda: title(later) == "last", "now the later one follows")
        assert title(earlier) == "last"
    finally:
        statuses = [service.stop() for service in services]
    assert statuses == [0, 0]
    for service in services:
        assert "Traceback" not in service.output()
