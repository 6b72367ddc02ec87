"""The index of a content folder: one SQLite database that answers queries and can be rebuilt at any time.

In: rows of articles from `ingest`. Out: pages, articles, facets and archive pages of one Revision.
Begin with `Index` in `reader`; a query is answered by `listings`, `articles` and `directories`, a build is
written by `writer`, `visibility` applies what is due, and `differences` records what changed.
"""

from service.index.articles import Moved
from service.index.database import IndexFacts, index_facts, sibling_path
from service.index.differences.difference import ArticleDrop, ArticlePut, Difference, FileChange
from service.index.differences.manifest import Manifest, ManifestEntry
from service.index.directories import SitemapMonth
from service.index.instants import now
from service.index.inventory import (
    ArticleSnapshot,
    FormerAddress,
    SiteAddresses,
    count_text_bytes,
    dead_references,
    made_from,
    read_addresses,
    read_inventory,
    read_page_inventory,
    read_page_paths,
    read_private_paths,
    read_rename_notices,
    read_terms,
    refused_references,
    stored_site,
)
from service.index.reader import Index, IndexVersion
from service.index.served_files import DeadReference, FileHash, FileRecord
from service.index.state import Revision
from service.index.visibility import apply_due_transitions
from service.index.where import INSTANT_FILTERS, is_within

__all__ = [
    "INSTANT_FILTERS",
    "ArticleDrop",
    "ArticlePut",
    "ArticleSnapshot",
    "DeadReference",
    "Difference",
    "FileChange",
    "FileHash",
    "FileRecord",
    "FormerAddress",
    "Index",
    "IndexFacts",
    "IndexVersion",
    "Manifest",
    "ManifestEntry",
    "Moved",
    "Revision",
    "SiteAddresses",
    "SitemapMonth",
    "apply_due_transitions",
    "count_text_bytes",
    "dead_references",
    "index_facts",
    "is_within",
    "made_from",
    "now",
    "read_addresses",
    "read_inventory",
    "read_page_inventory",
    "read_page_paths",
    "read_private_paths",
    "read_rename_notices",
    "read_terms",
    "refused_references",
    "sibling_path",
    "stored_site",
]
