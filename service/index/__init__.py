"""The index of a content folder: one SQLite database that answers queries and can be rebuilt at any time.

In: rows of articles from `ingest`. Out: pages, articles, facets and archive pages for a Revision, which names
the content and the newest publication or expiry applied to it. Begin with `Index` in `reader`.
"""

from service.index.answers import (
    FileHash,
    FileRecord,
    Moved,
    RelatedArticles,
    Revision,
    SitemapMonth,
)
from service.index.clock import now
from service.index.connection import sibling_path
from service.index.inventory import ArticleSnapshot
from service.index.inventory_reader import (
    made_from,
    read_inventory,
    read_rename_notices,
    refused_references,
    stored_site,
)
from service.index.reader import Index
from service.index.related import find_related
from service.index.schedule import apply_due_transitions

__all__ = [
    "ArticleSnapshot",
    "FileHash",
    "FileRecord",
    "Index",
    "Moved",
    "RelatedArticles",
    "Revision",
    "SitemapMonth",
    "apply_due_transitions",
    "find_related",
    "made_from",
    "now",
    "read_inventory",
    "read_rename_notices",
    "refused_references",
    "sibling_path",
    "stored_site",
]
