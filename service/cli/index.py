"""`broadsheet index`."""

import click

from service.cli.build_progress import build_index
from service.cli.options import read_settings


def run(**options: str | None) -> None:
    """Update the index and print the faults."""
    settings = read_settings(options)
    report = build_index(settings)
    for fault in (*report.faults, *report.notices):
        click.echo(str(fault), err=True)
    click.echo(report.summary())
