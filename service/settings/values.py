"""Readers of setting values: each converts a raw value, or raises ValueError with what it expects.

A raw value comes from TOML (any type), or from the environment or an option (text).
"""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from ipaddress import ip_network
from typing import Any, Literal, get_args
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import msgspec

from service.model import AddressStyle, Author, ScrapedRule, language_tag, slugify

SurrogateKeyHeader = Literal["Cache-Groups", "Surrogate-Key", "Cache-Tag", "xkey"]
"""Headers that name the keys of a response: RFC 9875, and those of Fastly, Cloudflare and Varnish."""


def text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("a non-empty text")
    return raw.strip()


def integer(least: int, most: int) -> Callable[[Any], int]:
    def read(raw: Any) -> int:
        if isinstance(raw, str) and re.fullmatch(r"-?[0-9]{1,12}", raw.strip()):
            raw = int(raw)
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
    value = raw if isinstance(raw, bool) else words.get(str(raw).strip().lower())
    if value is None:
        raise ValueError("true or false")
    return value


def language(raw: Any) -> str:
    tag = language_tag(text(raw))
    if tag is None:
        raise ValueError("a language tag such as en or pt-BR")
    return tag


def time_zone(raw: Any) -> str:
    try:
        return ZoneInfo(text(raw)).key
    except (ValueError, OSError, LookupError):
        raise ValueError("an IANA time zone such as Europe/Paris") from None


def address(raw: Any) -> str:
    url = text(raw)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s<>\"]", url):
        raise ValueError("a URL that begins with http:// or https://")
    return url


def receiver_url(raw: Any) -> str:
    """The address of a program that requests are sent to."""
    url = address(raw)
    parts = urlsplit(url)
    if parts.username is not None or parts.fragment:
        raise ValueError("a url without user and fragment")
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("a url with a port up to 65535") from None
    return url


def is_variable_name(raw: Any) -> bool:
    """Whether an environment variable may have this name."""
    return isinstance(raw, str) and raw.isascii() and raw.isidentifier()


def tables(raw: Any, name: str, keys: str, most: int) -> list[Mapping[str, Any]]:
    """The tables `[[name]]`, at least one and at most so many; `keys` are those that each must have."""
    if not isinstance(raw, list) or not raw or not all(isinstance(table, dict) for table in raw):
        raise ValueError(f"[[{name}]] tables with {keys}")
    if len(raw) > most:
        raise ValueError(f"at most {most} [[{name}]] tables")
    return raw


def unknown_key(name: str, known: Sequence[str], table: str, near: str | None = None) -> str:
    """What is expected in place of the key `name` of a table such as `[[webhooks]]`: perhaps `near`."""
    similar = difflib.get_close_matches(name.lower().replace("-", "_"), known, n=1)
    near = near or next(iter(similar), None)
    hint = f"did you mean {near}?" if near else f"there are {', '.join(known)}"
    return f"no key {name} in a {table} table; {hint}"


def address_style(raw: Any) -> str:
    styles = get_args(AddressStyle)
    if raw not in styles:
        raise ValueError(f"one of {', '.join(styles)}")
    return str(raw)


def addresses(raw: Any) -> tuple[str, ...]:
    """One URL or several: a list in the file, separated by spaces or commas in the environment."""
    listed = re.split(r"[\s,]+", raw.strip()) if isinstance(raw, str) else raw
    if not isinstance(listed, list) or not listed:
        raise ValueError("a URL that begins with http:// or https://, or a list of such URLs")
    return tuple(dict.fromkeys(address(url) for url in listed))


def surrogate_key_headers(raw: Any) -> tuple[SurrogateKeyHeader, ...]:
    """Names of headers: a list in the file, separated by spaces or commas in the environment."""
    listed = re.split(r"[\s,]+", raw.strip()) if isinstance(raw, str) else raw
    names = {name.lower(): name for name in get_args(SurrogateKeyHeader)}
    if not isinstance(listed, list) or not {str(name).lower() for name in listed} <= names.keys():
        raise ValueError(f"one or more of {', '.join(names.values())}")
    return tuple(dict.fromkeys(names[str(name).lower()] for name in listed))


def public_url(raw: Any) -> str:
    url = address(raw)
    parts = urlsplit(url)
    if parts.query or parts.fragment or parts.username or "?" in url or "#" in url:
        raise ValueError("a URL without user, query or fragment, such as https://example.org/blog")
    try:
        name, port = parts.netloc.lower().encode("idna").decode(), parts.port
    except ValueError:
        raise ValueError("a URL whose host is a name or an IP address, such as https://example.org") from None
    # Browsers and feed readers leave out the default port of the scheme.
    name = name.removesuffix(":") if port is None else name
    default_port = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{name.removesuffix(f':{default_port}')}{parts.path.rstrip('/')}"


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
    name = text(raw["name"])
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
    if str(raw).lower() not in levels:
        raise ValueError(f"one of {', '.join(levels)}")
    return str(raw).lower()


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
    known = {field.encode_name for field in msgspec.structs.fields(ScrapedRule)}
    expected = f"[[scraped]] tables of texts named {', '.join(sorted(known))}"
    if not isinstance(raw, list) or not all(isinstance(table, dict) for table in raw):
        raise ValueError(expected)
    for table in raw:
        if not table or set(table) - known or not all(isinstance(value, str) for value in table.values()):
            raise ValueError(expected)
        for name, pattern in table.items():
            try:
                re.compile(pattern if name != "files" else "")
            except re.error as error:
                raise ValueError(f"regular expressions; {name} = {pattern!r} is invalid: {error}") from None
    return msgspec.convert(raw, type=tuple[ScrapedRule, ...])
