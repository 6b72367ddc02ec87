"""`broadsheet import`."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlsplit

import click

from service.cli.options import check_templates
from service.importing import (
    EMPTY,
    ImportFile,
    ImportOptions,
    ImportResult,
    MediaFolder,
    Note,
    NoteKind,
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
    with unpack_archives(sources) as (paths, refused):
        files, notes_of_folders = find_sources(paths, to)
        results, reported = _import(
            files, to, options, MediaFolder(media) if media else None, force=force, dry_run=dry_run
        )
    notes = [*refused, *notes_of_folders, *reported]
    _report(results, notes, dry_run=dry_run, verbose=verbose, media=media is not None)
    sys.exit(
        1
        if any(note.kind == "fault" for note in notes)
        or not (results or any(note.category != EMPTY for note in reported))
        else 0
    )


def _import(
    files: tuple[ImportFile, ...],
    to: Path,
    options: ImportOptions,
    media: MediaFolder | None,
    *,
    force: bool,
    dry_run: bool,
) -> tuple[list[ImportResult], list[Note]]:
    """Import, with a progress bar on a terminal, otherwise with a line for every 1,000 articles."""
    results: list[ImportResult] = []
    notes: list[Note] = []
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
        for number, result in enumerate(imported, start=1):
            if bar is None and number % PLAIN_LINE_EVERY == 0:
                click.echo(f"imported {number} so far", err=True)
            if isinstance(result, ImportResult):
                results.append(result)
            else:
                notes.append(result)
    return results, notes


def _report(
    results: list[ImportResult], notes: list[Note], *, dry_run: bool, verbose: bool, media: bool
) -> None:
    """Files to stdout, notes and the summary to stderr."""
    if media:
        notes = [*notes, *_missing_files(results)]
    for result in results:
        if result.outcome == "kept":
            click.echo(f"{result.path}: exists and differs; kept (--force overwrites it)")
        elif result.outcome != "unchanged" and (verbose or dry_run):
            deed = "written" if result.outcome == "new" else "replaced"
            click.echo(f"{result.path}: {'would be ' if dry_run else ''}{deed} from {result.place}")
    for kind, words in _KINDS:
        of_kind = [note for note in notes if note.kind == kind]
        shown = of_kind if verbose or kind == "fault" else of_kind[:SHOWN_OF_A_KIND]
        for note in shown:
            click.echo(f"{words}: {note}", err=True)
        if len(of_kind) > len(shown):
            click.echo(f"{words}: … and {len(of_kind) - len(shown)} more (--verbose lists them)", err=True)
    for line in _format_counts(results, notes, media=media):
        click.echo(line, err=True)
    click.echo(_format_summary(results, notes, dry_run=dry_run), err=True)


def _missing_files(results: list[ImportResult]) -> list[Note]:
    """A note for each file from another site that is not in the folder of uploads."""
    first = {address: result.place for result in reversed(results) for address in result.remote_files}
    return [
        Note("note", place, f"{address} is not in the media folder; its links stay unchanged")
        for address, place in sorted(first.items(), key=lambda pair: (pair[1], pair[0]))
    ]


def _format_counts(results: list[ImportResult], notes: list[Note], *, media: bool) -> Iterator[str]:
    """Counts of drafts, of what was left out or cut, and of files that stayed at other sites."""
    drafts = Counter(result.draft for result in results if result.draft)
    left_out: Counter[str] = Counter()
    cut: Counter[str] = Counter()
    for note in notes:
        if note.kind == "left out":
            left_out[note.category or "other"] += note.count
        elif note.kind == "cut" and note.category:
            cut[note.category] += note.count
    if drafts:
        yield f"written as drafts: {_join_counts(drafts)}"
    if left_out:
        yield f"left out: {_join_counts(left_out)}"
    if cut:
        yield f"cut: {_join_counts(cut)}"
    remote = {address for result in results for address in result.remote_files}
    if remote:
        hosts = Counter(urlsplit(address).netloc for address in remote)
        advice = "" if media else "; --media DIR copies them from a folder of downloaded uploads"
        yield f"pictures and recordings at their old addresses: {_join_counts(hosts)}{advice}"


def _join_counts(counts: Counter[str]) -> str:
    """`comments 12, pages 3`, the most first."""
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


def _format_summary(results: list[ImportResult], notes: list[Note], *, dry_run: bool) -> str:
    outcomes = Counter(result.outcome for result in results)
    kinds = Counter(note.kind for note in notes)
    verb = "would be written" if dry_run else "written"
    parts = [f"{outcomes['new']} files {verb}"]
    parts += [f"{outcomes['replaced']} replaced"] if outcomes["replaced"] else []
    parts += [f"{outcomes['unchanged']} unchanged"] if outcomes["unchanged"] else []
    parts += [f"{outcomes['kept']} kept as they were"] if outcomes["kept"] else []
    drafts, blocks, whole = (
        sum(result.draft is not None for result in results),
        sum(result.kept_html == 1 for result in results),
        sum(result.kept_html == 2 for result in results),
    )
    parts += [f"{drafts} drafts"] if drafts else []
    parts += [f"{blocks} with some HTML in their Markdown"] if blocks else []
    parts += [f"{whole} in HTML"] if whole else []
    parts += [f"{kinds[kind]} {words}" for kind, words in _KINDS if kinds[kind]]
    return ", ".join(parts) + "."
