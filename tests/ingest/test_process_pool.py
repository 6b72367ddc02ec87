"""Several processes read a folder as one does: the same index, also if one dies, and none is left over."""

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest

from service.content import scan
from service.content.records import FilePart
from service.index.tables.source_files import ParsedFile
from service.ingest.parse import FileParser
from service.ingest.process_pool import MAX_CHUNK, MIN_INPUTS, PIPE_BYTES, processes_for
from service.model import Site
from tests.support.server import ROOT
from tests.support.waiting import TIMEOUT_SECONDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process reads")

FILES = 5 * MAX_CHUNK + 3

# Each runs in a process of its own, since a process with several threads, as this one may be, must not fork.
BEGINNING = """
import multiprocessing, os, signal, sys
from contextlib import closing
from pathlib import Path
import msgspec
from service.content import scan
from service.index import now
from service.ingest import refresh_index
from service.index.tables.source_files import ParsedFile
from service.ingest.parse import FileParser
from service.content.records import FilePart
from service.ingest.process_pool import run_in_processes
from service.model import Site
root = Path(sys.argv[1])
files = [FilePart(file.path, file.size) for file in scan(root).files]
answers = run_in_processes(FileParser(root, Site()).parse, files, ParsedFile, 3)
first = next(answers)
children = multiprocessing.active_children()
assert len(children) == 3
"""
ENDING = """
answers.close()
assert multiprocessing.active_children() == []
"""
PRINT_ALL = "sys.stdout.buffer.write(msgspec.msgpack.encode([first, *answers]))\n"


def run(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-W", "error", "-c", script, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, cwd=ROOT, timeout=TIMEOUT_SECONDS)


def decode(printed: bytes) -> list[ParsedFile]:
    return msgspec.msgpack.decode(printed, type=list[ParsedFile])


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("articles")
    for number in range(FILES):
        matter = f"title: Number {number}\ndate: 2019-01-{number % 28 + 1:02}\ntags: [a, b{number % 3}]"
        # Long enough to fill a pipe: so no process ends before its answers are taken.
        text = f"Text of *{number}* [here](x.png). {'Harbour bridge. ' * (PIPE_BYTES // 400)}"
        (root / f"{number:03}.md").write_text(f"---\n{matter}\n---\n{text}\n")
    (root / "005.md").write_text("---\ntitle: [\n---\n")
    (root / "006.jsonl").write_text('{"title": "One", "text": "x"}\n{"title": "Two", "weight": 1e400}\n')
    return root


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "articles")


@pytest.fixture(scope="module")
def read_alone(original: Path) -> list[ParsedFile]:
    """What one process reads in the folder."""
    parts = [FilePart(file.path, file.size) for file in scan(original).files]
    return FileParser(original, Site()).parse(parts)


def test_several_processes_give_the_same_result(original: Path, read_alone: list[ParsedFile]) -> None:
    done = run(BEGINNING + PRINT_ALL + ENDING, original)
    assert (done.returncode, done.stderr) == (0, b"")
    assert decode(done.stdout) == read_alone


def test_work_of_a_dead_process_is_redone(original: Path, read_alone: list[ParsedFile]) -> None:
    killing = "os.kill(children[1].pid, signal.SIGKILL); children[1].join()\n"
    done = run(BEGINNING + killing + PRINT_ALL + ENDING, original)
    assert (done.returncode, done.stderr) == (0, b"")
    assert decode(done.stdout) == read_alone


def test_stopped_build_leaves_no_process(original: Path) -> None:
    # Whoever is started in the background is born deaf to Ctrl-C, tests on a server among them.
    interrupting = """
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    with closing(answers):
        next(answers)
        os.killpg(0, signal.SIGINT)
        for answer in answers: pass
except KeyboardInterrupt:
    print("interrupted")
"""
    command = [sys.executable, "-W", "error", "-c", BEGINNING + interrupting + ENDING, str(original)]
    done = subprocess.run(
        command, capture_output=True, cwd=ROOT, timeout=TIMEOUT_SECONDS, start_new_session=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"interrupted\n", b"")


def test_processes_end_when_their_parent_is_killed(folder: Path) -> None:
    for number in range(40):  # more than fits into the pipes, so that no process is done by then
        (folder / f"long-{number:02}.md").write_text("A long text. " * 10_000)
    dying = (
        "print(*(process.pid for process in children), flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = run(BEGINNING + dying, folder)
    waiting = {int(process) for process in done.stdout.split()}
    assert len(waiting) == 3
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while waiting and time.monotonic() < deadline:
        waiting = {process for process in waiting if is_running(process)}
        time.sleep(0.01)
    assert not waiting


def is_running(process: int) -> bool:
    """Whether a process is alive: one that has ended and was not waited for is not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_the_index_is_the_same_to_the_byte(folder: Path, tmp_path: Path) -> None:
    for path in sorted(folder.iterdir())[FILES // 3 :]:  # chunks of long files, then of short ones
        path.unlink()
    for number in range(MIN_INPUTS):
        (folder / f"more-{number}.md").write_text(f"# More {number}\n\nSome text.\n")
    for path in folder.iterdir():
        os.utime(path, (1_500_000_000, 1_500_000_000))
    building = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from service.ingest import refresh_index
from service.ingest import process_pool
from service.model import Site
started = []
class CountedProcess(process_pool._PooledProcess):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        started.append(self)
process_pool._PooledProcess = CountedProcess
process_pool.os.sched_getaffinity = lambda process: range(int(sys.argv[3]))
reported = []
refresh_index(f"sqlite:///{sys.argv[2]}", Path(sys.argv[1]), Site(), now=datetime(2026, 1, 1, tzinfo=UTC),
        progress=lambda *counts: reported.append(counts))
assert reported == [(done, len(reported)) for done in range(1, len(reported) + 1)], reported
print(len(started))
"""
    files = {processes: tmp_path / f"{processes}.db" for processes in (1, 3)}
    for processes, file in files.items():
        done = run(building, folder, file, str(processes))
        assert (done.returncode, done.stderr) == (0, b"")
        assert int(done.stdout) == (processes if processes > 1 else 0)
    assert files[1].read_bytes() == files[3].read_bytes()


def test_one_process_reads_where_another_would_be_no_help_or_not_safe() -> None:
    assert processes_for(MIN_INPUTS - 1) == 1
    ended = threading.Event()
    other = threading.Thread(target=ended.wait)
    other.start()
    try:
        assert processes_for(1_000_000) == 1
    finally:
        ended.set()
        other.join()
