"""Addresses of older sites, and untidy ones, lead where they should."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.http_client import open_client
from tests.support.server import Server, serving


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
        ("/articles//after-mosul", "/articles/after-mosul"),
        ("/articles.html/?q=a%20b&x=%2F", "/articles.html?q=a%20b&x=%2F"),
        ("/feed.atom/", "/feed.atom"),
    ],
)
def test_former_and_unnormalised_addresses(
    client: httpx.Client, service: Server, path: str, location: str
) -> None:
    response = client.get(httpx.URL(service.base + "/").copy_with(raw_path=path.encode()))
    assert (response.status_code, response.headers["location"]) == (301, service.base + location)
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A blog whose articles had addresses of their own elsewhere."""
    root = tmp_path_factory.mktemp("moved")
    for path, text in {
        "content/vote.md": "---\ntitle: Vote\naliases: [/2019/01/vote.html, /voté/, /News/Vote/, /page/7]\n"
        "tags: [Islamic State]\nseries: Harbours\n---\nText.\n",
        "content/_posts/2019-03-13-count.md": "---\ntitle: Count\npermalink: /news/count/\n---\nText.\n",
        "content/old/ballot.html": '<!DOCTYPE html><title>x</title><meta http-equiv="refresh" '
        'content="0; url=/news/count/"><p>Moved.</p>',
        "content/jekyll/_config.yml": "baseurl: /blog\npermalink: /:categories/:year/:month/:title.html\n",
        "content/jekyll/_posts/2019-03-14-Late.md": "---\ntitle: Late\ncategory: Far East\n---\nText.\n",
        "content/jekyll/gone/Later.md": "---\nredirect_to: /blog/far%20east/2019/03/Late.html\n---\n",
        "content/hugo/hugo.toml": "baseURL = 'https://x.example/'\n[permalinks]\nposts = '/:year/:title/'\n",
        "content/hugo/content/posts/tide.md": "---\ntitle: High é!\ndate: 2019-03-15\n---\nText.\n",
        "content/hugo/content/posts/c.md": "---\ntitle: 'C# now'\ndate: 2019-03-17\n---\nText.\n",
        "content/hugo/content/articles/2019-03-16-ebb.md": "---\ntitle: Ebb\n---\nText.\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    with serving(root / "content", root) as server:
        yield server


FORMERLY = [
    ("/2019/01/vote.html", "/articles/vote"),
    ("/2019/01/vote.html?utm_source=x&y=%2F", "/articles/vote?utm_source=x&y=%2F"),
    ("/2019/01/vote", "/articles/vote"),
    ("/vot%C3%A9/", "/articles/vote"),
    ("/news/count/", "/articles/count"),
    ("/news/count/index.html", "/articles/count"),
    ("/news/count", "/articles/count"),
    ("/old/ballot.html", "/articles/count"),
    ("/far%20east/2019/03/Late.html", "/articles/late"),
    ("/blog/far%20east/2019/03/Late.html", "/articles/late"),
    ("/far%20east/2019/03/Late/", "/articles/late"),
    ("/blog/gone/Later.html", "/articles/late"),
    ("/2019/high-%C3%A9/", "/articles/tide"),
    ("/2019/c%23-now/", "/articles/c"),
    ("/articles/2019-03-16-ebb/", "/articles/ebb"),
    ("/articles/2019-03-16-ebb", "/articles/ebb"),
    ("/articles/2019-03-16-ebb.html", "/articles/ebb"),
    ("/2019/01/vote.html/", "/articles/vote"),
    ("//2019//01/vote.html", "/articles/vote"),
    ("/2019/01/vote.html/index.html/", "/articles/vote"),
    ("/2019/01/VOTE.html/", "/articles/vote"),
    ("/2019/01/Vote.HTML", "/articles/vote"),
    ("/news//count//?a=b", "/articles/count?a=b"),
    ("/news/count/index.html/", "/articles/count"),
    ("/News/Count/", "/articles/count"),
    ("/old/ballot/", "/articles/count"),
    ("/blog/far%20east/2019/03/Late/", "/articles/late"),
    ("/articles/Vote/", "/articles/vote"),
    ("/articles/VOTE.json/", "/articles/vote.json"),
    ("/articles//vote", "/articles/vote"),
    ("/files/_posts/2019-03-13-count.md/", "/articles/count"),
    ("/news/VOTE/", "/articles/vote"),
    ("/news/vote", "/articles/vote"),
    ("/BLOG/Gone/Later.html", "/articles/late"),
    ("/tag/Islamic%20State/", "/articles.html?tag=islamic-state"),
    ("/category/x/islamic-state/page/2/?utm=1", "/articles.html?tag=islamic-state&utm=1"),
    ("/series/harbours/index.html", "/articles.html?series=harbours"),
    ("/tags/Islamic%2FState", "/articles.html?tag=islamic-state"),
    ("/tags/Islamic%2FState.json?limit=1", "/articles.json?tag=islamic-state&limit=1"),
    ("/tags/Islamic%2FState/feed.atom", "/feed.atom?tag=islamic-state"),
    ("/page/2", "/"),
    ("/page/2/?utm=1", "/?utm=1"),
    ("/page/7", "/articles/vote"),
    ("/index.html", "/"),
    ("/index.html/", "/"),
]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(("path", "location"), FORMERLY)
def test_the_old_address_of_an_article_leads_to_it(
    moved: Server, method: str, path: str, location: str
) -> None:
    with open_client() as client:
        response = client.request(
            method, httpx.URL(moved.base + "/").copy_with(raw_path=path.encode()), follow_redirects=True
        )
    redirects = [(answer.status_code, answer.headers["location"]) for answer in response.history]
    assert redirects == [(301, moved.base + location)]
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/2019/01/other/", 404),
        ("//nothing", 404),
        ("/articles/none/", 404),
        ("/tag/nothing/", 404),
        ("/category/none/page/2/", 404),
        ("/articles.json/?limt=3", 400),
    ],
)
def test_an_unnormalised_address_of_nothing_is_an_error_at_once(
    moved: Server, path: str, status: int
) -> None:
    for method in ("GET", "HEAD"):
        with open_client() as client:
            url = httpx.URL(moved.base + "/").copy_with(raw_path=path.encode())
            assert client.request(method, url).status_code == status


def test_unknown_address_is_not_found(moved: Server) -> None:
    with open_client() as client:
        assert client.get(f"{moved.base}/2019/01/other.html").status_code == 404
