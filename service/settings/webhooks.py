"""The setting `webhooks`: where events are sent, which ones, and the secrets that sign them."""

import hashlib
import os
import re
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

import msgspec

from service.errors import InvalidParameter
from service.model import Site
from service.query import FILTERS, MEDIA, Filter, Query, ValueKind, find_contradictions
from service.settings import values
from service.settings.values import InvalidTables, InvalidVariables, TableFault, VariableFault

EventName = Literal["published", "updated", "withdrawn", "expired", "deleted", "revision"]
EVENT_NAMES: tuple[EventName, ...] = get_args(EventName)
"""What happens to an article, and `revision`: that the content as a whole has changed."""

MOST_WEBHOOKS = 32
MOST_SECRETS = 4

SECRET_PREFIX = "whsec_"  # noqa: S105 (what a secret begins with)
SECRET_BYTES = range(24, 65)

ANY_SITE = Site()
"""Whether tables are valid does not depend on the site."""

_TWICE = "let the query strings of two webhooks of one receiver differ"


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """One table `[[webhooks]]`.

    `secret_env` names the environment variables that hold the secrets. `query` has filters only. With
    `allow_private_addresses` the receiver may be on this machine or in its network.
    """

    url: str
    secret_env: tuple[str, ...]
    events: tuple[EventName, ...] = EVENT_NAMES
    query: Query = Query()
    allow_private_addresses: bool = False

    @property
    def id(self) -> str:
        """Eight hex digits that identify it where its address, which may hold a key, is not shown."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:8]

    @property
    def label(self) -> str:
        """The webhook as messages call it: `1a2b3c4d (hooks.example.org)`."""
        return f"{self.id} ({urlsplit(self.url).hostname})"


def read_webhooks(raw: Any, site: Site = ANY_SITE) -> tuple[Webhook, ...]:
    """Tables of `url`, `secret_env`, `events`, `allow_private_addresses` and filters. Raises ValueError.

    Dates are of the time zone of `site`.
    """
    first_numbers: dict[str, int] = {}

    def read(number: int, table: values.Table) -> Webhook:
        first = first_numbers.setdefault(_same_receiver(table.get("url")) or f"table {number}", number)
        twice = (
            [TableFault(number, "url", f"url: that of table {first}; {_TWICE}")] if first != number else []
        )
        try:
            webhook = _read_table(number, table, site)
        except InvalidTables as error:
            raise InvalidTables((*error.faults, *twice)) from None
        if twice:
            raise InvalidTables(twice)
        return webhook

    return values.read_tables(raw, "webhooks", "url and secret_env", MOST_WEBHOOKS, read)


def read_secrets(
    configured: Sequence[Webhook], environ: Mapping[str, str] | None = None
) -> dict[str, tuple[bytes, ...]]:
    """The keys that sign the requests to each of `configured`, by its url. Raises InvalidVariables."""
    variables = os.environ if environ is None else environ
    faults, keys_by_url = [], {}
    for webhook in configured:
        keys = []
        for name in webhook.secret_env:
            try:
                keys.append(parse_secret(variables.get(name, "")))
            except ValueError as error:
                what = "must be" if variables.get(name) else "is not set; it must be"
                message = f"webhooks: the variable {name}, named by secret_env, {what} {error}"
                faults.append(VariableFault(name, message))
        keys_by_url[webhook.url] = tuple(keys)
    if faults:
        raise InvalidVariables(faults)
    return keys_by_url


def parse_secret(text: str) -> bytes:
    """The key in a secret as Standard Webhooks writes it. Raises ValueError."""
    try:
        if text.startswith(SECRET_PREFIX):
            encoded = text.removeprefix(SECRET_PREFIX)
            key = b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
            if len(key) in SECRET_BYTES:
                return key
    except ValueError:
        pass
    least, most = SECRET_BYTES[0], SECRET_BYTES[-1]
    raise ValueError(
        f"{SECRET_PREFIX} and the base64 of {least} to {most} random bytes; "
        f'make one with: echo "{SECRET_PREFIX}$(openssl rand -base64 32)"'
    )


def _same_receiver(url: Any) -> str | None:
    """The same text for all spellings of an address: scheme and host in lower case (RFC 3986 §6.2.2.1)."""
    match = re.match(r"[^:/]+://[^/?#]*", url.strip()) if isinstance(url, str) else None
    return match and match[0].lower() + match.string[match.end() :]


def _read_table(number: int, table: values.Table, site: Site) -> Webhook:
    # Few sites have webhooks.
    from service.filter_parsers import near_parameter

    readers: dict[str, Callable[[Any], Any]] = {
        "url": values.receiver_url,
        "secret_env": _read_variables,
        "events": _read_events,
        "allow_private_addresses": values.boolean,
        **{row.name: partial(_read_filter, row, site) for row in FILTERS},
    }
    facts = values.read_keys(number, table, readers, ("url", "secret_env"), near_parameter)
    query = Query(**{row.field: facts.pop(row.name) for row in FILTERS if row.name in facts})
    if faults := [
        TableFault(number, key, f"{key}: no article can match: {message}")
        for key, message in find_contradictions(query)
    ]:
        raise InvalidTables(faults)
    return Webhook(**facts, query=query)


def _read_variables(raw: Any) -> tuple[str, ...]:
    names = [raw] if isinstance(raw, str) else raw
    try:
        if isinstance(names, list) and 1 <= len(names) <= MOST_SECRETS:
            return tuple(dict.fromkeys(map(values.variable_name, names)))
    except ValueError:
        pass
    raise values.InvalidSecret(
        f"the name of an environment variable, such as HOOK_SECRET, or a list of up to {MOST_SECRETS}"
    )


def _read_events(raw: Any) -> tuple[EventName, ...]:
    names = [raw] if isinstance(raw, str) else raw
    if not isinstance(names, list) or not names or not all(name in EVENT_NAMES for name in names):
        raise ValueError(f"one or more of {', '.join(EVENT_NAMES)}")
    return tuple(name for name in EVENT_NAMES if name in names)


def _read_filter(row: Filter, site: Site, raw: Any) -> Any:
    """The value of a filter, as the field of Query holds it. Raises ValueError."""
    from service.filter_parsers import PARSERS, parse_values

    is_accepted, words = _NOT_TEXTS.get(row.kind, (_is_nothing, "a non-empty text"))
    listed = raw if row.repeats and isinstance(raw, list) else [raw]
    if not listed or not all(
        value.strip() if isinstance(value, str) else is_accepted(value) for value in listed
    ):
        raise ValueError(f"{words}, or a list" if row.repeats else words)
    try:
        parsed = parse_values(
            row.name,
            PARSERS[row.kind],
            [_text_of(value) for value in listed],
            site,
            repeats=row.repeats,
            several="write a list",
        )
    except InvalidParameter as error:
        raise ValueError(str(error).removeprefix(f"{row.name}: ").rstrip(".")) from None
    if len(parsed) < len(listed):
        raise ValueError("a text with letters or digits")
    return tuple(sorted(set(parsed))) if row.repeats else parsed[0]


def _is_nothing(_: Any) -> bool:
    return False


_NOT_TEXTS: Mapping[ValueKind, tuple[Callable[[Any], bool], str]] = {
    "flag": (lambda value: isinstance(value, bool), "true or false"),
    "year": (lambda value: type(value) is int and 0 < value < 10_000, "a year such as 2019"),
    "month": (_is_nothing, 'a month such as "2019-01"'),
    "instant": (
        lambda value: isinstance(value, date),
        "a date such as 2019-01-28 or an instant such as 2019-01-28T09:00:00Z",
    ),
    "media": (_is_nothing, f"one of {', '.join(MEDIA)}"),
    "language": (_is_nothing, "a language tag such as en or pt-BR"),
}
"""Which values of a filter TOML does not write as texts, and what is expected."""


def _text_of(value: Any) -> str:
    """A value as queries write it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)
