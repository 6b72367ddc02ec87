"""What the exports of Medium, Substack, Blogger and Movable Type give, and pages with an h-entry."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.model import Attachment, Author
from tests.support.exports import (
    MEDIUM_DRAFT,
    SUBSTACK_COLUMNS,
    blogger_old,
    medium_page,
    movable_type,
    substack,
    substack_post,
    takeout,
    wordpress_items,
)
from tests.support.import_folder import import_files, import_text

DAY = datetime(2019, 1, 2, 3, 4, 5, tzinfo=UTC)
ACCOUNT_PAGE = (
    "<!DOCTYPE html><html><head><title>{0}</title></head>"
    "<body><h1>{0}</h1><ul><li>192.0.2.7</li></ul></body></html>"
)


def test_a_post_of_medium(tmp_path: Path) -> None:
    name = "posts/2019-01-02_The-lock-gate-0a1b2c3d4e5f.html"
    imported = import_files({name: medium_page()}, tmp_path / "to")
    post = imported.articles["the-lock-gate"]

    assert (post.title, post.summary) == ("The lock gate", "How water rises")
    assert (post.id, post.published) == ("https://medium.com/p/0a1b2c3d4e5f", DAY)
    assert post.authors == (Author("Ada Osei", "ada-osei", "https://medium.com/@ada"),)
    assert post.content_html == "<p>Water rises.</p>"
    assert "  - /@ada/the-lock-gate-0a1b2c3d4e5f\n" in imported.text("the-lock-gate.md")


MEDIUM_ACCOUNT = {
    "README.html": ACCOUNT_PAGE.format("Your archive"),
    "ips/ips-0001.html": ACCOUNT_PAGE.format("IPs"),
    "sessions/sessions-0001.html": ACCOUNT_PAGE.format("Sessions"),
    "profile/profile.html": ACCOUNT_PAGE.format("Profile"),
    "bookmarks/bookmarks-0001.html": ACCOUNT_PAGE.format("Bookmarks"),
}


@pytest.mark.parametrize("top", ["", "medium-export/"])
def test_a_folder_of_medium_gives_its_posts_alone(top: str, tmp_path: Path) -> None:
    posts = {
        "posts/2019-01-02_The-lock-gate-0a1b2c3d4e5f.html": medium_page(),
        "posts/draft_Later-0a1b2c3d4e60.html": medium_page(
            "Later", footer=MEDIUM_DRAFT.replace("0a1b2c3d4e5f", "0a1b2c3d4e60")
        ),
    }
    files = {f"{top}{name}": text for name, text in (posts | MEDIUM_ACCOUNT).items()}
    imported = import_files(files, tmp_path / "to")

    assert list(imported.articles) == ["the-lock-gate"]
    assert sorted(file.name for file in imported.folder.iterdir()) == ["later.md", "the-lock-gate.md"]
    assert [note.count for note in imported.notes if note.category == "account pages"] == [5]


def test_account_pages_without_posts(tmp_path: Path) -> None:
    imported = import_files(MEDIUM_ACCOUNT, tmp_path / "to")

    assert imported.done == ()
    assert sum(note.count for note in imported.notes if note.category == "account pages") == 5


def test_a_post_of_medium_without_a_title_of_its_own_is_no_public_article(tmp_path: Path) -> None:
    body = '<p class="graf graf--p graf--leading">I agree with every word.</p>'
    imported = import_files({"posts/a.html": medium_page("I agree with every…", body)}, tmp_path / "to")

    assert imported.articles == {}
    assert any("a response to another page" in note for note in imported.of("note"))


H_ENTRY = """<!DOCTYPE html><html lang="en-GB"><head><title>Gates | The Quay</title>
<meta name="author" content="Site"><link rel="canonical" href="https://quay.example/2019/gates"></head>
<body><nav>Home</nav><article class="post h-entry"><h1 class="p-name">Gates &amp; locks</h1>
<a class="u-url u-uid" href="/2019/gates">
<time class="dt-published" datetime="2019-01-02T03:04:05Z">2 Jan</time></a>
<time class="dt-updated">2019-02-03</time>
<span class="p-author h-card"><a class="p-name u-url" href="/about">Ada Osei</a></span>
<p class="p-summary">How they <em>work</em>.</p>
<div class="e-content"><p>Water <a href="/x">rises</a>.</p></div>
<a class="p-category" href="/t/water">water</a> <data class="p-category" value="locks"></data>
<div class="u-comment h-cite"><span class="p-author h-card">Troll</span>
<p class="e-content p-name">Rubbish</p></div>
</article><footer>Imprint</footer></body></html>"""


def test_an_h_entry(tmp_path: Path) -> None:
    imported = import_text("page.html", H_ENTRY, tmp_path / "to")
    (post,) = imported.articles.values()

    assert (post.slug, post.id, post.title) == ("gates", "https://quay.example/2019/gates", "Gates & locks")
    assert (post.published, post.updated) == (DAY, datetime(2019, 2, 3, tzinfo=UTC))
    assert post.authors == (Author("Ada Osei", "ada-osei", "https://quay.example/about"),)
    assert (post.summary, post.language) == ("How they work.", "en-GB")
    assert [tag.name for tag in post.tags] == ["water", "locks"]
    assert post.content_text == "Water rises."
    assert "  - /2019/gates\n" in imported.text("gates.md")


def test_a_page_that_lists_entries_is_no_entry(tmp_path: Path) -> None:
    entry = (
        '<div class="h-entry"><b class="p-name">{0}</b><div class="e-content"><p>Text {0}.</p></div></div>'
    )
    page = (
        f'<!DOCTYPE html><html><body class="h-feed">{entry.format("One")}{entry.format("Two")}</body></html>'
    )
    imported = import_text("page.html", page, tmp_path / "to")

    assert all(article.content_text != "Text One." for article in imported.articles.values())


def test_a_note_has_no_title_of_its_own_and_a_bad_date_is_noted(tmp_path: Path) -> None:
    page = (
        '<html><body><div class="h-entry"><p class="p-name e-content">Just a note about water.</p>'
        '<span class="dt-published">some day</span></div></body></html>'
    )
    imported = import_text("note.html", page, tmp_path / "to")
    (post,) = imported.articles.values()

    assert post.title_derived
    assert post.published is None
    assert any("'some day' is ignored" in note for note in imported.of("note"))


ROWS = (
    '101.gates,2019-01-02T03:04:05.000Z,true,,,newsletter,everyone,"Gates, and locks",How they work,',
    "102.episode-1,2019-01-03T03:04:05.000Z,TRUE,,,podcast,everyone,Episode 1,,https://api.substack.example/feed/podcast/102",
    "103.paid,2019-01-04T03:04:05.000Z,true,,,newsletter,only_paid,For payers,,",
    "104,,false,,,newsletter,everyone,Unfinished,,",
    "105.thread,2019-01-05T00:00:00.000Z,true,,,thread,everyone,What do you think?,,",
    "106.lost,2019-01-05T00:00:00.000Z,true,,,newsletter,everyone,Lost text,,",
    "../secret,2019-01-05T00:00:00.000Z,true,,,newsletter,everyone,Climbs,,",
    "107,,true,,,newsletter,everyone,,,",
)
TEXTS = {
    "posts/101.gates.html": '<p>Water <a href="/p/tides">rises</a>.</p>',
    "posts/102.episode-1.html": "<p>Listen.</p>",
    "posts/103.paid.html": "<p>Only for payers.</p>",
    "posts/104.html": "<p>Unfinished.</p>",
    "posts/105.thread.html": "",
    "posts/999.unlisted.html": "<p>Nobody lists it.</p>",
    "secret.html": "<html><body><p>Above.</p></body></html>",
    "email_list.csv": "email,name\nada@example.org,Ada\n",
}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_substack(mark: str, line_end: str, tmp_path: Path) -> None:
    listed = (mark + substack(*ROWS)).replace("\n", line_end)
    export = {"export/posts.csv": listed} | {f"export/{name}": text for name, text in TEXTS.items()}
    imported = import_files(export, tmp_path / "to", base="https://ada.substack.com")
    gates, episode = imported.articles["gates"], imported.articles["episode-1"]

    assert (gates.title, gates.subtitle, gates.published) == ("Gates, and locks", "How they work", DAY)
    assert gates.id == "https://ada.substack.com/p/gates", "as in Substack's feed"
    assert "  - /p/gates\n" in imported.text("gates.md")
    assert "[rises](https://ada.substack.com/p/tides)" in imported.text("gates.md")
    assert episode.attachments == (Attachment("https://api.substack.example/feed/podcast/102", "audio/mpeg"),)
    assert "draft: true\n" in imported.text("paid.md")
    assert "draft: true\n" in imported.text("unfinished.md")
    assert {"paid", "unfinished", "999.unlisted"}.isdisjoint(imported.articles)
    assert imported.articles["thread"].content_text == ""
    assert imported.articles["climbs"].content_text == "", "the text of a post lies in posts/"
    assert any("no posts/106.lost.html" in note for note in imported.of("note"))
    assert any("999.unlisted.html" in note for note in imported.of("left out"))
    assert any("email_list.csv" in note for note in imported.of("left out"))
    assert not any("ada@example.org" in file.read_text("utf-8") for file in imported.folder.iterdir())


ODD_LISTS = [
    (substack(f"{'1' * 300}.a,2019-01-02,true,,,newsletter,everyone,A,,"), {"a"}),
    (substack("101.a,2019-01-02,true,,,newsletter,everyone,A"), {"a"}),
    (substack("101.a,2019-01-02,true"), set()),
    (substack("101.a,2019-01-02,true,,,newsletter,everyone,A,,,more,and more"), {"a"}),
    (substack(f"101.a,2019-01-02,true,,,newsletter,everyone,A,{'b' * 200_000},"), {"a"}),
    (substack("101.a,2019-01-02,true,,,newsletter,everyone,A,,") * 1 + "\n\n", {"a"}),
    (substack("101.a,never,true,,,newsletter,everyone,A,,"), {"a"}),
    (
        '"'
        + SUBSTACK_COLUMNS.upper().replace(",", '","')
        + '"\n101.a,2019-01-02,true,,,newsletter,everyone,A,,\n',
        {"a"},
    ),
]


@pytest.mark.parametrize(("listed", "slugs"), ODD_LISTS)
def test_odd_lists_of_substack(listed: str, slugs: set[str], tmp_path: Path) -> None:
    imported = import_files({"posts.csv": listed, "posts/101.a.html": "<p>x</p>"}, tmp_path / "to")

    assert set(imported.articles) == slugs
    assert imported.of("fault") == []


def test_a_list_of_substack_in_windows_1252(tmp_path: Path) -> None:
    row = "101.caf\xe9,2019-01-02,true,,,newsletter,everyone,Caf\xe9,,"
    export = {"posts.csv": substack(row).encode("cp1252"), "posts/101.café.html": b"<p>x</p>"}

    assert import_files(export, tmp_path / "to").articles["cafe"].title == "Café"


def test_a_text_of_substack_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    rows = [f"{n}.a{n},2019-01-02,true,,,newsletter,everyone,A{n},," for n in (101, 102)]
    export = {
        "posts.csv": substack(*rows).encode(),
        "posts/101.a101.html": bytes(100),
        "posts/102.a102.html": b"<p>x</p>",
    }
    imported = import_files(export, tmp_path / "to")

    assert list(imported.articles) == ["a102"]
    assert len(imported.of("fault")) == 1


def test_substack_without_its_address(tmp_path: Path) -> None:
    imported = import_files({"posts.csv": substack(ROWS[0])} | TEXTS, tmp_path / "to")

    assert imported.articles["gates"].id == "substack:101.gates"


def test_a_text_of_substack_without_its_list_is_a_draft(tmp_path: Path) -> None:
    imported = import_files({"posts/101.gates.html": TEXTS["posts/101.gates.html"]}, tmp_path / "to")

    assert imported.articles == {}
    assert any("posts.csv" in note for note in imported.of("note"))


def test_blogger_keeps_posts_and_counts_the_rest(tmp_path: Path) -> None:
    entries = [blogger_old(kind) for kind in ("post", "comment", "comment", "template", "settings", "page")]
    start, end = entries[0].index("<entry>"), entries[0].index("</feed>")
    inner = "".join(
        item[item.index("<entry>") : item.index("</feed>")].replace("2019:1<", f"2019:{number}<")
        for number, item in enumerate(entries)
    )
    imported = import_text("blog.xml", entries[0][:start] + inner + entries[0][end:], tmp_path / "to")
    counts = {note.category: note.count for note in imported.notes if note.kind == "left out"}

    assert list(imported.articles) == ["secret-plan"]
    assert counts == {"comments": 2, "templates": 1, "settings": 1, "pages": 1}


def test_takeout(tmp_path: Path) -> None:
    post = takeout("LIVE", inner="<blogger:filename>/2019/01/secret.html</blogger:filename>")
    label = '<category scheme="tag:blogger.com,1999:blog-1" term="water"/>'
    export: dict[str, str | bytes] = {
        "Takeout/archive_browser.html": "<!DOCTYPE html><html><body><h1>Your archive</h1></body></html>",
        "Takeout/Blogger/Blogs/Quay/feed.atom": post.replace("</entry>", f"{label}</entry>"),
        "Takeout/Blogger/Blogs/Quay/settings.csv": "blog_admin_permission\nx\n",
        "Takeout/Blogger/Blogs/Quay/theme-classic.html": "<html><body><$BlogTitle$></body></html>",
        "Takeout/Blogger/Blogs/Quay/theme-layouts.xml": "<?xml version='1.0'?><html xmlns:b='http://www.google.com/2005/gml/b'/>",
        "Takeout/Blogger/Comments/Quay/feed.atom": takeout("LIVE", "COMMENT"),
    }
    imported = import_files(export, tmp_path / "to", base="https://quay.example")
    (article,) = imported.articles.values()

    assert imported.of("fault") == []
    assert (article.slug, [tag.name for tag in article.tags]) == ("secret", ["water"])
    assert "  - /2019/01/secret.html\n" in imported.text("secret.md")


@pytest.mark.parametrize(
    ("index", "post", "is_left_out"),
    [
        ("posts_index.html", "html/7.html", True),
        ("posts_index.html", "posts/html/7.html", True),
        ("blog/posts/posts_index.html", "blog/posts/html/7.html", True),
        ("posts_index.html", "7.html", False),
        ("posts/index.html", "posts/html/7.html", False),
    ],
)
def test_the_list_of_the_posts_of_tumblr_is_no_article(
    tmp_path: Path, index: str, post: str, *, is_left_out: bool
) -> None:
    page = "<!DOCTYPE html><html><body><h1>%s</h1><p>Text of it.</p></body></html>"
    imported = import_files({index: page % "Posts", post: page % "Seven"}, tmp_path / "to")

    assert len(imported.articles) == 2 - is_left_out
    assert [note.place for note in imported.notes if note.category == "lists of posts"] == (
        [index] if is_left_out else []
    )


@pytest.mark.parametrize("body", ["<h1>The lock gate</h1><p>It opens.</p>", "<p>It opens.</p>"])
def test_a_post_of_tumblr(tmp_path: Path, body: str) -> None:
    footer = (
        '<div id="footer"><span id="timestamp"> January 2nd, 2019 3:04am </span>'
        '<span class="tag">Locks &amp; gates</span> <span class="tag">water</span></div>'
    )
    page = f"<!DOCTYPE html><html><head><title>The lock gate</title></head><body>{body}{footer}</body></html>"
    imported = import_files({"html/7.html": page}, tmp_path / "to")
    (article,) = imported.articles.values()

    assert article.published == DAY.replace(second=0)
    assert [tag.name for tag in article.tags] == ["Locks & gates", "water"]
    assert article.content_text == "It opens."


LINKS = "".join(f'<li><a href="Part%20{number}/a.html">Part {number}, a page</a></li>' for number in range(3))


@pytest.mark.parametrize("name", ["index.html", "start_here.html"])
@pytest.mark.parametrize(("more", "is_left_out"), [("", True), ("Text of its own. " * 20, False)])
def test_a_page_that_only_lists_the_others_is_no_article(
    tmp_path: Path, name: str, more: str, *, is_left_out: bool
) -> None:
    page = "<!DOCTYPE html><html><head><title>A</title><style>p {}</style></head><body>%s</body></html>"
    pages: dict[str, str | bytes] = {
        f"Part {number}/a.html": page % f"<h1>Part {number}</h1><p>Text of it.</p>" for number in range(3)
    }
    index = f"<h1>Export</h1><ul>{LINKS}</ul><p>{more}</p>"
    imported = import_files({**pages, name: page % index}, tmp_path / "to")

    assert len(imported.articles) == 4 - is_left_out
    assert len([note for note in imported.notes if note.category == "lists of posts"]) == is_left_out


MOVABLE_TYPE = """TITLE: Gates &amp; locks
BASENAME: gates_and_locks
AUTHOR: Ada Osei
DATE: 01/02/2019 03:04:05 AM
UNIQUE URL: https://quay.example/2019/01/gates.html
PRIMARY CATEGORY: Water
CATEGORY: Water
CATEGORY: Stone
TAGS: locks,"sluices, weirs"
STATUS: Publish
ALLOW COMMENTS: 1
CONVERT BREAKS: __default__
-----
BODY:
Water rises.
It falls.

<blockquote>They waited.</blockquote>
-----
no section, but a line of the text
-----
EXTENDED BODY:
The gate stays.
-----
EXCERPT:
How they work.
-----
KEYWORDS:
internal
-----
COMMENT:
AUTHOR: Troll
EMAIL: troll@example.org
IP: 192.0.2.7
URL: http://troll.example/
DATE: 01/03/2019 12:00:00 PM
Rubbish.
-----
PING:
TITLE: Seen
URL: https://other.example/
IP: 192.0.2.8
BLOG NAME: Other
DATE: 01/03/2019 12:00:00 PM
Excerpt of the other.
-----
--------
TITLE: Midnight
AUTHOR: Ada Osei
DATE: 12/31/2018 12:00:00 AM
STATUS: publish
CONVERT BREAKS: markdown
-----
BODY:
*Leaning* and [here](https://x.example/).
--------
Still the same text.
-----
--------
TITLE: Only comments
DATE: 12/31/2018 12:00:00 PM
NO ENTRY: 1
STATUS: Publish
-----
COMMENT:
AUTHOR: A
Text.
-----
--------
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["export.txt", "export", "export.mt"])
def test_movable_type(name: str, encoding: str, line_end: str, tmp_path: Path) -> None:
    written = MOVABLE_TYPE.replace("\n", line_end).encode(encoding)
    imported = import_text(name, written, tmp_path / "to")
    gates, midnight = imported.articles["gates-and-locks"], imported.articles["midnight"]

    assert (gates.title, gates.published, gates.summary) == ("Gates & locks", DAY, "How they work.")
    assert gates.id == "https://quay.example/2019/01/gates.html"
    assert [author.name for author in gates.authors] == ["Ada Osei"]
    assert [tag.name for tag in gates.tags] == ["Water", "Stone", "locks", "sluices, weirs"]
    assert "Water rises.<br>\nIt falls." in gates.content_html or "Water rises.<br />" in gates.content_html
    assert "<blockquote>" in gates.content_html
    assert "no section, but a line of the text" in gates.content_text
    assert gates.content_text.endswith("The gate stays.")
    assert midnight.published == datetime(2018, 12, 31, tzinfo=UTC)
    assert midnight.content_text.startswith("Leaning and here")
    assert midnight.content_text.endswith("Still the same text.")
    assert set(imported.articles) == {"gates-and-locks", "midnight"}
    everything = "".join(file.read_text("utf-8") for file in imported.folder.iterdir())
    assert not any(word in everything for word in ("Rubbish", "troll", "192.0.2", "internal", "Excerpt of"))
    counts = {note.category: note.count for note in imported.notes if note.kind == "left out"}
    assert counts == {"comments": 2, "pings": 1, "keywords": 1, "empty posts": 1}


DATES = [
    ("01/02/2019 12:05:06 AM", "2019-01-02T00:05:06"),
    ("01/02/2019 12:05:06 PM", "2019-01-02T12:05:06"),
    ("1/2/2019 3:04 pm", "2019-01-02T15:04:00"),
    ("01/02/2019 23:04:05", "2019-01-02T23:04:05"),
    ("01/02/2019", "2019-01-02T00:00:00"),
    ("13/40/2019 01:00:00", None),
    ("yesterday", None),
]


@pytest.mark.parametrize(("written", "expected"), DATES)
def test_dates_of_movable_type(written: str, expected: str | None, tmp_path: Path) -> None:
    export = movable_type("Publish").replace("01/02/2019 03:04:05 AM", written)
    (article,) = import_text("a.txt", export, tmp_path / "to").articles.values()

    assert article.published == (datetime.fromisoformat(expected).replace(tzinfo=UTC) if expected else None)


SMALLEST = "TITLE: Small\n-----\nBODY:\nText.\n-----\n--------\n"


@pytest.mark.parametrize(
    "text", [SMALLEST, f"\n\n{SMALLEST}", SMALLEST.rstrip("-\n"), SMALLEST.replace("\n", "\r")]
)
def test_an_entry_of_movable_type_without_a_status_is_a_draft(text: str, tmp_path: Path) -> None:
    imported = import_text("a.txt", text, tmp_path / "to")

    assert imported.articles == {}
    assert "draft: true\n" in imported.text("small.md")


def test_importing_movable_type_again_changes_nothing(tmp_path: Path) -> None:
    twice = movable_type("Publish") + movable_type("Publish", body="Another of that title.")
    first = import_text("a.txt", twice, tmp_path / "to")
    again = import_text("a.txt", twice, tmp_path / "to")

    assert [item.outcome for item in first.done] == ["new", "new"]
    assert [item.outcome for item in again.done] == ["unchanged", "unchanged"]


def test_hatena(tmp_path: Path) -> None:
    more = "BASENAME: 2019/01/02/030405\nCATEGORY: 水\nIMAGE: https://cdn.example/a.png\nCONVERT BREAKS: 0\n"
    body = "<p>水が上がる。</p>\n\n<p>門は残る。</p>"
    export = movable_type("Publish", more, body).replace("03:04:05 AM", "03:04:05")
    imported = import_text("quay.export.txt", export, tmp_path / "to", base="https://quay.example")
    (article,) = imported.articles.values()

    assert article.published == DAY
    assert article.image
    assert article.content_text == "水が上がる。\n\n門は残る。"
    assert any("/entry/2019/01/02/030405\n" in file.read_text("utf-8") for file in imported.folder.iterdir())


def test_a_draft_after_an_entry_is_never_part_of_it(tmp_path: Path) -> None:
    second = movable_type("Draft").replace("TITLE: Secret plan", "X-NEW KEY: 1\nTITLE: Hidden")
    imported = import_text("a.txt", movable_type("Publish", body="Shown.") + second, tmp_path / "to")

    assert [article.content_text for article in imported.articles.values()] == ["Shown."]


def test_buttons_of_substack_are_cut_and_counted(tmp_path: Path) -> None:
    export = substack_post("true", "everyone")
    (name,) = (path for path in export if path.endswith(".html"))
    export[name] = (
        '<p>Text.</p><p class="button-wrapper"><a href="https://a.substack.com/subscribe?">Sign up</a></p>'
        '<div class="subscription-widget-wrap"><p>Thanks for reading!</p><form></form></div>'
        '<p class="button-wrapper"><a class="button" href="https://shop.example/">Shop</a></p>'
    )
    imported = import_files(export, tmp_path / "to")
    (article,) = imported.articles.values()

    assert article.content_text.split() == ["Text.", "Shop"]
    assert [(note.category, note.count) for note in imported.notes] == [("buttons of Substack", 2)]


def upload(address: str) -> str:
    return (
        "<wp:post_id>20</wp:post_id><wp:post_type>attachment</wp:post_type>"
        f"<wp:attachment_url>{address}</wp:attachment_url>"
    )


def test_an_export_of_wordpress_may_be_several_files(tmp_path: Path) -> None:
    """WordPress.com divides the export of a large site; ids are unique within a site only."""
    post = (
        "<title>{0}</title><wp:post_id>1</wp:post_id><wp:status>publish</wp:status>"
        "<wp:post_date_gmt>2019-01-02 03:04:05</wp:post_date_gmt><content:encoded>Text.</content:encoded>"
        "<guid>https://{0}.example/?p=1</guid><wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key>"
        "<wp:meta_value>20</wp:meta_value></wp:postmeta>"
    )
    files = {
        "quay.001.xml": wordpress_items(post.format("quay"), site="https://quay.example"),
        "quay.002.xml": wordpress_items(upload("https://quay.example/a.jpg"), site="https://quay.example"),
        "pier.001.xml": wordpress_items(post.format("pier"), site="https://pier.example"),
        "pier.002.xml": wordpress_items(upload("https://pier.example/a.jpg"), site="https://pier.example"),
        "alone.xml": wordpress_items(post.format("alone"), site="https://alone.example"),
    }
    imported = import_files(files, tmp_path / "to")

    images = {slug: article.image and article.image.url for slug, article in imported.articles.items()}
    assert images == {
        "quay": "https://quay.example/a.jpg",
        "pier": "https://pier.example/a.jpg",
        "alone": None,
    }
    assert imported.of("note") == ["alone.xml, item 1: its featured image 20 is not in the export"]
