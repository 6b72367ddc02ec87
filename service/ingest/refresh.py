"""Brings an index up to date with its folder: scan, compare, parse, write, assign slugs, publish."""

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, nullcontext
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path

import msgspec

from service.content import CONTENT_VERSION, scan
from service.content.parsing.json_lines import is_json_lines
from service.content.records import FileDependencies, LinePart, Scan, SiteContext
from service.errors import ContentUnavailable, Fault, IndexUnavailable, counted
from service.index import served_files, visibility
from service.index.database import Committing, IncompatibleIndex, discard, file_of, larger_cache, writing
from service.index.differences.changed_articles import ChangedArticles
from service.index.differences.recording import record_difference
from service.index.instants import instant, seconds
from service.index.instants import now as present
from service.index.search import VERSION as ANALYSER_VERSION
from service.index.state import (
    TAKEN,
    Counts,
    IndexState,
    Revision,
    content_hash,
    folder_identity,
    read_site,
    write_site,
)
from service.index.tables import lines, page_rename_notices, rename_notices, site_pages, source_files
from service.index.tables.identities import read_identity_faults
from service.index.tables.row_log import log_no_rows
from service.index.tables.site_pages import SitePageWriter
from service.index.tables.source_files import ParsedFile, SourceFileWriter
from service.index.visibility import VisibilityWriter, update_visibility, with_counts
from service.index.writer import ArticleWriter
from service.ingest.changes import Changes, find_changed_files, find_changed_files_at
from service.ingest.parse import FileParser
from service.ingest.parts import ChangedFile, describe_parts, find_parts, join_parts
from service.ingest.process_pool import rare_collections, run_in_processes
from service.model import Site

Progress = Callable[[int, int], None]
"""Called with (steps done, all steps) while a build reads: a file is a step, of JSON Lines each 1 MB."""

FILES_AT_ONCE = 25_000
"""How many changed files are parsed before the processes that do it are ended, which frees their memory."""

MOST_LOGGED_PARTS = 2_000
"""How many changed files are logged row by row, for replicas; after more, a snapshot is published."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a build: files scanned and read, articles kept, all faults, and the next transition.

    `articles` and `pages`, which are not articles, are visible. `scheduled`, `expired` and `withdrawn` count
    both: those in the folder that are not served yet, or not any more; `departed` those that feeds announce
    as gone. `notices` are harmless: articles that readers know by another id or address, and notes on files.
    `references` are those of `ChangedArticles`.
    """

    revision: Revision
    files: int
    read: int
    articles: int
    pages: int
    scheduled: int
    expired: int
    withdrawn: int
    departed: int
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]
    next_transition: datetime | None
    references: frozenset[str] | None

    def summary(self) -> str:
        """The counts: `5 articles from 5 files (5 read), 0 scheduled, … , 0 faults`."""
        articles = counted(self.articles, "article")
        if self.pages:
            articles += f" and {counted(self.pages, 'page')}"
        files = f"{counted(self.files, 'file')} ({self.read} read)"
        faults = counted(len(self.faults), "fault")
        hidden = f"{self.scheduled} scheduled, {self.expired} expired, {self.withdrawn} withdrawn"
        return f"{articles} from {files}, {hidden}, {faults}"


def refresh_index(
    url: str,
    root: Path,
    site: Site,
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
    take_over: bool = True,
    paths: Collection[str] | None = None,
    unfinished: Collection[str] = (),
    committing: Committing = nullcontext,
) -> Report:
    """Bring the index at `url` up to date with the folder `root`, as of `now` (default: the present).

    Only changed files are read, and readers see the previous index until the transaction is committed.
    `paths` are the files and folders that may have changed since the last build, relative to `root`; folders
    end in a slash and stand for their direct entries and for all that lies below new ones. None: any may
    have. The result is the same: where `paths` are not sufficient, every file is examined. The `unfinished`
    files are being written: what is known from them stays, unless every file must be read again. An
    index that is damaged or of another version is rebuilt; one made from another folder is taken over for
    `root` only with `take_over`. `committing` is that of `writing`.

    Raises ContentUnavailable, IndexUnavailable.
    """
    path = file_of(url)
    refresh = partial(
        _refresh,
        path,
        root,
        site,
        seconds(now or present()) or 0,
        progress=progress,
        take_over=take_over,
        unfinished=unfinished,
        committing=committing,
    )
    try:
        return refresh(paths=paths)
    except IncompatibleIndex as reason:
        discard(path, str(reason))
    try:
        return refresh(paths=None)
    except IncompatibleIndex as reason:
        raise IndexUnavailable(path, f"cannot be built: {reason}") from reason


def _refresh(
    path: Path,
    root: Path,
    site: Site,
    now: int,
    *,
    progress: Progress | None,
    take_over: bool,
    paths: Collection[str] | None,
    unfinished: Collection[str],
    committing: Committing,
) -> Report:
    # Checking the index for damage takes longer than applying one change.
    with rare_collections(), writing(path, check=paths is None, committing=committing) as connection:
        changed = ChangedArticles(connection)
        with VisibilityWriter(connection, now, changed) as visibility_writer:
            build = _Build(connection, root, site, now, visibility_writer, changed)
            if not take_over and build.previous.folder not in {"", build.folder}:
                raise IndexUnavailable(path, TAKEN.format(build.previous.folder))
            # Only now: another builder may have held the lock until here.
            scanned, changes = build.find_changes(paths, take_over=take_over)
            if unfinished and build.keeps_fingerprint(scanned):
                changes = changes.without(unfinished)
            parsed_files = build.write_changes(scanned, changes, progress)
            with larger_cache(connection):
                notices = build.assign_identities()
                update_visibility(connection, visibility_writer, now, path)
            state = build.write_state(scanned, parsed_files)
            return build.report(state, scanned.faults, notices, parsed_files)


class _Build:
    """The steps of one build, within its transaction. Each is called once, in the order of the methods.

    `previous` is the state of the index before, `folder` the identity of the folder now.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        root: Path,
        site: Site,
        now: int,
        visibility_writer: VisibilityWriter,
        changed: ChangedArticles,
    ) -> None:
        self.previous = IndexState.read(connection)
        self.folder = folder_identity(root)
        self._connection = connection
        self._root = root
        self._site = site
        self._now = now
        self._changed = changed
        self._writer = ArticleWriter(connection, visibility_writer, changed, now)
        self._page_writer = SitePageWriter(connection, self._writer.tree, changed)

    def find_changes(self, paths: Collection[str] | None, *, take_over: bool) -> tuple[Scan, Changes]:
        """The changes among `paths`, or in the whole folder if they are None or not sufficient."""
        found = self._find_changes_at(paths) if paths is not None else None
        return found or self._find_all_changes(take_over=take_over)

    def _find_changes_at(self, paths: Collection[str]) -> tuple[Scan, Changes] | None:
        if self.folder != self.previous.folder:
            return None
        found = find_changed_files_at(self._connection, self._root, self.previous, paths)
        return found if found and self.keeps_fingerprint(found[0]) else None

    def _find_all_changes(self, *, take_over: bool) -> tuple[Scan, Changes]:
        """The changes in the whole folder. Deletes all articles if something changed that each depends on.

        Unless `take_over`, raises ContentUnavailable if the folder was replaced by an empty one, or if a file
        that must be read again cannot be.
        """
        previous = self.previous
        scanned = scan(self._root)
        if (
            not take_over
            and not scanned.files
            and previous.articles
            and scanned.location != previous.location
        ):
            # An unmounted volume looks like this.
            raise ContentUnavailable(
                (f"content: {str(self._root)!r} is another folder than before, and empty",)
            )
        if self.folder != previous.folder:
            # Of files of the same names elsewhere.
            served_files.delete_hashes(self._connection, self._writer.tree)
        changes = find_changed_files(
            self._connection,
            self._root,
            scanned,
            same_folder=(self.folder, scanned.location, scanned.links)
            == (previous.folder, previous.location, previous.links),
            same_names=scanned.names == previous.names,
        )
        if self.keeps_fingerprint(scanned):
            return scanned, changes
        if not take_over:
            _require_readable(self._connection, self._root, scanned)
        log_no_rows(self._connection)
        self._writer.delete_everything(chain((file.path for file in changes.to_read), changes.deleted))
        self._page_writer.delete_everything()
        served_files.put_hashes(self._connection, self._writer.tree)
        return scanned, Changes(to_read=scanned.files, known_hashes={}, deleted=())

    def keeps_fingerprint(self, scanned: Scan) -> bool:
        """Whether nothing has changed that every article depends on."""
        return build_fingerprint(self._site, scanned.context) == self.previous.fingerprint

    def write_changes(self, scanned: Scan, changes: Changes, progress: Progress | None) -> int:
        """Write the articles of every changed file; the number of files that were parsed."""
        parser = FileParser(self._root, self._site, scanned.context, scanned.folders, changes.known_hashes)
        done = len(scanned.files) - len(changes.to_read)
        steps = len(scanned.files)
        parsed_files = 0
        file_writer = SourceFileWriter(self._connection, self._now)
        for start in range(0, len(changes.to_read), FILES_AT_ONCE):
            files = changes.to_read[start : start + FILES_AT_ONCE]
            changed_files = [*find_parts(self._connection, self._root, files, changes.known_hashes)]
            parts = [part for changed in changed_files for part in changed.parts]
            steps += sum(len(changed.parts) - 1 for changed in changed_files if changed.parts)
            if len(parts) > MOST_LOGGED_PARTS:
                log_no_rows(self._connection)
            with closing(run_in_processes(parser.parse, parts, ParsedFile)) as results:
                for changed in changed_files:
                    for is_parsed in self._write_file(file_writer, changed, results):
                        parsed_files += is_parsed
                        done += 1
                        if progress:
                            progress(done, steps)
        file_writer.flush()
        for path in changes.deleted:
            self._writer.replace(path, ())
            self._page_writer.replace(path, ())
            source_files.delete(self._connection, path)
            if is_json_lines(path):
                lines.save_parts(self._connection, path, ())
        return parsed_files

    def _write_file(
        self, file_writer: SourceFileWriter, changed: ChangedFile, results: Iterator[ParsedFile]
    ) -> Iterator[bool]:
        """Write what one file has, in as many steps as it has parts; whether a step completed a parse."""
        file = changed.file
        line_parts: list[LinePart] = []
        if not changed.is_in_lines:
            parsed = next(results)
        elif changed.result:
            parsed = changed.result
        else:
            if changed.has_known:
                self._writer.move_lines(file.path)
            parts: list[ParsedFile] = []
            unrecognised = []
            for file_part in changed.parts:
                part = next(results)
                if parts:
                    yield False
                self._writer.write_lines(file.path, part.rows)
                hashes = sum(row.line_hash is not None for row in part.rows)
                if len(file_part.known) + hashes < file_part.lines:
                    unrecognised.append(file_part)
                parts.append(msgspec.structs.replace(part, rows=()))
            line_parts = describe_parts(changed, unrecognised)
            known = source_files.read_dependencies(self._connection, file.path) if changed.has_known else None
            parsed = join_parts(changed, parts, known or FileDependencies())
        if parsed.status == "unchanged":
            source_files.save_unchanged(self._connection, file, self._now)
            yield False
            return
        if parsed.status == "unreadable" and source_files.keep_unreadable(
            self._connection, file.path, parsed.faults
        ):
            yield False
            return
        if changed.is_in_lines:
            self._writer.end_lines(
                file.path, parsed.redirects, is_private=parsed.is_private, has_known=changed.has_known
            )
            lines.save_parts(self._connection, file.path, line_parts)
        else:
            self._writer.replace(file.path, parsed.rows, parsed.redirects, is_private=parsed.is_private)
        self._page_writer.replace(file.path, parsed.pages)
        file_writer.save(file, parsed)
        yield bool(parsed.sha256)

    def assign_identities(self) -> tuple[Fault, ...]:
        """Assign slugs, ids and addresses; notices of articles that readers know by others."""
        self._writer.assign_identities(self._site)
        self._writer.remember_former_articles()
        if self._page_writer.changed:
            self._page_writer.assign_addresses(self._site)
            self._page_writer.record_former_addresses()
        notices = rename_notices.read_notices(self._connection, self._site)
        page_notices = page_rename_notices.read_notices(self._connection)
        rename_notices.delete(self._connection, (*notices.obsolete, *page_notices.obsolete))
        return (*notices.faults, *page_notices.faults)

    def write_state(self, scanned: Scan, parsed_files: int) -> IndexState:
        """Write what the index is made of now, and how it differs from before; the new state."""
        connection, site = self._connection, self._site
        former_site = read_site(connection) or site
        self._changed.has_other_changes |= site != former_site
        write_site(connection, site)
        source_files.write_memory(connection, scanned.memory)
        state = IndexState(
            content=content_hash(self._writer.tree.hash(), site),
            fingerprint=build_fingerprint(site, scanned.context),
            folder=self.folder,
            location=scanned.location,
            links=scanned.links,
            # Files may have come or gone between the scan and a parse: after a parse, all are checked again.
            names="" if parsed_files else scanned.names,
        )
        state = with_counts(state, connection, self._now)
        if state != self.previous:
            state.write(connection)  # first: where links lead depends on the newest transition
        record_difference(
            connection,
            self._changed,
            self.previous.revision,
            state.revision,
            self._now,
            # In another time zone other articles are of a year or month: no difference tells which.
            keeps_earlier=site.time_zone == former_site.time_zone,
        )
        return state

    def report(
        self, state: IndexState, scan_faults: Iterable[Fault], notices: Iterable[Fault], parsed_files: int
    ) -> Report:
        """The counts of the index now, and all faults in order."""
        connection = self._connection
        faults = sorted(
            (
                *scan_faults,
                *source_files.read_faults(connection),
                *read_identity_faults(connection),
                *site_pages.read_faults(connection),
            )
        )
        counts = Counts.read(connection)
        pages = site_pages.count_pages(connection, self._now)
        references = self._changed.references
        return Report(
            revision=state.revision,
            files=counts.files,
            read=parsed_files,
            articles=state.articles,
            pages=pages.visible,
            scheduled=counts.scheduled + pages.scheduled,
            expired=counts.expired + pages.expired,
            withdrawn=counts.withdrawn + pages.withdrawn,
            departed=counts.removals,
            notices=(*notices, *(fault for fault in faults if fault.harmless)),
            faults=tuple(fault for fault in faults if not fault.harmless),
            next_transition=instant(visibility.next_transition(connection, self._now)),
            references=None if references is None else frozenset(references),
        )


def _require_readable(connection: sqlite3.Connection, root: Path, scanned: Scan) -> None:
    """Raise ContentUnavailable when a file that was read, and must be read again, cannot be accessed."""

    def is_closed(path: str) -> bool:
        place = f"{root}/{path}"
        return scanned.hides(path) or (not os.access(place, os.R_OK) and os.path.exists(place))  # noqa: PTH110

    hidden = next(filter(is_closed, source_files.read_parsed_paths(connection)), None)
    if hidden is not None:
        reason = "cannot be read, and the settings of the folder have changed; make it readable"
        raise ContentUnavailable((f"content: {hidden} {reason}",))


def build_fingerprint(site: Site, context: SiteContext) -> str:
    """Everything but their files that stored articles depend on; if it changes, every file is read again."""
    facts = (CONTENT_VERSION, ANALYSER_VERSION, context.digest, site.article_facts)
    return msgspec.json.encode(facts, order="deterministic").decode()
