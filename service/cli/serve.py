"""`broadsheet serve`."""

import sys

import click

from service.cli.build_progress import build_index
from service.cli.options import read_settings
from service.server import serve
from service.settings.webhooks import read_secrets


def run(**options: str | bool | None) -> None:
    """Serve until SIGINT or SIGTERM; exit status 1 if --strict is set and there are faults."""
    settings = read_settings(options)
    webhook_keys = read_secrets(settings.webhooks)
    try:
        report = build_index(settings)
        if settings.strict and report.faults:
            for fault in report.faults:
                click.echo(str(fault), err=True)
            click.echo("broadsheet: not started, because of --strict; correct the faults above.", err=True)
            sys.exit(1)
        serve(settings, report, webhook_keys)
    except KeyboardInterrupt:
        pass  # while the index was built: no child process has been started
    click.echo("Stopped.", err=True)
