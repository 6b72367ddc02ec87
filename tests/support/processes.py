"""The processes of a running service, as Linux shows them in /proc."""

from pathlib import Path

import msgspec


class Use(msgspec.Struct, frozen=True):
    """What one process uses: resident memory in kB, and open file descriptors."""

    memory_kb: int
    descriptors: int


def children(pid: int) -> list[int]:
    """The processes that `pid` has started and that have not ended."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [child for child in map(int, listed.split()) if is_running(child)]


def workers(pid: int) -> list[int]:
    """Those of the children that answer requests: they alone have threads."""
    return [child for child in children(pid) if _threads(child) > 1]


def refreshers(pid: int) -> list[int]:
    """Those of the children that keep the index up to date."""
    return [child for child in children(pid) if _threads(child) == 1]


def is_running(pid: int) -> bool:
    """Whether the process has not ended; one that nobody has waited for yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def use_of(pid: int) -> Use:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return Use(resident, _entries(f"/proc/{pid}/fd"))


def _threads(pid: int) -> int:
    try:
        return _entries(f"/proc/{pid}/task")
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _entries(folder: str) -> int:
    return sum(1 for _ in Path(folder).iterdir())
