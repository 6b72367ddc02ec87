"""What a store holds: the publication that `current.json` describes, and the names of all other objects."""

import re
from datetime import datetime
from typing import Literal

import msgspec

from service.errors import PublicationDamaged, SnapshotUnusable
from service.index import Revision, now
from service.index.schema import VERSION
from service.index.search import VERSION as SEARCH_VERSION

CURRENT = "current.json"
RETIRED = "retired.json"
"""When each object that is not needed any more was last needed."""

FOLDERS = ("snapshots", "deltas", "files")

_GENERATION = re.compile(r"(?:snapshots/|deltas/[0-9]+-)([0-9]+)-")
_NAME = re.compile(r"(snapshots|deltas)/[0-9]+-[0-9a-f-]+\.(db\.)?zst")


class Part(msgspec.Struct, frozen=True):
    """A snapshot or a delta: the object `name` of so many `bytes`, their SHA-256 as hex digits.

    With it, the index is that of `generation`, of which the publisher has a database of `database_bytes`.
    """

    name: str
    generation: int
    bytes: int
    sha256: str
    database_bytes: int


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """An index that replicas are to serve: a snapshot of the database, changed by deltas in their order.

    `generation` rises by one with each publication; `id` is random, so that no two are equal. `content` and
    `transition` are those of the Revision. `schema` is the layout of the index, `search` what its full text
    depends on, `software` the version of Broadsheet that wrote it. Its publisher is the process `process` on
    the machine `host`, and has published since `started`. Replicas serve it from `activates_at` on,
    `delay_seconds` after publication.
    """

    format: Literal[1] = 1
    generation: int
    id: str
    content: str
    transition: int
    schema: int
    search: str = ""
    software: str
    host: str = ""
    process: int = 0
    started: datetime | None = None
    snapshot: Part
    deltas: tuple[Part, ...] = ()
    activates_at: datetime
    delay_seconds: float

    @property
    def revision(self) -> Revision:
        return Revision(self.content, self.transition)

    @property
    def publisher(self) -> str:
        """Which process published it, as messages say it."""
        if not self.host:
            return "another publisher"
        process = (
            f" (process {self.process}, started {self.started:%Y-%m-%dT%H:%M:%SZ})" if self.started else ""
        )
        return f"the publisher on {self.host}{process}"

    @property
    def is_readable(self) -> bool:
        """Whether this version of Broadsheet, in this environment, can read the index and apply deltas."""
        return (self.schema, self.search) == (VERSION, SEARCH_VERSION)

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.snapshot, *self.deltas)

    def seconds_left(self) -> float:
        """How long until it is active; no longer than its delay, should clocks differ."""
        return min(max(0.0, (self.activates_at - now()).total_seconds()), self.delay_seconds)


def encode(publication: Publication) -> bytes:
    return msgspec.json.format(msgspec.json.encode(publication))


def decode(content: bytes) -> Publication:
    """The publication in `current.json`. Raises SnapshotUnusable, or PublicationDamaged if it is no JSON."""
    try:
        publication = msgspec.json.decode(content, type=Publication)
    except msgspec.ValidationError as error:
        raise SnapshotUnusable(
            f"{CURRENT} is of another version of Broadsheet, or damaged ({error}); upgrade this one, or"
            " delete the object and publish again"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PublicationDamaged(
            f"{CURRENT} is damaged ({error}); its publisher writes it again, or `broadsheet index --publish`"
        ) from error
    for part in publication.parts:
        if not _NAME.fullmatch(part.name):
            raise SnapshotUnusable(f"{CURRENT} names an object {part.name!r}, which is none of a store")
    if publication.activates_at.tzinfo is None:
        raise SnapshotUnusable(f"{CURRENT} has an activation time without a time zone")
    return publication


def snapshot_name(generation: int, sha256: str) -> str:
    return f"snapshots/{generation}-{sha256}.db.zst"


def delta_name(before: int, after: int, sha256: str) -> str:
    """The name of a delta between two generations.

    The hash in it keeps two publishers from writing different bytes to one name.
    """
    return f"deltas/{before}-{after}-{sha256}.zst"


def generation_of(name: str) -> int:
    """The generation that the snapshot or delta `name` leads to; 0 for other objects."""
    found = _GENERATION.match(name)
    return int(found[1]) if found else 0


def file_name(sha256: str) -> str:
    """The name of a static file."""
    return f"files/{sha256}"


def damaged_object(name: str) -> str:
    """What is wrong with the object `name`, whose bytes are not those that were published, and what to do."""
    return (
        f"{name} is damaged: its bytes are not those that were published; run"
        " `broadsheet index --publish STORE --verify` where the publisher is, which writes it again"
    )
