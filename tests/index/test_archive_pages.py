"""Where archive documents begin: a matter of each row alone, whatever stands around it."""

from hypothesis import given
from hypothesis import strategies as st

from service.index.changelog import UNSETTLED_SECONDS, is_settled, window
from service.index.listings import MOST_ROWS, begins_page, count_fitting, page_length
from service.query import ArchiveCursor, hash_id

PLENTY = 1 << 40
Rows = list[tuple[ArchiveCursor, int]]


def row(number: int, weight: int = 1) -> tuple[ArchiveCursor, int]:
    return ArchiveCursor(1_700_000_000 - 60 * (number // 3), hash_id(f"id:{number}")), weight


def log(numbers: set[int], weight: int = 1) -> Rows:
    return sorted((row(number, weight) for number in numbers), key=lambda item: item[0].key, reverse=True)


def documents(rows: Rows, most_bytes: int = PLENTY) -> list[list[ArchiveCursor]]:
    """Every document from the newest row on, as a client walks them."""
    pages: list[list[ArchiveCursor]] = []
    while rows:
        length = page_length(rows[: MOST_ROWS + 1], most_bytes)
        pages.append([position for position, _ in rows[:length]])
        rows = rows[length:]
    return pages


# Drawn as one sample: 700 integers drawn one by one take Hypothesis a hundred times as long.
many = st.randoms(use_true_random=True).map(
    lambda drawn: set(drawn.sample(range(5001), drawn.randint(300, 700)))
)


@given(many, st.integers(0, 5000), st.sampled_from([PLENTY, 40]))
def test_one_row_more_changes_few_documents(numbers: set[int], more: int, most_bytes: int) -> None:
    before = {tuple(item) for item in documents(log(numbers - {more}), most_bytes)}
    after = {tuple(item) for item in documents(log(numbers | {more}), most_bytes)}
    # Its own, and those that a cut forced by size pushes along up to the next head.
    heads = [position.key for position, _ in log(numbers | {more}) if begins_page(position)]
    at = row(more)[0].key
    start = min((key for key in heads if key > at), default=(1 << 40, ""))
    end = max((key for key in heads if key < at), default=(0, ""))
    for document in before ^ after:
        assert document[0].key <= start
        assert document[-1].key >= end
    assert {item for item in before if item[-1].key > start or item[0].key < end} <= after


@given(many)
def test_a_document_begins_at_each_head_and_holds_100_rows_at_most(numbers: set[int]) -> None:
    rows = log(numbers)
    pages = documents(rows)
    assert [position for page in pages for position in page] == [position for position, _ in rows]
    beginnings = {page[0] for page in pages}
    assert {position for position, _ in rows if begins_page(position)} <= beginnings
    assert max(len(page) for page in pages) <= MOST_ROWS


def test_a_document_holds_about_fifty_rows() -> None:
    pages = documents(log(set(range(20_000))))
    assert 45 <= 20_000 / len(pages) <= 56


def test_first_articles_of_archive_documents_are_stable() -> None:
    # Were one of these to move, the finished documents of every site would change.
    keys = [ArchiveCursor(1_548_667_800 + number, hash_id(f"id:{number}")) for number in range(300)]
    assert [number for number, key in enumerate(keys) if begins_page(key)] == HEADS


HEADS = [6, 15, 76, 89, 228, 236, 265, 295]

# weights, room → how many fit
FITTING = [
    ([], 10, 0),
    ([5, 5], 10, 2),
    ([5, 6], 10, 1),
    ([50, 1], 10, 1),
    ([50], 0, 1),
    ([50], -5, 1),
    ([0, 0, 1], 0, 2),
]


def test_size_estimate_of_archive_documents() -> None:
    counts = [count_fitting(weights, room) for weights, room, _ in FITTING]
    assert counts == [count for _, _, count in FITTING]


def test_article_is_archived_after_seven_days() -> None:
    assert not is_settled(1000, 1000 + UNSETTLED_SECONDS)
    assert is_settled(1000, 1001 + UNSETTLED_SECONDS)
    assert not is_settled(2000, 1000)


def test_archive_address_names_all_keys() -> None:
    keys = [(2, "b"), (1, "a")]
    assert window(keys) == "bcfff53a"
    assert len({window(keys), window(keys[:1]), window(()), window([(2, "b"), (1, "c")])}) == 4
