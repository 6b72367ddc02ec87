"""Files that are written without waiting for the disk: no test cuts the power."""

import os

import pytest


def leave_files_unsynced(patch: pytest.MonkeyPatch) -> None:
    """Let this process leave it to the system when files reach the disk, until `patch` is undone."""
    patch.setattr(os, "fsync", lambda _: None)
    patch.setattr("service.index.database.SYNCHRONOUS", "OFF")
