"""When a look is due, and at what: by tables and properties, without a clock."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.ingest.watch.pending_changes import (
    AGAIN_SECONDS,
    BATCH_SECONDS,
    EVERYTHING,
    LEAST_INTERVAL_SECONDS,
    LONGEST_BATCH_SECONDS,
    LONGEST_PAUSE_SECONDS,
    LONGEST_WRITING_SECONDS,
    MOST_PATHS,
    SETTLE_SECONDS,
    Activity,
    Look,
    PendingChanges,
)

WRITING, WRITTEN, EMPTIED = Activity.WRITING, Activity.WRITTEN, Activity.EMPTIED
FOUND, TOUCHED, NEW_FOLDER = Activity.FOUND, Activity.TOUCHED, Activity.NEW_FOLDER
STEP = 0.01

Events = list[tuple[float, str, Activity]]


def looks(events: Events, until: float) -> list[tuple[float, tuple[str, ...] | None]]:
    """The looks, with the instant of each, of someone who asks every STEP and looks in no time."""
    pending, found = PendingChanges(), []
    for tick in range(round(until / STEP)):
        now = tick * STEP
        while events and events[0][0] <= now:
            at, path, activity = events[0]
            events = events[1:]
            pending.note(path, activity, at)
        if look := pending.take(now):
            found.append((now, look.paths))
            pending.note_look(now, now)
    return found


def first(paths: str, at: float) -> tuple[object, tuple[str, ...]]:
    return pytest.approx(at, abs=2 * STEP), tuple(paths.split())


CASES: dict[str, tuple[Events, list[tuple[object, tuple[str, ...]]]]] = {
    "nothing": ([], []),
    "one file": ([(0, "a", WRITTEN)], [first("a", BATCH_SECONDS)]),
    "several at once are one look": (
        [(0, "a", WRITTEN), (0.02, "b", WRITTEN), (0.04, "c", WRITTEN)],
        [first("a b c", 0.04 + BATCH_SECONDS)],
    ),
    "a file is waited for until it is closed": (
        [(0, "a", WRITING), (5, "a", WRITING), (8, "a", WRITTEN)],
        [first("a", 8 + BATCH_SECONDS)],
    ),
    "times that are set do not end the writing": (
        [(0, "a", WRITING), (1, "a", TOUCHED), (3, "a", WRITTEN)],
        [first("a", 3 + BATCH_SECONDS)],
    ),
    "a file that stays open is looked at when it is quiet": (
        [(0, "a", WRITING), (2, "a", WRITING)],
        [first("a", 2 + SETTLE_SECONDS[WRITING])],
    ),
    "others do not wait for it": (
        [(0, "a", WRITING), (1, "b", WRITTEN), (2, "a", WRITTEN)],
        [first("b", 1 + BATCH_SECONDS), first("a", 2 + BATCH_SECONDS)],
    ),
    "a file that is emptied and then written is never seen empty": (
        [(0, "a", EMPTIED), (0.5, "a", WRITING), (0.6, "a", WRITTEN)],
        [first("a", 0.6 + BATCH_SECONDS)],
    ),
    "a file that is and stays empty": ([(0, "a", EMPTIED)], [first("a", SETTLE_SECONDS[EMPTIED])]),
    "a file that was found": ([(0, "a", FOUND)], [first("a", SETTLE_SECONDS[FOUND])]),
    "a file that was found is being written after all": (
        [(0, "a", FOUND), (0.1, "a", WRITING), (1, "a", WRITTEN)],
        [first("a", 1 + BATCH_SECONDS)],
    ),
    "a new folder is looked at again": (
        [(0, "n/", NEW_FOLDER)],
        [first("n/", BATCH_SECONDS), first("n/", BATCH_SECONDS + AGAIN_SECONDS)],
    ),
    "a folder waits for the files in it": (
        [(0, "n/", NEW_FOLDER), (0, "n/a", WRITING), (0, "n/m/b", WRITTEN), (0.5, "n/a", WRITTEN)],
        [
            first("n/m/b", BATCH_SECONDS),
            first("n/ n/a", 0.5 + BATCH_SECONDS),
            first("n/", 0.5 + BATCH_SECONDS + AGAIN_SECONDS),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_look_is_due_when_what_has_changed_is_whole(name: str) -> None:
    events, expected = CASES[name]
    assert looks(events, 20) == expected


@pytest.mark.parametrize("interval", [1.0, BATCH_SECONDS / 2])
def test_a_file_that_is_always_being_written_is_looked_at_in_the_end(interval: float) -> None:
    pending = PendingChanges()
    instants: list[float] = []
    for write in range(int(2.1 * LONGEST_WRITING_SECONDS / interval)):
        pending.note("log", WRITING, write * interval)
        if pending.take(write * interval):
            instants.append(write * interval)
    assert len(instants) == 2
    for before, after in pairwise((0.0, *instants)):
        assert LONGEST_WRITING_SECONDS <= after - before <= LONGEST_WRITING_SECONDS + 2


def test_a_flood_is_looked_at_again_and_again_but_not_too_often() -> None:
    flood = [(n * 0.005, f"{n}", WRITTEN) for n in range(400)]
    found = looks(flood, 4)
    instants = [at for at, _ in found]

    assert {path for _, paths in found for path in paths or ()} == {f"{n}" for n in range(400)}
    for before, after in pairwise(instants):
        assert LEAST_INTERVAL_SECONDS - STEP <= after - before <= LONGEST_BATCH_SECONDS + 3 * STEP
    assert instants[-1] <= 2 + LONGEST_BATCH_SECONDS + STEP


def test_one_file_that_is_saved_without_end_is_looked_at() -> None:
    saves = [(n * 0.01, "a", WRITTEN) for n in range(200)]
    assert len(looks(saves, 3)) >= 8


def test_more_paths_than_are_kept_are_everything() -> None:
    pending = PendingChanges()
    for number in range(MOST_PATHS + 1):
        pending.note(f"{number}", WRITTEN, 0)
    assert pending.take(1) == EVERYTHING
    assert not pending


def test_what_is_being_written_is_named_and_looked_at_later() -> None:
    pending = PendingChanges()
    pending.note("a", WRITING, 0)
    pending.note("b", WRITTEN, 0)
    pending.note_everything(0)
    assert pending.take(0.1) == Look(None, ("a",))
    pending.note("c", WRITTEN, 1)
    assert pending.take(1.1) == Look(("c",), ("a",))
    pending.note("a", WRITTEN, 2)
    assert pending.take(2.1) == Look(("a",))
    assert not pending


@pytest.mark.parametrize(
    ("took", "pause"),
    [(0.0, LEAST_INTERVAL_SECONDS), (0.15, 0.3), (1.0, 2.0), (60.0, 60 + LONGEST_PAUSE_SECONDS)],
)
def test_a_look_that_takes_long_puts_off_the_next(took: float, pause: float) -> None:
    pending = PendingChanges()
    pending.note_look(0, took)
    pending.note("a", WRITTEN, 0)
    assert pending.take(pause - 0.001) is None
    assert pending.take(pause + BATCH_SECONDS) == Look(("a",))


EVENTS = st.lists(
    st.tuples(
        st.floats(0, 3), st.sampled_from(["a", "b", "n/", "n/a", "n/m/", "n/m/b"]), st.sampled_from(Activity)
    ),
    max_size=30,
)


@given(EVENTS)
def test_every_change_is_looked_at_after_it_was_noted(events: Events) -> None:
    events = sorted(events, key=lambda event: event[0])
    found = looks(events, 20)
    for at, path, _ in events:
        assert any(looked >= at and path in (paths or ()) for looked, paths in found), (at, path)


@given(EVENTS)
def test_no_file_is_looked_at_while_it_is_being_written(events: Events) -> None:
    events = sorted(events, key=lambda event: event[0])
    for looked, paths in looks(events, 20):
        for path in paths or ():
            before = [(at, kind) for at, name, kind in events if name == path and at <= looked]
            before = [(at, kind) for at, kind in before if kind is not TOUCHED] or before
            at, kind = before[-1]
            assert kind is not WRITING or looked >= at + SETTLE_SECONDS[WRITING] - STEP
