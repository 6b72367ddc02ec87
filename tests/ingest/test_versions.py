"""What an index stores cannot change while its version stays the same, so that no index is misread."""

import hashlib
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from service.content import CONTENT_VERSION, scan
from service.content.records import FilePart, SiteContext
from service.index import search
from service.index.article_row import ArticleRow, IndexEntry, Term
from service.index.schema import TABLES, schema_version
from service.ingest.parse import FileParser
from service.ingest.refresh import build_fingerprint
from service.model import Author, NamedLink, ScrapedRule, Site, Template, ThemeFile
from tests.support.server import ROOT

ALL_BLOGS = sorted(path for path in (ROOT / "tests" / "content" / "blogs").iterdir() if path.is_dir())

LOADED = (57, "913bad8a81d1b242")
"""`service.content.CONTENT_VERSION`, and a hash of what the blogs below tests/content load as, with terms."""

SEARCH_VERSIONS = {"14.0.0": "60a3c060ad0ceacb", "15.0.0": "9b2a51e18d0b48a5", "15.1.0": "95de09076770d39c"}
"""`search.VERSION` for each version of Unicode: those of Python 3.11, 3.12 and 3.13."""

TOKENS = "ae99ae1bddd4c2e1"
"""A hash of the tokens of TEXTS, of a title and of a term."""

TEXTS = {
    "en": "Harbour bridges are closing; the café isn't — co-operating ½ ﬀ",
    "de": "Die Straße führte über Brücken",
    "fr": "L’été, les œuvres complètes",
    "ru": "Мосты закрываются ночью",
    "ar": "الجسور مغلقة اليوم",
    "hi": "पुल बंद हैं",
    "zh": "大桥今天关闭 and reopened",
    "ja": "東京タワーは閉鎖されました",
    "th": "สะพานปิดแล้ว",
    "tr": "İSTANBUL köprüleri",
    "xx": "a" * 100,
}


STORED = msgspec.defstruct("Stored", [("title", str)])


def loaded_hash(site: Site, blogs: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for blog in blogs:
        scanned = scan(blog)
        parser = FileParser(blog, site, scanned.context, scanned.folders)
        parsed_files = parser.parse([FilePart(file.path, file.size) for file in scanned.files])
        for file, parsed in zip(scanned.files, parsed_files, strict=True):
            articles = [(row.digest.hex(), stored_terms(row)) for row in parsed.rows]
            digest.update(msgspec.json.encode((file.path, articles, parsed.redirects)))
    return digest.hexdigest()[:16]


def stored_terms(row: ArticleRow) -> tuple[Term, ...]:
    return msgspec.msgpack.decode(row.entry, type=IndexEntry).terms if row.entry else ()


def token_hash() -> str:
    analyses = [search.analyse(text, language) for language, text in TEXTS.items()]
    others = search.title_tokens("harbour ·clos·english"), search.term_token(7)
    return hashlib.sha256(msgspec.json.encode((analyses, others))).hexdigest()[:16]


def test_files_load_as_they_did_or_the_version_was_raised() -> None:
    assert (CONTENT_VERSION, loaded_hash(Site(), ALL_BLOGS)) == LOADED, (
        "files load differently, or have other terms: raise CONTENT_VERSION in service/content/__init__.py "
        "and record both here"
    )


def test_texts_give_the_tokens_they_gave_or_the_version_has_changed() -> None:
    assert (search.VERSION, token_hash()) == (SEARCH_VERSIONS[unicodedata.unidata_version], TOKENS), (
        "texts give other tokens: raise ALGORITHM in service/index/search.py, unless only its tables or "
        "libraries changed, and record both here, for each version of Python"
    )


@pytest.mark.parametrize(
    ("tables", "types"),
    [
        (TABLES.replace("size INTEGER", "bytes INTEGER", 1), (STORED,)),
        (TABLES.replace("CREATE INDEX documents_id", "CREATE INDEX by_change"), (STORED,)),
        (f"{TABLES}CREATE TABLE more (x);\n", (STORED,)),
        (TABLES, (msgspec.defstruct("Stored", [("heading", str)]),)),
        (TABLES, (STORED, Site)),
    ],
)
def test_the_version_of_the_schema_changes_with_it(tables: str, types: tuple[type, ...]) -> None:
    assert schema_version(tables, types) != schema_version(TABLES, (STORED,))


def test_comments_and_spaces_do_not_change_the_version_of_the_schema() -> None:
    commented = TABLES.replace(",\n", ",   -- a comment\n").replace("    ", "  ")
    assert commented != TABLES
    assert schema_version(commented, (STORED,)) == schema_version(TABLES, (STORED,))


def test_the_version_of_the_schema_is_a_positive_user_version() -> None:
    assert 0 < schema_version(TABLES, (STORED,)) < 1 << 31


OTHER_FACTS: dict[str, Any] = {
    "title": "Another",
    "description": "Another",
    "language": "de",
    "authors": (Author("Ann", "ann"),),
    "time_zone": "Asia/Tokyo",
    "rights": "CC BY",
    "icon": "icon.png",
    "public_url": "https://other.example",
    "hubs": ("https://hub.example",),
    "addresses": "paths",
    "id_authority": "example.org",
    "id_year": 2020,
    "legacy_id": "{url}",
    "epoch": datetime(2001, 1, 1, tzinfo=UTC),
    "scraped": (ScrapedRule(cut="Text"),),
    "accent": "#8a2d16",
    "logo": "logo.png",
    "navigation": (NamedLink("About", "/about"),),
    "footer": "Footer.",
    "readers": (),
    "templates": (Template("article", "x"),),
    "theme_files": (ThemeFile("a.js", b"x"),),
    "feed_max_age_seconds": 42,
    "feed_bytes": 20_000,
}
AFFECTING = {"language", "time_zone", "id_authority", "id_year", "legacy_id", "epoch", "scraped"}


def test_every_fact_of_the_site_has_another_value_here() -> None:
    assert OTHER_FACTS.keys() == set(Site.__struct_fields__)


@pytest.mark.parametrize("name", OTHER_FACTS)
def test_a_fact_of_the_site_is_in_the_fingerprint_or_changes_no_article(name: str) -> None:
    site, other = Site(), Site(**{name: OTHER_FACTS[name]})
    differs = build_fingerprint(other, SiteContext()) != build_fingerprint(site, SiteContext())
    assert differs == (name in AFFECTING)
    if not differs:
        assert loaded_hash(other, ALL_BLOGS[:3]) == loaded_hash(site, ALL_BLOGS[:3])


def test_the_public_url_is_in_the_fingerprint_where_ids_are_made_of_it() -> None:
    fingerprints = {
        build_fingerprint(Site(legacy_id="{url}", public_url=url), SiteContext())
        for url in (None, "https://a.example", "https://b.example")
    }
    assert len(fingerprints) == 3
