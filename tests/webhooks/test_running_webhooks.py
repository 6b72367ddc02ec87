"""The running service calls a running receiver of what has changed, once it is served."""

import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.article_files import write_article
from tests.support.http_client import fetch
from tests.support.hub import never_responds, running_hub
from tests.support.processes import notifier
from tests.support.receiver import OLD_SECRET, SECRET, Receiver, running_receiver
from tests.support.server import StartError, serving, start
from tests.support.waiting import wait_until

SENT = 'broadsheet_webhook_deliveries_total{outcome="sent"'
ENVIRONMENT = {
    "BROADSHEET_PUBLIC_URL": "{base}",
    "BROADSHEET_REFRESH_SECONDS": "1",
    "HOOK_SECRET": SECRET,
    "OLD_HOOK_SECRET": OLD_SECRET,
}


def configure(content: Path, receiver: Receiver, *lines: str) -> None:
    table = (
        "[[webhooks]]",
        f'url = "{receiver.address}"',
        'secret_env = ["HOOK_SECRET", "OLD_HOOK_SECRET"]',
        "allow_private_addresses = true",
        *lines,
    )
    (content / "site.toml").write_text("\n".join(table), "utf-8")


def is_known(work: Path) -> None:
    """Wait until the webhook is known, so that what changes from now on is an event."""
    wait_until((work / "index.db.webhooks").exists, "the webhook is known")


def test_a_receiver_is_called_when_a_change_is_served(content: Path, tmp_path: Path) -> None:
    with running_receiver() as receiver:
        configure(content, receiver, 'tag = "a"', 'events = ["published", "updated", "withdrawn"]')
        with serving(content, tmp_path, "--workers", "2", **ENVIRONMENT) as server:
            is_known(tmp_path)
            write_article(content, "two.md", title="Two", date="2020-01-02", tags="[a]")
            published = receiver.take()
            assert (published.type, published.data["slug"]) == ("article.published", "two")
            assert published.data["url"] == f"{server.base}/articles/two"
            for _ in range(4):  # whichever worker answers
                assert fetch(f"{published.data['url']}.json").json()["title"] == "Two"
            write_article(content, "two.md", title="Two", date="2020-01-02", tags="[a]", withdrawn="wrong")
            assert receiver.take_types(1) == [("article.withdrawn", "two")]
            write_article(content, "other.md", title="Other", date="2020-01-02", tags="[b]")
            wait_until(lambda: "Other" in server.titles(), "it is served")
            wait_until(lambda: server.metric('broadsheet_webhook_deliveries_total{outcome="sent"') == 2, "2")
            assert server.metric("broadsheet_webhook_stopped{") == 0
            assert receiver.address not in server.get("/metrics").text
        assert receiver.is_idle()


def test_a_scheduled_article_is_an_event_at_its_second(content: Path, tmp_path: Path) -> None:
    with running_receiver() as receiver:
        configure(content, receiver, 'events = "published"')
        with serving(content, tmp_path, **ENVIRONMENT):
            is_known(tmp_path)
            due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=5)
            write_article(content, "later.md", title="Later", date=due.isoformat())
            delivered = receiver.take()

    assert delivered.data["slug"] == "later"
    assert datetime.fromisoformat(delivered.timestamp) == due


def test_a_killed_publisher_loses_and_repeats_nothing(content: Path, tmp_path: Path) -> None:
    with running_receiver() as receiver:
        configure(content, receiver, 'events = "published"')
        with serving(content, tmp_path, **ENVIRONMENT) as server:
            is_known(tmp_path)
            write_article(content, "a.md", title="A", date="2020-01-02")
            first = receiver.take()
            wait_until(lambda: server.metric(SENT) == 1, "the response is read")
            write_article(content, "b.md", title="B", date="2020-01-02")
            os.kill(notifier(server.process.pid), signal.SIGKILL)
            second = receiver.take()
        write_article(content, "c.md", title="C", date="2020-01-02")
        with serving(content, tmp_path, **ENVIRONMENT):
            third = receiver.take()
        assert receiver.is_idle()

    assert [delivered.data["slug"] for delivered in (first, second, third)] == ["a", "b", "c"]


def test_a_receiver_that_never_responds_affects_neither_service_nor_hubs(
    content: Path, tmp_path: Path
) -> None:
    with running_receiver(never_responds) as receiver, running_hub() as hub:
        configure(content, receiver)
        with serving(content, tmp_path, **ENVIRONMENT | {"BROADSHEET_HUB": hub.address}) as server:
            is_known(tmp_path)
            wait_until((tmp_path / "index.db.hubs").exists, "the hub is known")
            write_article(content, "two.md", title="Two", date="2020-01-02")
            receiver.take()
            assert len(hub.topics(3)) == 3
            assert "Two" in server.titles()
            assert server.stop() == 0


def test_the_service_does_not_start_without_a_secret(content: Path, tmp_path: Path) -> None:
    with running_receiver() as receiver:
        configure(content, receiver)
        environment = {name: value for name, value in ENVIRONMENT.items() if name != "HOOK_SECRET"}
        with pytest.raises(
            StartError, match="HOOK_SECRET, named by secret_env, is not set; it must be whsec_"
        ):
            start(content, tmp_path, **environment)


@pytest.mark.parametrize("notified", ["receiver", "hub"])
def test_others_are_notified_when_replicas_serve_the_change(
    content: Path, tmp_path: Path, notified: str
) -> None:
    store = f"file://{tmp_path}/store"
    publishing = ENVIRONMENT | {"BROADSHEET_PUBLISH": store, "BROADSHEET_PUBLISH_DELAY_SECONDS": "3"}
    for name in ("origin", "replica"):
        (tmp_path / name).mkdir()
    with running_receiver() as receiver, running_hub() as hub:
        configure(content, receiver, 'events = "published"')
        with serving(content, tmp_path / "origin", **publishing, BROADSHEET_HUB=hub.address):
            is_known(tmp_path / "origin")
            wait_until((tmp_path / "origin" / "index.db.hubs").exists, "the hub is known")
            with serving(tmp_path / "none", tmp_path / "replica", BROADSHEET_FROM=store) as replica:
                write_article(content, "two.md", title="Two", date="2020-01-02", tags="[a]")
                if notified == "hub":
                    hub.topics(1)
                else:
                    assert receiver.take_types(1) == [("article.published", "two")]
                assert "Two" in replica.titles()
