"""What has no reader is refused by its name and becomes no article."""

from pathlib import Path

import pytest

from tests.support.import_folder import import_file, import_files, import_text

OPML = (
    '<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head>'
    '<body><outline text="A"/></body></opml>'
)
TABLE = "title,date,author name\nOne,2019-01-02,Ada\nTwo,2019-01-03,Béa\n"
TEMPLATE = (
    "<?xml version='1.0'?><!DOCTYPE html><html xmlns:b='http://www.google.com/2005/gml/b'><b:skin/></html>"
)
UNSUPPORTED = [
    ("subscribers.csv", "email,name\nada@example.org,Ada\n", "CSV"),
    ("posts.txt", TABLE, "CSV"),
    ("posts", TABLE.replace(",", "\t"), "CSV"),
    ("posts", "\ufeff" + TABLE.replace(",", ";").replace("\n", "\r\n"), "CSV"),
    ("list.opml", OPML, "OPML"),
    ("list.xml", OPML, "OPML"),
    ("list", "\ufeff" + OPML, "OPML"),
    (
        "notes.enex",
        "<?xml version='1.0'?><en-export><note><title>A</title></note></en-export>",
        "<en-export>",
    ),
    ("blog.xml", "<blog xmlns='http://www.blogml.com/2006/09/BlogML'><posts/></blog>", "<blog>"),
    (
        "sitemap.xml",
        "<?xml version='1.0'?><urlset><url><loc>https://x.example/</loc></url></urlset>",
        "sitemap",
    ),
    ("theme.xml", TEMPLATE, "template of Blogger"),
    ("theme.html", "<html><head></head><body><$BlogTitle$></body></html>", "template of Blogger"),
    ("dump.sql", "-- MySQL dump 10.13\nINSERT INTO posts VALUES (1);\n", "database"),
    ("dump", "-- phpMyAdmin SQL Dump\n", "database"),
    ("data.db", b"SQLite format 3\x00" + bytes(100), "database"),
    ("book.pdf", b"%PDF-1.7\n" + bytes(100), "PDF"),
    ("letter.rtf", r"{\rtf1 Hello}", "RTF"),
    ("mail.mbox", "From ada@example.org Thu Jan  1 00:00:00 2019\nSubject: A\n\nText.\n", "e-mail"),
    ("mail", "From ada@example.org Thu Jan  1 00:00:00 2019\nSubject: A\n\nText.\n", "e-mail"),
    ("tweets.js", "window.YTD.tweets.part0 = [{}]", "program code"),
    ("tweets", "window.YTD.tweets.part0 = [{}]", "X (Twitter)"),
    ("style.css", "body { color: red }", "style sheet"),
    ("days.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "calendar"),
    ("site.yml", "title: Mine\n", "settings"),
    ("x.rst", "Title\n=====\n\nText.\n", "reStructuredText"),
    ("x.gz", b"\x1f\x8b\x08" + bytes(20), "gzip"),
    ("tumblr.json", '{"title": "Mine", "posts": [{"body": "Text"}]}', "JSON export"),
    ("pages.json", '{"pages": [{"title": "A"}]}', "JSON export"),
]


@pytest.mark.parametrize(("name", "data", "named"), UNSUPPORTED)
def test_it_is_refused_by_name(name: str, data: str | bytes, named: str, tmp_path: Path) -> None:
    imported = import_text(name, data, tmp_path / "to")

    assert imported.done == ()
    assert [named in note for note in imported.of("fault")] == [True]


def test_in_a_folder_exports_are_named(tmp_path: Path) -> None:
    imported = import_files({"a.md": "# A\n\nText.\n", "b.csv": TABLE, "c.opml": OPML}, tmp_path / "to")

    assert list(imported.articles) == ["a"]
    assert [note.partition(":")[0] for note in imported.of("left out")] == ["b.csv", "c.opml"]


ARTICLES = [
    ("a.txt", "The council met on Monday, in the town hall, and voted.\n\nNobody, it said, was against.\n"),
    ("a.txt", "One, two, three\n\nA song in three parts, sung by nobody.\n"),
    ("a.md", "title,date,author\none,two,three\n"),
    ("a.md", "-- MySQL dump\n\nHow to read one.\n"),
    ("a", "INSERT coins to go on. That is what the machine said.\n"),
    ("a", "<p>A fragment about &lt;opml&gt;.</p>"),
    (
        "a.xml",
        "<!DOCTYPE html><html><head><title>A</title></head><body><p>Words in a page.</p></body></html>",
    ),
    ("a.json", '{"title": "A", "text": "Words.", "items": [{"n": 1}]}'),
    ("a", "TITLE: In capitals\n\nThe text of a press release, which begins with a word in capitals.\n"),
]


@pytest.mark.parametrize(("name", "text"), ARTICLES)
def test_an_article_is_not_taken_for_an_export(name: str, text: str, tmp_path: Path) -> None:
    assert len(import_text(name, text, tmp_path / "to").articles) == 1


def test_a_refused_file_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE, "utf-8")
    (tmp_path / "b.md").write_text("# B\n\nText.\n", "utf-8")
    imported = import_file(tmp_path / "a.csv", tmp_path / "b.md", to=tmp_path / "to")

    assert list(imported.articles) == ["b"]
