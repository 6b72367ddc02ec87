"""`broadsheet index`."""

import time
from functools import partial

import click

from service.cli.build_progress import build_index
from service.cli.options import read_settings
from service.ingest import FileHasher
from service.replication.open_store import open_store
from service.replication.publish import SnapshotPublisher
from service.settings import Settings
from service.web.metrics.common_numbers import command_changing_index

HASHING_SECONDS = 1.0


def run(**options: str | None) -> None:
    """Update the index, print the faults, and publish the index where that is set."""
    settings = read_settings(options)
    report = build_index(settings)
    for fault in (*report.faults, *report.notices):
        click.echo(str(fault), err=True)
    click.echo(report.summary())
    if settings.publish:
        _publish(settings, settings.publish)


def _publish(settings: Settings, address: str) -> None:
    """Publish the index to the store at `address`. Raises PublishedByAnother, StoreUnavailable."""
    committing = partial(command_changing_index, settings.index)
    hasher = FileHasher(settings.index, settings.content, settings.site, committing=committing)
    while not hasher.work(HASHING_SECONDS):
        pass
    store = open_store("publish", address)
    publisher = SnapshotPublisher(store, settings.index, settings.content, settings.publish_delay_seconds)
    publisher.read_current()
    time.sleep(publisher.seconds_left())
    publication = publisher.publish()
    if publication is None:
        click.echo(f"{address} has this content already.")
    else:
        size = publication.parts[-1].bytes
        click.echo(f"Published generation {publication.generation} to {address} ({size} bytes).")
