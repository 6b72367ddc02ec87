"""The values that leave the package: scanned files, loaded articles, and what decides on slugs and ids."""

import hashlib
import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import accumulate, islice, starmap
from operator import le
from typing import Any, overload

import msgspec

from service.content.generators.addresses.scheme import Scheme
from service.errors import ContentError, Fault
from service.model import Article, TranslationKey

_LATEST_NS = (1 << 63) - 1


class SourceFile(msgspec.Struct, frozen=True, order=True, gc=False):
    """An article file on disk. `path` is relative to the content folder, with forward slashes.

    Size in bytes, mtime and ctime in nanoseconds only show whether it may have changed; nothing public
    depends on them. A copy may have the mtime of another file, but not its ctime.
    """

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int


class SourceFiles(Sequence[SourceFile]):
    """Many article files, made when they are requested: as bytes and numbers they take less memory."""

    def __init__(self, files: Iterable[SourceFile] = ()) -> None:
        self._paths = bytearray()  # each ends in NUL
        self._ends = array("q")
        self._sizes = array("q")
        self._mtimes = array("q")
        self._ctimes = array("q")
        for file in files:
            self.add(*msgspec.structs.astuple(file))

    def add(self, path: str, size: int, mtime_ns: int, ctime_ns: int) -> None:
        """Add a file. A time beyond the year 2262 becomes the latest that can be stored.

        Raises UnicodeEncodeError for a path that is not UTF-8 on disk.
        """
        if mtime_ns > _LATEST_NS or ctime_ns > _LATEST_NS:
            mtime_ns, ctime_ns = min(mtime_ns, _LATEST_NS), min(ctime_ns, _LATEST_NS)
        self._paths += path.encode() + b"\0"
        self._ends.append(len(self._paths))
        self._sizes.append(size)
        self._mtimes.append(mtime_ns)
        self._ctimes.append(ctime_ns)

    def add_many(self, paths: Sequence[str], facts: Sequence[os.stat_result]) -> None:
        """Add files as `add` does, and sooner; none if there is an error."""
        if not paths:
            return
        encoded = [path.encode() for path in paths]
        start = len(self._paths)
        self._paths += b"\0".join(encoded) + b"\0"
        self._ends.extend([start + end for end in accumulate(len(path) + 1 for path in encoded)])
        self._sizes.extend([file.st_size for file in facts])
        self._mtimes.extend([min(file.st_mtime_ns, _LATEST_NS) for file in facts])
        self._ctimes.extend([min(file.st_ctime_ns, _LATEST_NS) for file in facts])

    @property
    def paths(self) -> list[str]:
        """The path of each file; all are made when they are requested."""
        return self._paths.decode().split("\0")[:-1]

    def sorted(self) -> "SourceFiles":
        """The same files in order of their paths."""
        paths = self.paths
        if all(map(le, paths, islice(paths, 1, None))):
            return self
        files = SourceFiles()
        for index in sorted(range(len(paths)), key=paths.__getitem__):
            files.add(paths[index], self._sizes[index], self._mtimes[index], self._ctimes[index])
        return files

    def rows(self) -> Iterator[tuple[str, int, int, int]]:
        """The (path, size, mtime_ns, ctime_ns) of each file."""
        return zip(self.paths, self._sizes, self._mtimes, self._ctimes, strict=True)

    def __len__(self) -> int:
        return len(self._ends)

    def __iter__(self) -> Iterator[SourceFile]:
        return starmap(SourceFile, self.rows())

    @overload
    def __getitem__(self, index: int) -> SourceFile: ...
    @overload
    def __getitem__(self, index: slice) -> "SourceFiles": ...
    def __getitem__(self, index: int | slice) -> "SourceFile | SourceFiles":
        positions = range(len(self))[index]
        if isinstance(positions, range):
            return SourceFiles(self[position] for position in positions)
        start = self._ends[positions - 1] if positions else 0
        path = self._paths[start : self._ends[positions] - 1].decode()
        return SourceFile(path, self._sizes[positions], self._mtimes[positions], self._ctimes[positions])


class FilePart(msgspec.Struct, frozen=True):
    """`size` bytes of an article file from `offset` on: of `.jsonl` some `lines`, of other files the whole.

    `first_line` is the number of its first line, from 1. The lines in `known`, as their places in the part
    from 0, are not parsed.
    """

    path: str
    size: int
    offset: int = 0
    first_line: int = 1
    lines: int = 0
    known: frozenset[int] = frozenset()


class LinePart(msgspec.Struct, frozen=True, array_like=True):
    """A part of a file of JSON Lines as it was read: its size in bytes, its lines, and a hash of its bytes.

    `is_recognised` is whether each of its lines gave an article and nothing else.
    """

    size: int
    lines: int
    digest: bytes
    is_recognised: bool


class Exclusion(msgspec.Struct, frozen=True, order=True):
    """A file or record that is not published as an article, and why; `path` and `line` as in a Fault."""

    path: str
    line: int
    reason: str


class Redirect(msgspec.Struct, frozen=True):
    """A page that only redirects to `target`. Its own `addresses` are slugs, or paths such as `/about`."""

    addresses: tuple[str, ...]
    target: str


class KnownAuthor(msgspec.Struct, frozen=True):
    """An author in a list of authors. `key` is what articles name the author by, in lower case."""

    key: str
    name: str
    url: str | None = None


class FolderDefault(msgspec.Struct, frozen=True):
    """Values for the articles of a folder that do not have them.

    They apply to articles whose path matches `pattern` (None: any) and whose path gives one of `languages`
    (None among them: no language; (): any).
    """

    values: dict[str, Any]
    pattern: str | None = None
    languages: tuple[str | None, ...] = ()


class Vault(msgspec.Struct, frozen=True):
    """A vault of Obsidian: the paths of its files by name in lower case, those of notes also by alias.

    The name of a note is without `.md`. `breaks_lines` is whether the end of a line is shown as one,
    `is_site` whether a generator publishes the vault, so that titles and aliases have its meaning.
    `is_declared` is whether it has settings of Obsidian, and is not only one by the links of its notes.
    """

    files: dict[str, tuple[str, ...]]
    breaks_lines: bool = True
    is_site: bool = False
    is_declared: bool = True


class SiteContext(msgspec.Struct, frozen=True):
    """The facts about articles in the content folder as a whole; independent of the order on disk.

    `authors`, `languages`, `defaults` and `renamed_keys` are by folder: the authors in its list of authors,
    its language, values for its articles (the weakest first), and the keys that its articles use for authors
    and tags, with the usual name. `language_trees` are the folders that have folders of languages,
    `language_codes` the site's own names of languages, `excluded` folders and files that a generator keeps
    for itself, with the reason. `schemes` are the permalink schemes of the sites in the folder, inner sites
    first. `custom_keys` are keys that resemble known ones but that the articles use throughout. `day_first`
    is the order of dates such as `28/01/2019` in the articles, None where none of them shows it.
    `read_sites` are the folders of the sites that decide what is read there, `page_sites` those of the sites
    whose generator tells pages from posts by their place.
    `listing_pages` are pages that may only list the articles below a folder. `states_language` is whether the
    settings of the site name its language. `emoji_sites` are the folders of sites that replace short codes
    such as `:tada:`, and `vaults` are by folder; each is "" or ends in a slash. `digest` is a hash
    of all this.
    """

    authors: dict[str, tuple[KnownAuthor, ...]] = {}
    languages: dict[str, str] = {}
    language_trees: tuple[str, ...] = ()
    language_codes: dict[str, str] = {}
    defaults: dict[str, tuple[FolderDefault, ...]] = {}
    excluded: dict[str, str] = {}
    schemes: tuple[Scheme, ...] = ()
    read_sites: tuple[str, ...] = ()
    page_sites: tuple[str, ...] = ()
    renamed_keys: dict[str, dict[str, str]] = {}
    custom_keys: tuple[str, ...] = ()
    day_first: bool | None = None
    listing_pages: tuple[str, ...] = ()
    states_language: bool = False
    emoji_sites: tuple[str, ...] = ()
    vaults: dict[str, Vault] = {}

    @property
    def digest(self) -> str:
        facts = msgspec.json.encode(self, order="deterministic")
        return hashlib.sha256(facts).hexdigest()[:16]


class SampledFacts(msgspec.Struct, frozen=True):
    """Conventions of all files, found in samples: keys of their own, order of day and month, links by name.

    `links_by_name` is whether they link to each other as notes of Obsidian do, `[[Name]]`.
    """

    custom_keys: tuple[str, ...] = ()
    day_first: bool | None = None
    links_by_name: bool = False


class PathSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A summary of the paths of all article files.

    `languages` are the folders of languages with their tags, `named_languages` all folders that are called as
    a language is. `bundle_resources` are by path, with the reason, for each site in turn; `read_sources` are
    the source folders that hold an article, `sampled_facts` what the `sampled` files show. `page_sites` are
    as in SiteContext; whether `undecided_sites` are among them may depend on a few files more or less.
    """

    languages: dict[str, str] = {}
    named_languages: tuple[str, ...] = ()
    bundle_resources: tuple[dict[str, str], ...] = ()
    read_sources: tuple[str, ...] = ()
    page_sites: tuple[str, ...] = ()
    undecided_sites: tuple[str, ...] = ()
    listing_pages: tuple[str, ...] = ()
    sampled: tuple[str, ...] = ()
    sampled_facts: SampledFacts = SampledFacts()


class ScanMemory(msgspec.Struct, frozen=True, kw_only=True):
    """The results of a scan of the whole folder that a scan of some paths needs.

    Such a scan is possible only in a folder without symbolic links, vaults and what cannot be read.
    """

    summary: PathSummary = PathSummary()
    metadata_files: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    is_partial_possible: bool = False


class Folders(msgspec.Struct, frozen=True):
    """The folders below the content folder when it was scanned, and the links that may lead to more.

    Each ends in a slash; "" is the content folder. `listed` has the names in each folder, in lower case
    since some disks ignore case; None where they are not known.
    """

    listed: dict[str, frozenset[str] | None]
    linked: frozenset[str] = frozenset()

    def may_hold(self, place: str) -> bool:
        """Whether there may be a file at `place`, according to the listing."""
        start = place.rfind("/") + 1
        folder = place[:start]
        if folder in self.listed:
            names = self.listed[folder]
            # Some disks do not distinguish the composed and decomposed forms of an accented letter.
            return names is None or not place.isascii() or place[start:].lower() in names
        if "//" in place or "./" in place:
            return True
        return folder.startswith(tuple(self.linked))


class Scan(msgspec.Struct, frozen=True):
    """Every article file below the content folder, sorted by path, and what could not be read.

    `exclusions` are files that resemble articles and are never read as such. `names` is a hash of the names
    of all files and folders, `location` of the folder itself, `links` of the targets of symbolic links.
    `unreadable` are files, and folders that end in a slash. `memory` is for a later scan of some paths.
    """

    files: SourceFiles
    faults: tuple[Fault, ...]
    exclusions: tuple[Exclusion, ...] = ()
    context: SiteContext = SiteContext()
    names: str = ""
    location: str = ""
    links: str = ""
    unreadable: tuple[str, ...] = ()
    folders: Folders | None = None
    memory: ScanMemory = ScanMemory()

    def hides(self, path: str) -> bool:
        """Whether `path` is unreadable, so that there may be a file."""
        return path in self.unreadable or path.startswith(self._unreadable_folders)

    @property
    def _unreadable_folders(self) -> tuple[str, ...]:
        return tuple(path for path in self.unreadable if path.endswith("/"))


class Receipt(msgspec.Struct, frozen=True):
    """One line that was removed from a scraped text or moved into a field, by which `rule`, and `why`.

    `line` counts from 1 in the file (in the text itself if that is a JSON string).
    """

    line: int
    text: str
    rule: str
    why: str


class FileDependencies(msgspec.Struct, frozen=True, array_like=True):
    """The other files that the articles of one file depend on, by their paths below the content folder.

    `existing` and `missing` are paths that were looked up and had a file or none. `measured` are files whose
    length or picture size was read, with their state on disk before that.
    """

    existing: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    measured: tuple[SourceFile, ...] = ()


class LoadedFile(msgspec.Struct, frozen=True):
    """The content of a file, of a part of it or of one of its articles.

    An article has the slug it asks for, and an empty id unless it gives one. `pages` are pages that are not
    articles, with the address they ask for as their slug. Drafts are excluded. A fault of the whole file
    leaves no articles. The same bytes give the same value while the `dependencies` are unchanged.
    `is_private` is whether there is an article that is kept from the public, or may be meant to be, since it
    has a fault.
    """

    articles: tuple[Article, ...] = ()
    pages: tuple[Article, ...] = ()
    faults: tuple[Fault, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    dependencies: FileDependencies = FileDependencies()
    is_private: bool = False

    @classmethod
    def excluded(
        cls,
        path: str,
        line: int,
        reason: str,
        *,
        redirects: tuple[Redirect, ...] = (),
        is_private: bool = False,
    ) -> "LoadedFile":
        """The result for what is not published as an article."""
        return cls(exclusions=(Exclusion(path, line, reason),), redirects=redirects, is_private=is_private)

    @classmethod
    def failed(cls, path: str, *errors: ContentError) -> "LoadedFile":
        """The result for what cannot be read: it may have been meant to be private."""
        return cls(faults=tuple(error.to_fault(path) for error in errors), is_private=True)


class Claim(msgspec.Struct, frozen=True, array_like=True):
    """The facts of one article that decide who gets which slug and id.

    `slug` is the one it asks for, `first_slug` the last of its aliases or None, `id` "" unless given.
    Articles in different languages that share one of `translation_keys` are translations of each other.
    """

    path: str
    number: int
    slug: str
    first_slug: str | None
    language: str
    published: datetime | None
    id: str
    translation_keys: tuple[TranslationKey, ...] = ()


class AssignedIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """The slug and id of the article at (`path`, `number`), once and for all claims together.

    Articles with equal `translation` are one text in several languages; None where there is only one.
    `tried_slugs` and `tried_ids` are those it asked for in turn, the last is the one it got.
    """

    path: str
    number: int
    slug: str
    id: str
    translation: str | None
    tried_slugs: tuple[str, ...]
    tried_ids: tuple[str, ...]
    faults: tuple[Fault, ...]
