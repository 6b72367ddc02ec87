"""Hashes images, attachments and other files in small slices of work, so that none delays anything else.

A hash is stored together with its entry in the content tree. The revision moves once, when a pass or the
changed files are done, since every revision empties the caches of all workers; a build moves it as well.
"""

import hashlib
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext
from itertools import groupby
from pathlib import Path

import msgspec

from service.content.files.access import (
    CLOSED_FOLDERS,
    has_page_type,
    is_article_source,
    is_never_served,
    lies_in_closed_folder,
    page_references,
)
from service.content.files.addresses import find_link, is_mount_folder, is_utf8, locate_file, published_path
from service.errors import IndexUnavailable
from service.index import served_files
from service.index.database import Committing, IncompatibleIndex, file_of, reading, writing
from service.index.differences.recording import record_files
from service.index.instants import now, seconds
from service.index.served_files import FileHash
from service.index.state import write_content
from service.index.tables.content_tree import ContentTree
from service.markup import FILES
from service.model import Site

BLOCK_BYTES = 1 << 20
FIRST_PASS_BYTES = 4 * BLOCK_BYTES
ROWS_AT_ONCE = 200
REST_SECONDS = 10.0
REST_PER_PASS = 50
"""The pause between two passes over the folder, as a multiple of the time a pass took without hashing.

At rest, passes take a fiftieth of a core.
"""

MOST_CHANGED = 10_000
"""With more changed files than these, a pass over the folder finds them."""

_NANOSECONDS = 1_000_000_000
_RECENT_SECONDS = 2
"""A file may be written twice within one tick of its mtime: one changed so recently is hashed again."""


class FileHasher:
    """Brings the hashes in the index at `url` up to date with the files below `root`.

    The pages of `site` may refer to files as well. One process does this for all workers. Files larger than
    FIRST_PASS_BYTES are not hashed in the first pass, but in later ones. `committing` is that of `writing`.
    """

    def __init__(self, url: str, root: Path, site: Site, committing: Committing = nullcontext) -> None:
        self._path = file_of(url)
        self._root = root
        self._committing = committing
        self._public_url = site.public_url
        self._site_references = page_references(site)
        self._is_first_pass = True
        self._steps: Iterator[bool] | None = None
        self._connection: sqlite3.Connection | None = None
        self._begin_at = 0.0
        self._may_differ = True
        self._changed: set[str] = set()
        self._references: set[str] = set()
        self._changed_steps: Iterator[bool] | None = None
        self._looking_seconds = 0.0
        self._hashes: list[tuple[str, FileHash, bool]] = []
        self._removed: list[str] = []
        self._links: dict[str, str | None] = {}
        self._has_stored = False

    def note_change(self, paths: Collection[str] | None = None) -> None:
        """Note that these files may have changed: those that are not articles are hashed first.

        None stands for any file, and so does a folder, which ends in a slash: another pass is made over all.
        """
        if paths is None or any(path.endswith("/") for path in paths):
            self._may_differ = True
        # No others are served.
        others = [path for path in paths or () if is_utf8(path) and not is_article_source(path)]
        self._note(others, self._changed)

    def note_references(self, files: Collection[str] | None) -> None:
        """Note that references to these files were added or deleted; None stands for any file.

        One that nothing refers to any more has no hash, if it is served for a reference alone.
        """
        if files is None:
            self._may_differ = True
        self._note(files or (), self._references)

    def _note(self, paths: Collection[str], noted: set[str]) -> None:
        """Add `paths` to those `noted`; with more than MOST_CHANGED, another pass is made in their place."""
        noted.update(paths)
        if len(noted) > MOST_CHANGED:
            noted.clear()
            self._may_differ = True

    def work(self, seconds: float) -> bool:
        """Hash for at most `seconds`; whether there is nothing left to do for now.

        The hashes made so far are in the index. Raises IndexUnavailable, also for a damaged index.
        """
        try:
            return self._work(seconds)
        except IncompatibleIndex as error:
            raise IndexUnavailable(self._path, f"{error}; run `broadsheet index`") from error

    def _work(self, seconds: float) -> bool:
        began = time.monotonic()
        if self._changed_steps is None and (self._changed or self._references):
            self._changed_steps = self._hash_changed(sorted(self._changed), sorted(self._references))
            self._changed.clear()
            self._references.clear()
        if self._changed_steps is not None:
            if not self._take_and_save(self._changed_steps, began + seconds):
                return False
            self._changed_steps = None
        if self._steps is None:
            if not self._may_differ or began < self._begin_at:
                return True
            self._may_differ = False
            self._steps = self._pass()
            self._looking_seconds = 0.0
        if not self._take_and_save(self._steps, began + seconds):
            return False
        self._steps = None
        if self._is_first_pass:
            self._is_first_pass = False
            self._may_differ = True
            return False
        self._begin_at = time.monotonic() + max(REST_SECONDS, REST_PER_PASS * self._looking_seconds)
        return True

    def _take_and_save(self, steps: Iterator[bool], until: float) -> bool:
        """Take steps as `_take_steps` does, and save the hashes that they made."""
        with reading(self._path) as connection:
            self._connection = connection
            try:
                has_ended = self._take_steps(steps, until)
            finally:
                self._connection = None
        self._save(has_ended=has_ended)
        return has_ended

    def _take_steps(self, steps: Iterator[bool], until: float) -> bool:
        """Take steps until an instant of the monotonic clock; whether none are left."""
        instant = time.monotonic()
        while instant < until:
            has_hashed = next(steps, None)
            if has_hashed is None:
                return True
            before, instant = instant, time.monotonic()
            self._looking_seconds += 0.0 if has_hashed else instant - before
        return False

    def _pass(self) -> Iterator[bool]:
        """Hash every file that may be served, in steps of about a millisecond; each tells if it hashed."""
        links = dict[str, str]()
        for place, address in self._candidates(links):
            yield False
            yield from self._hash(place, address)
        self._note_links(links)
        real_root = os.path.realpath(self._root)
        for folder, addresses in groupby(self._rows(served_files.hashed_paths), os.path.dirname):
            place = os.path.join(real_root, folder) if folder else real_root  # noqa: PTH118
            is_real = os.path.realpath(place) == place
            for address in addresses:
                yield False
                has_file = (is_real and _is_regular(f"{real_root}/{address}")) or self._has_file(address)
                if not (has_file and self._may_be_served(address)):
                    self._removed.append(address)

    def _hash_changed(self, paths: Iterable[str], references: Iterable[str]) -> Iterator[bool]:
        """Hash files that may have changed, and those that `references` lead to now."""
        for reference in references:
            yield False
            if self._connection is None:
                return
            address = _path_of(reference)
            if served_files.read_hash(self._connection, address) and not self._may_be_served(address):
                self._removed.append(address)
            for place, located in self._referenced(address):
                yield from self._hash(place, located)
        for path in paths:
            yield False
            if self._connection is None:
                return
            if self._is_changed_link(path):
                self._may_differ, self._begin_at = True, 0.0  # other links may lead through it
            if served_files.read_hash(self._connection, path) and not self._has_file(path):
                self._removed.append(path)
            for place, address in self._located(path):
                yield from self._hash(place, address)
                # A file that was changed just now may be changed again within the same tick of its mtime.
                self._may_differ = True

    def _note_links(self, links: Mapping[str, str]) -> None:
        """Note how all `links` differ from those in the index."""
        known = served_files.read_links(self._connection) if self._connection else {}
        self._links.update((place, None) for place in known.keys() - links.keys())
        self._links.update(links.items() - known.items())

    def _is_changed_link(self, path: str) -> bool:
        """Whether there is or was a symbolic link at `path`, and not the one in the index."""
        place, target = find_link(os.path.realpath(self._root), path) or (path, None)
        return self._connection is not None and served_files.read_link(self._connection, place) != target

    def _hash(self, place: str, address: str) -> Iterator[bool]:
        try:
            descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return  # deleted or unreadable: it is not served either
        try:
            facts = os.fstat(descriptor)
            is_too_large = self._is_first_pass and facts.st_size > FIRST_PASS_BYTES
            if not stat.S_ISREG(facts.st_mode) or is_too_large or self._is_known(address, facts):
                return
            changed_at = max(facts.st_mtime_ns, facts.st_ctime_ns) // _NANOSECONDS
            is_final = changed_at < int(now().timestamp()) - _RECENT_SECONDS
            known = FileHash(facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, "")
            digest = hashlib.sha256()
            while block := os.read(descriptor, BLOCK_BYTES):
                digest.update(block)
                yield True
                # A file that was replaced, deleted or written to meanwhile is hashed in the next pass.
                if not known.is_of(os.stat(place)):  # noqa: PTH116 - a Path takes longer to make
                    return
            self._hashes.append(
                (address, msgspec.structs.replace(known, sha256=digest.hexdigest()), is_final)
            )
        except OSError:
            return  # a failing disk: the file is served without a validator
        finally:
            os.close(descriptor)

    def _is_known(self, address: str, facts: os.stat_result) -> bool:
        known = served_files.read_hash(self._connection, address) if self._connection else None
        if known is None:
            return False
        file, is_final = known
        recent = int(now().timestamp()) - _RECENT_SECONDS
        may_differ = not is_final and max(file.mtime_ns, file.ctime_ns) // _NANOSECONDS < recent
        return file.is_of(facts) and not may_differ

    def _candidates(self, links: dict[str, str]) -> Iterator[tuple[str, str]]:
        """(path on disk, address) of every file that may be served by its type or a reference to it.

        All `links` on the way are added.
        """
        yield from self._walk(links)
        for path in self._site_references:
            _add_links_along(self._root, path, links)
            yield from self._referenced(path)
        for reference in self._rows(served_files.referenced_files):
            path = _path_of(reference)
            _add_links_along(self._root, path, links)
            yield from self._referenced(path)

    def _referenced(self, path: str) -> Iterator[tuple[str, str]]:
        if not _is_open(path):
            yield from self._located(path)

    def _located(self, path: str) -> Iterator[tuple[str, str]]:
        try:
            located = locate_file(self._root, path)
        except (OSError, ValueError):
            return
        if self._may_be_served(located.address):
            yield located.place, located.address

    def _may_be_served(self, address: str) -> bool:
        """Whether a file is served by its type or a reference to it, now or when its article is visible."""
        if is_never_served(address) or self._connection is None:
            return False
        return (
            _is_open(address)
            or address in self._site_references
            or served_files.is_referenced(self._connection, address, self._public_url)
        )

    def _has_file(self, address: str) -> bool:
        """Whether this is the address of a file, and not a link to another, a folder or a pipe."""
        try:
            located = locate_file(self._root, address)
        except (OSError, ValueError):
            return False
        return located.address == address and _is_regular(located.place)

    def _walk(self, links: dict[str, str]) -> Iterator[tuple[str, str]]:
        """The files that need no reference; all symbolic links in their folders are added to `links`.

        A hidden folder is walked through the first link to it, as by `scan`, and no further link in it.
        """
        real_root = os.path.realpath(self._root)
        waiting, hidden = [(real_root, "")], list[tuple[str, str]]()
        seen = set()
        while waiting or hidden:
            if not waiting:
                hidden.sort(key=lambda link: link[1], reverse=True)
                waiting.append(hidden.pop())
            folder, prefix = waiting.pop()
            if folder in seen:
                continue
            seen.add(folder)
            try:
                with os.scandir(folder) as scanned:
                    entries = [entry for entry in scanned if is_utf8(entry.name)]
            except OSError:
                continue  # the scan for articles reports it
            for entry in entries:
                if entry.is_symlink():
                    if not entry.name.startswith("."):
                        link = find_link(real_root, entry.path[len(real_root) + 1 :])
                        links.update((link,) if link else ())
                        hidden += _hidden_target(entry, prefix, real_root)
                elif entry.is_dir(follow_symlinks=False):
                    if is_mount_folder(entry.name):
                        waiting.append((entry.path, prefix))
                    elif entry.name[0] != "." and entry.name.casefold() not in CLOSED_FOLDERS:
                        waiting.append((entry.path, f"{prefix}{entry.name}/"))
                elif _is_open(prefix + entry.name):
                    yield entry.path, prefix + entry.name

    def _rows(self, select: Callable[[sqlite3.Connection, str, int], list[str]]) -> Iterator[str]:
        """The paths that `select` gives in order: those after a path, a limited number at a time."""
        last = ""
        while self._connection and (paths := select(self._connection, last, ROWS_AT_ONCE)):
            yield from paths
            last = paths[-1]

    def _save(self, *, has_ended: bool) -> None:
        """Store what was hashed; the revision moves if this was the last of it."""
        hashes, removed, links = self._hashes, self._removed, self._links
        self._hashes, self._removed, self._links = [], [], {}
        self._has_stored |= bool(hashes or removed or links)
        if hashes or removed or links or (has_ended and self._has_stored):
            with writing(self._path, build=False, committing=self._committing) as connection:
                tree = ContentTree(connection)
                served_files.save_hashes(connection, tree, hashes, removed, links)
                root = tree.hash()
                if has_ended:
                    write_content(connection, root)
                    record_files(connection, seconds(now()) or 0)
        self._has_stored &= not has_ended


def _is_open(path: str) -> bool:
    """Whether a file may be served without a reference to it."""
    return has_page_type(path) and not is_never_served(path) and not lies_in_closed_folder(path)


def _is_regular(place: str) -> bool:
    try:
        return stat.S_ISREG(os.lstat(place).st_mode)
    except OSError:
        return False


def _path_of(reference: str) -> str:
    """The path of a file that an article refers to; an absolute address may be one of this site."""
    return reference.rpartition(FILES)[2]


def _add_links_along(root: Path, path: str, links: dict[str, str]) -> None:
    """Add to `links` those on the way to the file at `path`; they may be in a folder that is not walked."""
    if lies_in_closed_folder(path):
        real_root = os.path.realpath(root)
        names = path.split("/")
        for depth in range(1, len(names) + 1):
            link = find_link(real_root, "/".join(names[:depth]))
            links.update((link,) if link else ())


def _hidden_target(entry: os.DirEntry[str], prefix: str, real_root: str) -> Iterator[tuple[str, str]]:
    """The hidden folder that a link leads to, and the address of its files (see `locate_file`)."""
    if not os.path.isdir(entry.path):  # noqa: PTH112 - of a loop it says no
        return
    target = os.path.realpath(entry.path)
    if published_path(os.path.dirname(entry.path)[len(real_root) + 1 :]) is None:  # noqa: PTH120
        return
    if target.startswith(f"{real_root}/") and published_path(target[len(real_root) + 1 :]) is None:
        yield target, f"{prefix}{entry.name}/"
