"""What hubs were told: a file beside the index, so that a restart tells nothing twice and forgets nothing."""

import logging
from collections.abc import Iterable
from pathlib import Path

import msgspec

from service.log_on_change import LogOnChange

log = logging.getLogger("broadsheet")

Addresses = dict[str, str]
"""The address of a feed → the validator it had when the hub was last told of it."""


class PingLog:
    """What each hub was told of addresses that begin with `start`; others are of no use any more.

    A file that cannot be read is as if absent; one that cannot be written is logged, once.
    """

    def __init__(self, path: Path, start: str) -> None:
        self._path = path
        self._trouble = LogOnChange(logging.WARNING, f"{path}: what hubs were told cannot be kept")
        self._hubs = {
            hub: {address: etag for address, etag in told.items() if address.startswith(start)}
            for hub, told in _read(path).items()
        }

    def of(self, hub: str) -> Addresses | None:
        """What `hub` was told, to be changed in place; None where nothing of it is remembered."""
        return self._hubs.get(hub)

    def begin(self, hub: str, told: Addresses) -> Addresses:
        """Remember `hub` from now on as one that was told `told`."""
        self._hubs[hub] = told
        return told

    def addresses(self, hubs: Iterable[str]) -> set[str]:
        """Every address that any of `hubs` was told of."""
        return {address for hub in hubs for address in self._hubs.get(hub, {})}

    def save(self) -> None:
        """Write what is remembered; a file half written is never seen."""
        new = self._path.with_name(f"{self._path.name}.new")
        trouble = ""
        try:
            new.write_bytes(msgspec.json.encode(self._hubs))
            new.replace(self._path)
        except OSError as error:
            trouble = f"{error.strerror}; they may be told again after a restart"
        self._trouble.report(trouble)


def _read(path: Path) -> dict[str, Addresses]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Addresses])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        log.warning("%s: what hubs were told cannot be read: %s; begun anew", path, error)
        return {}
