"""Article files become Articles; what is wrong with them becomes Faults. Drafts end here.

`scan` finds the files, `read` and `load` make articles of one, `load_all` of many, `settle` gives them their
slugs and ids.
"""

from service.content.ids import derive_id
from service.content.load import load, load_all
from service.content.loaded import Claim, Loaded, Scan, Settled, SourceFile
from service.content.media_types import media_type
from service.content.neighbours import Recheck
from service.content.place import SUFFIXES
from service.content.scan import read, scan
from service.content.settle import settle
from service.content.writing import write_front_matter

__all__ = [
    "SUFFIXES",
    "VERSION",
    "Claim",
    "Loaded",
    "Recheck",
    "Scan",
    "Settled",
    "SourceFile",
    "derive_id",
    "load",
    "load_all",
    "media_type",
    "read",
    "scan",
    "settle",
    "write_front_matter",
]

VERSION = 11
"""Raised whenever the same file would load differently, so that an index reads everything again."""
