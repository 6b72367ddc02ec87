"""Which files of a folder are no articles, each with its reason; and which of their kind are articles."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from service.content import load, read, scan
from service.model import Site

POST = "---\ntitle: Vote\ndate: 2024-05-06\n---\nText of the post.\n"


def reasons(root: Path, files: Mapping[str, str]) -> dict[str, str]:
    """The reasons why files are excluded, by path; "" for articles, and the message for faults."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    scanned = scan(root)
    result = {exclusion.path: exclusion.reason for exclusion in scanned.exclusions}
    for file in scanned.files:
        loaded = load(root, file.path, read(root, file.path), Site(), scanned.context, scanned.folders)
        result |= {article.path: "" for article in loaded.articles}
        result |= {fault.path: fault.message for fault in loaded.faults if not fault.harmless}
        result |= {exclusion.path: exclusion.reason for exclusion in loaded.exclusions}
    return result


NOT_READ = ("mdoc", "dj", "typ", "xhtml", "adoc", "asc", "org", "rst", "rest", "ipynb", "qmd", "Rmd", "njk")
MARKDOWN = ("md", "markdown", "mdx", "mkd", "mkdn", "mkdown", "mdown", "mdwn", "MKD")

NO_ARTICLES = [
    # Templates
    ("theme/article.html", '{% extends "base.html" %}\n{% block b %}<h1>{{ a.title }}</h1>{% endblock %}'),
    ("theme/templates/base.html", "<html><head><title>{{ SITENAME }}</title></head><body></body></html>"),
    ("page.html", "<html><head><title>{{ article.title }}</title></head><body><p>Text.</p></body></html>"),
    ("part.html", "<ul>{% for post in posts %}<li>{{ post.title }}</li>{% endfor %}</ul>"),
    ("single.html", '{{ define "main" }}<h1>{{ .Title }}</h1>{{ .Content }}{{ end }}'),
    ("list.html", "{{ range .Pages }}<a>{{ .Title }}</a>{{ end }}"),
    ("layout.html", "<h1>Site</h1>{{> header}}{{#each posts}}<p>{{title}}</p>{{/each}}"),
    ("erb.html", "<h1>Site</h1><%= yield %>"),
    ("wp.html", "<h1>Site</h1><?php the_content(); ?>"),
    ("CLAUDE.md", "# The site\n\nHow to work on it."),
    ("docs/AGENTS.md", "How to work on it."),
    ("macros.txt", "{% macro input(name) %}<input>{% endmacro %}"),
    ("Templates/Daily.md", "---\ndate: {{date}}\n---\n# {{title}}\n"),
    ("Templates/Meeting.md", "# Meeting\n\n- Who\n"),
    ("templates/note.md", "---\ntags: [meeting]\n---\n<% tp.file.cursor() %>\n"),
    ("new.md", '---\ntitle: "{{ replace .Name `-` ` ` | title }}"\n---\nText.\n'),
    # Keys, licences, files about the folder
    ("key.txt", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBF\n-----END PGP PUBLIC KEY BLOCK-----\n"),
    ("cert.txt", "Bag Attributes\n  name: a\n-----BEGIN CERTIFICATE-----\nMIIF\n-----END CERTIFICATE-----\n"),
    ("ssh.txt", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@example.org\n"),
    ("pubkey.md", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n"),
    ("MIT.txt", "The MIT License (MIT)\n\nCopyright (c) 2020 A\n\nPermission is hereby granted, free"),
    ("legal.md", "# BSD 3-Clause License\n\nRedistribution and use in source and binary forms, with"),
    ("font.txt", "Copyright 2011 A\n\nThis Font Software is licensed under the SIL Open Font License"),
    ("gpl.txt", "GNU GENERAL PUBLIC LICENSE\nVersion 3\n\nEveryone is permitted to copy and distribute"),
    ("public.txt", "This is free and unencumbered software released into the public domain.\n"),
    ("MIT-LICENSE.txt", "Do as you like."),
    ("requirements.txt", "httpx\n"),
    ("dev-requirements.txt", "pytest\n"),
    ("requirements_docs.txt", "sphinx\n"),
    ("TODO.txt", "- write more\n"),
    ("TODO.md", "- write more\n"),
    ("CMakeLists.txt", "project(site)\n"),
    # Uploads and files of the site
    ("uploads/2019/03/report.txt", "A report somebody has sent.\n"),
    ("wp-content/uploads/page.html", "<h1>Saved</h1><p>Text.</p>"),
    ("assets/demo/index.html", "<h1>Demo</h1><p>Text.</p>"),
    ("static/notes.txt", "Some notes.\n"),
    # Settings and data
    ("tsconfig.json", '{\n  // comments\n  "compilerOptions": {"strict": true,},\n}\n'),
    ("tsconfig.build.json", '{"extends": "./tsconfig.json", "exclude": ["a"]}'),
    ("jsconfig.json", '{ /* c */ "compilerOptions": {} }'),
    ("tslint.json", '{"rules": {}, // no\n}'),
    ("renovate.json", '{"extends": ["config:base"]}'),
    ("biome.jsonc", "{ // c\n}"),
    ("deno.json", '{"tasks": {"dev": "deno run"},}'),
    ("any.json", '{\n  "editor": "https://example.org/*", // why\n  "list": [1, 2,],\n}'),
    ("schema.json", '{"$schema": "http://json-schema.org/schema#", "title": "Person", "type": "object"}'),
    # Formats that are not read
    *((f"a.{suffix}", "text") for suffix in NOT_READ),
    ("rest.txt", ".. title: Vote\n.. date: 2020-01-02\n\nText of the post.\n"),
    ("sphinx.txt", "Title\n=====\n\n.. note::\n\n   See :doc:`other`.\n"),
    ("two.txt", "Title\n=====\n\n.. code-block:: python\n\n   a = 1\n\n.. image:: a.png\n"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text"), NO_ARTICLES, ids=[path for path, _ in NO_ARTICLES])
def test_a_file_that_is_no_article_is_excluded_with_a_reason(tmp_path: Path, path: str, text: str) -> None:
    find_path_exclusion = reasons(tmp_path, {"vote.md": POST, path: text})
    assert find_path_exclusion.pop("vote.md") == ""
    assert list(find_path_exclusion) == [path]
    assert find_path_exclusion[path]
    assert "no article here" not in find_path_exclusion[path]
    assert "invalid" not in find_path_exclusion[path]


ARTICLES = [
    ("jinja.md", "# A\n\nUse `{% extends %}`:\n\n```\n{% extends a %}\n{% block b %}{% endblock %}\n```\n"),
    ("indented.md", "# Jinja\n\nSo:\n\n    {% extends 'a' %}\n"),
    ("raw.md", "# Jinja\n\n{% raw %}{% block a %}{% endraw %} is a block.\n"),
    ("jinja.html", "<h1>Jinja</h1><p>Write <code>{% extends 'a' %}</code>.</p><pre>{% for a in b %}</pre>"),
    ("app.html", "<h1>News</h1><p>Text.</p><script>var a = '{% if %}{{ b }}';</script>"),
    ("include.md", "# Page\n\n{% include note.html %}\n\nText.\n"),
    ("posts/templates/a.md", "---\ntitle: Templates\n---\nText with `{{ name }}`.\n"),
    ("title.md", "---\ntitle: What {{ x }} does\n---\nText.\n"),
    ("keys.md", "# My key\n\n" + "I sign my posts with it. " * 9 + "\n-----BEGIN PGP PUBLIC KEY-----\nm\n"),
    ("signed.txt", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nWe have received no orders.\n"),
    ("licences.md", "# The MIT License and the GPL\n\nWhich of them is right for you?\n"),
    ("todo-app.md", "# A to-do app\n\nText.\n"),
    ("uploads/a.md", POST),
    ("assets/a.md", "# Assets\n\nText.\n"),
    ("plain.txt", "A story\n\nIt begins .. and ends. See :here: for more.\n"),
    ("a.json", '{"title": "A", "$schema": "https://example.org/article", "text": "Text."}'),
    *((f"a.{suffix}", "# Vote\n\nText.\n") for suffix in MARKDOWN),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text"), ARTICLES, ids=[path for path, _ in ARTICLES])
def test_an_article_that_resembles_such_a_file_is_one(tmp_path: Path, path: str, text: str) -> None:
    assert reasons(tmp_path, {path: text}) == {path: ""}


def test_json_with_comments_that_holds_an_article_is_a_fault(tmp_path: Path) -> None:
    find_path_exclusion = reasons(tmp_path, {"a.json": '{\n  "title": "A", // why\n  "text": "Text."\n}'})
    assert "JSON" in find_path_exclusion["a.json"]


LISTINGS = [
    ("index.md", ["_posts/2020-01-02-a.md"]),
    ("blog/index.md", ["blog/2020-01-02-a.md"]),
    ("blog/index.fr.md", ["blog/2020/01/a.md"]),
    ("blog/index.html", ["blog/a.md", "blog/b.md", "blog/c.md"]),
    ("blog.md", ["blog/2020-01-02-a/index.md"]),
]


@pytest.mark.parametrize(("page", "posts"), LISTINGS)
def test_a_page_with_only_a_title_beside_posts_lists_them(
    tmp_path: Path, page: str, posts: list[str]
) -> None:
    find_path_exclusion = reasons(tmp_path, {page: "---\ntitle: Blog\n---\n", **dict.fromkeys(posts, POST)})
    assert find_path_exclusion[page] == "a page that lists others: it has only a title"
    assert [find_path_exclusion[post] for post in posts] == [""] * len(posts)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("blog/index.md", "---\ntitle: Blog\n---\nWhat I write.\n"),
        ("blog/index.md", "---\ntitle: Blog\ndate: 2020-01-02\n---\n"),
        ("blog/index.md", "---\ntitle: Blog\n---\n![](a.png)\n"),
        ("blog/other.md", "---\ntitle: Other\n---\n"),
        ("other/index.md", "---\ntitle: Other\n---\n"),
    ],
)
def test_a_page_with_more_than_a_title_or_without_posts_is_an_article(
    tmp_path: Path, page: str, text: str
) -> None:
    assert reasons(tmp_path, {page: text, "blog/2020-01-02-a.md": POST})[page] == ""
