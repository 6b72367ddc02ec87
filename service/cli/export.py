"""`broadsheet export`."""

import sys
from functools import partial

import click

from service.cli.build_progress import build_index
from service.cli.options import read_settings
from service.export import Layout, export_site
from service.ingest import FileHasher
from service.settings import Settings
from service.web.metrics.common_numbers import command_changing_index

FILES_PER_LINE = 5000


def run(target: str, *, layout: Layout | None, **options: str | None) -> None:
    """Write the site to `target` and print what changed; exit status 1 if an address was left out."""
    settings = read_settings(options)
    build_index(settings)
    _hash_files(settings)
    report = export_site(settings, target, layout, _print_progress)
    for address in report.changed:
        click.echo(f"{settings.site.public_url}{address}")
    for fault in (*report.notes, *report.faults):
        click.echo(f"broadsheet: {fault}", err=True)
    click.echo(
        f"{report.written} files written, {report.unchanged} unchanged, {report.removed} removed", err=True
    )
    sys.exit(1 if report.faults else 0)


def _hash_files(settings: Settings) -> None:
    """Find every static file that may be served, with the hash that its validator is made of."""
    committing = partial(command_changing_index, settings.index)
    hasher = FileHasher(settings.index, settings.content, settings.site, committing=committing)
    while not hasher.work(1.0):
        pass


def _print_progress(files: int) -> None:
    if files % FILES_PER_LINE == 0:
        click.echo(f"{files} files", err=True)
