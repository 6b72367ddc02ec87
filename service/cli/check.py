"""`broadsheet check`."""

import asyncio
import sys
import tempfile

import click
import msgspec

from service.cli.build_progress import build_index
from service.cli.compare import Comparison, compare
from service.cli.explain import explanations
from service.cli.feed_checks import Linted, lint_feeds
from service.cli.file_checks import Survey, survey
from service.cli.known_renames import recall
from service.cli.options import read_settings
from service.errors import Fault
from service.ingest import Report
from service.server import summary
from service.settings import Settings


def run(files: tuple[str, ...], *, explain: bool, against: str | None, **options: str | None) -> None:
    """Print every fault; exit status 1 if there is any."""
    settings = read_settings(options)
    if files and not explain:
        raise click.UsageError("FILE goes with --explain; without it the whole folder is checked.")
    if explain:
        for line in explanations(settings.content, settings.site, files):
            click.echo(line)
        if files:
            return
    found = _check(settings, against)
    for fault in sorted({*found.built.faults, *found.surveyed.faults, *found.linted.faults}):
        click.echo(str(fault))
    for note in sorted((*found.built.notices, *found.moved, *found.surveyed.notes, *found.linted.notes)):
        click.echo(_note(note))
    if explain:
        for path, place, article_id in found.surveyed.unnamed:
            click.echo(_note(Fault(path, place, f"no `id:`; it is served as {article_id}")))
    _tell(found)
    sys.exit(1 if found.wrong else 0)


class Found(msgspec.Struct, frozen=True):
    """Everything a check finds."""

    built: Report
    surveyed: Survey
    linted: Linted
    moved: tuple[Fault, ...]
    compared: Comparison | None

    @property
    def wrong(self) -> bool:
        compared = self.compared.findings if self.compared else ()
        return bool(self.built.faults or self.surveyed.faults or self.linted.faults or compared)


def _check(settings: Settings, against: str | None) -> Found:
    """Build the folder in a place of its own, so that nothing that is served is touched, and look at it."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder:
        fresh = msgspec.structs.replace(settings, index=f"sqlite:///{folder}/check.db")
        return Found(
            build_index(fresh),
            survey(fresh),
            asyncio.run(lint_feeds(fresh)),
            # What is held against OLD would be told twice.
            () if against else recall(settings, fresh.index),
            compare(against, fresh.index, settings.site) if against else None,
        )


def _note(note: Fault) -> str:
    return f"{note.path}:{note.line}: note: {note.message}"


def _tell(found: Found) -> None:
    """What it comes to, in sentences; the comparison on stdout, where its findings are."""
    click.echo(summary(found.built), err=True)
    linted = found.linted
    click.echo(
        f"{linted.documents} feed documents read, {len(linted.faults)} faults, {len(linted.notes)} notes",
        err=True,
    )
    if unnamed := len(found.surveyed.unnamed):
        whose = "article has" if unnamed == 1 else "articles have"
        click.echo(
            f"{unnamed} {whose} no `id:`, only one made from the slug or the last alias: it changes with them"
            " (--explain names them)",
            err=True,
        )
    if found.compared:
        for finding in found.compared.findings:
            click.echo(str(finding))
        click.echo(found.compared.sentence)
