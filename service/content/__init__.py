"""Content: the bytes of article files become Articles, redirects, exclusions and Faults. Drafts end here.

In: a folder (`scan`, `read`) or the bytes of files (`load`, `load_parts`). Out: `LoadedFile` values; then
`assign_slugs` gives them slugs and ids. Begin with `pipeline`.
"""

from service.content.discovery.scan import read, scan
from service.content.files.dependencies import DependencyCheck
from service.content.files.kinds import SUFFIXES
from service.content.files.media_types import media_type
from service.content.front_matter.writer import write_front_matter
from service.content.identity.assign_slugs import assign_slugs, claimed_names
from service.content.identity.ids import derive_id
from service.content.pipeline import load, load_parts, read_file_parts
from service.content.records import AssignedIdentity, Claim, LoadedFile, Scan, SourceFile

__all__ = [
    "CONTENT_VERSION",
    "SUFFIXES",
    "AssignedIdentity",
    "Claim",
    "DependencyCheck",
    "LoadedFile",
    "Scan",
    "SourceFile",
    "assign_slugs",
    "claimed_names",
    "derive_id",
    "load",
    "load_parts",
    "media_type",
    "read",
    "read_file_parts",
    "scan",
    "write_front_matter",
]

CONTENT_VERSION = 57
"""Increased whenever the same file would load differently, or an article has other terms
(`index/article_row.terms_of`), so that an index reads everything again."""
