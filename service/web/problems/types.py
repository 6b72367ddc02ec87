"""The types of problem (RFC 9457): the one table from what went wrong to status, title and explanation."""

import msgspec
from litestar.exceptions import ClientException, MethodNotAllowedException, NotFoundException

from service.errors import (
    BroadsheetError,
    Gone,
    IndexUnavailable,
    InvalidHost,
    NoSnapshot,
    NotAcceptable,
    NotFound,
    QueryError,
    QueryTooExpensive,
    StaleCursor,
    TooManyQueries,
    Unauthorized,
    UnknownParameter,
    UnknownRevision,
)
from service.web.addresses.encoding import BadAddress


class UnsatisfiableRange(BroadsheetError):
    """The requested range is outside a file of `length` bytes."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(f"The file has {length} bytes; the range is outside.")


class PreconditionFailed(BroadsheetError):
    """A condition of If-Match or If-Unmodified-Since is false."""

    def __init__(self) -> None:
        super().__init__(
            "The response is not the one that If-Match or If-Unmodified-Since demands; leave the header out."
            " No weak ETag (W/) matches in If-Match; use If-None-Match to learn of changes."
        )


class FileUnavailable(BroadsheetError):
    """A static file cannot be fetched from the store; the log has the reason under `request_id`."""

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        super().__init__(f"the reason is logged under {request_id}")


class NotReady(BroadsheetError):
    """The service cannot read its content, so it should get no requests."""


class ProblemType(msgspec.Struct, frozen=True):
    """A type of problem: the errors that are of it, its name (the end of its address), status and title.

    `description` says when it occurs, `example` is the detail of one occurrence, `members` are those that
    its documents have in addition.
    """

    errors: type[Exception] | tuple[type[Exception], ...]
    name: str
    status: int
    title: str
    description: str
    example: str
    members: tuple[str, ...] = ()


_IN_LOG = "Internal error; the log has the details under 9f86d081884c7d65."

PROBLEM_TYPES: tuple[ProblemType, ...] = (
    ProblemType(
        UnknownParameter,
        "UnknownParameter",
        400,
        "Unknown parameter",
        "the address has no parameter of that name.",
        "There is no parameter 'limt'. Did you mean 'limit'?",
        ("parameter", "suggestion"),
    ),
    ProblemType(
        StaleCursor,
        "StaleCursor",
        400,
        "Stale cursor",
        "the content has changed since the search was ranked; begin again without the cursor.",
        "cursor: the content has changed since this search was ranked; ask again without the cursor.",
        ("parameter",),
    ),
    ProblemType(
        QueryError,
        "InvalidParameter",
        400,
        "Invalid parameter",
        "a parameter has an invalid value, or is given twice.",
        "limit: a whole number from 1 to 100.",
        ("parameter",),
    ),
    ProblemType(
        BadAddress,
        "BadAddress",
        400,
        "Bad address",
        "the percent-encoding of the address is invalid, or it contains a NUL.",
        "The path contains '%ZZ', which is not percent-encoding; encode a percent sign itself as %25.",
    ),
    ProblemType(
        InvalidHost,
        "InvalidHost",
        400,
        "Invalid Host",
        "the request has no Host, several, or an invalid one (RFC 9110 §7.2).",
        "The Host of the request is not a host name or address with an optional port.",
    ),
    ProblemType(
        Unauthorized,
        "Unauthorized",
        401,
        "Unauthorized",
        "the request has no valid token (RFC 6750).",
        str(Unauthorized()),
    ),
    ProblemType(
        (NotFound, NotFoundException),
        "NotFound",
        404,
        "Not found",
        "there is nothing at this address.",
        "There is no article 'harbor-opens'.",
    ),
    ProblemType(
        MethodNotAllowedException,
        "MethodNotAllowed",
        405,
        "Method not allowed",
        "the address can only be read.",
        "This address can only be read; Allow lists its methods.",
    ),
    ProblemType(
        NotAcceptable,
        "NotAcceptable",
        406,
        "Not acceptable",
        "nothing that Accept lists is available at a negotiated address.",
        "None of the accepted types is available here; there are application/json, text/html.",
        ("available",),
    ),
    ProblemType(
        Gone,
        "Gone",
        410,
        "Gone",
        "the article was withdrawn, has expired or was deleted.",
        "The article 'harbour-closes' is gone: withdrawn at the author's request",
        ("reason", "at"),
    ),
    ProblemType(
        UnknownRevision,
        "UnknownRevision",
        410,
        "Unknown revision",
        "the changes since a revision are not known (any more); compare with the manifest that Link names.",
        str(UnknownRevision("5f0c6d0f2f8b6c0e9d2b1a4c7e8f9a0b")),
    ),
    ProblemType(
        PreconditionFailed,
        "PreconditionFailed",
        412,
        "Precondition failed",
        "what If-Match or If-Unmodified-Since demands is not so.",
        str(PreconditionFailed()),
    ),
    ProblemType(
        UnsatisfiableRange,
        "UnsatisfiableRange",
        416,
        "Range not satisfiable",
        "the range is outside the file.",
        "The file has 8000 bytes; the range is outside.",
    ),
    ProblemType(
        (NotReady, NoSnapshot),
        "NotReady",
        503,
        "Not ready",
        "the content cannot be read at the moment, or a replica has no snapshot yet.",
        "The content cannot be read at the moment; the log has the reason.",
    ),
    ProblemType(
        IndexUnavailable,
        "Unavailable",
        503,
        "Service unavailable",
        "the index cannot be read at the moment.",
        "The service is unavailable at the moment; the log has the details under 9f86d081884c7d65.",
        ("request_id",),
    ),
    ProblemType(
        FileUnavailable,
        "StoreUnavailable",
        503,
        "Store unavailable",
        "the file cannot be fetched from the store of this replica at the moment.",
        "The service is unavailable at the moment; the log has the details under 9f86d081884c7d65.",
        ("request_id",),
    ),
    ProblemType(
        QueryTooExpensive,
        "QueryTooExpensive",
        503,
        "Query too expensive",
        "the query takes more processor time than allowed; narrow it as `detail` says.",
        str(QueryTooExpensive()),
    ),
    ProblemType(
        TooManyQueries,
        "TooManyQueries",
        503,
        "Too many queries",
        "too many queries are waiting, or this one has waited too long; try again after Retry-After.",
        str(TooManyQueries()),
    ),
    ProblemType(
        ClientException,
        "BadRequest",
        400,
        "Bad request",
        "the request is invalid; `type` names one of the problems of status 400.",
        "The request cannot be understood.",
        ("parameter",),
    ),
    ProblemType(
        Exception,
        "InternalError",
        500,
        "Internal error",
        "an error in the service.",
        _IN_LOG,
        ("request_id",),
    ),
)
"""The type of an error is the first row that fits."""


def problem_type_of(error: Exception) -> ProblemType:
    """The type of problem of any error, the framework's own among them."""
    return next(row for row in PROBLEM_TYPES if isinstance(error, row.errors))
