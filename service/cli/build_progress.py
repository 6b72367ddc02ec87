"""Build the index and show the progress."""

import sys

import click

from service.ingest import Progress, Report, refresh_index
from service.settings import Settings

PLAIN_LINE_EVERY = 1000


def build_index(settings: Settings) -> Report:
    """Build the index, with a progress bar on a terminal, otherwise with a line for every 1,000 files."""
    if sys.stderr.isatty():
        with click.progressbar(length=0, label="Reading articles", file=sys.stderr) as bar:

            def advance_bar(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            return _refresh(settings, advance_bar)

    def print_progress(done: int, total: int) -> None:
        if done and done % PLAIN_LINE_EVERY == 0:
            click.echo(f"read {done} of {total} files", err=True)

    return _refresh(settings, print_progress)


def _refresh(settings: Settings, progress: Progress) -> Report:
    return refresh_index(settings.index, settings.content, settings.site, progress=progress)
