"""The running service tells a running hub of exactly what has changed, once it is served."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.websub.ping_log import PingLog
from tests.support.article_files import write_article
from tests.support.hub import Behaviour, Hub, Ping, answers, never_responds, running_hub
from tests.support.processes import others
from tests.support.server import Server, serving
from tests.support.waiting import wait_until

FEEDS = ("/feed.atom", "/feed.rss", "/feed.json")
MAIN = set(FEEDS)


def of(*queries: str) -> set[str]:
    return {f"{feed}?{query}" for query in queries for feed in FEEDS}


def pinged_feeds(server: Server, pings: list[Ping]) -> set[str]:
    assert len({ping.topic for ping in pings}) == len(pings), "no feed is reported twice"
    return {ping.topic.removeprefix(server.base) for ping in pings}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    write_article(folder, "one.md", title="One", date="2020-01-01", tags="[a, b]", author="Ada")
    write_article(folder, "two.md", title="Two", date="2020-01-02", tags="[b]", author="Bo")
    return folder


def environment(hub: Hub, **further: str) -> dict[str, str]:
    variables = {"HUB": hub.address, "PUBLIC_URL": "{base}", "REFRESH_SECONDS": "1"}
    return {f"BROADSHEET_{name}": value for name, value in (variables | further).items()}


def test_hub_is_notified_of_every_changed_feed(content: Path, tmp_path: Path) -> None:
    with (
        running_hub(fetches=True) as hub,
        serving(content, tmp_path, "--workers", "2", **environment(hub)) as server,
    ):
        # What is there at the start is old; a hub of which nothing is remembered is notified of nothing.
        wait_until((tmp_path / "index.db.hubs").exists, "what the hub need not be notified of is remembered")
        write_article(content, "three.md", title="Three", date="2020-01-03", tags="[a, c]", author="Bo")
        pings = [hub.next() for _ in range(15)]
        assert pinged_feeds(server, pings) == MAIN | of("tag=a", "tag=c", "author=bo", "language=en")
        assert [ping.topic.removeprefix(server.base) for ping in pings[:3]] == list(FEEDS)
        for ping in pings:
            assert b"Three" in ping.served, ping.topic

        # Only JSON Feed carries a subtitle, so only its bytes change.
        write_article(
            content, "two.md", title="Two", date="2020-01-02", tags="[b]", author="Bo", subtitle="More"
        )
        pings = [hub.next() for _ in range(4)]
        assert pinged_feeds(server, pings) == {
            f"/feed.json{query}" for query in ("", "?tag=b", "?author=bo", "?language=en")
        }

        (content / "three.md").unlink()
        pings = [hub.next() for _ in range(15)]
        assert pinged_feeds(server, pings) == MAIN | of("tag=a", "tag=c", "author=bo", "language=en")
        assert all(b"Three" not in ping.served for ping in pings)

        wait_until(
            lambda: server.metric(f'broadsheet_hub_pings_total{{hub="{hub.address}",outcome="sent"}}') == 34,
            "sum",
        )
    assert hub.pings.empty()


def test_restart_repeats_and_loses_no_notification(content: Path, tmp_path: Path) -> None:
    with running_hub() as hub:
        port = {"PUBLIC_URL": "https://example.org"}
        with serving(content, tmp_path, **environment(hub, **port)):
            wait_until((tmp_path / "index.db.hubs").exists, "it is remembered")
        write_article(content, "one.md", title="One, changed", date="2020-01-01", tags="[a, b]", author="Ada")
        with serving(content, tmp_path, **environment(hub, **port)):
            wanted = MAIN | of("tag=a", "tag=b", "author=ada", "language=en")
            feeds = {topic.removeprefix("https://example.org") for topic in hub.topics(15)}
            assert feeds == wanted
        (tmp_path / "index.db").unlink()
        with serving(content, tmp_path, **environment(hub, **port)):
            write_article(
                content, "two.md", title="Two", date="2020-01-02", tags="[b]", author="Bo", subtitle="More"
            )
            assert {topic.removeprefix("https://example.org") for topic in hub.topics(4)} == {
                f"/feed.json{query}" for query in ("", "?tag=b", "?author=bo", "?language=en")
            }
        assert hub.pings.empty()


def test_scheduled_article_is_notified(content: Path, tmp_path: Path) -> None:
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=5)
    write_article(content, "later.md", title="Later", date=due.isoformat(), tags="[later]")
    with (
        running_hub(fetches=True) as hub,
        serving(content, tmp_path, **environment(hub, REFRESH_SECONDS="0")) as server,
    ):
        pings = [hub.next() for _ in range(9)]
        assert datetime.now(UTC) >= due
        assert pinged_feeds(server, pings) == MAIN | of("tag=later", "language=en")
        assert all(b"Later" in ping.served for ping in pings)


def test_first_start_notifies_changes_of_the_last_day(content: Path, tmp_path: Path) -> None:
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    write_article(content, "new.md", title="New", date=hour_ago.isoformat(), tags="[a]")
    with running_hub() as hub, serving(content, tmp_path, **environment(hub)) as server:
        feeds = {topic.removeprefix(server.base) for topic in hub.topics(9)}
        assert feeds == MAIN | of("tag=a", "language=en")


@pytest.mark.parametrize("bad", [answers(500), never_responds])
def test_failing_hub_does_not_affect_the_service(content: Path, tmp_path: Path, bad: Behaviour) -> None:
    with running_hub(bad) as hub, serving(content, tmp_path, **environment(hub)) as server:
        wait_until((tmp_path / "index.db.hubs").exists, "it is remembered")
        write_article(content, "three.md", title="Three", date="2020-01-03", tags="[a]")
        hub.next()
        write_article(content, "four.md", title="Four", date="2020-01-04", tags="[a]")
        wait_until(lambda: "Four" in server.get("/feed.atom").text, "changes go on being served")
        if bad is not never_responds:
            wait_until(lambda: f"hub {hub.address}: responds with status" in server.output(), "it is logged")
            assert server.output().count(f"hub {hub.address}: responds with status") == 1
        assert server.stop() == 0


def test_hubs_are_notified_independently(content: Path, tmp_path: Path) -> None:
    with running_hub(answers(503, retry_after="9999")) as bad, running_hub() as good:
        hubs = environment(good, HUB=f"{bad.address} {good.address}")
        with serving(content, tmp_path, **hubs) as server:
            wait_until((tmp_path / "index.db.hubs").exists, "it is remembered")
            for n in range(2):
                write_article(
                    content, "one.md", title=f"One, {n}", date="2020-01-01", tags="[a, b]", author="Ada"
                )
                assert len(set(good.topics(15))) == 15
            wait_until(
                lambda: server.metric(f'broadsheet_hub_pending{{hub="{bad.address}"}}') == 15, "pending"
            )
        assert bad.pings.qsize() == 1


def test_nothing_is_notified_without_a_public_url(content: Path, tmp_path: Path) -> None:
    with running_hub() as hub:
        with serving(content, tmp_path, **environment(hub, PUBLIC_URL="")) as server:
            assert (
                "BROADSHEET_HUB: feeds announce it, but it is not notified of changes; set" in server.output()
            )
            links = server.get("/feed.atom").links
            assert links["hub"]["url"] == hub.address
            write_article(content, "three.md", title="Three", date="2020-01-03")
            wait_until(lambda: "Three" in server.get("/feed.atom").text, "it is served")
        assert hub.pings.empty()
        assert not (tmp_path / "index.db.hubs").exists()


def test_invalid_ping_log_is_replaced(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "index.db.hubs"
    for rubble in (b"{", b"[]", b'{"https://hub.example/": 5}', b'{"\xff": {}}'):
        file.write_bytes(rubble)
        memory = PingLog(file, "https://example.org/")
        assert memory.sent_etags("https://hub.example/") is None
        assert "started with none" in caplog.text
        caplog.clear()
    memory.add_hub("https://hub.example/", {"https://example.org/feed.atom": "x"})
    memory.save()
    assert PingLog(file, "https://example.org/").sent_etags("https://hub.example/") == {
        "https://example.org/feed.atom": "x"
    }
    assert PingLog(file, "https://elsewhere.example/").sent_etags("https://hub.example/") == {}
    assert json.loads(file.read_text("utf-8")) == {
        "https://hub.example/": {"https://example.org/feed.atom": "x"}
    }


def test_unwritable_ping_log_is_reported_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    memory = PingLog(tmp_path / "nowhere" / "index.db.hubs", "https://example.org/")
    memory.save()
    memory.save()
    assert caplog.text.count("cannot be kept: No such file or directory") == 1


def test_hubs_follow_the_settings_while_the_service_runs(content: Path, tmp_path: Path) -> None:
    """None at first, then one, then another, then none: each is notified while it is named, and no longer."""
    file = content / "site.toml"

    def name(*hubs: str) -> None:
        file.write_text(
            f'public_url = "https://example.org"\nhub = {json.dumps(hubs)}\n' if hubs else "", "utf-8"
        )

    def edit(title: str) -> None:
        write_article(content, "one.md", title=title, date="2020-01-01", tags="[a, b]", author="Ada")

    def is_known(hub: Hub) -> bool:
        log = tmp_path / "index.db.hubs"
        return log.exists() and hub.address in json.loads(log.read_text("utf-8"))

    wanted = MAIN | of("tag=a", "tag=b", "author=ada", "language=en")
    with (
        running_hub() as first,
        running_hub() as second,
        serving(content, tmp_path, BROADSHEET_REFRESH_SECONDS="1") as server,
    ):
        assert len(others(server.process.pid)) == 1
        for hub, title in ((first, "To the first"), (second, "To the second")):
            name(hub.address)
            wait_until(lambda hub=hub: is_known(hub), "what it need not be notified of is remembered")  # type: ignore[misc]
            edit(title)
            assert {topic.removeprefix("https://example.org") for topic in hub.topics(15)} == wanted
            assert server.metric(f'broadsheet_hub_pings_total{{hub="{hub.address}",outcome="sent"}}') >= 14
        assert f'rel="hub" href="{second.address}"' in server.get("/feed.atom").text
        name()
        wait_until(lambda: len(others(server.process.pid)) == 1, "nothing is left to be done")
        edit("To nobody")
        wait_until(lambda: "To nobody" in server.get("/feed.atom").text, "it is served")
        assert first.pings.empty()
        assert second.pings.empty()
        assert "ERROR" not in server.output()
