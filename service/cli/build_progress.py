"""Build the index and show the progress."""

import sys
import time
from functools import partial

import click

from service.errors import SettingsError
from service.ingest import FileHasher, Progress, Report, refresh_index
from service.settings import Settings
from service.web.metrics.common_numbers import command_changing_index

PLAIN_LINE_SECONDS = 10.0
HASHING_SECONDS = 1.0


def build_index(settings: Settings) -> Report:
    """Build the index, with a progress bar on a terminal, otherwise with a line every ten seconds.

    Raises SettingsError for a replica, IndexUnavailable.
    """
    if settings.from_store:
        message = f"from: a replica has its index from {settings.from_store} and builds none; leave it out"
        raise SettingsError((message,))
    if sys.stderr.isatty():
        with click.progressbar(length=0, label="Reading articles", file=sys.stderr) as bar:

            def advance_bar(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            return _refresh(settings, advance_bar)

    last_line_at = time.monotonic()

    def print_progress(done: int, total: int) -> None:
        nonlocal last_line_at
        if time.monotonic() - last_line_at >= PLAIN_LINE_SECONDS:
            last_line_at = time.monotonic()
            click.echo(f"read {done} of {total} files (JSON Lines count once for each MB)", err=True)

    return _refresh(settings, print_progress)


def hash_files(settings: Settings) -> None:
    """Find every static file that may be served, with the hash that its validator is made of."""
    committing = partial(command_changing_index, settings.index)
    hasher = FileHasher(settings.index, settings.content, settings.site, committing=committing)
    while not hasher.work(HASHING_SECONDS):
        pass


def _refresh(settings: Settings, progress: Progress) -> Report:
    return refresh_index(
        settings.index,
        settings.content,
        settings.site,
        progress=progress,
        committing=partial(command_changing_index, settings.index),
    )
