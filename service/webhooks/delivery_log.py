"""How far each webhook has been delivered, in a file next to the index: a restart repeats and loses no event.

The publisher and `broadsheet webhooks` may write the file at the same time, so each change is made under a
lock, and only if the state is still the one that it was made from.
"""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from service.log_on_change import LogOnChange

LOG_NAME = "webhooks"
"""The file is `index.db.webhooks`."""

log = logging.getLogger("broadsheet")

Status = Literal["active", "paused", "disabled"]
"""`paused` after a day of failures, `disabled` by the receiver (410); both until a replay."""


class DeliveryState(msgspec.Struct, frozen=True, kw_only=True):
    """What was delivered: all events up to the revision `generation`, and `events` of those that follow it.

    Instants are in seconds since 1970. The present row of `failures` began at `failing_since`; the next
    attempt is due at `retry_at`. `problem` is the last failure. `replays` counts the replays, so that a state
    before a replay never equals one after it.
    """

    generation: int
    events: int = 0
    status: Status = "active"
    failures: int = 0
    failing_since: float = 0.0
    retry_at: float = 0.0
    problem: str = ""
    replays: int = 0


class DeliveryLog:
    """The state of each webhook, by its url.

    A file that cannot be read is replaced; a file that cannot be written is logged once, and the states are
    kept in memory.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._error_log = LogOnChange(logging.WARNING, f"{path}: deliveries of webhooks cannot be kept")
        self._version: tuple[int, int] | None = None
        self._states: dict[str, DeliveryState] = {}
        self._refresh()

    def state(self, url: str) -> DeliveryState | None:
        """The present state of a webhook; None for an unknown one."""
        self._refresh()
        return self._states.get(url)

    def replace(self, url: str, before: DeliveryState | None, after: DeliveryState) -> bool:
        """Let the state of a webhook be `after` if it is still `before`. Return whether it was."""
        problem = ""
        try:
            with self._locked():
                self._refresh()
                if self._states.get(url) != before:
                    return False
                self._states[url] = after
                self._write()
        except OSError as error:
            self._states[url] = after
            problem = f"{error.strerror}; events may be sent again after a restart"
        self._error_log.report(problem)
        return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._path.with_name(f"{self._path.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self) -> None:
        new = self._path.with_name(f"{self._path.name}.new")
        new.write_bytes(msgspec.json.encode(self._states))
        new.replace(self._path)
        self._version = _version(self._path)

    def _refresh(self) -> None:
        """Read the file again if another process has written it."""
        version = _version(self._path)
        if version is None or version == self._version:
            return
        self._version = version
        try:
            self._states = msgspec.json.decode(self._path.read_bytes(), type=dict[str, DeliveryState])
        except (OSError, msgspec.DecodeError) as error:
            log.warning(
                "%s: deliveries of webhooks cannot be read: %s; events from now on are sent",
                self._path,
                error,
            )
            self._states = {}


def _version(path: Path) -> tuple[int, int] | None:
    """What differs when the file is replaced; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
