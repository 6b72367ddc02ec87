"""The values that pass between reading files, settling identities and building the index."""

import hashlib
from datetime import datetime
from typing import Any

import msgspec

from service.content.generators.scheme import Scheme
from service.errors import Fault
from service.model import Article


class SourceFile(msgspec.Struct, frozen=True, order=True):
    """An article file as it lies on disk: `path` relative to the content folder with forward slashes.

    Size in bytes, mtime and ctime in nanoseconds only say whether it may have changed; nothing public hangs
    on them. Whoever copies a file may give it the mtime of another, but not the ctime.
    """

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int


class Exclusion(msgspec.Struct, frozen=True, order=True):
    """Something in the folder that is no article, and why: `path` and `line` as in a Fault."""

    path: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


class Redirect(msgspec.Struct, frozen=True):
    """A page that only leads to another: its own `addresses` (slugs, or paths as `/…`) and where to."""

    addresses: tuple[str, ...]
    target: str


class KnownAuthor(msgspec.Struct, frozen=True):
    """What a folder's own list of authors says of one: the key articles name them by, lower case."""

    key: str
    name: str
    url: str | None = None


class FolderDefault(msgspec.Struct, frozen=True):
    """Values for the articles of a folder that do not give them.

    Only for those whose path below the content folder `pattern` matches, and whose place says one of
    `languages` (None: says nothing); None and () are for all.
    """

    values: dict[str, Any]
    pattern: str | None = None
    languages: tuple[str | None, ...] = ()


class SiteContext(msgspec.Struct, frozen=True):
    """What an article's lookup say of it: equal for equal folders, whatever their order on disk.

    `people` gives for each folder with a list of authors whom it names; `languages` the language of each
    folder that holds one; `trees` the folders that hold such folders; `codes` names of languages that are the
    site's own. `defaults` are the values each folder gives its articles, the weaker first; `own` are folders
    and files that an engine keeps for itself, with the reason. `schemes` are how the addresses of each site
    in it were made, the inner sites first; `keys` what the articles of a folder call their authors and tags,
    each with the usual name; `own_keys` are keys that look like slips of ours but that its articles use
    throughout; `speaks` is whether the settings of the blog name its language. `mark` differs
    when any of it does.
    """

    people: dict[str, tuple[KnownAuthor, ...]] = {}
    languages: dict[str, str] = {}
    trees: tuple[str, ...] = ()
    codes: dict[str, str] = {}
    defaults: dict[str, tuple[FolderDefault, ...]] = {}
    own: dict[str, str] = {}
    schemes: tuple[Scheme, ...] = ()
    keys: dict[str, dict[str, str]] = {}
    own_keys: tuple[str, ...] = ()
    speaks: bool = False

    @property
    def mark(self) -> str:
        facts = msgspec.json.encode(self, order="deterministic")
        return hashlib.sha256(facts).hexdigest()[:16]


class Folders(msgspec.Struct, frozen=True):
    """The folders below the content folder when it was listed, and the links that may lead to more.

    Each has a slash after it; "" is the content folder. Those `listed` have the names of what is in them,
    without regard to case, as some disks have it; None where that is not known.
    """

    listed: dict[str, frozenset[str] | None]
    linked: frozenset[str] = frozenset()

    def may_hold(self, place: str) -> bool:
        """Whether there may be a file at `place`, for all that the listing tells."""
        start = place.rfind("/") + 1
        folder = place[:start]
        if folder in self.listed:
            names = self.listed[folder]
            # An accent may be written in two ways, which are one to some disks.
            return names is None or not place.isascii() or place[start:].lower() in names
        if "//" in place or "./" in place:
            return True
        return folder.startswith(tuple(self.linked))


class Scan(msgspec.Struct, frozen=True):
    """Every article file below the content folder, sorted by path, and what could not be looked into.

    `exclusions` are files that are never read as articles though they look like some; `context` is what the
    folder as a whole says of its articles. `names` differs when any file or folder comes, goes or is renamed;
    `location` when another folder is at its path, `links` when a symbolic link in it leads elsewhere.
    `folders` are those there are. What lies at the paths `unreadable`, or below those that end in a slash,
    could not be looked at.
    """

    files: tuple[SourceFile, ...]
    faults: tuple[Fault, ...]
    exclusions: tuple[Exclusion, ...] = ()
    context: SiteContext = SiteContext()
    names: str = ""
    location: str = ""
    links: str = ""
    unreadable: tuple[str, ...] = ()
    folders: Folders | None = None

    def hides(self, path: str) -> bool:
        """Whether a file may be at `path` for all that could be looked at."""
        return path in self.unreadable or path.startswith(self._unreadable_folders)

    @property
    def _unreadable_folders(self) -> tuple[str, ...]:
        return tuple(path for path in self.unreadable if path.endswith("/"))


class Receipt(msgspec.Struct, frozen=True):
    """One line that was cut from a scraped text, or moved into a field: by which `rule`, and `why`.

    `line` counts from 1 in the file (in the text itself, where that stands in a JSON string).
    """

    line: int
    text: str
    rule: str
    why: str


class FileDependencies(msgspec.Struct, frozen=True, array_like=True):
    """The other files that the articles of one file hang on, by their paths below the content folder.

    `there` and `missing` are where a file was looked for, and found or not; `measured` are those whose length
    or size as a picture was asked for, as they lay on disk before that.
    """

    there: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    measured: tuple[SourceFile, ...] = ()


class LoadedFile(msgspec.Struct, frozen=True):
    """What one file gave. An article in it has its wished-for slug, and an empty id unless one is given.

    Drafts are not in it. A file with a fault that concerns the whole file gives no articles. While its
    `dependencies` are unchanged, the same bytes give the same. `is_private` is whether the file holds an
    article that is kept from the public, or may be meant to be, since it has a fault.
    """

    articles: tuple[Article, ...]
    faults: tuple[Fault, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    dependencies: FileDependencies = FileDependencies()
    is_private: bool = False


class Claim(msgspec.Struct, frozen=True):
    """The facts of one article that decide who gets which slug and id.

    `slug` is the wished-for one, `first_slug` the last of its aliases or else None, `id` "" unless given.
    Articles in different languages that share one of `kin` are translations of each other.
    """

    path: str
    number: int
    slug: str
    first_slug: str | None
    language: str
    published: datetime | None
    id: str
    kin: tuple[str, ...] = ()


class AssignedIdentity(msgspec.Struct, frozen=True):
    """The slug and id of the article at (`path`, `number`), once and for all claims together.

    Articles with equal `translation` are one text in several languages; None where there is only one.
    """

    path: str
    number: int
    slug: str
    id: str
    translation: str | None = None
