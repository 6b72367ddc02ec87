"""`broadsheet serve`."""

import sys

import click

from service.cli.build_progress import build_index
from service.cli.options import read_settings
from service.server import serve


def run(**options: str | bool | None) -> None:
    """Serve until a signal asks to stop; exit status 1 if --strict forbids to start."""
    settings = read_settings(options)
    try:
        report = build_index(settings)
        if settings.strict and report.faults:
            for fault in report.faults:
                click.echo(str(fault), err=True)
            click.echo("broadsheet: not started, because of --strict; mend the faults above.", err=True)
            sys.exit(1)
        serve(settings, report)
    except KeyboardInterrupt:
        pass  # while the index was built: no process has been started that would have to end
    click.echo("Stopped.", err=True)
