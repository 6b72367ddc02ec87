"""Real proxies before the running service: nginx and Varnish, each on a loopback port, in its own folder."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.http_client import fetch
from tests.support.requirements import tool
from tests.support.server import POLL_SECONDS
from tests.support.waiting import TIMEOUT_SECONDS

_NGINX = """
worker_processes 1;
daemon off;
{user}
pid nginx.pid;
error_log error.log warn;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fast; uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  proxy_cache_path cache keys_zone=kept:1m;
  proxy_http_version 1.1;
  {before}
  server {{ listen 127.0.0.1:{port}; {locations} }}
}}
"""


@contextmanager
def nginx(work: Path, port: int, locations: str, before: str = "") -> Iterator[str]:
    """nginx listening on `port` with these location blocks, and directives before the server.

    The address it answers at.
    """
    command = tool("nginx", "nginx-light")
    # As root it would write its cache as a user who may not enter the folder.
    user = "user root;" if os.geteuid() == 0 else ""
    (work / "nginx.conf").write_text(
        _NGINX.format(port=port, locations=locations, user=user, before=before), "utf-8"
    )
    with _running([command, "-p", str(work), "-c", "nginx.conf", "-e", "error.log"], work, port) as base:
        yield base


VARNISH_BACKEND = 'backend default { .host = "127.0.0.1"; .port = "8000"; }'
"""The service, in a VCL."""

_DEBIAN_VCL = f"vcl 4.1; {VARNISH_BACKEND}"


@contextmanager
def varnish(work: Path, port: int, backend: str, vcl_text: str = _DEBIAN_VCL) -> Iterator[str]:
    """Varnish, as Debian sets it up or by a VCL, before the service at `backend`; where it answers."""
    command = tool("varnishd", "varnish")
    its_port = backend.rpartition(":")[2]
    assert vcl_text.count(VARNISH_BACKEND) == 1
    vcl = work / "default.vcl"
    vcl.write_text(vcl_text.replace(VARNISH_BACKEND, VARNISH_BACKEND.replace("8000", its_port)), "utf-8")
    options = ["-F", "-j", "none", "-n", str(work / "varnish"), "-a", f"127.0.0.1:{port}"]
    with _running([command, *options, "-s", "malloc,16m", "-f", str(vcl)], work, port) as base:
        yield base


@contextmanager
def _running(command: list[str], work: Path, port: int) -> Iterator[str]:
    log = work / "proxy.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=work)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base, process, log)
        yield base
    finally:
        process.terminate()
        process.wait(TIMEOUT_SECONDS)


def _wait(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            fetch(base, timeout=5)
        except httpx.TransportError:
            time.sleep(POLL_SECONDS)  # not listening yet: the reason to ask again
        else:
            return
    raise AssertionError(f"{process.args!r} did not answer\n{log.read_text('utf-8', 'replace')}")
