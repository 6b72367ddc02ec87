"""The filters and the order of a query for people, each with the query its link leads to."""

import msgspec

from service.formats import languages
from service.formats.titles import display_names_of, value_text
from service.model import Site
from service.query import Query, Sort, TermName, given_filters, has_sort_filter, without_filter

_ORDERS: tuple[tuple[Sort, str], ...] = (
    ("newest", "Newest"),
    ("oldest", "Oldest"),
    ("updated", "Recently updated"),
    ("title", "By title"),
    ("series", "Series order"),
    ("relevance", "Best match"),
)


class RemovableFilter(msgspec.Struct, frozen=True):
    """One filter of a query: `tag`, `Iraq`, and the query without it.

    `phrase` is `word` in a sentence. `is_alternative` if an article may have this value or the one before;
    `has_alternatives` if it may have this value or another, so that fewer are found without this filter.
    """

    word: str
    value: str
    without: Query
    phrase: str
    is_alternative: bool = False
    has_alternatives: bool = False


class Order(msgspec.Struct, frozen=True):
    """One order of the articles; `present` if it is that of the page."""

    name: str
    query: Query
    present: bool


def removable_filters(site: Site, query: Query, names: tuple[TermName, ...]) -> tuple[RemovableFilter, ...]:
    """Every filter of `query`, in the order of its parameters. `names` are the display names of its slugs."""
    first_page = msgspec.structs.replace(query, cursor=None, position=None)
    display_names = display_names_of(names)
    return tuple(
        RemovableFilter(
            row.label,
            value_text(
                row,
                value,
                site,
                display_names,
                lambda day: languages.day(day, site.language),
                lambda month: languages.day(month, site.language, "month"),
            ),
            without_filter(first_page, row, value),
            row.plural if row.alternatives and len(values) > 1 else row.label,
            is_alternative=row.alternatives and number > 0,
            has_alternatives=row.alternatives and len(values) > 1,
        )
        for row, values in given_filters(query)
        for number, value in enumerate(values)
    )


def orders(query: Query) -> tuple[Order, ...]:
    """The orders `query` can have; some need a filter, such as relevance a search."""
    return tuple(
        Order(name, msgspec.structs.replace(query, sort=sort, cursor=None), query.sort == sort)
        for sort, name in _ORDERS
        if has_sort_filter(msgspec.structs.replace(query, sort=sort))
    )
