"""Redirects from the feed addresses of other systems."""

import pytest

from service.web.addresses.legacy_redirects import legacy_redirect


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/rss", "", "/feed.rss"),
        ("/rss.xml", "", "/feed.rss"),
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
    ],
)
def test_other_addresses_are_not_redirected(path: str, query: str) -> None:
    assert legacy_redirect(path, query) is None
