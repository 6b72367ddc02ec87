"""`broadsheet serve`."""

import sys

import click

from service.cli.building import build_index
from service.cli.options import common
from service.server import serve
from service.settings import Settings


@click.command("serve")
@click.option("--host", metavar="ADDRESS", help="The address to listen on (default: 127.0.0.1).")
@click.option("--port", metavar="N", help="The port to listen on (default: 8000).")
@click.option("--workers", metavar="N", help="How many processes answer (default: 1).")
@click.option("--strict", is_flag=True, default=None, help="Refuse to start while an article has a fault.")
@common
def serve_command(settings: Settings) -> None:
    """Serve the folder until Ctrl-C or SIGTERM, and notice what changes in it.

    \b
    Examples:
      broadsheet serve --port 8080
      broadsheet serve --host 0.0.0.0 --workers 2 --public-url https://example.org/news
    """
    report = build_index(settings)
    if settings.strict and report.faults:
        for fault in report.faults:
            click.echo(str(fault), err=True)
        click.echo("broadsheet: not started, because of --strict; mend the faults above.", err=True)
        sys.exit(1)
    serve(settings, report)
    click.echo("Stopped.", err=True)
