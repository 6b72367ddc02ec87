"""Every filter, order and count of the index, against the same worked out by hand from all articles."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.errors import InvalidParameter, StaleCursor
from service.index import Index, listings
from service.model import Article
from service.query import Cursor, FacetKind, Page, Query, Sort, TermName, bind
from tests.support.builders import at
from tests.support.index_folder import Folder, in_order, walk, with_cursor

TAGS = ("Iraq", "Oil", "Iran", "C++", "Économie")
LANGUAGES = ("en", "en-GB", "de", "zh-Hant-TW")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """120 articles; every third shares its instant with others, every tenth is undated."""
    folder = Folder(tmp_path_factory.mktemp("queries"))
    for number in range(120):
        day = f"2019-{1 + number % 12:02}-{1 + number // 12 % 28:02}"
        folder.write(
            f"article-{number * 37 % 120:03}",
            date=None if number % 10 == 9 else "2019-06-01T10:00:00Z" if number % 3 == 0 else day,
            updated=f"2020-01-{1 + number % 28:02}" if number % 4 == 0 else None,
            tags=[tag for place, tag in enumerate(TAGS) if number % (place + 2) == 0],
            author=["Åse Ørn", "Bo"][: 1 + number % 2] if number % 5 else None,
            source={"name": "The Post"} if number % 7 == 0 else None,
            language=LANGUAGES[number % 4],
            text=f"Number {number} of many words, {'divisible' if number % 2 == 0 else 'odd'}.",
        )
    folder.refresh()
    return folder


def tagged(*slugs: str) -> Callable[[Article], bool]:
    return lambda article: set(slugs) <= {tag.slug for tag in article.tags}


def since(day: str) -> Callable[[Article], bool]:
    return lambda article: article.published is not None and article.published >= at(day)


def until(day: str) -> Callable[[Article], bool]:
    return lambda article: article.published is not None and article.published < at(day)


def anything(article: Article) -> bool:
    return True


def nothing(article: Article) -> bool:
    return False


FILTERS: list[tuple[dict[str, Any], Callable[[Article], bool]]] = [
    ({}, anything),
    ({"tags": ("iraq",)}, tagged("iraq")),
    ({"tags": ("iraq", "oil")}, tagged("iraq", "oil")),
    ({"tags": ("c-plus-plus", "economie", "oil")}, tagged("c-plus-plus", "economie", "oil")),
    ({"tags": ("nothing",)}, nothing),
    ({"tags": ("iraq", "nothing")}, nothing),
    ({"exclude_tags": ("iraq",)}, lambda article: not tagged("iraq")(article)),
    ({"exclude_tags": ("iran", "nothing", "oil")}, lambda a: not tagged("iran")(a) and not tagged("oil")(a)),
    ({"tags": ("oil",), "exclude_tags": ("iraq",)}, lambda a: tagged("oil")(a) and not tagged("iraq")(a)),
    ({"authors": ("ase-ørn",)}, lambda article: "Åse Ørn" in {author.name for author in article.authors}),
    ({"sources": ("the-post",)}, lambda article: article.source is not None),
    ({"languages": ("en",)}, lambda article: article.language in {"en", "en-GB"}),
    ({"languages": ("en-GB",)}, lambda article: article.language == "en-GB"),
    ({"languages": ("zh-Hant",)}, lambda article: article.language == "zh-Hant-TW"),
    ({"languages": ("z",)}, nothing),
    ({"since": at("2019-06-01")}, since("2019-06-01")),
    ({"since": at("2019-06-01T10:00")}, since("2019-06-01T10:00")),
    ({"until": at("2019-06-01T10:00")}, until("2019-06-01T10:00")),
    ({"until": at("0001-01-01")}, nothing),
    ({"since": at("0001-01-01")}, lambda article: article.published is not None),
    ({"until": datetime.max.replace(tzinfo=UTC)}, lambda article: article.published is not None),
    (
        {"since": at("2019-03-01"), "until": at("2019-06-02"), "tags": ("oil",)},
        lambda a: since("2019-03-01")(a) and until("2019-06-02")(a) and tagged("oil")(a),
    ),
    ({"since": at("2019-06-01"), "until": at("2019-01-01")}, nothing),
    ({"updated_since": at("2020-01-13")}, lambda a: a.changed is not None and a.changed >= at("2020-01-13")),
    (
        {"updated_since": at("2020-01-05"), "tags": ("iraq",), "languages": ("en",)},
        lambda a: (
            a.changed is not None
            and a.changed >= at("2020-01-05")
            and tagged("iraq")(a)
            and a.language in {"en", "en-GB"}
        ),
    ),
    ({"q": "divisible"}, lambda article: "divisible" in article.content_text),
    ({"q": "divisible", "tags": ("oil",)}, lambda a: "divisible" in a.content_text and tagged("oil")(a)),
    (
        {"q": "word -odd", "since": at("2019-06-01")},
        lambda a: "odd" not in a.content_text and since("2019-06-01")(a),
    ),
    ({"q": "-odd"}, lambda article: "odd" not in article.content_text),
    ({"q": "-odd", "tags": ("iraq",)}, lambda a: "odd" not in a.content_text and tagged("iraq")(a)),
    (
        {"q": "divisible", "updated_since": at("2020-01-05")},
        lambda a: "divisible" in a.content_text and a.changed is not None and a.changed >= at("2020-01-05"),
    ),
    ({"q": "!?"}, nothing),
    ({"q": "  "}, anything),
]


@pytest.mark.parametrize("sort", ["newest", "oldest", "updated"])
@pytest.mark.parametrize(("facts", "belongs"), FILTERS)
def test_filter_finds_matching_articles(
    folder: Folder, facts: dict[str, Any], belongs: Callable[[Article], bool], sort: Any
) -> None:
    expected = in_order([article for article in folder.everything() if belongs(article)], sort)
    query = Query(sort=sort, **facts)
    articles = folder.collect(query, 7)
    assert [article.id for article in articles] == [article.id for article in expected]
    page = folder.find(limit=3, sort=sort, **facts)
    assert page.total == len(expected)
    assert page.total_at_least is None
    assert page.modified == max((a.changed for a in expected if a.changed), default=None)


@pytest.mark.parametrize("sort", ["newest", "oldest", "updated", "relevance"])
@pytest.mark.parametrize("facts", [facts for facts, _ in FILTERS])
def test_a_page_is_the_same_once_its_query_was_counted(
    folder: Folder, facts: dict[str, Any], sort: Any
) -> None:
    query = Query(sort=sort if sort != "relevance" or "q" in facts else "newest", **facts)

    async def find_three_times(index: Index) -> list[Page]:
        return [await index.find(query, limit) for limit in (3, 3, 60)]

    first, again, longer = folder.ask(find_three_times)
    assert first == again
    assert first.articles == longer.articles[:3]
    if query.sort != "relevance":
        assert folder.ask(lambda index: index.find_first(query, 3, 3, lambda _: True)) == first.articles


@pytest.mark.parametrize(
    ("limit", "most", "places", "read"), [(2, 9, [1, 3], 4), (9, 4, [1, 3], 4), (0, 4, [], 0)]
)
def test_of_the_first_articles_no_more_are_read_than_wanted(
    folder: Folder, limit: int, most: int, places: list[int], read: int
) -> None:
    first = folder.find(limit=9).articles
    looked_at: list[Article] = []

    def is_at_an_odd_place(article: Article) -> bool:
        looked_at.append(article)
        return first.index(article) % 2 == 1

    found = folder.ask(lambda index: index.find_first(Query(), limit, most, is_at_an_odd_place))
    assert found == tuple(first[place] for place in places)
    assert looked_at == list(first[:read])


@pytest.mark.parametrize("sort", ["newest", "oldest", "updated", "relevance"])
@pytest.mark.parametrize("limit", [1, 7, 60])
def test_walking_backwards_gives_the_same_pages(folder: Folder, sort: Any, limit: int) -> None:
    query = Query(q="number -odd", sort=sort)

    async def there_and_back(index: Any) -> tuple[list[Any], list[Any]]:
        there = [page async for page in walk(index, query, limit)]
        back = [there[-1]]
        while back[-1].previous_cursor and len(back) <= len(there):
            back.append(await index.find(with_cursor(query, back[-1].previous_cursor), limit))
        return there, back

    there, back = folder.ask(there_and_back)
    assert there[0].previous_cursor is None
    assert [[a.id for a in page.articles] for page in back[::-1]] == [
        [a.id for a in page.articles] for page in there
    ]
    assert back[-1].next_cursor == there[0].next_cursor
    assert sum(len(page.articles) for page in there) == there[0].total


def test_a_page_past_the_end_leads_back(folder: Folder) -> None:
    query = Query(tags=("iraq",))
    last = folder.everything()[-1]
    cursor = Cursor(False, None, "", bind(query))
    page = folder.find(cursor=cursor, tags=("iraq",))
    assert page.articles == ()
    assert page.next_cursor is None
    assert page.previous_cursor is not None
    back = folder.find(cursor=page.previous_cursor, tags=("iraq",), limit=5)
    assert [a.id for a in back.articles] == [a.id for a in folder.find(tags=("iraq",)).articles[-5:]]
    assert last.published is None


@pytest.mark.parametrize(
    ("sort", "key"), [("newest", 2**40), ("oldest", -(2**40)), ("updated", 2**40)], ids=str
)
def test_a_page_before_the_beginning_leads_on(folder: Folder, sort: Sort, key: int) -> None:
    query = Query(sort=sort, tags=("iraq",))
    page = folder.find(sort=sort, tags=("iraq",), cursor=Cursor(True, key, "", bind(query)))
    assert page.articles == ()
    assert page.previous_cursor is None
    assert page.next_cursor is not None
    onward = folder.find(sort=sort, tags=("iraq",), cursor=page.next_cursor, limit=5)
    assert onward.articles == folder.find(sort=sort, tags=("iraq",), limit=5).articles


@pytest.mark.parametrize("key", [1.5, float("nan"), float("inf")])
def test_foreign_cursor_is_refused(folder: Folder, key: float) -> None:
    with pytest.raises(InvalidParameter, match="cursor"):
        folder.find(cursor=Cursor(False, key, "x", bind(Query())))


@pytest.mark.parametrize("key", [2**63 - 1, -(2**63), 0])
@pytest.mark.parametrize("backwards", [True, False])
@pytest.mark.parametrize("sort", ["newest", "oldest", "updated"])
def test_cursor_may_hold_any_position(folder: Folder, key: int, backwards: bool, sort: Any) -> None:
    query = Query(sort=sort)
    page = folder.find(sort=sort, cursor=Cursor(backwards, key, "\U0010ffff", bind(query)))
    assert page.total == 120


def test_a_relevance_cursor_holds_for_one_revision(folder: Folder) -> None:
    first = folder.find(q="number", sort="relevance", limit=3)
    assert first.next_cursor is not None
    with pytest.raises(StaleCursor):
        folder.find(
            q="number",
            sort="relevance",
            cursor=Cursor(False, first.next_cursor.key, "", first.next_cursor.binding, "old"),
        )


def test_names_of_terms_in_use(folder: Folder) -> None:
    page = folder.find(
        tags=("iraq", "nothing"), exclude_tags=("economie",), authors=("bo",), languages=("zh",)
    )
    assert page.names == (
        TermName("author", "bo", "Bo"),
        TermName("language", "zh", "zh"),
        TermName("tag", "economie", "Économie"),
        TermName("tag", "iraq", "Iraq"),
    )


def test_names_of_articles_are_their_titles(folder: Folder) -> None:
    names = folder.find(slugs=("article-007", "nothing"), related="article-012").names
    titles = {article.slug: article.title for article in folder.everything()}
    assert names == tuple(TermName("article", slug, titles[slug]) for slug in ("article-007", "article-012"))


def test_slugs_near_one(folder: Folder) -> None:
    near = folder.ask(lambda index: index.slugs_near("article-0075"))
    assert near[:2] == ["article-007", "article-006"]
    assert "article-008" in near
    assert folder.ask(lambda index: index.slugs_near("\ud800"))  # a lone surrogate cannot be looked up


def test_facet_counts_agree_with_queries(folder: Folder) -> None:
    articles = folder.everything()
    counted: dict[FacetKind, Counter[tuple[str, str]]] = {
        "tag": Counter((tag.slug, tag.name) for a in articles for tag in a.tags),
        "author": Counter((author.slug, author.name) for a in articles for author in a.authors),
        "source": Counter((a.source.slug, a.source.name) for a in articles if a.source),
        "language": Counter(
            {("en", "en"): 60, ("en-GB", "en-GB"): 30, ("de", "de"): 30, ("zh-Hant-TW", "zh-Hant-TW"): 30}
        ),
    }
    for kind, expected in counted.items():
        facets = folder.facets(kind)
        assert {(facet.slug, facet.name): facet.count for facet in facets} == expected
        assert list(facets) == sorted(facets, key=lambda facet: (-facet.count, facet.slug))


def test_the_most_used_spelling_names_a_tag(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for number, spelling in enumerate(["iraq", "IRAQ", "Iraq", "Iraq", "iraq"]):
        folder.write(f"a{number}", tags=[spelling])
    folder.refresh()
    (facet,) = folder.facets("tag")
    assert (facet.slug, facet.name, facet.count) == ("iraq", "Iraq", 5)


def test_instants_before_1970_are_in_order(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for year in ("0001", "1066", "1969", "1970", "9999"):
        folder.write(f"y{year}", date=f"{year}-06-01T00:00:00Z")
    folder.write("undated")
    folder.refresh(datetime.max.replace(tzinfo=UTC))
    assert folder.slugs() == ["y9999", "y1970", "y1969", "y1066", "y0001", "undated"]
    assert folder.slugs(sort="oldest") == ["y0001", "y1066", "y1969", "y1970", "y9999", "undated"]
    assert folder.slugs(until=at("1970-01-01")) == ["y1969", "y1066", "y0001"]


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.stress)])
def test_many_articles_in_one_instant_are_listed_once(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as are counted exactly, and one more."""
    monkeypatch.setattr(listings, "MOST_COUNTED", count)
    folder = Folder(tmp_path)
    folder.write_many(
        "many",
        [
            {"slug": f"a{n}", "id": f"id:{n * 7919 % count:05}", "date": "2019-01-01", "tags": ["t"]}
            for n in range(count)
        ],
    )
    folder.write("later", date="2019-01-01", id="id:00500x")
    folder.refresh()
    ids = sorted(article.id for article in folder.everything())
    assert len(set(ids)) == len(ids) == count + 1
    sorts: tuple[Sort, ...] = ("newest", "oldest", "updated")
    for sort in sorts:
        query = Query(sort=sort, tags=("t",))
        articles = folder.collect(query)
        expected = [item for item in ids if item != "id:00500x"]
        assert [article.id for article in articles] == (expected[::-1] if sort == "newest" else expected)
    assert folder.find(limit=1).total == count + 1
    beyond = folder.find(limit=1, since=at("2019-01-01"))
    assert (beyond.total, beyond.total_at_least, beyond.modified) == (None, count, at("2019-01-01"))
