"""What every command has in common: its options, and how a fault of its ends."""

import functools
from collections.abc import Callable
from typing import Any

import click

from service.errors import BroadsheetError, SettingsError
from service.server import configure_logging
from service.settings import hand_on, load

Command = Callable[..., None]

SERVE_OPTIONS = ("host", "port", "workers", "strict")


class Commands(click.Group):
    """The group of commands; what is raised on purpose ends as a sentence, never as a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except SettingsError as error:
            for problem in error.problems:
                click.echo(f"broadsheet: {problem}", err=True)
            context.exit(2)
        except BroadsheetError as error:
            click.echo(f"broadsheet: {error}", err=True)
            context.exit(1)


def common(command: Command) -> Command:
    """Give a command the options every command takes, and hand it the settings they make."""

    @click.option("--content", metavar="DIR", help="The folder of articles (default: content).")
    @click.option("--index", metavar="URL", help="Where the index is kept: sqlite:///path/to/index.db")
    @click.option("--public-url", metavar="URL", help="Where the world finds the site.")
    @functools.wraps(command)
    def with_settings(**given: Any) -> None:
        options = {name: given.pop(name) for name in ("content", "index", "public_url")}
        options |= {name: given.pop(name) for name in SERVE_OPTIONS if name in given}
        settings = load(options)
        hand_on(options)
        configure_logging(settings.log_level)
        command(settings, **given)

    return with_settings
