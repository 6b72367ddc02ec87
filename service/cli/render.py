"""`broadsheet render`."""

import asyncio
import sys

import click

from service.cli.building import build_index
from service.cli.options import common
from service.server import ask
from service.settings import Settings


@click.command("render")
@click.argument("address")
@click.option("--include", "-i", is_flag=True, help="Print the status and the headers first.")
@common
def render_command(settings: Settings, address: str, *, include: bool) -> None:
    """Print the response to ADDRESS, without a server; exit 1 if it is an error.

    \b
    Examples:
      broadsheet render /feed.rss > feed.rss
      broadsheet render -i '/articles.json?q=parliament&limit=2'
    """
    if not address.startswith(("/", "http://", "https://")):
        raise click.BadParameter(f"{address!r} is no address; give a path such as /feed.atom")
    build_index(settings)
    response = asyncio.run(ask(settings, address))
    if include:
        click.echo(f"HTTP/1.1 {response.status_code} {response.reason_phrase}")
        for name, value in response.headers.multi_items():
            click.echo(f"{name}: {value}")
        click.echo()
    sys.stdout.buffer.write(response.content)
    sys.stdout.buffer.flush()
    sys.exit(1 if response.is_error else 0)
