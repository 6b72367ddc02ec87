"""Publishes the index of a running service whenever its content changes."""

import logging
import time

from service.errors import PublishedByAnother
from service.log_on_change import LogOnChange
from service.replication.open_store import open_store
from service.replication.publish import SnapshotPublisher
from service.server.index_looks import LONGEST_SECONDS, LookFacts, look_facts
from service.settings import Settings
from service.web.metrics.counters import Counters

TICK_SECONDS = 0.25
RETRY_SECONDS = 2.0

FOLLOWING = "Until then this service serves what that one publishes, and notifies nobody"

log = logging.getLogger("broadsheet")


class IndexPublisher:
    """Runs in a process of its own, so that a slow store delays nothing.

    What cannot be published now is tried again. While another publisher has published other content, that is
    served, and this one looks whether both have the same again.
    """

    def __init__(self, settings: Settings, address: str, counters: Counters) -> None:
        self._settings = settings
        self._address = address
        self._counters = counters
        self._publisher: SnapshotPublisher | None = None
        self._look_at = 0.0
        self._published: LookFacts | None = None
        self._compare_at = 0.0
        self._condition = LogOnChange(
            logging.ERROR, "the content was not published", "the content is published again"
        )

    def run(self) -> None:
        """Publish until terminated; a publication that is interrupted is none."""
        while True:
            try:
                self._work()
            except Exception as error:
                self._note_failure(error)
            time.sleep(TICK_SECONDS)

    def _work(self) -> None:
        """Publish the index if it has changed, all static files are hashed, and it is time."""
        if self._publisher is None:
            store = open_store("publish", self._address)
            settings = self._settings
            self._publisher = SnapshotPublisher(
                store, settings.index, settings.content, settings.publish_delay_seconds
            )
        publisher = self._publisher
        looked_at = time.monotonic()
        is_published = self._is_published(publisher)
        if is_published:
            self._counters.set(looked_at, "published_as_of")
        if is_published and looked_at < self._look_at:
            self._note_success()
        elif not self._counters.get("hashing") and not publisher.seconds_left():
            self._published = None
            publisher.read_current()
            self._look_at = time.monotonic() + self._settings.store_poll_seconds
            if not publisher.seconds_left():
                published = publisher.publish()
                # Also of an index that changes all the time, and never is as it was published.
                self._counters.set(looked_at, "published_as_of")
                if published is not None:
                    self._counters.add("publications")
                    self._counters.set(published.generation, "generation")
                    log.info("generation %d is published", published.generation)
                self._note_success()

    def _is_published(self, publisher: SnapshotPublisher) -> bool:
        """As `publisher.is_published`, which is not asked if neither has changed since it was true."""
        facts = look_facts(self._settings.index, self._counters)
        if facts is not None and facts == self._published and time.monotonic() < self._compare_at:
            return True
        is_published = publisher.is_published()
        self._published = facts if is_published else None
        self._compare_at = time.monotonic() + LONGEST_SECONDS
        return is_published

    def _note_success(self) -> None:
        self._counters.set(0, "publishing_failed")
        self._counters.set(0, "following")
        self._condition.report("")

    def _note_failure(self, error: Exception) -> None:
        self._counters.add("publication_failures")
        self._counters.set(1, "publishing_failed")
        if isinstance(error, PublishedByAnother):
            self._counters.set(1, "following")
            self._condition.report(f"{error}. {FOLLOWING}")
        else:
            self._condition.report_error(error)
        time.sleep(RETRY_SECONDS)
