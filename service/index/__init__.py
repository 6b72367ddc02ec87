"""The index: a cache of the content folder that answers queries, thrown away and rebuilt at will.

`Index` is what every database offers. What is visible is decided in one place: a Revision names the content
and the newest transition (a publication or an expiry) that has come due, and everything remembered is
remembered for one revision. `refresh` builds, `advance` applies what has come due, `open_index` answers.
"""

from service.index.answers import (
    Companions,
    FileHash,
    FileRecord,
    Index,
    Moved,
    Progress,
    Report,
    Revision,
    Shelf,
)
from service.index.choose import (
    advance,
    beside,
    census,
    file_hasher,
    made_from,
    noted,
    open_index,
    refresh,
    refused_references,
    stored_site,
)
from service.index.clock import now
from service.index.file_hashes import FileHasher
from service.index.inventory import Known
from service.index.related import companions

__all__ = [
    "Companions",
    "FileHash",
    "FileHasher",
    "FileRecord",
    "Index",
    "Known",
    "Moved",
    "Progress",
    "Report",
    "Revision",
    "Shelf",
    "advance",
    "beside",
    "census",
    "companions",
    "file_hasher",
    "made_from",
    "noted",
    "now",
    "open_index",
    "refresh",
    "refused_references",
    "stored_site",
]
