"""Requests per second of Broadsheet as a share of nginx, which serves the same bytes from disk.

    make bench                              three rounds of three seconds
    make bench ARGS="--rounds 5 --seconds 5"

Both servers have one process on the same core, the load generator (wrk) has another. The rounds are
interleaved and the median of their ratios is what counts, because a virtual machine's speed varies twofold
between runs. nginx is set up as Debian ships it, but without an access log, as Broadsheet is.
CPU time per request is shown as well, because it does not count waiting for a busy machine.
Needs nginx and wrk (Debian: apt install nginx-light wrk), two cores and Linux.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec

from bench.processes import children, cpu_seconds, pin
from tests.support.server import CONTENT, free_port, serving

CONNECTIONS = 16
WARM_UP_SECONDS = 1
LIMIT_SECONDS = 600
BUSY = 0.85

NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  etag on;
  keepalive_requests 1000000000;
  sendfile on;
  tcp_nopush on;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  types {{ application/atom+xml atom; application/json json; }}
  server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


class Case(msgspec.Struct, frozen=True):
    """One row of the table: an address, asked for with or without the validator both servers gave."""

    name: str
    path: str
    conditional: bool = False


CASES = (
    Case("/feed.atom", "/feed.atom"),
    Case("/articles.json", "/articles.json"),
    Case("/feed.atom → 304", "/feed.atom", conditional=True),
)


class Load(msgspec.Struct, frozen=True):
    """What one server did in one measurement: requests per second, and microseconds of CPU for each."""

    rate: float
    cpu_microseconds: float

    @property
    def busy(self) -> float:
        """The share of its core the server used."""
        return self.rate * self.cpu_microseconds / 1e6


class Measured(msgspec.Struct, frozen=True):
    """Both servers in one round."""

    broadsheet: Load
    nginx: Load

    @property
    def both(self) -> tuple[Load, Load]:
        return self.broadsheet, self.nginx

    @property
    def ratio(self) -> float:
        return self.broadsheet.rate / self.nginx.rate


@contextmanager
def nginx(folder: Path, core: int, path: str = CASES[0].path) -> Iterator[tuple[str, int]]:
    """An nginx that serves `folder`/files and writes only in `folder`: its address and its one process.

    It is ready when it answers for `path`.
    """
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
    arguments = ["nginx", "-p", str(folder), "-c", str(config), "-e", str(folder / "error.log")]
    process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL)
    try:
        os.sched_setaffinity(process.pid, {core})
        wait_for(f"http://127.0.0.1:{port}{path}", process)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(10)


def check_tools() -> None:
    """Exit when a command or a second core is missing."""
    if missing := [name for name in ("nginx", "wrk", "taskset") if shutil.which(name) is None]:
        sys.exit(f"missing: {', '.join(missing)} (Debian: apt install nginx-light wrk util-linux)")
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("two cores are needed: one for the servers, one for the load.")


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return when `address` answers; exit when its process has ended."""
    while process.poll() is None:
        try:
            httpx.get(address, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.02)
        else:
            return
    sys.exit(f"the server of {address} ended with status {process.returncode}")


def store(base: str, files: Path) -> None:
    """Put what the service answers where nginx finds it: the same bytes at the same path."""
    files.mkdir()
    for path in {case.path for case in CASES}:
        answer = httpx.get(base + path, headers={"Accept-Encoding": "identity"}, trust_env=False)
        answer.raise_for_status()
        (files / path.lstrip("/")).write_bytes(answer.content)


def load(base: str, processes: list[int], case: Case, core: int, seconds: int) -> Load:
    """What the server at `base` does under wrk; exits when it answers otherwise than the case expects."""
    address = base + case.path
    headers = {"Accept-Encoding": "identity"}
    if case.conditional:
        headers["If-None-Match"] = httpx.get(address, headers=headers, trust_env=False).headers["ETag"]
    status = httpx.get(address, headers=headers, trust_env=False).status_code
    if status != (304 if case.conditional else 200):
        sys.exit(f"{address} answered {status}; nothing to compare.")
    arguments = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    arguments += [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    pinned = ["taskset", "-c", str(core), *arguments, address]
    before = cpu_seconds(processes)
    printed = subprocess.run(pinned, capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
    spent = cpu_seconds(processes) - before
    if "Non-2xx or 3xx" in printed:
        sys.exit(f"wrk got errors from {address}:\n{printed}")
    rate = re.search(r"Requests/sec:\s*([\d.]+)", printed)
    answered = re.search(r"(\d+) requests in", printed)
    if rate is None or answered is None or not int(answered[1]):
        sys.exit(f"wrk measured nothing at {address}:\n{printed}")
    return Load(float(rate[1]), spent / int(answered[1]) * 1e6)


def measure(rounds: int, seconds: int, content: Path) -> dict[Case, list[Measured]]:
    """Both servers side by side, each case in each round; the servers end with this function."""
    server_core, load_core = sorted(os.sched_getaffinity(0))[:2]
    results: dict[Case, list[Measured]] = {case: [] for case in CASES}
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder:
        work = Path(folder)
        with serving(content, work) as server:
            family = [server.process.pid, *children(server.process.pid)]
            pin(family, server_core)
            store(server.base, work / "files")
            with nginx(work, server_core) as (nginx_base, nginx_process):
                both = ((server.base, family), (nginx_base, [nginx_process]))
                for base, processes in both:
                    load(base, processes, CASES[0], load_core, WARM_UP_SECONDS)
                for _ in range(rounds):
                    for case in CASES:
                        ours, theirs = (load(*one, case, load_core, seconds) for one in both)
                        results[case].append(Measured(ours, theirs))
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description="Broadsheet against nginx: requests per second.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="how long each measurement lasts")
    parser.add_argument("--content", type=Path, default=CONTENT, help="the folder of articles to serve")
    chosen = parser.parse_args()
    check_tools()
    planned = chosen.rounds * len(CASES) * 2 * chosen.seconds
    if not 0 < planned <= LIMIT_SECONDS:
        sys.exit(f"that would take {planned} s; between 1 and {LIMIT_SECONDS} are allowed.")
    print(f"One core each, {chosen.rounds} rounds of {chosen.seconds} s, {CONNECTIONS} connections\n")
    results = measure(chosen.rounds, chosen.seconds, chosen.content.resolve())
    print("| | requests/s | nginx | ratio | rounds | CPU, µs | nginx | ratio |")
    print("| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: |")
    for case, measured in results.items():
        print(row(case, measured))
    if min(load.busy for measured in results.values() for pair in measured for load in pair.both) < BUSY:
        print(
            "\nThe servers did not get all of their core: something else ran, or wrk was the limit. Only the"
        )
        print("CPU time per request means anything here.")


def row(case: Case, measured: list[Measured]) -> str:
    """One line of the table: medians of the rounds, of both servers and of their ratios, and every ratio."""
    ours = statistics.median(m.broadsheet.rate for m in measured)
    theirs = statistics.median(m.nginx.rate for m in measured)
    ratio = statistics.median(m.ratio for m in measured)
    each = " ".join(f"{m.ratio:.2f}" for m in measured)
    our_cpu = statistics.median(m.broadsheet.cpu_microseconds for m in measured)
    their_cpu = statistics.median(m.nginx.cpu_microseconds for m in measured)
    rates = f"{ours:,.0f} | {theirs:,.0f} | **{ratio:.2f}** | {each}"
    return f"| {case.name} | {rates} | {our_cpu:.1f} | {their_cpu:.1f} | {their_cpu / our_cpu:.2f} |"


if __name__ == "__main__":
    main()
