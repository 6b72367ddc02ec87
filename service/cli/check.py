"""`broadsheet check`."""

import sys
import tempfile

import click
import msgspec

from service.app import summary
from service.cli.building import build_index
from service.cli.explaining import explanations
from service.cli.options import common
from service.settings import Settings


@click.command("check")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--explain", is_flag=True, help="Say what was left out, cut or moved, and why.")
@common
def check_command(settings: Settings, files: tuple[str, ...], *, explain: bool) -> None:
    """List every fault of every article as path:line: message; exit 1 if there is any.

    \b
    Examples:
      broadsheet check --content ~/blog
      broadsheet check --explain                  also what is no article, and every line that was cut
      broadsheet check --explain posts/vote.txt   the same of one file
    """
    if files and not explain:
        raise click.UsageError("FILE goes with --explain; without it the whole folder is checked.")
    if explain:
        for line in explanations(settings.content, settings.site, files):
            click.echo(line)
        if files:
            return
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder:
        report = build_index(msgspec.structs.replace(settings, index=f"sqlite:///{folder}/check.db"))
    for fault in report.faults:
        click.echo(str(fault))
    click.echo(summary(report), err=True)
    sys.exit(1 if report.faults else 0)
