"""Requests per second and the cost of one edit: Broadsheet and other software for the same job.

    make bench-peers                                  three rounds of three seconds
    make bench-peers ARGS="--rounds 1 --seconds 1"

All have the same 2,000 generated articles: FastAPI with feedgen, Django with its syndication framework,
Datasette with datasette-atom, and nginx with files that Broadsheet rendered, which is the limit. Each server
has one process on the same core, the load generator (wrk) has another. Rounds are interleaved, and a figure
is the median. The others render each response; Broadsheet answers from its cache, as it does between edits.

An edit changes one file, and costs what is needed until its article has the new title. Broadsheet sees the
file; the application on FastAPI reads all files when it is restarted; the databases of Django and Datasette
are given the article by a command. Needs nginx and wrk (Debian: apt install nginx-light wrk), two cores and
Linux.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import msgspec
import platformdirs

from bench.articles import change_title, write_files
from bench.processes import children, cpu_seconds, pin, run_measured
from bench.serve import Case, Load, check_tools, load, nginx, wait_for
from tests.support.server import ROOT, clean_environment, free_port, serving

ARTICLES = 2000
EDITED = "article-7"
NEW_TITLE = "Edited while it is served"
EDIT_SECONDS = 60.0
POLL_SECONDS = 0.01
HERE = Path(__file__).parent
ENVIRONMENT = Path(platformdirs.user_cache_dir("broadsheet-bench")) / "peers"
REQUIREMENTS = HERE / "requirements.txt"

FIRST_FEED, TAG_FEED, JSON_PAGE, ARTICLE = "first feed", "tag feed", "JSON page", "article, JSON"
NOT_MODIFIED = "first feed → 304"


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """One software: how its content is loaded and how it is served, as commands, and its addresses.

    In commands `{port}`, `{work}` and `{source}` (a file or the folder of articles) are replaced. Without
    `load`, the content is read when it starts.
    """

    name: str
    create: Sequence[str] = ()
    load: Sequence[str] = ()
    serve: Sequence[str]
    paths: Mapping[str, str]
    has_validators: bool = False


BROADSHEET_PATHS = {
    FIRST_FEED: "/feed.atom?limit=20",
    TAG_FEED: "/feed.atom?tag=t3&limit=20",
    JSON_PAGE: "/articles.json",
    ARTICLE: f"/articles/{EDITED}.json",
}
STATIC_PATHS = {
    FIRST_FEED: "/feed.atom",
    TAG_FEED: "/t3/feed.atom",
    JSON_PAGE: "/articles.json",
    ARTICLE: f"/articles/{EDITED}.json",
}
CASES = (*STATIC_PATHS, NOT_MODIFIED)
PEERS = (
    Peer(
        name="FastAPI + feedgen",
        serve=("python", "-m", "uvicorn", "bench.peers.fastapi_site:app", "--port={port}", "--no-access-log"),
        paths={**STATIC_PATHS, TAG_FEED: "/feed.atom?tag=t3"},
    ),
    Peer(
        name="Django",
        create=("python", "-m", "django", "migrate", "--run-syncdb", "--verbosity=0"),
        load=("python", "-m", "django", "load_articles", "{source}"),
        serve=("gunicorn", "--bind=127.0.0.1:{port}", "bench.peers.django_site.wsgi"),
        paths={**STATIC_PATHS, TAG_FEED: "/tags/t3/feed.atom"},
        has_validators=True,
    ),
    Peer(
        name="Datasette",
        load=("python", "-m", "bench.peers.datasette_database", "{work}/articles.db", "{source}"),
        serve=(
            "datasette",
            "serve",
            "{work}/articles.db",
            f"--metadata={HERE}/datasette.yml",
            "--port={port}",
        ),
        paths={
            FIRST_FEED: "/articles/feed.atom",
            TAG_FEED: "/articles/tag_feed.atom?tag=t3",
            JSON_PAGE: "/articles/articles.json?_sort_desc=published&_size=20&_shape=objects",
            ARTICLE: f"/articles/articles/{EDITED}.json?_shape=objects",
        },
    ),
)


class Server(msgspec.Struct, frozen=True):
    """One running server: its name, address, processes, and the cases that it is measured by."""

    name: str
    base: str
    processes: list[int]
    cases: Sequence[Case]


class Edit(msgspec.Struct, frozen=True):
    """Seconds until an edit was public, and the seconds of CPU that it took."""

    wall: float
    cpu: float


def cases_of(paths: Mapping[str, str], has_validators: bool) -> list[Case]:
    cases = [Case(name, path) for name, path in paths.items()]
    return [*cases, Case(NOT_MODIFIED, paths[FIRST_FEED], conditional=True)] if has_validators else cases


def install_peers() -> None:
    """Make the environment of the peers, unless it has these requirements already."""
    stamp = ENVIRONMENT / REQUIREMENTS.name
    if stamp.exists() and stamp.read_bytes() == REQUIREMENTS.read_bytes():
        return
    print(f"Installing the peers into {ENVIRONMENT}, once: about a minute.", file=sys.stderr)
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", "--require-hashes", "-r", str(REQUIREMENTS)], check=True)
    stamp.write_bytes(REQUIREMENTS.read_bytes())


class PeerRunner:
    """Runs the commands of one peer with the articles in `content`; it writes below `work` only."""

    def __init__(self, peer: Peer, content: Path, work: Path) -> None:
        self.peer = peer
        self._content = content
        self._work = work
        self._environment = clean_environment(
            ARTICLES=str(content),
            DATABASE=f"{work}/django.db",
            DJANGO_SETTINGS_MODULE="bench.peers.django_site.settings",
            PYTHONPATH=str(ROOT),
        )

    def prepare(self) -> None:
        """Make its database, if it has one, with all articles."""
        for arguments in (self.peer.create, self.peer.load):
            if arguments:
                run_measured(self._command(arguments, source=self._content), env=self._environment)

    @contextmanager
    def run(self) -> Iterator[Server]:
        """The server, ready, for as long as the block runs."""
        port = free_port()
        arguments = self._command(self.peer.serve, port=port)
        log = self._work / f"{port}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=self._environment
            )
        base = f"http://127.0.0.1:{port}"
        try:
            wait_for(base + self.peer.paths[ARTICLE], process)
            processes = [process.pid, *children(process.pid)]
            yield Server(self.peer.name, base, processes, cases_of(self.peer.paths, self.peer.has_validators))
        finally:
            process.terminate()
            process.wait(10)

    def edit(self, server: Server) -> Edit:
        """Edit an article, and do what makes it public."""
        file = edited_file(self._content)
        change_title(file, NEW_TITLE)
        began = time.perf_counter()
        if self.peer.load:
            cpu = run_measured(self._command(self.peer.load, source=file), env=self._environment).cpu
            wait_until_public(server.base + self.peer.paths[ARTICLE], began)
            return Edit(time.perf_counter() - began, cpu)
        with self.run() as restarted:
            wait_until_public(restarted.base + self.peer.paths[ARTICLE], began)
            return Edit(time.perf_counter() - began, cpu_seconds(restarted.processes))

    def _command(self, arguments: Sequence[str], port: int = 0, source: Path = Path()) -> list[str]:
        program, *options = (text.format(port=port, work=self._work, source=source) for text in arguments)
        return [str(ENVIRONMENT / "bin" / program), *options]


def edited_file(content: Path) -> Path:
    return content / "0000" / f"{EDITED}.md"


def wait_until_public(address: str, began: float) -> None:
    """Return when the article at `address` has the new title; exit after EDIT_SECONDS."""
    while NEW_TITLE not in httpx.get(address, trust_env=False).text:
        if time.perf_counter() - began > EDIT_SECONDS:
            sys.exit(f"{address} did not show the edit after {EDIT_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)


def edit_broadsheet(server: Server, content: Path) -> Edit:
    """Edit an article, and wait for the running service."""
    before = cpu_seconds(server.processes)
    began = time.perf_counter()
    change_title(edited_file(content), NEW_TITLE)
    wait_until_public(server.base + BROADSHEET_PATHS[ARTICLE], began)
    return Edit(time.perf_counter() - began, cpu_seconds(server.processes) - before)


def store_static(base: str, files: Path) -> None:
    """Put what Broadsheet answers at `base` where nginx finds it."""
    for name, path in STATIC_PATHS.items():
        answer = httpx.get(
            base + BROADSHEET_PATHS[name], headers={"Accept-Encoding": "identity"}, trust_env=False
        )
        answer.raise_for_status()
        file = files / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(answer.content)


def measure(rounds: int, seconds: int) -> tuple[dict[tuple[str, str], list[Load]], dict[str, Edit]]:
    """The loads of each (server, case), a round each, and the edits by server."""
    server_core, load_core = sorted(os.sched_getaffinity(0))[:2]
    loads: dict[tuple[str, str], list[Load]] = {}
    edits: dict[str, Edit] = {}
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder, ExitStack() as stack:
        work = Path(folder)
        content = work / "content"
        write_files(content, ARTICLES)
        original = edited_file(content).read_bytes()
        broadsheet = stack.enter_context(serving(content, work, "--workers", "1"))
        family = [broadsheet.process.pid, *children(broadsheet.process.pid)]
        store_static(broadsheet.base, work / "files")
        nginx_base, nginx_process = stack.enter_context(nginx(work, server_core, STATIC_PATHS[FIRST_FEED]))
        ours = Server("Broadsheet", broadsheet.base, family, cases_of(BROADSHEET_PATHS, True))
        static = Server("files behind nginx", nginx_base, [nginx_process], cases_of(STATIC_PATHS, True))
        runners = [PeerRunner(peer, content, work) for peer in PEERS]
        for runner in runners:
            runner.prepare()
        peers = [stack.enter_context(runner.run()) for runner in runners]
        servers = [ours, *peers, static]
        for server in servers:
            pin(server.processes, server_core)
        for _ in range(rounds):
            for number in range(max(len(server.cases) for server in servers)):
                for server in servers:
                    for case in server.cases[number : number + 1]:
                        load_of = load(server.base, server.processes, case, load_core, seconds)
                        loads.setdefault((server.name, case.name), []).append(load_of)
        edits[ours.name] = edit_broadsheet(ours, content)
        for runner, server in zip(runners, peers, strict=True):
            edited_file(content).write_bytes(original)
            edits[server.name] = runner.edit(server)
    return loads, edits


def table(loads: Mapping[tuple[str, str], Sequence[Load]], edits: Mapping[str, Edit]) -> str:
    """Requests a second (microseconds of CPU for each), and the edit, a row a server, as Markdown."""
    names = list(dict.fromkeys(server for server, _ in loads))
    lines = [
        f"| | {' | '.join(CASES)} | edit: public after | CPU |",
        f"| --- |{' ---: |' * (len(CASES) + 2)}",
    ]
    for name in names:
        cells = [cell(loads.get((name, case), ())) for case in CASES]
        edit = edits.get(name)
        cells += [f"{edit.wall:.2f} s", f"{edit.cpu * 1000:,.0f} ms"] if edit else ["–", "–"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def cell(loads: Sequence[Load]) -> str:
    if not loads:
        return "–"
    rate = statistics.median(each.rate for each in loads)
    cpu = statistics.median(each.cpu_microseconds for each in loads)
    return f"{rate:,.0f} ({cpu:,.0f} µs)"


def main() -> None:
    parser = argparse.ArgumentParser(description="Broadsheet and other software for the same job.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="how long each measurement lasts")
    chosen = parser.parse_args()
    check_tools()
    install_peers()
    loads, edits = measure(chosen.rounds, chosen.seconds)
    print(f"Requests/s on one core (CPU a request); {chosen.rounds} rounds of {chosen.seconds} s\n")
    print(table(loads, edits))


if __name__ == "__main__":
    main()
