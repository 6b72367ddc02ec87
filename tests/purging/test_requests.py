"""The requests that each product is sent."""

import json

import pytest

from service.purging.requests import make_requests
from service.settings.purges import PURGE_KINDS, Purge

KEYS = [f"tag:t{number}" for number in range(600)]


def test_fastly() -> None:
    purge = Purge(kind="fastly", url=PURGE_KINDS["fastly"].url, service_id="SU1Z", soft=True)
    first, *_, last = make_requests(purge, "secret", KEYS)
    assert (first.method, first.url) == ("POST", "https://api.fastly.com/service/SU1Z/purge")
    assert first.headers["Fastly-Key"] == "secret"
    assert first.headers["Fastly-Soft-Purge"] == "1"
    assert json.loads(first.body) == {"surrogate_keys": KEYS[:256]}
    assert json.loads(last.body) == {"surrogate_keys": KEYS[512:]}


def test_cloudflare() -> None:
    purge = Purge(kind="cloudflare", url=PURGE_KINDS["cloudflare"].url, zone_id="023e")
    requests = [*make_requests(purge, "secret", KEYS)]
    assert requests[0].url == "https://api.cloudflare.com/client/v4/zones/023e/purge_cache"
    assert requests[0].headers["Authorization"] == "Bearer secret"
    assert [json.loads(request.body)["tags"] for request in requests] == [
        KEYS[start : start + 30] for start in range(0, 600, 30)
    ]


def test_varnish() -> None:
    purge = Purge(kind="varnish", url="http://127.0.0.1:6081/")
    requests = [*make_requests(purge, "", KEYS)]
    assert {(request.method, request.url) for request in requests} == {("PURGE", "http://127.0.0.1:6081/")}
    assert " ".join(request.headers["xkey-purge"] for request in requests).split() == KEYS
    assert all(len(request.headers["xkey-purge"]) < 8000 for request in requests)


@pytest.mark.parametrize(
    ("url", "token", "expected"),
    [
        ("https://a.example/{key}", "", ["https://a.example/tag%3Aa", "https://a.example/all"]),
        ("https://a.example/?k={keys}", "secret", ["https://a.example/?k=tag%3Aa,all"]),
    ],
)
def test_an_address_with_keys(url: str, token: str, expected: list[str]) -> None:
    requests = [*make_requests(Purge(kind="url", url=url, method="DELETE"), token, ["tag:a", "all"])]
    assert [request.url for request in requests] == expected
    assert {request.method for request in requests} == {"DELETE"}
    assert requests[0].headers == ({"Authorization": "Bearer secret"} if token else {})


def test_no_keys_are_no_request() -> None:
    assert [*make_requests(Purge(kind="varnish", url="http://a.example/"), "", [])] == []
