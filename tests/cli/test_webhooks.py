"""`broadsheet webhooks`: the webhooks, how far each was delivered, and what is sent again."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from service.index import Index
from service.webhooks.delivery import next_attempt_at
from service.webhooks.delivery_state import DeliveryState, DeliveryStateFile, WaitingEvent, replayed
from tests.support.builders import site
from tests.support.commands import Outcome, run
from tests.support.index_folder import NOW, Folder

WAITING = WaitingEvent(
    since=0,
    number=0,
    article_id="id:old",
    matches=True,
    recorded_at=1_790_000_000,
    failures=3,
    failing_since=1_790_000_000.0,
    retry_at=1_790_000_060.0,
)
FIRST, SECOND = "https://hooks.example/a", "https://hooks.example/b"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Three revisions: of `old`, then also `new`, then also `newer`."""
    folder = Folder(tmp_path, site(public_url="https://example.org"))
    tables = (f'[[webhooks]]\nurl = "{url}"\nsecret_env = "HOOK"\n' for url in (FIRST, SECOND))
    (folder.root / "site.toml").write_text("".join(tables) + 'events = "published"\n', "utf-8")
    for name in ("old", "new", "newer"):
        folder.write(name)
        folder.refresh()
    return folder


def webhooks(folder: Folder, *options: str) -> Outcome:
    return run(
        "webhooks", "--content", str(folder.root), "--index", folder.url, *options, cwd=folder.root.parent
    )


def states(folder: Folder) -> list[DeliveryState | None]:
    state_file = DeliveryStateFile(folder.file.with_name("index.db.webhooks"))
    return [state_file.state(url) for url in (FIRST, SECOND)]


def generations(folder: Folder) -> list[int]:
    """The numbers of the three revisions."""
    first = folder.ask(lambda index: index.generation_before(NOW))
    return [first, *(one.generation for one in folder.ask(lambda index: index.differences(first)))]


def test_each_webhook_is_listed_with_its_state(folder: Folder) -> None:
    state_file = DeliveryStateFile(folder.file.with_name("index.db.webhooks"))
    failed = DeliveryState(
        generation=generations(folder)[1],
        waiting=(WAITING, msgspec.structs.replace(WAITING, number=1, failures=0, retry_at=0.0)),
        given_up=2,
        failures=3,
        failing_since=1_790_000_000.0,
        retry_at=1_790_000_060.0,
        problem="responds with status 500",
    )
    state_file.replace(FIRST, None, failed)
    state_file.replace(SECOND, None, DeliveryState(generation=folder.ask(Index.newest_generation)))
    first, first_state, second, second_state = webhooks(folder).stdout.splitlines()

    assert first.endswith(f" {FIRST}")
    assert first_state.strip() == (
        "active; 3 failures since 2026-09-21T14:13:20Z; 2 events wait to be sent again;"
        " 2 events were given up; the last failure: responds with status 500;"
        " the next attempt is due now, while `broadsheet serve` runs"
    )
    assert second.endswith(f" {SECOND}")
    assert second_state.strip() == "active; everything is sent"


def test_one_failure_and_one_event_are_singular(folder: Folder) -> None:
    state = DeliveryState(generation=1, waiting=(WAITING,), given_up=1, failures=1, failing_since=1.0)
    DeliveryStateFile(folder.file.with_name("index.db.webhooks")).replace(FIRST, None, state)

    listed = webhooks(folder).stdout.splitlines()[1].strip()
    assert listed.startswith("active; 1 failure since 1970-01-01T00:00:01Z; 1 event waits to be sent again;")
    assert "; 1 event was given up; " in listed


LATER = msgspec.structs.replace(WAITING, article_id="id:new", retry_at=WAITING.retry_at + 60)
BEHIND = msgspec.structs.replace(WAITING, number=1, failures=0, retry_at=0.0)


@pytest.mark.parametrize(
    ("state", "seconds"),
    [
        ({}, None),
        ({"waiting": (WAITING,), "status": "paused"}, None),
        ({"waiting": (WAITING, BEHIND, LATER)}, 60.0),  # an event waits for the earlier one of its article
        ({"waiting": (WAITING, LATER), "failures": 4, "retry_at": WAITING.retry_at + 600}, 60.0),
        ({"waiting": (WAITING, LATER), "failures": 5, "retry_at": WAITING.retry_at + 600}, 660.0),
        ({"waiting": (WAITING, LATER), "failures": 5, "retry_at": WAITING.retry_at - 30}, 60.0),
    ],
)
def test_the_next_attempt_is_when_an_event_and_its_receiver_are_due(
    state: dict[str, Any], seconds: float | None
) -> None:
    due_at = next_attempt_at(DeliveryState(generation=1, **state))
    assert due_at == (None if seconds is None else WAITING.failing_since + seconds)


def test_a_new_webhook_is_listed_as_new(folder: Folder) -> None:
    assert webhooks(folder).stdout.count("new: `broadsheet serve` sends it what changes after its start") == 2


@pytest.mark.parametrize("since", ["2000-01-01", "2025-12-31T23:59:59Z"])
def test_a_replay_continues_at_an_instant(folder: Folder, since: str) -> None:
    DeliveryStateFile(folder.file.with_name("index.db.webhooks")).replace(
        FIRST, None, DeliveryState(generation=generations(folder)[2], status="paused", replays=4)
    )
    outcome = webhooks(folder, "--replay", since)

    assert outcome.returncode == 0, outcome.stderr
    first = generations(folder)[0]
    assert states(folder) == [
        DeliveryState(generation=first, replays=5),
        DeliveryState(generation=first),
    ]
    lines = outcome.stdout.splitlines()
    # Of two articles and two revisions.
    assert lines[1] == "  4 events since then: `broadsheet serve` sends them, in order"
    assert lines[3] == "  2 events since then: `broadsheet serve` sends them, in order"


def test_a_replay_counts_earlier_events_apart(folder: Folder) -> None:
    first, second, _ = generations(folder)
    state = DeliveryState(generation=second, waiting=(msgspec.structs.replace(WAITING, since=first - 1),))
    DeliveryStateFile(folder.file.with_name("index.db.webhooks")).replace(FIRST, None, state)
    outcome = webhooks(folder, "--replay", "2000-01-01")

    assert "sends them, in order; 1 earlier one still waits to be sent" in outcome.stdout.splitlines()[1]


def test_a_replay_keeps_earlier_events_that_wait(folder: Folder) -> None:
    first, second, _ = generations(folder)
    later = msgspec.structs.replace(WAITING, since=second)
    state = DeliveryState(
        generation=second, waiting=(msgspec.structs.replace(WAITING, since=first), later), problem="is down"
    )

    kept = DeliveryState(generation=second, waiting=state.waiting[:1], problem="is down", replays=1)
    assert replayed(state, second) == kept
    assert replayed(state, first) == DeliveryState(generation=first, replays=1)


def test_check_reports_webhooks_that_are_stopped(folder: Folder) -> None:
    state_file = DeliveryStateFile(folder.file.with_name("index.db.webhooks"))
    state_file.replace(FIRST, None, DeliveryState(generation=1, status="paused"))
    state_file.replace(SECOND, None, DeliveryState(generation=1, given_up=2))
    outcome = run("check", "--content", str(folder.root), "--index", folder.url, cwd=folder.root.parent)

    paused = r"^site.toml:2: note: webhook \w{8} \(hooks.example\): paused; see `broadsheet webhooks`$"
    assert re.search(paused, outcome.stdout, re.MULTILINE)
    assert "(hooks.example): 2 events were given up; see `broadsheet webhooks`" in outcome.stdout
    assert f"note: {folder.root / 'site.toml'}:1: webhooks: nothing is sent" in outcome.stdout
    assert outcome.returncode == 0, outcome.stdout


def test_check_reports_what_serve_does_not_send(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(
        'public_url = "https://example.org"\nsurrogate_key_headers = "xkey"\n'
        '[[webhooks]]\nurl = "https://hooks.example/"\nsecret_env = ["GOOD", "UNSET"]\n'
        '[[webhooks]]\nurl = "https://10.0.0.1/"\nsecret_env = "GOOD"\n'
        '[[webhooks]]\nurl = "https://[::1]/"\nsecret_env = "GOOD"\nallow_private_addresses = true\n'
        '[[webhooks]]\nurl = "https://localhost/"\nsecret_env = "BAD"\n'
        '[[purge]]\nkind = "url"\nurl = "https://127.0.0.1/{key}"\ntoken_env = "TOKEN"\n'
    )
    outcome = run("check", cwd=tmp_path, BROADSHEET_CONTENT=".", GOOD="whsec_" + "A" * 43 + "=", BAD="x")

    beginnings = [
        "5: note: `serve` does not start: webhooks: the variable UNSET, named by secret_env, is not set; it",
        "7: note: webhook ID (10.0.0.1): nothing is sent to 10.0.0.1, a private address; set",
        "14: note: webhook ID (localhost): nothing is sent to localhost, a private address; set",
        "15: note: `serve` does not start: webhooks: the variable BAD, named by secret_env, must be whsec_",
        "18: note: purge ID (url 127.0.0.1): nothing is sent to 127.0.0.1, a private address; set",
        "19: note: `serve` does not start: purge: the variable TOKEN, named by token_env, is not set; set",
    ]
    lines = [re.sub(r" \w{8} \(", " ID (", line) for line in outcome.stdout.splitlines()]
    assert len(lines) == len(beginnings)
    for beginning in beginnings:
        assert any(line.startswith(f"site.toml:{beginning}") for line in lines), (beginning, lines)
    assert outcome.returncode == 0
    assert outcome.stderr.splitlines()[-1] == "in all 0 faults and 6 notes"


def test_a_replay_continues_at_a_revision_for_one_webhook(folder: Folder) -> None:
    first, second, _ = generations(folder)
    (difference, _) = folder.ask(lambda index: index.differences(first))
    webhook_id = webhooks(folder).stdout.split()[0]
    outcome = webhooks(folder, "--replay", difference.articles, "--only", webhook_id)

    assert outcome.returncode == 0, outcome.stderr
    assert states(folder) == [DeliveryState(generation=second), None]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--replay", "yesterday"), "'yesterday'"),
        (("--replay", ""), "''"),
        (("--only", "none"), "there is no webhook 'none'; there are "),
    ],
)
def test_a_mistake_is_refused(folder: Folder, options: tuple[str, ...], message: str) -> None:
    outcome = webhooks(folder, *options)

    assert outcome.returncode in (1, 2)
    assert message in outcome.stderr
    assert states(folder) == [None, None]


def test_without_webhooks_the_file_to_change_is_named(folder: Folder) -> None:
    (folder.root / "site.toml").unlink()
    outcome = webhooks(folder)

    assert outcome.returncode == 2
    assert f"there are no [[webhooks]] tables in {folder.root / 'site.toml'}" in outcome.stderr
