"""Tags of templates, themes and converters in a text, and the HTML they become."""

from pathlib import Path

import pytest

from service.content import load
from service.markup import SELF, SITE
from service.model import Article, Site


def article(text: str, path: str = "posts/a.md", matter: str = "title: T") -> Article:
    loaded = load(Path("/nowhere"), path, f"---\n{matter}\n---\n{text}\n".encode(), Site())
    assert len(loaded.articles) == 1, (loaded.faults, loaded.exclusions)
    return loaded.articles[0]


def html_of(text: str, matter: str = "title: T") -> str:
    return article(text, matter=matter).content_html.replace(SITE, "").replace(SELF, "")


TAGS = [
    ('{{< kbd "Ctrl" >}} + {% kbd C %}', "<p><kbd>Ctrl</kbd> + <kbd>C</kbd></p>"),
    ('H{{< sub "2" >}}O, 1{{< sup 2 >}}', "<p>H<sub>2</sub>O, 1<sup>2</sup></p>"),
    ("{% label primary@a tide %} {% label ebb blue %}", "<p><mark>a tide</mark> <mark>ebb</mark></p>"),
    ("{% span red, the tide %}", "<p><span>the tide</span></p>"),
    ('{{< span class="x" >}}tide{{< /span >}}', "<p>tide</p>"),
    ('A {{< glossary_tooltip text="tide" term_id="t" >}}.', "<p>A tide.</p>"),
    ('{{< abbr "TOC" "Table" >}}', '<p><abbr title="Table">TOC</abbr></p>'),
    ('{{< link "https://a.example" "Words" >}}', '<p><a href="https://a.example">Words</a></p>'),
    (
        '{{< link href="https://a.example" content="Words" >}}',
        '<p><a href="https://a.example">Words</a></p>',
    ),
    ("{% link Words https://a.example title %}", '<p><a href="https://a.example">Words</a></p>'),
    ("{% btn https://a.example, Words, home %}", '<p><a href="https://a.example">Words</a></p>'),
    ('{{< details "More" >}}\nText.\n{{< /details >}}', "<p><strong>More</strong></p>\n<p>Text.</p>"),
    ("{% hideToggle More %}\nText.\n{% endhideToggle %}", "<p><strong>More</strong></p>\n<p>Text.</p>"),
    ("{% folding cyan, More %}\nText.\n{% endfolding %}", "<p><strong>More</strong></p>\n<p>Text.</p>"),
    ('{{% tab name="Sea" %}}\nText.\n{{% /tab %}}', "<p><strong>Sea</strong></p>\n<p>Text.</p>"),
    (
        '{{< admonition tip "Mind" >}}\nText.\n{{< /admonition >}}',
        "<p><strong>Mind</strong></p>\n<p>Text.</p>",
    ),
    ('{{< alert "fire" >}}\nText.\n{{< /alert >}}', "<p>Text.</p>"),
    ('{% include tip.html content="Text." %}', "<p>Text.</p>"),
    ("{{< mermaid >}}\ngraph LR; A-->B\n{{< /mermaid >}}", ("language-mermaid", "A--&gt;B")),
    ("{% mermaid %}\nA-->B\n{% endmermaid %}", ("language-mermaid", "A--&gt;B")),
    ('{{< code language="css" title="x" >}}\nb {}\n{{< /code >}}', ("language-css", "b {}")),
    ("{% prettify dart %}\nvar a;\n{% endprettify %}", ("language-dart", "var a;")),
    ("{% iframe //v.example/e 800 600 %}", ('<a href="https://v.example/e">',)),
    ("{{< bilibili BV1xx411c7mD >}}", ('<a href="https://www.bilibili.com/video/BV1xx411c7mD">',)),
    ('{% include video id="w7Ejabc" provider="youtube" %}', ("https://www.youtube.com/watch?v=w7Ejabc",)),
    ('{{< video src="a.mp4" provider="Video" >}}', ('<video src="/files/posts/a.mp4" controls',)),
    ('{{< podcast src="a.mp3" provider="audio" >}}', ('<audio src="/files/posts/a.mp3" controls',)),
    ('{{< audio src="a.mp3" provider="podcast" >}}', ('<audio src="/files/posts/a.mp3" controls',)),
    ('{{< imgproc a Fit "600x600" >}}\nCaption\n{{< /imgproc >}}', "<p>Caption</p>"),
    (
        "{{< rawhtml >}}\n    <div>\n\n        <b>a</b> *b*\n    </div>\n{{< /rawhtml >}}\n\n*Text.*",
        "<div>\n<b>a</b> *b*\n</div>\n<p><em>Text.</em></p>",
    ),
    ("A {{< rawhtml >}}<b>b</b>{{< /rawhtml >}}.", "<p>A <b>b</b>.</p>"),
    ('<a name="top"/>Text, [up](#top).', '<p><a id="top"></a>Text, <a href="#top">up</a>.</p>'),
    ("`<a name=x>`", "<p><code>&lt;a name=x&gt;</code></p>"),
    ('{% image "./a.jpg", "A", "(min-width: 1px)" %}', '<img src="/files/posts/a.jpg" alt="A">'),
    ("![](__GHOST_URL__/content/a.png)", '<p><img src="/content/a.png" alt=""></p>'),
    ("$x_{{i}}$ and $\\\\frac{{a}}{b}$", ("x_{{i}}", "frac{{a}}{b}")),
]


@pytest.mark.parametrize(("text", "expected"), TAGS)
def test_a_known_tag_becomes_html(text: str, expected: str | tuple[str, ...]) -> None:
    html = html_of(text)
    if isinstance(expected, str):
        assert html == expected
    for part in expected if isinstance(expected, tuple) else ():
        assert part in html


def test_hexo_breaks_lines() -> None:
    text = "One\ntwo\n\n- a\n- b\n\n```\nx\ny\n```"
    whole = article(text, "source/_posts/a.md")
    assert whole.content_html == (
        "<p>One<br>\ntwo</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<pre><code>x\ny\n</code></pre>"
    )
    assert article(whole.body.text, "source/_posts/a.md").body == whole.body
    assert "<br>" not in html_of(text)


GALLERY = "title: T\ngallery:\n  - image_path: /a.jpg\n    alt: A\n  - image_path: /b.jpg"


def test_a_gallery_tag_shows_images_of_front_matter() -> None:
    html = html_of("{% include gallery caption='Both' %}", GALLERY)
    assert html == '<img src="/a.jpg" alt="A">\n<img src="/b.jpg" alt="">\nBoth'


def test_loops_are_dropped() -> None:
    loop = "{% for a in b %}\n- {{ a.url }}\n{% for c in a %}x{% endfor %}\n{% endfor %}"
    assert html_of(f"Before.\n\n{loop}\n\nAfter.") == "<p>Before.</p>\n<p>After.</p>"


TEMPLATES = [
    ("tags.html", "---\ntitle: Tags\n---\n{% for tag in site.tags %}{{ tag }}{% endfor %}"),
    ("search.json", '---\nlayout: null\n---\n[{% for a in b %}{"title": {{ a }}}{% endfor %}]'),
    ("versions.json", '["1.0"]'),
    ("robots.txt", "User-agent: *"),
    ("google0a1b.html", "google-site-verification: google0a1b.html"),
    ("docs/_part.mdx", "Text."),
]


@pytest.mark.parametrize(("path", "text"), TEMPLATES)
def test_files_that_serve_a_site_are_no_articles(path: str, text: str) -> None:
    loaded = load(Path("/nowhere"), path, text.encode(), Site())
    assert (loaded.articles, loaded.faults, len(loaded.exclusions)) == ((), (), 1)


def test_a_field_as_argument_is_its_value() -> None:
    html = html_of("{% include youtubePlayer.html id=page.film-id %}", "title: T\nfilm-id: w7Ejabc")
    assert "https://www.youtube.com/watch?v=w7Ejabc" in html


@pytest.mark.parametrize(
    "matter",
    [
        "render_with_liquid: false",
        "disableNunjucks: true",
        "templateEngineOverride: md",
        "templateEngineOverride: false",
    ],
)
def test_braces_are_text_if_the_article_turns_templates_off(matter: str) -> None:
    assert html_of("A {{ tide }} {% turns %}.", f"title: T\n{matter}") == "<p>A {{ tide }} {% turns %}.</p>"


CONVERTERS = [
    ("[TOC]\n\nText.", "<p>Text.</p>"),
    ("[[toc]]\n\nText.", "<p>Text.</p>"),
    ("[[_TOC_]]\n\nText.", "<p>Text.</p>"),
    ('{{ "Tides" | list({ all: true }) | safe }} rise.', "<p>Tides rise.</p>"),
    ("@[TOC](Contents)\n\nText.", "<p>Text.</p>"),
    ("* toc\n{:toc}\n\nText.", "<p>Text.</p>"),
    ("{:toc}\n* toc\n\nText.", "<p>Text.</p>"),
    ("![a](../sea side 1.png)", '<p><img src="/files/sea%20side%201.png" alt="a"></p>'),
    ("![a](sea.png =300x200)", '<p><img src="/files/posts/sea.png" alt="a"></p>'),
    ("`![a](sea side.png)`", "<p><code>![a](sea side.png)</code></p>"),
    ("[toc] is text", "<p>[toc] is text</p>"),
    ("{::comment}\nNo.\n{:/comment}\n\nText.", "<p>Text.</p>"),
    ("Text.\n{ .lead #top }", "<p>Text.</p>"),
    (
        '<div class="x" markdown="1">\nA **tide**.\n</div>\nText.',
        "<div>\n<p>A <strong>tide</strong>.</p>\n</div>\n<p>Text.</p>",
    ),
    ('<div class="x">\nA **tide**.\n</div>', "<div>\nA **tide**.\n</div>"),
    (
        '!!! note "Mind"\n    Text.\n\n        a = "{{ b }}"\n\nMore.',
        (
            '<p class="callout-title"><strong>Mind</strong></p>\n<p>Text.</p>\n',
            '<pre><code>a = "{{ b }}"\n</code></pre>\n</aside>\n<p>More.</p>',
        ),
    ),
    ('![a](a.png){ width="300" align=left } b', '<p><img src="/files/posts/a.png" alt="a"> b</p>'),
    (
        '<figure markdown="span">\n![a](a.png)\n</figure>',
        '<figure>\n<p><img src="/files/posts/a.png" alt="a"></p>\n</figure>',
    ),
    ("[a](pathname:///a.pdf)", '<p><a href="/a.pdf">a</a></p>'),
    ("[[Nowhere]] [[toc]] [[a|b]]", "<p>[[Nowhere]] [[toc]] [[a|b]]</p>"),
    (
        "Text:\n\n    :::python\n    a = 1\n",
        '<p>Text:</p>\n<pre><code class="language-python">a = 1\n</code></pre>',
    ),
    ("Text:\n\n    #!ruby\n    a = 1\n\n[TOC]", ('<code class="language-ruby">a = 1\n',)),
]


CONVERTERS += [
    (":::tip[See [A](/a)]\nText.\n:::", ('<strong>See <a href="/a">A</a></strong>', "<p>Text.</p>")),
    (
        "``` npm run ```\n\n:::tip\nText.\n:::",
        ("<p><code>npm run</code></p>", '<aside class="callout callout-tip"'),
    ),
    ('_{{ "A tide" | x }} rises_', "<p><em>A tide rises</em></p>"),
    ("$x_{{i}}$", "<p>$x_{{i}}$</p>"),
    (
        '{{ figure(src="a.png", caption="The *tide* of [May](/m).") }}',
        ('alt="The tide of May."', '<p>The <em>tide</em> of <a href="/m">May</a>.</p>'),
    ),
]
CODE = '<pre><code class="language-js">x\n</code></pre>'
TITLED = f"<p><strong>src/a_b.js</strong></p>\n{CODE}"
CONVERTERS += [
    ("## A {.cls #one x=1}\n\n## B\n{: #two .x}\n\n## C {:#three}", ('id="one"', 'id="two"', 'id="three"')),
    ("## A {.cls #one}", '<h2 id="a"><a id="one"></a>A</h2>'),
    ("## A\n{: .x #one}\n\nText.", '<h2 id="a"><a id="one"></a>A</h2>\n<p>Text.</p>'),
    ("[small]{.caps} [a][b]{.x} [b]{.y}\n\n[b]: /b", '<p>small <a href="/b">a</a> <a href="/b">b</a></p>'),
    ('::: {.callout-note title="Mind"}\nText.\n:::', ("<strong>Mind</strong>", "<p>Text.</p>")),
    ('```js title="src/a_b.js" {1}\nx\n```', TITLED),
    ("```js {1} filename='src/a_b.js'\nx\n```", TITLED),
    ('```js {title="src/a_b.js"}\nx\n```', TITLED),
    ("```js:title=src/a_b.js{1}\nx\n```", TITLED),
    ("```js [src/a_b.js]\nx\n```", TITLED),
    ('Text.\n```js title="src/a_b.js"\nx\n```', f"<p>Text.</p>\n{TITLED}"),
    ('> ```js title="src/a_b.js"\n> x\n> ```', f"<blockquote>\n{TITLED}\n</blockquote>"),
    ('````js\n```js title="a"\n````', '<pre><code class="language-js">```js title="a"\n</code></pre>'),
    ('```js title=""\nx\n```', CODE),
    (
        "A\n{% blockquote Ann B., The Sea https://a.example %}\nA *tide*.\n\nB\n{% endblockquote %}\nC",
        (
            "<p>A</p>\n<blockquote>\n<p>A <em>tide</em>.</p>\n<p>B</p>\n",
            "<p>— Ann B., The Sea</p>\n</blockquote>\n<p>C</p>",
        ),
    ),
    *(
        (f"{begin}\nText.\n{end}", "<blockquote>\n<p>Text.</p>\n<p>— Ann, Sea</p>\n</blockquote>")
        for begin, end in (
            ('{{< quote author="Ann" source="Sea" >}}', "{{< /quote >}}"),
            ('{{% blockquote author="Ann" cite="Sea" %}}', "{{% /blockquote %}}"),
            ('{% quote(author="Ann", source="Sea") %}', "{% end %}"),
            ('{% blockquote "Ann" "Sea" %}', "{% endblockquote %}"),
        )
    ),
    ("{% blockquote %}\nText.\n{% endblockquote %}", "<blockquote>\n<p>Text.</p>\n</blockquote>"),
    ("{% blockquote Ann %}\n```js\nx\n```\n{% endblockquote %}", CODE),
]


@pytest.mark.parametrize(("text", "expected"), CONVERTERS)
def test_converter_syntax_is_removed(text: str, expected: str | tuple[str, ...]) -> None:
    test_a_known_tag_becomes_html(text, expected)


VUE = [
    ("<div v-pre>{{ x }} {a}</div>", "<div>{{ x }} {a}</div>"),
    ('A <b class="c" v-pre>{{ x }}</b> c', "<p>A <b>{{ x }}</b> c</p>"),
    ("::: v-pre\n{{ x }} and **b**\n:::\n\nText.", "<p>{{ x }} and <strong>b</strong></p>\n<p>Text.</p>"),
    ("::: v-pre\n```js\n{{ x }}\n```\n:::", '<pre><code class="language-js">{{ x }}\n</code></pre>'),
    ("<i v-pre>{{ x }} is open", "<p><i> is open</i></p>"),
    ('<button @click="n > 1" class="c">Add</button> it', "<p>Add it</p>"),
    ('<p\n  @click.prevent="a"\n  class="b"\n>Add</p>', "<p>Add</p>"),
    ("<template #default>A **slot**</template>", "<p>A <strong>slot</strong></p>"),
    ('<template v-slot:name="x">A slot</template>', "<p>A slot</p>"),
    ('`<b @click="x">` {{ $frontmatter.title }}', '<p><code>&lt;b @click="x"&gt;</code> T</p>'),
    ("Mail @click or a < b @c > d", "<p>Mail @click or a &lt; b @c &gt; d</p>"),
    ("{{ $page.title }} {{ $page.frontmatter.title }} {{ frontmatter.title }}", "<p>T T T</p>"),
]


@pytest.mark.parametrize(("text", "expected"), VUE)
def test_syntax_of_vue_is_shown_as_vue_shows_it(text: str, expected: str) -> None:
    assert html_of(text) == expected
    assert html_of(article(text).body.text) == expected


def test_an_expression_of_vue_is_removed_and_reported() -> None:
    loaded = load(Path("/nowhere"), "a.md", b"---\ntitle: T\n---\nA {{ 1 + 1 }} {{ count }} b.\n", Site())
    assert [fault.message for fault in loaded.faults] == ["2 template tags unknown and removed: 1, count"]


INCLUSIONS = [
    ('--8<-- "a.md"\n\nText.', ["a.md"]),
    ("Text.\n\n--8<--\na.md\nb.md\n--8<--\n", ["a.md", "b.md"]),
    ("<<< @/a.js{1,3}\n\nText.", ["@/a.js{1,3}"]),
    ("Text.\n\n<!--@include: ./a.md-->\n", ["./a.md"]),
]


@pytest.mark.parametrize(("text", "names"), INCLUSIONS)
def test_a_file_included_in_the_text_is_counted(text: str, names: list[str]) -> None:
    loaded = load(Path("/nowhere"), "a.md", f"---\ntitle: T\n---\n{text}".encode(), Site())
    assert [article.content_text for article in loaded.articles] == ["Text."]
    [fault] = loaded.faults
    assert fault.message.endswith(", ".join(f"include {name}" for name in names))


def test_an_inclusion_in_code_stays() -> None:
    assert html_of('```\n--8<-- "a.md"\n```') == '<pre><code>--8&lt;-- "a.md"\n</code></pre>'


MDX = [
    ("<svg:rect/> Text.", "<p>Text.</p>"),
    ('<Link to="/b">B</Link>', '<p><a href="/b">B</a></p>'),
    ("<Tide f={() => <b>{x}</b>} list={[1, {a: 2}]} {...rest}>\n\nText.\n\n</Tide>", "<p>Text.</p>"),
    ('<video src="v.mp4" controls />\n\nText.', ("controls></video>", "<p>Text.</p>")),
    ("import sea from './sea.png'\n\n<img src={sea} />", ('<img src="/files/posts/sea.png"',)),
]


@pytest.mark.parametrize(("text", "expected"), MDX)
def test_mdx_becomes_html(text: str, expected: str | tuple[str, ...]) -> None:
    html = article(text, "posts/a.mdx").content_html.replace(SITE, "").replace(' controls=""', " controls")
    if isinstance(expected, str):
        assert html == expected
    for part in expected if isinstance(expected, tuple) else ():
        assert part in html


@pytest.mark.parametrize("info", ["js{1,3}", "js:title=a.js", "js,ignore", "{.js .wide}", "{js}", "js"])
def test_a_fence_names_its_language(info: str) -> None:
    assert '<code class="language-js">' in html_of(f"```{info}\na\n```")


@pytest.mark.parametrize("tags", ["[{label: Sea, permalink: /sea}]", "'#Sea #Tide'", "[{name: Sea}]"])
def test_tags_in_every_form(tags: str) -> None:
    assert article("Text.", matter=f"title: T\ntags: {tags}").tags[0].name == "Sea"


EXCERPTS = [
    ("A.\n\n<!-- PELICAN_END_SUMMARY -->\n\nB.", "title: T", "A."),
    ("A.\n\n<!--cut-->\n\nB.", 'title: T\nexcerpt_separator: "<!--cut-->"', "A."),
    ("A.\n\nB.\n\n\n\nC.", 'title: T\nexcerpt_separator: "\\n\\n\\n\\n"', "A. B."),
    ("A.\n\nB.", "title: T\nsummary: Said. <!-- end -->", "Said."),
]


@pytest.mark.parametrize(("text", "matter", "summary"), EXCERPTS)
def test_the_excerpt_ends_at_its_separator(text: str, matter: str, summary: str) -> None:
    assert " ".join((article(text, matter=matter).summary or "").split()) == summary


PRIVATE = [
    "password: secret",
    "visibility: members",
    "hide: true",
    "eleventyExcludeFromCollections: true",
    "build: {list: never}",
]


@pytest.mark.parametrize("matter", PRIVATE)
def test_unpublished_articles_are_excluded(matter: str) -> None:
    loaded = load(Path("/nowhere"), "a.md", f"---\ntitle: T\n{matter}\n---\nText.".encode(), Site())
    assert loaded.articles == ()
    assert [exclusion.reason[:18] for exclusion in loaded.exclusions] == ["not for the public"]


def test_a_jekyll_post_without_title_is_named_after_its_file() -> None:
    loaded = article("Our new home is here. It is warm.", "_posts/2020-01-02-our-new-home.md", "layout: post")
    assert (loaded.title, loaded.title_derived) == ("Our New Home", False)


def test_the_link_of_a_wordpress_post_is_its_former_address() -> None:
    matter = "title: T\nslug: tide\nwordpress_id: 7\nlink: https://old.example/2015/tide/"
    post = article("Text.", matter=matter)
    assert (post.source, post.addresses) == (None, ("/2015/tide",))


def test_images_are_resolved_as_themes_do() -> None:
    html = html_of("![](a.png)", "title: T\nmedia_subpath: images/tide")
    assert '<img src="/images/tide/a.png"' in html


@pytest.mark.parametrize("holder", ["header", "extra", "params"])
def test_a_nested_lead_image_is_found(holder: str) -> None:
    post = article("Text.", matter=f"title: T\n{holder}: {{overlay_color: '#000', teaser: /t.jpg}}")
    assert post.image is not None
    assert post.image.url == "/t.jpg"
