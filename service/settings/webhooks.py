"""The setting `webhooks`: where events are sent, which ones, and the secrets that sign them."""

import hashlib
import os
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

import msgspec

from service.errors import InvalidParameter, SettingsError
from service.model import Site
from service.query import FILTERS, Query
from service.settings import values

EventName = Literal["published", "updated", "withdrawn", "expired", "deleted", "revision"]
EVENT_NAMES: tuple[EventName, ...] = get_args(EventName)
"""What happens to an article, and `revision`: that the content as a whole has changed."""

MOST_WEBHOOKS = 32
MOST_SECRETS = 4

SECRET_PREFIX = "whsec_"  # noqa: S105 (what a secret begins with)
SECRET_BYTES = range(24, 65)

ANY_SITE = Site()
"""Whether tables are valid does not depend on the site."""

_FILTERS_BY_NAME = {row.name: row for row in FILTERS}
_OWN_KEYS = ("url", "secret_env", "events", "allow_private_addresses")


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
    tables = values.tables(raw, "webhooks", "url and secret_env", MOST_WEBHOOKS)
    read = tuple(_read_table(table, site) for table in tables)
    if len({webhook.url for webhook in read}) < len(read):
        raise ValueError("each url once; let two webhooks of one receiver differ in the query string of url")
    return read


def read_secrets(
    configured: Sequence[Webhook], environ: Mapping[str, str] | None = None
) -> dict[str, tuple[bytes, ...]]:
    """The keys that sign the requests to each of `configured`, by its url. Raises SettingsError."""
    variables = os.environ if environ is None else environ
    problems, keys_by_url = [], {}
    for webhook in configured:
        keys = []
        for name in webhook.secret_env:
            try:
                keys.append(parse_secret(variables.get(name, "")))
            except ValueError as error:
                fault = "must be" if variables.get(name) else "is not set; it must be"
                problems.append(f"webhooks: the variable {name}, named by secret_env, {fault} {error}")
        keys_by_url[webhook.url] = tuple(keys)
    if problems:
        raise SettingsError(tuple(problems))
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


def _read_table(table: Mapping[str, Any], site: Site) -> Webhook:
    if missing := [name for name in ("url", "secret_env") if name not in table]:
        raise ValueError(f"{' and '.join(missing)} in every [[webhooks]] table")
    facts: dict[str, Any] = {
        "url": values.receiver_url(table["url"]),
        "secret_env": _read_variables(table["secret_env"]),
    }
    if "events" in table:
        facts["events"] = _read_events(table["events"])
    if "allow_private_addresses" in table:
        facts["allow_private_addresses"] = values.boolean(table["allow_private_addresses"])
    filters = {name: raw for name, raw in table.items() if name not in _OWN_KEYS}
    return Webhook(**facts, query=_read_query(filters, site))


def _read_variables(raw: Any) -> tuple[str, ...]:
    names = [raw] if isinstance(raw, str) else raw
    if (
        not isinstance(names, list)
        or not 1 <= len(names) <= MOST_SECRETS
        or not all(map(values.is_variable_name, names))
    ):
        raise ValueError(
            f"secret_env to be the name of an environment variable, or a list of up to {MOST_SECRETS}"
        )
    return tuple(dict.fromkeys(names))


def _read_events(raw: Any) -> tuple[EventName, ...]:
    names = [raw] if isinstance(raw, str) else raw
    if not isinstance(names, list) or not names or not all(name in EVENT_NAMES for name in names):
        raise ValueError(f"events to be a list of {', '.join(EVENT_NAMES)}")
    return tuple(name for name in EVENT_NAMES if name in names)


def _read_query(table: Mapping[str, Any], site: Site) -> Query:
    # Few sites have webhooks with filters.
    from service.filter_parsers import PARSERS, near_parameter, parse_values

    fields: dict[str, Any] = {}
    for name, raw in table.items():
        row = _FILTERS_BY_NAME.get(name)
        if row is None:
            known = (*_OWN_KEYS, *_FILTERS_BY_NAME)
            raise ValueError(values.unknown_key(name, known, "[[webhooks]]", near_parameter(name, known)))
        texts = [_text_of(value) for value in (raw if row.repeats and isinstance(raw, list) else [raw])]
        if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
            raise ValueError(f"{name} to be a text{', or a list of texts' if row.repeats else ''}")
        try:
            parsed = parse_values(
                name, PARSERS[row.kind], texts, site, repeats=row.repeats, several="write a list"
            )
        except InvalidParameter as error:
            raise ValueError(str(error).rstrip(".")) from None
        if not parsed:
            raise ValueError(f"{name} to have letters or digits")
        fields[row.field] = tuple(sorted(set(parsed))) if row.repeats else parsed[0]
    return Query(**fields)


def _text_of(raw: Any) -> Any:
    """TOML has booleans, numbers and dates, which queries write as texts."""
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, date):
        return raw.isoformat()
    return str(raw) if isinstance(raw, int) else raw
