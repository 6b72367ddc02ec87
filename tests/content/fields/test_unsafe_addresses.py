"""What a reader might open or run is neither an id nor an address, in any field and however it is spelled."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.content import load
from service.content.fields.authors import read_author_list
from service.content.records import KnownAuthor, LoadedFile, SiteContext
from service.model import Article, Site

UNSAFE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "  javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript\u200b:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "blob:https://example.org/1",
    "file:///etc/passwd",
    "view-source:https://example.org/",
    "ms-msdt:/id",
    "mailto:ann@example.org",
]
FIELDS = {
    name: (lambda address, name=name: {name: address})
    for name in (
        *("id", "guid", "uid", "canonical", "image", "cover", "external_url", "source", "attachments"),
        *("permalink", "url", "path", "aliases", "slug", "enclosure", "base", "author"),
    )
} | {
    "author url": lambda address: {"author": {"name": "A", "url": address}},
    "author_url": lambda address: {"author": "A", "author_url": address},
    "a link in Markdown": lambda address: {"author": f"[A]({address})"},
    "a link in HTML": lambda address: {"author": f'<a href="{address}">A</a>'},
    "source url": lambda address: {"source": {"name": "S", "url": address, "feed": address}},
    "image url": lambda address: {"image": {"url": address}},
    "attachment": lambda address: {"attachments": [{"url": address}]},
    "header": lambda address: {"header": {"image": address}},
}


def loaded(facts: dict[str, Any], context: SiteContext | None = None) -> LoadedFile:
    text = json.dumps({"title": "T", "text": "x", **facts})
    return load(Path("/nowhere"), "a.json", text.encode(), Site(), context or SiteContext())


def addresses(article: Article) -> list[str]:
    urls = [article.canonical, article.image and article.image.url]
    urls += [author.url for author in article.authors]
    urls += [attachment.url for attachment in article.attachments]
    urls += [*(article.source.url, article.source.feed)] if article.source else []
    return [address for address in urls if address]


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_carries_a_script_url(field: str) -> None:
    for unsafe in UNSAFE:
        for article in loaded(FIELDS[field](unsafe)).articles:
            assert article.id == "" or article.id.startswith("urn:uuid:"), unsafe
            assert all(item.startswith(("http://", "https://", "/")) for item in addresses(article)), unsafe
            assert all(item.startswith("/") for item in article.addresses), unsafe


@pytest.mark.parametrize("address", UNSAFE)
def test_a_list_of_authors_gives_no_such_address(address: str) -> None:
    folder, people = read_author_list(
        "authors.json", json.dumps({"a": {"name": "A", "url": address}}).encode()
    )
    assert (folder, people) == ("", (KnownAuthor("a", "A"),))


IDS = [
    "javascript:alert(1)",
    "VBScript:x",
    "livescript:x",
    "futurescript:x",
    "DATA:text/html,x",
    "blob:https://a.example/1",
    "file:///etc/passwd",
    "view-source:https://a.example/",
    "feed:javascript:alert(1)",
    "mailto:ann@example.org",
    "ms-msdt:/id",
]


@pytest.mark.parametrize("given_id", IDS)
def test_an_id_that_is_something_to_run_open_or_send_is_reported(given_id: str) -> None:
    file = loaded({"id": given_id})
    (article,), (fault,) = file.articles, file.faults
    assert repr(given_id) in fault.message
    assert article.id in fault.message


@pytest.mark.parametrize(
    "given_id",
    [
        "tag:a.example,2026:1",
        "https://a.example/?p=1",
        "123",
        "a b",
        "at://did:plc:1/x",
        "substack:post:1",
        "post:1",
    ],
)
def test_any_other_id_is_not_reported(given_id: str) -> None:
    assert loaded({"id": given_id}).faults == ()
