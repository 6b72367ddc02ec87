"""The rules of headers that hosts read: few, whatever the number of pages."""

import pytest

from service.export.hosting.nginx import _locations
from service.export.hosting.rules import HostingRules, find_header_rules, pattern_of
from service.export.hosting.static_hosts import MOST_HEADER_RULES, header_rules
from service.export.responses import Headers

PAGE: Headers = (
    ("cache-control", "no-cache"),
    ("content-security-policy", "default-src 'none'"),
    ("content-type", "text/html; charset=utf-8"),
)
COPY: Headers = (*PAGE, ("x-robots-tag", "noindex"))
JSON: Headers = (
    ("cache-control", "max-age=300"),
    ("content-type", "application/json"),
    ("x-robots-tag", "noindex"),
)


def rules_of(responses: dict[str, Headers]) -> dict[str, dict[str, str]]:
    return header_rules(HostingRules("", {}, find_header_rules(lambda: responses.items())))


def site(pages: int) -> dict[str, Headers]:
    """A site with an article, and pages in no folder in three formats."""
    responses = {"/articles/a": PAGE, "/articles/a.html": COPY, "/articles/a.json": JSON, "/tags.html": PAGE}
    for number in range(pages):
        responses |= {f"/p{number}": PAGE, f"/p{number}.html": COPY, f"/p{number}.json": JSON}
    return responses


def test_pages_in_no_folder_share_the_rules_of_each_suffix() -> None:
    rules = rules_of(site(60))
    assert len(rules) < MOST_HEADER_RULES + 60
    assert rules["/:page.json"] == {
        "cache-control": "max-age=300",
        "content-type": "application/json",
        "x-robots-tag": "noindex",
    }
    assert not [path for path in rules if path.endswith(".json") and path.startswith("/p")]
    # What all have in common is shared, and nothing that one of them has not.
    assert "x-robots-tag" not in rules["/:page.html"]
    assert rules["/p7.html"] == {"x-robots-tag": "noindex"}


def test_rules_of_single_pages_are_the_last() -> None:
    paths = [*rules_of(site(150))]
    assert paths[0] == "/*" or paths[0].startswith("/:page")
    assert set(paths[-150:]) == {f"/p{number}" for number in range(150)}


@pytest.mark.parametrize(
    ("address", "pattern"),
    [
        ("/about", "/about"),
        ("/articles/v1.60.html", "/articles/*.html"),
        ("/tags/a/page/1-0.html", "/tags/*/page/*.html"),
        ("/tags/a/feed.atom", "/tags/*/feed.atom"),
        ("/files/a/b.gif", "/files/**/*.gif"),
        ("/assets/pagefind/3/index/en_1.pf_index", "/assets/pagefind/*/index/*.pf_index"),
        ("/changes/2026-11-30.ndjson", "/changes/*.ndjson"),
    ],
)
def test_the_pattern_of_an_address(address: str, pattern: str) -> None:
    assert pattern_of(address) == pattern


def test_former_addresses_that_differ_by_case_alone_have_a_redirect_each() -> None:
    """nginx refuses a map with two rows that it takes for equal."""
    targets = {
        "/Old.a": "https://a.example/1",
        "/old.a": "https://a.example/2",
        "/New": "https://a.example/$3",
    }
    assert _locations(targets) == [
        ('"~^/Old\\\\.a$"', '"https://a.example/1"'),
        ('"~^/old\\\\.a$"', '"https://a.example/2"'),
        ('"/New"', '"https://a.example/%243"'),
    ]
