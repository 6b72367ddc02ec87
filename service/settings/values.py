"""What each kind of setting takes: one function per kind, from a raw value to the value used.

A raw value comes from TOML (any type) or from the environment or an option (text). Each function raises
ValueError with the words that finish the sentence "it takes …".
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from ipaddress import ip_network
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import msgspec

from service.model import Author, ScrapedRule, language_tag, slugify


def text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("a text that is not empty")
    return raw.strip()


def whole(least: int, most: int) -> Callable[[Any], int]:
    def read(raw: Any) -> int:
        if isinstance(raw, str) and re.fullmatch(r"-?[0-9]{1,12}", raw.strip()):
            raw = int(raw)
        if not isinstance(raw, int) or isinstance(raw, bool) or not least <= raw <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return raw

    return read


def port(raw: Any) -> int:
    if isinstance(raw, str) and raw.startswith("tcp://"):
        raise ValueError(
            "a whole number from 1 to 65535 (Kubernetes writes addresses like this one for a service named "
            "broadsheet: set enableServiceLinks: false)"
        )
    return whole(1, 65535)(raw)


def flag(raw: Any) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    found = raw if isinstance(raw, bool) else words.get(str(raw).strip().lower())
    if found is None:
        raise ValueError("true or false")
    return bool(found)


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
    given = text(raw)
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s<>\"]", given):
        raise ValueError("an address that begins with http:// or https://")
    return given


def addresses(raw: Any) -> tuple[str, ...]:
    """One address or several: a list in the file, separated by blanks or commas in the environment."""
    listed = re.split(r"[\s,]+", raw.strip()) if isinstance(raw, str) else raw
    if not isinstance(listed, list) or not listed:
        raise ValueError("an address that begins with http:// or https://, or a list of them")
    return tuple(dict.fromkeys(address(one) for one in listed))


def public_url(raw: Any) -> str:
    given = address(raw)
    parts = urlsplit(given)
    if parts.query or parts.fragment or parts.username or "?" in given or "#" in given:
        raise ValueError("an address without user, query or fragment, such as https://example.org/blog")
    try:
        name, port = parts.netloc.lower().encode("idna").decode(), parts.port
    except ValueError:
        raise ValueError(
            "an address whose host is a name or an IP address, such as https://example.org"
        ) from None
    # The scheme's own port is not part of the address that browsers and readers send.
    name = name.removesuffix(":") if port is None else name
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{name.removesuffix(f':{usual}')}{parts.path.rstrip('/')}"


def reference(raw: Any) -> str:
    """An address, or the path of a file beside `site.toml`."""
    given = text(raw)
    return address(given) if "://" in given else f"/files/{quote(given.lstrip('/'))}"


def authors(raw: Any) -> tuple[Author, ...]:
    if isinstance(raw, list):
        return tuple(author for one in raw for author in authors(one))
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
    raise ValueError("a date or an instant such as 2000-01-01T00:00:00Z")


def index_url(raw: Any) -> str:
    given = text(raw)
    if not given.startswith("sqlite:///"):
        raise ValueError("sqlite:///path/to/index.db (four slashes for an absolute path)")
    return given


def log_level(raw: Any) -> str:
    levels = ("debug", "info", "warning", "error")
    if str(raw).lower() not in levels:
        raise ValueError(f"one of {', '.join(levels)}")
    return str(raw).lower()


def proxies(raw: Any) -> tuple[str, ...]:
    listed = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(listed, list | tuple) or not all(isinstance(one, str) for one in listed):
        raise ValueError("IP addresses or networks such as 10.0.0.0/8, or * for any")
    found = tuple(one.strip() for one in listed if one.strip())
    for one in found:
        try:
            ip_network("0.0.0.0/0" if one == "*" else one, strict=False)
        except ValueError:
            raise ValueError("IP addresses or networks such as 10.0.0.0/8, or * for any") from None
    return found


def template(raw: Any) -> str:
    if "{url}" not in text(raw):
        raise ValueError('a template with {url} in it, such as "{url}"')
    return text(raw)


def authority(raw: Any) -> str:
    """A domain or an e-mail address, as RFC 4151 §2.1 has it."""
    if not re.fullmatch(r"([\w.+-]+@)?[a-z0-9-]+(\.[a-z0-9-]+)*", text(raw)):
        raise ValueError("a domain or e-mail address of yours, in lower case, such as example.org")
    return text(raw)


def scraped_rules(raw: Any) -> tuple[ScrapedRule, ...]:
    """Tables of `files` (a glob) and regular expressions; see `ScrapedRule`."""
    known = {field.encode_name for field in msgspec.structs.fields(ScrapedRule)}
    wanted = f"[[scraped]] tables of texts named {', '.join(sorted(known))}"
    if not isinstance(raw, list) or not all(isinstance(table, dict) for table in raw):
        raise ValueError(wanted)
    for table in raw:
        if not table or set(table) - known or not all(isinstance(value, str) for value in table.values()):
            raise ValueError(wanted)
        for name, pattern in table.items():
            try:
                re.compile(pattern if name != "files" else "")
            except re.error as error:
                raise ValueError(f"regular expressions; {name} = {pattern!r} is none: {error}") from None
    return msgspec.convert(raw, type=tuple[ScrapedRule, ...])
