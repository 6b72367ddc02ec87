"""Suggestions on the page of a problem: a search for the article, or the address without the fault."""

import re
from urllib.parse import unquote

from service.errors import Gone, NotFound, QueryError
from service.query import Query
from service.web.addresses.encoding import as_ascii, with_query

_LONGEST_SEARCH = 100
_SUFFIX = re.compile(r"\.[A-Za-z]{2,8}$")
_WORD = re.compile(r"[^\W_]+")


def search_for(error: Exception, path: str) -> Query | None:
    """A search for the words in the last segment of `path`, if `error` says that nothing is there.

    `/2019/01/harbor-opens.html` → `harbor opens`; None if it has no words.
    """
    if not isinstance(error, NotFound | Gone):
        return None
    name = _SUFFIX.sub("", path.rstrip("/").rpartition("/")[2])
    words = [word for word in _WORD.findall(name) if not word.isdigit()]
    found = " ".join(words)[:_LONGEST_SEARCH].strip()
    return Query(q=found) if found else None


def without_fault(error: Exception, address: str, query: bytes) -> str | None:
    """`address` with `query` but for the parameter that was wrong, and for a cursor, which is bound to it."""
    if not isinstance(error, QueryError):
        return None
    dropped = {error.parameter, "cursor"}
    pairs = as_ascii(query).split("&")
    return with_query(address, "&".join(pair for pair in pairs if pair and _name(pair) not in dropped))


def _name(pair: str) -> str:
    return unquote(pair.partition("=")[0].replace("+", " "))
