"""`broadsheet index`."""

import click

from service.cli.building import build_index
from service.cli.options import common
from service.server import summary
from service.settings import Settings


@click.command("index")
@common
def index_command(settings: Settings) -> None:
    """Build the index or bring it up to date, then stop.

    A service that is running on the same index shows the change within a second.

    \b
    Example:
      broadsheet index --content /srv/articles --index sqlite:////var/cache/broadsheet/index.db
    """
    report = build_index(settings)
    for fault in (*report.faults, *report.notices):
        click.echo(str(fault), err=True)
    click.echo(summary(report))
