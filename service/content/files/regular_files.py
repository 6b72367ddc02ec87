"""Opening files of the content folder that must be files."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_regular(file: Path) -> BinaryIO:
    """`file` opened for reading its bytes. Raises OSError for a folder, pipe, socket or device, at once.

    Opening a named pipe, or reading from it, would wait for a program that writes to it.
    """
    return open(file, "rb", opener=_open_at_once)


def _open_at_once(name: str, flags: int) -> int:
    descriptor = os.open(name, flags | os.O_NONBLOCK)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):  # `open` refuses a folder
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, "it is a pipe, a socket or a device", name)
