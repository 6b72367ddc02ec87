"""Article files become Articles; what is wrong with them becomes Faults. Drafts end here.

`scan` finds the files, `read` and `load` make articles of one, `load_all` of many, `assign_slugs` gives them
their slugs and ids.
"""

from service.content.discovery.file_dependencies import DependencyCheck
from service.content.discovery.path_metadata import SUFFIXES
from service.content.discovery.scan import read, scan
from service.content.fields.media_types import media_type
from service.content.identity.assign_slugs import assign_slugs
from service.content.identity.ids import derive_id
from service.content.parsing.front_matter_writer import write_front_matter
from service.content.pipeline import load, load_all
from service.content.records import AssignedIdentity, Claim, LoadedFile, Scan, SourceFile

__all__ = [
    "SUFFIXES",
    "VERSION",
    "AssignedIdentity",
    "Claim",
    "DependencyCheck",
    "LoadedFile",
    "Scan",
    "SourceFile",
    "assign_slugs",
    "derive_id",
    "load",
    "load_all",
    "media_type",
    "read",
    "scan",
    "write_front_matter",
]

VERSION = 12
"""Raised whenever the same file would load differently, so that an index reads everything again."""
