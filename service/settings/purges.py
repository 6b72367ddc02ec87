"""The setting `purge`: the caches in front of the service that are purged of what has changed."""

import hashlib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

import msgspec

from service.settings import values
from service.settings.values import (
    InvalidTables,
    InvalidVariables,
    SurrogateKeyHeader,
    TableFault,
    VariableFault,
)

PurgeKindName = Literal["fastly", "cloudflare", "varnish", "url"]
PurgeMethod = Literal["POST", "PUT", "DELETE", "GET", "PURGE", "BAN"]

MOST_PURGES = 16

KEY_FIELD = "{key}"
KEYS_FIELD = "{keys}"


class PurgeKind(msgspec.Struct, frozen=True, kw_only=True):
    """A product that is purged by keys, and what its tables `[[purge]]` must and may have besides `kind`.

    `header` is the one from which it takes the keys of a response, None if that is not known. One request
    names at most `most_keys`. `url` is where its API is.
    """

    header: SurrogateKeyHeader | None
    required: tuple[str, ...]
    optional: tuple[str, ...]
    most_keys: int
    url: str = ""


PURGE_KINDS: Mapping[PurgeKindName, PurgeKind] = {
    "fastly": PurgeKind(
        header="Surrogate-Key",
        required=("service_id", "token_env"),
        optional=("soft", "url", "allow_private_addresses"),
        most_keys=256,
        url="https://api.fastly.com",
    ),
    "cloudflare": PurgeKind(
        header="Cache-Tag",
        required=("zone_id", "token_env"),
        optional=("url", "allow_private_addresses"),
        most_keys=30,
        url="https://api.cloudflare.com/client/v4",
    ),
    "varnish": PurgeKind(
        header="xkey",
        required=("url",),
        optional=("allow_private_addresses",),
        most_keys=100,  # of 33 bytes: the longest header field that Varnish takes has 8 kB
    ),
    "url": PurgeKind(
        header=None,
        required=("url",),
        optional=("token_env", "method", "allow_private_addresses"),
        most_keys=50,
    ),
}
"""One row for each product; `service/purging/requests.py` makes its requests."""


class Purge(msgspec.Struct, frozen=True, kw_only=True):
    """One table `[[purge]]`. `token_env` names the environment variable that holds the token."""

    kind: PurgeKindName
    url: str
    token_env: str | None = None
    service_id: str = ""
    zone_id: str = ""
    method: PurgeMethod = "POST"
    soft: bool = False
    allow_private_addresses: bool = False

    @property
    def id(self) -> str:
        """Eight hex digits that identify it where its address is not shown."""
        place = "\n".join((self.kind, self.url, self.service_id, self.zone_id))
        return hashlib.sha256(place.encode()).hexdigest()[:8]

    @property
    def label(self) -> str:
        """The cache as messages call it: `1a2b3c4d (varnish cache.example.org)`."""
        return f"{self.id} ({self.kind} {urlsplit(self.url).hostname})"

    @property
    def most_keys(self) -> int:
        """How many keys one request may name."""
        return 1 if KEY_FIELD in self.url else PURGE_KINDS[self.kind].most_keys


def read_purges(raw: Any) -> tuple[Purge, ...]:
    """Tables of `kind` and what its row in PURGE_KINDS names. Raises ValueError."""
    first_numbers: dict[str, int] = {}

    def read(number: int, table: values.Table) -> Purge:
        purge = _read_table(number, table)
        first = first_numbers.setdefault(purge.id, number)
        if first != number:
            message = f"the same cache as in table {first}; remove one of them"
            raise InvalidTables([TableFault(number, "", message)])
        return purge

    return values.read_tables(raw, "purge", "kind", MOST_PURGES, read)


def read_tokens(configured: Sequence[Purge], environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The token for each of `configured` that has one, by its id. Raises InvalidVariables."""
    variables = os.environ if environ is None else environ
    tokens = {purge.id: variables.get(purge.token_env, "") for purge in configured if purge.token_env}
    faults = [
        VariableFault(purge.token_env, _describe_token(purge.token_env, tokens[purge.id], purge.kind))
        for purge in configured
        if purge.token_env and not re.fullmatch(r"[!-~]+", tokens[purge.id])
    ]
    if faults:
        raise InvalidVariables(faults)
    return tokens


def _describe_token(variable: str, token: str, kind: str) -> str:
    """What is wrong with an invalid token, which the message does not contain."""
    if not token:
        return (
            f"purge: the variable {variable}, named by token_env, is not set; set it to the token of {kind}"
        )
    return (
        f"purge: the variable {variable}, named by token_env, is not a token of {kind}: it contains a"
        " blank, a line break or a character that is not ASCII; set it to the token alone"
    )


def missing_headers(configured: Sequence[Purge], headers: Sequence[SurrogateKeyHeader]) -> list[str]:
    """What is wrong with the setting `surrogate_key_headers`, by which responses name their keys."""
    problems = []
    for purge in configured:
        header = PURGE_KINDS[purge.kind].header
        if header and header not in headers:
            problems.append(
                f"surrogate_key_headers: {purge.kind} in [[purge]] takes keys from {header}; add it."
            )
    if configured and not headers and not problems:
        problems.append("surrogate_key_headers: [[purge]] needs responses that name their keys; set it.")
    return list(dict.fromkeys(problems))


def _read_table(number: int, table: values.Table) -> Purge:
    kind = next((name for name in PURGE_KINDS if name == table.get("kind")), None)
    if kind is None:
        known = f"one of {', '.join(PURGE_KINDS)}"
        message = (
            f"kind: {values.invalid(table['kind'], known)}"
            if "kind" in table
            else f"kind is missing; add {known}"
        )
        raise InvalidTables([TableFault(number, "kind", message)])
    row = PURGE_KINDS[kind]
    readers = {"kind": str} | {name: _READERS[name] for name in (*row.required, *row.optional)}
    if kind == "url":
        readers["url"] = _read_template
    facts = values.read_keys(number, table, readers, row.required)
    return Purge(**{"url": row.url} | facts)


def _read_plain_url(raw: Any) -> str:
    url = values.receiver_url(raw)
    if "{" in url or "}" in url:
        raise ValueError('a URL without { and }, which only the kind "url" replaces')
    return url


def _read_template(raw: Any) -> str:
    """The address of a request, with a place for its keys behind the host."""
    url = values.receiver_url(raw)
    fields = re.findall(r"\{.*?\}|[{}]", url)
    if fields not in ([KEY_FIELD], [KEYS_FIELD]) or fields[0] in urlsplit(url).netloc:
        raise ValueError(
            f"a URL with {KEY_FIELD} behind the host, for a request for each key, or with {KEYS_FIELD}"
        )
    return url


def _read_identifier(raw: Any) -> str:
    if not isinstance(raw, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", raw):
        raise ValueError("letters and digits, as the product shows them")
    return raw


def _read_method(raw: Any) -> str:
    if raw not in get_args(PurgeMethod):
        raise ValueError(f"one of {', '.join(get_args(PurgeMethod))}")
    return str(raw)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "url": _read_plain_url,
    "service_id": _read_identifier,
    "zone_id": _read_identifier,
    "token_env": values.variable_name,
    "method": _read_method,
    "soft": values.boolean,
    "allow_private_addresses": values.boolean,
}
