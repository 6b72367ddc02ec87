"""A hash of everything but the content that determines an export: program, packages and settings."""

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
    # The name and the version of each are in it; parsing it takes 50 ms more.
    for metadata in sorted(
        each.read_text("METADATA") or each.read_text("PKG-INFO") or "" for each in distributions()
    ):
        digest.update(metadata.encode() + b"\0")
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
