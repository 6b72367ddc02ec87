"""Parsers of the values of filters: one function a kind of value, and which filter a wrong name may mean.

A query string and a webhook of `site.toml` write them alike. Each raises ValueError with the words that
complete the message "tag: …".
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from service.content.identity.slugs import make_slug, name_slug
from service.errors import InvalidParameter
from service.index.search import parse
from service.model import Site, language_tag, nearest_name
from service.query import FALSE, MEDIA, Period, ValueKind, month_period, year_period

MOST_VALUES = 20
"""The most values of one filter that repeats."""

LONGEST_NAME = 200
LONGEST_ID = 500
LONGEST_SEARCH = 500
EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC, microsecond=0)

_YEAR = re.compile(r"((?!0000)[0-9]{4})")
_MONTH = re.compile(r"((?!0000)[0-9]{4})-(0[1-9]|1[0-2])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?([Zz]|[+ -][0-9]{2}:[0-9]{2})"
)


_SYNONYMS = {
    "q": ("s", "search", "query", "text", "fulltext", "full_text", "keyword", "keywords", "term"),
    "tag": ("category", "categories"),
    "exclude_tag": ("not_tag", "tag_not", "without_tag", "exclude_category"),
    "language": ("lang", "locale"),
    "since": ("from", "start", "date_from", "from_date", "published_after"),
    "until": ("to", "before", "end", "date_to", "to_date", "published_before"),
    "updated_since": ("modified_since", "modified_after", "updated_after"),
    "sort": ("order", "order_by", "orderby", "ordering"),
    "limit": ("per_page", "page_size", "size", "count", "n"),
    "cursor": ("page", "offset", "after"),
}
"""Our parameters, each with its names in other APIs."""

_NEAR = {name: parameter for parameter, names in _SYNONYMS.items() for name in names}


def near_parameter(name: str, known: Sequence[str]) -> str | None:
    """The parameter among `known` that `name` may have been meant to be."""
    plain = name.lower().replace("-", "_")
    # Trackers append the former, and the address says the format, however similar these are to a known name.
    if plain.startswith("utm_") or plain == "format":
        return None
    near = _NEAR.get(plain)
    return near if near in known else nearest_name(name, known)


def parse_values(
    parameter: str,
    parse: Callable[[str, Site], Any],
    texts: Sequence[str],
    site: Site,
    *,
    repeats: bool,
    several: str,
) -> list[Any]:
    """The values of one parameter, without empty ones. Raises InvalidParameter.

    `several` completes the advice "For several …" for a value that combines valid ones by commas.
    """
    try:
        parsed = [parse(text, site) for text in texts if text]
    except ValueError as error:
        advice = f" For several {several}." if repeats and _combines(parse, texts, site) else ""
        raise InvalidParameter(parameter, f"{error}{advice}") from None
    if len(parsed) > (MOST_VALUES if repeats else 1):
        times = f"{MOST_VALUES} times at most" if repeats else "once"
        raise InvalidParameter(parameter, f"repeated too often; give it {times}.")
    return [value for value in parsed if value not in ("", ())]


def _combines(parse: Callable[[str, Site], Any], texts: Sequence[str], site: Site) -> bool:
    """Whether an invalid value among `texts` combines valid ones by commas."""
    parts = [part.strip() for text in texts for part in text.split(",")]
    try:
        return len(parts) > len(texts) and all(parse(part, site) for part in parts)
    except ValueError:
        return False


def parse_search(text: str, _: Site) -> str:
    return _parse_words(text, "q")


def parse_title(text: str, _: Site) -> str:
    return _parse_words(text, "title")


def _parse_words(text: str, parameter: str) -> str:
    if len(text) > LONGEST_SEARCH:
        raise ValueError(f"at most {LONGEST_SEARCH} characters.")
    words = printable(text)
    parse(words, (), parameter)  # raises InvalidParameter before the search queues for a thread
    return words


def parse_name(text: str, _: Site) -> str:
    """The slug of a name, as articles make it; "" of blanks."""
    if len(text) > LONGEST_NAME:
        raise ValueError(f"a name or its slug, of at most {LONGEST_NAME} characters.")
    return name_slug(text.strip()) if printable(text) else ""


def printable(text: str) -> str:
    """`text` with a space for each run of blanks and control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def parse_language(text: str, _: Site) -> str:
    is_trimmed = len(text) <= LONGEST_NAME and text == text.strip()
    tag = language_tag(text) if is_trimmed else None
    if tag is None:
        raise ValueError("a language tag such as en or pt-BR.")
    return tag


def parse_instant(text: str, site: Site) -> datetime:
    try:
        if _DATE.fullmatch(text):
            return _utc(datetime.fromisoformat(text).replace(tzinfo=site.zone))
        if match := _INSTANT.fullmatch(text):
            day, time, fraction, offset = match.groups()
            # A leap second is the end of the second before; a plus sign not percent-encoded is a space.
            is_leap = time.endswith(":60")
            valid_time = time[:-2] + "59" if is_leap else time
            moment = _utc(datetime.fromisoformat(f"{day}T{valid_time}{offset.upper().replace(' ', '+')}"))
            # Articles have whole seconds, so a bound between two of them is the later one.
            return _after(moment) if is_leap or (fraction and fraction.strip(".0")) else moment
    except ValueError:
        pass
    raise ValueError("a date such as 2019-01-28 or an instant such as 2019-01-28T09:00:00Z (RFC 3339).")


def _utc(moment: datetime) -> datetime:
    """`moment` in UTC, at most the first or last instant there is, which an offset may cross."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return EARLIEST if moment.year == 1 else LATEST


def _after(moment: datetime) -> datetime:
    try:
        return moment + timedelta(seconds=1)
    except OverflowError:
        return moment


def parse_year(text: str, site: Site) -> Period:
    if match := _YEAR.fullmatch(text):
        return year_period(int(match[1]), site.zone)
    raise ValueError("a year such as 2019.")


def parse_month(text: str, site: Site) -> Period:
    if match := _MONTH.fullmatch(text):
        return month_period(int(match[1]), int(match[2]), site.zone)
    raise ValueError("a month such as 2019-01.")


def parse_id(text: str, _: Site) -> str:
    if len(text) > LONGEST_ID:
        raise ValueError(f"the id of an article, of at most {LONGEST_ID} characters.")
    return text.strip()


def parse_slug(text: str, _: Site) -> str:
    if len(text) > LONGEST_NAME:
        raise ValueError(f"the slug of an article, of at most {LONGEST_NAME} characters.")
    return make_slug(text.strip())


def parse_media(text: str, _: Site) -> str:
    if text not in MEDIA:
        raise ValueError(f"one of {', '.join(MEDIA)}.")
    return text


def parse_flag(text: str, _: Site) -> str:
    if text not in ("true", FALSE):
        raise ValueError("true or false.")
    return text


PARSERS: Mapping[ValueKind, Callable[[str, Site], Any]] = {
    "words": parse_search,
    "title": parse_title,
    "name": parse_name,
    "language": parse_language,
    "instant": parse_instant,
    "year": parse_year,
    "month": parse_month,
    "id": parse_id,
    "slug": parse_slug,
    "media": parse_media,
    "flag": parse_flag,
}
"""The parser of each kind of value."""
