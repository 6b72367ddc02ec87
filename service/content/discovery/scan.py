"""Find the article files in the content folder, and read the bytes of one.

The result does not depend on the order of the disk. Hidden files, backups of editors, and anything that a
symbolic link brings in from outside the folder are not articles.
"""

import hashlib
import os
import stat
from collections.abc import Collection, Iterable
from pathlib import Path

from service.content.discovery.path_summary import summarise_paths
from service.content.discovery.site_context import build_site_context, read_site_settings
from service.content.fields.authors import is_author_list, may_be_author_page, may_hold_author_pages
from service.content.files.access import may_be_served
from service.content.files.addresses import is_hidden_path, is_utf8
from service.content.files.kinds import HTML_SUFFIXES, MARKDOWN_SUFFIXES, SUFFIXES, find_kind_exclusion
from service.content.generators.mdbook import SUMMARY
from service.content.generators.obsidian import VAULT_FOLDER
from service.content.generators.registry import describes_articles, is_hidden
from service.content.records import Exclusion, Folders, Scan, ScanMemory, SourceFiles
from service.errors import ContentError, ContentUnavailable, Fault, UnreadableFile, reason_of

_PAGE_SUFFIXES = (*MARKDOWN_SUFFIXES, *HTML_SUFFIXES)
MAX_FILE_BYTES = 20_000_000
_NOT_UTF8 = "the file name is not UTF-8; rename it"
# The names in so many folders are kept, 150 bytes each; beyond, each lookup goes to the disk.
_MOST_NAMES = 200_000


def scan(root: Path) -> Scan:
    """Find every article file below `root`, sorted by path; each folder and file is visited once.

    The target of a symbolic link is visited under its real path if that is below `root` too. Raises
    ContentUnavailable if `root` is not a readable folder.
    """
    try:
        facts = root.stat()
    except OSError:
        facts = None
    if facts is None or not stat.S_ISDIR(facts.st_mode):
        raise ContentUnavailable((f"content: there is no folder {str(root)!r}; give --content DIR",))
    walk = _Walk(root, facts)
    walk.run()
    files = walk.files.sorted()
    settings = read_site_settings(root, walk.metadata_files)
    summary = summarise_paths(root, files.paths, settings.bundles, settings.sources, settings.schemes)
    vaults = walk.vaults
    if summary.sampled_facts.links_by_name and not vaults:
        walk_of_vault = _Walk(root, facts, vaults=("",))
        walk_of_vault.run()
        vaults = walk_of_vault.vaults
    result = build_site_context(root, settings, summary, vaults)
    faults = tuple(sorted((*walk.faults, *result.faults)))
    return Scan(
        files=files,
        faults=faults,
        exclusions=tuple(sorted((*walk.exclusions, *settings.exclusions))),
        context=result.context,
        memory=ScanMemory(
            summary=summary,
            metadata_files=settings.metadata_files,
            faults=faults,
            # Only another walk finds whether the fault is mended.
            is_partial_possible=not (walk.linked or walk.faults or vaults),
        ),
        names=walk.names,
        location=walk.location,
        links=walk.links,
        unreadable=tuple(sorted(walk.unreadable)),
        folders=Folders(walk.folders, frozenset(walk.linked)),
    )


def location_of(root: Path, facts: os.stat_result) -> str:
    """The place of the folder `root`: another folder has another, also one that was put in its place."""
    return f"{facts.st_dev}:{facts.st_ino} {_shown(os.path.realpath(root))}"


def read(root: Path, path: str) -> bytes:
    """Read the article file at `path` below `root`.

    Raises UnreadableFile, and ContentError when it is larger than MAX_FILE_BYTES. A large file of JSON Lines
    is read in parts instead (see `read_file_parts`).
    """
    try:
        data = _bytes(f"{root}/{path}", MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {reason_of(error)}") from error
    if len(data) > MAX_FILE_BYTES:
        raise ContentError(1, f"the file is larger than {MAX_FILE_BYTES // 1_000_000} MB; split it")
    return data


def _bytes(name: str, most: int) -> bytes:
    """The first `most` bytes of a file; allocates no more than its size."""
    descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
    try:
        size = os.fstat(descriptor).st_size
        data = os.read(descriptor, min(size + 1, most))
        if len(data) == size:
            return data
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return data + file.read(most - len(data))
    finally:
        os.close(descriptor)


class _Walk:
    """One walk through the folder: real folders first, then what symbolic links add to them.

    `vaults` are folders whose files are all noted, as those with settings of Obsidian are.
    """

    def __init__(self, root: Path, facts: os.stat_result, vaults: Iterable[str] = ()) -> None:
        self.root = str(root)
        self.real_root = os.path.realpath(root)
        # Taken before anything is read: if the folder is replaced meanwhile, everything is read again.
        self.location = location_of(root, facts)
        self.files = SourceFiles()
        self.faults: list[Fault] = []
        self.exclusions: list[Exclusion] = []
        self.metadata_files: list[str] = []
        # The files of each, by its folder.
        self.vaults: dict[str, list[str]] = {folder: [] for folder in vaults}
        self.folders: dict[str, frozenset[str] | None] = {}
        self.unreadable: list[str] = []
        self._targets: list[str] = []
        self._room = _MOST_NAMES
        self.linked: set[str] = set()
        self._links: list[tuple[str, str]] = []
        self._named: list[bytes] = []
        self._seen: set[str] = set()
        self._kept: set[str] | None = None  # the paths of the files, if there are links

    def run(self) -> None:
        self._folder(self.root, "")
        if self._links:
            self._kept = set(self.files.paths)
        while self._links:
            links, self._links = sorted(self._links), []
            for path, place in links:
                self._link(path, place)

    @property
    def names(self) -> str:
        """A hash of the names in all folders, independent of their order on disk."""
        return hashlib.sha256(b"".join(sorted(self._named))).hexdigest()[:32]

    @property
    def links(self) -> str:
        """A hash of the targets of the symbolic links in the folder."""
        targets = "\0".join(sorted(self._targets))
        return hashlib.sha256(targets.encode("utf-8", "surrogateescape")).hexdigest()[:32]

    def _folder(self, start: str, prefix: str) -> None:
        # Folders in one whose path is real have real paths, too: to look up each took as long as to list it.
        waiting = [(os.path.realpath(start), prefix)]
        while waiting:
            folder, prefix = waiting.pop()
            if folder in self._seen:
                continue
            self._seen.add(folder)
            self.folders[prefix] = None
            try:
                waiting += reversed(self._entries(folder, prefix))
            except FileNotFoundError:
                continue  # deleted between listing and looking
            except OSError as error:
                self._cannot_list(prefix, error)

    def _cannot_list(self, prefix: str, error: OSError) -> None:
        reason = f"the folder cannot be read: {reason_of(error)}"
        if not prefix:
            raise ContentUnavailable((f"content: {self.root!r}: {reason}",)) from error
        self._fault(prefix.rstrip("/"), f"{reason}; the articles already read from it stay")
        self.unreadable.append(prefix)

    def _entries(self, folder: str, prefix: str) -> list[tuple[str, str]]:
        """Keep what is in `folder`, a real path; the folders in it, each with the prefix of its files."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            # Its entries are examined by their names alone, which takes the system a fifth less time.
            with os.scandir(descriptor) as scanned:
                return self._keep_entries(folder, prefix, {entry.name: entry for entry in scanned})
        finally:
            os.close(descriptor)

    def _keep_entries(
        self, folder: str, prefix: str, entries: dict[str, os.DirEntry[str]]
    ) -> list[tuple[str, str]]:
        folders = []
        names = sorted(entries)  # so that the files need not be sorted, or nearly so
        links = [name for name, entry in entries.items() if entry.is_symlink()]
        self._named.append(_hash_of_names(folder, prefix, names, links))
        self._room -= len(names)
        if self._room >= 0:
            self.folders[prefix] = frozenset(map(str.casefold, names))
        if VAULT_FOLDER in entries:
            self.vaults[prefix] = []
        vaults = [vault for vault in self.vaults if prefix.startswith(vault)]  # one may lie within another
        is_ordinary = not vaults and not may_hold_author_pages(prefix)
        ordinary: list[os.DirEntry[str]] = []
        for name in names:
            entry = entries[name]
            if (
                is_ordinary
                and name.endswith(_PAGE_SUFFIXES)
                and not name.startswith((".", "_", SUMMARY))
                and entry.is_file(follow_symlinks=False)
            ):
                # Nearly every file: its name answers all questions that are put to others below.
                ordinary.append(entry)
                continue
            path = prefix + name
            if is_hidden(name):
                continue
            if vaults and not entry.is_dir():
                for vault in vaults:
                    self.vaults[vault].append(path)
            if entry.is_dir(follow_symlinks=False):
                folders.append((f"{folder}/{name}", f"{path}/"))
                continue
            self._files(prefix, ordinary)  # in order of their names
            ordinary = []
            self._other_entry(f"{folder}/{name}", path, entry, entries.keys())
        self._files(prefix, ordinary)
        return folders

    def _other_entry(self, place: str, path: str, entry: os.DirEntry[str], names: Collection[str]) -> None:
        """A link, settings, an article that is no page, or a file that is none; in a folder with `names`."""
        is_file = entry.is_file(follow_symlinks=False)
        if is_file and is_metadata_file(path):
            self.metadata_files.append(path)
        if entry.is_symlink():
            self._links.append((path, place))
            self.linked.add(f"{path}/")
        elif is_file and path.lower().endswith(SUFFIXES):
            self._file(path, entry)
        elif not is_file and (path.lower().endswith(SUFFIXES) or is_metadata_file(path)):
            self._exclude(path, "it is a pipe, a socket or a device")
        elif reason := find_kind_exclusion(entry.name, names):
            self._exclude(path, reason)
        elif is_file:
            self._check_name(path)

    def _files(self, prefix: str, entries: list[os.DirEntry[str]]) -> None:
        """Keep these files together, or one by one if something is wrong with any."""
        paths = [prefix + entry.name for entry in entries]
        try:
            facts = [entry.stat(follow_symlinks=False) for entry in entries]
            self.files.add_many(paths, facts)
        except (OSError, UnicodeEncodeError):
            for path, entry in zip(paths, entries, strict=True):
                self._file(path, entry)
        else:
            if self._kept is not None:
                self._kept.update(paths)

    def _file(self, path: str, entry: os.DirEntry[str]) -> None:
        try:
            facts = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return  # deleted between listing and looking: it is not in the folder any more
        except OSError as error:
            self._fault(
                path, f"cannot be examined: {reason_of(error)}; the articles already read from it stay"
            )
            self.unreadable.append(path)
        else:
            self._keep(path, facts)

    def _link(self, path: str, place: str) -> None:
        real = os.path.realpath(place)
        self._targets.append(f"{path}/{real}")
        article = path.lower().endswith(SUFFIXES)
        try:
            facts = os.stat(place)  # noqa: PTH116 - a Path takes longer to make
        except OSError as error:
            self._broken_link(path, error, article=article)
            return
        is_folder = stat.S_ISDIR(facts.st_mode)
        if not (article or is_folder):
            self._check_name(path)
            return
        if not Path(real).is_relative_to(self.real_root):
            self._fault(path, "the symbolic link leads out of the content folder; copy what it names into it")
            return
        relative = os.path.relpath(real, self.real_root)
        target = _shown(relative)
        if not is_folder and not real.lower().endswith(SUFFIXES):
            # Settings or keys must not become an article through the name of a link.
            self._fault(
                path, f"the symbolic link leads to {target}, which is not an article; remove the link"
            )
        elif is_hidden_path(relative):
            self._exclude(path, f"the symbolic link leads to {target}, which is hidden")
        elif self._is_read(real, relative):
            self._exclude(path, f"the symbolic link leads to {target}, which is read already")
        elif is_folder:
            self._folder(place, f"{path}/")
        elif stat.S_ISREG(facts.st_mode):
            self._seen.add(real)
            self._keep(path, facts)

    def _broken_link(self, path: str, error: OSError, *, article: bool) -> None:
        """Record the target as unreadable: the link may be about to lead there again."""
        self.unreadable += (path, f"{path}/")
        if article or "." not in path.rpartition("/")[2]:
            self._fault(
                path,
                f"the symbolic link leads nowhere ({reason_of(error)}); repair or remove it; "
                "the articles known from it stay",
            )

    def _is_read(self, real: str, relative: str) -> bool:
        return real in self._seen or relative in (self._kept or ())

    def _exclude(self, path: str, reason: str) -> None:
        self.exclusions.append(Exclusion(_shown(path), 1, reason))

    def _keep(self, path: str, facts: os.stat_result) -> None:
        try:
            self.files.add(path, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)
            if self._kept is not None:
                self._kept.add(path)
        except UnicodeEncodeError:
            self._fault(path, _NOT_UTF8)

    def _check_name(self, path: str) -> None:
        """Report a static file that would be served if an address could contain its name."""
        if not is_utf8(path) and may_be_served(path, is_referenced=False, is_withheld=False):
            self._fault(path, _NOT_UTF8)

    def _fault(self, path: str, message: str) -> None:
        self.faults.append(Fault(path=_shown(path), line=1, message=message))


def _hash_of_names(folder: str, prefix: str, names: list[str], links: list[str]) -> bytes:
    """A hash of the sorted names in a folder, the targets of its symbolic links, and whether they exist."""
    places = [(name, f"{folder}/{name}") for name in links]
    targets = [f"{name}/{os.path.realpath(place)}/{_leads_somewhere(place)}" for name, place in places]
    listing = "\0".join((prefix, *names, *sorted(targets)))
    return hashlib.sha256(listing.encode("utf-8", "surrogateescape")).digest()


def _leads_somewhere(link: str) -> bool:
    return os.path.exists(link)  # noqa: PTH110 - `exists` raises an error where the target is in a closed folder


def is_metadata_file(path: str) -> bool:
    """Whether the file at `path` may say something of articles in other files, by its name alone."""
    return describes_articles(path) or is_author_list(path) or may_be_author_page(path)


def _shown(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
