"""Brings an index up to date with its folder: scan, compare, parse, write, assign slugs, publish."""

import os
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, closing, nullcontext
from datetime import datetime
from itertools import chain, islice
from pathlib import Path

import msgspec

from service.content import CONTENT_VERSION, scan
from service.content.records import FileDependencies, Scan, SiteContext
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
from service.index.tables import page_rename_notices, rename_notices, site_pages, source_files
from service.index.tables.identities import read_identity_faults
from service.index.tables.row_log import log_no_rows
from service.index.tables.site_pages import SitePageWriter
from service.index.tables.source_files import ParsedFile, SourceFileWriter
from service.index.visibility import VisibilityWriter, update_visibility, with_counts
from service.index.writer import ArticleWriter
from service.ingest.changes import Changes, find_changed_files, find_changed_files_at
from service.ingest.parse import FileParser
from service.ingest.parts import ChangedFile, find_parts, join_parts
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
    have. The result is the same: where `paths` do not tell enough, everything is looked at. The `unfinished`
    files are being written: what is known from them stays, unless every file must be read again. An
    index that is damaged or of another version is rebuilt; one made from another folder is taken over for
    `root` only with `take_over`. `committing` is that of `writing`.

    Raises ContentUnavailable, IndexUnavailable.
    """
    path = file_of(url)
    moment = seconds(now or present()) or 0
    try:
        return _refresh(path, root, site, moment, progress, take_over, paths, unfinished, committing)
    except IncompatibleIndex as reason:
        discard(path, str(reason))
    try:
        return _refresh(path, root, site, moment, progress, take_over, None, unfinished, committing)
    except IncompatibleIndex as reason:
        raise IndexUnavailable(path, f"cannot be built: {reason}") from reason


def _refresh(
    path: Path,
    root: Path,
    site: Site,
    now: int,
    progress: Progress | None,
    take_over: bool,
    paths: Collection[str] | None,
    unfinished: Collection[str],
    committing: Committing,
) -> Report:
    # Checking the index for damage takes longer than applying one change.
    with (
        rare_collections(),
        writing(path, check=paths is None, committing=committing) as connection,
        ExitStack() as stack,
    ):
        previous = IndexState.read(connection)
        changed = ChangedArticles(connection)
        visibility_writer = stack.enter_context(VisibilityWriter(connection, now, changed))
        folder = folder_identity(root)
        if not take_over and previous.folder not in {"", folder}:
            raise IndexUnavailable(path, TAKEN.format(previous.folder))
        writer = ArticleWriter(connection, visibility_writer, changed, now)
        page_writer = SitePageWriter(connection, writer.tree, changed)

        # Look at what may have changed. Only now: another builder may have held the lock until here.
        scanned, changes = (
            _look_at_paths(connection, root, site, previous, folder, paths) if paths is not None else None
        ) or _look_at_everything(
            connection, writer, page_writer, root, site, previous, folder, take_over=take_over
        )

        fingerprint = build_fingerprint(site, scanned.context)
        if unfinished and fingerprint == previous.fingerprint:
            changes = changes.without(unfinished)

        # Parse and write what differs.
        parser = FileParser(root, site, scanned.context, scanned.folders, changes.known_hashes)
        parsed_files = _write_changes(
            connection, writer, page_writer, parser, scanned, changes, now, progress
        )

        with larger_cache(connection):
            # Assign slugs and ids, and remember the addresses that lost their article.
            writer.assign_identities(site)
            writer.remember_former_articles()
            if page_writer.changed:
                page_writer.assign_addresses(site)
                page_writer.record_former_addresses()
            notices = rename_notices.read_notices(connection, site)
            page_notices = page_rename_notices.read_notices(connection)
            rename_notices.delete(connection, (*notices.obsolete, *page_notices.obsolete))

            # Publish what is due.
            update_visibility(connection, visibility_writer, now, path)

        # Describe the new state.
        former_site = read_site(connection) or site
        changed.has_other_changes |= site != former_site
        write_site(connection, site)
        source_files.write_memory(connection, scanned.memory)
        state = IndexState(
            content=content_hash(writer.tree.hash(), site),
            fingerprint=fingerprint,
            folder=folder,
            location=scanned.location,
            links=scanned.links,
            # Files may have come or gone between the scan and a parse: after a parse, all are checked again.
            names="" if parsed_files else scanned.names,
        )
        state = with_counts(state, connection, now)
        if state != previous:
            state.write(connection)  # first: where links lead depends on the newest transition
        record_difference(
            connection,
            changed,
            previous.revision,
            state.revision,
            now,
            # In another time zone other articles are of a year or month: no difference tells which.
            keeps_earlier=site.time_zone == former_site.time_zone,
        )
        faults = sorted(
            (
                *scanned.faults,
                *source_files.read_faults(connection),
                *read_identity_faults(connection),
                *site_pages.read_faults(connection),
            )
        )
        counts = Counts.read(connection)
        page_counts = site_pages.count_pages(connection, now)
        return Report(
            revision=state.revision,
            files=counts.files,
            read=parsed_files,
            articles=state.articles,
            pages=page_counts.visible,
            scheduled=counts.scheduled + page_counts.scheduled,
            expired=counts.expired + page_counts.expired,
            withdrawn=counts.withdrawn + page_counts.withdrawn,
            departed=counts.removals,
            notices=(*notices.faults, *page_notices.faults, *(fault for fault in faults if fault.harmless)),
            faults=tuple(fault for fault in faults if not fault.harmless),
            next_transition=instant(visibility.next_transition(connection, now)),
            references=None if changed.references is None else frozenset(changed.references),
        )


def _look_at_paths(
    connection: sqlite3.Connection,
    root: Path,
    site: Site,
    previous: IndexState,
    folder: str,
    paths: Collection[str],
) -> tuple[Scan, Changes] | None:
    """What differs among `paths`; None where everything must be looked at."""
    if folder != previous.folder:
        return None
    look = find_changed_files_at(connection, root, previous, paths)
    if look is None or build_fingerprint(site, look[0].context) != previous.fingerprint:
        return None
    return look


def _look_at_everything(
    connection: sqlite3.Connection,
    writer: ArticleWriter,
    page_writer: SitePageWriter,
    root: Path,
    site: Site,
    previous: IndexState,
    folder: str,
    *,
    take_over: bool,
) -> tuple[Scan, Changes]:
    """What changed in the whole folder. Deletes all articles if something changed that each depends on.

    Unless `take_over`, raises ContentUnavailable if the folder was replaced by an empty one, or if a file
    that must be read again cannot be.
    """
    scanned = scan(root)
    if not take_over and not scanned.files and previous.articles and scanned.location != previous.location:
        # An unmounted volume looks like this.
        raise ContentUnavailable((f"content: {str(root)!r} is another folder than before, and empty",))
    if folder != previous.folder:
        served_files.delete_hashes(connection, writer.tree)  # of files of the same names elsewhere
    changes = find_changed_files(
        connection,
        root,
        scanned,
        same_folder=(folder, scanned.location, scanned.links)
        == (previous.folder, previous.location, previous.links),
        same_names=scanned.names == previous.names,
    )
    if build_fingerprint(site, scanned.context) == previous.fingerprint:
        return scanned, changes
    if not take_over:
        _require_readable(connection, root, scanned)
    log_no_rows(connection)
    writer.delete_everything(chain((file.path for file in changes.to_read), changes.deleted))
    page_writer.delete_everything()
    served_files.put_hashes(connection, writer.tree)
    return scanned, Changes(to_read=scanned.files, known_hashes={}, deleted=())


def _write_changes(
    connection: sqlite3.Connection,
    writer: ArticleWriter,
    page_writer: SitePageWriter,
    parser: FileParser,
    scanned: Scan,
    changes: Changes,
    now: int,
    progress: Progress | None,
) -> int:
    """Write the articles of every changed file; the number of files that were parsed."""
    done = len(scanned.files) - len(changes.to_read)
    steps = len(scanned.files)
    parsed_files = 0
    file_writer = SourceFileWriter(connection, now)
    for start in range(0, len(changes.to_read), FILES_AT_ONCE):
        files = changes.to_read[start : start + FILES_AT_ONCE]
        changed_files = [*find_parts(connection, parser.root, files, changes.known_hashes)]
        parts = [part for changed in changed_files for part in changed.parts]
        steps += sum(len(changed.parts) - 1 for changed in changed_files if changed.parts)
        if len(parts) > MOST_LOGGED_PARTS:
            log_no_rows(connection)
        with closing(run_in_processes(parser.parse, parts, ParsedFile)) as results:
            for changed in changed_files:
                for is_parsed in _write_file(
                    connection, writer, page_writer, file_writer, changed, results, now
                ):
                    parsed_files += is_parsed
                    done += 1
                    if progress:
                        progress(done, steps)
    file_writer.flush()
    for path in changes.deleted:
        writer.replace(path, ())
        page_writer.replace(path, ())
        source_files.delete(connection, path)
    return parsed_files


def _write_file(
    connection: sqlite3.Connection,
    writer: ArticleWriter,
    page_writer: SitePageWriter,
    file_writer: SourceFileWriter,
    changed: ChangedFile,
    results: Iterator[ParsedFile],
    now: int,
) -> Iterator[bool]:
    """Write what was found in one file, in as many steps as it has parts; whether one completed a parse."""
    file = changed.file
    if not changed.is_in_lines:
        parsed = next(results)
    elif changed.result:
        parsed = changed.result
    else:
        if changed.has_known:
            writer.move_lines(file.path)
        parts: list[ParsedFile] = []
        for part in islice(results, len(changed.parts)):
            if parts:
                yield False
            writer.write_lines(file.path, part.rows)
            parts.append(msgspec.structs.replace(part, rows=()))
        known = source_files.read_dependencies(connection, file.path) if changed.has_known else None
        parsed = join_parts(changed, parts, known or FileDependencies())
    if parsed.status == "unchanged":
        source_files.save_unchanged(connection, file, now)
        yield False
        return
    if parsed.status == "unreadable" and source_files.keep_unreadable(connection, file.path, parsed.faults):
        yield False
        return
    if changed.is_in_lines:
        writer.end_lines(file.path, parsed.redirects, is_private=parsed.is_private)
    else:
        writer.replace(file.path, parsed.rows, parsed.redirects, is_private=parsed.is_private)
    page_writer.replace(file.path, parsed.pages)
    file_writer.save(file, parsed)
    yield bool(parsed.sha256)


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
    """What stored articles depend on besides their files; when it changes, every file is read again."""
    facts = (CONTENT_VERSION, ANALYSER_VERSION, context.digest, site.article_facts)
    return msgspec.json.encode(facts, order="deterministic").decode()
