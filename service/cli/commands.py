"""Every command with its options and its help; the modules of the commands are imported when they run."""

import functools
import gc
import importlib
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from traceback import walk_tb
from typing import Any

import click

from service import __version__
from service.cli.interruption import Terminated, raising_on_signals
from service.errors import BroadsheetError, SettingsError

Command = Callable[..., None]

TITLE_ADVICE = "put quotes around the title"
FOLDER_ADVICE = "the folder of articles is an option, --content DIR"
INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM


class Commands(click.Group):
    """The group of commands; errors of Broadsheet end as a message, never as a traceback."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run a command, and end the process; also if what is printed (even the help) cannot be written."""
        try:
            return super().main(*arguments, **options)
        except OSError as error:
            *_, (frame, _) = walk_tb(error.__traceback__)
            if frame.f_code is not click.echo.__code__:
                raise
            click.echo(f"broadsheet: the output cannot be written: {error.strerror}", err=True)
            sys.exit(1)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except click.UsageError as error:
            if not error.ctx or not error.message.startswith("Got unexpected extra argument"):
                raise
            advice = TITLE_ADVICE if error.ctx.command.name == "new" else FOLDER_ADVICE
            raise click.UsageError(f"{error.message}; {advice}.", error.ctx) from None
        except SettingsError as error:
            for problem in error.problems:
                click.echo(f"broadsheet: {problem}", err=True)
            context.exit(2)
        except BroadsheetError as error:
            click.echo(f"broadsheet: {error}", err=True)
            context.exit(1)
        except Terminated:
            context.exit(TERMINATED)
        except KeyboardInterrupt:
            click.echo("broadsheet: interrupted", err=True)
            context.exit(INTERRUPTED)


def runs_module(module: str) -> Callable[[Command], Command]:
    """Make a declared command call `run` of `module`, which is imported then."""

    def decorate(declared: Command) -> Command:
        @functools.wraps(declared)
        def command(**arguments: Any) -> None:
            # What is imported stays: looking for garbage meanwhile takes a tenth of the time, and finds none.
            gc.disable()
            run = importlib.import_module(module).run
            gc.enable()
            with raising_on_signals():
                run(**arguments)

        return command

    return decorate


def common_options(command: Command) -> Command:
    """Add the options of every command that works on a folder of articles."""
    for option in (
        click.option("--public-url", metavar="URL", help="The public address of the site."),
        click.option("--index", metavar="URL", help="Where the index is kept: sqlite:///path/to/index.db"),
        click.option("--content", metavar="DIR", help="The folder of articles (default: content)."),
    ):
        command = option(command)
    return command


class NewFolder(click.Path):
    """The path of a folder that need not exist; an empty text, as of a variable that is not set, is none."""

    def __init__(self) -> None:
        super().__init__(file_okay=False, path_type=Path)

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        if not value:
            self.fail("it is empty; name a folder.", parameter, context)
        return super().convert(value, parameter, context)


publishing = click.option(
    "--publish",
    metavar="STORE",
    help="Publish the index for replicas: s3://BUCKET/PREFIX, gs://…, az://…, file:///…",
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="broadsheet")
def commands() -> None:
    """A folder of articles becomes a JSON API, Atom, RSS and JSON feeds, and pages.

    \b
    Examples:
      broadsheet serve                          serve ./content on http://127.0.0.1:8000
      broadsheet serve --content ~/blog         serve another folder
      broadsheet check                          list every fault of every article
      broadsheet import export.xml --to content bring articles from elsewhere
      broadsheet export public                  write files for a static host
      broadsheet render '/feed.atom?tag=iraq'   print one response
      broadsheet new "What the council decided"

    Every option can also be set as BROADSHEET_… in the environment, most also in site.toml.
    """


@commands.command("serve")
@click.option("--host", metavar="ADDRESS", help="The address to listen on (default: 127.0.0.1).")
@click.option("--port", metavar="N", help="The port to listen on (default: 8000).")
@click.option("--workers", metavar="N", help="The number of worker processes (default: 1).")
@click.option("--strict", is_flag=True, default=None, help="Refuse to start while an article has a fault.")
@publishing
@click.option("--from", metavar="STORE", help="Serve what is published there, as a replica: needs no folder.")
@common_options
@runs_module("service.cli.serve")
def serve() -> None:
    """Serve the folder until Ctrl-C or SIGTERM; changes in it appear by themselves.

    \b
    Examples:
      broadsheet serve --port 8080
      broadsheet serve --host 0.0.0.0 --workers 2 --public-url https://example.org/news
      broadsheet serve --publish s3://bucket/site   also publish each change for replicas
      broadsheet serve --from s3://bucket/site      be one of these replicas
    """


@commands.command("check")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--explain", is_flag=True, help="Show what was left out, cut or moved, and why.")
@click.option(
    "--against", metavar="OLD", help="Compare with an earlier index (a file) or a running site (its address)."
)
@common_options
@runs_module("service.cli.check")
def check() -> None:
    """List every fault of every article and feed as path:line: message; exit 1 if there is any.

    The feeds are checked against RFC 4287, the RSS profile and JSON Feed 1.1. A line with `note:` is
    no fault. With --against, also check what a deploy of this folder changes for readers: ids that change or
    vanish, addresses that break, dates that jump, changes that subscribers do not receive.

    \b
    Examples:
      broadsheet check --content ~/blog
      broadsheet check --explain                  also what was left out, and every line that was cut
      broadsheet check --explain posts/vote.txt   the same of one file, and its former addresses
      broadsheet check --against https://example.org/blog
    """


@commands.command("index")
@publishing
@click.option(
    "--verify", is_flag=True, help="With --publish: read all that is published, and replace what is damaged."
)
@common_options
@runs_module("service.cli.index")
def index() -> None:
    """Build or update the index, then stop.

    A running service with the same index shows the changes within a second. With --publish, replicas that
    are served from the same store show them too; exit 1 if another process publishes other content there.

    \b
    Examples:
      broadsheet index --content /srv/articles --index sqlite:////var/cache/broadsheet/index.db
      broadsheet index --publish s3://bucket/site
      broadsheet index --publish s3://bucket/site --verify
    """


@commands.command("import")
@click.argument(
    "sources", nargs=-1, required=True, metavar="SOURCE…", type=click.Path(exists=True, path_type=Path)
)
@click.option(
    "--to",
    required=True,
    metavar="DIR",
    type=NewFolder(),
    help="The folder to write Markdown files to.",
)
@click.option("--force", is_flag=True, help="Overwrite existing files that differ.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would be written.")
@click.option("--pages", is_flag=True, help="Import the pages of a site as well as its posts.")
@click.option("--base", metavar="URL", help="Where the source was published; resolves relative addresses.")
@click.option(
    "--media",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of downloaded uploads: files that articles show are copied from it, links are rewritten.",
)
@click.option("--verbose", "-v", is_flag=True, help="List every file and note, not only the first of a kind.")
@runs_module("service.cli.importing")
def import_sources() -> None:
    """Convert SOURCE to Markdown files with front matter; exit 1 if something could not be imported.

    A SOURCE is a file, a folder or a zip archive of: RSS, Atom or JSON Feed documents; an export of WordPress
    (WXR), Ghost, Blogger, Medium, Substack or Movable Type; JSON or JSON Lines; HTML pages; scraped text;
    Markdown. The format is detected from the content.

    What was not public at its source (drafts, posts for members, e-mails) becomes a draft or is left out, and
    the summary counts it. Comments are left out. Pictures stay at their old addresses without --media.

    An article is written to SLUG.md, or to SLUG-DATE.md if that name is taken. Ids are kept, so that
    subscribers see no article twice, and old addresses become aliases. Existing files are not overwritten
    without --force.

    \b
    Examples:
      broadsheet import wordpress.xml --to content
      broadsheet import ghost.json --base https://example.org --to content --dry-run
      broadsheet import scraped/ old-feed.atom --to content
      broadsheet import substack.zip --base https://example.substack.com --to content
      broadsheet import wordpress.xml --media wp-content/uploads --to content
    """


@commands.command("webhooks")
@click.option("--replay", metavar="SINCE", help="Send all events since a revision or an instant again.")
@click.option("--only", metavar="ID", help="Only this webhook.")
@common_options
@runs_module("service.cli.webhooks")
def webhooks() -> None:
    """List the webhooks of the site and how far each was delivered.

    With --replay SINCE, the running service, or the next one, sends all events since then, each under the id
    it had before, and continues from there. This also ends the pause of a webhook.

    \b
    Examples:
      broadsheet webhooks
      broadsheet webhooks --replay 2026-11-30T09:00:00Z
      broadsheet webhooks --replay 2026-11-30 --only 1a2b3c4d
    """


@commands.command("render")
@click.argument("address")
@click.option("--include", "-i", is_flag=True, help="Print the status and the headers first.")
@common_options
@runs_module("service.cli.render")
def render() -> None:
    """Print the response to ADDRESS, without a server; exit 1 if it is an error.

    \b
    Examples:
      broadsheet render /feed.rss > feed.rss
      broadsheet render -i '/articles.json?q=parliament&limit=2'
    """


@commands.command("export")
@click.argument("target")
@click.option(
    "--layout",
    type=click.Choice(["folders", "files", "names"]),
    help="Where the page of an address such as /about is: about/index.html (the default), about.html, or"
    " in a bucket about (the default there).",
)
@common_options
@runs_module("service.cli.export")
def export() -> None:
    """Write the site to TARGET as files for a static host; exit 1 if some address cannot be exported.

    TARGET is a folder, or a bucket of object storage with a prefix (s3://, gs:// or az://).

    It requires `addresses = "paths"` and a public URL. Every file has the bytes that a service with the same
    settings answers with, and compressed forms where it is text. Only what changed is written; the addresses
    that changed are printed, one a line, for a cache in front of the host. TARGET must be empty or an export.

    \b
    Examples:
      broadsheet export /var/www/blog --public-url https://example.org
      broadsheet export public --layout files      about.html instead of about/index.html
      broadsheet export s3://bucket/blog           objects with media types as metadata
    """


@commands.command("new")
@click.argument("title")
@click.option("--slug", help="The last part of its address (default: made from the title).")
@common_options
@runs_module("service.cli.new")
def new() -> None:
    """Create a draft with the title TITLE: a file with front matter and a permanent id.

    \b
    Example:
      broadsheet new "What the council decided"
    """
