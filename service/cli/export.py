"""`broadsheet export`."""

import sys

import click

from service.cli.build_progress import build_index, hash_files
from service.cli.options import read_settings
from service.export import Layout, announce_memory, check_export, export_site

FILES_PER_LINE = 5000


def run(target: str, *, layout: Layout | None, **options: str | None) -> None:
    """Write the site to `target` and print what changed; exit status 1 if an address was left out."""
    if not target:
        raise click.BadParameter("it is empty; name a folder or a bucket.")
    settings = read_settings(options)
    check_export(settings, target, layout)  # first: to build the index may take minutes
    build_index(settings)
    hash_files(settings)
    if memory := announce_memory(settings):
        click.echo(f"broadsheet: {memory}", err=True)
    report = export_site(settings, target, layout, _print_progress)
    for address in report.changed:
        click.echo(f"{settings.site.public_url}{address}")
    for fault in (*report.notes, *report.faults):
        click.echo(f"broadsheet: {fault}", err=True)
    click.echo(
        f"{report.written} files written, {report.unchanged} unchanged, {report.removed} removed", err=True
    )
    sys.exit(1 if report.faults else 0)


def _print_progress(files: int) -> None:
    if files % FILES_PER_LINE == 0:
        click.echo(f"{files} files", err=True)
