"""Bad input to the running service: the right problem document each time, never a 500."""

import socket
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.problems import problem
from tests.support.server import Server
from tests.support.waiting import TIMEOUT_SECONDS

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def exchange(service: Server, request: bytes) -> tuple[int, bytes]:
    """The status and the whole answer to bytes sent as they are."""
    where = urlsplit(service.base)
    with socket.create_connection((where.hostname, where.port), timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return int(answer.split(b" ", 2)[1]), answer


@pytest.mark.parametrize(
    ("address", "status", "name"),
    [
        ("/articles.json?limt=3", 400, "UnknownParameter"),
        ("/articles.md?limt=3", 400, "UnknownParameter"),
        ("/articles.ndjson?limt=3", 400, "UnknownParameter"),
        ("/articles?limt=3", 400, "UnknownParameter"),
        ("/tags.json?limit=3", 400, "UnknownParameter"),
        ("/articles.md?limit=0", 400, "InvalidParameter"),
        ("/articles.json?limit=-1", 400, "InvalidParameter"),
        ("/articles.json?limit=101", 400, "InvalidParameter"),
        ("/articles.json?limit=abc", 400, "InvalidParameter"),
        ("/articles.json?limit=1e1", 400, "InvalidParameter"),
        ("/feed.atom?limit=0", 400, "InvalidParameter"),
        ("/articles.html?limit=0", 400, "InvalidParameter"),
        ("/?limit=0", 400, "InvalidParameter"),
        ("/articles.json?cursor=broken", 400, "InvalidParameter"),
        ("/articles.json?since=yesterday", 400, "InvalidParameter"),
        ("/articles.json?sort=relevance", 400, "InvalidParameter"),
        ("/feed.rss?sort=relevance&q=a", 400, "InvalidParameter"),
        ("/articles.json?q=a&q=b", 400, "InvalidParameter"),
        ("/articles.json?q=t*", 400, "InvalidParameter"),
        ("/articles.html?q=the+-ab*", 400, "InvalidParameter"),
        ("/feed.atom?q=oil*+gas*+tar*+wax*+mud*", 400, "InvalidParameter"),
        ("/articles.json?fields=id,titel", 400, "InvalidParameter"),
        ("/articles.json?related=no-such-article", 400, "InvalidParameter"),
        ("/articles.html?related=no-such-article", 400, "InvalidParameter"),
        ("/articles.json?archive=1-1", 400, "InvalidParameter"),
        ("/feed.json?archive=1-1", 400, "InvalidParameter"),
        ("/articles.html?archive=1-1", 400, "InvalidParameter"),
        ("/articles.ndjson?limit=3", 400, "InvalidParameter"),
        ("/articles.json?q=" + "a" * 20_000, 400, "InvalidParameter"),
        ("/articles/no-such-article", 404, "NotFound"),
        ("/articles/no-such-article.json", 404, "NotFound"),
        ("/articles/.json", 404, "NotFound"),
        ("/articles/a/b", 404, "NotFound"),
        ("/nothing", 404, "NotFound"),
        ("/feed.xyz", 404, "NotFound"),
        ("/files/site.toml", 404, "NotFound"),
        ("/files/nothing.png", 404, "NotFound"),
        ("/files", 404, "NotFound"),
    ],
)
def test_bad_requests(client: httpx.Client, address: str, status: int, name: str) -> None:
    document = problem(client.get(address), status, name)
    problem(client.head(address), status, name)
    if status == 400:
        assert document["parameter"] in address


@pytest.mark.parametrize(
    "address", ["/articles.json", "/articles", "/articles.html", "/articles.ndjson", "/"]
)
@pytest.mark.parametrize(
    ("query", "advice"),
    [
        (
            "tag=iraq,iran",
            "tag: no tag is called 'iraq,iran'; for several repeat tag, or any_tag",
        ),
        ("tag=iraq+OR+iran", "tag: no tag is called 'iraq OR iran'; for several repeat tag, or any_tag"),
        (
            "exclude_tag=iraq%7Ciran",
            "exclude_tag: no tag is called 'iraq|iran'; for several repeat exclude_tag.",
        ),
        ("any_tag=iraq%2Ciran", "any_tag: no tag is called 'iraq,iran'; for several repeat any_tag."),
        ("author=ada,bo", "author: no author is called 'ada,bo'; for several repeat author."),
        ("language=en,de", "language: a language tag such as en or pt-BR. For several repeat language."),
        ("q=xyzzy+OR+plugh", "q: OR has no meaning in a search"),
    ],
)
def test_a_value_that_combines_several_gets_advice(
    client: httpx.Client, address: str, query: str, advice: str
) -> None:
    document = problem(client.get(f"{address}?{query}"), 400, "InvalidParameter")
    assert document["detail"].startswith(advice)


def test_a_feed_of_a_name_with_a_comma_stays_empty(client: httpx.Client) -> None:
    assert client.get("/feed.json?tag=iraq,iran").json()["items"] == []


def test_limit_0_gives_the_count_alone(client: httpx.Client) -> None:
    for query in ("", "&tag=iraq", "&q=water", "&sort=oldest", "&tag=nothing-has-this-tag"):
        counted = client.get(f"/articles?limit=0{query}").json()
        listed = client.get(f"/articles.json?limit=1{query}").json()
        assert counted == listed | {"articles": [], "next": None, "previous": None}, query


def test_a_near_name_is_suggested(client: httpx.Client) -> None:
    document = problem(client.get("/articles.json?limt=3"), 400, "UnknownParameter")
    assert (document["parameter"], document["suggestion"]) == ("limt", "limit")


def test_a_cursor_of_another_query_is_refused(client: httpx.Client) -> None:
    following = client.get("/articles.json?limit=2").links["next"]["url"]
    document = problem(client.get(f"{following}&tag=iraq"), 400, "InvalidParameter")
    assert document["parameter"] == "cursor"


@pytest.mark.parametrize("path", ["/articles", "/articles/x", "/tags", "/authors", "/sources", "/languages"])
def test_not_acceptable(client: httpx.Client, path: str) -> None:
    document = problem(client.get(path, headers={"Accept": "image/png"}), 406, "NotAcceptable")
    assert "text/html" in document["available"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
@pytest.mark.parametrize(
    "path", ["/", "/articles", "/articles/x", "/feed.atom", "/files/x", "/rss", "/articles/"]
)
def test_other_methods(client: httpx.Client, method: str, path: str) -> None:
    response = client.request(method, path, content=b"x" if method in {"POST", "PUT", "PATCH"} else None)
    problem(response, 405, "MethodNotAllowed")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("target", "host", "name"),
    [
        (b"/%ZZ", b"localhost", "BadAddress"),
        (b"/articles.json?q=%ZZ", b"localhost", "BadAddress"),
        (b"/feed.atom?utm=%", b"localhost", "BadAddress"),
        (b"/%00", b"localhost", "BadAddress"),
        (b"/articles/%FF", b"localhost", "BadAddress"),
        (b"/files/%2e%2e%2f%00", b"localhost", "BadAddress"),
        (b"/feed.atom", b"a b", "InvalidHost"),
        (b"/feed.atom", b"evil.example/<script>", "InvalidHost"),
        (b"/feed.atom", b"localhost:99999", "InvalidHost"),
        (b"/feed.atom", b"localhost\r\nHost: other", "InvalidHost"),
    ],
)
def test_malformed_requests(service: Server, target: bytes, host: bytes, name: str) -> None:
    request = b"GET " + target + b" HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
    for _ in range(2):
        status, answer = exchange(service, request)
        assert status == 400
        assert b"content-type: application/problem+json" in answer.lower()
        assert name.encode() in answer


@pytest.mark.parametrize(
    "target",
    [
        b"/files/../site.toml",
        b"/files/%2e%2e/pyproject.toml",
        b"/files/..%2fpyproject.toml",
        b"/files//etc/passwd",
    ],
)
def test_no_path_leads_out_of_the_content_folder(service: Server, target: bytes) -> None:
    request = b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    status, answer = exchange(service, request)
    assert status in {301, 404}
    assert b"root:" not in answer
    assert b"[project]" not in answer


def test_a_browser_gets_a_page(client: httpx.Client) -> None:
    for path, status in (("/nothing", 404), ("/articles.html?limit=0", 400), ("/articles/nothing", 404)):
        page = client.get(path, headers={"Accept": BROWSER})
        assert page.status_code == status
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "Accept" in page.headers["vary"].split(", ")
        assert page.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.rss", "/feed.json"])
def test_a_feed_is_never_a_page(client: httpx.Client, path: str) -> None:
    response = client.get(f"{path}?limit=0", headers={"Accept": BROWSER})
    problem(response, 400, "InvalidParameter")
    assert "Accept" not in response.headers.get("vary", "")


def test_a_page_shows_bad_input_as_text(client: httpx.Client) -> None:
    page = client.get("/articles.html?since=<script>alert(1)</script>", headers={"Accept": BROWSER})
    assert page.status_code == 400
    assert "<script>alert" not in page.text


def test_problem_types_lead_to_their_explanation(client: httpx.Client) -> None:
    explained = client.get("/openapi.json").json()["components"]["responses"]
    for address in ("/nothing", "/articles.json?limit=x", "/articles.json?x=1"):
        where, _, pointer = client.get(address).json()["type"].partition("#/")
        assert where.endswith("/openapi.json")
        assert pointer.rpartition("/")[2] in explained
