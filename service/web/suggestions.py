"""What a person may do who met a problem: search for what they came for, or ask without what was wrong."""

import re
from urllib.parse import unquote

from service.errors import Gone, NotFound, QueryError
from service.query import Query
from service.web.address import as_ascii, with_query
from service.web.visit import Visit

_LONGEST_SEARCH = 100
_SUFFIX = re.compile(r"\.[A-Za-z]{2,8}$")
_WORD = re.compile(r"[^\W_]+")


def search_for(error: Exception, path: str) -> Query | None:
    """A search for what the last part of an address names, where nothing is there (any more).

    `/2019/01/harbor-opens.html` → `harbor opens`; None where it has no words.
    """
    if not isinstance(error, NotFound | Gone):
        return None
    name = _SUFFIX.sub("", path.rstrip("/").rpartition("/")[2])
    words = [word for word in _WORD.findall(name) if not word.isdigit()]
    found = " ".join(words)[:_LONGEST_SEARCH].strip()
    return Query(q=found) if found else None


def without_fault(error: Exception, visit: Visit) -> str | None:
    """The same address without the parameter that was wrong, and without a cursor, which it bound."""
    if not isinstance(error, QueryError):
        return None
    pairs = as_ascii(visit.query).split("&")
    dropped = {error.parameter, "cursor"}
    kept = "&".join(pair for pair in pairs if pair and _name(pair) not in dropped)
    return with_query(f"{visit.base}{visit.raw_path}", kept)


def _name(pair: str) -> str:
    return unquote(pair.partition("=")[0].replace("+", " "))
