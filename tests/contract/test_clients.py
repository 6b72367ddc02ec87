"""Every real program at every address: it gets what it can read, and no feed is ever refused."""

import http.client
from email.message import Message

import httpx
import pytest

from tests.support.addresses import FIXED_TYPES, HEALTH_STATUS, LISTING_TYPES, NEGOTIATED_TYPES
from tests.support.feed_clients import CLIENTS, Client
from tests.support.server import Server
from tests.support.waiting import TIMEOUT_SECONDS

FEEDS = {
    "/feed.atom": "application/xml; charset=utf-8",
    "/feed.rss": "application/xml; charset=utf-8",
    "/feed.json": "application/json",
}
"""And what each is to a browser that opens it."""

OTHERS = {
    **dict.fromkeys(HEALTH_STATUS, 200),
    "/rss": 301,
    "/feed/": 301,
    "/nothing": 404,
    "/files/nothing.png": 404,
}


@pytest.fixture
def slug(client: httpx.Client) -> str:
    return str(client.get("/articles.json?limit=1").json()["articles"][0]["slug"])


@pytest.fixture(params=CLIENTS, ids=lambda one: one.name)
def program(request: pytest.FixtureRequest) -> Client:
    chosen: Client = request.param
    return chosen


def ask(service: Server, program: Client, address: str, **more: str) -> tuple[int, Message, bytes]:
    """Status, headers and body of the answer to the headers of `program` and `more`, and to no others."""
    connection = http.client.HTTPConnection(service.base.removeprefix("http://"), timeout=TIMEOUT_SECONDS)
    try:
        connection.putrequest("GET", address, skip_accept_encoding=True)
        for name, value in {**program.headers, **more}.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_fixed_formats_do_not_depend_on_accept(service: Server, slug: str, program: Client) -> None:
    for path, media_type in FIXED_TYPES.items():
        status, headers, body = ask(service, program, path.format(slug=slug))
        shown = FEEDS.get(path, media_type) if program.opens else media_type
        assert (status, headers["content-type"]) == (200, shown), path
        assert "Accept" not in headers.get("vary", "").split(", "), path
        assert body, path
        if path in LISTING_TYPES:
            assert headers["content-encoding"] == program.coding, path
            chosen_by = "Accept-Encoding, Sec-Fetch-Dest" if path in FEEDS else "Accept-Encoding"
            assert headers["vary"] == chosen_by, path


def test_negotiated_addresses_follow_accept(service: Server, slug: str, program: Client) -> None:
    for path in NEGOTIATED_TYPES:
        status, headers, _ = ask(service, program, path.format(slug=slug))
        expected = program.listing if path == "/articles" else program.permalink
        assert status == (200 if expected else 406), path
        assert headers["content-type"] == (expected or "application/problem+json"), path
        assert "Accept" in headers["vary"].split(", "), path


def test_other_addresses_ignore_accept(service: Server, program: Client) -> None:
    for path, expected in OTHERS.items():
        assert ask(service, program, path)[0] == expected, path


def test_the_second_poll_of_a_feed_is_unchanged(service: Server, program: Client) -> None:
    for path in FEEDS:
        _, first, _ = ask(service, program, path)
        validators = {"If-None-Match": first["etag"], "If-Modified-Since": first["last-modified"]}
        for known in (validators, {"If-None-Match": first["etag"]}):
            status, again, body = ask(service, program, path, **known)
            assert (status, body) == (304, b""), path
            for name in ("etag", "last-modified", "cache-control", "vary", "link"):
                assert again[name] == first[name], (path, name)


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "application/rdf+xml", ";;,="])
def test_a_feed_is_sent_whatever_accept_says(client: httpx.Client, path: str, accept: str) -> None:
    response = client.get(path, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"] == LISTING_TYPES[path]


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("manipulations", ["feed", "feed, gzip", "vcdiff;q=0.5, feed"])
def test_a_feed_is_sent_whole_even_with_a_im(client: httpx.Client, path: str, manipulations: str) -> None:
    whole = client.get(path)
    answer = client.get(path, headers={"A-IM": manipulations, "If-None-Match": '"some-older-one"'})
    assert (answer.status_code, answer.content) == (200, whole.content)
    assert "im" not in answer.headers
    assert "delta-base" not in answer.headers
    assert answer.headers["vary"] == whole.headers["vary"]
