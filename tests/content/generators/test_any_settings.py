"""Articles load with any values in settings and front matter."""

import json
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content import load, read, scan
from service.content.identity.permalinks import site_path
from service.content.pipeline import INTERNAL_ERROR
from service.model import Site

TOKENS = st.sampled_from(
    (
        *(
            "/",
            "//",
            "..",
            ".",
            "%2e%2e",
            "\\",
            "{",
            "}",
            "{{",
            "}}",
            "{%",
            " ",
            "é",
            "日",
            "%",
            "?",
            "#",
            "\0",
            "\n",
        ),
        *(
            ":year",
            ":month",
            ":title",
            ":slug",
            ":categories",
            ":path",
            ":sections[1:]",
            ":sections[9]",
            ":hash",
        ),
        *(
            ":name",
            ":output_ext",
            ":category",
            ":post_title",
            ":timestamp",
            ":w_year",
            ":Jan",
            ":x",
            ":",
            "::",
        ),
        *(
            "{slug}",
            "{date:%Y}",
            "{date:%-d}",
            "{date:}",
            "{category}",
            "{author}",
            "{lang}",
            "{slug!r}",
            "{0}",
        ),
        *(
            "{{ title }}",
            "{{ page.fileSlug }}",
            "{{ title | slugify }}",
            "{{ date | date: '%Y' }}",
            "{{x|slug}}",
        ),
    )
)
PATTERNS = st.lists(TOKENS, max_size=8).map("".join)
ODD = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | PATTERNS | st.text(max_size=9)
NAMES = st.sampled_from(
    ("posts", "page", "en", "fr", "/", "output", "permalink", "contentDir", "baseURL", "x")
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
SETTING_NAMES = """
    permalink permalinks baseurl baseURL base_url source collections collections_dir defaults languages
    defaultContentLanguage defaultContentLanguageInSubdir contentDir uglyURLs frontmatter taxonomies
    source_dir root url new_post_name permalink_defaults category_map default_category filename_case
    slugify default_language cascade
"""
KEYS = st.sampled_from(SETTING_NAMES.split())
SETTINGS = st.dictionaries(KEYS, VALUES, max_size=6)
MATTER = st.dictionaries(
    st.sampled_from(
        ("title", "date", "slug", "permalink", "url", "categories", "category", "author", "lang")
    ),
    VALUES | st.just("2019-03-07 23:30"),
    max_size=6,
)
FILES = (
    *(
        ("_config.yml", "_posts/2019-03-07-a.md"),
        ("_config.yml", "source/_posts/a b.md"),
        ("_config.yml", "a/b.md"),
    ),
    *(("hugo.json", "content/posts/a/index.fr.md"), ("config.json", "content/posts/2019-03-07-a.md")),
    *(("posts/posts.11tydata.json", "posts/a.md"),),
)


@pytest.mark.parametrize(("name", "path"), FILES)
@given(settings_values=SETTINGS, matter=MATTER)
def test_any_settings_and_front_matter_load(
    name: str, path: str, settings_values: dict[str, Any], matter: dict[str, Any]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for place, text in ((name, json.dumps(settings_values)), (path, f"{json.dumps(matter)}\nText.\n")):
            (root / place).parent.mkdir(parents=True, exist_ok=True)
            (root / place).write_text(text)
        scanned = scan(root)
        loaded = load(root, path, read(root, path), Site(), scanned.context)
    assert not [fault for fault in loaded.faults if INTERNAL_ERROR in fault.message]
    for address in (address for article in loaded.articles for address in article.addresses):
        assert address.startswith("/")
        assert ".." not in address.split("/")
        assert address.isprintable()
        assert len(address) <= 1300


PYTHON = st.lists(
    st.tuples(
        st.sampled_from(
            ("ARTICLE_URL", "ARTICLE_SAVE_AS", "PAGE_URL", "PATH", "SITEURL", "FILENAME_METADATA")
        ),
        PATTERNS | st.text(max_size=9),
    )
).map(lambda pairs: "".join(f"{name} = {value!r}\n" for name, value in pairs))
SCRIPT = st.lists(
    st.sampled_from(
        ("blog: {", "docs: {", "}", "path: 'x',\n", "routeBasePath: '../y',\n", "baseUrl: '/z',\n", "{")
    )
).map("".join)


@pytest.mark.parametrize(
    ("name", "path"), [("pelicanconf.py", "a.md"), ("docusaurus.config.js", "blog/a.md")]
)
@given(python=PYTHON, script=SCRIPT)
def test_any_settings_in_code_load(name: str, path: str, python: str, script: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("---\ntitle: T\ndate: 2019-03-07\n---\nText.\n")
        (root / name).write_text(python if name.endswith(".py") else script, "utf-8", "surrogatepass")
        scanned = scan(root)
        loaded = load(root, path, read(root, path), Site(), scanned.context)
    assert not [fault for fault in loaded.faults if INTERNAL_ERROR in fault.message]
    (article,) = loaded.articles
    assert all(address == site_path(quote(address)) for address in article.addresses)
