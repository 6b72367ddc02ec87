"""The commands: `broadsheet serve`, `check`, `index`, `import`, `render`, `new`.

`commands` declares them with their options; what a command does is imported when it runs, so that `--help`
and `--version` answer at once. Exit status: 0 all well, 1 the content or the answer has faults, 2 the command
or the configuration is wrong, 130 and 143 ended by Ctrl-C and SIGTERM.
"""

import importlib
import signal

__all__ = ["main"]


def main() -> None:
    """Run the command that the arguments of the process name."""
    # Before a command runs, and after it, nothing has to be cleaned up: Ctrl-C ends the process as it is.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    importlib.import_module("service.cli.commands").commands()
