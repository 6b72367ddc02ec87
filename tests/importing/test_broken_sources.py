"""Exports that are broken, empty or cut: faults are named with their place, and nothing private is public."""

import re
from pathlib import Path

import pytest

from service.cli.importing import run
from tests.support.import_folder import import_text

MANY_DIGITS = "9" * 5000
FEED = '{"version": "https://jsonfeed.org/version/1.1",\n "items": %s}'
ITEM = '{"id": "u:1", "title": "A", "content_text": "x"}'
GHOST = '{"db": [{"data":\n {"posts": %s}}]}'
POST = '{"id": "u:1", "title": "A", "html": "<p>x</p>", "status": %s, "visibility": %s}'
WXR = (
    '<?xml version="1.0" encoding="%s"?>\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>\n%s</channel></rss>'
)
WXR_ITEM = (
    "<item><title>A</title><guid>%s</guid><content:encoded>x</content:encoded>"
    "<wp:post_id>%s</wp:post_id><wp:status>%s</wp:status></item>\n"
)
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">%s</feed>'
ENTRY = "<entry><id>%s</id><title>A</title><content>x</content></entry>\n"
BLOGGER = (
    "<entry><id>tag:blogger.com,1999:post-1</id><title>A</title><content>x</content>"
    "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#post'/>"
    "<app:control xmlns:app='http://purl.org/atom/app#'><app:draft>%s</app:draft></app:control></entry>"
)
RSS = '<rss version="2.0"><channel>%s</channel></rss>'
MT = "AUTHOR: Me\nTITLE: A\nSTATUS: %s\n-----\nBODY:\nx\n-----\n--------\n"
EMPTY = ": the file is empty"
NOTHING = ": it holds no entry"

REFUSED: list[tuple[str, str | bytes, str]] = [
    # name, content, the message that is printed after the name; nothing is imported
    *(
        (f"empty.{suffix}", "", f":1{EMPTY}")
        for suffix in ("json", "jsonl", "xml", "txt", "html", "md", "csv")
    ),
    ("blank.json", " \n\t", f":1{EMPTY}"),
    ("list.json", "[]", NOTHING),
    ("list.json", '{"articles": []}', NOTHING),
    ("list.json", '{"articles": null}', NOTHING),
    ("list.json", "{ }", ":1: the JSON object is empty: there is no article in it"),
    ("list.json", '{"articles":\n 5}', ":2: `articles` must be a list of articles (column 2)"),
    ("list.json", '{"articles": {"title": "A"}}', ":1: `articles` must be a list of articles (column 14)"),
    ("list.json", "[5]", ", article 1: an article in JSON must be one object: {…}"),
    ("list.json", "[{}]", ", article 1: there is no article here: neither title nor text"),
    ("list.json", "null", ":1: an article in JSON must be one object: {…}"),
    ("list.json", '[{"title": "A",\n "content": x}]', ":2: this is not JSON (column 13): expecting value"),
    ("list.json", '[{"title": "A", "date": 99999999999999999999}]', ", article 1: date '9999"),
    ("feed.json", FEED % "[]", NOTHING),
    ("feed.json", FEED % "null", NOTHING),
    ("feed.json", FEED.replace("items", "entries") % "[]", NOTHING),
    ("feed.json", FEED % "{}", ":2: `items` must be a list of items (column 11)"),
    ("feed.json", FEED % '"x"', ":2: `items` must be a list of items (column 11)"),
    ("feed.json", FEED % "[null]", ", item 1: it is not an object"),
    ("feed.json", FEED % "[{}]", ", item 1: it has neither title nor text"),
    ("feed.json", FEED % "[[", ":2: this is not JSON (column 13): expecting value"),
    ("ghost.json", '{"db": []}', NOTHING),
    ("ghost.json", '{"db": null}', NOTHING),
    ("ghost.json", GHOST % "null", NOTHING),
    ("ghost.json", GHOST % "{}", ":2: `posts` must be a list (column 12)"),
    ("ghost.json", GHOST % '[{"id": 1},\n 5 5]', ":3: this is not JSON (column 4): expecting ','"),
    ("lines.jsonl", "[]", ":1: this is one JSON array, but JSON Lines has an object on each line"),
    ("lines.jsonl", "\nnull", ":2: an article in JSON must be one object: {…}"),
    ("lines.jsonl", '{"title": "A"', ":1: this is not JSON (column 14): expecting ',' delimiter"),
    ("wrong.xml", "<root/>", ":1: this is an XML document <root>, which is not supported"),
    ("wxr.xml", WXR % ("utf-8", ""), NOTHING),
    ("wxr.xml", (WXR % ("utf-8", WXR_ITEM % ("g", 1, "publish")))[:-60], ":3: the XML ends early or is"),
    ("atom.xml", ATOM % "", NOTHING),
    ("atom.xml", (ATOM % (ENTRY % "u:1"))[:-20], ":1: the XML ends early or is malformed here (column"),
    ("rss.xml", RSS % "", NOTHING),
    ("rss.xml", '<rss version="2.0"/>', NOTHING),
    ("rss.xml", (RSS % "<item><title>A</title></item>")[:-30], ":1: the XML ends early or is malformed here"),
    (
        "page.html",
        b"<p>" + bytes(range(128, 256)),
        ":1: byte 0x80 in column 4 is neither UTF-8 nor Windows-1",
    ),
    ("page.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ":1: this is not text; save it as UTF-8"),
    ("note.md", bytes(range(256)), ":2: byte 0x80 in column 118 is binary data, not text; save it as UTF-8"),
]


@pytest.mark.parametrize(("name", "content", "message"), REFUSED)
def test_what_cannot_be_imported_is_said_with_its_place(
    tmp_path: Path, name: str, content: str | bytes, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SystemExit) as caught:
        run(
            (tmp_path / name,),
            to=tmp_path / "to",
            force=False,
            dry_run=False,
            pages=False,
            base=None,
            media=None,
            verbose=False,
        )

    assert caught.value.code == 1
    assert re.search(f"^[a-z ]+: {re.escape(name + message)}", capsys.readouterr().err, re.MULTILINE)
    assert not (tmp_path / "to").exists()


PARTLY: list[tuple[str, str | bytes, int, str]] = [
    # name, content, how many articles of it are public, a message
    ("list.json", f'[{{"title": "A", "n": {MANY_DIGITS}, "m": 1e400}}]', 1, ""),
    ("list.json", '[{"title": "A"}, 5]', 1, "list.json, article 2: an article in JSON must be one object"),
    ("list.json", '[{"id": "u:1", "title": "A"}, {"id": "u:1", "title": "A"}]', 1, "has the same id 'u:1'"),
    ("list.json", '[{"id": null, "title": "A", "date": null, "tags": null, "draft": null}]', 1, ""),
    ("list.json", '[{"title": "A", "draft": true}]', 0, "list.json, article 1: a draft"),
    ("list.json", '[{"title": "A", "draft": "perhaps"}]', 0, "draft must be true or false"),
    ("list.json", '[{"title": "A", "status": 5}]', 0, "status"),
    ("list.json", '[{"title": "A", "status": ["private"]}]', 0, ""),
    ("list.json", '[{"title": "A", "access": {"tier": "paid"}}]', 0, ""),
    *(
        ("feed.json", FEED % ITEM.replace("{", f"{{{fact}, ").join("[]"), 0, "written as a draft")
        for fact in (
            '"draft": "perhaps"',
            '"draft": 2',
            '"draft": [1]',
            '"status": ["x"]',
            '"status": 1.5',
            '"visibility": {"a": 1}',
            '"hidden": "maybe"',
            '"password": 5',
            '"published": false',
            '"access": ["members"]',
        )
    ),
    *(
        ("feed.json", FEED % ITEM.replace("{", f"{{{fact}, ").join("[]"), 1, "")
        for fact in (
            '"draft": null',
            '"draft": false',
            '"draft": 0',
            '"draft": ""',
            '"status": null',
            '"visibility": []',
            '"published": true',
            '"hidden": "no"',
        )
    ),
    ("feed.json", FEED % f"[{ITEM},\n {ITEM}", 1, "feed.json:3: this is not JSON (column"),
    ("list.json", f"[{ITEM},\n {ITEM}"[:-5], 1, "list.json:2: this is not JSON (column"),
    ("feed.json", FEED % f"[{ITEM}, {ITEM}]", 1, "has the same id 'u:1'"),
    ("feed.json", FEED % ITEM.replace('"u:1"', MANY_DIGITS).join("[]"), 1, "is not a URI"),
    ("feed.json", FEED % ITEM.replace('"u:1"', 'null, "url": null, "tags": null').join("[]"), 1, ""),
    ("feed.json", (FEED % ITEM.replace("A", "Café").join("[]")).encode("latin-1"), 1, ""),
    ("ghost.json", GHOST % f"[{POST}]" % ('"published"', '"public"'), 1, ""),
    ("ghost.json", GHOST % f"[{POST}]" % ("null", "null"), 0, "written as a draft"),
    ("ghost.json", GHOST % f"[{POST}]" % ("5", '"public"'), 0, "of status '5'"),
    ("ghost.json", GHOST % f"[{POST}]" % ('"published"', "5"), 0, "written as a draft"),
    (
        "ghost.json",
        GHOST % f"[{POST.replace('html', 'published_at')}]" % ('"published"', '"public"'),
        1,
        "is ignored",
    ),
    ("wxr.xml", WXR % ("utf-8", WXR_ITEM % ("g:1", MANY_DIGITS, "publish")), 1, ""),
    ("wxr.xml", WXR % ("utf-8", WXR_ITEM % ("g:1", 1, "publish") * 2), 1, "has the same id 'g:1'"),
    ("wxr.xml", WXR % ("x-nothing", WXR_ITEM % ("g:1", 1, "publish")), 1, ""),
    ("wxr.xml", WXR % ("utf-8", WXR_ITEM % ("g:1", 1, "")), 0, "without a status"),
    ("wxr.xml", WXR % ("utf-8", WXR_ITEM % ("g:1", 1, "pub\x00lish")), 1, ""),
    (
        "wxr.xml",
        (WXR % ("utf-8", WXR_ITEM % ("g:1", 1, "publish") + WXR_ITEM % ("g:2", 2, "draft")))[:-40],
        1,
        "wxr.xml:4: the XML ends early or is malformed here",
    ),
    ("blogger.xml", ATOM % (BLOGGER % "yes"), 0, "written as a draft"),
    ("blogger.xml", ATOM % (BLOGGER % "perhaps"), 0, "written as a draft"),
    ("atom.xml", ATOM % (ENTRY % "u:1" * 2), 1, "has the same id 'u:1'"),
    (
        "atom.xml",
        ATOM % (ENTRY % "u:1</id><published>99999-99-99</published><id>"),
        1,
        "is ignored: not a date",
    ),
    *(
        ("mt.txt", (MT % "Publish")[:-cut], 1, "the file ends within this entry, which may be")
        for cut in (9, 15)
    ),
    *(("mt.txt", (MT % "Draft")[:length], 0, "mt.txt:") for length in range(25, len(MT) - 5, 3)),
    ("mt.txt", MT % "", 0, "without a status"),
    ("mt.txt", MT % "Whatever", 0, "of status 'whatever'"),
    ("mt.txt", (MT % "Publish").replace("A\n", "Café\n").encode("latin-1"), 1, "read as Windows-1252"),
]


@pytest.mark.parametrize(("name", "content", "public", "message"), PARTLY)
def test_what_can_be_read_is_imported_and_nothing_private_is_public(
    tmp_path: Path, name: str, content: str | bytes, public: int, message: str
) -> None:
    imported = import_text(name, content, tmp_path / "to")

    assert len(imported.articles) == public
    notes = [note for kind in ("fault", "left out", "note", "guessed") for note in imported.of(kind)]
    assert any(message in note for note in notes) or not message
    assert all(len(note) < 400 and "Exceeds" not in note for note in notes)
