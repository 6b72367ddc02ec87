"""Building the index while saying how far it is."""

import sys

import click

from service.ingest import Report
from service.server import build
from service.settings import Settings

PLAIN_LINE_EVERY = 1000


def build_index(settings: Settings) -> Report:
    """Build the index, with a bar on a terminal and a plain line now and then elsewhere."""
    if sys.stderr.isatty():
        with click.progressbar(length=0, label="Reading articles", file=sys.stderr) as bar:

            def advance_bar(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            return build(settings, advance_bar)

    def say(done: int, total: int) -> None:
        if done and done % PLAIN_LINE_EVERY == 0:
            click.echo(f"read {done} of {total} files", err=True)

    return build(settings, say)
