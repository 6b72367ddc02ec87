"""`broadsheet index`."""

import time

import click

from service.cli.build_progress import build_index, hash_files
from service.cli.options import read_settings
from service.errors import SettingsError
from service.replication.open_store import open_store
from service.replication.publish import SnapshotPublisher
from service.settings import Settings


def run(*, verify: bool, **options: str | None) -> None:
    """Update the index, print the faults, and publish the index where that is set.

    With `verify`, all that is published is read and compared. Raises SettingsError.
    """
    settings = read_settings(options)
    if verify and not settings.publish:
        raise SettingsError(("--verify needs --publish STORE, which says what to verify",))
    report = build_index(settings)
    for fault in (*report.faults, *report.notices):
        click.echo(str(fault), err=True)
    click.echo(report.summary())
    if settings.publish:
        _publish(settings, settings.publish, verify=verify)


def _publish(settings: Settings, address: str, *, verify: bool) -> None:
    """Publish the index to the store at `address`. Raises PublishedByAnother, StoreUnavailable."""
    hash_files(settings)
    store = open_store("publish", address)
    publisher = SnapshotPublisher(store, settings.index, settings.content, settings.publish_delay_seconds)
    publisher.read_current(verify=verify)
    time.sleep(publisher.seconds_left())
    publication = publisher.publish()
    if publication is None:
        click.echo(f"{address} has this content already.")
    else:
        size = publication.parts[-1].bytes
        click.echo(f"Published generation {publication.generation} to {address} ({size} bytes).")
