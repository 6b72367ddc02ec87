"""The commands: `broadsheet serve`, `check`, `index`, `render`, `new`.

Exit status: 0 all well, 1 the content or the answer has faults, 2 the command or the configuration is wrong.
"""

import asyncio
import functools
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import click
import msgspec

from service import __version__
from service.app import ask, build, configure_logging, serve, summary
from service.content import derive_id, write_front_matter
from service.errors import BroadsheetError, SettingsError
from service.index import Report, now
from service.model import slugify
from service.settings import Settings, hand_on, load

PLAIN_LINE_EVERY = 1000

Command = Callable[..., None]


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


SERVE_OPTIONS = ("host", "port", "workers", "strict")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="broadsheet")
def main() -> None:
    """A folder of articles becomes a JSON API, Atom, RSS and JSON feeds, and pages.

    \b
    Examples:
      broadsheet serve                          serve ./content on http://127.0.0.1:8000
      broadsheet serve --content ~/blog         serve another folder
      broadsheet check                          list every fault of every article
      broadsheet render '/feed.atom?tag=iraq'   print one response
      broadsheet new "What the council decided"

    Every option can also be set as BROADSHEET_… in the environment, most also in site.toml.
    """


@main.command("serve")
@click.option("--host", metavar="ADDRESS", help="The address to listen on (default: 127.0.0.1).")
@click.option("--port", metavar="N", help="The port to listen on (default: 8000).")
@click.option("--workers", metavar="N", help="How many processes answer (default: 1).")
@click.option("--strict", is_flag=True, default=None, help="Refuse to start while an article has a fault.")
@common
def serve_command(settings: Settings) -> None:
    """Serve the folder until Ctrl-C or SIGTERM, and notice what changes in it.

    \b
    Examples:
      broadsheet serve --port 8080
      broadsheet serve --host 0.0.0.0 --workers 2 --public-url https://example.org/news
    """
    report = _build(settings)
    if settings.strict and report.faults:
        for fault in report.faults:
            click.echo(str(fault), err=True)
        click.echo("broadsheet: not started, because of --strict; mend the faults above.", err=True)
        sys.exit(1)
    serve(settings, report)
    click.echo("Stopped.", err=True)


@main.command("check")
@common
def check_command(settings: Settings) -> None:
    """List every fault of every article as path:line: message; exit 1 if there is any.

    \b
    Example:
      broadsheet check --content ~/blog
    """
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder:
        report = _build(msgspec.structs.replace(settings, index=f"sqlite:///{folder}/check.db"))
    for fault in report.faults:
        click.echo(str(fault))
    click.echo(summary(report), err=True)
    sys.exit(1 if report.faults else 0)


@main.command("index")
@common
def index_command(settings: Settings) -> None:
    """Build the index or bring it up to date, then stop.

    A service that is running on the same index shows the change within a second.

    \b
    Example:
      broadsheet index --content /srv/articles --index sqlite:////var/cache/broadsheet/index.db
    """
    report = _build(settings)
    for fault in report.faults:
        click.echo(str(fault), err=True)
    click.echo(summary(report))


@main.command("render")
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
    _build(settings)
    response = asyncio.run(ask(settings, address))
    if include:
        click.echo(f"HTTP/1.1 {response.status_code} {response.reason_phrase}")
        for name, value in response.headers.multi_items():
            click.echo(f"{name}: {value}")
        click.echo()
    sys.stdout.buffer.write(response.content)
    sys.stdout.buffer.flush()
    sys.exit(1 if response.is_error else 0)


@main.command("new")
@click.argument("title")
@click.option("--slug", help="The end of its address (default: made from the title).")
@common
def new_command(settings: Settings, title: str, slug: str | None) -> None:
    """Begin an article called TITLE: a file with front matter, as a draft, with its id for ever.

    \b
    Example:
      broadsheet new "What the council decided"
    """
    chosen = slugify(slug or title)
    if not chosen:
        raise click.BadParameter("nothing of this can stand in an address; give --slug.")
    file = settings.content / f"{chosen}.md"
    began = now().astimezone(settings.site.zone).isoformat(timespec="seconds")
    front_matter = write_front_matter(
        {
            "title": title.strip(),
            "date": began,
            "id": derive_id(settings.site, settings.site.language, chosen),
            "slug": chosen,
            "summary": "",
            "tags": [],
            "draft": True,
        }
    )
    try:
        settings.content.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(f"{front_matter}\n")
    except FileExistsError:
        click.echo(f"broadsheet: {file} is there already; give --slug.", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"broadsheet: {file} cannot be written: {error.strerror}", err=True)
        sys.exit(1)
    click.echo(f"{file} is begun; take out `draft: true` to publish it.")


def _build(settings: Settings) -> Report:
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
