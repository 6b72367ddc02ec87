"""How far each receiver was served, in a file next to the index: a restart repeats and loses nothing.

Several processes may write the file at the same time, so each change is made under a lock, and only if the
state is still the one that it was made from.
"""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

import msgspec

from service.log_on_change import LogOnChange

log = logging.getLogger("broadsheet")

State = TypeVar("State", bound=msgspec.Struct)


class StateFile(Generic[State]):
    """The state of each receiver, a `state_type`, by a name of the receiver.

    A file that cannot be read is replaced; a file that cannot be written is logged once, and the states are
    kept in memory. Messages say that `what` cannot be kept, and what follows: `after_restart` if the file
    cannot be written, `from_now_on` if it cannot be read. Subclasses set these.
    """

    state_type: type[State]
    what: ClassVar[str]
    after_restart: ClassVar[str]
    from_now_on: ClassVar[str]

    def __init__(self, path: Path) -> None:
        self._path = path
        self._decoder = msgspec.json.Decoder(dict[str, self.state_type])  # type: ignore[name-defined]
        self._error_log = LogOnChange(logging.WARNING, f"{path}: {self.what} cannot be kept")
        self._version: tuple[int, int] | None = None
        self._states: dict[str, State] = {}
        self._refresh()

    def state(self, name: str) -> State | None:
        """The present state of a receiver; None for an unknown one."""
        self._refresh()
        return self._states.get(name)

    def replace(self, name: str, before: State | None, after: State) -> bool:
        """Let the state of a receiver be `after` if it is still `before`. Return whether it was."""
        problem = ""
        try:
            with self._locked():
                self._refresh()
                if self._states.get(name) != before:
                    return False
                self._states[name] = after
                self._write()
        except OSError as error:
            self._states[name] = after
            problem = f"{error.strerror}; {self.after_restart}"
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
            self._states = self._decoder.decode(self._path.read_bytes())
        except (OSError, ValueError) as error:  # ValueError: also for bytes that are not UTF-8
            log.warning("%s: %s cannot be read: %s; %s", self._path, self.what, error, self.from_now_on)
            self._states = {}


def _version(path: Path) -> tuple[int, int] | None:
    """The identity of the file, which differs when it is replaced; None if there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
