"""Tokens which a scaling test repeats.

They are what Markdown, HTML, templates, data formats and HTTP headers give a meaning, and some words.
"""

import string

_CHARACTERS = (
    *string.punctuation,
    *string.whitespace,
    "a", "A", "z", "0", "9", "\x01", "\x1b", "\x7f", "\x85", "\xa0", "\xad", "\u200b", "\u200d", "\u200f",
    "\u2028", "\ufeff", "é", "e\u0301", "\u0301", "İ", "ﬁ", "я", "ب", "ا\u064b", "中", "カ", "한", "ไ",
    "क\u094d", "😀", "👩\u200d👧", "🇩🇪", "“", "‘", "«", "—", "·", "。", "「",
)  # fmt: skip

_MARKDOWN = (
    "``", "```", "~~~", "**", "*a ", "*a*", "**a", "__a__", "_a", "~~a", "==", "[a", "[a]", "](", "[a](",
    "[a](b)", "![", "![](", "![a](b)", "[[", "]]", "[]", "[^1]", "[^1]: a\n", "[a]: b\n", "[a]: ", "[a][b]",
    "<a@b.c>", "<http://a>", "http://a.b/", "www.a.b ", "://", "a@b.c ", "@a ", "#a ", "# a\n", "#\n",
    "a\n===\n", "a\n---\n", "---\n", "***\n", "- ", "- a\n", "* a\n  ", "+ a\n\n", "1. a\n", "1) ",
    "- [ ] a\n", "> ", "> a\n", "> [!NOTE]\n", ">\n\n", "|a", "|-|\n", "| a | b |\n", "a\n", "a\n\n",
    "    a\n", "\ta\n", "  \n", "\\\n", "\\[", "\\\\", "$a$", "$$", "$`", ": a\n", "a\n: b\n\n",
    "!!! note\n    a\n", "::: a\n", ":a:", "{.a}", "{: .a}\n", "{#a}", "\n\n    ", "`a", "`` ` ",
    "```\na\n", "~~~~\n```\n",
)  # fmt: skip

_HTML = (
    "<a", "<a ", "<a>", "</a>", "<a></a>", "<a/>", "<a b", '<a b="', "<a b='c'", '<a href="b">c</a>',
    "<b><i>", "<p>", "<p>a", "</p>", "<p>a</p>\n", "<div>", "</div>", "<div><p>", "<span>a</span>", "<br>",
    "<br/>", "<img ", '<img src="a">', "<h1>a</h1>", "<h2>", "<ul><li>", "<li>a", "<table><tr><td>", "<td>",
    "<blockquote>", "<pre>", "<pre><code>", "<code>", "<script>", "</script>", "<style>", "<svg>",
    "<svg></svg>", "<form>", "<form></form>", "<nav>a</nav>", "<title>", "<textarea>", "<select>",
    "<iframe>", '<iframe src="a"></iframe>', "<template>", "<noscript>", "<math>", "<figure><img>",
    "<figcaption>a", "<time>a</time>", '<time datetime="2020-01-01">a</time>', "<article>", "<main>a",
    '<div class="share">a</div>', '<p class="byline">a</p>', "<!--", "-->", "<!-- a -->", "<!--more-->",
    "<!", "<!a", "<![CDATA[", "]]>", "<?", "<?a?>", "<!DOCTYPE", "&", "&a", "&amp;", "&#", "&#1;", "&#x1",
    "&lt;", "&nbsp;", "&AMP", "<a href=javascript:", "<meta a=b>", '<meta name="a" content="b">', "<body>",
    "</body>", "<head>", "<html ", "<a <", "</", '<a b="c" ', "<sup id=a>", '<a href="#a">1</a>',
)  # fmt: skip

_TEMPLATES = (
    "{{", "}}", "{{ a", "{{ a }}", "{{<", "{{< a", "{{< a >}}", "{{% a %}}", "{{% /a %}}",
    "{{< a >}}b{{< /a >}}", '{{< a "', "{%", "%}", "{% a", "{% a %}", "{% enda %}", "{% if a %}",
    "{% raw %}", "{% endraw %}", "{% highlight a %}", "{% comment %}", "{% include a b='c' %}",
    '{% image "', "{#", "#}", "{# a #}", "{a", "{a}", "{/*", "{/* a */}", "<A", "<A>", "<A />", "<A b={",
    "<A b={c} ", "<A {...b}", "</A>", "import a from 'b'\n", "import {\n", "export const a = {\n", "=>",
    "{`", "${", "{filename}", "|filename|", "[caption]", "[/caption]", "[gallery ids='1']", "[a b='c']",
    "{{<highlight>}}", "%%", "{{ a(", '{{ a(b="', "@@", "@[", ".. a::\n", "<%", "<%= a %>", "<#",
)  # fmt: skip

_DATA = (
    "a: b\n", "a:\n", "a: ", "a:", "- a: b\n", "? ", "&a ", "*a, ", "!a ", "!!", "|\n", ">\n", "{a: ",
    "[a, ", "a, ", "a;", "a = 1\n", "[a]\n", "[[a]]\n", "'''", '"""', '"a"', '"a", ', '{"a":', '{"a":1}\n',
    "[[", "[1,", "\\u0061", '\\"', "null", "true ", "1", "-1", "1e9", "0x1", "1,", "1_", "---\n", "...\n",
    "+++\n", "%20", "%", "%41%", "a=b&", "a+", "a=", "../", "./", "a/", "//", "?a", "#a",
)  # fmt: skip

_WORDS = (
    "a ", "word ", "Word ", "WORD ", "Ada Osei ", "Ada Osei, ", "By Ada ", "by ", "and ", "Mr. ", "J. ",
    "U.S. ", "a. ", "A. ", "a! ", "a, ", "2019-01-28 ", "2019-", "January ", "Jan 1, 2019 ",
    "1 January 2019\n", "Mon, 28 Jan 2019 ", "28/01/2019 ", "10:30 ", "T10:30:00Z", "+01:00", "(a) ", "(a",
    '"a ', "'a ", "a-", "a_", "a'", "a.b", "A", "aB", "1a", "LONDON — ", "LONDON (AP) — ", "Photo: ",
    "© 2019 ", "Share\n", "Read more: ", "Advertisement\n", "Updated ", "Posted on ", "by: a\n",
    "Title: a\n", "Tags: a\n", "中文 ", "中文。", "あいう", "한국어 ", "ภาษาไทย", "русский ", "عربي ",
    "\u200f\u200e",
    "a\u0301\u0302", "a\xad", "a\r\n", "\r\n\r\n", "a\x0b", "a\u2028", "☐ ", "➡ ", "1.5 ", "1, 2 ", "§ ",
    "a*", "-a ", '"a b" ', "a OR ", "NOT ", "NEAR(", 'W/"a", ', "*, ", "text/html, ", "text/*;q=0.1,",
    "gzip;q=0,", "for=a;", "for=1.1.1.1, ", 'host="a";', "0-1,", "bytes=", ";q=", "a;b=c,", "x" * 60,
    "Donaudampfschifffahrt ", "antidisestablishmentarianism ", "http://a.example/" + "b" * 80 + " ",
)  # fmt: skip

TOKENS = tuple(dict.fromkeys((*_CHARACTERS, *_MARKDOWN, *_HTML, *_TEMPLATES, *_DATA, *_WORDS)))
"""No token twice."""
