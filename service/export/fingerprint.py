"""A hash of all that an export is made by besides the content: the program, its packages, its settings."""

import hashlib
from importlib.metadata import distributions
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from service.settings import Settings


def hash_of_program(settings: Settings) -> str:
    """Equal hashes mean that the same content gives the same bytes."""
    digest = hashlib.sha256(_encode(settings))
    for found in sorted(f"{each.name} {each.version}" for each in distributions()):
        digest.update(found.encode() + b"\0")
    _add_folder(digest, files("service"))
    return digest.hexdigest()


def _encode(settings: Settings) -> bytes:
    """The settings without places: the index and the content may be moved."""
    placeless = msgspec.structs.replace(
        settings, index="", content=Path(), options=(), templates_folder=None, notes=()
    )
    return msgspec.json.encode(placeless, enc_hook=str, order="deterministic")


def _add_folder(digest: "hashlib._Hash", folder: Traversable) -> None:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            _add_folder(digest, entry)
        elif not entry.name.endswith(".pyc"):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
