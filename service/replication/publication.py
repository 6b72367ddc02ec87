"""What a store holds: the publication that `current.json` describes, and the names of all other objects."""

import re
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from service.errors import OtherVersionPublished, PublicationDamaged
from service.index import Revision, now
from service.index.schema import UNDATED, VERSION
from service.index.search import VERSION as SEARCH_VERSION

CURRENT = "current.json"
RETIRED = "retired.json"
"""When each object that is not needed any more was last needed."""

FOLDERS = ("snapshots", "deltas", "files")

FORMAT: Final = 1
"""Of `current.json`; a later version of Broadsheet that writes it in another way has a larger one."""

MOST_DELAY_SECONDS = 3600
"""More than any publisher delays an activation; replicas would wait for it."""

_GENERATION = re.compile(r"(?:snapshots/|deltas/[0-9]+-)([0-9]+)-")
_NAME = r"^(snapshots|deltas)/[0-9]+-[0-9a-f-]+\.(db\.)?zst\Z"

_Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_Second = Annotated[int, msgspec.Meta(ge=UNDATED, le=1 << 37)]


class Part(msgspec.Struct, frozen=True):
    """A snapshot or a delta: the object `name` of so many `bytes`, their SHA-256 as hex digits.

    With it, the index is that of `generation`, of which the publisher has a database of `database_bytes`.
    """

    name: Annotated[str, msgspec.Meta(pattern=_NAME)]
    generation: _Count
    bytes: _Count
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
    database_bytes: _Count


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """An index that replicas are to serve: a snapshot of the database, changed by deltas in their order.

    `generation` rises by one with each publication; `id` is random, so that no two are equal. `content` and
    `transition` are those of the Revision. `schema` is the layout of the index, `search` what its full text
    depends on, `software` the version of Broadsheet that wrote it. Its publisher is the process `process` on
    the machine `host`, and has published since `started`. Replicas serve it from `activates_at` on,
    `delay_seconds` after publication.
    """

    format: Literal[1] = FORMAT
    generation: _Count
    id: str
    content: str
    transition: _Second
    schema: int
    search: str = ""
    software: str
    host: str = ""
    process: int = 0
    started: _Instant | None = None
    snapshot: Part
    deltas: tuple[Part, ...] = ()
    activates_at: _Instant
    delay_seconds: Annotated[float, msgspec.Meta(ge=0, le=MOST_DELAY_SECONDS)]

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


class _AnyFormat(msgspec.Struct, frozen=True):
    format: int = FORMAT


def encode(publication: Publication) -> bytes:
    return msgspec.json.format(msgspec.json.encode(publication))


def decode(content: bytes) -> Publication:
    """The publication in `current.json`.

    Raises PublicationDamaged if it is none, OtherVersionPublished if it is one of a later version.
    """
    try:
        if msgspec.json.decode(content, type=_AnyFormat).format > FORMAT:
            raise OtherVersionPublished(
                f"{CURRENT} is of a later version of Broadsheet; upgrade this one, or delete the object and"
                " publish again"
            )
        return msgspec.json.decode(content, type=Publication)
    except (ValueError, RecursionError) as error:  # no JSON, not UTF-8, other JSON, nested too deeply
        raise PublicationDamaged(
            f"{CURRENT} is damaged ({error}); its publisher writes it again, or `broadsheet index --publish`"
        ) from error


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
