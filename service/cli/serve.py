"""`broadsheet serve`."""

import sys
from contextlib import ExitStack

import click

from service.cli.build_progress import build_index
from service.cli.options import read_settings
from service.ingest.watch import try_to_watch
from service.server import serve, serve_replica
from service.settings import Settings
from service.settings.purges import read_tokens
from service.settings.webhooks import read_secrets


def run(**options: str | bool | None) -> None:
    """Serve until SIGINT or SIGTERM; exit status 1 if --strict is set and there are faults."""
    settings = read_settings(options)
    try:
        if settings.from_store:
            serve_replica(settings, settings.from_store)
        else:
            _serve_folder(settings)
    except KeyboardInterrupt:
        pass  # while the index was built: no child process has been started
    click.echo("Stopped.", err=True)


def _serve_folder(settings: Settings) -> None:
    webhook_keys = read_secrets(settings.webhooks)
    purge_tokens = read_tokens(settings.purges)
    # Before the build, so that afterwards only what was reported meanwhile has to be looked at.
    watch = try_to_watch(settings.content) if settings.refresh_seconds else None
    with ExitStack() as unless_served:
        if watch is not None:
            unless_served.callback(watch.close)
        report = build_index(settings)
        if settings.strict and report.faults:
            for fault in report.faults:
                click.echo(str(fault), err=True)
            click.echo("broadsheet: not started, because of --strict; correct the faults above.", err=True)
            sys.exit(1)
        unless_served.pop_all()
    serve(settings, report, webhook_keys, purge_tokens, watch)
