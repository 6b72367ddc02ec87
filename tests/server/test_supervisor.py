"""The supervising process: it stops in order, and restarts what ends while the others serve on."""

import contextlib
import hashlib
import inspect
import multiprocessing
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
import pytest
from granian._signals import set_loop_signals, set_main_signals
from granian.server.common import AbstractServer, AbstractWorker
from granian.server.mp import MPServer, WorkerProcess

from service.model import Site
from service.server import WorkerLoader
from service.server.child_process import LONGEST_DELAY_SECONDS, ChildProcess, restart_delay
from service.settings import Settings
from tests.support.http_client import fetch
from tests.support.processes import children, is_running, others, threads, workers
from tests.support.server import ROOT, Server, clean_environment, free_port, serving
from tests.support.stopping import STOPS, LaunchedService, Stop
from tests.support.waiting import TIMEOUT_SECONDS, wait_until


def answers(server: Server, path: str = "/healthz") -> bool:
    """Whether a new connection, which any worker may take, is answered."""
    try:
        return fetch(f"{server.base}{path}").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


# Each signal and each target; the other combinations are repetition.
@pytest.mark.parametrize(
    "stop",
    [
        stop if number in (0, 3, 4) else pytest.param(stop, marks=pytest.mark.stress)
        for number, stop in enumerate(STOPS)
    ],
    ids=str,
)
def test_a_stop_is_orderly(content: Path, tmp_path: Path, stop: Stop) -> None:
    with LaunchedService(content, tmp_path, "--workers", "2") as launched:
        launched.wait_until_ready()

        assert launched.stop_and_find_faults(stop) == []


def is_serving(launched: LaunchedService) -> bool:
    return "Serving" in launched.output()


def has_forked(launched: LaunchedService) -> bool:
    return bool(children(launched.process.pid))


def has_a_worker(launched: LaunchedService) -> bool:
    return bool(workers(launched.process.pid))


@pytest.mark.parametrize(
    ("is_reached", "stop"),
    [
        (is_serving, STOPS[1]),
        (has_forked, STOPS[2]),
        (has_a_worker, STOPS[1]),
        pytest.param(is_serving, STOPS[2], marks=pytest.mark.stress),
        pytest.param(has_forked, STOPS[1], marks=pytest.mark.stress),
        pytest.param(has_a_worker, STOPS[2], marks=pytest.mark.stress),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_stop_during_the_start_is_orderly(
    content: Path, tmp_path: Path, is_reached: Callable[[LaunchedService], bool], stop: Stop
) -> None:
    with LaunchedService(content, tmp_path, "--workers", "2") as launched:
        wait_until(lambda: is_reached(launched), is_reached.__name__)

        assert launched.stop_and_find_faults(stop) == []


def test_a_stop_while_the_index_is_built_ends_the_start(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    for number in range(3000):
        text = f"---\ntitle: Number {number}\n---\n{'Text. ' * 400}\n"
        (content / f"{number}.md").write_text(text, "utf-8")
    with LaunchedService(content, tmp_path) as launched:
        wait_until(lambda: any(tmp_path.glob("*.new")), "the build is under way")

        assert launched.stop_and_find_faults(STOPS[1]) == []
        assert "Serving" not in launched.output()


PATIENT = """
from service.cli import main
from service.server import supervisor
supervisor.STOP_SECONDS = 1e6
main()
"""


def test_a_second_stop_does_not_wait_for_a_process_that_hangs(content: Path, tmp_path: Path) -> None:
    with LaunchedService(content, tmp_path, program=(sys.executable, "-c", PATIENT)) as launched:
        launched.wait_until_ready()
        (worker,) = workers(launched.process.pid)
        os.kill(worker, signal.SIGSTOP)
        launched.process.send_signal(signal.SIGTERM)
        wait_until(lambda: not others(launched.process.pid), "the first stop ends what can be ended")
        assert launched.process.poll() is None
        launched.process.send_signal(signal.SIGTERM)

        assert launched.process.wait(TIMEOUT_SECONDS) == 0
        assert not is_running(worker)
        assert "worker 1 is killed" in launched.output()


def test_workers_end_with_a_parent_that_is_killed_whatever_their_clients_do(
    content: Path, tmp_path: Path
) -> None:
    with (
        LaunchedService(content, tmp_path, "--workers", "2") as launched,
        contextlib.ExitStack() as connections,
    ):
        launched.wait_until_ready()
        family = children(launched.process.pid)
        address = ("127.0.0.1", httpx.URL(launched.base).port or 0)
        for _ in range(8):  # some to each worker; each a request that never ends
            connection = connections.enter_context(socket.create_connection(address))
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        launched.process.kill()
        launched.process.wait()
        wait_until(lambda: not any(map(is_running, family)), "nobody holds the port")


def test_workers_killed_again_and_again_are_restarted_while_the_other_serves_on(
    content: Path, tmp_path: Path
) -> None:
    with serving(content, tmp_path, "--workers", "2") as server:
        pid = server.process.pid
        wait_until(lambda: len(workers(pid)) == 2, "both are there")
        steady, killed = workers(pid)
        for _ in range(4):
            os.kill(killed, signal.SIGKILL)
            wait_until(lambda killed=killed: killed not in children(pid), "its end is noticed")  # type: ignore[misc]
            problems = fetch(f"{server.base}/readyz").json().get("problems", [])
            assert problems in ([], ["1 of 2 workers ended unexpectedly and will be restarted."])
            wait_until(lambda: len(workers(pid)) == 2, "another takes its place")
            assert threads(pid) == 1, "a process that forks has one thread"
            (killed,) = (worker for worker in workers(pid) if worker != steady)
        wait_until(lambda: all(answers(server) for _ in range(20)), "both answer")
        metrics = fetch(f"{server.base}/metrics").text

        assert 'broadsheet_process_restarts_total{process="worker"} 4.0' in metrics
        assert "worker 2 ended unexpectedly (SIGKILL)" in server.output()
        assert is_running(steady)


def test_readyz_names_a_worker_that_is_down(content: Path, tmp_path: Path) -> None:
    with serving(content, tmp_path, "--workers", "2") as server:
        pid = server.process.pid
        wait_until(lambda: len(workers(pid)) == 2, "both are there")
        steady, killed = workers(pid)

        def is_named() -> bool:
            nonlocal killed
            down = [worker for worker in workers(pid) if worker != steady]
            for worker in down:
                os.kill(worker, signal.SIGKILL)
            try:
                answer = fetch(f"{server.base}/readyz")
            except httpx.TransportError:  # the worker that was killed had taken the connection
                return False
            return "1 of 2 workers" in " ".join(answer.json().get("problems", ()))

        wait_until(is_named, "a worker that dies again and again is named")
        wait_until(
            lambda: not fetch(f"{server.base}/readyz").json().get("problems"),
            "not any more",
        )


def test_a_worker_asked_to_end_is_replaced(content: Path, tmp_path: Path) -> None:
    with serving(content, tmp_path) as server:
        (worker,) = workers(server.process.pid)
        os.kill(worker, signal.SIGTERM)
        wait_until(lambda: worker not in children(server.process.pid), "it ends")
        wait_until(lambda: answers(server), "another answers")
        assert "ERROR" not in server.output()


def test_workers_that_are_spawned_and_not_forked_get_the_settings(content: Path, tmp_path: Path) -> None:
    """As on macOS, where nothing is inherited."""
    script = tmp_path / "spawning.py"
    script.write_text(
        "import multiprocessing, sys\n"
        "from service.cli import main\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.set_start_method('spawn')\n"
        "    main()\n",
        "utf-8",
    )
    (content / "site.toml").write_text('title = "Spawned"\n', "utf-8")
    port = free_port()
    arguments = ["--content", str(content), "--index", f"sqlite:///{tmp_path}/index.db", "--port", str(port)]
    log = tmp_path / "spawned.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(script), "serve", *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=clean_environment(PYTHONPATH=str(ROOT)),
        )
    server = Server(f"http://127.0.0.1:{port}", process, log)
    try:
        wait_until(lambda: answers(server, "/readyz"), "it is ready")
        assert "# Spawned" in fetch(f"{server.base}/articles.md").text
    finally:
        status = server.stop()
    assert status == 0, server.output()
    assert "ERROR" not in server.output()


def test_what_a_worker_is_started_with_can_be_pickled(tmp_path: Path) -> None:
    settings = Settings(content=tmp_path, index="sqlite:///x.db", site=Site(), options=(("port", "1"),))
    loader = WorkerLoader(settings, 1)

    assert pickle.loads(pickle.dumps(loader)) == loader  # noqa: S301


def test_the_delay_before_a_restart_grows_to_a_bound() -> None:
    delays = [restart_delay(failures) for failures in range(1, 40)]

    assert delays[:4] == [0.0, 0.5, 1.0, 2.0]
    assert delays == sorted(delays)
    assert delays[-1] == LONGEST_DELAY_SECONDS
    assert restart_delay(10**9) == LONGEST_DELAY_SECONDS


def _end_at_once() -> None:
    os._exit(3)


def test_a_process_that_is_not_wanted_any_more_is_not_restarted(caplog: pytest.LogCaptureFixture) -> None:
    wanted = True

    def make() -> BaseProcess:
        return multiprocessing.get_context("spawn").Process(target=_end_at_once)

    child = ChildProcess("index refresher", make, is_wanted=lambda: wanted)
    child.start_if_due()
    wait_until(child.note_end, "its end is noted")
    assert "index refresher ended unexpectedly (exit status 3)" in caplog.text
    assert child.is_down
    wanted = False
    child.start_if_due()

    assert child.process is None
    assert not child.is_down


GUARDED: dict[Callable[..., Any], str] = {
    AbstractServer.startup: "6b80a44c5e1db15e",
    AbstractServer.shutdown: "e6559a0343cf7bdb",
    AbstractServer._serve: "556b027a04da24b6",
    AbstractServer._serve_loop: "123ffa1d2e47bda9",
    AbstractServer._spawn_workers: "bc6ae40021d843e2",
    AbstractServer._stop_workers: "f3e0544dda9b5e6c",
    AbstractServer.signal_handler_interrupt: "e9efe050e7e2d430",
    AbstractServer.signal_handler_reload: "8d88cc8590fc6b21",
    AbstractServer.serve: "6e138b19f1f3b009",
    AbstractWorker.__init__: "8d3992fa57800b4a",
    WorkerProcess.__init__: "55ef3ab3bb7afe15",
    WorkerProcess._spawn: "b139771c9fd91967",
    WorkerProcess.wrap_target: "590801916a38ee28",
    MPServer._spawn_worker: "87b0a0e68f390bca",
    set_main_signals: "524e9e87b746ba33",
    set_loop_signals: "ce78d76020b2e048",
}
"""What the supervisor overrides or depends on, and the beginning of the hash of its source."""


@pytest.mark.parametrize("function", GUARDED, ids=lambda function: function.__qualname__)
def test_granian_is_what_the_supervisor_was_written_for(function: Callable[..., Any]) -> None:
    """Fails when another version of the server differs: compare it with `service/server/supervisor.py`."""
    source = inspect.getsource(function)

    assert hashlib.sha256(source.encode()).hexdigest()[:16] == GUARDED[function], source
