"""Commands that wait for the network or for the application end on SIGTERM, as others do."""

import signal
import subprocess
import sys

import pytest

from tests.support.server import ROOT
from tests.support.waiting import TIMEOUT_SECONDS

SCRIPT = """
import asyncio, sys
from service.cli.async_command import run_async
from service.cli.interruption import Terminated

async def work():
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(asyncio.sleep(60))
        print("ready", flush=True)
        try:
            await asyncio.sleep(60)
        finally:
            print("cleaned up", flush=True)

try:
    run_async(work())
except Terminated:
    sys.exit(143)
"""


IGNORING = """
import os, signal, sys, time
from service.cli.interruption import Terminated, raising_on_signals

class Slow:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)

try:
    with raising_on_signals():
        slow = Slow()
        del slow
        time.sleep(60)
except Terminated:
    sys.exit(143)
"""


def test_sigterm_within_a_destructor_is_not_lost() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", IGNORING],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (143, "", "")


CALLING = """
import os, signal, sqlite3, sys, time

from service.cli.interruption import Terminated, raising_on_signals
from service.index.compression import add_unpack

# A shell that runs the tests in the background has it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)

def stop():
    os.kill(os.getpid(), signal.SIG{name})
    time.sleep(60)

try:
    with raising_on_signals():
        connection = sqlite3.connect(":memory:")
        add_unpack(connection)
        connection.create_function("stop", 0, stop)
        connection.execute("SELECT stop()")
except Terminated:
    sys.exit(143)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize(("name", "status"), [("TERM", 143), ("INT", 130)])
def test_a_signal_within_a_function_that_sqlite_calls_is_not_lost(name: str, status: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CALLING.replace("{name}", name)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (status, "", "")


def test_sigterm_cancels_what_runs() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=TIMEOUT_SECONDS)
    assert (process.returncode, output, errors) == (143, "cleaned up\n", "")
