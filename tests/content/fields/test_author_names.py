"""A name comes out as it went in, through every way that an author can be named."""

import html
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service.content import load, read, scan, write_front_matter
from service.content.fields.authors import states_exactly
from service.formats import SingleArticle
from service.formats.markdown import render_article
from service.model import Site
from service.urls import Urls
from tests.support.builders import article, site
from tests.support.import_folder import import_text
from tests.support.load_settings import load_settings

_LETTERS = (
    "abcdefgilnorstuvyzABCDEJKMORSTVZ",
    "éßøñçžÀÖČ",
    "бвгдиьАБИ",
    "αβγδΑΒΩς",
    "山田太郎王",
    "אבגד",
    "क्षिल",
    "김이박",
)
_WORDS = st.one_of(
    st.sampled_from(["and", "by", "von", "de", "Toby", "Ruby", "Anders", "Vonnegut", "O'Hara", "d’Or"]),
    st.sampled_from(_LETTERS).flatmap(lambda letters: st.text(letters, min_size=1, max_size=8)),
)


@st.composite
def _names(draw: st.DrawFn) -> str:
    words = draw(st.lists(_WORDS, min_size=1, max_size=6))
    marks = draw(
        st.lists(
            st.sampled_from([" ", " ", " ", ", ", "-", "'", "’"]), min_size=len(words), max_size=len(words)
        )
    )
    return "".join(word + mark for word, mark in zip(words, marks, strict=True)).rstrip(" ,")


names = _names()


def served(files: dict[str, str], path: str = "a.md") -> list[str]:
    """The authors of the article at `path` in a folder that holds these files."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, "utf-8")
        scanned = scan(root)
        assert scanned.faults == ()
        loaded = load(root, path, read(root, path), Site(), scanned.context)
    assert [str(fault) for fault in loaded.faults] == []
    return [author.name for author in loaded.articles[0].authors]


def post(**facts: object) -> str:
    return f"{write_front_matter({'title': 'T', 'date': '2020-01-02', **facts})}\nText.\n"


def _backslashed(name: str) -> str:
    return name.replace("'", "\\'")


KEYED = post(author="k1")
HUGO = 'baseURL = "https://x.example/"\n'

FIELDS: dict[str, Callable[[str], str]] = {
    **{
        key: lambda name, key=key: post(**{key: name})  # type: ignore[misc]
        for key in (
            *("author", "authors", "by", "byline", "writer", "creators", "dc_creator", "Author"),
            *("author_name", "authorName", "author-name", "written_by", "writtenBy", "posted_by"),
            *("primary_author", "guest_author", "co_authors"),
        )
    },
    "a list": lambda name: post(authors=[name]),
    "a nested list": lambda name: post(authors=[[name]]),
    "a map": lambda name: post(author={"name": name}),
    "a map with an address": lambda name: post(author={"name": name, "url": "https://a.example/"}),
    "a display name": lambda name: post(author={"display_name": name}),
    "inline authors of Docusaurus": lambda name: post(authors=[{"name": name, "title": "Head of Ships"}]),
    "a nested map": lambda name: post(authors={"k1": {"name": name}}),
    "taxonomies of Zola": lambda name: post(taxonomies={"authors": [name]}),
    "extra of Zola": lambda name: post(extra={"author": name}),
    "params of Hugo": lambda name: post(params={"author": name}),
    "TOML": lambda name: (
        f'+++\ntitle = "T"\nauthors = [{json.dumps(name, ensure_ascii=False)}]\n+++\nText.\n'
    ),
    "JSON": lambda name: json.dumps({"title": "T", "author": name}) + "\nText.\n",
    "YAML closed by a rule, of Hexo": lambda name: post(author=name).removeprefix("---\n"),
    "headers of Pelican": lambda name: f"Title: T\nDate: 2020-01-02\nAuthor: {name}\n\nText.\n",
    "a mailbox": lambda name: post(author=f"{name} <a@x.example>"),
    "a link in Markdown": lambda name: post(author=f"[{name}](https://a.example/)"),
    "a link in HTML": lambda name: post(author=f'<a href="https://a.example/">{name}</a>'),
    "a wiki link": lambda name: post(author=f"[[people/x|{name}]]"),
}
FILES: dict[str, Callable[[str], dict[str, str]]] = {
    **{
        path: lambda name, path=path: {path: yaml.safe_dump({"k1": {"name": name}}), "a.md": KEYED}  # type: ignore[misc]
        for path in ("authors.yml", "_data/authors.yml", "data/people.yaml", "authors.json")
        if not path.endswith("json")
    },
    "authors.json": lambda name: {"authors.json": json.dumps({"k1": {"name": name}}), "a.md": KEYED},
    "authors.toml": lambda name: {
        "authors.toml": f"[k1]\nname = {json.dumps(name, ensure_ascii=False)}\n",
        "a.md": KEYED,
    },
    "names alone": lambda name: {"authors.yml": yaml.safe_dump({"k1": name}), "a.md": KEYED},
    "a list": lambda name: {"authors.yml": yaml.safe_dump([{"id": "k1", "name": name}]), "a.md": KEYED},
    "a file each": lambda name: {"_data/authors/k1.yml": yaml.safe_dump({"name": name}), "a.md": KEYED},
    ".authors.yml of Material for MkDocs": lambda name: {
        ".authors.yml": yaml.safe_dump({"authors": {"k1": {"name": name, "description": "x"}}}),
        "a.md": post(authors=["k1"]),
    },
    "a page each": lambda name: {
        "authors/k1.md": f"{write_front_matter({'title': name})}Hello.",
        "a.md": KEYED,
    },
    "settings of Jekyll": lambda name: {
        "_config.yml": yaml.safe_dump({"authors": {"k1": {"name": name}}}),
        "a.md": KEYED,
    },
    "defaults of Jekyll": lambda name: {
        "_config.yml": yaml.safe_dump({"defaults": [{"scope": {"path": ""}, "values": {"author": name}}]}),
        "a.md": post(),
    },
    "cascade of Hugo": lambda name: {"_index.md": post(cascade={"author": name}), "a.md": post()},
    "data of Eleventy": lambda name: {"a.11tydata.json": json.dumps({"author": name}), "a.md": post()},
    "a page's head": lambda name: {
        "a.html": f'<!doctype html><meta name="author" content="{html.escape(name)}"><title>T</title><p>x',
    },
    "a page's head, Open Graph": lambda name: {
        "a.html": f'<html><head><meta property="article:author" content="{html.escape(name)}"></head>'
        "<body><h1>T</h1><p>Text.</p></body></html>",
    },
    "JSON-LD": lambda name: {
        "a.html": '<html><head><script type="application/ld+json">'
        + json.dumps({"@type": "Article", "headline": "T", "author": {"name": name}})
        + "</script></head><body><h1>T</h1><p>Text.</p></body></html>",
    },
    "a JSON article": lambda name: {"a.json": json.dumps({"title": "T", "body": "x", "by": [name]})},
    "JSON Lines": lambda name: {"a.jsonl": json.dumps({"title": "T", "text": "x", "author": name}) + "\n"},
    **{
        f"the author of a site of {engine}": lambda name, path=path, write=write: {  # type: ignore[misc]
            path: write(name),
            "site/content/a.md": post(),
        }
        for engine, path, write in (
            ("Hugo", "site/hugo.toml", lambda name: f"{HUGO}[params]\nauthor = {json.dumps(name)}\n"),
            ("Jekyll", "site/_config.yml", lambda name: yaml.safe_dump({"title": "x", "author": name})),
            ("Hexo", "site/_config.yml", lambda name: yaml.safe_dump({"source_dir": "s", "author": name})),
            ("Zola", "site/config.toml", lambda name: f"base_url = '/'\nauthor = {json.dumps(name)}"),
            ("Pelican", "site/pelicanconf.py", lambda name: f"AUTHOR = {name!r}\n"),
            ("Pelican, escaped", "site/pelicanconf.py", lambda name: f"AUTHOR = '{_backslashed(name)}'\n"),
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("way", FIELDS)
@settings(max_examples=settings().max_examples // 4)
@given(name=names)
def test_a_field_states_its_name_exactly(way: str, name: str) -> None:
    assume(not name.casefold().startswith("by "))
    assert served({"a.md": FIELDS[way](name)}) == [name]


@pytest.mark.parametrize("way", FILES)
@settings(max_examples=settings().max_examples // 4)
@given(name=names)
def test_what_lies_around_an_article_states_its_author_exactly(way: str, name: str) -> None:
    assume(not name.casefold().startswith("by "))
    files = FILES[way](name)
    path = next(path for path in reversed(files) if path.rpartition("/")[2].startswith("a."))
    assert served(files, path) == [name]


@settings(max_examples=settings().max_examples // 4)
@given(name=names)
def test_the_author_of_the_site_is_named_exactly(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "site.toml").write_text(f"author = {json.dumps(name, ensure_ascii=False)}\n", "utf-8")
        (author,) = load_settings({"content": Path(folder)}, {}).site.authors
        assert author.name == name
        (author,) = load_settings({"content": Path(folder)}, {"BROADSHEET_AUTHOR": name}).site.authors
        assert author.name == name


AUTHOR_KEYS = [
    ({"author_name": "Ann Author (@ann)"}, [("Ann Author (@ann)", None)]),
    ({"author_name": "Ann", "author_twitter": "@ann_x"}, [("Ann", "https://twitter.com/ann_x")]),
    ({"author": "Ann", "authorTwitter": "ann"}, [("Ann", "https://twitter.com/ann")]),
    ({"author": "Ann", "author_github": "ann-x"}, [("Ann", "https://github.com/ann-x")]),
    ({"author": "Ann", "author_twitter": "https://x.com/ann"}, [("Ann", "https://x.com/ann")]),
    ({"author": "Ann", "author_url": "/ann", "author_twitter": "ann"}, [("Ann", "/ann")]),
    ({"author": "Ann", "authorLink": "https://ann.example"}, [("Ann", "https://ann.example")]),
    ({"author": ["Ann", "Bo"], "author_twitter": "ann"}, [("Ann", None), ("Bo", None)]),
    ({"author": "Ann", "author_twitter": "no account"}, [("Ann", None)]),
    ({"author": "Ann", "coauthors": ["Bo", "Ann"]}, [("Ann", None), ("Bo", None)]),
    ({"author": "Ann", "author_name": "Ann Author"}, [("Ann", None)]),
    ({"extra": {"author_name": "Ann"}}, [("Ann", None)]),
    ({"author_twitter": "ann"}, []),
]


@pytest.mark.parametrize(("keys", "authors"), AUTHOR_KEYS)
def test_keys_of_themes_for_an_author(keys: dict[str, object], authors: list[tuple[str, str | None]]) -> None:
    loaded = load(Path(), "a.md", post(**keys).encode(), Site())
    assert loaded.faults == ()
    assert [(author.name, author.url) for author in loaded.articles[0].authors] == authors


def _escaped(name: str) -> str:
    """As WordPress stores a display name, and then as XML holds that."""
    return html.escape(html.escape(name))


SOURCES: dict[str, tuple[str, Callable[[str], str]]] = {
    "WordPress": (
        "wp.xml",
        lambda name: (
            '<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
            ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<wp:author><wp:author_login>k</wp:author_login><wp:author_display_name>{_escaped(name)}"
            "</wp:author_display_name></wp:author><item><title>T</title><wp:status>publish</wp:status><dc:creator>k</dc:creator>"
            "<content:encoded>Text.</content:encoded></item></channel></rss>"
        ),
    ),
    "WordPress, a creator nobody describes": (
        "wp.xml",
        lambda name: (
            '<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<channel><item><title>T</title><wp:status>publish</wp:status>"
            f"<dc:creator>{html.escape(name)}</dc:creator></item></channel></rss>"
        ),
    ),
    "Ghost": (
        "ghost.json",
        lambda name: json.dumps(
            {
                "db": [
                    {
                        "data": {
                            "posts": [
                                {
                                    "id": "1",
                                    "title": "T",
                                    "html": "<p>x</p>",
                                    "author_id": "7",
                                    "status": "published",
                                }
                            ],
                            "users": [{"id": "7", "name": name}],
                        }
                    }
                ]
            }
        ),
    ),
    "Atom": (
        "atom.xml",
        lambda name: (
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:x.example,2020:1</id><title>T</title>'
            f"<author><name>{html.escape(name)}</name></author><content>Text.</content></entry></feed>"
        ),
    ),
    **{
        f"RSS, {element}": (
            "rss.xml",
            lambda name, element=element, value=value: (  # type: ignore[misc]
                '<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item><title>T</title>'
                f"<description>x</description><{element}>{html.escape(value.format(name))}</{element}>"
                "</item></channel></rss>"
            ),
        )
        for element, value in (("dc:creator", "{}"), ("author", "a@x.example ({})"))
    },
    "JSON Feed": (
        "feed.json",
        lambda name: json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "items": [{"id": "1", "title": "T", "content_text": "x", "authors": [{"name": name}]}],
            }
        ),
    ),
    "Markdown": ("a.md", lambda name: post(author={"name": name})),
    "JSON": ("a.json", lambda name: json.dumps({"title": "T", "text": "x", "authors": [{"name": name}]})),
}


@pytest.mark.parametrize("source", SOURCES)
@settings(max_examples=settings().max_examples // 4)
@given(name=names)
def test_an_import_names_its_author_exactly(source: str, name: str) -> None:
    file, write = SOURCES[source]
    with tempfile.TemporaryDirectory() as folder:
        (imported,) = import_text(file, write(name), Path(folder) / "to").articles.values()
    assert [author.name for author in imported.authors] == [name]


ODD = [
    "By Hook",
    "Ann; Bo",
    "AT&amp;T",
    "Ann <em>Lee</em>",
    "Ann (the elder)",
    "Ann <ann@x.example>",
    "ann@x.example",
    "[[Ann]]",
    "[Ann]",
    '"Ann"',
    "[Ann](https://a.example)",
    "Null",
    "3.10",
    "Ann\u00a0Lee",
]


@pytest.mark.parametrize("name", ODD)
def test_a_name_that_a_text_would_not_state_is_written_as_a_map(name: str) -> None:
    name = " ".join(name.split())
    written = article(authors=(name,))
    text = render_article(SingleArticle(site(), written), Urls("https://x.example"))
    assert served({"a.md": text.decode()}) == [name]
    assert states_exactly(name) == (served({"a.md": post(authors=name)}) == [name])


TEXTS = [
    ("Toby Smith", ["Toby Smith"]),
    ("Ruby Association", ["Ruby Association"]),
    ("by Ann Lee", ["Ann Lee"]),
    ("Bynum Lee", ["Bynum Lee"]),
    ("Ann (the elder) Lee", ["Ann (the elder) Lee"]),
    ("Ann Author (@ann)", ["Ann Author (@ann)"]),
    ('"Weird Al" Yankovic', ['"Weird Al" Yankovic']),
    ("O&#39;Hara &amp; Sons", ["O'Hara & Sons"]),
    ("Jos&eacute;; Bo", ["José", "Bo"]),
    ("Ann (Bo) <a@x.example>", ["Ann (Bo)"]),
    ("[Ann] Lee", ["[Ann] Lee"]),
    ("[[Ann Lee]]", ["Ann Lee"]),
    ("<b></b>", ["<b></b>"]),
    ("k1; Bo;", ["Ann Lee", "Bo"]),
    ("A &amp; B; C", ["A & B", "C"]),
    ('<a href="https://a.example">A</a>; <a href="https://b.example">B</a>', ["A", "B"]),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_only_conventions_change_what_a_text_states(text: str, expected: list[str]) -> None:
    assert served({"a.md": post(author=text), "authors.yml": "k1: {name: Ann Lee}\n"}) == expected


def test_a_text_in_a_list_is_one_author() -> None:
    assert served({"a.md": post(authors=["Ann; the elder", "Bo"])}) == ["Ann; the elder", "Bo"]
