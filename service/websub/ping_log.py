"""The notifications that hubs accepted, in a file next to the index: a restart repeats and loses none."""

import logging
from collections.abc import Iterable
from pathlib import Path

import msgspec

from service.log_on_change import LogOnChange

log = logging.getLogger("broadsheet")

SentEtags = dict[str, str]
"""The address of a feed (the topic) → its validator when the hub last accepted a notification of it."""


class PingLog:
    """What each hub accepted, for the topics below the address `base`; others are dropped.

    A file that cannot be read is replaced; a file that cannot be written is logged once.
    """

    def __init__(self, path: Path, base: str) -> None:
        self._path = path
        self._error_log = LogOnChange(logging.WARNING, f"{path}: notifications of hubs cannot be kept")
        self._hubs = {
            hub: {topic: etag for topic, etag in sent_etags.items() if topic.startswith(base)}
            for hub, sent_etags in _read(path).items()
        }

    def sent_etags(self, hub: str) -> SentEtags | None:
        """What `hub` accepted, to be changed in place; None for an unknown hub."""
        return self._hubs.get(hub)

    def add_hub(self, hub: str, sent_etags: SentEtags) -> SentEtags:
        """Add a hub that need not be notified of `sent_etags`, and return them."""
        self._hubs[hub] = sent_etags
        return sent_etags

    def topics(self, hubs: Iterable[str]) -> set[str]:
        """Every address that any of `hubs` was notified of."""
        return {topic for hub in hubs for topic in self._hubs.get(hub, {})}

    def save(self) -> None:
        """Write the file atomically."""
        new = self._path.with_name(f"{self._path.name}.new")
        problem = ""
        try:
            new.write_bytes(msgspec.json.encode(self._hubs))
            new.replace(self._path)
        except OSError as error:
            problem = f"{error.strerror}; they may be sent again after a restart"
        self._error_log.report(problem)


def _read(path: Path) -> dict[str, SentEtags]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, SentEtags])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:  # ValueError: also for bytes that are not UTF-8
        log.warning("%s: notifications of hubs cannot be read: %s; started with none", path, error)
        return {}
