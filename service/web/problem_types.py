"""The types of problem (RFC 9457): the one table from what went wrong to status, title and explanation."""

import msgspec
from litestar.exceptions import ClientException, MethodNotAllowedException, NotFoundException

from service.errors import (
    BroadsheetError,
    Gone,
    IndexUnavailable,
    InvalidHost,
    NotAcceptable,
    NotFound,
    QueryError,
    QueryTooExpensive,
    StaleCursor,
    TooManyQueries,
    UnknownParameter,
)
from service.web.address import BadAddress


class UnsatisfiableRange(BroadsheetError):
    """The range that is asked for lies outside a file of `length` bytes."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(f"The file has {length} bytes; the range lies outside.")


class NotReady(BroadsheetError):
    """The service cannot see its content: nothing should be sent its way."""


class Kind(msgspec.Struct, frozen=True):
    """A type of problem: its name (the end of its address), status, title, and members beside the usual.

    `about` says when it occurs, `example` is the detail of one occurrence.
    """

    name: str
    status: int
    title: str
    about: str
    example: str
    members: tuple[str, ...] = ()


_IN_LOG = "Something went wrong here; the log has more under 9f86d081884c7d65."

KINDS: tuple[tuple[type[Exception], Kind], ...] = (
    (
        UnknownParameter,
        Kind(
            "UnknownParameter",
            400,
            "Unknown parameter",
            "the address takes no parameter of that name.",
            "There is no parameter 'limt'. Did you mean 'limit'?",
            ("parameter", "suggestion"),
        ),
    ),
    (
        StaleCursor,
        Kind(
            "StaleCursor",
            400,
            "Stale cursor",
            "the content has changed since the search was ranked; begin again without the cursor.",
            "cursor: the content has changed since this search was ranked; ask again without the cursor.",
            ("parameter",),
        ),
    ),
    (
        QueryError,
        Kind(
            "InvalidParameter",
            400,
            "Invalid parameter",
            "a parameter has a value it does not take, or stands twice.",
            "limit: a whole number from 1 to 100.",
            ("parameter",),
        ),
    ),
    (
        BadAddress,
        Kind(
            "BadAddress",
            400,
            "Bad address",
            "the percent-encoding of the address is broken, or it holds a NUL.",
            "The path holds '%ZZ', which is no percent-encoding; encode a percent sign itself as %25.",
        ),
    ),
    (
        InvalidHost,
        Kind(
            "InvalidHost",
            400,
            "Invalid Host",
            "the request names no Host, several, or one that is none (RFC 9110 §7.2).",
            "The Host of the request is not a host name or address with an optional port.",
        ),
    ),
    (NotFound, Kind("NotFound", 404, "Not found", "nothing is here.", "There is no article 'harbor-opens'.")),
    (NotFoundException, Kind("NotFound", 404, "Not found", "nothing is here.", "Nothing has this address.")),
    (
        MethodNotAllowedException,
        Kind(
            "MethodNotAllowed",
            405,
            "Method not allowed",
            "the address is only read.",
            "This address is only read; the methods it takes stand in Allow.",
        ),
    ),
    (
        NotAcceptable,
        Kind(
            "NotAcceptable",
            406,
            "Not acceptable",
            "nothing that Accept lists is available at a negotiated address.",
            "None of the accepted types is available here; there are application/json, text/html.",
            ("available",),
        ),
    ),
    (
        Gone,
        Kind(
            "Gone",
            410,
            "Gone",
            "the article was withdrawn, has expired or was deleted.",
            "The article 'harbour-closes' is gone: withdrawn at the author's request",
            ("reason", "at"),
        ),
    ),
    (
        UnsatisfiableRange,
        Kind(
            "UnsatisfiableRange",
            416,
            "Range not satisfiable",
            "the range lies outside the file.",
            "The file has 8000 bytes; the range lies outside.",
        ),
    ),
    (
        IndexUnavailable,
        Kind(
            "Unavailable",
            503,
            "Service unavailable",
            "the index cannot be read just now.",
            "The service cannot answer right now, but may soon; the log has more under 9f86d081884c7d65.",
            ("request_id",),
        ),
    ),
    (
        QueryTooExpensive,
        Kind(
            "QueryTooExpensive",
            503,
            "Query too expensive",
            "the query takes more processor time than one may have; narrow it as `detail` says.",
            str(QueryTooExpensive()),
        ),
    ),
    (
        TooManyQueries,
        Kind(
            "TooManyQueries",
            503,
            "Too many queries",
            "too many queries wait already, or this one has waited too long; try again after Retry-After.",
            str(TooManyQueries()),
        ),
    ),
    (
        NotReady,
        Kind(
            "NotReady",
            503,
            "Not ready",
            "the content cannot be read just now.",
            "The content cannot be read just now; the log says why.",
        ),
    ),
    (
        ClientException,
        Kind(
            "BadRequest",
            400,
            "Bad request",
            "the request cannot be understood; `type` tells which of the problems of status 400 it is.",
            "The request cannot be understood.",
            ("parameter",),
        ),
    ),
    (
        Exception,
        Kind("InternalError", 500, "Internal error", "a fault of the service.", _IN_LOG, ("request_id",)),
    ),
)
"""From an error to its type of problem; the first row that fits."""


def kind_of(error: Exception) -> Kind:
    """The type of problem of any error, the framework's own among them."""
    return next(kind for class_, kind in KINDS if isinstance(error, class_))
