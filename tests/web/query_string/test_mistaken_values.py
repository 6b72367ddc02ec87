"""Values that are mistakes are rejected only if they find nothing."""

import asyncio
import re
from pathlib import Path

import pytest

from service.errors import InvalidParameter
from service.model import Site
from service.query import Query
from service.web.query_string.mistaken_values import reject_mistaken_values
from tests.support.builders import article
from tests.support.in_memory_site import InMemoryIndex
from tests.support.published_folder import PublishedFolder

COMBINED = [b"tag=a,b", b"tag=a%2C+b", b"author=Smith%2C+John", b"source=a;b", b"q=a+OR+b", b"title=a+%7C+b"]
COMBINED += [b"q=a+AND+b", b"q=a+NOT+b", b"q=NOT+b", b"q=title:a", b"title=a+tag%3Ab"]
COMBINED += [b"slug=a,b", b"id=tag:x.example,2026:a,tag:x.example,2026:b", b"series=a,b"]


@pytest.mark.parametrize("raw", COMBINED)
def test_what_finds_an_article_is_accepted(raw: bytes) -> None:
    asyncio.run(reject_mistaken_values(InMemoryIndex(article()), Query(), raw, Site()))


@pytest.mark.parametrize("raw", COMBINED)
def test_what_finds_nothing_is_rejected(raw: bytes) -> None:
    with pytest.raises(InvalidParameter):
        asyncio.run(reject_mistaken_values(InMemoryIndex(), Query(), raw, Site()))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"tag=iraq",
        b"q=a,b",
        b"q=or",
        b"q=ORB",
        b"q=a+and+b",
        b"q=subtitle:a",
        b"q=10:30",
        b"q=%22a+OR+b%22",
        b"since=2019-01-01",
        b"tag=iraq&x=a,b",
        b"id=tag:x.example,2026:a",
        b"related=a,b",
    ],
)
def test_other_values_are_accepted_without_asking_the_index(raw: bytes) -> None:
    index = InMemoryIndex()
    asyncio.run(reject_mistaken_values(index, Query(), raw, Site()))
    assert index.asked == 0


@pytest.mark.parametrize(
    ("raw", "advice"),
    [
        (b"tag=a,b", "no tag is called 'a,b'; for several repeat tag, or any_tag for any of them."),
        (b"author=a,b", "no author is called 'a,b'; for several repeat author."),
        (b"series=a,b", "no series is called 'a,b'; give one series."),
        (
            b"q=a+OR+b",
            "OR has no meaning in a search, which finds articles with all words; use one search for each.",
        ),
        (
            b"q=a+%7C+b",
            "OR has no meaning in a search, which finds articles with all words; use one search for each.",
        ),
        (
            b"q=a+AND+b",
            "AND has no meaning in a search, which finds articles with all words; leave it out.",
        ),
        (
            b"q=a+NOT+b",
            "NOT has no meaning in a search, which finds articles with all words; write -word",
        ),
        (b"q=title:a", "title: has no meaning in a search; use the parameter title."),
        (b"slug=a,b", "no article has the slug 'a,b'; for several repeat slug."),
    ],
)
def test_the_advice_names_what_may_repeat(raw: bytes, advice: str) -> None:
    with pytest.raises(InvalidParameter, match=re.escape(advice)):
        asyncio.run(reject_mistaken_values(InMemoryIndex(), Query(), raw, Site()))


@pytest.mark.parametrize(
    ("slug", "advice"),
    [
        ("harbor-opens", "there is no article 'harbor-opens'; did you mean 'harbour-opens'?"),
        ("zebra", "there is no article 'zebra'; give the slug of an article."),
        ("withdrawn", "the article 'withdrawn' is gone."),
        ("former", "the article 'former' is now called 'a-title'."),
    ],
)
def test_related_names_an_article(slug: str, advice: str) -> None:
    index = InMemoryIndex(article("harbour-opens"), article("quay-closes"))
    with pytest.raises(InvalidParameter, match=re.escape(f"related: {advice}")):
        asyncio.run(reject_mistaken_values(index, Query(related=slug), b"", Site()))

    asyncio.run(reject_mistaken_values(index, Query(related="harbour-opens"), b"", Site()))


LISTS = (
    "/articles",
    "/articles.json",
    "/articles.ndjson",
    "/articles.md",
    "/articles.html",
    "/search",
    "/changes",
)


def test_every_list_rejects_a_search_that_combines_words_and_feeds_stay(tmp_path: Path) -> None:
    site = PublishedFolder(tmp_path)
    site.write("a", date="2025-01-01", text="Some text.")
    site.refresh()
    revision = site.get("/manifest.json").json()["revision"]
    answers = {path: site.get(f"{path}?q=here+OR+there") for path in LISTS}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(LISTS, 400)
    for path in ("/feed.atom?", "/feed.rss?", "/feed.json?", f"/changes?since={revision}&"):
        assert site.get(f"{path}q=here+OR+there").status_code == 200
