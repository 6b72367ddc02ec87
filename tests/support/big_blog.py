"""A blog in 32 languages, laid out as several engines do: made from a seed, with what must be read in it."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

LANGUAGE_NAMES = """
    en de fr es pt-br zh-cn zh-tw ja ko ru ar he fa it nl pl sv da fi cs el tr uk hu ro th vi id hi bn ca nb
"""
LANGUAGES = LANGUAGE_NAMES.split()
FIRST = datetime(2005, 1, 1, 9, 30, tzinfo=UTC)


class ExpectedArticle(msgspec.Struct, frozen=True):
    """What one file says: `text` is the article's name, the same in all languages."""

    engine: str
    text: str
    title: str
    published: datetime
    language: str
    author: str


def make(root: Path, files: int, seed: int) -> dict[str, ExpectedArticle]:
    """Write about `files` articles below `root`; what each path must give."""
    chance = random.Random(seed)  # noqa: S311 - the same every time is the point
    expected: dict[str, ExpectedArticle] = {}
    layouts = (hugo_names, hugo_folders, docusaurus, jekyll, jekyll_i18n, zola, eleventy)
    number = 0
    while len(expected) < files:
        engine = layouts[number % len(layouts)]
        spoken = ["en", *chance.sample(LANGUAGES[1:], chance.randint(0, 9))]
        # The first text of each layout is in every language: a folder of one file proves no language.
        spoken = LANGUAGES if number < len(layouts) else spoken
        published = FIRST + timedelta(hours=number * 7)
        for language in spoken:
            name = f"entry-{number}"
            path, extra = engine(language, name, published)
            path = f"{engine.__name__.replace('_', '-')}/{path}"
            author = f"Ann {chance.randint(1, 40)}"
            title = f"{name} in {language}"
            write(root / path, title, published, author, extra)
            expected[path] = ExpectedArticle(engine.__name__, name, title, published, language, author)
        number += 1
    return expected


def write(file: Path, title: str, published: datetime, author: str, extra: dict[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    facts = {"title": title, "date": published.isoformat(), "author": author, **extra}
    lines = [f"{key}: {json.dumps(value)}" for key, value in facts.items()]
    file.write_text("\n".join(["---", *lines, "---", "", f"The text of *{title}*.", ""]), "utf-8")


def hugo_names(language: str, name: str, published: datetime) -> tuple[str, dict[str, str]]:
    del published
    ending = "" if language == "en" else f".{language}"
    return f"content/posts/{name}/index{ending}.md", {}


def hugo_folders(language: str, name: str, published: datetime) -> tuple[str, dict[str, str]]:
    del published
    return f"content/{language}/posts/{name}.md", {}


def docusaurus(language: str, name: str, published: datetime) -> tuple[str, dict[str, str]]:
    place = "blog" if language == "en" else f"i18n/{_region(language)}/docusaurus-plugin-content-blog"
    return f"{place}/{published.date().isoformat()}-{name}.md", {}


def jekyll(language: str, name: str, published: datetime) -> tuple[str, dict[str, str]]:
    folder = "_posts" if language == "en" else f"_posts/{language}"
    return f"{folder}/{published.date().isoformat()}-{name}.md", {"lang": _region(language)}


def jekyll_i18n(language: str, name: str, published: datetime) -> tuple[str, dict[str, str]]:
    return f"_i18n/{language}/_posts/{published.date().isoformat()}-{name}.md", {}


def zola(language: str, name: str, published: datetime) -> tuple[str, dict[str, str]]:
    del published
    ending = "" if language == "en" else f".{language}"
    return f"content/blog/{name}{ending}.md", {}


def eleventy(language: str, name: str, published: datetime) -> tuple[str, dict[str, str]]:
    del published
    return f"src/{language}/{name}.md", {}


def _region(language: str) -> str:
    first, _, region = language.partition("-")
    return f"{first}-{region.upper()}" if region else first
