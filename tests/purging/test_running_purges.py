"""The running service purges a cache of what has changed, and loses nothing when it is killed."""

import os
import signal
from functools import partial
from pathlib import Path

import pytest

from service.publisher.cache_keys import article_key, public_key
from service.replication.publication import decode
from tests.support.article_files import write_article
from tests.support.hub import answers
from tests.support.processes import notifier
from tests.support.purged_cache import PurgedCache, running_cache
from tests.support.server import Server, StartError, serving, start
from tests.support.waiting import wait_until

FAILING_SINCE = "broadsheet_purge_failing_since_timestamp_seconds"
TOKEN = "fastly-token-of-a-test"  # noqa: S105
ENVIRONMENT = {"BROADSHEET_REFRESH_SECONDS": "1", "PURGE_TOKEN": TOKEN}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    for number in range(3):
        write(folder, f"a{number}")
    return folder


def write(content: Path, name: str, **facts: str) -> None:
    write_article(content, f"{name}.md", title=name, id=f"id:{name}", date="2020-01-01", tags="[a]", **facts)


def configure(content: Path, cache: PurgedCache) -> None:
    lines = (
        'surrogate_key_headers = ["Surrogate-Key"]',
        "[[purge]]",
        'kind = "fastly"',
        'service_id = "SU1Z"',
        'token_env = "PURGE_TOKEN"',
        f'url = "{cache.address}"',
        "allow_private_addresses = true",
    )
    (content / "site.toml").write_text("\n".join(lines) + "\n", "utf-8")


def is_purged(server: Server) -> bool:
    return server.metric("broadsheet_purge_pending") == 0


def key(name: str) -> str:
    return public_key(article_key(f"id:{name}"))


def test_a_change_is_purged_when_it_is_served(content: Path, tmp_path: Path) -> None:
    with running_cache() as cache:
        configure(content, cache)
        with serving(content, tmp_path, "--workers", "2", **ENVIRONMENT) as server:
            assert cache.take() == {"site"}
            wait_until(partial(is_purged, server), "everything is purged")
            write(content, "a1", summary="New.")
            purged = cache.take()
            assert {"all", "articles", "tag:a", key("a1")} <= purged
            for _ in range(4):  # whichever worker answers
                answer = server.get("/articles/a1.json")
                assert answer.json()["summary"] == "New."
                assert not purged.isdisjoint(answer.headers["surrogate-key"].split())
            wait_until(partial(is_purged, server), "it is purged")
            assert server.metric(FAILING_SINCE) == 0
            assert TOKEN not in server.get("/metrics").text + server.output()


def test_what_was_not_purged_before_a_kill_is_purged_after_it(content: Path, tmp_path: Path) -> None:
    with running_cache(answers(200), answers(500)) as cache:
        configure(content, cache)
        with serving(content, tmp_path, **ENVIRONMENT) as server:
            assert cache.take() == {"site"}
            wait_until(partial(is_purged, server), "everything is purged")
            write(content, "a1", summary="New.")
            assert key("a1") in cache.take()
            wait_until(
                lambda: server.metric(FAILING_SINCE) > 0,
                "it is not purged",
            )
            assert "responds with status 500" in server.output()
            cache.behaviours = [answers(500)]
            os.kill(notifier(server.process.pid), signal.SIGKILL)
            assert key("a1") in cache.take()
        write(content, "a2", summary="New.")
        cache.behaviours = [answers(200)]
        with serving(content, tmp_path, **ENVIRONMENT) as server:
            wait_until(partial(is_purged, server), "everything is purged")
        purged = set()
        while not cache.is_idle():
            purged = cache.take()
        assert {key("a1"), key("a2")} <= purged
        assert "site" not in purged


def test_the_service_does_not_start_without_a_token(content: Path, tmp_path: Path) -> None:
    with running_cache() as cache:
        configure(content, cache)
        with pytest.raises(
            StartError, match="PURGE_TOKEN, named by token_env, is not set; set it to the token of fastly"
        ):
            start(content, tmp_path, BROADSHEET_REFRESH_SECONDS="1")
        assert cache.is_idle()


def test_with_replicas_a_change_is_purged_when_they_switch_to_it(content: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    publishing = ENVIRONMENT | {"BROADSHEET_PUBLISH_DELAY_SECONDS": "1"}
    with running_cache() as cache:
        configure(content, cache)
        for text in ("New.", "Newer."):  # the second service finds the index as it is published
            with serving(content, tmp_path, "--publish", f"file://{store}", **publishing) as server:
                wait_until(partial(is_purged, server), "everything is purged")
                write(content, "a1", summary=text)
                wait_until(lambda: not cache.is_idle() and key("a1") in cache.take(), "it is purged")
                publication = decode((store / "current.json").read_bytes())
                assert publication.seconds_left() == 0.0
                wait_until(partial(is_purged, server), "everything is purged")
                assert publication.revision.content in server.get("/metrics").text
