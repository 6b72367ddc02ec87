"""`broadsheet import`."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from service.content.importing import Done, Note, NoteKind, Options, Source, find_sources, import_sources
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


@click.command("import")
@click.argument(
    "sources", nargs=-1, required=True, metavar="SOURCE…", type=click.Path(exists=True, path_type=Path)
)
@click.option(
    "--to",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write Markdown files to.",
)
@click.option("--force", is_flag=True, help="Write over files that are there and different.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be written.")
@click.option("--pages", is_flag=True, help="Import the pages of WordPress and Ghost as well as the posts.")
@click.option("--base", metavar="URL", help="Where the source was published, for addresses it gives in part.")
@click.option("--verbose", "-v", is_flag=True, help="List every file and note, not only the first of a kind.")
def import_command(
    sources: tuple[Path, ...],
    *,
    to: Path,
    force: bool,
    dry_run: bool,
    pages: bool,
    base: str | None,
    verbose: bool,
) -> None:
    """Write what SOURCE holds as Markdown files with front matter; exit 1 if something could not be imported.

    A SOURCE is a file or a folder of: RSS, Atom or JSON Feed documents; a WordPress export (WXR); a Ghost
    export (JSON); JSON or JSON Lines; HTML pages; scraped text; Markdown. Its content says which it is.

    An article goes to SLUG.md, where another has that name to SLUG-DATE.md. Ids are kept, so that subscribers
    see no article twice, and old addresses become aliases. What is there already is not written over without
    --force.

    \b
    Examples:
      broadsheet import wordpress.xml --to content
      broadsheet import ghost.json --base https://example.org --to content --dry-run
      broadsheet import scraped/ old-feed.atom --to content
    """
    if base is not None and not base.startswith(("http://", "https://")):
        raise click.BadParameter(
            f"{base!r} is no address; give one such as https://example.org", param_hint="--base"
        )
    settings = load({"content": to})
    if any(path.is_dir() and path.resolve() == to.resolve() for path in sources):
        raise click.BadParameter("a folder cannot be imported into itself.", param_hint="--to")
    files, notes = find_sources(sources, to)
    options = Options(settings.site, base, pages)
    done, told = _run(files, to, options, force=force, dry_run=dry_run)
    _report(done, [*notes, *told], dry_run=dry_run, verbose=verbose)
    sys.exit(1 if any(note.kind == "fault" for note in told) or not (done or told) else 0)


def _run(
    files: tuple[Source, ...], to: Path, options: Options, *, force: bool, dry_run: bool
) -> tuple[list[Done], list[Note]]:
    """The import, with a bar on a terminal and a plain line now and then elsewhere."""
    done: list[Done] = []
    told: list[Note] = []
    if sys.stderr.isatty():
        with click.progressbar(
            length=sum(file.size for file in files) or 1, label="Importing", file=sys.stderr
        ) as bar:
            imported = import_sources(
                files,
                to,
                options,
                force=force,
                dry_run=dry_run,
                progress=lambda read, _: bar.update(read - bar.pos),
            )
            _gather(imported, done, told)
    else:
        imported = import_sources(files, to, options, force=force, dry_run=dry_run)
        _gather(_said(imported), done, told)
    return done, told


def _said(imported: Iterable[Done | Note]) -> Iterator[Done | Note]:
    for number, one in enumerate(imported, start=1):
        if number % PLAIN_LINE_EVERY == 0:
            click.echo(f"imported {number} so far", err=True)
        yield one


def _gather(imported: Iterable[Done | Note], done: list[Done], told: list[Note]) -> None:
    for one in imported:
        if isinstance(one, Done):
            done.append(one)
        else:
            told.append(one)


def _report(done: list[Done], told: list[Note], *, dry_run: bool, verbose: bool) -> None:
    """Files and faults to stdout, what there is to tell of the rest to stderr, the summary last."""
    for one in done:
        if one.outcome == "kept":
            click.echo(f"{one.path}: is there already and different; kept (--force writes over it)")
        elif one.outcome != "unchanged" and (verbose or dry_run):
            deed = "written" if one.outcome == "new" else "replaced"
            click.echo(f"{one.path}: {'would be ' if dry_run else ''}{deed} from {one.place}")
    for kind, words in _KINDS:
        notes = [note for note in told if note.kind == kind]
        shown = notes if verbose or kind == "fault" else notes[:SHOWN_OF_A_KIND]
        for note in shown:
            click.echo(f"{words}: {note}", err=True)
        if len(notes) > len(shown):
            click.echo(f"{words}: … and {len(notes) - len(shown)} more (--verbose lists them)", err=True)
    click.echo(_summary(done, told, dry_run=dry_run), err=True)


def _summary(done: list[Done], told: list[Note], *, dry_run: bool) -> str:
    outcomes = Counter(one.outcome for one in done)
    kinds = Counter(note.kind for note in told)
    verb = "would be written" if dry_run else "written"
    parts = [f"{outcomes['new']} files {verb}"]
    parts += [f"{outcomes['replaced']} replaced"] if outcomes["replaced"] else []
    parts += [f"{outcomes['unchanged']} unchanged"] if outcomes["unchanged"] else []
    parts += [f"{outcomes['kept']} kept as they were"] if outcomes["kept"] else []
    drafts, blocks, whole = (
        sum(one.draft for one in done),
        sum(one.kept_html == 1 for one in done),
        sum(one.kept_html == 2 for one in done),
    )
    parts += [f"{drafts} drafts"] if drafts else []
    parts += [f"{blocks} with some HTML in their Markdown"] if blocks else []
    parts += [f"{whole} in HTML"] if whole else []
    parts += [f"{kinds[kind]} {words}" for kind, words in _KINDS if kinds[kind]]
    return ", ".join(parts) + "."
