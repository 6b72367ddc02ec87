"""`broadsheet import`."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlsplit

import click

from service.cli.options import check_templates
from service.errors import counted
from service.importing import (
    EMPTY,
    ImportFile,
    ImportOptions,
    ImportResult,
    MediaFolder,
    Note,
    NoteKind,
    Outcome,
    find_sources,
    import_sources,
    unpack_archives,
)
from service.index.instants import now
from service.settings import load

PLAIN_LINE_EVERY = 1000
SHOWN_OF_A_KIND = 20

_KINDS: tuple[tuple[NoteKind, str], ...] = (
    ("fault", "could not be imported"),
    ("left out", "left out"),
    ("cut", "cut"),
    ("guessed", "guessed"),
    ("note", "to look at"),
)


def run(
    sources: tuple[Path, ...],
    *,
    to: Path,
    force: bool,
    dry_run: bool,
    pages: bool,
    base: str | None,
    media: Path | None,
    verbose: bool,
) -> None:
    """Import `sources` into the folder `to`; exit status 1 if something could not be imported."""
    if base is not None and not base.startswith(("http://", "https://")):
        raise click.BadParameter(
            f"invalid address {base!r}: expected a URL such as https://example.org", param_hint="--base"
        )
    settings = load({"content": to}, check_templates=check_templates)
    if any(path.is_dir() and path.resolve() == to.resolve() for path in sources):
        raise click.BadParameter("a folder cannot be imported into itself.", param_hint="--to")
    options = ImportOptions(settings.site, base, pages, now())
    summary = ImportSummary(is_verbose=verbose, is_dry_run=dry_run, has_media=media is not None)
    with unpack_archives(sources) as (paths, refused):
        files, notes_of_folders = find_sources(paths, to)
        for note in (*refused, *notes_of_folders):
            summary.add_note(note)
        imported = _import(
            files, to, options, MediaFolder(media) if media else None, force=force, dry_run=dry_run
        )
        has_found = False
        for result in imported:
            if isinstance(result, ImportResult):
                summary.add_result(result)
            else:
                summary.add_note(result)
            has_found |= isinstance(result, ImportResult) or result.category != EMPTY
    summary.report()
    sys.exit(1 if summary.has_faults or not has_found else 0)


def _import(
    files: tuple[ImportFile, ...],
    to: Path,
    options: ImportOptions,
    media: MediaFolder | None,
    *,
    force: bool,
    dry_run: bool,
) -> Iterator[ImportResult | Note]:
    """Import, with a progress bar on a terminal, otherwise with a line for every 1,000 articles."""
    size = sum(file.size for file in files) or 1
    bar_shown = click.progressbar(length=size, label="Importing", file=sys.stderr)
    with bar_shown if sys.stderr.isatty() else nullcontext() as bar:
        imported = import_sources(
            files,
            to,
            options,
            force=force,
            dry_run=dry_run,
            media=media,
            progress=(lambda read, _: bar.update(read - bar.pos)) if bar else None,
        )
        number = 0
        for result in imported:
            if isinstance(result, ImportResult):
                number += 1
                if bar is None and number % PLAIN_LINE_EVERY == 0:
                    click.echo(f"imported {number} so far", err=True)
            yield result


class ImportSummary:
    """The results of an import, as they are reported at the end: files to stdout, notes and counts to stderr.

    It keeps what is shown and counts the rest, since an export may hold any number of articles.
    """

    def __init__(self, *, is_verbose: bool, is_dry_run: bool, has_media: bool) -> None:
        self._is_verbose = is_verbose
        self._is_dry_run = is_dry_run
        self._has_media = has_media
        self._files: list[str] = []
        self._notes: dict[NoteKind, list[Note]] = {kind: [] for kind, _ in _KINDS}
        self._kinds: Counter[NoteKind] = Counter()
        self._left_out: Counter[str] = Counter()
        self._cut: Counter[str] = Counter()
        self._outcomes: Counter[Outcome] = Counter()
        self._kept_html: Counter[int] = Counter()
        self._drafts: Counter[str] = Counter()
        self._remote: set[int] = set()
        self._remote_hosts: Counter[str] = Counter()
        self._missing: dict[str, str] = {}

    @property
    def has_faults(self) -> bool:
        return self._kinds["fault"] > 0

    def add_result(self, result: ImportResult) -> None:
        """Count the result for one item."""
        self._outcomes[result.outcome] += 1
        self._kept_html[result.kept_html] += 1
        if result.draft is not None:
            self._drafts[result.draft] += 1
        if result.outcome == "kept":
            self._files.append(f"{result.path}: exists and differs; kept (--force overwrites it)")
        elif result.outcome != "unchanged" and (self._is_verbose or self._is_dry_run):
            deed = "written" if result.outcome == "new" else "replaced"
            would = "would be " if self._is_dry_run else ""
            self._files.append(f"{result.path}: {would}{deed} from {result.place}")
        for address in result.remote_files:
            if self._has_media:
                self._missing.setdefault(address, result.place)
            if (hashed := hash(address)) not in self._remote:
                self._remote.add(hashed)
                self._remote_hosts[urlsplit(address).netloc] += 1

    def add_note(self, note: Note) -> None:
        """Count a note, and keep it if it is shown."""
        self._kinds[note.kind] += 1
        if note.kind == "left out":
            self._left_out[note.category or "other"] += note.count
        elif note.kind == "cut" and note.category:
            self._cut[note.category] += note.count
        notes = self._notes[note.kind]
        if self._is_verbose or note.kind == "fault" or len(notes) < SHOWN_OF_A_KIND:
            notes.append(note)

    def report(self) -> None:
        """Print everything."""
        for address, place in sorted(self._missing.items(), key=lambda pair: (pair[1], pair[0])):
            message = f"{address} is not in the media folder; its links stay unchanged"
            self.add_note(Note("note", place, message))
        for line in self._files:
            click.echo(line)
        for kind, words in _KINDS:
            for note in self._notes[kind]:
                click.echo(f"{words}: {note}", err=True)
            if more := self._kinds[kind] - len(self._notes[kind]):
                click.echo(f"{words}: … and {more} more (--verbose lists them)", err=True)
        for line in self._format_counts():
            click.echo(line, err=True)
        click.echo(self._format_totals(), err=True)

    def _format_counts(self) -> Iterator[str]:
        """Counts of drafts, of what was left out or cut, and of files that stayed at other sites."""
        if self._drafts:
            yield f"written as drafts: {_join_counts(self._drafts)}"
        if self._left_out:
            yield f"left out: {_join_counts(self._left_out)}"
        if self._cut:
            yield f"cut: {_join_counts(self._cut)}"
        if self._remote_hosts:
            advice = "; --media DIR copies them from a folder of downloaded uploads"
            counts = f"{_join_counts(self._remote_hosts)}{'' if self._has_media else advice}"
            yield f"pictures and recordings at their old addresses: {counts}"

    def _format_totals(self) -> str:
        outcomes = self._outcomes
        verb = "would be written" if self._is_dry_run else "written"
        counts = (
            (outcomes["replaced"], "replaced"),
            (outcomes["unchanged"], "unchanged"),
            (outcomes["kept"], "kept as they were"),
            (self._drafts.total(), "draft" if self._drafts.total() == 1 else "drafts"),
            (self._kept_html[1], "with some HTML in their Markdown"),
            (self._kept_html[2], "in HTML"),
            *((self._kinds[kind], words) for kind, words in _KINDS),
        )
        parts = [f"{counted(outcomes['new'], 'file')} {verb}"]
        return ", ".join([*parts, *(f"{count} {words}" for count, words in counts if count)]) + "."


def _join_counts(counts: Counter[str]) -> str:
    """`comments 12, pages 3`, the most first."""
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())
