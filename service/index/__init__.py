"""The index of a content folder: one SQLite database that answers queries and can be rebuilt at any time.

In: rows of articles from `ingest`. Out: pages, articles, facets and archive pages for a Revision, which names
the content and the newest publication or expiry applied to it. Begin with `Index` in `reader`.
"""

from service.index.answers import (
    Companions,
    FileHash,
    FileRecord,
    Moved,
    Revision,
    Shelf,
)
from service.index.clock import now
from service.index.connection import sibling_path
from service.index.inventory import Known
from service.index.inventory_reader import census, made_from, noted, refused_references, stored_site
from service.index.reader import Index
from service.index.related import companions
from service.index.transitions import apply_due_transitions

__all__ = [
    "Companions",
    "FileHash",
    "FileRecord",
    "Index",
    "Known",
    "Moved",
    "Revision",
    "Shelf",
    "apply_due_transitions",
    "census",
    "companions",
    "made_from",
    "noted",
    "now",
    "refused_references",
    "sibling_path",
    "stored_site",
]
