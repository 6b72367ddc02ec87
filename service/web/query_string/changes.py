"""Parses the query strings of `/changes` and `/manifest.json`."""

import msgspec

from service.errors import InvalidParameter
from service.model import Site
from service.query import ChangeCursor, Query, bind, decode_cursor
from service.web.query_string.parameters import BUCKET_PARAMETER, CHANGE_CURSOR_PARAMETER, REVISION_PARAMETER
from service.web.query_string.parsing import parse_query, reject_parameters, take_parameter


class ChangesRequest(msgspec.Struct, frozen=True):
    """A request to `/changes`: a query, and the revision or the position to begin at."""

    query: Query
    since: str | None = None
    cursor: ChangeCursor | None = None

    @property
    def is_of_everything(self) -> bool:
        """Whether it is the first page of all articles that the query finds."""
        return self.since is None and self.cursor is None


def parse_changes(raw: bytes, site: Site) -> ChangesRequest:
    """Parse a query string: the filters of NDJSON, and a revision or a cursor.

    Raises UnknownParameter, InvalidParameter.
    """
    since, rest = take_parameter(raw, REVISION_PARAMETER, site)
    cursor, rest = take_parameter(rest, CHANGE_CURSOR_PARAMETER, site)
    query = parse_query(rest, "ndjson", site)
    if query.sort != "newest":
        raise InvalidParameter("sort", "changes have an order of their own; leave it out.")
    if query.related:
        raise InvalidParameter("related", "it finds other articles when one changes; use the tags instead.")
    if cursor is None:
        return ChangesRequest(query, since)
    if since is not None:
        raise InvalidParameter("cursor", "it contains the revision; leave `since` out.")
    return ChangesRequest(query, cursor=decode_cursor(ChangeCursor, cursor, bind(query)))


def parse_manifest_query(raw: bytes, site: Site) -> int | None:
    """The bucket of the manifest, 0 to 255; None for all. Raises UnknownParameter, InvalidParameter."""
    bucket, rest = take_parameter(raw, BUCKET_PARAMETER, site)
    reject_parameters(rest, "json", [BUCKET_PARAMETER.name])
    return bucket if bucket is None else int(bucket, 16)
