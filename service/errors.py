"""The errors that Broadsheet raises. They are independent of HTTP; `web/problems` converts them.

BroadsheetError
  SettingsError            invalid settings; lists every fault
    ContentUnavailable     the content folder is missing or cannot be read
  ContentError             a fault in an article file, at a line
    UnreadableFile         the operating system cannot read a file, perhaps only for now
  QueryError               a query parameter is wrong
    UnknownParameter       no such parameter; suggests a similar name
    InvalidParameter       a known parameter with an invalid value
    StaleCursor            a relevance cursor of an earlier revision
  NotFound                 nothing has this address
  Gone                     the article was withdrawn, has expired or was deleted
  UnknownRevision          the journal does not go back to a revision
  NotAcceptable            no representation satisfies Accept
  Unauthorized             the request has no valid token
  InvalidHost              the Host header is not a valid host
  IndexUnavailable         the index cannot be opened, read or built
    IndexUnusable          it is missing, damaged or of another version; a build replaces it
    NoSnapshot             a replica has not fetched its first snapshot yet
  StoreUnavailable         the store of snapshots does not answer, or refuses a request
    ObjectMissing          it has no object of this name
    ObjectChanged          another process has written the object first
  PublishedByAnother       another publisher has published other content
  SnapshotUnusable         what was published cannot be read, or not by this version
    PublicationDamaged     current.json is no publication
    OtherVersionPublished  what was published is of another version of Broadsheet or of its environment
  QueryTooExpensive        a query has used up its processor time
  TooManyQueries           the queue of queries is full, or the query waited too long in it
  ExportError              the site cannot be written to the folder of an export
  AddressUnavailable       the configured host and port cannot be listened on
"""

from datetime import datetime
from pathlib import Path

import msgspec


class Fault(msgspec.Struct, frozen=True, order=True):
    """One fault in one file: `path:line: message`.

    `path` is relative to the content folder, with forward slashes; `line` counts from 1. A `harmless` one is
    a note and needs no correction: `path:line: note: message`.
    """

    path: str
    line: int
    message: str
    harmless: bool = False

    def __str__(self) -> str:
        return f"{printable(self.path)}:{self.line}: {'note: ' if self.harmless else ''}{self.message}"


def printable(name: str) -> str:
    """`name` in one line: line breaks and other characters that are not printable as `\\n`, `\\x1b`."""
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def counted(number: int, noun: str) -> str:
    """`1 article`, `2 articles`, `2 addresses`."""
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number} {noun}{ending}"


def reason_of(error: OSError) -> str:
    """Why the operating system refuses something, within a sentence: `permission denied`."""
    return (error.strerror or str(error)).lower()


class BroadsheetError(Exception):
    """The base class: its message says what is wrong, where, and what to do."""


class SettingsError(BroadsheetError):
    """Invalid settings; `problems` has one sentence for each fault."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class ContentUnavailable(SettingsError):
    """The content folder is missing or cannot be read, or an empty one lies in its place."""


class ContentError(BroadsheetError):
    """A fault at `line` (from 1) of the file that is being parsed; the caller adds its path."""

    def __init__(self, line: int, message: str, *, harmless: bool = False) -> None:
        self.line = line
        self.message = message
        self.harmless = harmless
        super().__init__(f"line {line}: {message}")

    def to_fault(self, path: str) -> Fault:
        """The fault of the file at `path`."""
        return Fault(path, self.line, self.message, self.harmless)


class UnreadableFile(ContentError):
    """The operating system cannot read a file: permissions, a disk error, too many open files."""

    def __init__(self, message: str) -> None:
        super().__init__(1, message)


class QueryError(BroadsheetError):
    """A query parameter is wrong; `parameter` is its name, the message says what it accepts."""

    def __init__(self, parameter: str, message: str) -> None:
        self.parameter = parameter
        super().__init__(message)


class UnknownParameter(QueryError):
    """No such parameter; `suggestion` is a similar name, or None."""

    def __init__(self, parameter: str, suggestion: str | None = None) -> None:
        self.suggestion = suggestion
        hint = f" Did you mean {suggestion!r}?" if suggestion else ""
        super().__init__(parameter, f"There is no parameter {parameter!r}.{hint}")


class InvalidParameter(QueryError):
    """A known parameter with an invalid value."""

    def __init__(self, parameter: str, expected: str) -> None:
        super().__init__(parameter, f"{parameter}: {expected}")


class StaleCursor(QueryError):
    """A cursor of a relevance search in an earlier revision; the client must restart without it."""

    def __init__(self) -> None:
        super().__init__(
            "cursor",
            "cursor: the content has changed since this search was ranked; ask again without the cursor.",
        )


class NotFound(BroadsheetError):
    """Nothing has this address."""


class Gone(BroadsheetError):
    """The article or page is no longer available: the reason, and the instant if known."""

    def __init__(self, slug: str, reason: str, at: datetime | None) -> None:
        self.reason = reason
        self.at = at
        kind = "page" if slug.startswith("/") else "article"
        super().__init__(f"The {kind} {slug!r} is gone: {reason}")


class UnknownRevision(BroadsheetError):
    """The journal has no such revision, or not any more, so what changed since then is not known."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The changes since the revision {revision!r} are not known here, or not any more. Compare your"
            " copy with the manifest, or begin without a revision."
        )


class NotAcceptable(BroadsheetError):
    """No representation satisfies Accept; `available` lists the media types of the resource."""

    def __init__(self, available: tuple[str, ...]) -> None:
        self.available = available
        super().__init__(f"None of the accepted types is available here; there are {', '.join(available)}.")


class Unauthorized(BroadsheetError):
    """A request at an address that asks for a token has none, or a wrong one."""

    def __init__(self) -> None:
        super().__init__("Send the token of the service: `Authorization: Bearer TOKEN` or `?token=TOKEN`.")


class InvalidHost(BroadsheetError):
    """The Host header of a request is not a syntactically valid host (RFC 9110 §7.2)."""


class IndexUnavailable(BroadsheetError):
    """The index cannot be opened, read or built; the message says why and what to do."""

    def __init__(self, where: str | Path, why: str) -> None:
        super().__init__(f"index {where}: {why}")


class IndexUnusable(IndexUnavailable):
    """The index is missing, damaged or of another version: a build from the articles replaces it."""


class NoSnapshot(IndexUnavailable):
    """A replica has no index yet: it answers as soon as it has fetched the first snapshot."""

    def __init__(self) -> None:
        Exception.__init__(self, "There is no snapshot from the store yet; the log has the reason.")


class StoreUnavailable(BroadsheetError):
    """The store of snapshots at `address`, the value of `setting`, cannot be used; the message says why."""

    def __init__(self, setting: str, address: str, why: str) -> None:
        super().__init__(f"{setting}: {address}: {why}")


class ObjectMissing(StoreUnavailable):
    """The store has no object of this name."""

    def __init__(self, setting: str, address: str, name: str) -> None:
        super().__init__(setting, address, f"there is no {name} in this store")


class ObjectChanged(StoreUnavailable):
    """Another process has written an object since its version was read."""

    def __init__(self, setting: str, address: str, name: str) -> None:
        super().__init__(setting, address, f"another process has written {name}")


class PublishedByAnother(BroadsheetError):
    """Another publisher has published other content, as generation `generation`; the message names it."""

    def __init__(self, generation: int, publisher: str) -> None:
        super().__init__(
            f"{publisher} has published generation {generation} with other content; only one may"
            " publish to a store: stop one of them"
        )


class SnapshotUnusable(BroadsheetError):
    """A publication is damaged, or of another version than this one; the message says which."""


class PublicationDamaged(SnapshotUnusable):
    """The `current.json` of the store describes no publication."""


class OtherVersionPublished(SnapshotUnusable):
    """What was published cannot be read by this version, or in this environment; the message says which."""


class QueryTooExpensive(BroadsheetError):
    """A query was stopped because it used up its processor time."""

    def __init__(self) -> None:
        super().__init__(
            "This query takes more processor time than allowed. Narrow it: use fewer words, phrases and"
            " exclusions, longer prefixes before *, or add a tag, an author, a language or dates."
        )


class TooManyQueries(BroadsheetError):
    """The query was not started because too many are waiting."""

    def __init__(self) -> None:
        super().__init__("Too many queries are waiting already; try again in a few seconds.")


class ExportError(BroadsheetError):
    """The site cannot be exported to a folder; the text says why, and what to do."""


class AddressUnavailable(BroadsheetError):
    """The configured host and port cannot be listened on; the message says why and what to do."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(f"cannot listen on {host}, port {port}: {why}; choose others with --host, --port.")
