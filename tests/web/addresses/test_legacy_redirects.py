"""Redirects from the feeds and lists of other systems."""

import pytest

from service.query import Query
from service.urls import FormatName
from service.web.addresses.legacy_redirects import legacy_list, legacy_redirect, term_with_slash


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/rss", "", "/feed.rss"),
        ("/rss.xml", "", "/feed.rss"),
        ("/RSS", "", "/feed.rss"),
        ("/Feed/Atom", "", "/feed.atom"),
        ("/Tag/Iraq/Feed", "", "/feed.rss?tag=Iraq"),
        ("/feed", "", "/feed.rss"),
        ("/index.xml", "", "/feed.rss"),
        ("/feed.xml", "", "/feed.atom"),
        ("/atom.xml", "", "/feed.atom"),
        ("/feed/atom", "", "/feed.atom"),
        ("/feed", "tag=iraq&utm=1", "/feed.rss?tag=iraq&utm=1"),
        ("/", "feed=rss2", "/feed.rss"),
        ("/", "feed=atom&tag=a", "/feed.atom?tag=a"),
        ("/", "tag=a&feed=rss2&q=b", "/feed.rss?tag=a&q=b"),
        ("/feeds/posts/default", "", "/feed.atom"),
        ("/feeds/posts/default", "alt=rss", "/feed.rss"),
        ("/feeds/posts/default", "alt=rss&q=a", "/feed.rss?q=a"),
        ("/feeds/posts/default", "alt=json", "/feed.atom?alt=json"),
        ("/tag/Iraq/feed", "", "/feed.rss?tag=Iraq"),
        ("/tag/iraq/rss", "", "/feed.rss?tag=iraq"),
        ("/tag/caf%C3%A9/feed", "limit=3", "/feed.rss?tag=caf%C3%A9&limit=3"),
        ("/tag/c++/feed", "", "/feed.rss?tag=c%2B%2B"),
        ("/tag/a&b/feed", "", "/feed.rss?tag=a%26b"),
        ("/tag/iraq/feed/atom", "", "/feed.atom?tag=iraq"),
        ("/author/ada-osei/feed", "", "/feed.rss?author=ada-osei"),
        ("/author/ada-osei/rss", "", "/feed.rss?author=ada-osei"),
        ("/category/world/feed", "", "/feed.rss?tag=world"),
        ("/category/world/iraq/feed", "", "/feed.rss?tag=iraq"),
        ("/category/iraq/feed/rss2", "", "/feed.rss?tag=iraq"),
        ("/series/harbours/feed", "", "/feed.rss?series=harbours"),
        ("/tags/iraq/index.xml", "", "/feed.rss?tag=iraq"),
        ("/categories/iraq/index.xml", "", "/feed.rss?tag=iraq"),
        ("/series/harbours/index.xml", "", "/feed.rss?series=harbours"),
        ("/authors/ada/index.xml", "", "/feed.rss?author=ada"),
        ("/tags/iraq/atom.xml", "q=oil", "/feed.atom?tag=iraq&q=oil"),
        ("/tag/iraq/feed.json", "", "/feed.json?tag=iraq"),
        ("/tags/a/b/feed.json", "", "/feed.json?tag=b"),
        ("/tagged/iraq/rss", "", "/feed.rss?tag=iraq"),
        ("/feed/iraq.xml", "", "/feed.atom?tag=iraq"),
        ("/feed/by_tag/iraq.xml", "", "/feed.atom?tag=iraq"),
        ("/feed/feed.xml", "", "/feed.atom"),
        ("/feeds/all.atom.xml", "", "/feed.atom"),
        ("/feeds/all-en.rss.xml", "", "/feed.rss"),
        ("/feeds/iraq.atom.xml", "", "/feed.atom?tag=iraq"),
        ("/feeds/posts/default/-/Iraq", "", "/feed.atom?tag=Iraq"),
        ("/posts/index.xml", "", "/feed.rss"),
        ("/post/index.xml", "limit=3", "/feed.rss?limit=3"),
        ("/blog/atom.xml", "", "/feed.atom"),
        ("/blog/feed.json", "", "/feed.json"),
    ],
)
def test_legacy_feeds_are_redirected(path: str, query: str, expected: str) -> None:
    assert legacy_redirect(path, query) == expected


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/", ""),
        ("/", "feed="),
        ("/", "q=feed"),
        ("/feed.rss", ""),
        ("/articles", "feed=rss2"),
        ("/tag/feed", ""),
        ("/tag/iraq", ""),
        ("/2019/01/vote/feed", ""),
        ("/news/feed.xml", ""),
        ("/tags/iraq/feed.json", ""),
        ("/series/harbours/feed.json", ""),
    ],
)
def test_other_addresses_are_not_redirected(path: str, query: str) -> None:
    assert legacy_redirect(path, query) is None


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/tag/Islamic%20State", Query(tags=("islamic-state",))),
        ("/tags/c++", Query(tags=("c-plus-plus",))),
        ("/tag/iraq/page/2", Query(tags=("iraq",))),
        ("/tag/iraq.html", Query(tags=("iraq",))),
        ("/tag/iraq/index.html", Query(tags=("iraq",))),
        ("/category/world/iraq", Query(tags=("iraq",))),
        ("/categories/Iraq", Query(tags=("iraq",))),
        ("/author/ada", Query(authors=("ada",))),
        ("/authors/ada", Query(authors=("ada",))),
        ("/series/harbours", Query(series="harbours")),
        ("/Tag/Iraq", Query(tags=("iraq",))),
        ("/page/2", Query()),
        ("/page/123456", Query()),
        ("/page/1234567", None),
        ("/page/two", None),
        ("/tags", None),
        ("/topics/iraq", None),
        ("/2019/tag/iraq", None),
    ],
)
def test_what_a_legacy_list_contains(path: str, query: Query | None) -> None:
    assert legacy_list(path) == query


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/tags/A%2FB.json", (Query(tags=("a-b",)), "json")),
        ("/tags/A%2fB.md", (Query(tags=("a-b",)), "markdown")),
        ("/authors/A%2FB/feed.atom", (Query(authors=("a-b",)), "atom")),
        ("/sources/A%2FB/feed.rss", (Query(sources=("a-b",)), "rss")),
        ("/series/A%2FB/feed.json", (Query(series="a-b"), "jsonfeed")),
        ("/tags/A%2FB", None),
        ("/tags/a.json", None),
        ("/tag/A%2FB.json", None),
        ("/tags/A/B.json", None),
    ],
)
def test_the_lists_of_a_name_with_a_slash(path: str, expected: tuple[Query, FormatName] | None) -> None:
    assert term_with_slash(path) == expected
