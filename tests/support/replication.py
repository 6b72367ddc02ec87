"""A folder of articles that is published to a store, and replicas of it, all in this process."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import msgspec

from service.errors import ObjectMissing
from service.index import Revision
from service.index.database import file_id
from service.model import Site
from service.replication.folder_store import FolderStore
from service.replication.follow import SnapshotFollower
from service.replication.index_copy import read_revision
from service.replication.publication import CURRENT, Publication, decode
from service.replication.publish import SnapshotPublisher
from service.replication.store import Store
from service.server import application_client
from service.settings import Settings
from tests.support.index_folder import Folder
from tests.support.waiting import wait_until

ADDRESSES = ("/articles.json?limit=100", "/feed.atom", "/feed.rss", "/tags.json")


class Origin(Folder):
    """A folder of articles, its index, and a publisher of it."""

    def __init__(self, path: Path, store: Store, site: Site | None = None, delay_seconds: float = 0) -> None:
        super().__init__(path, site)
        self.store = store
        self.delay_seconds = delay_seconds
        self.publisher = self.new_publisher()

    def new_publisher(self) -> SnapshotPublisher:
        return SnapshotPublisher(self.store, self.url, self.root, self.delay_seconds)

    def publish(self) -> Publication | None:
        """Publish the index as it is."""
        self.publisher.read_current()
        return self.publisher.publish()

    def has_published(self, generation: int) -> bool:
        """Whether `generation` is in the store."""
        try:
            return current(self.store).generation == generation
        except ObjectMissing:
            return False


class Replica:
    """An index in `path` that follows `store`."""

    def __init__(self, path: Path, store: Store, address: str = "file:///store") -> None:
        path.mkdir(exist_ok=True)
        self.file = path / "index.db"
        self.url = f"sqlite:///{self.file}"
        self.store = store
        self.address = address
        self.follower = self.restarted()

    def restarted(self) -> SnapshotFollower:
        """The follower of another process, after this one was killed."""
        self.follower = SnapshotFollower(self.store, self.address, self.url)
        return self.follower

    def follow(self) -> None:
        """Look, and install what is published when it is active."""
        self.follower.fetch_newest()
        if self.follower.pending:
            wait_until(self.follower.is_install_due, "the publication is active")
        self.follower.install()

    def settings(self, **changes: Any) -> Settings:
        """The settings of a service on this replica."""
        facts = {"content": Path("/nowhere"), "index": self.url, "site": Site(), "from_store": self.address}
        return Settings(**{**facts, **changes})

    @property
    def revision(self) -> Revision:
        return read_revision(self.file)

    @property
    def inode(self) -> object:
        return file_id(self.file)


def folder_store(path: Path) -> FolderStore:
    return FolderStore(path / "store", "publish", f"file://{path}/store")


def current(store: Store) -> Publication:
    """What is published."""
    found = store.read(CURRENT)
    assert found is not None
    return decode(found.content)


Answer = tuple[int, str | None, bytes]
"""Status, validator and body of a response."""


def responses(url: str, *addresses: str) -> list[Answer]:
    """What some pages and feeds answer, made from the index at `url`."""
    settings = Settings(content=Path("/nowhere"), index=url, site=Site())
    return [answer_of(response) for response in ask(settings, *ADDRESSES, *addresses)]


def answer_of(response: httpx.Response) -> Answer:
    return response.status_code, response.headers.get("etag"), response.content


def facts(response: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """What a client sees, except for what is new in each response."""
    headers = {name: value for name, value in response.headers.items() if name != "x-request-id"}
    body = response.content if response.status_code < 500 else b""
    return response.status_code, body, headers


def ask(settings: Settings, *addresses: str, **headers: str) -> list[httpx.Response]:
    """The responses of a service with these settings, in this process."""

    async def asked() -> list[httpx.Response]:
        async with application_client(settings) as client:
            return [await client.get(address, headers=headers) for address in addresses]

    return asyncio.run(asked())


def rewrite(store: Store, publication: Publication, **changes: object) -> None:
    """Replace what is published by the same with `changes`."""
    found = store.read(CURRENT)
    assert found is not None
    changed = msgspec.structs.replace(publication, **changes)
    store.replace(CURRENT, msgspec.json.encode(changed), found.version)
