"""Four times the text takes at most six times as long, in every function that reads text."""

import pytest

from tests.support.repeated_tokens import TOKENS
from tests.support.scaling import MAX_GROWTH, clear_caches, measure_growth
from tests.support.text_functions import SPARSE, Row, rows

pytestmark = pytest.mark.stress


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_time_grows_as_the_text_does(row: Row) -> None:
    clear_caches()
    slow = []
    for token in TOKENS[:: SPARSE if row.is_sparse else 1]:
        growth = measure_growth(row.function, token, longest=row.longest)
        if growth.ratio > MAX_GROWTH:
            slow.append(f"{token!r}: {growth}")
    assert not slow
