"""Vaults of Obsidian: links by name, embedded files, comments, marks, tags, and what is private."""

from pathlib import Path

import pytest

from service.content import load_parts, scan
from service.content.generators.site_metadata import read_site_metadata
from service.content.records import FilePart, LoadedFile
from service.markup import SELF, SITE
from service.model import Article, Site

VAULT = {
    ".obsidian/app.json": "{}",
    ".obsidian/templates.json": '{"folder": "Templates"}',
    "Templates/Daily.md": "{{title}}",
    "Projects/Plan.md": "---\naliases: [The Plan, TP]\n---\nText.",
    "Projects/Old/Deep.md": "# One\n\nText. ^ab1",
    "Archive/Very/Far/Plan.md": "Far.",
    "Secret.md": "---\npublish: false\n---\nSecret.",
    "att/pic.png": "",
    "att/my sound.mp3": "",
    "paper.pdf": "",
    "Map.canvas": "{}",
    "List.base": "views: []",
    "Sketch.excalidraw.md": "---\nexcalidraw-plugin: parsed\n---\n==Switch to EXCALIDRAW VIEW==",
    "Drawing.md": "---\nexcalidraw-plugin: parsed\n---\n==Switch to EXCALIDRAW VIEW==",
}


def load_vault(folder: Path, text: str, path: str = "Note.md", **files: str) -> dict[str, LoadedFile]:
    for name, content in {**VAULT, **files, path: text}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    scanned = scan(folder)
    parts = [(FilePart(file.path, file.size), (folder / file.path).read_bytes()) for file in scanned.files]
    loaded = load_parts(folder, parts, Site(), scanned.context, scanned.folders)
    return {part.path: file for (part, _), file in zip(parts, loaded, strict=True)}


def load_note(folder: Path, text: str, path: str = "Note.md", **files: str) -> Article:
    (article,) = load_vault(folder, text, path, **files)[path].articles
    return article


PLAN = "/files/Projects/Plan.md"
DEEP = "/files/Projects/Old/Deep.md"
FAR = '<a href="/files/Archive/Very/Far/Plan.md">f</a>'
SYNTAX = [
    ("[[Plan]]", f'<p><a href="{PLAN}">Plan</a></p>'),
    ("[[plan]] [[Plan.md]]", f'<p><a href="{PLAN}">plan</a> <a href="{PLAN}">Plan.md</a></p>'),
    ("[[Plan|the *plan*]]", f'<p><a href="{PLAN}">the *plan*</a></p>'),
    ("[[The Plan]] and [[tp]]", f'<p><a href="{PLAN}">The Plan</a> and <a href="{PLAN}">tp</a></p>'),
    ("[[Far/Plan]]", '<p><a href="/files/Archive/Very/Far/Plan.md">Far/Plan</a></p>'),
    ("[[Projects/Old/Deep]]", f'<p><a href="{DEEP}">Projects/Old/Deep</a></p>'),
    ("[[Deep#One]]", f'<p><a href="{DEEP}#one">Deep &gt; One</a></p>'),
    ("[[Deep#One|one]]", f'<p><a href="{DEEP}#one">one</a></p>'),
    ("[[Deep#^ab1]]", f'<p><a href="{DEEP}#%5Eab1">Deep</a></p>'),
    ("[[#Here]]\n\n## Here", '<p><a href="#here">Here</a></p>\n<h2 id="here">Here</h2>'),
    ("[d](Projects/Old/Deep.md#One)", f'<p><a href="{DEEP}#one">d</a></p>'),
    ("[d](<Projects/Old/Deep.md#The One>)", f'<p><a href="{DEEP}#the-one">d</a></p>'),
    ("[d](Old/Deep.md) [d](Deep.md#One)", f'<p><a href="{DEEP}">d</a> <a href="{DEEP}#one">d</a></p>'),
    ("[f](Far/Plan) [f](../Far/Plan.md)", f"<p>{FAR} {FAR}</p>"),
    ("![p](pic.png) [g](Gone.md)", ('src="/files/att/pic.png"', 'href="/files/Gone.md"')),
    ("$a_{b}$ is _c_, $5 or $6", "<p>$a_{b}$ is <em>c</em>, $5 or $6</p>"),
    ("[s](att/my sound.mp3)", '<p><a href="/files/att/my%20sound.mp3">s</a></p>'),
    ("[h](#Here%20It%20Is)\n\n## Here It Is", ('<a href="#here-it-is">h</a>', '<h2 id="here-it-is">')),
    ("[w](https://x.example/a#B%20C)", '<p><a href="https://x.example/a#B%20C">w</a></p>'),
    ("[[Map.canvas]] ![[List.base]] [[Sketch.excalidraw]]", "<p>Map.canvas List.base Sketch.excalidraw</p>"),
    ("[[Nowhere]] [[Nowhere|shown]]", "<p>Nowhere shown</p>"),
    ("[[Secret]] ![[Secret]]", "<p>Secret Secret</p>"),
    ("[[Daily]]", "<p>Daily</p>"),
    ("| a |\n|---|\n| [[Plan\\|p]] |", ("<td>", f'<a href="{PLAN}">p</a>')),
    ("![[pic.png]]", '<p><img src="/files/att/pic.png" alt="pic"></p>'),
    ("![[pic.png|300]]", '<p><span><img src="/files/att/pic.png" alt="pic" width="300"></span></p>'),
    ("![[pic.png|300x200]]", ('alt="pic" width="300" height="200">',)),
    ("![[att/pic.png|A sea|300]]", ('<img src="/files/att/pic.png" alt="A sea" width="300">',)),
    ("![a|100x50](https://x.example/a.png)", ('alt="a" width="100" height="50"',)),
    ("![[my sound.mp3]]", ('<audio src="/files/att/my%20sound.mp3"',)),
    ("![[paper.pdf]]", '<p><a href="/files/paper.pdf">paper.pdf</a></p>'),
    ("![[Plan]] ![[Deep#One]]", f'<p><a href="{PLAN}">Plan</a> <a href="{DEEP}#one">Deep &gt; One</a></p>'),
    ("a ==b *c*== d == e == f", "<p>a <mark>b <em>c</em></mark> d == e == f</p>"),
    ("a %%b%% c", "<p>a  c</p>"),
    ("a\n\n%%\nb\n\nc\n%%\n\nd", "<p>a</p>\n<p>d</p>"),
    ("a\n\n%%b\n\nc", "<p>a</p>"),
    ("Text. ^id-1", '<p>Text. <a id="^id-1"></a></p>'),
    ("![[pic.png]]^id-1", '<p><img src="/files/att/pic.png" alt="pic"><a id="^id-1"></a></p>'),
    ("a\nb", "<p>a<br>\nb</p>"),
    ("`[[Plan]] ==a== %%b%%`", "<p><code>[[Plan]] ==a== %%b%%</code></p>"),
    ("```\n[[Plan]]\n%%b%%\n```", "<pre><code>[[Plan]]\n%%b%%\n</code></pre>"),
    ("![[pic.png|9]]\n*a*", ("<em>a</em>",)),
    ("> [!mine]\n> Yes.", ('<aside class="callout callout-note" role="note">', "<strong>Mine</strong>")),
    ("> [!faq]- Why *so*?\n> Yes.", (
        '<details class="callout callout-faq">\n<summary class="callout-title">',
        "<strong>Why <em>so</em>?</strong></summary>",
        "<p>Yes.</p>",
    )),
]  # fmt: skip


@pytest.mark.parametrize(("text", "html"), SYNTAX)
def test_syntax_of_notes(text: str, html: str | tuple[str, ...], tmp_path: Path) -> None:
    article = load_note(tmp_path, text)
    assert not set(SITE + SELF) & set(article.body.text)
    shown = article.content_html.replace(SITE, "").replace(SELF, "")
    if isinstance(html, str):
        assert shown == html
    for part in html if isinstance(html, tuple) else ():
        assert part in shown


@pytest.mark.parametrize(("text", "html"), SYNTAX)
def test_markdown_of_a_note_loads_to_the_same_html(
    text: str, html: str | tuple[str, ...], tmp_path: Path
) -> None:
    article = load_note(tmp_path, text)
    assert load_note(tmp_path, article.body.text).content_html == article.content_html


def test_a_file_beside_the_note_comes_before_others_of_its_name(tmp_path: Path) -> None:
    article = load_note(tmp_path, "[[Plan]]", "Archive/Very/Far/Note.md")
    assert "/files/Archive/Very/Far/Plan.md" in article.content_html


@pytest.mark.parametrize("settings", [b"{", b"[]", b'{"folder": "\xff"}', b'{"a": ' + b"[" * 100_000])
def test_settings_that_cannot_be_read_are_those_by_default(tmp_path: Path, settings: bytes) -> None:
    (tmp_path / ".obsidian").mkdir()
    for name in ("app", "templates"):
        (tmp_path / ".obsidian" / f"{name}.json").write_bytes(settings)
    (tmp_path / "Note.md").write_text("Text.")

    assert [file.path for file in scan(tmp_path).files] == ["Note.md"]


def test_title_is_the_file_name_and_aliases_are_no_addresses(tmp_path: Path) -> None:
    article = load_note(tmp_path, "---\naliases: [Other, Name]\n---\n# A heading", "2024 In Short.md")
    assert (article.title, article.title_derived) == ("2024 In Short", False)
    assert (article.aliases, article.addresses) == ((), ())
    assert article.extra["other_names"] == ["Other", "Name"]


def test_tags_in_the_text_count_where_there_is_no_property(tmp_path: Path) -> None:
    text = "#sea and #sea/tide, #2024, a#b, `#code`, https://x.example/#c\n\n# Heading"
    assert [tag.name for tag in load_note(tmp_path, text).tags] == ["sea", "sea/tide"]
    assert [tag.name for tag in load_note(tmp_path, f"---\ntags: [Own]\n---\n{text}").tags] == ["Own"]


def test_private_notes_and_comments_are_nowhere(tmp_path: Path) -> None:
    loaded = load_vault(tmp_path, "Text %%hidden%% [[Secret]].")
    assert not loaded["Secret.md"].articles
    assert loaded["Secret.md"].is_private
    assert not loaded["Templates/Daily.md"].articles
    (article,) = loaded["Note.md"].articles
    assert "hidden" not in f"{article.body.text}{article.content_html}{article.summary}"
    assert [fault.message for fault in loaded["Note.md"].faults] == [
        "links to drawings and to notes that do not exist or are not public, shown as text: [[Secret]]"
    ]


@pytest.mark.parametrize("folder", ["Layouts", "Archetypes", "_data"])
def test_folders_of_a_vault_have_any_name(folder: str, tmp_path: Path) -> None:
    assert load_note(tmp_path, "Text.", f"{folder}/Note.md").title == "Note"


def test_vault_that_a_generator_publishes_keeps_its_meaning(tmp_path: Path) -> None:
    text = "---\naliases: [/old/]\n---\n# A heading\n\na\nb [[Plan]]"
    article = load_note(tmp_path, text, **{"hugo.toml": 'title = "Site"\nbaseURL = "https://x.example/"'})
    assert article.title == "A heading"
    assert "/old/" in article.addresses or article.aliases
    assert "<br>" not in article.content_html
    assert f'<a href="{SITE}{PLAN}">Plan</a>' in article.content_html


@pytest.mark.parametrize(
    ("notes", "is_vault"),
    [
        (["[[Nowhere]] ==a=="], False),
        (["[[n1]]", "Text."], True),
        (["[[sub/N1#Heading|shown]]", *["Text."] * 7], True),
        (["[[n1]]", *["Text."] * 8], False),
        (["`[[n1]]`\n\n```\n[[n1]]\n```", "Text."], False),
        (["if [[ -f n1 ]]; then", "[[ n2 ] ]"], False),
        (["[[x]]", "[[y]]", "[[z]]", *["Text."] * 6], True),
        (["[[x]]", "[[y]]", *["Text."] * 2], False),
        (["[[x]]", "[[y]]", "[[z]]", *["Text."] * 7], False),
    ],
)
def test_notes_that_link_by_name_are_a_vault_without_settings(
    notes: list[str], is_vault: bool, tmp_path: Path
) -> None:
    for number, text in enumerate(notes):
        (tmp_path / f"n{number}.md").write_text(text)
    assert bool(scan(tmp_path).context.vaults) == is_vault


UNDECLARED = {"Plan.md": "Text.", "att/pic.png": ""}


def load_undeclared(folder: Path, text: str, **files: str) -> Article:
    for name, content in {**UNDECLARED, **files, "Note.md": text}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    scanned = scan(folder)
    part = FilePart("Note.md", len(text.encode())), text.encode()
    (article,) = load_parts(folder, [part], Site(), scanned.context, scanned.folders)[0].articles
    return article


def test_a_vault_without_settings_has_links_comments_and_titles(tmp_path: Path) -> None:
    article = load_undeclared(tmp_path, "[[Plan]] %%hidden%% ![[pic.png]] #sea\nb")
    assert (article.title, [tag.name for tag in article.tags]) == ("Note", ["sea"])
    assert "hidden" not in article.content_html
    assert "<br>" not in article.content_html
    assert f'<a href="{SITE}/files/Plan.md">Plan</a>' in article.content_html
    assert f'<img src="{SITE}/files/att/pic.png"' in article.content_html
    assert load_undeclared(tmp_path, "# A heading\n\n[[Plan]]").title == "A heading"


def test_a_site_whose_posts_link_by_name_has_only_the_links(tmp_path: Path) -> None:
    text = "# A heading\n\n[[Plan]] 100%% and %%b #sea"
    article = load_undeclared(tmp_path, text, **{"hugo.toml": 'title = "Site"'})
    assert (article.title, article.tags) == ("A heading", ())
    assert article.content_html.endswith("Plan</a> 100%% and %%b #sea</p>")


def test_the_notes_of_quartz_are_a_vault_with_a_title_and_a_language(tmp_path: Path) -> None:
    settings = "const config = {configuration: {\n  pageTitle: 'Garden',\n  locale: 'cs-CZ',\n}}"
    article = load_undeclared(
        tmp_path, "[[Plan]] %%hidden%%", **{"quartz.config.ts": settings, "docs/a.md": "x"}
    )
    assert article.title == "Note"
    assert f'<a href="{SITE}/files/Plan.md">Plan</a>' in article.content_html
    assert "hidden" not in article.content_html
    assert "docs" in scan(tmp_path).context.excluded
    site = read_site_metadata(tmp_path).values
    assert (site["title"][1], site["language"][1]) == ("Garden", "cs-CZ")


@pytest.mark.parametrize("beginning", ["- ", "> ", "# ", "1. ", "```\n"])
def test_a_code_span_that_is_not_closed_ends_with_its_paragraph(beginning: str, tmp_path: Path) -> None:
    text = f"`a\n{beginning}x `\n```\n\n[[Plan]]" if "`" in beginning else f"`a\n{beginning}[[Plan]] `b`"
    assert f'<a href="{SITE}/files/Plan.md">Plan</a>' in load_undeclared(tmp_path, text).content_html


def test_a_vault_knows_the_notes_of_a_vault_within_it(tmp_path: Path) -> None:
    inner = {"Inner/.obsidian/app.json": "{}", "Inner/Far Note.md": "Text.", "Inner/pic2.png": ""}
    article = load_note(tmp_path, "[[Far Note]] [f](Inner/Far%20Note.md) ![[pic2.png]]", **inner)
    html = article.content_html.replace(SITE, "")
    assert html.count('href="/files/Inner/Far%20Note.md"') == 2
    assert 'src="/files/Inner/pic2.png"' in html
