"""Lazily loaded pictures, objects and odd addresses: what a reader without scripts and plugins gets."""

import pytest

from service.markup import SELF, SITE, TextFormat, render

PREVIEW = f"data:image/jpeg;base64,{'A' * 1500}"
EMBEDDED = f"data:image/jpeg;base64,{'A' * 3000}"
LAZY = (
    # The tags of lazy loaders: lazysizes, vanilla-lazyload, Jetpack, WP Rocket, a3, Zhihu, Squarespace.
    ('<img data-src="a.png" alt="A">', '<img alt="A" src="/files/a.png">'),
    ('<img src="" data-src="a.png">', '<img src="/files/a.png">'),
    ('<img src="data:image/gif;base64,R0" data-src="a.png">', '<img src="/files/a.png">'),
    ('<img src="/img/placeholder.png" data-lazy-src="a.png">', '<img src="/files/a.png">'),
    ('<img src="/x/blank.gif?v=1" data-original="a.png">', '<img src="/files/a.png">'),
    ('<img class="lazyload" src="tiny.jpg" data-src="a.png">', '<img src="/files/a.png">'),
    ('<img class="js-lazy" src="tiny.jpg" data-src="a.png">', '<img src="/files/a.png">'),
    ('<img src="tiny.jpg" data-src="a.png">', '<img src="/files/tiny.jpg">'),
    ('<img src="pixel-art.png" alt="A">', '<img src="/files/pixel-art.png" alt="A">'),
    ('<img src="data:x" data-image="{}">', "<img>"),
    (
        '<img data-srcset="a.png 1x, b.png 2x" src="data:x">',
        '<img src="/files/a.png" srcset="/files/a.png 1x, /files/b.png 2x">',
    ),
    (
        '<picture><source data-srcset="a.webp"><img data-src="a.png"></picture>',
        '<picture><source srcset="/files/a.webp"><img src="/files/a.png"></picture>',
    ),
    ('<video data-src="a.mp4"></video>', '<video src="/files/a.mp4"></video>'),
    # The same picture for browsers without scripts.
    ('<img data-src="a.png"><noscript><img src="a.png"></noscript>', '<img src="/files/a.png">'),
    ('<img src="data:x"> <noscript> <img src="a.png"></noscript>', '<img src="/files/a.png">'),
    ('<noscript><img src="a.png"></noscript><img data-src="a.png">', '<img src="/files/a.png">'),
    (
        '<a href="b"><img data-src="a.png"></a><noscript><a href="b"><img src="a.png"></a></noscript>',
        '<a href="/files/b"><img src="/files/a.png"></a>',
    ),
    (
        '<img data-src="a.png"><noscript><img src="b.png"></noscript>',
        '<img src="/files/a.png"><img src="/files/b.png">',
    ),
    # A preview is replaced; a picture in the text stays.
    (f'<img src="{PREVIEW}"><img src="a.png">', '<img src="/files/a.png">'),
    (f'<img src="{PREVIEW}" data-src="a.png">', '<img src="/files/a.png">'),
    (f'<img src="{EMBEDDED}"><img src="a.png">', f'<img src="{EMBEDDED}"><img src="/files/a.png">'),
    # A picture that no script changes stays, whatever its name is and whatever else is in the article.
    (
        '<img src="gray.png"><img src="a.png"><b data-x="1">b</b>',
        '<img src="/files/gray.png"><img src="/files/a.png"><b>b</b>',
    ),
    ('<IMG Src="" Data-Src="a.png">', '<img src="/files/a.png">'),
    ('<img src="a.png"><img src="a.png">', '<img src="/files/a.png"><img src="/files/a.png">'),
    ('<noscript><img src="https://c.example/t" width="1" height="1"></noscript>', ""),
    ("<noscript>Enable scripts.</noscript>", ""),
)


@pytest.mark.parametrize("format", ["html", "markdown"])
@pytest.mark.parametrize(("html", "expected"), LAZY)
def test_lazy_picture_has_its_address(html: str, expected: str, format: TextFormat) -> None:  # noqa: A002
    shown = shown_of(f"One {html} two" if format == "markdown" else html, format)
    assert " ".join(shown.removeprefix("<p>One ").removesuffix(" two</p>").split()) == expected


FALLBACKS = (
    (
        '<object data="a.pdf"><p>Get <a href="a.pdf">it</a>.</p></object>',
        '<p>Get <a href="/files/a.pdf">it</a>.</p>',
    ),
    ("<p>a <object><p>b</p></object></p>", "<p>a b</p>"),
    ('<object data="a.pdf"></object>', '<a href="/files/a.pdf">a.pdf</a>'),
    ('<object data="a.pdf" title="The paper"></object>', '<a href="/files/a.pdf">The paper</a>'),
    ('<object data="a.swf"><img src="a.png"></object>', '<img src="/files/a.png">'),
    (
        '<object><embed src="https://v.example/1"></object>',
        '<a href="https://v.example/1">https://v.example/1</a>',
    ),
    ('<Object data="a.pdf"></Object>', '<a href="/files/a.pdf">a.pdf</a>'),
    ('<embed src="a.pdf">', '<a href="/files/a.pdf">a.pdf</a>'),
    ("<embed>", ""),
)


@pytest.mark.parametrize(("html", "expected"), FALLBACKS)
def test_object_shows_its_content_or_a_link(html: str, expected: str) -> None:
    assert shown_of(html, "html") == expected


ADDRESSES = (
    ('<img src="" alt="a">', '<img alt="a">'),
    ('<img src=" " alt="a">', '<img alt="a">'),
    ('<video src="" poster=""></video>', "<video></video>"),
    ('<a href="">a</a>', '<a href="">a</a>'),
    ('<a href=" https://x.example/a ">a</a>', '<a href="https://x.example/a">a</a>'),
    ('<a href="https://x.example/a b">a</a>', '<a href="https://x.example/a%20b">a</a>'),
    ('<a href="https://x.example/a\nb">a</a>', '<a href="https://x.example/ab">a</a>'),
    ('<a href="https://x.example/a%20b?c=%C3%A9">a</a>', '<a href="https://x.example/a%20b?c=%C3%A9">a</a>'),
    ('<img src=" a b.png">', '<img src="/files/a%20b.png">'),
    ('<a href=" javascript:alert(1)">a</a>', "<a>a</a>"),
    ('<a href=" mailto:a@x.example">a</a>', '<a href="mailto:a@x.example">a</a>'),
)


@pytest.mark.parametrize(("html", "expected"), ADDRESSES)
def test_address_is_stripped_and_encoded(html: str, expected: str) -> None:
    assert shown_of(html, "html") == expected


def shown_of(text: str, format: TextFormat) -> str:  # noqa: A002
    return render(text, format, "/files/").html.replace(SITE, "").replace(SELF, "")
