"""The commands: `broadsheet serve`, `check`, `index`, `import`, `render`, `new`.

Exit status: 0 all well, 1 the content or the answer has faults, 2 the command or the configuration is wrong.
"""

import click

from service import __version__
from service.cli.check import check_command
from service.cli.importing import import_command
from service.cli.index import index_command
from service.cli.new import new_command
from service.cli.options import Commands
from service.cli.render import render_command
from service.cli.serve import serve_command

__all__ = ["main"]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="broadsheet")
def main() -> None:
    """A folder of articles becomes a JSON API, Atom, RSS and JSON feeds, and pages.

    \b
    Examples:
      broadsheet serve                          serve ./content on http://127.0.0.1:8000
      broadsheet serve --content ~/blog         serve another folder
      broadsheet check                          list every fault of every article
      broadsheet import export.xml --to content bring articles from elsewhere
      broadsheet render '/feed.atom?tag=iraq'   print one response
      broadsheet new "What the council decided"

    Every option can also be set as BROADSHEET_… in the environment, most also in site.toml.
    """


for _command in (serve_command, check_command, index_command, import_command, render_command, new_command):
    main.add_command(_command)
