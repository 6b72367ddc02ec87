"""`broadsheet check`."""

import sys
import tempfile

import click
import msgspec

from service.cli.async_command import run_async
from service.cli.build_progress import build_index
from service.cli.checks.explain import explain_files
from service.cli.checks.feeds import FeedChecks, lint_feeds
from service.cli.checks.files import FileChecks, check_files
from service.cli.checks.receivers import check_receivers
from service.cli.compare import Comparison, compare
from service.cli.options import read_settings
from service.errors import Fault, counted
from service.index import made_from, read_rename_notices
from service.ingest import Report
from service.settings import Settings


def run(files: tuple[str, ...], *, explain: bool, against: str | None, **options: str | None) -> None:
    """Print every fault; exit status 1 if there is any."""
    settings = read_settings(options)
    if files and not explain:
        raise click.UsageError(
            "FILE requires --explain; without it the whole folder is checked, which --content names."
        )
    if explain:
        for line in explain_files(settings.content, settings.site, files):
            click.echo(line)
        if files:
            return
    result = _check(settings, against)
    for fault in result.faults:
        click.echo(str(fault))
    for note in result.notes:
        click.echo(_note(note))
    for message in settings.notes:
        click.echo(f"note: {message}")
    if explain:
        for path, place, article_id in result.files.unnamed:
            click.echo(_note(Fault(path, place, f"no `id:`; its id is {article_id}")))
    _print_summary(result)
    has_differences = result.compared and result.compared.differences
    sys.exit(1 if result.faults or has_differences else 0)


_MOVED = frozenset({"duplicate", "address"})


class CheckResult(msgspec.Struct, frozen=True):
    """The results of all checks."""

    built: Report
    files: FileChecks
    feeds: FeedChecks
    renames: tuple[Fault, ...]
    receivers: tuple[Fault, ...]
    compared: Comparison | None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults but those of the comparison, in order, each once."""
        return tuple(sorted({*self.built.faults, *self.files.faults, *self.feeds.faults}))

    @property
    def notes(self) -> tuple[Fault, ...]:
        """All notes in order, each once."""
        notes = (*self.built.notices, *self.renames, *self.receivers, *self.files.notes, *self.feeds.notes)
        return tuple(sorted(set(notes)))


def _check(settings: Settings, against: str | None) -> CheckResult:
    """Build a temporary index of the folder and check it; the index that is served stays untouched."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder:
        fresh = msgspec.structs.replace(settings, index=f"sqlite:///{folder}/check.db")
        return CheckResult(
            build_index(fresh),
            check_files(fresh),
            run_async(lint_feeds(fresh)),
            # The comparison with OLD reports the same.
            () if against is not None else _find_renames(settings, fresh.index),
            check_receivers(settings),
            compare(against, fresh.index, settings.site) if against is not None else None,
        )


def _find_renames(settings: Settings, fresh: str) -> tuple[Fault, ...]:
    """Articles that readers know by another id or address, with the line to add.

    They come from the changes that the index of `settings` recorded, and from a comparison with `fresh`, a
    new index. Raises IndexUnavailable.
    """
    if not made_from(settings.index, settings.content):
        return ()
    renames = set(read_rename_notices(settings.index, settings.site))
    for difference in compare(settings.index, fresh, settings.site).differences:
        if difference.kind in _MOVED:
            path, _, line = difference.where.rpartition(":")
            renames.add(Fault(path, int(line), difference.message))
    return tuple(sorted(renames))


def _note(note: Fault) -> str:
    return str(msgspec.structs.replace(note, harmless=True))


def _print_summary(result: CheckResult) -> None:
    """Print the totals to stderr; the differences of the comparison and its total to stdout."""
    click.echo(result.built.summary(), err=True)
    feeds = result.feeds
    click.echo(
        f"{counted(feeds.documents, 'feed document')} read, {counted(len(feeds.faults), 'fault')},"
        f" {counted(len(feeds.notes), 'note')}",
        err=True,
    )
    if unnamed := len(result.files.unnamed):
        has = "has" if unnamed == 1 else "have"
        click.echo(
            f"{counted(unnamed, 'article')} {has} no `id:`; it is made from the slug or the last alias and"
            " changes with it (--explain names them)",
            err=True,
        )
    faults, notes = len(result.faults), len(result.notes)
    click.echo(f"in all {counted(faults, 'fault')} and {counted(notes, 'note')}", err=True)
    if result.compared:
        for difference in result.compared.differences:
            click.echo(str(difference))
        click.echo(result.compared.sentence)
