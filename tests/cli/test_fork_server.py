"""The commands that the tests fork: they behave as those that a user starts."""

import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.fork_server import ForkedProcess, fork_command
from tests.support.server import StartError, clean_environment, command, start
from tests.support.waiting import TIMEOUT_SECONDS

COMMANDS = [("serve", "--help"), ("serv",), ("check", "--content", ".")]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_forked_command_prints_and_ends_as_one_that_is_started(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "faulty.md").write_text("---\ndate: never\n---\n", "utf-8")
    line = [command(), *arguments]
    environment = clean_environment(XDG_CACHE_HOME=str(tmp_path / "cache"))
    printed, complained = tmp_path / "printed", tmp_path / "complained"
    with printed.open("wb") as output, complained.open("wb") as errors:
        status = fork_command(line, environment, tmp_path, output, errors).wait(TIMEOUT_SECONDS)
    started = subprocess.run(line, env=environment, cwd=tmp_path, capture_output=True, check=False)
    assert status == started.returncode
    assert printed.read_bytes() == started.stdout
    assert complained.read_bytes() == started.stderr


def test_a_forked_service_ends_on_signals(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    for number, status in ((signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)):
        process = start(content, tmp_path).process
        assert isinstance(process, ForkedProcess)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0)
        process.send_signal(number)
        assert process.wait(TIMEOUT_SECONDS) == status
        process.kill()  # it has ended: nothing happens
        assert process.poll() == status


def test_a_forked_service_that_does_not_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"exit status 2\n.*there is no folder"):
        start(tmp_path / "nowhere", tmp_path)
