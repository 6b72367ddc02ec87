"""What a page about a problem offers a person."""

import pytest

from service.errors import Gone, InvalidParameter, NotFound, StaleCursor
from service.query import Query
from service.web.problems.suggestions import search_for, without_fault


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/articles/harbor-opens", "harbor opens"),
        ("/2019/01/harbor_opens.html", "harbor opens"),
        ("/tag/بغداد/", "بغداد"),
        ("/articles/2019-01-28", None),
        ("/", None),
        ("/" + "word-" * 100, ("word " * 20).strip()),
    ],
)
def test_the_last_segment_of_an_address_is_searched_for(path: str, words: str | None) -> None:
    query = search_for(NotFound("There is nothing."), path)

    assert query == (Query(q=words) if words else None)
    assert search_for(Gone("x", "withdrawn", None), path) == query
    assert search_for(InvalidParameter("limit", "a number."), path) is None


@pytest.mark.parametrize(
    ("query", "error", "mended"),
    [
        (b"q=sea&limit=many&tag=a", InvalidParameter("limit", ""), "?q=sea&tag=a"),
        (b"limit=many", InvalidParameter("limit", ""), ""),
        (b"q=sea&cursor=old", StaleCursor(), "?q=sea"),
        (b"language=%22&cursor=old&q=%D8%A8", InvalidParameter("language", ""), "?q=%D8%A8"),
        (b"%74ag=a&q=b", InvalidParameter("tag", ""), "?q=b"),
    ],
)
def test_the_address_without_the_faulty_parameter_is_offered(
    query: bytes, error: Exception, mended: str
) -> None:
    base = "https://news.example/blog"

    assert without_fault(error, f"{base}/articles.html", query) == f"{base}/articles.html{mended}"
    assert without_fault(NotFound(""), f"{base}/articles.html", query) is None
