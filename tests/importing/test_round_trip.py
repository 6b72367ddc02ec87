"""What Broadsheet publishes comes back as it was: ids, titles, dates, tags and text."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from service.formats.registry import FORMATS
from service.ingest import refresh_index
from service.model import Article
from service.server import fetch_response
from service.settings import Settings
from service.urls import FormatName, Urls
from tests.support.import_folder import Imported, import_file, import_text
from tests.support.load_settings import load_settings
from tests.support.sample_site import FIRST_PAGE
from tests.support.server import CONTENT

ADDRESSES = ["/feed.atom", "/feed.rss", "/feed.json", "/articles.ndjson", "/articles.json"]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    index = tmp_path_factory.mktemp("index") / "index.db"
    settings = load_settings(
        {"content": CONTENT, "index": f"sqlite:///{index}", "public_url": "https://news.example/blog"}
    )
    refresh_index(settings.index, settings.content, settings.site)
    return settings


def facts(articles: dict[str, Article]) -> dict[str, object]:
    return {
        slug: (
            item.id,
            item.title,
            item.published,
            item.updated,
            item.language,
            [tag.name for tag in item.tags],
            item.summary,
            item.content_text,
            item.content_html,
        )
        for slug, item in articles.items()
    }


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_sample_comes_back_the_same(sample: Settings, tmp_path: Path, address: str) -> None:
    response = asyncio.run(fetch_response(sample, address))
    original = bring_nothing(sample)

    imported = import_text(
        "source" + address.replace("/", "-"), response.content, tmp_path / "to", site=sample.site
    )

    assert facts(imported.articles) == facts(original)
    assert imported.notes == ()


def bring_nothing(settings: Settings) -> dict[str, Article]:
    """The articles of the sample as they load, without its pages, which no list or feed holds."""
    articles = import_file(to=settings.content, site=settings.site).articles
    return {slug: article for slug, article in articles.items() if not article.is_page}


def test_one_article_from_several_feeds_is_one_article(sample: Settings, tmp_path: Path) -> None:
    for address in ADDRESSES[:3]:
        (tmp_path / address[1:]).write_bytes(asyncio.run(fetch_response(sample, address)).content)

    imported = import_file(
        *(tmp_path / address[1:] for address in ADDRESSES[:3]), to=tmp_path / "to", site=sample.site
    )

    assert len(imported.articles) == 5
    assert len(imported.of("left out")) == 10


@pytest.mark.parametrize("name", ["atom", "rss", "jsonfeed", "ndjson"])
def test_every_field_a_feed_has_comes_back(tmp_path: Path, name: FormatName) -> None:
    form = FORMATS[name]
    assert form.listing is not None
    document = form.listing(FIRST_PAGE, Urls("https://news.example/blog"))

    imported = import_text("source", document, tmp_path / "to")
    article = imported.articles["harbour-opens"]
    full = FIRST_PAGE.page.articles[0]

    assert (article.id, article.title, article.summary) == (full.id, full.title, full.summary)
    assert article.published == full.published
    assert article.updated == full.updated
    assert [author.name for author in article.authors] == [author.name for author in full.authors]
    assert article.tags == full.tags
    assert article.rights == full.rights
    assert article.source is not None
    assert (article.source.name, article.source.title, article.source.author, article.source.published) == (
        "Port Times",
        "Harbour <reopens>",
        "R. Adler",
        full.source.published if full.source else None,
    )
    assert article.image is not None
    assert (article.image.alt, article.image.width) == ("The quay", 1200)
    enclosed = {attachment.url.rpartition("/")[2]: attachment for attachment in article.attachments}
    assert set(enclosed) == {"talk.mp3", "plan.pdf", "v.mp4"}
    assert msgspec.structs.replace(enclosed["talk.mp3"], url="") == msgspec.structs.replace(
        full.attachments[0], url=""
    )
    assert imported.articles["le-port-ouvre"].language == "fr"
    assert set(imported.articles) == {"harbour-opens", "le-port-ouvre", "الميناء", "undated"}


def kept(imported: Imported) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in sorted(imported.folder.iterdir())}


def test_an_import_of_an_import_changes_nothing(sample: Settings, tmp_path: Path) -> None:
    first = import_text(
        "feed", asyncio.run(fetch_response(sample, "/feed.atom")).content, tmp_path / "a", site=sample.site
    )
    second = import_file(tmp_path / "a", to=tmp_path / "b", site=sample.site)

    for name, text in kept(first).items():
        assert kept(second)[name] == text
