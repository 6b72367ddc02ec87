"""Hundreds of articles in 32 languages, laid out as seven engines do: each is what its file says."""

import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from service.formats.feeds.atom import ATOM
from service.formats.feeds.json_feed import JSON_FEED
from service.formats.feeds.rss import RSS
from service.model import Article, Site, language_tag
from service.query import Query
from service.urls import Urls
from tests.support.big_blog import LANGUAGES, ExpectedArticle, make
from tests.support.builders import listing
from tests.support.feed_rules import atom_faults, json_feed_faults, rss_faults
from tests.support.index_folder import NOW, Folder

FILES = 400


class Blog:
    """The folder, what its files say, and what was read in them."""

    def __init__(self, path: Path) -> None:
        self.folder = Folder(path)
        self.expected = make(self.folder.root, FILES, seed=7)
        self.report = self.folder.refresh(NOW)
        self.articles = {article.path: article for article in self.folder.everything()}


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Blog:
    return Blog(tmp_path_factory.mktemp("blog"))


def tag(expected: ExpectedArticle) -> str:
    known_tag = language_tag(expected.language)
    assert known_tag
    return known_tag


def test_articles_have_the_facts_of_their_files(blog: Blog) -> None:
    assert blog.report.faults == ()
    found = {
        path: (item.title, item.published, item.language, [author.name for author in item.authors])
        for path, item in blog.articles.items()
    }
    assert found == {
        path: (expected.title, expected.published, tag(expected), [expected.author])
        for path, expected in blog.expected.items()
    }
    assert {tag(expected) for expected in blog.expected.values()} == {
        article.language for article in blog.articles.values()
    }
    assert len({tag(expected) for expected in blog.expected.values()}) == len(LANGUAGES) == 32


def test_translations_are_linked(blog: Blog) -> None:
    together: dict[str, set[str]] = defaultdict(set)
    for expected in blog.expected.values():
        together[expected.text].add(tag(expected))
    for path, expected in blog.expected.items():
        others = {translation.language: translation.slug for translation in blog.articles[path].translations}
        assert set(others) == together[expected.text] - {tag(expected)}
        assert all(slug.startswith(expected.text) for slug in others.values())


def names(folder: Folder) -> dict[str, tuple[str, str]]:
    return {article.path: (article.slug, article.id) for article in folder.everything()}


def test_addresses_and_ids_are_unique_and_reproducible(
    blog: Blog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = names(blog.folder)
    assert (
        len({slug for slug, _ in first.values()})
        == len({article_id for _, article_id in first.values()})
        == len(first)
    )
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    other = Folder(tmp_path)
    # Written in another order, and read in two parts: the second half is new to an index of the first.
    for part in (sorted(blog.expected, reverse=True)[::2], sorted(blog.expected, reverse=True)[1::2]):
        for path in part:
            (other.root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(blog.folder.root / path, other.root / path)
        other.refresh(NOW)
    assert names(other) == first


@pytest.mark.parametrize("language", ["en", "pt-BR", "zh-TW", "ar", "ja"])
def test_each_language_has_a_valid_feed_of_its_own(blog: Blog, language: str) -> None:
    wanted = {path for path, expected in blog.expected.items() if tag(expected) == language}
    articles: list[Article] = blog.folder.collect(Query(languages=(language,)))
    assert {article.path for article in articles} == wanted
    page = listing(*articles[:50], of=Site(title="Blog", public_url="https://blog.example"))
    urls = Urls("https://blog.example")
    assert atom_faults(ATOM.listing(page, urls)) == []
    assert rss_faults(RSS.listing(page, urls)) == []
    assert json_feed_faults(JSON_FEED.listing(page, urls)) == []
