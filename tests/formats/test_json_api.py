"""The API's JSON and NDJSON."""

import re
from typing import Any

import msgspec
import pytest

from service.formats import Directory, Listing, SingleArticle
from service.formats.api_article import ARTICLE_FIELDS
from service.formats.json_api import JSON, Articles, ArticlesOut
from service.formats.ndjson import NDJSON
from service.model import Article
from service.query import Facet, FacetKind, Query, RelatedArticles
from tests.support.builders import article, listing, site
from tests.support.sample_site import FIRST_PAGE, FULL, MIDDLE_PAGE, UNDATED, URLS

# The names and order DESIGN.md gives: the contract with every client.
FIELDS = re.findall(
    r"\w+",
    """
    id slug url title title_derived subtitle summary content_html content_text authors published updated
    language tags series series_order featured source dateline image attachments canonical rights correction
    translations word_count reading_minutes formats extra
    """,
)
EMPTY_LISTS = {"authors", "tags", "attachments", "translations"}
NULLS = {
    "subtitle",
    "series",
    "series_order",
    "source",
    "dateline",
    "image",
    "canonical",
    "rights",
    "correction",
    "published",
    "updated",
}


def read(page: Listing) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.json.decode(JSON.listing(page, URLS))
    return document


def read_one(one: Article) -> dict[str, Any]:
    assert JSON.article
    document: dict[str, Any] = msgspec.json.decode(JSON.article(SingleArticle(site(), one), URLS))
    return document


def lines(page: Listing) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line) for line in NDJSON.listing(page, URLS).splitlines()]


def test_every_field_is_present() -> None:
    assert list(ARTICLE_FIELDS) == FIELDS
    sparse = read_one(article(published=None, updated=None))
    assert list(sparse) == FIELDS
    assert {name for name in FIELDS if sparse[name] == []} == EMPTY_LISTS
    assert {name for name in FIELDS if sparse[name] is None} == NULLS
    assert sparse["extra"] == {}


def test_full_article_has_a_value_in_every_field() -> None:
    assert [name for name, value in read_one(FULL).items() if value in (None, [], {})] == []


def test_one_article_links_to_others_on_request() -> None:
    others = RelatedArticles(newer=article(slug="new", title="New"), related=(article(slug="near"),))
    page = SingleArticle(site(), article(), others, ("related", "neighbours", "published"))
    assert JSON.article
    document = msgspec.json.decode(JSON.article(page, URLS))
    assert list(document) == ["published", "neighbours", "related"]
    newer = {"slug": "new", "url": URLS.article("new"), "title": "New", "published": document["published"]}
    assert document["neighbours"] == {"newer": newer, "older": None}
    assert [link["slug"] for link in document["related"]] == ["near"]


def test_references_are_absolute() -> None:
    full = read_one(FULL)
    assert 'href="https://news.example/blog/articles/harbour-opens#fn-1"' in full["content_html"]
    assert full["image"]["url"] == "https://news.example/blog/files/posts/quay.jpg"
    assert full["attachments"][2]["url"] == "https://video.example/v.mp4"
    assert full["formats"]["markdown"] == "https://news.example/blog/articles/harbour-opens.md"
    assert "\x01" not in full["content_html"]


def test_page_links_to_its_neighbours() -> None:
    document = read(MIDDLE_PAGE)
    assert list(document) == ["articles", "total", "total_at_least", "next", "previous"]
    assert document["total"] == 4
    assert document["next"] == URLS.listing("json", MIDDLE_PAGE.query, MIDDLE_PAGE.page.next_cursor)
    assert document["previous"] == URLS.listing("json", MIDDLE_PAGE.query, MIDDLE_PAGE.page.previous_cursor)
    assert read(listing()) == {
        "articles": [],
        "total": 0,
        "total_at_least": None,
        "next": None,
        "previous": None,
    }


def test_total_is_null_if_not_counted() -> None:
    document = read(listing(article(), total=None, total_at_least=10_000))
    assert (document["total"], document["total_at_least"]) == (None, 10_000)


@pytest.mark.parametrize("answer", [read, lambda page: {"articles": lines(page)}])
def test_fields(answer: Any) -> None:
    page = listing(FULL, UNDATED, query=Query(fields=("title", "id", "published")))
    assert [list(item) for item in answer(page)["articles"]] == [["id", "title", "published"]] * 2


@pytest.mark.parametrize(
    ("content", "absent"),
    [
        ("full", set()),
        ("summary", {"content_html", "content_text"}),
        ("none", {"content_html", "content_text", "summary"}),
    ],
)
def test_content(content: Any, absent: set[str]) -> None:
    for item in (read, lambda page: {"articles": lines(page)}):
        (selected,) = item(listing(FULL, query=Query(content=content)))["articles"]
        assert {name for name, value in selected.items() if value is None} == absent


def test_ndjson_line_equals_the_article_of_the_page() -> None:
    assert lines(FIRST_PAGE) == read(FIRST_PAGE)["articles"]
    assert NDJSON.listing(FIRST_PAGE, URLS).endswith(b"}\n")


def test_pages_of_ndjson_can_be_concatenated() -> None:
    pages = NDJSON.listing(listing(FULL), URLS) + NDJSON.listing(listing(UNDATED), URLS)
    assert pages == NDJSON.listing(listing(FULL, UNDATED), URLS)
    assert NDJSON.listing(listing(), URLS) == b""


def test_responses_match_their_schemas() -> None:
    for page in (FIRST_PAGE, MIDDLE_PAGE, listing()):
        msgspec.json.decode(JSON.listing(page, URLS), type=ArticlesOut)
    msgspec.json.decode(
        JSON.listing(listing(FULL, query=Query(fields=("id",))), URLS), type=Articles[dict[str, object]]
    )


DIRECTORIES: list[tuple[FacetKind, str, str]] = [
    ("tag", "tags", "tag=x-y"),
    ("author", "authors", "author=x-y"),
    ("source", "sources", "source=x-y"),
    ("language", "languages", "language=x-y"),
]


@pytest.mark.parametrize(("kind", "plural", "parameters"), DIRECTORIES)
def test_directory(kind: FacetKind, plural: str, parameters: str) -> None:
    assert JSON.directory
    directory = Directory(site(), kind, (Facet("x-y", "X & Y", 7),))
    assert msgspec.json.decode(JSON.directory(directory, URLS)) == {
        plural: [
            {
                "name": "X & Y",
                "slug": "x-y",
                "count": 7,
                "url": f"https://news.example/blog/articles.html?{parameters}",
                "feeds": {
                    "atom": f"https://news.example/blog/feed.atom?{parameters}",
                    "rss": f"https://news.example/blog/feed.rss?{parameters}",
                    "json": f"https://news.example/blog/feed.json?{parameters}",
                },
            }
        ]
    }
