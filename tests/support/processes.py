"""The processes of a running service, as Linux shows them in /proc."""

import os
from pathlib import Path


def children(pid: int) -> list[int]:
    """The processes that `pid` has started and that have not been waited for."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(child) for child in listed.split()]


def threads(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208 - names only


def is_worker(pid: int) -> bool:
    """Whether a child of the service answers requests: only those have several threads."""
    return threads(pid) > 1


def workers(pid: int) -> list[int]:
    return [child for child in children(pid) if is_worker(child)]


def others(pid: int) -> list[int]:
    """The index refresher and the WebSub publisher."""
    return [child for child in children(pid) if not is_worker(child)]


def notifier(pid: int) -> int:
    """The process that calls hubs, webhooks and caches: the last one to be started."""
    return max(children(pid))


def is_running(pid: int) -> bool:
    """Whether a process, or any thread of it, has not ended: until then its sockets take connections."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
        return state != "Z" or threads(pid) > 1
    except (FileNotFoundError, ProcessLookupError):
        return False


def group_members(group: int) -> list[int]:
    """The running processes of a process group."""
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and is_running(int(entry.name)):
            try:
                if os.getpgid(int(entry.name)) == group:
                    members.append(int(entry.name))
            except ProcessLookupError:
                continue
    return members
