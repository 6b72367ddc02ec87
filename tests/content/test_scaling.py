"""A sample of `make stress`: four times the text takes at most six times as long in what reads it."""

import importlib
import inspect
import random
import re
import sys
from collections.abc import Iterator
from types import CodeType, FrameType

import pytest

from service.content import SUFFIXES
from service.content.files.kinds import HTML_SUFFIXES, MARKDOWN_SUFFIXES
from tests.support.repeated_tokens import TOKENS
from tests.support.scaling import MAX_GROWTH, clear_caches, measure_growth
from tests.support.text_functions import BOUNDED, FILES, UNMEASURED, field_names, rows, walked_modules

_PARTS = 8


@pytest.mark.parametrize("part", range(_PARTS))
def test_time_grows_as_the_text_does(part: int) -> None:
    clear_caches()
    chosen = random.Random(part)  # noqa: S311 - a sample, the same each time
    slow = []
    for row in rows()[part::_PARTS]:
        token = chosen.choice(TOKENS)
        growth = measure_growth(row.function, token, enough=0.003, longest=row.longest // 4)
        if growth.ratio > MAX_GROWTH:
            slow.append(f"{row.name}, {token!r}: {growth}")
    assert not slow


# Cells of the table that were found to be quadratic or worse.
FOUND = (
    ("content.fields.authors._author_of_page(data)", " "),
    ("file: text of a.mdx", "`"),
    ("file: attribute of a.mdx", "\r\n\r\n"),
    ("file: scraped page a.html", "<svg>"),
    ("file: scraped page a.html", "<form></form>"),
    ("file: beginning of a.html", '<time datetime="2020-01-01">a</time>'),
    ("file: beginning of a.html", '<a b="'),
    ("field: author as a text", "@"),
    ("field: date as a text", "("),
    ("site: title of an article of Jekyll", '{{< a "'),
    ("request: forwarded with a public URL, base", "#"),
    ("settings of an engine: docusaurus.config.js", "  \n"),
    ("import: RSS", "\r"),
    ("import: text of WordPress", "<!--"),
    ("import: shortcodes of WordPress", "[a"),
    ("import: … as Markdown", "<iframe>"),
    ("importing.detect.article_suffix(data)", "<!-- a -->"),
    ("content.scraping.credits.byline.read_names(text)", "1"),
    ("content.scraping.boilerplate.line_rules.match_boilerplate(text)", "\x0b"),
    ("formats.languages.locale_of(language)", "-a "),
    ("data of Eleventy in code, arguments", "draft "),
    ("index.search.stems(word)", "antidisestablishmentarianism "),
)


@pytest.mark.parametrize(("name", "token"), FOUND)
def test_formerly_slow_texts_are_fast(name: str, token: str) -> None:
    (row,) = (row for row in rows() if row.name == name)
    clear_caches()
    growth = measure_growth(row.function, token, enough=0.005, longest=row.longest // 2)
    assert growth.ratio <= MAX_GROWTH


def _linear(text: str) -> int:
    return sum(map(ord, text))


def _quadratic(text: str) -> object:
    return [text.count("x", start) for start in range(0, len(text), 50)]


def _exponential(text: str) -> object:
    return re.match(r"(?: | )+$", f"{text}x")


def _bounded(text: str) -> int:
    """Quadratic up to 1,000 characters, then linear."""
    return sum(ord(character) for _ in text[:1_000] for character in text[:1_000]) + _linear(text)


@pytest.mark.parametrize("function", [_linear, _bounded])
def test_linear_time_is_accepted(function: object) -> None:
    assert callable(function)
    assert measure_growth(function, " ").ratio <= MAX_GROWTH


@pytest.mark.parametrize("function", [_quadratic, _exponential])
def test_more_than_linear_time_is_found(function: object) -> None:
    assert callable(function)
    assert measure_growth(function, " ", enough=0.005, most=0.5).ratio > MAX_GROWTH


def _codes(module_name: str) -> Iterator[CodeType]:
    """The code of each function and method of a module that takes a text."""
    module = importlib.import_module(module_name)
    classes = [value for value in vars(module).values() if inspect.isclass(value)]
    for holder in (module, *(item for item in classes if item.__module__ == module_name)):
        for value in vars(holder).values():
            function = inspect.unwrap(value) if callable(value) else value
            if inspect.isfunction(function) and function.__module__ == module_name:
                kinds = [str(kind) for name, kind in function.__annotations__.items() if name != "return"]
                if any("str" in kind or "bytes" in kind for kind in kinds):
                    yield function.__code__


def test_every_module_that_takes_text_is_measured() -> None:
    called: set[CodeType] = set()

    def remember(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add(frame.f_code)

    previous = sys.getprofile()
    for row in rows():
        try:
            sys.setprofile(remember)
            row.function("word ")
        except Exception:  # noqa: S110 - that it refuses the text says that it read it
            pass
        finally:
            sys.setprofile(previous)
    unmeasured = {
        name for name in walked_modules() if (codes := set(_codes(name))) and called.isdisjoint(codes)
    }
    assert unmeasured <= set(UNMEASURED)


def test_every_kind_of_file_is_measured() -> None:
    paths = [word for name in FILES for word in name.split() if "." in word]
    suffixes = {f".{path.rpartition('.')[2]}" for path in paths}
    assert suffixes | set(MARKDOWN_SUFFIXES) | set(HTML_SUFFIXES) == set(SUFFIXES)


def test_every_field_is_measured() -> None:
    known = {
        "title",
        "date",
        "tags",
        "authors",
        "summary",
        "slug",
        "aliases",
        "image",
        "source",
        "attachments",
    }
    assert known <= set(field_names())
    assert len(field_names()) > 40


def test_functions_exempted_as_bounded_exist() -> None:
    for name in BOUNDED:
        path, _, parameter = name.removesuffix(")").partition("(")
        module, _, function = path.rpartition(".")
        member = getattr(importlib.import_module(f"service.{module}"), function)
        assert inspect.isfunction(member)
        assert not parameter or parameter in inspect.signature(member).parameters
