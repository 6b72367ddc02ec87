"""In: which articles a client asks for. Out: the values every layer to the right answers with.

A `Query` is a small frozen value; a `Page` is its answer, and every representation starts from these two.
Begin with `filters`: one row a filter, from which addresses, titles, clauses and parameters are made.
"""

from service.query.cursors import ArchiveCursor, Cursor, hash_id
from service.query.filters import FILTERS, MEDIA, FacetKind, Filter, TermKind, ValueKind
from service.query.page import ArchivePage, Facet, Page, TermName, Tombstone
from service.query.query import (
    FALSE,
    MAX_LIMIT,
    SORT_FILTERS,
    Content,
    Period,
    Query,
    Sort,
    TermKey,
    alternative_terms,
    archive_query,
    bind,
    decode_cursor,
    excluded_terms,
    filter_values,
    has_archive,
    has_kept_count,
    has_sort_filter,
    is_quick,
    last_page,
    required_terms,
    without_filter,
)

__all__ = [
    "FALSE",
    "FILTERS",
    "MAX_LIMIT",
    "MEDIA",
    "SORT_FILTERS",
    "ArchiveCursor",
    "ArchivePage",
    "Content",
    "Cursor",
    "Facet",
    "FacetKind",
    "Filter",
    "Page",
    "Period",
    "Query",
    "Sort",
    "TermKey",
    "TermKind",
    "TermName",
    "Tombstone",
    "ValueKind",
    "alternative_terms",
    "archive_query",
    "bind",
    "decode_cursor",
    "excluded_terms",
    "filter_values",
    "has_archive",
    "has_kept_count",
    "has_sort_filter",
    "hash_id",
    "is_quick",
    "last_page",
    "required_terms",
    "without_filter",
]
