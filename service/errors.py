"""Every error Broadsheet raises on purpose. None of them knows HTTP; `web/problems` translates them.

BroadsheetError
  SettingsError            the configuration is wrong; names every fault at once
  ContentError             one fault in one article file, at a line
    UnreadableFile         the system does not give the bytes of a file, which may pass
  QueryError               a parameter of a query is wrong
    UnknownParameter       no such parameter; suggests the near one
    InvalidParameter       a known parameter with a value it does not take
    StaleCursor            a relevance cursor from an earlier revision
  NotFound                 nothing has this address
  Gone                     an article that was withdrawn, has expired or was deleted
  NotAcceptable            no representation satisfies Accept
  InvalidHost              the Host a request names is not a host
  IndexUnavailable         the index cannot be opened, read or built
    IndexUnusable          it is missing, damaged or of another version; a build makes it anew
  QueryTooExpensive        a query has used up its processor time
  TooManyQueries           a query found the queue full, or waited too long in it
  AddressUnavailable       nothing can listen on the host and port that were set
"""

from datetime import datetime
from pathlib import Path

import msgspec


class Fault(msgspec.Struct, frozen=True, order=True):
    """One thing wrong in one file, as a value: `path:line: message`.

    `path` is relative to the content folder, with forward slashes; `line` counts from 1. One that is
    `harmless` is worth knowing, but nothing that has to be corrected: `path:line: note: message`.
    """

    path: str
    line: int
    message: str
    harmless: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'note: ' if self.harmless else ''}{self.message}"


class BroadsheetError(Exception):
    """The root of the tree: its text says what is wrong, where, and what to do."""


class SettingsError(BroadsheetError):
    """The configuration is wrong; `problems` holds one sentence per fault, all of them."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class ContentError(BroadsheetError):
    """A fault at `line` (from 1) of the file being read; the reader knows which file."""

    def __init__(self, line: int, message: str, *, harmless: bool = False) -> None:
        self.line = line
        self.message = message
        self.harmless = harmless
        super().__init__(f"line {line}: {message}")


class UnreadableFile(ContentError):
    """The system does not give the bytes of a file: permissions, a failing disk, too many open files."""

    def __init__(self, message: str) -> None:
        super().__init__(1, message)


class QueryError(BroadsheetError):
    """A parameter of a query is wrong; `parameter` names it, the text says what it takes."""

    def __init__(self, parameter: str, message: str) -> None:
        self.parameter = parameter
        super().__init__(message)


class UnknownParameter(QueryError):
    """No such parameter; `suggestion` is the near one, or None."""

    def __init__(self, parameter: str, suggestion: str | None = None) -> None:
        self.suggestion = suggestion
        hint = f" Did you mean {suggestion!r}?" if suggestion else ""
        super().__init__(parameter, f"There is no parameter {parameter!r}.{hint}")


class InvalidParameter(QueryError):
    """A known parameter with a value it does not take."""

    def __init__(self, parameter: str, expected: str) -> None:
        super().__init__(parameter, f"{parameter}: {expected}")


class StaleCursor(QueryError):
    """A cursor of a relevance search whose revision has passed; the client begins again."""

    def __init__(self) -> None:
        super().__init__(
            "cursor",
            "cursor: the content has changed since this search was ranked; ask again without the cursor.",
        )


class NotFound(BroadsheetError):
    """Nothing has this address; `what` says what was looked for."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


class Gone(BroadsheetError):
    """An article that was here and is not any more: the reason, and the instant when known."""

    def __init__(self, slug: str, reason: str, at: datetime | None) -> None:
        self.slug = slug
        self.reason = reason
        self.at = at
        super().__init__(f"The article {slug!r} is gone: {reason}")


class NotAcceptable(BroadsheetError):
    """No representation satisfies Accept; `available` lists the media types there are."""

    def __init__(self, available: tuple[str, ...]) -> None:
        self.available = available
        super().__init__(f"None of the accepted types is available here; there are {', '.join(available)}.")


class InvalidHost(BroadsheetError):
    """The Host a request names is not a syntactically valid host (RFC 9110 §7.2)."""


class IndexUnavailable(BroadsheetError):
    """The index cannot be opened, read or built; the text says why and what to do."""

    def __init__(self, where: str | Path, why: str) -> None:
        super().__init__(f"index {where}: {why}")


class IndexUnusable(IndexUnavailable):
    """The index is missing, damaged or of another version: a build from the articles makes it anew."""


class QueryTooExpensive(BroadsheetError):
    """A query has used up the processor time one query may take, and was stopped."""

    def __init__(self) -> None:
        super().__init__(
            "This query takes more processor time than one query may have. Narrow it: fewer words, phrases"
            " and exclusions, longer prefixes before *, or a tag, an author, a language or dates as well."
        )


class TooManyQueries(BroadsheetError):
    """So many queries wait already that this one was not begun."""

    def __init__(self) -> None:
        super().__init__("Too many queries are waiting already; try again in a few seconds.")


class AddressUnavailable(BroadsheetError):
    """Nothing can listen on the host and port that were set; the text says why and what to do."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(f"cannot listen on {host}, port {port}: {why}; choose others with --host, --port.")
