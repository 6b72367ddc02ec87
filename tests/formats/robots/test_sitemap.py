"""Sitemaps, and the OpenSearch description and suggestions."""

from typing import Literal
from xml.etree.ElementTree import Element, SubElement

import defusedxml.ElementTree
import msgspec
import pytest

from service.formats.robots import indexing, opensearch, sitemap
from service.formats.robots.opensearch import Suggestion
from service.formats.xml_document import xml_document
from service.model import Translation
from service.urls import Urls
from tests.support.builders import article, at, site

URLS = Urls("https://news.example/blog")
MAP = f"{{{sitemap.NAMESPACE}}}"
LINK = f"{{{sitemap.XHTML}}}link"
NEWS = f"{{{sitemap.NEWS}}}"
SEARCH = f"{{{opensearch.NAMESPACE}}}"


def parsed(document: bytes) -> Element:
    assert document.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n")
    assert document.endswith(b">\n")
    root: Element = defusedxml.ElementTree.fromstring(document)
    return root


def rows(document: bytes) -> list[tuple[str | None, str | None]]:
    """(loc, lastmod) of each entry."""
    return [(item.findtext(f"{MAP}loc"), item.findtext(f"{MAP}lastmod")) for item in parsed(document)]


def test_lists_come_first_and_have_no_date() -> None:
    document = sitemap.sitemap([article("b"), article("a")], URLS, lists=[URLS.home(), URLS.directory("tag")])
    assert rows(document) == [
        ("https://news.example/blog/", None),
        ("https://news.example/blog/tags", None),
        ("https://news.example/blog/articles/b", "2019-01-28T09:30:00Z"),
        ("https://news.example/blog/articles/a", "2019-01-28T09:30:00Z"),
    ]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"published": at("2019-01-01"), "updated": at("2020-05-05")}, "2020-05-05T00:00:00Z"),
        ({"published": at("2019-01-01"), "updated": at("2018-01-01")}, "2019-01-01T00:00:00Z"),
        ({"published": None, "updated": at("2018-01-01")}, "2018-01-01T00:00:00Z"),
        ({"published": None, "updated": None}, None),
    ],
)
def test_lastmod_is_the_last_change(facts: dict[str, object], expected: str | None) -> None:
    [(_, lastmod)] = rows(sitemap.sitemap([article(**facts)], URLS))  # type: ignore[arg-type]
    assert lastmod == expected


@pytest.mark.parametrize(
    ("canonical", "listed"),
    [
        (None, True),
        ("https://news.example/blog/articles/a-title", True),
        ("https://elsewhere.example/a", False),
        ("/articles/another", False),
    ],
)
def test_articles_with_another_canonical_address_are_left_out(canonical: str | None, listed: bool) -> None:
    one = article(canonical=canonical)
    assert bool(rows(sitemap.sitemap([one], URLS))) is listed
    assert bool(rows(sitemap.news([one], site(), URLS))) is listed


@pytest.mark.parametrize(
    ("extra", "is_indexed", "listed"),
    [
        ({"robots": "noindex, follow"}, False, False),
        ({"Robots": ["NOINDEX"]}, False, False),
        ({"meta-robots": "none"}, False, False),
        ({"noindex": True}, False, False),
        ({"no_index": True}, False, False),
        ({"seo": {"noIndex": True}}, False, False),
        ({"robots": ["nofollow", "noindex"]}, False, False),
        ({"robots": {"index": False, "follow": True}}, False, False),
        ({"robots": {"googleBot": {"index": False}}}, False, False),
        ({"robots": {"noindex": True}}, False, False),
        ({"seo": {"robots": {"index": "no"}}}, False, False),
        ({"head": [["meta", {"name": "robots", "content": "noindex"}]]}, False, False),
        ({"meta": [{"name": "googlebot", "content": "none"}]}, False, False),
        ({"robots": {"noindex": False, "index": True}}, True, True),
        ({"robots": {"index": "none"}, "head": [["meta", {"name": "robots"}], "x", ["a"]]}, True, True),
        ({"indexing": False}, False, False),
        ({"noindex": "yes"}, False, False),
        ({"noindex": 1}, False, False),
        ({"indexing": "no"}, False, False),
        ({"params": {"noindex": "true"}}, False, False),
        ({"extra": {"robots": "noindex"}, "seo": {"robots": "index"}}, False, False),
        ({"sitemap": {"disable": "yes"}}, True, False),
        ({"sitemap": False}, True, False),
        ({"sitemap": "exclude"}, True, False),
        ({"sitemap": {"disable": True}}, True, False),
        ({"robots": "index, follow", "noindex": False, "sitemap": {"priority": 1}}, True, True),
        ({"robots": "nonexistent", "seo": "noindex", "sitemap": True}, True, True),
    ],
)
def test_what_search_engines_must_not_index_is_left_out(
    extra: dict[str, object], is_indexed: bool, listed: bool
) -> None:
    one = article(extra=extra)
    assert bool(rows(sitemap.sitemap([one], URLS))) is listed
    assert bool(rows(sitemap.news([one], site(), URLS))) is listed
    assert indexing.is_indexed(one) is is_indexed
    assert indexing.is_in_sitemap(one) is listed


def test_every_translation_links_to_all() -> None:
    english = article("harbour", translations=(Translation("fr", "le-port"), Translation("ar", "الميناء")))
    [entry] = parsed(sitemap.sitemap([english], URLS))
    links = [
        (element.get("hreflang"), element.get("href"), element.get("rel")) for element in entry.iter(LINK)
    ]
    base = "https://news.example/blog/articles"
    assert links == [
        ("ar", f"{base}/%D8%A7%D9%84%D9%85%D9%8A%D9%86%D8%A7%D8%A1", "alternate"),
        ("en", f"{base}/harbour", "alternate"),
        ("fr", f"{base}/le-port", "alternate"),
    ]


def test_sitemap_index() -> None:
    document = sitemap.sitemap_index([("pages", None), ("2019-01.2", at("2020-01-01"))], URLS)
    assert parsed(document).tag == f"{MAP}sitemapindex"
    assert rows(document) == [
        ("https://news.example/blog/sitemap.xml?part=pages", None),
        ("https://news.example/blog/sitemap.xml?part=2019-01.2", "2020-01-01T00:00:00Z"),
    ]


@pytest.mark.parametrize(
    "base", ["https://news.example/blog", "https://news.example/a&b", "http://ü.example"]
)
@pytest.mark.parametrize("addresses", ["queries", "paths"])
def test_sitemap_index_is_what_elements_are_serialised_as(
    base: str, addresses: Literal["queries", "paths"]
) -> None:
    parts = [("pages", None), ("2019-01", at("2020-01-01T12:34:56")), ("undated.2", at("0001-01-02"))]
    urls = Urls(base, addresses)
    root = Element("sitemapindex", xmlns=sitemap.NAMESPACE)
    for name, changed in parts:
        part = SubElement(root, "sitemap")
        SubElement(part, "loc").text = urls.sitemap(name)
        if changed:
            SubElement(part, "lastmod").text = f"{changed:%Y-%m-%dT%H:%M:%SZ}".rjust(20, "0")
    assert sitemap.sitemap_index(parts, urls) == xml_document(root)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "en"),
        ("pt-BR", "pt"),
        ("zh", "zh-cn"),
        ("zh-CN", "zh-cn"),
        ("zh-Hant", "zh-tw"),
        ("zh-TW", "zh-tw"),
    ],
)
def test_news(language: str, expected: str) -> None:
    one = article(title="Ships & <cargo>", language=language)
    undated = article("undated", published=None)
    [entry] = parsed(sitemap.news([one, undated], site(title="Harbour & Sea"), URLS))
    texts = {element.tag: element.text for element in entry.iter() if (element.text or "").strip()}
    assert texts == {
        f"{MAP}loc": "https://news.example/blog/articles/a-title",
        f"{MAP}lastmod": "2019-01-28T09:30:00Z",
        f"{NEWS}name": "Harbour & Sea",
        f"{NEWS}language": expected,
        f"{NEWS}publication_date": "2019-01-28T09:30:00Z",
        f"{NEWS}title": "Ships & <cargo>",
    }


def test_search_description() -> None:
    root = parsed(opensearch.description(site(title="Harbour & Sea"), URLS))
    templates = {
        (element.get("type"), element.get("rel")): element.get("template")
        for element in root.iter(f"{SEARCH}Url")
    }
    base = "https://news.example/blog"
    assert templates == {
        ("text/html", "results"): f"{base}/articles.html?q={{searchTerms}}",
        ("application/atom+xml", "results"): f"{base}/feed.atom?q={{searchTerms}}",
        ("application/rss+xml", "results"): f"{base}/feed.rss?q={{searchTerms}}",
        ("application/json", "results"): f"{base}/articles.json?q={{searchTerms}}",
        ("application/x-suggestions+json", "suggestions"): f"{base}/suggest?q={{searchTerms}}",
        ("application/opensearchdescription+xml", "self"): f"{base}/opensearch.xml",
    }
    assert root.findtext(f"{SEARCH}ShortName") == "Harbour & Sea"
    assert root.findtext(f"{SEARCH}Description") == "Search Harbour & Sea"
    assert root.findtext(f"{SEARCH}InputEncoding") == "UTF-8"


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Sixteen letters!", "Sixteen letters!"),
        ("Seventeen letters", "Seventeen"),
        ("The Harbour Times of Port Town", "The Harbour"),
        ("Donaudampfschiffahrtsgesellschaft", "Donaudampfschiff"),
        ("a\x00b", "ab"),
    ],
)
def test_short_name_is_limited(title: str, short: str) -> None:
    assert parsed(opensearch.description(site(title=title), URLS)).findtext(f"{SEARCH}ShortName") == short


def test_suggestions() -> None:
    completions = [
        Suggestion("Iraq", "tag, 2 articles", "https://news.example/t"),
        Suggestion("Ira", "x", "y"),
    ]
    assert msgspec.json.decode(opensearch.suggestions("ir", completions)) == [
        "ir",
        ["Iraq", "Ira"],
        ["tag, 2 articles", "x"],
        ["https://news.example/t", "y"],
    ]
    assert msgspec.json.decode(opensearch.suggestions("", ())) == ["", [], [], []]
