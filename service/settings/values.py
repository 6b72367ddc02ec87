"""Readers of setting values: each converts a raw value, or raises ValueError with what it expects.

A raw value comes from TOML (any type), or from the environment or an option (text).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from ipaddress import ip_network
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args
from urllib.parse import quote, unquote, urlsplit
from zoneinfo import ZoneInfo

import msgspec

from service.content.fields.language import stated_language
from service.errors import SettingsError
from service.model import AddressStyle, Author, ScrapedRule, ascii_host, nearest_name, slugify

SurrogateKeyHeader = Literal["Cache-Groups", "Surrogate-Key", "Cache-Tag", "xkey"]
"""Headers that name the keys of a response: RFC 9875, and those of Fastly, Cloudflare and Varnish."""


MOST_SHOWN = 80
"""So many characters of an invalid value are shown."""

LONGEST_INTEGER_BITS = 1000
"""Python refuses to write very long integers."""

MOST_SCRAPED_RULES = 1000

# Reserved and unreserved characters, and percent signs (RFC 3986 §2.2, §2.3).
_PATH_CHARACTERS = "/:[]@!$&'()*+,;=%-._~"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class InvalidSecret(ValueError):
    """What is expected of a value that is a secret, or may be one by mistake, so that it is not shown."""


def text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("a non-empty text")
    if _CONTROL.search(raw):
        raise ValueError("a text without control characters")
    return raw.strip()


def line(raw: Any) -> str:
    """A text of one line: line breaks, as in texts of several lines, become blanks."""
    return " ".join(text(raw).split())


def folder(raw: Any) -> Path:
    """A folder; an empty text, as of a variable that is not set, is not the current one."""
    if not str(raw).strip():
        raise ValueError("the path of a folder")
    return Path(raw)


def secret(raw: Any) -> str:
    """A text that no message shows."""
    try:
        return text(raw)
    except ValueError as error:
        raise InvalidSecret(error) from None


def integer(least: int, most: int) -> Callable[[Any], int]:
    def read(raw: Any) -> int:
        if isinstance(raw, str) and re.fullmatch(r"-?[0-9]{1,12}", raw.strip()):
            raw = int(raw.strip())
        if not isinstance(raw, int) or isinstance(raw, bool) or not least <= raw <= most:
            raise ValueError(f"an integer between {least} and {most}")
        return raw

    return read


def port(raw: Any) -> int:
    if isinstance(raw, str) and raw.startswith("tcp://"):
        raise ValueError(
            "an integer between 1 and 65535 (Kubernetes sets this URL for a service called broadsheet; "
            "set enableServiceLinks: false)"
        )
    return integer(1, 65535)(raw)


def boolean(raw: Any) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    value = words.get(raw.strip().lower()) if isinstance(raw, str) else raw
    if not isinstance(value, int) or value not in (0, 1):
        raise ValueError("true or false")
    return bool(value)


def language(raw: Any) -> str:
    tag = stated_language(text(raw))
    if tag is None:
        raise ValueError("a registered language tag such as en or pt-BR")
    return tag


def time_zone(raw: Any) -> str:
    try:
        return ZoneInfo(text(raw)).key
    except (ValueError, OSError, LookupError):
        raise ValueError("an IANA time zone such as Europe/Paris") from None


def address(raw: Any) -> str:
    url = text(raw)
    try:
        parts = urlsplit(url)
        is_valid = parts.scheme in {"http", "https"} and bool(parts.hostname and _host(parts.netloc))
    except ValueError:
        is_valid = False  # such as http://[::1 or a port above 65535
    if not is_valid or re.search(r"[\s<>\"]", url):
        raise ValueError(
            "a URL that begins with http:// or https:// and a valid host, such as https://example.org/"
        )
    return url


def _host(netloc: str) -> str:
    """The host and port of a URL in lower case and ASCII. Raises ValueError."""
    host = ascii_host(netloc.rpartition("@")[2].lower())
    host.encode("idna")  # checks the length of its labels
    name, separator, port = host.rpartition(":")
    if separator and port and not port.endswith("]") and not 1 <= int(port) <= 65535:
        raise ValueError
    return name if separator and not port else host


def receiver_url(raw: Any) -> str:
    """The address of a program that requests are sent to."""
    url = address(raw)
    parts = urlsplit(url)
    if parts.username is not None or parts.fragment:
        raise ValueError("a URL without user and fragment")
    return url


def variable_name(raw: Any) -> str:
    """The name of an environment variable."""
    if not isinstance(raw, str) or not raw.isascii() or not raw.isidentifier():
        raise InvalidSecret("the name of an environment variable, such as HOOK_SECRET")
    return raw


class TableFault(msgspec.Struct, frozen=True):
    """What is wrong in the table `number`, from 1, of a setting: at `key`, "" for the table as a whole."""

    number: int
    key: str
    message: str


class InvalidTables(ValueError):
    """Everything that is wrong with the tables of a setting."""

    def __init__(self, faults: Sequence[TableFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.message for fault in self.faults))


class VariableFault(msgspec.Struct, frozen=True):
    """What is wrong with the environment variable `name`, as a message that names it."""

    name: str
    message: str


class InvalidVariables(SettingsError):
    """Everything that is wrong with the environment variables that a setting names."""

    def __init__(self, faults: Sequence[VariableFault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))  # several tables may name one variable
        super().__init__(tuple(fault.message for fault in self.faults))


Table = Mapping[str, Any]
TableValue = TypeVar("TableValue")


def read_tables(
    raw: Any, name: str, keys: str, most: int, read: Callable[[int, Table], TableValue]
) -> tuple[TableValue, ...]:
    """What `read` makes of each of the tables `[[name]]`, given its number; there is at least one.

    `keys` are those that each must have. Raises ValueError, and InvalidTables with all faults in all tables.
    """
    if not isinstance(raw, list) or not raw or not all(isinstance(table, dict) for table in raw):
        raise ValueError(f"[[{name}]] tables with {keys} in site.toml")
    if len(raw) > most:
        raise ValueError(f"at most {most} [[{name}]] tables; there are {len(raw)}")
    values: list[TableValue] = []
    faults: list[TableFault] = []
    for number, table in enumerate(raw, start=1):
        try:
            values.append(read(number, table))
        except InvalidTables as error:
            faults += error.faults
    if faults:
        raise InvalidTables(faults)
    return tuple(values)


def read_keys(
    number: int,
    table: Table,
    readers: Mapping[str, Callable[[Any], Any]],
    required: Sequence[str] = (),
    find_near: Callable[[str, Sequence[str]], str | None] | None = None,
) -> dict[str, Any]:
    """The value of each key of a table by its reader. Raises InvalidTables.

    `find_near` finds the key that an unknown one was meant to be; without it, one that is spelled alike.
    """
    values: dict[str, Any] = {}
    faults = [TableFault(number, "", f"{key} is missing; add it") for key in required if key not in table]
    for key, raw in table.items():
        if key not in readers:
            faults.append(TableFault(number, key, _unknown_key(key, tuple(readers), find_near)))
            continue
        try:
            values[key] = readers[key](raw)
        except ValueError as error:
            faults.append(TableFault(number, key, f"{_shown_key(key)}: {invalid(raw, error)}"))
    if faults:
        raise InvalidTables(faults)
    return values


def _unknown_key(
    key: str, known: Sequence[str], find_near: Callable[[str, Sequence[str]], str | None] | None
) -> str:
    near = (find_near or nearest_name)(key, known)
    hint = f"did you mean {near}?" if near else f"there are {', '.join(known)}"
    return f"no such key {_shown_key(key)}; {hint}"


def invalid(raw: Any, expected: object) -> str:
    """The message about a value that a reader has refused with what it expects."""
    is_hidden = isinstance(expected, InvalidSecret) and not isinstance(raw, int | float)
    return f"invalid value{'' if is_hidden else f' {_shown(raw)}'}: expected {expected}"


def _shown(raw: Any) -> str:
    """A raw value as TOML writes it, cut where it is long, and URLs in it without user and password."""
    if isinstance(raw, bool):
        written = str(raw).lower()
    elif isinstance(raw, int) and raw.bit_length() > LONGEST_INTEGER_BITS:
        written = "with very many digits"
    elif isinstance(raw, date | time):
        written = raw.isoformat()
    elif isinstance(raw, list):
        written = f"[{', '.join(map(_shown, raw[:MOST_SHOWN]))}]"
    elif isinstance(raw, dict):
        pairs = islice(raw.items(), MOST_SHOWN)
        written = f"{{{', '.join(f'{_shown_key(key)} = {_shown(value)}' for key, value in pairs)}}}"
    else:
        written = re.sub(r"//[^/@]*@", "//…@", repr(raw))
    return written if len(written) <= MOST_SHOWN else f"{written[:MOST_SHOWN]}…"


def _shown_key(key: str) -> str:
    """A key as TOML writes it: one of letters, digits, `-` and `_` without quotes."""
    is_bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if is_bare else _shown(key)


def address_style(raw: Any) -> str:
    styles = get_args(AddressStyle)
    if raw not in styles:
        raise ValueError(f"one of {', '.join(styles)}")
    return str(raw)


def receiver_urls(raw: Any) -> tuple[str, ...]:
    """The addresses of programs: a list in the file, separated by spaces or commas in the environment."""
    listed = re.split(r"[\s,]+", raw.strip()) if isinstance(raw, str) else raw
    if not isinstance(listed, list) or not listed:
        raise ValueError("a URL that begins with http:// or https://, or a list of such URLs")
    return tuple(dict.fromkeys(receiver_url(url) for url in listed))


def surrogate_key_headers(raw: Any) -> tuple[SurrogateKeyHeader, ...]:
    """Names of headers: a list in the file, separated by spaces or commas in the environment."""
    listed = re.split(r"[\s,]+", raw.strip()) if isinstance(raw, str) else raw
    names = {name.lower(): name for name in get_args(SurrogateKeyHeader)}
    if not isinstance(listed, list) or not all(
        isinstance(name, str) and name.lower() in names for name in listed
    ):
        raise ValueError(f"one or more of {', '.join(names.values())}")
    return tuple(dict.fromkeys(names[name.lower()] for name in listed))


def public_url(raw: Any) -> str:
    url = address(raw)
    parts = urlsplit(url)
    if parts.query or parts.fragment or parts.username or "?" in url or "#" in url:
        raise ValueError("a URL without user, query or fragment, such as https://example.org/blog")
    # Browsers and feed readers leave out the default port of the scheme.
    default_port = {"http": ":80", "https": ":443"}[parts.scheme]
    host = _host(parts.netloc).removesuffix(default_port)
    if {".", ".."} & {*unquote(parts.path).split("/")}:
        raise ValueError("a URL whose path has no `.` and `..`, such as https://example.org/blog")
    return f"{parts.scheme}://{host}{quote(parts.path.rstrip('/'), safe=_PATH_CHARACTERS)}"


def reference(raw: Any) -> str:
    """A URL, or the path of a file in the folder of `site.toml`."""
    url = text(raw)
    return address(url) if "://" in url else f"/files/{quote(url.lstrip('/'))}"


def authors(raw: Any) -> tuple[Author, ...]:
    if isinstance(raw, list):
        return tuple(author for item in raw for author in authors(item))
    if isinstance(raw, str):
        raw = {"name": raw}
    if not isinstance(raw, dict) or not isinstance(raw.get("name"), str) or set(raw) - {"name", "url"}:
        raise ValueError('a name, a table such as {name = "…", url = "https://…"}, or a list of these')
    name = line(raw["name"])
    return (Author(name, slugify(name), address(raw["url"]) if "url" in raw else None),)


def epoch(raw: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(raw) if isinstance(raw, str) else raw
        if isinstance(moment, date) and not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
        if isinstance(moment, datetime):
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return aware.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        pass
    raise ValueError("a date or a date and time such as 2000-01-01T00:00:00Z")


def index_url(raw: Any) -> str:
    url = text(raw)
    if not url.startswith("sqlite:///"):
        raise ValueError("sqlite:///path/to/index.db (four slashes for an absolute path)")
    return url


def store_address(raw: Any) -> str:
    """The address of a bucket of object storage, with a prefix or without, or of a folder."""
    url = text(raw).rstrip("/")
    parts = urlsplit(url)
    is_folder = parts.scheme == "file" and not parts.netloc and parts.path not in {"", "/"}
    is_bucket = parts.scheme in {"s3", "gs", "az"} and bool(parts.hostname) and "@" not in parts.netloc
    if not (is_folder or is_bucket) or parts.query or parts.fragment:
        raise ValueError(
            "s3://BUCKET/PREFIX, gs://BUCKET/PREFIX, az://CONTAINER/PREFIX or file:///path/to/folder"
        )
    return url


def log_level(raw: Any) -> str:
    levels = ("debug", "info", "warning", "error")
    if not isinstance(raw, str) or raw.lower() not in levels:
        raise ValueError(f"one of {', '.join(levels)}")
    return raw.lower()


def trusted_proxies(raw: Any) -> tuple[str, ...]:
    listed = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(listed, list | tuple) or not all(isinstance(network, str) for network in listed):
        raise ValueError("IP addresses or networks such as 10.0.0.0/8, or * for any")
    networks = tuple(network.strip() for network in listed if network.strip())
    for network in networks:
        try:
            ip_network("0.0.0.0/0" if network == "*" else network, strict=False)
        except ValueError:
            raise ValueError("IP addresses or networks such as 10.0.0.0/8, or * for any") from None
    return networks


def legacy_id(raw: Any) -> str:
    if "{url}" not in text(raw):
        raise ValueError('a template with {url} in it, such as "{url}"')
    return text(raw)


def id_authority(raw: Any) -> str:
    """A domain or an e-mail address (RFC 4151 §2.1)."""
    if not re.fullmatch(r"([\w.+-]+@)?[a-z0-9-]+(\.[a-z0-9-]+)*", text(raw)):
        raise ValueError("a domain or e-mail address in lower case, such as example.org")
    return text(raw)


def scraped_rules(raw: Any) -> tuple[ScrapedRule, ...]:
    """Tables of `files` (a glob) and regular expressions; see `ScrapedRule`."""
    fields = msgspec.structs.fields(ScrapedRule)
    readers = {field.encode_name: text if field.name == "files" else _pattern for field in fields}

    def read(number: int, table: Table) -> ScrapedRule:
        if not table:
            raise InvalidTables([TableFault(number, "", f"it is empty; give it {', '.join(readers)}")])
        return msgspec.convert(read_keys(number, table, readers), type=ScrapedRule)

    return read_tables(raw, "scraped", "files, cut or others", MOST_SCRAPED_RULES, read) if raw != [] else ()


def _pattern(raw: Any) -> str:
    """A regular expression, as it is written: blanks at its ends count."""
    text(raw)
    try:
        re.compile(raw)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"a regular expression ({error})") from None
    return str(raw)
