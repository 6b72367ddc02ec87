"""A bucket of object storage as a store: `s3://`, `gs://` and `az://`, through obstore.

Credentials, regions and endpoints are read by obstore from the usual variables of each provider: `AWS_…`,
`GOOGLE_…`, `AZURE_…`. Objects are read and written in threads of obstore, so a store must be opened in the
process that uses it, after any fork.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotModifiedError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import from_url

from service.errors import ObjectChanged, ObjectMissing, StoreUnavailable
from service.replication.store import StoredObject

REQUEST_SECONDS = 20
CONNECT_SECONDS = 5
RETRIES = 2
RETRYING_SECONDS = 30
LONGEST_REASON = 300

SCHEMES = ("s3", "gs", "az")
ADDRESSES = "s3://BUCKET, gs://BUCKET or az://CONTAINER, each with or without /PREFIX"
ENDPOINT = (
    "check the network, and the endpoint if you have set one (AWS_ENDPOINT_URL), which begins with https://"
)
CREDENTIALS = "set the credentials that the provider's tools use (AWS_…, GOOGLE_… or AZURE_…)"

_REASONS = (
    (
        re.compile(
            r"169\.254\.169\.254|latest/api/token|computeMetadata"
            r"|MissingAccount|Account must be|[Cc]redential"
        ),
        "no credentials were found",
        CREDENTIALS,
    ),
    (
        re.compile(r"Missing (?:SecretAccessKey|AccessKeyId)|Invalid Access Key"),
        "the credentials are not complete, or malformed",
        CREDENTIALS,
    ),
    (
        re.compile(r"status code: 403|Unauthenticated|SignatureDoesNotMatch"),
        "access is denied",
        CREDENTIALS,
    ),
    (re.compile(r"operation timed out|TimedOut"), "it did not answer in time", ENDPOINT),
    (re.compile(r"error sending request|connection|dns|InvalidUri"), "it cannot be reached", ENDPOINT),
)
_BEHIND_END = "status code: 416"
_DURATION = re.compile(r" in [0-9.]+(?:ns|µs|ms|s)\b")
_NO_BUCKET = re.compile("NoSuchBucket|ContainerNotFound|bucket does not exist")


class BucketStore:
    """The objects at `address`, which is that of a bucket and may go on with a prefix.

    `setting` is named in errors. The version of an object is its ETag. Raises StoreUnavailable.
    """

    def __init__(self, setting: str, address: str) -> None:
        self._setting = setting
        self._address = address
        parts = urlsplit(address)
        if parts.scheme not in SCHEMES:
            raise StoreUnavailable(setting, address, f"it is not the address of a bucket; give {ADDRESSES}")
        if not parts.netloc:
            raise StoreUnavailable(setting, address, f"it names no bucket; give {ADDRESSES}")
        with self._translate_errors(""):
            self._store = from_url(
                address,
                # A provider's own address has https; http is what an endpoint in the environment may have.
                client_options={
                    "allow_http": True,
                    "timeout": timedelta(seconds=REQUEST_SECONDS),
                    "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
                },
                retry_config={
                    "max_retries": RETRIES,
                    "retry_timeout": timedelta(seconds=RETRYING_SECONDS),
                },
            )

    def read(self, name: str, known_version: str = "") -> StoredObject | None:
        with self._translate_errors(name):
            try:
                found = obstore.get(
                    self._store, name, options={"if_none_match": known_version} if known_version else None
                )
            except NotModifiedError:
                return None
            return StoredObject(bytes(found.bytes()), found.meta["e_tag"] or "")

    def read_range(self, name: str, start: int, length: int) -> bytes:
        with self._translate_errors(name):
            try:
                return bytes(obstore.get_range(self._store, name, start=start, length=length))
            except BaseError as error:
                if _BEHIND_END in str(error):
                    return b""
                raise

    def write(self, name: str, content: bytes | Path, metadata: Mapping[str, str] | None = None) -> None:
        """Write an object, with headers such as Content-Type as its `metadata`."""
        with self._translate_errors(name):
            obstore.put(self._store, name, content, attributes=dict(metadata or {}))

    def replace(self, name: str, content: bytes, known_version: str) -> str:
        try:
            with self._translate_errors(name):
                written = obstore.put(
                    self._store,
                    name,
                    content,
                    mode={"e_tag": known_version} if known_version else "create",
                    use_multipart=False,
                )
                return written["e_tag"] or ""
        except ObjectChanged:
            # A write that was repeated after a lost answer is refused, although the first one succeeded.
            present = self.read(name)
            if present is None or present.content != content:
                raise
            return present.version

    def list_sizes(self, folder: str = "") -> Iterator[tuple[str, int]]:
        """The name and the length of every object, also of those in folders if `folder` is ""."""
        with self._translate_errors(folder or "the list of objects"):
            for page in obstore.list(self._store, f"{folder}/" if folder else None):
                yield from ((found["path"], found["size"]) for found in page)

    def delete(self, names: Iterable[str]) -> None:
        with self._translate_errors("objects"):
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    obstore.delete(self._store, name)

    def delete_unfinished(self, before: datetime) -> None:
        """Nothing: no list has the parts of an unfinished object; a rule of the bucket deletes them."""

    @contextlib.contextmanager
    def _translate_errors(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            if _NO_BUCKET.search(str(error)):
                reason = "there is no such bucket; create it, or correct the name"
                raise StoreUnavailable(self._setting, self._address, reason) from None
            raise ObjectMissing(self._setting, self._address, name) from None
        except (PreconditionError, AlreadyExistsError):
            raise ObjectChanged(self._setting, self._address, name) from None
        except (PermissionDeniedError, UnauthenticatedError) as error:
            reason = f"access to {name} is denied ({_first_line(error)}); {CREDENTIALS}"
            raise StoreUnavailable(self._setting, self._address, reason) from error
        except (BaseError, ValueError) as error:
            raise StoreUnavailable(self._setting, self._address, _reason(error)) from error
        except BaseException as error:
            # How obstore ends where an endpoint is no address.
            if type(error).__name__ != "PanicException":
                raise
            raise StoreUnavailable(self._setting, self._address, _reason(error)) from None


def _reason(error: BaseException) -> str:
    """What is wrong, with the first line of what obstore says, and what to do."""
    text = str(error)
    for pattern, reason, advice in _REASONS:
        if pattern.search(text):
            return f"{reason} ({_first_line(error)}); {advice}"
    return f"a request failed ({_first_line(error)})"


def _first_line(error: BaseException) -> str:
    """What obstore says, without how long it took: a failure that lasts has one message."""
    return _DURATION.sub("", str(error).partition("\n")[0])[:LONGEST_REASON]
