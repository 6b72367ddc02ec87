"""Each folder in `blogs` is a small blog of one engine; the JSON file of its name says what it must give."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.content import load, read, scan
from service.index import Moved
from service.markup import SELF, SITE
from service.model import Article, Site
from service.urls import rfc3339
from tests.support.index_folder import NOW, Folder

BLOGS = Path(__file__).parent / "blogs"
NAMES = sorted(path.name for path in BLOGS.iterdir() if path.is_dir())


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def expected(name: str) -> dict[str, Any]:
    facts_by_path: dict[str, Any] = json.loads((BLOGS / f"{name}.json").read_text("utf-8"))
    return facts_by_path


def facts(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "slug": article.slug,
        "published": article.published and rfc3339(article.published),
        "updated": article.updated and rfc3339(article.updated),
        "authors": [author.name for author in article.authors],
        "tags": [tag.name for tag in article.tags],
        "language": article.language,
        "summary": article.summary,
        "image": article.image and article.image.url,
        "source": article.source and article.source.url,
        "extra": article.extra,
        "translations": {translation.language: translation.slug for translation in article.translations},
    }


def indexed(name: str, tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.root = BLOGS / name
    folder.refresh(NOW)
    return folder


def test_every_article_is_what_its_engine_makes_of_it(name: str, tmp_path: Path) -> None:
    articles = {article.path: article for article in indexed(name, tmp_path).everything()}
    wanted = expected(name)["articles"]
    assert sorted(articles) == sorted(wanted)
    for path, wanted_facts in wanted.items():
        html = articles[path].content_html.replace(SITE, "").replace(SELF, "")
        for text in wanted_facts.pop("holds", ()):
            assert any(part in html for part in text.split("|")), f"{text!r} is not in {html}"
        for text in wanted_facts.pop("lacks", ()):
            assert text not in html
        loaded_facts = facts(articles[path])
        assert {key: loaded_facts[key] for key in wanted_facts} == wanted_facts


def test_exclusions_have_a_reason(name: str) -> None:
    root = BLOGS / name
    scanned = scan(root)
    left_out = list(scanned.exclusions)
    for file in scanned.files:
        loaded = load(root, file.path, read(root, file.path), Site(), scanned.context)
        left_out += loaded.exclusions
    assert {item.path: item.reason for item in left_out} == expected(name)["left_out"]


def test_old_addresses_lead_to_the_articles(name: str, tmp_path: Path) -> None:
    folder = indexed(name, tmp_path)
    moved = expected(name)["moved"]
    assert {path: folder.find_article(path) for path in moved} == {
        path: Moved(slug) for path, slug in moved.items()
    }
