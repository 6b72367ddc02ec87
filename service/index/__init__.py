"""The index of a content folder: one SQLite database that answers queries and can be rebuilt at any time.

In: rows of articles from `ingest`. Out: pages, articles, facets and archive pages of one Revision.
Begin with `Index` in `reader`; a query is answered by `pages`, a build is written by `writer`.
"""

from service.index.files import FileHash, FileRecord
from service.index.index_file import sibling_path
from service.index.instants import now
from service.index.inventory import (
    ArticleSnapshot,
    dead_references,
    made_from,
    read_inventory,
    read_rename_notices,
    refused_references,
    stored_site,
)
from service.index.lookup import Moved
from service.index.reader import Index
from service.index.schedule import apply_due_transitions
from service.index.sitemap import SitemapMonth
from service.index.state import Revision

__all__ = [
    "ArticleSnapshot",
    "FileHash",
    "FileRecord",
    "Index",
    "Moved",
    "Revision",
    "SitemapMonth",
    "apply_due_transitions",
    "dead_references",
    "made_from",
    "now",
    "read_inventory",
    "read_rename_notices",
    "refused_references",
    "sibling_path",
    "stored_site",
]
