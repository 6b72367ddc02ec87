"""Addresses: what is broken, what is untidy, and where those of older sites lead."""

import pytest

from service.web.address import BadAddress, check, successor, tidy


@pytest.mark.parametrize(
    ("path", "query"),
    [(b"/", b""), (b"/a%20b", b"q=%C3%A9"), (b"/%25", b"q=100%25"), (b"/x", b"q=%FF"), ("/é".encode(), b"")],
)
def test_sound(path: bytes, query: bytes) -> None:
    check(path, query)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (b"/%", b""),
        (b"/%Z1", b""),
        (b"/%4", b""),
        (b"/%00", b""),
        (b"/\x00", b""),
        (b"/%FF", b""),
        (b"/", b"q=100%"),
        (b"/", b"q=%zz"),
        (b"/", b"q=%00"),
        (b"*", b""),
        (b"", b""),
    ],
)
def test_broken(path: bytes, query: bytes) -> None:
    with pytest.raises(BadAddress):
        check(path, query)


def test_only_a_percent_sign_is_told_to_be_encoded() -> None:
    with pytest.raises(BadAddress, match=r"^The path holds a NUL\.$"):
        check(b"/a%00", b"")
    with pytest.raises(BadAddress, match=r"^The query string holds '%zz', .* itself as %25\.$"):
        check(b"/", b"q=%zz")


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/", "/"), ("//", "/"), ("/a/", "/a"), ("//a//b///", "/a/b"), ("/a/b", "/a/b"), ("/a%2F", "/a%2F")],
)
def test_tidy(path: str, expected: str) -> None:
    assert tidy(path) == expected


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
def test_former_feeds(path: str, query: str, expected: str) -> None:
    assert successor(path, query) == expected


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
def test_others_stay(path: str, query: str) -> None:
    assert successor(path, query) is None
