"""Whatever bytes lie in the folder, loading gives articles and faults, never an exception."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.content import SUFFIXES, Claim, LoadedFile, assign_slugs, load, read, scan
from service.content.pipeline import INTERNAL_ERROR
from service.markup import SELF, SITE
from service.model import Article, Site

SHARED = Path(__file__).parents[3] / "shared"
NOISE = st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass"))
KNOWN = """
    title date published updated slug aliases id tags authors language source image attachments canonical
    draft expires withdrawn format base summary content content_html text
"""
KEYS = st.sampled_from(KNOWN.split())
SCALARS = st.sampled_from(
    ("x", "2019-01-28", "0000-00-00", "[]", "[a, {b: c}]", "{url: a.png}", "true", "3.10")
)
YAML = st.lists(st.tuples(KEYS, SCALARS)).map(
    lambda pairs: ("---\n" + "".join(f"{key}: {value}\n" for key, value in pairs) + "---\nText.\n").encode()
)
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text(), max_size=2)
RECORDS = st.dictionaries(KEYS, VALUES | st.dictionaries(st.sampled_from(("name", "url", "at")), VALUES)).map(
    msgspec.json.encode
)


def assert_sound(loaded: LoadedFile) -> None:
    for fault in loaded.faults:
        assert fault.line >= 1
        assert fault.message
        assert INTERNAL_ERROR not in fault.message
    for article in loaded.articles:
        assert msgspec.json.decode(msgspec.json.encode(article), type=Article) == article
        assert article.slug
        assert article.title
        assert SITE not in article.content_text
        assert SELF not in article.content_text


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=settings().max_examples // 3)
@given(data=NOISE | YAML | RECORDS)
def test_any_bytes_load(suffix: str, data: bytes) -> None:
    assert_sound(load(Path(), f"folder/a{suffix}", data, Site()))


def articles_of(folder: Path) -> list[Article]:
    if not folder.is_dir():
        pytest.skip(f"{folder.name} is not beside this checkout")
    articles: list[Article] = []
    for file in scan(folder).files:
        loaded = load(folder, file.path, read(folder, file.path), Site())
        assert_sound(loaded)
        assert loaded.articles or loaded.faults or loaded.exclusions, f"{file.path} vanished silently"
        articles += loaded.articles
    return articles


def test_the_seeds_load_as_they_are() -> None:
    articles = {article.path[:3]: article for article in articles_of(SHARED / "seeds")}
    titles = {number: articles[number].title for number in ("000", "002", "003", "004")}
    assert titles == {
        "000": "Shi’ite Militia Leader Slams U.S. Failure To Combat ISIS",
        "002": "Iran-Backed Shi’ite Militia Leader Threatens to Attack US Troops If They Stay in Iraq",
        "003": "An alarming warning from Iraq",
        "004": "Iraq militia leader casts doubt on US seriousness about war on ISIS",
    }
    assert not articles["000"].content_text.startswith("Shi’ite")
    assert all(article.content_html.count("<p>") > 10 for number, article in articles.items() if number < "1")


def test_the_corpora_load() -> None:
    articles = articles_of(SHARED / "corpora")
    claims = [
        Claim(
            article.path, article.number, article.slug, None, article.language, article.published, article.id
        )
        for article in articles
    ]
    assigned = assign_slugs(claims, Site())
    assert len({item.slug for item in assigned}) == len({item.id for item in assigned}) == len(articles) > 700
