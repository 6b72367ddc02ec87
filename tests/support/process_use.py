"""What a process uses, as Linux shows it in /proc."""

from pathlib import Path

import msgspec


class Use(msgspec.Struct, frozen=True):
    """Resident memory in kB, and open file descriptors."""

    memory_kb: int
    descriptors: int


def read_process_use(pid: int) -> Use:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return Use(resident, sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()))
