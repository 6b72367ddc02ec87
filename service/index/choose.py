"""Which database an index URL means: the only place that knows there are several."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from service.errors import Fault, SettingsError
from service.index import build
from service.index import inventory_reader as sqlite_census
from service.index.answers import Index, Progress, Report
from service.index.clock import now as present
from service.index.connection import file_of
from service.index.file_hashes import FileHasher
from service.index.inventory import Known
from service.index.sqlite_index import SqliteIndex
from service.model import Site


def open_index(url: str) -> Index:
    """The index at `url`, built before. Raises SettingsError, IndexUnavailable."""
    return SqliteIndex(_sqlite(url))


def refresh(
    url: str,
    root: Path,
    site: Site,
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
    take_over: bool = True,
) -> Report:
    """Bring the index at `url` up to date with the folder of articles `root`.

    Only what has changed is read; readers see the old index until the new one is complete. `now` decides what
    is scheduled and what has expired; without it the clock does. The index of another folder is made that of
    `root` only to `take_over`. Raises SettingsError, IndexUnavailable.
    """
    return build.refresh(_sqlite(url), root, site, now or present(), progress, take_over=take_over)


def advance(url: str, now: datetime | None = None) -> datetime | None:
    """Let appear and disappear what is due, without looking at files; the next instant to call this again.

    Raises SettingsError, IndexUnavailable.
    """
    return build.advance(_sqlite(url), now or present())


def file_hasher(url: str, root: Path, site: Site) -> FileHasher:
    """What keeps the hashes of the files below `root` in the index at `url`, a slice of work at a time.

    Raises SettingsError.
    """
    return FileHasher(_sqlite(url), root, site)


def census(url: str) -> Iterator[Known]:
    """Every article in the index at `url`, visible or not. Raises SettingsError, IndexUnavailable."""
    return sqlite_census.census(_sqlite(url))


def made_from(url: str, root: Path) -> bool:
    """Whether there is an index at `url` that can be read, made from the folder of articles `root`."""
    return sqlite_census.made_from(_sqlite(url), root)


def stored_site(url: str, root: Path) -> Site | None:
    """The facts of the site as the last build stored them; None without an index made from `root`."""
    return sqlite_census.stored_site(_sqlite(url), root)


def noted(url: str, site: Site) -> tuple[Fault, ...]:
    """Articles whose readers know them by another id or address, as the index at `url` noted it.

    Raises SettingsError, IndexUnavailable.
    """
    return sqlite_census.noted(_sqlite(url), site)


def refused_references(url: str, root: Path, site: Site) -> tuple[Fault, ...]:
    """Where visible articles refer to files below `root` that are not served, by the index at `url`.

    Raises SettingsError, IndexUnavailable.
    """
    return sqlite_census.refused_references(_sqlite(url), root, site)


def beside(url: str, name: str) -> Path:
    """A file next to the index at `url`, for what outlives a rebuild: `index.db`, `hubs` → `index.db.hubs`.

    Raises SettingsError.
    """
    path = file_of(_sqlite(url))
    return path.with_name(f"{path.name}.{name}")


def _sqlite(url: str) -> str:
    if url.startswith("sqlite:"):
        return url
    if url.startswith(("postgresql:", "postgres:")):
        raise SettingsError(("index: PostgreSQL is not there yet; use sqlite:///path/to/index.db",))
    raise SettingsError((f"index: {url!r} is no index; use sqlite:///path/to/index.db",))
