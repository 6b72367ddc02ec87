"""Addresses made by patterns, whatever the engine: below a folder, by wrong ones, beside ids and slugs."""

from pathlib import Path

import pytest

from service.content import load, read, scan
from service.errors import NotFound
from service.index import Moved
from tests.support.generator_sites import POST, UTC, addresses, post
from tests.support.index_folder import Folder

BASED = [
    ({"_config.yml": "baseurl: /blog"}, "_posts/2019-03-07-a.md", POST, ("/2019/03/08/a.html",)),
    ({"_config.yml": "baseurl: blog/"}, "about.md", post(permalink="/us/"), ("/us",)),
    (
        {"_config.yml": "baseurl: /blog"},
        "about.md",
        post(aliases="[/old/, /blog/older/]"),
        ("/about.html", "/old"),
    ),
    ({"_config.yml": "source_dir: source\nroot: /blog/"}, "source/_posts/a.md", POST, ("/2019/03/08/a",)),
    ({"hugo.toml": "baseURL = 'https://x.example/blog/'"}, "content/posts/a.md", POST, ("/posts/a",)),
    ({"config.toml": "base_url = 'https://x.example/blog'"}, "content/posts/a.md", POST, ("/posts/a",)),
    ({"pelicanconf.py": "SITEURL = 'https://x.example/blog'"}, "a.md", POST, ("/whats-new.html",)),
    ({"docusaurus.config.js": "export default {baseUrl: '/blog/',\n}"}, "blog/a.md", POST, ("/blog/a",)),
]


@pytest.mark.parametrize(("settings", "path", "text", "expected"), BASED)
def test_addresses_of_a_site_below_a_path_are_kept_with_and_without_it(
    tmp_path: Path, settings: dict[str, str], path: str, text: str, expected: tuple[str, ...]
) -> None:
    built = addresses(tmp_path, settings, path, text, UTC)
    assert {item for item in built if not item.startswith("/blog/") or item == "/blog/a"} == set(expected)
    assert {f"/blog{item}" for item in expected} <= set(built)


WRONG = [
    ("_config.yml", "permalink: /:nobody/:title/", "_posts/2019-03-07-a.md", "nobody"),
    ("_config.yml", "permalink: [1, 2]", "_posts/2019-03-07-a.md", "expected text"),
    ("_config.yml", "permalink: /../:title/", "_posts/2019-03-07-a.md", "out of the site"),
    ("_config.yml", "permalink: /%2e%2e/:title/", "_posts/2019-03-07-a.md", "out of the site"),
    ("_config.yml", f"permalink: /{'x' * 10_000}/:title/", "_posts/2019-03-07-a.md", "longer"),
    ("_config.yml", f"permalink: {':year' * 40}", "_posts/2019-03-07-a.md", "more than"),
    ("_config.yml", "collections: {x: {output: true, permalink: {a: b}}}", "_x/a.md", "expected text"),
    ("_config.yml", "source_dir: source\npermalink: 7", "source/_posts/a.md", "expected text"),
    ("hugo.toml", "[permalinks]\nposts = '/:bogus/'", "content/posts/a.md", "bogus"),
    ("hugo.toml", "[permalinks.page]\nposts = ['/:slug/']", "content/posts/a.md", "expected text"),
    ("hugo.toml", "[[permalinks]]\npattern = 3", "content/posts/a.md", "expected text"),
    ("pelicanconf.py", "ARTICLE_URL = '{slug}/{date:%Q}'", "a.md", "date:%Q"),
    ("pelicanconf.py", "ARTICLE_URL = '{slug.__class__}'", "a.md", "slug.__class__"),
]


@pytest.mark.parametrize(("name", "settings", "path", "reason"), WRONG)
def test_a_pattern_that_cannot_be_used_is_reported_and_builds_no_address(
    tmp_path: Path, name: str, settings: str, path: str, reason: str
) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(POST)
    (tmp_path / name).write_text(settings)
    scanned = scan(tmp_path)
    assert scanned.faults == ()
    (report,) = scanned.exclusions
    assert report.path == name
    assert reason in report.reason
    (article,) = load(tmp_path, path, read(tmp_path, path), UTC, scanned.context).articles
    assert article.addresses == ()


ODD = [
    "permalink: /:title/\nbaseurl: {a: b}\nsource: [x]\ncollections: 7\ncollections_dir: true",
    "baseurl: /../../x",
    "collections: {1: 2, posts: 3, null: {output: yes}}",
    "source_dir: [1]\nnew_post_name: '((((:title'\nroot: 3\ncategory_map: 1\npermalink_defaults: [2]",
]


@pytest.mark.parametrize("settings", ODD)
def test_settings_of_the_wrong_type_are_ignored(tmp_path: Path, settings: str) -> None:
    path = "_posts/2019-03-07-a.md"
    built = addresses(tmp_path, {"_config.yml": settings}, path, POST, UTC)
    assert all(item.startswith("/") and ".." not in item for item in built)


def test_a_field_cannot_lead_out_of_the_site(tmp_path: Path) -> None:
    files = {"_config.yml": "permalink: /:categories/:title/"}
    assert addresses(tmp_path, files, "_posts/2019-03-07-a.md", post(categories="['..', x]"), UTC) == ()


def test_the_innermost_site_builds_the_address(tmp_path: Path) -> None:
    files = {"_config.yml": "permalink: /outer/:title/", "old/_config.yml": "permalink: /inner/:title/"}
    assert addresses(tmp_path, files, "old/_posts/2019-03-07-a.md", POST, UTC) == ("/inner/a",)


def test_without_settings_only_a_pattern_builds_an_address(tmp_path: Path) -> None:
    assert addresses(tmp_path, {}, "_posts/2019-03-07-a.md", POST, UTC) == ()
    assert addresses(tmp_path, {}, "_posts/2019-03-07-b.md", post(permalink="/:year/:title/"), UTC) == (
        "/2019/b",
    )


@pytest.mark.parametrize("first", [0, 1])
def test_shared_address_does_not_depend_on_order(tmp_path: Path, first: int) -> None:
    folder = Folder(tmp_path)
    posts = ["2019-03-07-a-b.md", "2019-03-07-a.md"]
    (folder.root / "_posts").mkdir()
    (folder.root / "_config.yml").write_text("permalink: /:year/")
    for name in (posts[first], posts[1 - first]):
        (folder.root / "_posts" / name).write_text(POST)
        folder.refresh()
    assert folder.find_article("/2019") == Moved("a")


def test_a_scheduled_article_is_not_revealed_by_its_old_address(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (folder.root / "_config.yml").write_text("permalink: /:year/:title/")
    (folder.root / "_posts").mkdir()
    (folder.root / "_posts/2030-03-07-a.md").write_text("---\ntitle: T\n---\nText.\n")
    folder.refresh()
    with pytest.raises(NotFound):
        folder.find_article("/2030/a")


def test_an_address_changes_neither_slug_nor_id(tmp_path: Path) -> None:
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_posts/2019-03-07-Big_vote.md").write_text(POST)
    before = scan(tmp_path)
    (tmp_path / "_config.yml").write_text("permalink: /:year/other/")
    after = scan(tmp_path)
    path = "_posts/2019-03-07-Big_vote.md"
    (old,), (new,) = (
        load(tmp_path, path, read(tmp_path, path), UTC, item.context).articles for item in (before, after)
    )
    assert (new.slug, new.id, new.aliases) == (old.slug, old.id, old.aliases)
    assert new.translation_keys == old.translation_keys
    assert (old.addresses, new.addresses) == ((), ("/2019/other",))
    assert before.context.digest != after.context.digest
