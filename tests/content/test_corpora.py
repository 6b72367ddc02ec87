"""The real blogs beside the repository, against a simple reader that shares no code with the service."""

import html
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import msgspec
import pytest
import yaml

from service.content import assign_slugs, load, read, scan
from service.content.records import Claim, LoadedFile
from service.formats.feeds.atom import ATOM
from service.formats.feeds.json_feed import JSON_FEED
from service.formats.feeds.rss import RSS
from service.model import Article, Site
from service.urls import Urls
from tests.support.builders import listing
from tests.support.feed_rules import atom_faults, json_feed_faults, rss_faults
from tests.support.requirements import shared

BLOGS = ["18f-blog", "helm-blog", "rust-blog-sample"]
ENOUGH = 0.995
_MATTER = re.compile(r"\A(---|\+\+\+)\s*?\n(.*?)\n\1\s*?(?:\n|\Z)", re.DOTALL)
_DATED = re.compile(r"(\d{4})-(\d{2})-(\d{2})-")
Facts = dict[str, Any]


@cache
def loaded(blog: str) -> dict[str, LoadedFile]:
    root = shared("corpora") / blog
    scanned = scan(root)
    return {
        file.path: load(root, file.path, read(root, file.path), Site(), scanned.context)
        for file in scanned.files
    }


def articles(blog: str) -> Iterator[Article]:
    for item in loaded(blog).values():
        yield from item.articles


def simply_read(blog: str) -> Iterator[tuple[str, Facts]]:
    """Path and facts of each post, as PyYAML or tomllib and the conventions of the engine give them."""
    root = shared("corpora") / blog
    people = yaml.safe_load((root / "_data" / "authors.yml").read_text()) if blog == "helm-blog" else {}
    for file in sorted(root.rglob("*.md")):
        matter = _MATTER.match(file.read_text(encoding="utf-8"))
        path = file.relative_to(root).as_posix()
        if matter and file.name != "_index.md":
            fence, text = matter.groups()
            facts = tomllib.loads(text) if fence == "+++" else yaml.load(text, Loader=yaml.CSafeLoader)
            if "title" in facts:
                yield path, simple_facts(path, facts, people)


def simple_facts(path: str, facts: Facts, people: Facts) -> Facts:
    name = facts.get("authorname")
    authors = facts.get("authors") or ([name] if name else [])
    names = [
        people.get(author, {}).get("name", author) if isinstance(author, str) else author["name"]
        for author in authors
    ]
    language = re.match(r"i18n/(\w+)/", path)
    return {
        "title": " ".join(
            html.unescape(re.sub(r"</?(?:em|i|b|strong|code)>", "", str(facts["title"]))).split()
        ),
        "published": simple_date(path, facts),
        "authors": names,
        "language": facts.get("lang") or (language[1] if language else "en"),
    }


def simple_date(path: str, facts: Facts) -> datetime | None:
    written = facts.get("date")
    if isinstance(written, str):
        moment = datetime.fromisoformat(written)
    elif isinstance(written, datetime):
        moment = written
    elif isinstance(written, date):
        moment = datetime(written.year, written.month, written.day)  # noqa: DTZ001 - made aware below
    else:
        named = re.search(r"(\d{4})/(\d{2})/(\d{2})/", str(facts.get("path", ""))) or _DATED.search(path)
        if not named:
            return None
        moment = datetime(*map(int, named.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


TAKEN: dict[str, Callable[[Article], object]] = {
    "title": lambda article: article.title,
    "published": lambda article: article.published,
    "authors": lambda article: [author.name for author in article.authors],
    "language": lambda article: article.language,
}


@pytest.mark.parametrize("blog", BLOGS)
def test_every_file_is_loaded_or_has_a_reason(blog: str) -> None:
    for path, item in loaded(blog).items():
        assert item.articles or item.exclusions, f"{path} vanished: {item.faults}"


@pytest.mark.parametrize("blog", BLOGS)
@pytest.mark.parametrize("fact", TAKEN)
def test_facts_agree_with_a_simple_reader(blog: str, fact: str) -> None:
    fact_by_path = {article.path: TAKEN[fact](article) for article in articles(blog)}
    expected = {path: facts[fact] for path, facts in simply_read(blog)}
    assert set(fact_by_path) >= set(expected)
    wrong = {
        path: (fact_by_path[path], item) for path, item in expected.items() if fact_by_path[path] != item
    }
    assert len(wrong) <= (1 - ENOUGH) * len(expected), wrong


@pytest.mark.parametrize("blog", BLOGS)
def test_no_template_code_is_shown(blog: str) -> None:
    leaks = [
        (article.path, leak.group())
        for article in articles(blog)
        for leak in re.finditer(
            r"\{%.{0,40}|\{\{[<%].{0,40}", re.sub(r"(?s)<(code|pre).*?</\1>", "", article.content_html)
        )
    ]
    assert leaks == []


def assigned(blog: str, *, backwards: bool = False) -> dict[tuple[str, int], tuple[str, str]]:
    claims = [
        Claim(
            article.path,
            article.number,
            article.slug,
            article.aliases[-1] if article.aliases else None,
            article.language,
            article.published,
            article.id,
            article.translation_keys,
        )
        for article in articles(blog)
    ]
    identities = assign_slugs(reversed(claims) if backwards else claims, Site())
    return {(item.path, item.number): (item.slug, item.id) for item in identities}


@pytest.mark.parametrize("blog", BLOGS)
def test_ids_are_unique_and_the_same_in_another_order(blog: str) -> None:
    identities = assigned(blog)
    assert (
        len({slug for slug, _ in identities.values()})
        == len({item for _, item in identities.values()})
        == len(identities)
    )
    assert assigned(blog, backwards=True) == identities


def test_ids_are_the_same_in_another_time_zone() -> None:
    root = shared("corpora") / "helm-blog"
    program = (
        "import sys; from pathlib import Path; from service.content import load, read, scan\n"
        "from service.model import Site\n"
        "root = Path(sys.argv[1]); found = scan(root)\n"
        "for file in found.files:\n"
        "    for one in load(root, file.path, read(root, file.path), Site(), found.context).articles:\n"
        "        print(one.path, one.slug, one.published, one.id, one.translation_keys)\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program, str(root)],
            env=os.environ | {"TZ": zone, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for zone, seed in (("UTC", "1"), ("Pacific/Auckland", "2"))
    ]
    assert outputs[0] == outputs[1]
    assert outputs[0].count(b"\n") >= 70


@pytest.mark.parametrize("blog", BLOGS)
def test_feeds_are_valid(blog: str) -> None:
    names = assigned(blog)
    every = [article_with(article, *names[article.path, article.number]) for article in articles(blog)]
    site = Site(title=blog, public_url="https://blog.example")
    urls = Urls("https://blog.example")
    for start in range(0, len(every), 100):
        page = listing(*every[start : start + 100], of=site)
        assert atom_faults(ATOM.listing(page, urls)) == []
        assert rss_faults(RSS.listing(page, urls)) == []
        assert json_feed_faults(JSON_FEED.listing(page, urls)) == []


def article_with(article: Article, slug: str, article_id: str) -> Article:
    return msgspec.structs.replace(article, slug=slug, id=article_id)
