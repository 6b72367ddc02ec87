"""Whether the dates of a folder are written day first or month first, `28/01/2019` or `01/28/2019`."""

import re
from collections.abc import Iterable

_NUMERIC_DATE = re.compile(
    r"""^["']?[\w-]{1,40}["']?[ \t]*[:=][ \t]*["']?(\d{1,2})([/-])(\d{1,2})\2(?:19|20)\d{2}(?!\d)""",
    re.MULTILINE,
)
_MONTHS = 12


def find_day_first(samples: Iterable[str]) -> bool | None:
    """Whether the dates in the fields of `samples` have the day first; None if they do not show it.

    Only a number above 12 shows which one is the day. Dates in both orders show nothing.
    """
    orders = {
        int(first) > _MONTHS
        for text in samples
        for first, _, second in _NUMERIC_DATE.findall(text)
        if (int(first) > _MONTHS) != (int(second) > _MONTHS)
    }
    return orders.pop() if len(orders) == 1 else None
