"""The commands of `broadsheet`: `serve`, `check`, `index`, `import`, `webhooks`, `render`, `export`, `new`.

Begin with `commands`, which declares them with their options. The module of a command is imported when the
command runs, so that `--help` and `--version` are fast. Exit status: 0 success, 1 faults in the content or an
error response, 2 invalid command or settings, 130 and 143 ended by Ctrl-C and SIGTERM.
"""

import importlib
import os
import signal
import sys
from pathlib import Path

__all__ = ["main"]


def main() -> None:
    """Run the command that the arguments of the process select."""
    # Outside of a command nothing has to be cleaned up, so Ctrl-C ends the process at once.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    _open_standard_streams()
    if problem := _problem_of_environment():
        sys.stderr.write(f"broadsheet: {problem}\n")
        sys.exit(2)
    importlib.import_module("service.cli.commands").commands()


def _problem_of_environment() -> str:
    """Why no command can work with files here, or ""."""
    encoding = sys.getfilesystemencoding()
    if encoding != "utf-8":  # the index would keep the faults and wrong slugs that this causes
        return (
            f"the names of files are read as {encoding} here, not as UTF-8; set PYTHONUTF8=1, or a locale"
            " such as LC_ALL=C.UTF-8"
        )
    try:
        Path.cwd()
    except FileNotFoundError:
        return "the current folder has been deleted; change to one that exists"
    return ""


def _open_standard_streams() -> None:
    """Open each standard stream with which the process was started closed, so that what is written is lost.

    Otherwise Python has None in its place, and another file may get its number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
