"""Run a command of Broadsheet: in this process, which is fast, or in one of its own, as a user runs it."""

import logging
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from unittest import mock

import msgspec
from click.testing import CliRunner

from service.cli.commands import commands
from service.settings.log_config import logging_config
from tests.support.fork_server import fork_command
from tests.support.server import clean_environment, command
from tests.support.waiting import TIMEOUT_SECONDS


class Outcome(msgspec.Struct, frozen=True):
    """The exit status of a command and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str, cwd: Path, **environment: str) -> Outcome:
    """Run a command in this process, with `cwd` as its working directory and no other settings.

    An exception that the command does not handle is raised.
    """
    variables = clean_environment(XDG_CACHE_HOME=str(cwd / "cache"), **environment)
    with chdir(cwd), mock.patch.dict(os.environ, variables, clear=True), _logging_restored():
        result = CliRunner(catch_exceptions=False).invoke(commands, arguments, prog_name="broadsheet")
    return Outcome(result.exit_code, result.stdout, result.stderr)


@contextmanager
def _logging_restored() -> Iterator[None]:
    """Undo at the end what the block configures: a command logs to the stderr of its process."""
    loggers = [logging.getLogger(), *map(logging.getLogger, logging_config("info")["loggers"])]
    before = [(logger, logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    try:
        yield
    finally:
        for logger, handlers, level, propagate in before:
            logger.handlers[:] = handlers
            logger.setLevel(level)
            logger.propagate = propagate


def run_forked(*arguments: str, cwd: Path, seconds: float = TIMEOUT_SECONDS, **environment: str) -> Outcome:
    """Run a command in a process of its own that is forked from one that has imported the service."""
    variables = clean_environment(XDG_CACHE_HOME=str(cwd / "cache"), **environment)
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = fork_command([command(), *arguments], variables, cwd, output, errors)
        try:
            status = process.wait(seconds)
        finally:
            process.kill()
        output.seek(0)
        errors.seek(0)
        return Outcome(status, output.read().decode(), errors.read().decode())


def run_process(*arguments: str, cwd: Path, **environment: str) -> Outcome:
    """Run a command in a process of its own."""
    result = subprocess.run(
        [command(), *arguments],
        cwd=cwd,
        env=clean_environment(XDG_CACHE_HOME=str(cwd / "cache"), **environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    return Outcome(result.returncode, result.stdout, result.stderr)
