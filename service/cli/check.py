"""`broadsheet check`."""

import sys
import tempfile

import click
import msgspec

from service.app import summary
from service.cli.against import compare
from service.cli.building import build_index
from service.cli.explaining import explanations
from service.cli.options import common
from service.settings import Settings


@click.command("check")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--explain", is_flag=True, help="Say what was left out, cut or moved, and why.")
@click.option(
    "--against", metavar="OLD", help="Compare with an earlier index (a file) or a running site (its address)."
)
@common
def check_command(settings: Settings, files: tuple[str, ...], *, explain: bool, against: str | None) -> None:
    """List every fault of every article as path:line: message; exit 1 if there is any.

    With --against, also what a deploy of this folder would do to readers: ids that change or vanish,
    addresses that break, dates that jump, changes that nobody is told of.

    \b
    Examples:
      broadsheet check --content ~/blog
      broadsheet check --explain                  also what is no article, and every line that was cut
      broadsheet check --explain posts/vote.txt   the same of one file
      broadsheet check --against https://example.org/blog
    """
    if files and not explain:
        raise click.UsageError("FILE goes with --explain; without it the whole folder is checked.")
    if explain:
        for line in explanations(settings.content, settings.site, files):
            click.echo(line)
        if files:
            return
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder:
        fresh = msgspec.structs.replace(settings, index=f"sqlite:///{folder}/check.db")
        report = build_index(fresh)
        compared = compare(against, fresh.index, settings.site) if against else None
    for fault in report.faults:
        click.echo(str(fault))
    click.echo(summary(report), err=True)
    if compared:
        for finding in compared.findings:
            click.echo(str(finding))
        click.echo(compared.sentence)
    sys.exit(1 if report.faults or (compared and compared.findings) else 0)
