"""Addresses of older sites, and untidy ones, lead where they should."""

import httpx
import pytest

from tests.server import Server


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/rss", "/feed.rss"),
        ("/rss/", "/feed.rss"),
        ("/rss.xml", "/feed.rss"),
        ("/feed", "/feed.rss"),
        ("/feed/", "/feed.rss"),
        ("/index.xml", "/feed.rss"),
        ("/?feed=rss2", "/feed.rss"),
        ("/feed.xml", "/feed.atom"),
        ("/atom.xml", "/feed.atom"),
        ("/feed/atom/", "/feed.atom"),
        ("/feeds/posts/default", "/feed.atom"),
        ("/feeds/posts/default?alt=rss", "/feed.rss"),
        ("/tag/Islamic%20State/feed/", "/feed.rss?tag=Islamic+State"),
        ("/tag/iraq/rss/", "/feed.rss?tag=iraq"),
        ("/author/ada/feed/", "/feed.rss?author=ada"),
        ("/author/ada/rss/", "/feed.rss?author=ada"),
        ("/category/iraq/feed/", "/feed.rss?tag=iraq"),
        ("/feed/?tag=iraq&limit=3", "/feed.rss?tag=iraq&limit=3"),
        ("/articles/", "/articles"),
        ("//articles", "/articles"),
        ("/articles//x", "/articles/x"),
        ("/articles/?q=a%20b&x=%2F", "/articles?q=a%20b&x=%2F"),
        ("/feed.atom/", "/feed.atom"),
    ],
)
def test_former_and_untidy_addresses(client: httpx.Client, service: Server, path: str, location: str) -> None:
    response = client.get(httpx.URL(service.base + "/").copy_with(raw_path=path.encode()))
    assert (response.status_code, response.headers["location"]) == (301, service.base + location)
    assert response.headers["access-control-allow-origin"] == "*"
