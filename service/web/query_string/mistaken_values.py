"""Advice where the index shows that a value of a filter is a mistake and finds nothing.

One value may look like several, such as `tag=a,b`, or name an article that is not there, as `related` does.
"""

import difflib
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

from service.errors import Gone, InvalidParameter, NotFound
from service.index import Index, Moved
from service.model import Site
from service.query import FILTERS, Filter, Query
from service.web.query_string.parsing import parse_query

_SEPARATOR = re.compile(r"[,;|]| OR ")
_IDS = re.compile(r"[,;|] *(?=[a-z]+:)| OR ")  # a comma alone belongs to ids such as tag:example.org,2026:a
_ROWS = {
    row.name: row
    for row in FILTERS
    if row.kind in {"name", "words", "title"} or (row.repeats and row.kind in {"id", "slug"})
}
_OPERATOR = re.compile(
    rf"(?:^| )(?:(?P<operator>OR|\|\|?|AND|NOT) |(?P<parameter>{'|'.join(row.name for row in FILTERS)}):)"
)
"""Syntax of other search engines whose users expect other articles than they get here."""


async def reject_mistaken_values(index: Index, query: Query, raw: bytes, site: Site) -> None:
    """Raise InvalidParameter if a value of `query`, parsed from `raw`, is a mistake and finds nothing.

    A name may contain a comma, and a search the word `OR` or a colon: what finds an article is accepted.
    """
    for row, text in _suspicious_values(raw):
        name = row.term or row.name
        page = await index.find(parse_query(urlencode({name: text}).encode(), "html", site), 1)
        if not page.articles:
            raise InvalidParameter(row.name, _advice(row, text))
    if query.related:
        await _require_article(index, query.related)


async def _require_article(index: Index, slug: str) -> None:
    """Raise InvalidParameter unless there is a visible article at `slug`."""
    try:
        article = await index.find_article(slug)
    except Gone:
        raise InvalidParameter("related", f"the article {slug!r} is gone.") from None
    except NotFound:
        near = difflib.get_close_matches(slug, await index.slugs_near(slug), n=1)
        hint = f" did you mean {near[0]!r}?" if near else " give the slug of an article."
        raise InvalidParameter("related", f"there is no article {slug!r};{hint}") from None
    if isinstance(article, Moved):
        raise InvalidParameter("related", f"the article {slug!r} is now called {article.slug!r}.")


def _suspicious_values(raw: bytes) -> Iterator[tuple[Filter, str]]:
    """Each value in `raw` that may be a mistake. Phrases of a search may contain anything."""
    if not any(sign in raw for sign in (b",", b";", b":", b"|", b"OR", b"AND", b"NOT", b"%")):
        return
    for name, text in parse_qsl(raw.decode(errors="replace")):
        row = _ROWS.get(name)
        if row and '"' not in text and _separator(row).search(text):
            yield row, text


def _separator(row: Filter) -> re.Pattern[str]:
    match row.kind:
        case "name" | "slug":
            return _SEPARATOR
        case "id":
            return _IDS
        case _:
            return _OPERATOR


def _advice(row: Filter, text: str) -> str:
    if row.kind in {"words", "title"}:
        return _search_advice(text)
    if row.term is None:
        return f"no article has the {row.name} {text!r}; for several repeat {row.name}."
    if not row.repeats:
        return f"no {row.term} is called {text!r}; give one {row.term}."
    advice = f"no {row.term} is called {text!r}; for several repeat {row.name}."
    any_of = next(
        (other.name for other in FILTERS if other.term == row.term and other.alternatives), row.name
    )
    return advice if any_of == row.name or row.excludes else f"{advice[:-1]}, or {any_of} for any of them."


def _search_advice(text: str) -> str:
    """Advice to replace the first operator or name of a parameter in a search."""
    found = _OPERATOR.search(text)
    if found and (parameter := found["parameter"]):
        return f"{parameter}: has no meaning in a search; use the parameter {parameter}."
    operator = found["operator"] if found else ""
    instead = {"AND": "leave it out", "NOT": "write -word for a word that must not occur"}.get(operator)
    if instead is None:
        operator, instead = "OR", "use one search for each"
    return f"{operator} has no meaning in a search, which finds articles with all words; {instead}."
