"""What search engines and browsers ask of the running service: maps, robots.txt, search, suggestions."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from defusedxml.ElementTree import fromstring

from service.formats.robots.sitemap import NAMESPACE, NEWS
from service.index import now
from tests.support.http_client import open_client
from tests.support.problems import problem
from tests.support.server import Server, serving

LOC = f"{{{NAMESPACE}}}loc"
NOINDEX = "noindex, follow"
"""The home page and four directories."""


def locations(answer: httpx.Response) -> list[str]:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml; charset=utf-8")
    return [str(element.text) for element in fromstring(answer.content).iter(LOC)]


def write(content: Path, name: str, **facts: object) -> None:
    (content / f"{name}.json").write_text(json.dumps({"title": name, "slug": name, "text": "Text.", **facts}))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a service with 1,100 old articles and some of today."""
    content: Path = tmp_path_factory.mktemp("content")
    old = [
        {"title": f"n{n}", "slug": f"n{n}", "text": "T", "date": f"2019-{1 + n % 2:02}-01"}
        for n in range(1100)
    ]
    (content / "old.jsonl").write_text("\n".join(map(json.dumps, old)))
    write(content, "an-hour-ago", date=(now() - timedelta(hours=1)).isoformat(), tags=["Iraq"])
    write(content, "yesterday", date=(now() - timedelta(hours=47)).isoformat(), tags=["Iran"])
    write(content, "three-days-ago", date=(now() - timedelta(hours=49)).isoformat())
    write(content, "tomorrow", date=(now() + timedelta(days=1)).isoformat(), tags=["Irrigation"])
    write(
        content, "elsewhere", date=(now() - timedelta(hours=2)).isoformat(), canonical="https://a.example/1"
    )
    write(content, "undated")
    with (
        serving(content, tmp_path_factory.mktemp("work")) as server,
        open_client(server.base) as client,
    ):
        yield client


def test_the_sitemap_of_a_small_site(client: httpx.Client, service: Server) -> None:
    listed = locations(client.get("/sitemap.xml"))
    articles = client.get("/articles.json").json()["articles"]
    lists = [f"{service.base}{path}" for path in ("/", "/tags", "/authors", "/sources", "/languages")]
    assert listed[: len(lists)] == lists
    assert set(listed[len(lists) :]) == {
        f"{service.base}/about",
        *(article["url"] for article in articles),
    }
    for address in listed:
        assert address.startswith(service.base)
        page = client.get(address, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert "x-robots-tag" not in page.headers


def test_the_sitemap_of_a_large_site(large: httpx.Client) -> None:
    parts = locations(large.get("/sitemap.xml"))
    names = [httpx.URL(part).params["part"] for part in parts]
    assert names[:3] == ["pages", "2019-01", "2019-02"]
    assert names[-1] == "undated"
    listed = [address for part in parts for address in locations(large.get(part))]
    lists = [httpx.URL(address).path for address in listed if "/articles/" not in address]
    assert lists == ["/", "/tags", "/languages"]  # no article has an author or a source
    slugs = [address.rpartition("/")[2] for address in listed[len(lists) :]]
    assert len(slugs) == len(set(slugs)) == 1100 + 4
    assert {"an-hour-ago", "undated"} <= set(slugs)
    assert not {"tomorrow", "elsewhere"} & set(slugs)


@pytest.mark.parametrize("part", ["2018-01", "nothing", "2019-01.2", "\x01"])
def test_unknown_part_of_the_sitemap(large: httpx.Client, part: str) -> None:
    problem(large.get("/sitemap.xml", params={"part": part}), 404, "NotFound")


def test_every_part_of_the_sitemap_is_listed_once(large: httpx.Client) -> None:
    document = problem(large.get("/sitemap.xml?part=pages&part=undated"), 400, "InvalidParameter")
    assert document["parameter"] == "part"


def test_the_news_sitemap_covers_two_days(large: httpx.Client) -> None:
    answer = large.get("/sitemap-news.xml")
    assert [address.rpartition("/")[2] for address in locations(answer)] == ["an-hour-ago", "yesterday"]
    assert [element.text for element in fromstring(answer.content).iter(f"{{{NEWS}}}title")] == [
        "an-hour-ago",
        "yesterday",
    ]
    known = large.get("/sitemap-news.xml", headers={"If-None-Match": answer.headers["etag"]})
    assert known.status_code == 304


def test_the_news_sitemap_may_be_empty(client: httpx.Client) -> None:
    assert locations(client.get("/sitemap-news.xml")) == []


def test_robots_txt_names_the_sitemaps(client: httpx.Client, service: Server) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert lines[:4] == ["User-agent: *", "Allow: /", "Disallow: /suggest", "Disallow: /metrics"]
    maps = [line.removeprefix("Sitemap: ") for line in lines if line.startswith("Sitemap: ")]
    assert maps == [f"{service.base}/sitemap.xml", f"{service.base}/sitemap-news.xml"]
    for address in maps:
        locations(client.get(address))


def test_the_search_description(client: httpx.Client) -> None:
    home = client.get("/").text
    [link] = [line for line in home.splitlines() if 'rel="search"' in line]
    assert 'type="application/opensearchdescription+xml"' in link
    description = client.get(link.partition('href="')[2].partition('"')[0])
    assert description.headers["content-type"] == "application/opensearchdescription+xml"
    for element in fromstring(description.content).iter("{http://a9.com/-/spec/opensearch/1.1/}Url"):
        answer = client.get(element.attrib["template"].replace("{searchTerms}", "Baghdad"))
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == element.attrib["type"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ira", ["Iran", "Iraq", "Tillerson promises Iraq lasting support as Khazali warns American forces"]),
        ("IRA", ["Iran", "Iraq"]),
        ("hadi al", ["Hadi al-Ameri"]),
        ("tillerson ira", ["Tillerson promises Iraq lasting support as Khazali warns American forces"]),
        ("tillerson ir", ["Tillerson promises Iraq lasting support as Khazali warns American forces"]),
        ("tillerson i", ["Tillerson promises Iraq lasting support as Khazali warns American forces"]),
        ("ir", ["Iran", "Iraq"]),
        ("ir*a", []),
        ("", []),
        ("  ", []),
        ("zzzz", []),
        ('"', []),
    ],
)
def test_suggestions(client: httpx.Client, typed: str, words: list[str]) -> None:
    answer = client.get("/suggest", params={"q": typed, "limit": "nonsense"})
    assert answer.headers["content-type"] == "application/x-suggestions+json"
    searched, completions, about, addresses = answer.json()
    assert searched == typed.strip()
    assert completions[: len(words)] == words
    assert bool(completions) is bool(words)
    assert len(completions) == len(about) == len(addresses) <= 10
    for address in addresses:
        assert client.get(address).status_code == 200


def test_nothing_scheduled_is_suggested(large: httpx.Client) -> None:
    assert large.get("/suggest?q=ir").json()[1] == ["Iran", "Iraq"]
    assert {"Iran", "Iraq"} <= set(large.get("/suggest?q=i").json()[1])
    assert large.get("/suggest?q=tomor").json()[1] == []
    assert large.get("/suggest?q=an-hour").json()[1] == ["an-hour-ago"]


def test_search_that_is_too_long(client: httpx.Client) -> None:
    document = problem(client.get("/suggest", params={"q": "x" * 501}), 400, "InvalidParameter")
    assert document["parameter"] == "q"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", None),
        ("/?utm_source=x", None),
        ("/articles.html", None),
        ("/articles.html?tag=iraq", NOINDEX),
        ("/articles.html?q=oil", NOINDEX),
        ("/articles.html?sort=oldest", NOINDEX),
        ("/articles.json", NOINDEX),
        ("/articles.md", NOINDEX),
        ("/articles.ndjson", NOINDEX),
        ("/feed.atom", NOINDEX),
        ("/feed.rss", NOINDEX),
        ("/feed.json", NOINDEX),
        ("/articles/vote-on-us-troops", None),
        ("/articles/vote-on-us-troops.html", None),
        ("/articles/vote-on-us-troops.json", NOINDEX),
        ("/articles/vote-on-us-troops.md", NOINDEX),
        ("/tags", None),
        ("/tags.json", NOINDEX),
    ],
)
def test_pages_excluded_from_search_engines(client: httpx.Client, path: str, expected: str | None) -> None:
    whole = client.get(path)
    assert whole.status_code == 200
    assert whole.headers.get("x-robots-tag") == expected
    known = client.get(path, headers={"If-None-Match": whole.headers["etag"]})
    assert known.headers.get("x-robots-tag") == expected
