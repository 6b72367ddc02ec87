"""Whether a file system reports its changes is read from the kernel."""

import subprocess
from pathlib import Path

import pytest

from service.ingest.watch import file_systems
from service.ingest.watch.file_systems import UNREPORTED, unreported_file_system
from tests.support.requirements import tool


def test_the_type_is_read_as_stat_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool("stat", "coreutils")
    for folder in (str(tmp_path), "/proc", "/sys"):
        asked = subprocess.run(["stat", "-f", "-c", "%t", folder], capture_output=True, text=True, check=True)
        number = int(asked.stdout, 16)
        assert unreported_file_system(folder) == UNREPORTED.get(number)
        monkeypatch.setitem(file_systems.UNREPORTED, number, "another kind")
        assert unreported_file_system(folder) == "another kind"
        monkeypatch.undo()


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        unreported_file_system(str(tmp_path / "nowhere"))


def test_local_disks_report(tmp_path: Path) -> None:
    """The numbers of ext4, XFS, Btrfs, tmpfs, overlayfs, F2FS and ZFS."""
    local = {0xEF53, 0x58465342, 0x9123683E, 0x01021994, 0x794C7630, 0xF2F52010, 0x2FC12FC1}
    assert not local & UNREPORTED.keys()
