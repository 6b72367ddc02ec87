"""In: which articles a client asks for. Out: the values every layer to the right answers with.

A `Query` is a small frozen value; a `Page` is its answer, and every representation starts from these two.
Begin with `filters`: one row a filter, from which addresses, titles, clauses and parameters are made.
"""

from service.query.cursors import ArchiveCursor, Cursor, hash_id
from service.query.filters import FILTERS, FacetKind, Filter, ValueKind
from service.query.page import ArchivePage, Facet, Page, TermName, Tombstone
from service.query.query import (
    MAX_LIMIT,
    Content,
    Query,
    Sort,
    archive_query,
    bind,
    decode_cursor,
    excluded_terms,
    filter_values,
    has_archive,
    is_quick,
    last_page,
    required_terms,
    without_filter,
)

__all__ = [
    "FILTERS",
    "MAX_LIMIT",
    "ArchiveCursor",
    "ArchivePage",
    "Content",
    "Cursor",
    "Facet",
    "FacetKind",
    "Filter",
    "Page",
    "Query",
    "Sort",
    "TermName",
    "Tombstone",
    "ValueKind",
    "archive_query",
    "bind",
    "decode_cursor",
    "excluded_terms",
    "filter_values",
    "has_archive",
    "hash_id",
    "is_quick",
    "last_page",
    "required_terms",
    "without_filter",
]
