"""What keeps an article from the public, wherever and however its author wrote it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.content import load
from service.content.discovery.publication_status import RESTRICTED, SWITCHES
from service.content.front_matter.known_keys import BOOLEANS, DRAFTS, NOT_PUBLIC, PASSWORDS
from service.content.records import LoadedFile
from service.model import Site

TEXT = "The text that nobody may see yet.\n"
MATTER = "title: A\ndraft: true\n"


def load_text(path: str, text: str) -> LoadedFile:
    return load(Path("/nowhere"), path, text.encode(), Site())


FRONT_MATTER = [
    # Invisible characters, comments and longer lines before or around it
    *((f"{mark}.md", f"{mark}---\n{MATTER}---\n") for mark in "\u200b\u200e\u2060\u00ad\u180e"),
    ("a.md", f"\ufeff\ufeff---\n{MATTER}---\n"),
    ("a.md", f"<!-- markdownlint-disable -->\n---\n{MATTER}---\n"),
    ("a.md", f"<!-- a -->\n<!-- b\nc -->\n\n---\n{MATTER}---\n"),
    ("a.md", f"<!--\n---\n{MATTER}---\n-->\n"),
    ("a.md", f"<!-- ---\n{MATTER}--- -->\n"),
    ("a.html", f"<!-- a -->\n---\n{MATTER}---\n<p>"),
    ("a.html", f"<!--\n---\n{MATTER}---\n-->\n<p>"),
    ("a.md", "<!-- a -->\n+++\ntitle = 'A'\ndraft = true\n+++\n"),
    ("a.md", f"----\n{MATTER}----\n"),
    ("a.md", f"------\n{MATTER}------\n"),
    # Lines without an opening
    ("a.md", f"{MATTER}\n"),
    ("a.md", "Draft: true\nTitle: A\n\n"),
    ("a.md", "Published: false\nTitle: A\n\n"),
    ("a.md", f"{MATTER}---\n"),
    # Keys in tables of generators
    ("a.md", "+++\ntitle = 'A'\n[extra]\ndraft = true\n+++\n"),
    ("a.md", "---\ntitle: A\nparams:\n  private: true\n---\n"),
    ("a.md", "---\ntitle: A\nmetadata: {status: draft}\n---\n"),
    ("a.md", "+++\ntitle = 'A'\n[taxonomies]\ntags = ['x']\ndraft = true\n+++\n"),
    ("a.json", '{"title": "A", "text": "x", "attributes": {"visibility": "members"}}'),
    ("a.md", "---\ntitle: A\nextra: {password: sesame}\n---\n"),
    *(("a.json", f'{{"title": "A", "text": "x", "{key}": null}}') for key in ("published_at", "publishedAt")),
    ("a.jsonl", '{"title": "A", "text": "x", "publishedAt": null, "date": "2020-01-01"}\n'),
    # Pages
    ("a.html", "<html><head><meta name='draft' content='true'></head><body>"),
    ("a.html", "<html><head><meta name='published' content='no'></head><body>"),
    ("a.html", "<html><head><meta name='Status' contents='draft'></head><body>"),
    ("a.html", "<meta name='status' content='draft'><title>A</title><p>"),
    ("a.html", "<html><head><meta name='visibility' content='private'></head><body>"),
    # Exports of MDX
    ("a.mdx", "export const draft = true\n\n"),
    ("a.mdx", 'export const status = "draft";\n\n'),
    ("a.mdx", "export const published = false\n\n"),
    ("a.mdx", "export const attributes = {title: 'A', draft: true}\n\n"),
    ("a.mdx", "export const pageMeta = {\n  private: true,\n}\n\n"),
    ("a.mdx", "export const post = {hidden: true}\nexport const metadata = {title: 'A'}\n\n"),
]


@pytest.mark.parametrize(("path", "beginning"), FRONT_MATTER)
def test_metadata_that_is_read_hides_the_article(path: str, beginning: str) -> None:
    end = "" if path.endswith((".json", ".jsonl")) else TEXT
    loaded = load_text(path, beginning + end)
    assert ((*loaded.articles, *loaded.pages), loaded.faults) == ((), ())
    assert loaded.exclusions


CONTRADICTORY = [
    (
        "a.html",
        "<html><head><meta name='status' content='published'><meta name='status' content='draft'></head>",
    ),
    ("a.mdx", "export const draft = isDraft()\n\n"),
    ("a.mdx", "export const info = {draft: !0}\n\n"),
]
UNREAD = [
    "```yaml\n---\ntitle: A\ndraft: true\n---\n```\n",
    "```yaml\ntitle: A\ndraft: true\n```\n",
    "~~~\ntitle: A\ndraft: true\n~~~\n",
    "<!--\ntitle: A\ndraft: true\n-->\n",
    "<!-- draft: true -->\n# A\n",
    "[//]: # (draft: true)\n# A\n",
    "# A\n---\ntitle: A\ndraft: true\n---\n",
    "# A\nStatus: draft\n\n",
    "A\n=\n\nStatus: Draft\n\n",
    "# A\n\n- Status: **Draft**\n\n",
    "# A\n\n**Status:** draft\n\n",
    "%YAML 1.2\n---\ntitle: A\ndraft: true\n---\n",
    "---\ntitle: A\n---\n---\ndraft: true\n---\n",
    "---\n---\n---\ntitle: A\ndraft: true\n---\n",
    "---\ntitle: A\n---\n<!-- published: false -->\n\n",
    "--\ntitle: A\ndraft: true\n--\n",
    "———\ntitle: A\ndraft: true\n———\n",
    "===\ntitle: A\ndraft: true\n===\n",
    "----\ntitle: A\ndraft: true\n---\n",
    "--- {title: A, draft: true}\n---\n",
    "--- title: A\ndraft: true\n---\n",
    "---title: A\ndraft: true\n---\n",
    "--- draft: true ---\n",
    '++++\ntitle="A"\ndraft=true\n++++\n',
    "{'title': 'A', 'draft': true}\n",
    "{title: 'A', draft: true}\n",
    "{{< toc >}}\n\nStatus: draft\n\n",
    "{{/* draft: true */}}\n",
    '/* a */ {"title": "A", "draft": true}\n',
    "draft: true\n\n",
    "Status: draft\n\n",
    "Title: A\nDraft: true\n",
    "Title: A\n\nVisibility: private\n\n",
    "Password: sesame\n\n",
    "Title:A\nStatus:draft\n\n",
    "published: false\n---\n\n# A\n",
    "% A\n% Ann\n\n---\ndraft: true\n...\n\n",
    "= A\n:draft: true\n\n",
    "#+TITLE: A\n#+DRAFT: true\n\n",
    "# A\ndraft:: true\n\n",
    ".. status: draft\n\n# A\n",
    # Blocks of Pandoc
    "# A\n\nText.\n \n---\ntitle: A\nauthor:\n- Ann\n- Béa\n\ndraft: true\n...\n",
    f"# A\n\n{TEXT}\n---\ndraft: true\n---\n\n",
    f"# A\n\n{TEXT}\n---\ntitle: A\nstatus: draft\n...\n\n",
    f"---\ntitle: A\n---\n{TEXT}\n```yaml\na: b\n```\n\n---\n# more\npublished: no\n---\n",
    "---\u2028title: A\u2028draft: true\u2028---\u2028",
]


@pytest.mark.parametrize("beginning", UNREAD)
@pytest.mark.parametrize("path", ["a.md", "a.txt"])
def test_metadata_that_is_not_read_is_a_fault(path: str, beginning: str) -> None:
    loaded = load_text(path, beginning + TEXT)
    assert (loaded.articles, loaded.is_private) == ((), True) or loaded.exclusions
    if loaded.faults:
        line = min(fault.line for fault in loaded.faults)
        written = (beginning + TEXT).splitlines()[line - 1].lower()
        assert any(word in written for word in ("draft", "published", "visibility", "password"))


@pytest.mark.parametrize(("path", "text"), CONTRADICTORY)
def test_metadata_that_is_doubtful_is_a_fault(path: str, text: str) -> None:
    loaded = load_text(path, text + TEXT)
    assert (loaded.articles, len(loaded.faults), loaded.is_private) == ((), 1, True)


PUBLIC = [
    ("a.md", "Text.\n\ndraft: true\n"),
    ("a.md", "Drafts: what they are\n\nText.\n"),
    ("a.md", "The bill (status: draft) passes.\n"),
    ("a.md", "# The bill (status: draft)\n\nText.\n"),
    ("a.md", "- The bill (status: draft)\n\nText.\n"),
    ("a.md", "> Status: draft\n\nText.\n"),
    ("a.md", "| Status: draft |\n\nText.\n"),
    ("a.md", "# Status: the draft law passes\n\nText.\n"),
    ("a.md", "---\ntitle: How to write a draft\n---\n```yaml\ndraft: true\n```\nText.\n"),
    ("a.md", "# How\n\nWrite this:\n\n```yaml\ndraft: true\n```\n"),
    ("a.md", "Draft: three players were chosen.\n\nstatus: draft\n"),
    ("a.md", "----\n\nA rule.\n\n----\n\nText.\n"),
    ("a.md", "<!-- more -->\n\n---\n\nA rule.\n\n---\n\nText.\n"),
    ("a.md", "<!--\n---\nnote\n---\n-->\n\nText.\n"),
    (
        "a.md",
        "---\ntitle: A\nsidebar: {hidden: true}\ncover: {hidden: true}\nextra: {draft: false}\n---\nText.\n",
    ),
    ("a.md", "---\ntitle: A\npaid: 300\nlive: at the town hall\nprivacy: policy\ntype: post\n---\nText.\n"),
    ("a.md", "# How\n\nWrite:\n\n```\n# A\n\n---\ndraft: true\n---\n```\n"),
    # Arguments of shortcodes and tags, attributes, names of CSS
    ("a.md", '{{< video src="a.mp4" show=false >}}\n\nText.\n'),
    ("a.md", '---\ntitle: A\n---\n{{< notice\n  status="draft"\n  hidden="true"\n>}}\nText.\n'),
    ("a.md", '{{% notice type="draft" %}}\nText.\n{{% /notice %}}\n'),
    ("a.md", '{% include figure.html src="a.png" hidden="true" %}\n\nText.\n'),
    ("a.md", '{: .note style="display: none"}\nText.\n'),
    ("a.md", "---\ntitle: A\n---\n## display: none\n\nText.\n"),
    ("a.md", "# visibility: hidden\n\nText.\n"),
    # Parts of the page, and for whom it is written
    ("a.md", "---\ntitle: A\nshow: {author: false, toc: no}\ndisplay: {banner: false}\n---\nText.\n"),
    ("a.md", "---\ntitle: A\naudience: developers\n---\nText.\n"),
    # Directives of generators, in tables that are not for these
    *(
        (
            "a.md",
            f"---\ntitle: A\n{table}: {{{directive}}}\n---\nText.\n",
        )
        for table in ("extra", "params", "metadata", "taxonomies")
        for directive in ("permalink: false", "render: false", "build: {render: never}")
    ),
    ("a.md", "---\ntitle: A\naudience: users\nextra: {audience: [users]}\n---\nText.\n"),
    ("a.md", "# A\n\nText.\n\n---\n\ndraft: true\n\n---\n\nText.\n"),
    ("a.md", "# A\n\nText.\n\n---\nThe law is not yet passed.\n\nStatus: draft\n\n---\n\nText.\n"),
    ("a.md", "# A\n\nText.\n\n---\ntitle: A\nauthor: Ann\n---\n\nText.\n"),
    ("a.md", "---\ntitle: A\npublished_at:\n---\nText.\n"),
    ("a.json", '{"title": "A", "text": "Text.", "published": null}'),
    ("a.json", '{"title": "A", "text": "Text.", "published_at": null, "status": "published"}'),
    ("a.json", '{"title": "A", "text": "Text.", "published_at": null, "draft": false}'),
    ("a.html", "<html><head><meta name='robots' content='noindex'><title>A</title></head><body><p>Text."),
    ("a.mdx", "export const colours = {draft: 'red'}\n\nText.\n"),
    ("a.mdx", "---\ntitle: A\n---\nexport const draft = false\n\nText.\n"),
]


@pytest.mark.parametrize(("path", "text"), PUBLIC)
def test_what_only_resembles_metadata_leaves_the_article_served(path: str, text: str) -> None:
    loaded = load_text(path, text)
    assert (len(loaded.articles), [fault.message for fault in loaded.faults if not fault.harmless]) == (1, [])


HIDING_KEYS = sorted({*DRAFTS, *NOT_PUBLIC, *RESTRICTED} | {"private", "hidden", "unlisted", "confidential"})


@pytest.mark.parametrize("key", HIDING_KEYS)
def test_each_key_that_hides_does_in_any_spelling(key: str) -> None:
    for name in (key, key.upper(), key.replace("_", "-"), f"{key} ", key.replace("_", " ").title()):
        for value in ("true", '"true"', "Yes", "on", "1"):
            assert not load_text("a.md", f"---\ntitle: A\n{name}: {value}\n---\n{TEXT}").articles
        assert load_text("a.md", f"---\ntitle: A\n{name}: false\n---\n{TEXT}").articles


@pytest.mark.parametrize("key", [*SWITCHES, *sorted(BOOLEANS & {"publish", "public", "listed", "visible"})])
def test_each_key_that_shows_hides_with_no(key: str) -> None:
    for value in ("false", "no", "off", "0"):
        assert not load_text("a.md", f"---\ntitle: A\n{key}: {value}\n---\n{TEXT}").articles
    assert load_text("a.md", f"---\ntitle: A\n{key}: true\n---\n{TEXT}").articles


@pytest.mark.parametrize("key", PASSWORDS)
def test_each_password_hides(key: str) -> None:
    assert not load_text("a.md", f"---\ntitle: A\n{key}: sesame\n---\n{TEXT}").articles
    assert load_text("a.md", f"---\ntitle: A\n{key}: false\n---\n{TEXT}").articles


AUDIENCES = [
    *(
        (key, value)
        for key in ("access", "privacy", "visible_to", "acl")
        for value in ("private", "Logged in")
    ),
    *(("visibility", value) for value in ("friends", "registered", "secret", "password-protected")),
    *((key, "draft") for key in ("type", "layout", "statut", "estado", "workflow_state")),
    ("estado", "Borrador"),
]


@pytest.mark.parametrize(("key", "value"), AUDIENCES)
def test_each_word_for_a_part_of_the_public_hides(key: str, value: str) -> None:
    loaded = load_text("a.md", f"---\ntitle: A\n{key}: {value}\n---\n{TEXT}")
    assert (loaded.articles, loaded.faults, loaded.is_private) == ((), (), True)


def test_the_time_of_expiry_in_a_page_is_read() -> None:
    page = "<html><head><meta property='article:expiration_time' content='2001-01-01T00:00:00Z'></head><body>"
    [article] = load_text("a.html", page + TEXT).articles
    assert article.expires == datetime(2001, 1, 1, tzinfo=UTC)


def test_what_a_page_says_to_search_engines_is_kept() -> None:
    page = "<html><head><meta name='robots' content='%s'></head><body>"
    [hidden] = load_text("a.html", page % "NoIndex, follow" + TEXT).articles
    [shown] = load_text("a.html", page % "index, follow" + TEXT).articles
    assert (hidden.extra, shown.extra) == ({"robots": "NoIndex, follow"}, {})
