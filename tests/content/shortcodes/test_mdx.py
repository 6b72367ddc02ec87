"""MDX in articles: what @mdx-js/mdx 3 makes of a text, in safe HTML.

The table was compared with @mdx-js/mdx 3.1 and remark-gfm 4, both rendered by react-dom, and so were 400
documents of random blocks (paragraphs, lists, fences, headings, tables, quotations) nested in elements,
components and fragments at random indentations. Intended differences: a paragraph of nothing but inline
elements stays a paragraph, a heading holds no paragraph, text after an element within a list item makes the
list loose, and two lists with nothing between them but the tag of a component become one. An expression that
only JavaScript can evaluate is removed and reported.
"""

from pathlib import Path

import pytest

from service.content import load, read, scan
from service.content.records import LoadedFile
from service.markup import SELF, SITE
from service.model import Site


def load_mdx(text: str, name: str = "a.mdx") -> LoadedFile:
    return load(Path("/nowhere"), f"posts/{name}", f"---\ntitle: T\n---\n{text}\n".encode(), Site())


def html_of(text: str, name: str = "a.mdx") -> str:
    (article,) = load_mdx(text, name).articles
    return article.content_html.replace(SITE, "").replace(SELF, "")


TABLE = [
    # MDX, and the HTML of the article.
    (
        "<p>Para **one** with [l](https://x.example).</p>",
        '<p>Para <strong>one</strong> with <a href="https://x.example">l</a>.</p>',
    ),
    ("<div>\n  Deep **bold**\n</div>", "<div>\n<p>Deep <strong>bold</strong></p>\n</div>"),
    (
        "<details>\n  <summary>More *x*</summary>\n\n  Text **b**\n</details>",
        "<details>\n<summary>More <em>x</em></summary>\n<p>Text <strong>b</strong></p>\n</details>",
    ),
    (
        "<details><summary>More *x*</summary>\nText **b**\n</details>",
        "<details><summary>More <em>x</em></summary>\nText <strong>b</strong>\n</details>",
    ),
    ("<h2>\n  Title **x**\n</h2>", '<h2 id="title-x">\nTitle <strong>x</strong>\n</h2>'),
    ("<Foo render={() => <p>don't</p>}>\n  A\n</Foo>", "<p>A</p>"),
    ("{/* a\n\nb */}\n\nText", "<p>Text</p>"),
    (
        "<table>\n  <thead>\n    <tr>\n      <th>A *x*</th>\n    </tr>\n  </thead>\n  <tbody>\n    <tr>\n      <td>\n        - a\n        - b\n      </td>\n    </tr>\n  </tbody>\n</table>",  # noqa: E501
        "<table>\n<thead>\n<tr>\n<th>A <em>x</em></th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n</td>\n</tr>\n</tbody>\n</table>",  # noqa: E501
    ),
    (
        "<ul>\n  <li>One `a`</li>\n  <li>\n    Two **b**\n  </li>\n</ul>",
        "<ul>\n<li>One <code>a</code></li>\n<li>\n<p>Two <strong>b</strong></p>\n</li>\n</ul>",
    ),
    ("export const a = {\n  b: 1,\n\n  c: [1]\n}\n\nText", "<p>Text</p>"),
    ("export const name = 'World'\n\nHello {name}!", "<p>Hello World!</p>"),
    ("    indented **bold**", "<p>indented <strong>bold</strong></p>"),
    ("- a\n\n      indented **b**", "<ul>\n<li>\n<p>a</p>\n<p>indented <strong>b</strong></p>\n</li>\n</ul>"),
    (
        '<a href="https://x.example">\n  Go **there**\n</a>',
        '<a href="https://x.example">\n<p>Go <strong>there</strong></p>\n</a>',
    ),
    ("Text<br/>more", "<p>Text<br>more</p>"),
    (
        '<img\n  src="https://x.example/a.png"\n  alt="A"\n/>\n\nText **b**',
        '<img src="https://x.example/a.png" alt="A">\n<p>Text <strong>b</strong></p>',
    ),
    (
        '<div>\n<img src="https://x.example/a.png" alt="A"/>\nText **b**\n</div>',
        '<div>\n<img src="https://x.example/a.png" alt="A">\n<p>Text <strong>b</strong></p>\n</div>',
    ),
    ("A \\{b\\} and \\<c>", "<p>A {b} and &lt;c&gt;</p>"),
    ("`{a}` and `<b>`", "<p><code>{a}</code> and <code>&lt;b&gt;</code></p>"),
    ("<pre>{`a\n\n  *b*`}</pre>", "<pre>a\n\n  *b*</pre>"),
    ("<pre><code>{`x < y`}</code></pre>", "<pre><code>x &lt; y</code></pre>"),
    ("> <div>\n>   **q**\n> </div>", "<blockquote>\n<div>\n<p><strong>q</strong></p>\n</div>\n</blockquote>"),
    (
        "1. One\n   <Note>\n     In **note**\n   </Note>\n2. Two",
        "<ol>\n<li>\n<p>One</p>\n<p>In <strong>note</strong></p>\n</li>\n<li>\n<p>Two</p>\n</li>\n</ol>",
    ),
    (
        "1. One\n\n   <Note>\n     In **note**\n\n     ```js\n     a\n     ```\n   </Note>\n\n2. Two",
        '<ol>\n<li>\n<p>One</p>\n<p>In <strong>note</strong></p>\n<pre><code class="language-js">a\n</code></pre>\n</li>\n<li>\n<p>Two</p>\n</li>\n</ol>',  # noqa: E501
    ),
    ("A <Tip>inline **b**</Tip> c", "<p>A inline <strong>b</strong> c</p>"),
    ("<div>{' '}**x**</div>", "<div> <strong>x</strong></div>"),
    (
        '<figure>\n  <img src="https://x.example/a.png"/>\n  <figcaption>Cap *x*</figcaption>\n</figure>',
        '<figure>\n<img src="https://x.example/a.png">\n<figcaption>Cap <em>x</em></figcaption>\n</figure>',
    ),
    ("Text\n<div>**b**</div>\nmore", "<p>Text</p>\n<div><strong>b</strong></div>\nmore"),
    (
        'See <a href="https://x.example">the *x*</a>, <kbd>Ctrl</kbd>.',
        '<p>See <a href="https://x.example">the <em>x</em></a>, <kbd>Ctrl</kbd>.</p>',
    ),
    ("<div>\n\n# H\n\n</div>", '<div>\n<h1 id="h">H</h1>\n</div>'),
    ("a <b>\n*c*\n</b>", "<p>a <b>\n<em>c</em>\n</b></p>"),
    (
        "- <b>a</b>\n- <div>\n    **x**\n  </div>",
        "<ul>\n<li>\n<p><b>a</b></p>\n</li>\n<li>\n<div>\n<p><strong>x</strong></p>\n</div>\n</li>\n</ul>",
    ),
    ('Text <C\n  a="1"\n  b={2}\n/> end', "<p>Text  end</p>"),
    ("import A from 'a'\nimport {\n  B,\n  C,\n} from 'b'\n\nText", "<p>Text</p>"),
    ("import A from 'a'; import B from \"b\"; import {C} from 'c';\n\nText", "<p>Text</p>"),
    ("import A from 'a'; import\nB from 'b'; import {\n  C,\n} from 'c';\n\nText", "<p>Text</p>"),
    (
        "<b>a</b>\n\n  ``` npm run ```\n\n<Tabs>Text</Tabs>",
        "<p><b>a</b></p>\n<p><code>npm run</code></p>\n<p>Text</p>",
    ),
    (
        '<CodeBlock language="sh" title="shell">\n  {`npx a ${now()}\n\\`b\\``}\n</CodeBlock>',
        '<p><strong>shell</strong></p>\n<pre><code class="language-sh">npx a ${now()}\n`b`\n</code></pre>',
    ),
    ("export function F() {\n  return (\n    <b>x</b>\n  )\n}\n\nText", "<p>Text</p>"),
    (
        '<Tabs>\n  <TabItem value="a" label="A">\n    - *x*\n  </TabItem>\n  <TabItem value="b" label={<b>B</b>}>\n    `y`\n  </TabItem>\n</Tabs>',  # noqa: E501
        "<p><strong>A</strong></p>\n<ul>\n<li><em>x</em></li>\n</ul>\n<p><strong>B</strong></p>\n<p><code>y</code></p>",
    ),
    ("<>\n  **a**\n</>", "<p><strong>a</strong></p>"),
    ('<Quote children="Said *so*" />', "<p>Said *so*</p>"),
    ("<C>{'a *b*'}</C>", "<p>a *b*</p>"),
    ("A\n{/* c */}\nb", "<p>A\nb</p>"),
    ("Costs $5 {/* x */} and $$x_{1} {y}$$", "<p>Costs $5  and $$x_{1} {y}$$</p>"),
    (
        '<div style={{color: \'red\'}} className="x" id="i">\n  **a**\n</div>',
        '<div id="i">\n<p><strong>a</strong></p>\n</div>',
    ),
    ("a <https://x.example> b", '<p>a <a href="https://x.example">https://x.example</a> b</p>'),
    ("1 < 2 {unclosed", "<p>1 &lt; 2 {unclosed</p>"),
    (
        "<details><summary>S</summary>\n- a\n- b\n</details>",
        "<details><summary>S</summary>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n</details>",
    ),
]


@pytest.mark.parametrize(("mdx", "html"), TABLE)
def test_mdx_becomes_the_html_of_mdx_js(mdx: str, html: str) -> None:
    assert html_of(mdx) == html


@pytest.mark.parametrize(("mdx", "html"), TABLE)
def test_markdown_of_mdx_loads_to_the_same_html(mdx: str, html: str) -> None:
    (article,) = load_mdx(mdx).articles
    assert html_of(article.body.text, "a.md") == html
    assert html_of(article.body.text) == html


@pytest.mark.parametrize(
    "text",
    [
        "<div style={{color: 'red'}}>\n  **a**\n</div>",
        '<div className="x">\n  **a**\n</div>',
        "{/* note */}\n\n<div>\n  **a**\n</div>",
        "import A from 'a'\n\n<div>\n  **a**\n</div>",
    ],
)
def test_markdown_with_jsx_is_read_as_mdx(text: str) -> None:
    assert html_of(text, "a.md") == "<div>\n<p><strong>a</strong></p>\n</div>"


def test_imports_in_one_line_show_that_markdown_is_mdx() -> None:
    assert html_of("import A from 'a'; import B from 'b';\n\n<div>\n  **a**\n</div>", "a.md") == (
        "<div>\n<p><strong>a</strong></p>\n</div>"
    )


def test_code_of_go_is_no_mdx() -> None:
    assert html_of('import "fmt"\n\nfunc main() { fmt.Println(1) }', "a.md") == (
        '<p>import "fmt"</p>\n<p>func main() { fmt.Println(1) }</p>'
    )


NO_MDX = [
    ("hugo.toml", "baseURL = 'https://x.example/'\n", "content/a.md"),
    ("_config.yml", "title: A\nmarkdown: kramdown\n", "_posts/2020-01-02-a.md"),
    ("config.toml", "base_url = 'https://x.example'\n", "content/a.md"),
    ("mkdocs.yml", "site_name: A\n", "docs/a.md"),
    ("eleventy.config.js", "export default {}\n", "a.md"),
    ("pelicanconf.py", "SITENAME = 'A'\nPATH = 'content'\n", "content/a.md"),
    (".vitepress/config.js", "export default {}\n", "a.md"),
]


@pytest.mark.parametrize(("settings", "value", "path"), NO_MDX)
def test_code_in_a_site_without_mdx_is_text(tmp_path: Path, settings: str, value: str, path: str) -> None:
    text = 'import fmt from "fmt"\n\nfunc main() { fmt.Println(1) }\n'
    for name, content in ((settings, value), (path, f"---\ntitle: A\n---\n{text}")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    scanned = scan(tmp_path)
    loaded = load(tmp_path, path, read(tmp_path, path), Site(), scanned.context)
    [article] = (*loaded.articles, *loaded.pages)
    assert article.content_text.split("\n\n") == text.strip().split("\n\n")


def test_braces_in_markdown_with_jsx_attributes_are_text() -> None:
    text = '<b className="x">a</b> {like this}, {a, b}\n\n    {code}\n\n{n choose k}'
    html = html_of(text, "a.md")
    assert "{like this}, {a, b}" in html
    assert "<pre><code>{code}" in html
    assert "<p>{n choose k}</p>" in html


@pytest.mark.parametrize(
    "text", ["`<div style={{a: 1}}>`\n\n    code", "A\n\n    code", "<div>\n*a*\n</div>\n\n    code"]
)
def test_markdown_without_jsx_keeps_indented_code(text: str) -> None:
    assert "<pre><code>code" in html_of(text, "a.md")


REMOVED = [
    ("A {1 + 1} b", "{1 + 1}"),
    ("{items.map((item) => <li>{item}</li>)}", "{items.map((item) => <li>{item}</li>)}"),
    ("A {props.name}", "{props.name}"),
    ("<Chart data={rows} />", "<Chart>"),
]


@pytest.mark.parametrize(("text", "name"), REMOVED)
def test_what_needs_javascript_is_removed_and_reported(text: str, name: str) -> None:
    result = load_mdx(f"Text.\n\n{text}")
    assert [fault.message for fault in result.faults] == [f"1 template tag unknown and removed: {name}"]
    assert result.articles[0].content_html.startswith("<p>Text.</p>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "import sea from './sea.png'\n\n<img src={sea} alt=\"Sea\" />",
            '<img src="/files/posts/sea.png" alt="Sea">',
        ),
        ("<img src={require('./sea.png').default} />", '<img src="/files/posts/sea.png">'),
        (
            "<Image\n  src={require('./sea.png')}\n  alt='Sea'\n/>",
            '<img src="/files/posts/sea.png" alt="Sea">',
        ),
    ],
)
def test_pictures_of_mdx_are_files_beside_the_article(text: str, html: str) -> None:
    assert html_of(text) == html


def test_a_quote_in_the_title_of_a_card_is_shown_once() -> None:
    html = html_of('<Card title="It\'s Q&A" href="https://x.example/">\nText.\n</Card>')
    assert '<a href="https://x.example/">It\'s Q&amp;A</a>' in html
