"""A value that looks like several is rejected only if nothing has that name."""

import asyncio
import re

import pytest

from service.errors import InvalidParameter
from service.model import Site
from service.web.query_string.combined_values import reject_combined_values
from tests.support.builders import article
from tests.support.in_memory_site import InMemoryIndex

COMBINED = [b"tag=a,b", b"tag=a%2C+b", b"author=Smith%2C+John", b"source=a;b", b"q=a+OR+b", b"title=a+%7C+b"]
COMBINED += [b"slug=a,b", b"id=tag:x.example,2026:a,tag:x.example,2026:b", b"series=a,b"]


@pytest.mark.parametrize("raw", COMBINED)
def test_what_finds_an_article_is_accepted(raw: bytes) -> None:
    asyncio.run(reject_combined_values(InMemoryIndex(article()), raw, Site()))


@pytest.mark.parametrize("raw", COMBINED)
def test_what_finds_nothing_is_rejected(raw: bytes) -> None:
    with pytest.raises(InvalidParameter):
        asyncio.run(reject_combined_values(InMemoryIndex(), raw, Site()))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"tag=iraq",
        b"q=a,b",
        b"q=or",
        b"q=ORB",
        b"q=%22a+OR+b%22",
        b"since=2019-01-01",
        b"tag=iraq&x=a,b",
        b"id=tag:x.example,2026:a",
        b"related=a,b",
    ],
)
def test_other_values_are_accepted_without_asking_the_index(raw: bytes) -> None:
    index = InMemoryIndex()
    asyncio.run(reject_combined_values(index, raw, Site()))
    assert index.asked == 0


@pytest.mark.parametrize(
    ("raw", "advice"),
    [
        (b"tag=a,b", "no tag is called 'a,b'; for several repeat tag, or any_tag for any of them."),
        (b"author=a,b", "no author is called 'a,b'; for several repeat author."),
        (b"series=a,b", "no series is called 'a,b'; give one series."),
        (b"slug=a,b", "no article has the slug 'a,b'; for several repeat slug."),
    ],
)
def test_the_advice_names_what_may_repeat(raw: bytes, advice: str) -> None:
    with pytest.raises(InvalidParameter, match=re.escape(advice)):
        asyncio.run(reject_combined_values(InMemoryIndex(), raw, Site()))
