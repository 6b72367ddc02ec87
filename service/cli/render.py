"""`broadsheet render`."""

import sys

import click
import httpx

from service.cli.async_command import run_async
from service.cli.build_progress import build_index
from service.cli.options import read_settings
from service.server import fetch_response


def run(address: str, *, include: bool, **options: str | None) -> None:
    """Print the response to `address`; exit status 1 if it is an error."""
    if not _is_address(address):
        raise click.BadParameter(f"invalid address {address!r}: expected a path such as /feed.atom")
    settings = read_settings(options)
    build_index(settings)
    response = run_async(fetch_response(settings, address))
    if include:
        click.echo(f"HTTP/1.1 {response.status_code} {response.reason_phrase}")
        for name, value in response.headers.multi_items():
            click.echo(f"{name}: {value}")
        click.echo()
    click.echo(response.content, nl=False)
    sys.exit(1 if response.is_error else 0)


def _is_address(text: str) -> bool:
    """Whether `text` is a path or a URL that a request can be sent to."""
    try:
        httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError):  # a control character, too long, or not UTF-8
        return False
    return text.startswith(("/", "http://", "https://"))
