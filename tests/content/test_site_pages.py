"""Which files are pages that are not articles, at which address, and with which place in the navigation."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content import load, read, scan
from service.content.identity.page_addresses import RESERVED_SEGMENTS, page_address
from service.content.records import LoadedFile
from service.model import Article, MenuEntry, Site
from service.web.addresses.legacy_redirects import LEGACY, LEGACY_FACETS
from tests.support.in_memory_site import route_paths

UNDATED = "---\ntitle: Who we are\n---\nText.\n"
DATED = "---\ntitle: Who we are\ndate: 2024-05-06\n---\nText.\n"
HUGO = {"hugo.toml": "baseURL = 'https://x.example/'\ntitle = 'X'\n"}
HUGO_POSTS = {**HUGO, "content/posts/a.md": DATED, "content/posts/b.md": DATED}
JEKYLL = {"_config.yml": "title: X\nplugins: []\n"}
JEKYLL_POSTS = {**JEKYLL, "_posts/2024-05-06-a.md": UNDATED}
HEXO = {"_config.yml": "title: X\nnew_post_name: ':title.md'\n", "source/_posts/a.md": DATED}
ZOLA = {"config.toml": "base_url = 'https://x.example/'\n", "content/blog/a.md": DATED}
PELICAN = {"pelicanconf.py": "SITENAME = 'X'\nPATH = 'content'\n", "content/a.md": DATED}
NIKOLA = {
    "conf.py": "BLOG_TITLE = 'X'\nPOSTS = (('posts/*.md', 'posts', 'p'),)\n"
    "PAGES = (('stories/*.md', '', 'p'),)\n",
    "posts/a.md": DATED,
}


def load_files(root: Path, files: Mapping[str, str]) -> dict[str, LoadedFile]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    scanned = scan(root)
    return {
        file.path: load(root, file.path, read(root, file.path), Site(), scanned.context, scanned.folders)
        for file in scanned.files
    }


def load_page(text: str) -> Article:
    (page,) = load(Path(), "pages/about.md", text.encode(), Site()).pages
    return page


@pytest.mark.parametrize(
    ("field", "is_page"),
    [
        *(
            (f"{name}: {value}", True)
            for name in ("type", "post_type")
            for value in ("page", "[page]", "['Page ']")
        ),
        *((f"layout: {value}", True) for value in ("page", "[page]", "[layouts/page.html]", "'Page '")),
        *(
            (f"type: {value}", False)
            for value in ("[post]", "[page, post]", "[]", "{page: true}", "[[page]]")
        ),
    ],
)
def test_a_list_of_one_type_is_that_type(field: str, is_page: bool) -> None:
    loaded = load(Path(), "about.md", f"---\ntitle: About\n{field}\n---\nText.\n".encode(), Site())
    assert (len(loaded.pages), len(loaded.articles)) == (is_page, not is_page)


@pytest.mark.parametrize(
    ("site", "path", "text", "address"),
    [
        ({}, "pages/about.md", UNDATED, "/about"),
        ({}, "pages/about.md", DATED, "/about"),
        ({}, "pages/company/The Team.md", UNDATED, "/company/the-team"),
        ({}, "pages/company/index.md", UNDATED, "/company"),
        ({}, "pages/de/about.md", UNDATED, "/de/about"),
        ({}, "_pages/about.md", UNDATED, "/about"),
        ({}, "content/page/about.md", UNDATED, "/about"),
        ({}, "src/pages/about.md", UNDATED, "/about"),
        ({}, "src/pages/hello.md", DATED, None),
        ({}, "pages/blog/hello.md", UNDATED, None),
        ({}, "pages/2024-05-06-hello.md", UNDATED, None),
        ({}, "pages/a.md", "---\ntitle: A\ntype: post\n---\nText.\n", None),
        ({}, "deep/in/about.md", "---\ntitle: A\ntype: page\ndate: 2024-05-06\n---\nText.\n", "/about"),
        ({}, "a.json", '{"title": "A", "type": "Page", "text": "Text."}', "/a"),
        ({}, "about.md", "---\ntitle: A\nlayout: page\n---\nText.\n", "/about"),
        ({}, "about.md", "---\ntitle: A\nlayout: page\ndate: 2024-05-06\n---\nText.\n", None),
        ({}, "about.md", "---\ntitle: A\nlayout: about\n---\nText.\n", None),
        ({}, "about.md", "---\ntitle: A\neleventyNavigation: {key: A}\n---\nText.\n", "/about"),
        ({}, "about.md", "---\ntitle: A\neleventyNavigation: false\n---\nText.\n", None),
        ({}, "about.md", UNDATED, None),
        ({}, "pages/x/index.html", "---\ntitle: Our tour\nslug: index\n---\nText.\n", "/our-tour"),
        ({}, "pages/about.md", "---\ntitle: A\nslug: who-we-are\n---\nText.\n", "/who-we-are"),
        ({}, "pages/about.md", "---\ntitle: A\nslug: /company/us\n---\nText.\n", "/company/us"),
        ({}, "pages/about.md", "---\ntitle: A\npermalink: /about/us.html\n---\nText.\n", "/about/us"),
        (HUGO_POSTS, "content/about.md", DATED, "/about"),
        (HUGO_POSTS, "content/about/index.md", UNDATED, "/about"),
        (HUGO_POSTS, "content/page/imprint.md", DATED, "/imprint"),
        (HUGO_POSTS, "content/posts/c/index.md", UNDATED, None),
        (HUGO, "content/about.md", DATED, None),
        ({**HUGO, "content/posts/a.md": DATED, "content/b.md": DATED}, "content/about.md", DATED, None),
        (JEKYLL_POSTS, "about.md", UNDATED, "/about"),
        (JEKYLL_POSTS, "docs/install/index.html", UNDATED, "/docs-page/install"),
        (JEKYLL_POSTS, "old/ballot.html", DATED, None),
        (JEKYLL_POSTS, "_posts/2024-05-07-b.md", "---\nlayout: page\n---\n# B\n\nText.\n", None),
        (JEKYLL, "about.md", UNDATED, None),
        (HEXO, "source/about/index.md", DATED, "/about"),
        (HEXO, "source/_posts/b.md", UNDATED, None),
        (ZOLA, "content/about.md", "+++\ntitle = 'A'\n+++\nText.\n", "/about"),
        (ZOLA, "content/b.md", "+++\ntitle = 'A'\ndate = 2024-05-06\n+++\nText.\n", None),
        (PELICAN, "content/pages/about.md", DATED, "/about"),
        (PELICAN, "content/b.md", UNDATED, None),
        (NIKOLA, "stories/about.md", DATED, "/about"),
        (NIKOLA, "posts/b.md", UNDATED, None),
    ],
)
def test_files_are_pages_by_field_folder_or_generator(
    tmp_path: Path, site: Mapping[str, str], path: str, text: str, address: str | None
) -> None:
    loaded = load_files(tmp_path, {**site, path: text})[path]
    assert [page.slug for page in loaded.pages] == ([address] if address else [])
    assert len(loaded.articles) == (address is None)


def test_a_folder_of_pages_does_not_become_articles_when_posts_are_added(tmp_path: Path) -> None:
    loaded = load_files(tmp_path, {"pages/about.md": UNDATED, "a.md": DATED, "b.md": UNDATED})
    assert [path for path, file in loaded.items() if file.pages] == ["pages/about.md"]


@pytest.mark.parametrize("type_line", ["draft: true", "status: private", "password: x", "published: false"])
def test_a_page_is_kept_private_as_an_article_is(tmp_path: Path, type_line: str) -> None:
    loaded = load_files(tmp_path, {"pages/about.md": f"---\ntitle: A\n{type_line}\n---\nText.\n"})[
        "pages/about.md"
    ]
    assert (loaded.pages, loaded.articles, loaded.is_private) == ((), (), True)


def test_every_address_of_the_service_is_reserved() -> None:
    paths = {*route_paths(), *LEGACY, *LEGACY_FACETS} - {"/", "/{page}"}
    segments = {path.split("/")[1].partition(".")[0] for path in paths} - {"-"}  # which is no slug
    planned = {"changes", "manifest", "archive", "page", "search", "readyz", "atom"}
    assert segments | planned <= RESERVED_SEGMENTS
    assert RESERVED_SEGMENTS - segments <= planned | {"index", "category"}


@given(
    st.sampled_from(sorted(RESERVED_SEGMENTS)),
    st.sampled_from(["", "/more", ".html", "/a/b"]),
    st.sampled_from(["permalink", "slug", "file"]),
)
def test_no_page_takes_an_address_of_the_service(segment: str, rest: str, source: str) -> None:
    path = f"pages/{segment}{rest.removesuffix('.html')}.md" if source == "file" else "pages/x.md"
    key = "" if source == "file" else f"{source}: /{segment}{rest}\n"
    loaded = load(Path(), path, f"---\ntitle: A\n{key}---\nText.\n".encode(), Site())
    for page in loaded.pages:  # `index` names its folder
        assert page.slug.split("/")[1].partition(".")[0] not in RESERVED_SEGMENTS
        if page.slug.startswith(f"/{segment}-page"):
            assert any(
                f"begins with {segment!r}, which is reserved" in fault.message for fault in loaded.faults
            )
        else:
            assert segment == "index"


@given(st.text(max_size=300))
def test_an_address_is_a_path_of_slugs(text: str) -> None:
    address = page_address(text)
    assert address.startswith("/")
    assert len(address.encode()) <= 200
    again = page_address(address)  # a capital that only a compatibility form has is folded the second time
    assert page_address(again) == again
    assert not set(address) & set("?#%\\ ")
    assert "//" not in address


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("menu: true", MenuEntry()),
        ("menu: false", None),
        ("menu: 3", MenuEntry(weight=3)),
        ("menu: 0", MenuEntry(weight=0)),
        ("menu: 1", MenuEntry(weight=1)),
        ("menu: -1.5", MenuEntry(weight=-1.5)),
        ("menu: Imprint", MenuEntry("Imprint")),
        ("menu: main", MenuEntry()),
        ("menu: footer", None),
        ("menu: [footer, main]", MenuEntry()),
        ("menus: [footer]", None),
        ("menu: {label: Us, weight: 2}", MenuEntry("Us", 2)),
        ("menu: {main: {weight: 10, name: Us}}", MenuEntry("Us", 10)),
        ("menus: {main: {}}", MenuEntry()),
        ("menu: {footer: {weight: 10}}", None),
        ("menu: {footer: {weight: 10}, main: {weight: 4}}", MenuEntry(weight=4)),
        ("eleventyNavigation: {key: Us, order: 2}", MenuEntry("Us", 2)),
        ("nav: true\nnav_order: 4", MenuEntry(weight=4)),
        ("nav: something", None),
    ],
)
def test_menu(line: str, entry: MenuEntry | None) -> None:
    assert load_page(f"---\ntitle: A\n{line}\n---\nText.\n").menu == entry


def test_a_weight_that_is_no_number_is_reported_and_the_page_stays_in_the_menu() -> None:
    text = "---\ntitle: A\nmenu: {weight: first}\n---\nText.\n"
    loaded = load(Path(), "pages/about.md", text.encode(), Site())
    assert [fault.message for fault in loaded.faults] == ["menu weight must be a number, not 'first'"]
    assert loaded.pages[0].menu == MenuEntry()


def test_an_article_keeps_its_menu_as_given() -> None:
    (article,) = load(Path(), "a.md", b"---\ntitle: A\nmenu: main\n---\nText.\n", Site()).articles
    assert (article.menu, article.extra) == (None, {"menu": "main"})
