"""The Markdown of an article loads again as the same article, whatever its fields contain."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.content import load, write_front_matter
from service.content.identity.slugs import name_slug
from service.formats import SingleArticle
from service.formats.api_article import article_out
from service.formats.markdown import MARKDOWN
from service.model import Article, Attachment, Author, Image, Site, Source, Tag, Translation
from service.urls import Urls
from tests.support.builders import article
from tests.support.strategies import PLAIN_TEXTS

URLS = Urls("https://news.example/blog")
SITE = Site(title="Example", language="en", time_zone="Europe/Oslo")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OPTIONAL_TEXTS = st.none() | PLAIN_TEXTS
INSTANTS = st.integers(-62_135_500_000, 253_402_200_000).map(
    lambda seconds: EPOCH + timedelta(seconds=seconds)
)
ADDRESSES = st.sampled_from(
    [
        "/files/a%20b.pdf",
        "/about",
        "https://x.example/?a=1&b=2#c",
        "https://x.example/(a),b;c'd%22",
        "https://x.example/%E2%82%AC/~u/@me",
        "http://[::1]:8080/",
    ]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | PLAIN_TEXTS
    | st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")) | st.just("\n"), max_size=20),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(PLAIN_TEXTS, values, max_size=3),
    max_leaves=6,
)
AUTHORS = st.builds(lambda name, url: Author(name, name_slug(name), url), PLAIN_TEXTS, st.none() | ADDRESSES)
TAGS = st.builds(lambda name: Tag(name, name_slug(name)), PLAIN_TEXTS)
SOURCES = st.builds(
    lambda name, url, title, author, published, feed: Source(
        name, name_slug(name), url, title, author, published, feed=feed
    ),
    PLAIN_TEXTS,
    st.none() | ADDRESSES,
    OPTIONAL_TEXTS,
    OPTIONAL_TEXTS,
    st.none() | INSTANTS,
    st.none() | ADDRESSES,
)
ATTACHMENTS = st.builds(
    Attachment,
    ADDRESSES,
    st.sampled_from(["audio/mpeg", "application/octet-stream", 'text/html; charset="utf-8"']),
    st.none() | st.integers(0, 10**12),
    OPTIONAL_TEXTS,
    st.none() | st.integers(0, 10**6),
)
IMAGES = st.builds(
    Image, ADDRESSES, OPTIONAL_TEXTS, st.none() | st.integers(1, 9999), st.none() | st.integers(1, 9999)
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": PLAIN_TEXTS,
    "subtitle": OPTIONAL_TEXTS,
    "summary": PLAIN_TEXTS,
    "published": st.none() | INSTANTS,
    "updated": st.none() | INSTANTS,
    "language": st.sampled_from(["en", "fr", "zh-Hant-TW", "ar", "no"]),
    "authors": st.lists(AUTHORS, max_size=3, unique_by=lambda author: author.slug).map(tuple),
    "tags": st.lists(TAGS, max_size=3, unique_by=lambda tag: tag.slug).map(tuple),
    "source": st.none() | SOURCES,
    "dateline": OPTIONAL_TEXTS,
    "image": st.none() | IMAGES,
    "attachments": st.lists(ATTACHMENTS, max_size=2).map(tuple),
    "canonical": st.none() | ADDRESSES,
    "rights": OPTIONAL_TEXTS,
    "correction": OPTIONAL_TEXTS,
    "series": OPTIONAL_TEXTS,
    "series_order": st.none() | st.integers(0, 999) | st.sampled_from([0.5, 1.25]),
    "featured": st.booleans(),
    "extra": st.dictionaries(PLAIN_TEXTS.map(lambda text: f"x {text}"), JSON, max_size=3),
}


FIRST = article("a-title", content_html="<p>Text of A title.</p>")


def reload(one: Article, folder: Path) -> Article:
    assert MARKDOWN.article
    data = MARKDOWN.article(SingleArticle(SITE, one), URLS)
    loaded = load(folder, f"{one.slug}.md", data, SITE)
    assert len(loaded.articles) == 1, (data.decode(), loaded.faults)
    return loaded.articles[0]


def in_api(one: Article) -> dict[str, Any]:
    """ARTICLE, without true, false and null in `extra`: `author: false` is extra only beside `authors`."""
    fields: dict[str, Any] = msgspec.to_builtins(article_out(one, URLS))
    return fields | {
        "extra": {key: value for key, value in one.extra.items() if value not in (None, False, True)}
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("content")


@pytest.mark.parametrize("field", FIELDS)
def test_field_loads_again_identically(field: str, folder: Path) -> None:
    @given(FIELDS[field])
    def check(value: Any) -> None:
        first = msgspec.structs.replace(FIRST, **{field: value})
        assert in_api(reload(first, folder))[field] == in_api(first)[field]

    check()


@given(st.fixed_dictionaries({}, optional=FIELDS))
def test_article_loads_again_identically(folder: Path, fields: dict[str, Any]) -> None:
    first = msgspec.structs.replace(FIRST, **fields)
    again = reload(first, folder)
    assert in_api(again) == in_api(first)
    assert in_api(reload(again, folder)) == in_api(first)


KNOWN_KEYS = """
    title headline subtitle kicker summary description excerpt date published updated lastmod
    redirect_from language lang author authors author_url by tags tag categories category keywords taxonomies
    params extra dateline source link external_url image cover images image_alt attachments enclosure audio
    canonical rights correction translation_key permalink url addresses layout type weight menu series aliases
    series_order featured toc Title DATE
"""
VALUES = (
    st.booleans()
    | st.none()
    | PLAIN_TEXTS
    | ADDRESSES
    | st.sampled_from(
        ["2019", "2019-01", "2019-01-28", "2019-01-28 10:00", "Ann, Bo", "a, b", "en", "soon", "/x/y/"]
    )
    | JSON
    | st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("name", "url", "title", "date"), PLAIN_TEXTS | ADDRESSES)
    )
    | st.lists(PLAIN_TEXTS | ADDRESSES, max_size=3)
)


@settings(derandomize=True)
@given(st.dictionaries(st.sampled_from(KNOWN_KEYS.split()), VALUES, max_size=4))
def test_any_front_matter_loads_again_identically(folder: Path, matter: dict[str, Any]) -> None:
    data = write_front_matter({"slug": "a-title", "id": "urn:x:a", "updated": "2020-01-01", **matter})
    for first in load(folder, "2018-01-01-a.md", f"{data}Text.".encode(), SITE).articles:
        assert in_api(reload(first, folder)) == in_api(first)


@pytest.mark.parametrize(
    "matter",
    [
        {"authors": {"name": "Ann", "url": "by:"}},
        {"authors": ["Ann", {"name": "Bo", "url": "by:"}]},
        {"source": {"name": "X", "date": "soon"}},
        {"image": {"url": "/a.png", "width": "abc"}},
        {"attachments": [{"url": "/a.pdf", "length": "x"}], "enclosure": "/b.mp3"},
        {"attachments": [{"url": "/a.pdf"}, {"url": "by:"}]},
        {"tags": ["a", {"x": 1}], "categories": ["b"]},
        {"language": "xx-unknown", "lang": "de"},
        {"summary": False, "description": "S"},
        {"slug": {"x": 1}},
        {"id": {"x": 1}},
        {"base": {"x": 1}},
        {"Authors": "Ann", "authors": "Bo"},
        {"authors": {"name": "Ann", "url": "by:"}, "Authors": "Bo"},
    ],
)
def test_a_value_that_is_not_used_or_only_in_part_stays(folder: Path, matter: dict[str, Any]) -> None:
    data = write_front_matter({"title": "T", "updated": "2020-01-01", **matter})
    [first] = load(folder, "2018-01-01-a-title.md", f"{data}Text.".encode(), SITE).articles
    assert first.extra
    again = reload(first, folder)
    assert (in_api(again), again.extra) == (in_api(first), first.extra)
    assert in_api(reload(again, folder)) == in_api(first)


BODIES = st.lists(PLAIN_TEXTS | st.sampled_from(["", "---", "    code", "- item"]), min_size=1, max_size=5)


@given(st.sampled_from(["markdown", "html", "text"]), BODIES.map("\n".join))
def test_body_loads_again_identically(folder: Path, form: Any, text: str) -> None:
    facts = "title: T\nsummary: S\nslug: a-title\nid: urn:x:a\ntags: [T]\nlanguage: en\nformat: " + form
    loaded = load(folder, "a-title.md", f"---\n{facts}\n---\n{text}".encode(), SITE).articles
    if loaded:
        assert in_api(reload(loaded[0], folder)) == in_api(loaded[0])


def test_translations_stay_joined(folder: Path) -> None:
    first = article("harbour", translations=(Translation("fr", "port"), Translation("de", "hafen")))
    second = article(
        "port", language="fr", translations=(Translation("de", "hafen"), Translation("en", "harbour"))
    )
    keys = [reload(item, folder).translation_keys for item in (first, second)]
    assert set(keys[0]) & set(keys[1])
    again = reload(first, folder)
    assert again.extra == {}
    joined = msgspec.structs.replace(again, translations=first.translations)
    assert reload(joined, folder).translation_keys == again.translation_keys
