"""Settings of Jekyll and Hugo that a text names: `{{ site.repository }}`, `{{< param "version" >}}`."""

from pathlib import Path

import pytest

from service.content import load, read, scan
from service.model import Site

SETTINGS = """title: A & B
repository: ann/blog
url: https://x.example
author:
  name: Ann Lee
token: [a, b]
text: |
  two
  lines
"""

VALUES = [
    ("{{ site.title }}", "A &amp; B"),
    ("{{ site.author.name }}", "Ann Lee"),
    ("[x](https://y.example/{{ site.repository }}/1)", '<a href="https://y.example/ann/blog/1">x</a>'),
    ("[x]({{ site.github.repository_url }}/1)", '<a href="https://github.com/ann/blog/1">x</a>'),
]


def html_of(folder: Path, text: str) -> tuple[str, int]:
    path = "_posts/2020-01-02-a.md"
    for name, content in {"_config.yml": SETTINGS, path: f"---\ntitle: T\n---\n{text}\n"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    loaded = load(folder, path, read(folder, path), Site(), scan(folder).context)
    [article] = loaded.articles
    assert article.extra == {}
    return article.content_html, len(loaded.faults)


@pytest.mark.parametrize(("text", "html"), VALUES)
def test_a_setting_of_one_line_is_its_value(tmp_path: Path, text: str, html: str) -> None:
    assert html_of(tmp_path, text) == (f"<p>{html}</p>", 0)


@pytest.mark.parametrize("name", ["site.token", "site.text", "site.nowhere", "token"])
def test_any_other_is_removed_and_counted(tmp_path: Path, name: str) -> None:
    assert html_of(tmp_path, f"A {{{{ {name} }}}}") == ("<p>A</p>", 1)


HUGO = """title = "A & B"
baseURL = "https://x.example/"
[params]
version = "1.2"
build-number = 7
secret = ["a", "b"]
[params.social]
handle = "ann"
"""
HUGO_VALUES = [
    ('{{< param "version" >}}', "1.2"),
    ("{{< param version >}}", "1.2"),
    ('{{% param "build-number" %}}', "7"),
    ('{{< param "social.handle" >}}', "ann"),
    ('{{< param "subtitle" >}}', "Own"),
    ('{{< param "version_of" >}}', "Own version"),
    ("{{< site.Params.version >}}", "1.2"),
    ("{{< .Site.Params.social.handle >}}", "ann"),
    ("{{< site.Title >}}", "A &amp; B"),
    ("{{ .Site.Params.version }}", "1.2"),
    ('{{< siteparam "version" >}}', "1.2"),
    ('{{< site-param "subtitle" >}}', None),
    ('{{< param "nowhere" >}}', None),
    ('{{< param "secret" >}}', None),
    ("{{< site.Params.secret >}}", None),
    ("{{< site.Params.nowhere >}}", None),
]


@pytest.mark.parametrize(("tag", "value"), HUGO_VALUES)
@pytest.mark.parametrize("settings", ["hugo.toml", "config/_default/hugo.toml"])
def test_a_parameter_of_hugo_is_that_of_the_article_or_the_site(
    tmp_path: Path, settings: str, tag: str, value: str | None
) -> None:
    path = "content/posts/a.md"
    text = f"---\ntitle: T\nsubtitle: Own\nversion_of: Own version\n---\nSee {tag}, `{tag}`.\n"
    for name, content in {settings: HUGO, path: text}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    loaded = load(tmp_path, path, text.encode(), Site(), scan(tmp_path).context)
    [article] = loaded.articles
    assert article.content_html.startswith(f"<p>See {value or ''}, <code>{{{{")
    assert len(loaded.faults) == (value is None)
