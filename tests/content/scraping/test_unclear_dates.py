"""A date of a scraped page that is ambiguous or invalid: the page is served undated, and it is reported."""

import json
from pathlib import Path

import pytest

from service.content import load
from service.model import Site

TEXT = "<p>The city council has voted for the new bridge, after a long debate on its costs.</p>"


def page(head: str = "", body: str = "") -> str:
    return (
        f"<!DOCTYPE html><html lang=en><head><title>A vote</title>{head}</head>"
        f"<body><article><h1>A vote</h1>{body}{TEXT}</article></body></html>"
    )


def json_ld(date: str) -> str:
    article = {"@type": "NewsArticle", "headline": "A vote", "datePublished": date}
    return f'<script type="application/ld+json">{json.dumps(article)}</script>'


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.txt", "A vote\n\nBy Ann Lee\n{}\n\nThe city council has voted for the new bridge today.\n"),
        ("a.html", page(body="<p>By Ann Lee</p><p>{}</p>")),
        ("a.html", page(body='<p><time datetime="{}">that day</time></p>')),
        ("a.html", page(head=json_ld("{}"))),
    ],
)
def test_an_ambiguous_date_is_reported_and_a_clear_one_read(path: str, text: str) -> None:
    for date, published in (("03/04/2019", None), ("14/03/2019", "2019-03-14")):
        loaded = load(Path(), path, text.replace("{}", date).encode(), Site())
        (article,) = loaded.articles
        assert (article.published and article.published.date().isoformat()) == published
        assert [fault.harmless for fault in loaded.faults] == [False] * (published is None)
        for fault in loaded.faults:
            assert "2019-04-03 or 2019-03-04" in fault.message
            assert "`date:` in front matter" in fault.message


def test_an_invalid_date_is_reported() -> None:
    loaded = load(Path(), "a.html", page(head=json_ld("2019-13-45")).encode(), Site())
    assert [article.published for article in loaded.articles] == [None]
    assert ["2019-13-45" in fault.message for fault in loaded.faults] == [True]
