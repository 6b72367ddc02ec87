"""Files in a content folder, and what an index knows of them."""

import hashlib
from pathlib import Path

from service.index import FileHash


def hash_file(file: Path) -> FileHash:
    """The hash of a file as it lies there."""
    facts = file.stat()
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return FileHash(facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, digest)
