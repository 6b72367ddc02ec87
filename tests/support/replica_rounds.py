"""Edits that are published through a bad network, while replicas follow and are killed."""

import asyncio
import random
from contextlib import suppress
from pathlib import Path

from service.errors import BroadsheetError, StoreUnavailable
from service.index import FileRecord, Index, Revision
from service.query import Page, Query
from service.replication.index_copy import read_revision
from service.replication.open_store import open_store
from tests.support.faulty_proxy import FaultyProxy
from tests.support.replication import Origin, Replica, responses
from tests.support.waiting import wait_until

PICTURE = "picture.png"
Content = tuple[Page, FileRecord]
"""Every article, and what is known of the file."""

KINDS = ("edit", "add", "delete", "file")


def survive_rounds(
    work: Path, proxy: FaultyProxy, address: str, rounds: int, seed: int, replicas: int = 3
) -> dict[str, int]:
    """Edit and publish `rounds` times; how often each thing happened.

    Through `proxy`, requests fail at random. After each attempt a replica serves a revision that was
    published, none older than before, and answers as the publisher did at that revision. A replica starts
    anew at random, as after a kill: from what is on its disk. At the end all have the last revision.
    """
    chance = random.Random(seed)  # noqa: S311
    origin = Origin(work / "origin", open_store("publish", address))
    for number in range(20):
        origin.write(f"a{number}", date="2025-01-01", text=f"Text {number}. " * 20)
    followers = [
        Replica(work / f"replica-{number}", open_store("from", address), address)
        for number in range(replicas)
    ]
    published: dict[Revision, tuple[int, Content]] = {}
    served = [0] * replicas
    happened = dict.fromkeys(("published", "failed", "restarted"), 0)

    def publish() -> bool:
        try:
            origin.publish()
        except StoreUnavailable:
            happened["failed"] += 1
            return False
        happened["published"] += 1
        return True

    def follow(number: int) -> bool:
        replica = followers[number]
        if chance.random() < 0.2:
            happened["restarted"] += 1
            replica.restarted()
        try:
            replica.follow()
        except BroadsheetError:
            happened["failed"] += 1
        if replica.follower.installed is None:
            return False
        position, content = published[replica.revision]
        assert position >= served[number], "an older revision is served"
        assert _content(replica.url) == content, "what is served is not what was published"
        served[number] = position
        return position == len(published)

    for number in range(1, rounds + 1):
        _change(origin, chance, number)
        origin.refresh()
        origin.hash_files()
        published[read_revision(origin.file)] = len(published) + 1, _content(origin.url)
        proxy.is_down = chance.random() < 0.1
        publish()
        follow(chance.randrange(replicas))
    proxy.is_down = False
    wait_until(publish, "the last revision is published")
    answers = responses(origin.url)
    for number in range(replicas):
        wait_until(lambda number=number: follow(number), "the last revision is served")  # type: ignore[misc]
        assert responses(followers[number].url) == answers
    return happened


def _content(url: str) -> Content:
    async def read() -> Content:
        index = Index(url)
        try:
            return await index.find(Query(), 1000), await index.file_record(PICTURE)
        finally:
            await index.close()

    return asyncio.run(read())


def _change(origin: Origin, chance: random.Random, number: int) -> None:
    kind = chance.choice(KINDS)
    if kind == "edit":
        origin.write(f"a{chance.randrange(20)}", date="2025-01-01", text=f"Edit {number}. " * 20)
    elif kind == "add":
        origin.write(f"new{number}", date="2025-01-02", tags=[f"t{number % 5}"], text="Text.")
    elif kind == "delete":
        with suppress(FileNotFoundError):
            origin.remove(f"new{chance.randrange(number)}")
        origin.write("count", text=f"{number}")
    else:
        (origin.root / PICTURE).write_bytes(b"%d" % number * 100)
        origin.write("count", text=f"{number}", image=PICTURE)
