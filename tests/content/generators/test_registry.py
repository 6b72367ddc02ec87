"""Each generator's row is complete: settings are recognised, folders excluded, addresses built."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.content.generators.registry import (
    GENERATORS,
    build_schemes,
    describes_articles,
    is_settings_file,
    read_settings,
)
from service.content.records import Exclusion
from tests.support.generator_sites import POST, UTC, addresses


@dataclass(frozen=True)
class Sample:
    """Settings that only this generator takes for its own, and an article with its address there."""

    path: str
    text: str
    article: str
    address: str | None


TITLE = '"title": "X"'
SAMPLES = {
    "Astro": Sample("astro.config.mjs", "x = {base: '/'}", "posts/a.md", None),
    "Docusaurus": Sample(
        "docusaurus.config.ts", "x = {title: 'X'}", "blog/2019-03-07-a.md", "/blog/2019/03/07/a"
    ),
    "Eleventy": Sample("eleventy.config.cjs", "x = {}", "posts/a.md", "/posts/a"),
    "Eleventy data": Sample("_data/site.json", f'{{{TITLE}, "lang": "en"}}', "posts/a.md", None),
    "Gatsby": Sample("gatsby-config.ts", "siteMetadata: {title: 'X'}", "posts/a.md", None),
    "Hexo": Sample(
        "_config.json", f'{{{TITLE}, "source_dir": "source"}}', "source/_posts/a.md", "/2019/03/08/a"
    ),
    "Hugo": Sample("config.json", f'{{{TITLE}, "baseURL": ""}}', "content/posts/a.md", "/posts/a"),
    "Jekyll": Sample("_config.json", f"{{{TITLE}}}", "_posts/2019-03-07-a.md", "/2019/03/08/a.html"),
    "mdBook": Sample("book.toml", '[book]\ntitle = "X"', "src/a.md", "/a.html"),
    "MkDocs": Sample("mkdocs.yml", "site_name: X", "docs/a.md", None),
    "Nikola": Sample("conf.py", "BLOG_TITLE = 'X'", "posts/a.md", None),
    "Pelican": Sample(
        "pelicanconf.py", "SITENAME = 'X'\nPATH = 'content'", "content/a.md", "/whats-new.html"
    ),
    "Quartz": Sample("quartz.config.ts", "x = {pageTitle: 'X'}", "content/a.md", None),
    "Sphinx": Sample("conf.py", "exclude_patterns = []", "a.md", None),
    "VitePress": Sample(".vitepress/config.mts", "x = {title: 'X'}", "a.md", None),
    "Zola": Sample("config.json", f'{{{TITLE}, "base_url": ""}}', "content/posts/a.md", "/posts/a"),
}
WITHOUT_SCHEME = {"Eleventy data"}
WITHOUT_METADATA = {"Astro", "Eleventy", "Sphinx"}
WITHOUT_EXCLUDED = {"Eleventy", "Eleventy data"}


def test_each_generator_has_a_row_and_a_sample() -> None:
    names = [generator.name for generator in GENERATORS]
    assert sorted(names) == sorted(SAMPLES)
    assert {row.name for row in GENERATORS if row.build_scheme is None} == WITHOUT_SCHEME
    assert {row.name for row in GENERATORS if not row.excluded} == WITHOUT_EXCLUDED


@pytest.mark.parametrize("folder", ["", "old", "sites/old"])
@pytest.mark.parametrize("name", SAMPLES)
def test_settings_are_recognised_in_any_folder(name: str, folder: str) -> None:
    sample = SAMPLES[name]
    path = f"{folder}/{sample.path}" if folder else sample.path
    assert is_settings_file(path)
    assert describes_articles(path)
    settings = read_settings(path, sample.text)
    assert settings is not None
    assert (settings.generator, settings.folder, settings.file.path) == (name, folder, path)
    assert settings.metadata.get("title") == (None if name in WITHOUT_METADATA else "X")
    row = next(generator for generator in GENERATORS if generator.name == name)
    assert set(settings.excluded) == {f"{folder}/{place}" if folder else place for place in row.excluded}
    schemes, unusable = build_schemes([settings], ())
    assert unusable == []
    assert [scheme.folder for scheme in schemes] == ([] if name in WITHOUT_SCHEME else [folder])


@pytest.mark.parametrize("name", SAMPLES)
def test_addresses_are_built(tmp_path: Path, name: str) -> None:
    sample = SAMPLES[name]
    built = addresses(tmp_path, {sample.path: sample.text}, sample.article, POST, UTC)
    assert built == ((sample.address,) if sample.address else ())


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("folder", ["node_modules/x", "themes/y", "exampleSite", "a/Themes/z"])
def test_settings_of_themes_and_libraries_are_ignored(name: str, folder: str) -> None:
    path = f"{folder}/{SAMPLES[name].path}"
    assert not is_settings_file(path)
    assert read_settings(path, SAMPLES[name].text) is None


# Path, text, generator, folder of the site.
RECOGNISED = [
    ("hugo.toml", "", "Hugo", ""),
    ("HUGO.TOML", "", "Hugo", ""),
    ("a/hugo.yaml", "x: 1", "Hugo", "a"),
    ("config/_default/hugo.toml", "", "Hugo", ""),
    ("config/_default/config.toml", "base_url = ''", "Hugo", ""),
    ("a/config/_default/params.toml", "", "Hugo", "a"),
    ("config.toml", "base_url = ''\nbaseURL = ''", "Hugo", ""),
    ("config.toml", "base_url = ''", "Zola", ""),
    ("config.toml", "title = 'X'", None, ""),
    ("config.toml", "", None, ""),
    ("config.yaml", "- x", None, ""),
    ("_config.yml", "skip_render: x", "Hexo", ""),
    ("_config.yml", "{}", "Jekyll", ""),
    ("_config.yml", "", None, ""),
    (".eleventy.js", "", "Eleventy", ""),
    ("eleventy.js", "", "Eleventy", ""),
    ("a/src/_data/metadata.js", "title: 'X',\nlang: 'en'", "Eleventy data", "a/src"),
    ("_data/site.yaml", "title: X", None, ""),
    ("_data/config.json", '{"title": "X", "baseURL": ""}', None, ""),
    ("_data/config.json", '{"title": "X", "lang": "en"}', "Eleventy data", ""),
    ("pelicanconf.py", "", "Pelican", ""),
    ("myhugo.toml", "", None, ""),
    ("xconfig/_default/params.toml", "", None, ""),
    ("gatsby-config.json", "{}", None, ""),
]


@pytest.mark.parametrize(("path", "text", "name", "folder"), RECOGNISED)
def test_which_generator_a_settings_file_belongs_to(
    path: str, text: str, name: str | None, folder: str
) -> None:
    settings = read_settings(path, text)
    assert (settings and (settings.generator, settings.folder)) == (name and (name, folder))


def test_several_files_of_one_site_count_together_and_the_first_wins() -> None:
    files = [
        read_settings("config/_default/hugo.toml", "baseURL = 'https://x.example/a'"),
        read_settings("hugo.toml", "baseURL = 'https://x.example/b'\nuglyURLs = true"),
    ]
    ((scheme,), _) = build_schemes([file for file in files if file], ())
    assert (scheme.base, getattr(scheme, "ugly_urls")) == ("/a", ("",))  # noqa: B009 - of Hugo's alone


def test_inner_sites_come_first() -> None:
    settings = [read_settings(path, "") for path in ("hugo.toml", "a/b/hugo.toml", "a/hugo.toml")]
    schemes, _ = build_schemes([setting for setting in settings if setting], ())
    assert [scheme.folder for scheme in schemes] == ["a/b", "a", ""]


def test_a_pattern_that_cannot_be_used_is_reported_with_its_setting() -> None:
    settings = read_settings(
        "a/_config.yml", "permalink: /:nope/\ncollections: {x: {output: true, permalink: 3}}"
    )
    assert settings is not None
    _, unusable = build_schemes([settings], ())
    assert unusable == [
        Exclusion(
            "a/_config.yml",
            1,
            "no addresses are built from collections.x.permalink '3': expected text",
        ),
        Exclusion(
            "a/_config.yml", 1, "no addresses are built from permalink '/:nope/': unknown token 'nope'"
        ),
    ]


def test_excluded_paths_never_include_the_whole_site() -> None:
    for path, text in (
        ("a/_config.yml", "destination: ./\nexclude: [., '', /, ./x/]"),
        ("a/.eleventy.js", "x = {dir: {output: '.'}}"),
    ):
        settings = read_settings(path, text)
        assert settings is not None
        assert all(re.match("a/.", place) for place in settings.excluded)
