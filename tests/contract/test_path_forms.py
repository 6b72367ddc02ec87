"""Path forms of the running service: other addresses of what a query string selects."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.http_client import open_client
from tests.support.server import serving

ARTICLES = {
    "vote": "title: Vote\ndate: 2019-01-01\ntags: [Islamic State, C++]\nauthor: Ada Osei\nseries: Harbours\n",
    "count": "title: Count\ndate: 2019-01-02\ntags: [Islamic State]\nlanguage: en-GB\nsource: Rudaw\n",
    "moved": "title: Moved\ndate: 2018-01-02\naliases: [/tags/former, /tags/islamic-state, /page/7]\n",
}
BROWSER = {"Accept": "text/html"}
POSITION = "1546387200-0123456789abcdef"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    root = tmp_path_factory.mktemp("site")
    (root / "content").mkdir()
    (root / "content/site.toml").write_text('hub = "https://hub.example/"\n')
    for name, front_matter in ARTICLES.items():
        (root / f"content/{name}.md").write_text(f"---\n{front_matter}---\nText.\n", "utf-8")
    with serving(root / "content", root) as server, open_client(server.base) as client:
        yield client


SAME = [
    ("/tags/islamic-state.html", "/articles.html?tag=islamic-state"),
    ("/tags/islamic-state.json", "/articles.json?tag=islamic-state"),
    ("/tags/islamic-state.md", "/articles.md?tag=islamic-state"),
    ("/tags/Islamic%20State.json", "/articles.json?tag=islamic-state"),
    ("/tags/C++.json", "/articles.json?tag=c-plus-plus"),
    ("/authors/ada-osei.json", "/articles.json?author=ada-osei"),
    ("/sources/rudaw.json", "/articles.json?source=rudaw"),
    ("/languages/en.json", "/articles.json?language=en"),
    ("/languages/en-gb.json", "/articles.json?language=en-GB"),
    ("/series/harbours.json", "/articles.json?series=harbours"),
    ("/tags/islamic-state.json?limit=1", "/articles.json?tag=islamic-state&limit=1"),
    ("/tags/islamic-state.json?tag=c%2B%2B", "/articles.json?tag=islamic-state&tag=c-plus-plus"),
    ("/tags/islamic-state/feed.atom", "/feed.atom?tag=islamic-state"),
    ("/tags/islamic-state/feed.rss?content=summary", "/feed.rss?tag=islamic-state&content=summary"),
    ("/authors/ada-osei/feed.json", "/feed.json?author=ada-osei"),
    ("/series/harbours/feed.json", "/feed.json?series=harbours"),
    ("/tags/vanished/feed.atom", "/feed.atom?tag=vanished"),
    (f"/tags/islamic-state/archive/{POSITION}.atom", f"/feed.atom?tag=islamic-state&archive={POSITION}"),
    (f"/languages/en/archive/{POSITION}.0a1b2c3d.rss", f"/feed.rss?language=en&archive={POSITION}"),
    (f"/archive/{POSITION}.rss", f"/feed.rss?archive={POSITION}"),
    ("/subscribe/tags/islamic-state", "/subscribe?tag=islamic-state"),
    ("/sitemap/2019-01.xml", "/sitemap.xml?part=2019-01"),
    ("/sitemap/pages.xml", "/sitemap.xml?part=pages"),
]


@pytest.mark.parametrize(("path", "query"), SAME)
def test_a_path_form_answers_as_the_address_with_a_query_string(
    site: httpx.Client, path: str, query: str
) -> None:
    by_path, by_query = site.get(path), site.get(query)
    assert by_path.status_code == 200
    assert by_path.content == by_query.content
    for name in ("etag", "content-type", "cache-control", "link", "vary", "x-robots-tag"):
        assert by_path.headers.get(name) == by_query.headers.get(name), name
    assert site.head(path).headers["etag"] == by_query.headers["etag"]
    assert site.get(path, headers={"If-None-Match": by_query.headers["etag"]}).status_code == 304


def test_accept_chooses_the_format_of_a_list_without_suffix(site: httpx.Client) -> None:
    for accept, suffix in (("text/html", ".html"), ("application/json", ".json"), ("text/markdown", ".md")):
        response = site.get("/tags/Islamic%20State?limit=1", headers={"Accept": accept})
        assert response.content == site.get(f"/tags/islamic-state{suffix}?limit=1").content
        location = f"{str(site.base_url).rstrip('/')}/tags/islamic-state{suffix}?limit=1"
        assert response.headers["content-location"] == location
        assert response.headers["cache-control"] == "no-cache"
        assert "Accept" in response.headers["vary"]


def test_a_page_of_a_list_continues_by_its_cursor(site: httpx.Client) -> None:
    first = site.get("/tags/islamic-state.json?limit=1").json()
    cursor = httpx.URL(first["next"]).params["cursor"]
    second = site.get(f"/tags/islamic-state.json?limit=1&cursor={cursor}").json()
    assert [article["slug"] for page in (first, second) for article in page["articles"]] == ["count", "vote"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tags/nothing", 404),
        ("/tags/nothing.json", 404),
        ("/languages/no%20language", 404),
        ("/languages/no%20language/feed.atom", 404),
        ("/tags/%20", 404),
        ("/archive/2019", 404),
        ("/archive/2019.atom", 404),
        (f"/archive/{POSITION}.json", 404),
        (f"/archive/{POSITION}", 404),
        ("/sitemap/2019-01", 404),
        ("/sitemap/1919-01.xml", 404),
        ("/subscribe/colours/red", 404),
        ("/subscribe/tags", 404),
        ("/tags/islamic-state/other", 404),
        ("/tags/islamic-state.json?limt=1", 400),
        ("/series/harbours.json?series=other", 400),
        (f"/tags/islamic-state/archive/{POSITION}.atom?archive={POSITION}", 400),
    ],
)
def test_what_is_no_path_form_is_a_problem(site: httpx.Client, path: str, status: int) -> None:
    assert site.get(path).status_code == status


@pytest.mark.parametrize(
    "path",
    [
        "/tags/none.json",
        "/archive/none.atom",
        f"/tags/islamic-state/archive/{POSITION}.atom?limit=x",
        "/tags/islamic-state/feed.rss?limit=x",
        "/sitemap/1919-01.xml",
    ],
)
def test_programs_get_problem_documents(site: httpx.Client, path: str) -> None:
    response = site.get(path, headers=BROWSER)
    assert response.headers["content-type"] == "application/problem+json"


def test_addresses_of_the_service_are_answered_before_former_addresses(site: httpx.Client) -> None:
    assert site.get("/tags/islamic-state").status_code == 200
    for path in ("/tags/former", "/page/7"):
        assert site.get(path).headers["location"].endswith("/articles/moved")
