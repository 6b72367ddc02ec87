"""`/metrics`: both formats as Prometheus' own parsers read them, whatever a client says it accepts."""

import re

import httpx
import pytest
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from tests.support.server import ROOT

PROMETHEUS = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
    "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_counted_responses_are_exposed(client: httpx.Client) -> None:
    client.get("/feed.atom")
    before = samples(client.get("/metrics").text)
    etag = client.get("/feed.atom").headers["etag"]
    for _ in range(3):
        client.get("/feed.atom", headers={"If-None-Match": etag})
    client.get("/nowhere")
    after = samples(client.get("/metrics").text)

    def more(form: str, status: str) -> float:
        key = ("broadsheet_responses_total", (("format", form), ("status", status)))
        return after[key] - before.get(key, 0)

    assert more("atom", "200") == 1
    assert more("atom", "304") == 3
    assert more("other", "404") == 1
    assert after["broadsheet_articles", ()] == client.get("/articles.json").json()["total"]
    assert after["broadsheet_faults", ()] == 0
    assert after["broadsheet_refreshes_total", ()] >= 1
    assert after["broadsheet_refresh_timestamp_seconds", ()] > 1_700_000_000


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "text/html",
        "text/plain; version=abc",
        "application/xml;q=x",
        "text/plain;version=1.0.0;escaping=<>",
    ],
)
def test_the_text_format_is_the_default(client: httpx.Client, accept: str) -> None:
    answer = client.get("/metrics", headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    assert samples(answer.text)


@pytest.mark.parametrize(
    "accept", [PROMETHEUS, "application/openmetrics-text", "application/openmetrics-text; version=nonsense"]
)
def test_openmetrics_is_negotiated(client: httpx.Client, accept: str) -> None:
    answer = client.get("/metrics", headers={"Accept": accept})

    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert "accept" in answer.headers["vary"].lower()
    families = list(openmetrics.text_string_to_metric_families(answer.text))  # type: ignore[no-untyped-call]
    assert all(family.documentation for family in families)


def test_every_metric_is_documented_and_no_other(client: httpx.Client) -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    table = re.search(r"^\| metric \|.*\n\|[ |-]+\|\n((?:\|.*\|\n)+)", page, re.MULTILINE)
    assert table
    documented = [re.findall(r"`(broadsheet_\w+)", row.split("|")[1]) for row in table[1].splitlines()]
    families = text_string_to_metric_families(client.get("/metrics").text)

    # The parser takes the ending of a counter or an info for part of the type.
    counted = [f"{family.name}_total" if family.type == "counter" else family.name for family in families]
    assert [name for names in documented for name in names] == counted
