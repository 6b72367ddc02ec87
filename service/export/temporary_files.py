"""Temporary files of an export, which hold what may be too large for memory."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.errors import ExportError, reason_of


@contextmanager
def open_work_folder() -> Iterator[Path]:
    """A temporary folder, which is removed at the end. Raises ExportError."""
    with report_failures():
        folder = tempfile.TemporaryDirectory(prefix="broadsheet-", ignore_cleanup_errors=True)
    with folder as name:
        yield Path(name)


@contextmanager
def report_failures() -> Iterator[None]:
    """Raise ExportError if the system refuses to write the temporary files of the block."""
    try:
        yield
    except OSError as error:
        raise ExportError(
            f"temporary files of the export cannot be written: {reason_of(error)};"
            " name a folder with room in the variable TMPDIR"
        ) from error
