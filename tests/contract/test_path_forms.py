"""Path forms of the running service: other addresses of what a query string selects."""

import hashlib
import re
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
PUBLIC = "https://news.example/blog"
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
        (f"/page/{POSITION}", 404),
        ("/page/two.html", 404),
        (f"/tags/nothing/page/{POSITION}.html", 404),
        (f"/page/{POSITION}.json?limit=3", 400),
        ("/subscribe/colours/red", 404),
        ("/subscribe/tags/nonsense", 404),
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


@pytest.mark.parametrize("suffix", [".html", ".json", ".md"])
@pytest.mark.parametrize("path", ["/tags/islamic-state/page/", "/page/"])
def test_a_page_by_position_holds_what_follows_there(site: httpx.Client, path: str, suffix: str) -> None:
    count = site.get("/articles.json?limit=1").json()["articles"][0]
    digest = hashlib.sha256(count["id"].encode()).hexdigest()[:16]
    first, other = (site.get(f"{path}{position}{suffix}") for position in (f"1546387200-{digest}", POSITION))
    assert first.status_code == other.status_code == 200
    assert first.headers["content-type"] == site.get(f"/articles{suffix}").headers["content-type"]
    assert first.headers["x-robots-tag"] == "noindex, follow"
    assert "Count" in first.text
    assert "Vote" in first.text
    # Nothing is at this position, but articles are at its second.
    assert "Count" in other.text


def test_a_page_by_position_has_no_total(site: httpx.Client) -> None:
    page = site.get(f"/page/{POSITION}.json").json()
    assert (page["total"], page["total_at_least"], page["previous"]) == (None, None, None)
    empty = site.get("/page/0-0123456789abcdef.html", headers=BROWSER)
    assert "There is nothing beyond this page." in empty.text


def test_addresses_of_the_service_are_answered_before_former_addresses(site: httpx.Client) -> None:
    assert site.get("/tags/islamic-state").status_code == 200
    for path in ("/tags/former", "/page/7"):
        assert site.get(path).headers["location"].endswith("/articles/moved")


@pytest.fixture(scope="module")
def by_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A site whose canonical addresses are paths: 45 articles, of which all but one have a tag."""
    root = tmp_path_factory.mktemp("paths")
    (root / "content").mkdir()
    (root / "content/site.toml").write_text('addresses = "paths"\nhub = "https://hub.example/"\n')
    for number in range(45):
        front_matter = f"title: N{number}\ndate: 2019-01-{1 + number % 28:02}\nseries: Harbours\n"
        tags = "tags: [Islamic State]\n" if number else ""
        text = f"---\n{front_matter}{tags}---\n{'Long text. ' * 3000}\n"
        (root / f"content/n{number}.md").write_text(text)
    options = ("--public-url", "https://news.example/blog")
    environment = {"BROADSHEET_FEED_BYTES": "400000"}
    with (
        serving(root / "content", root, *options, **environment) as server,
        open_client(server.base) as client,
    ):
        yield client


PUBLIC = "https://news.example/blog"


def links(response: httpx.Response) -> dict[str, str]:
    return {str(link["rel"]): link["url"] for link in response.links.values()}


@pytest.mark.parametrize("name", ["atom", "rss"])
@pytest.mark.parametrize("path", ["", "/tags/islamic-state"])
def test_a_feed_at_a_path_has_its_archive_and_no_cursors(by_path: httpx.Client, path: str, name: str) -> None:
    feed = by_path.get(f"{path}/feed.{name}")
    query = by_path.get(f"/feed.{name}{'?tag=Islamic+State' if path else ''}")
    assert feed.content == query.content
    assert links(feed)["self"] == f"{PUBLIC}{path}/feed.{name}"
    assert links(feed)["alternate"] == f"{PUBLIC}{path or '/'}"
    assert links(feed)["hub"] == "https://hub.example/"
    assert "cursor=" not in feed.text
    documents = [feed]
    while earlier := links(documents[-1]).get("prev-archive"):
        assert earlier.startswith(f"{PUBLIC}{path}/archive/")
        documents.append(by_path.get(earlier.removeprefix(PUBLIC)))
        assert links(documents[-1])["current"] == f"{PUBLIC}{path}/feed.{name}"
        style = f"{'../' * (earlier.removeprefix(PUBLIC).count('/') - 1)}assets/feed.css"
        assert f'href="{style}"' in documents[-1].text
    assert len(documents) > 2


@pytest.mark.parametrize(
    ("path", "suffix"), [("/", ""), ("/tags/islamic-state", ""), ("/tags/islamic-state", ".md")]
)
def test_pages_lead_to_paths_alone(by_path: httpx.Client, path: str, suffix: str) -> None:
    seen = []
    following: str | None = f"{PUBLIC}{path}{suffix}"
    while following:
        response = by_path.get(following.removeprefix(PUBLIC), headers={} if suffix else BROWSER)
        seen += re.findall(r"articles/(n[0-9]+)[\")]", response.text)
        addresses = re.findall(rf'{PUBLIC}[^\s"<)]*', response.text)
        assert [address for address in addresses if "?" in address and "{search" not in address] == []
        following = links(response).get("next")
    assert len(set(seen)) == (44 if "tags" in path else 45)


def test_what_has_no_path_keeps_its_query_string(by_path: httpx.Client) -> None:
    page = by_path.get("/articles.html?tag=islamic-state&sort=oldest").text
    assert f'rel="canonical" href="{PUBLIC}/articles.html?tag=islamic-state&amp;sort=oldest"' in page
    assert f'href="{PUBLIC}/articles.html?tag=islamic-state&amp;sort=updated"' in page
    some = by_path.get("/tags/islamic-state.json?limit=5").json()
    assert some["next"].startswith(f"{PUBLIC}/articles.json?tag=islamic-state&limit=5&cursor=")


def test_lists_of_addresses_have_paths(by_path: httpx.Client) -> None:
    assert f"{PUBLIC}/tags/islamic-state/feed.atom" in by_path.get("/feeds.opml").text
    assert f'href="{PUBLIC}/tags/islamic-state"' in by_path.get("/articles/n1", headers=BROWSER).text
    assert f'href="{PUBLIC}/series/harbours"' in by_path.get("/articles/n1", headers=BROWSER).text
    assert f'href="{PUBLIC}/subscribe/tags/islamic-state"' in by_path.get("/tags", headers=BROWSER).text
    for former, path in (
        ("/tag/Islamic%20State/feed/", "/tags/islamic-state/feed.rss"),
        ("/category/islamic-state/", "/tags/islamic-state"),
        ("/tags/islamic-state/atom.xml?a=b", "/tags/islamic-state/feed.atom?a=b"),
    ):
        assert by_path.get(former).headers["location"] == f"{PUBLIC}{path}"
