"""`check` reads the feeds it would serve: bad input never breaks one, and is reported with its line."""

import asyncio
from pathlib import Path

import pytest

from service.cli.checks.feeds import FeedCheck, lint_feeds
from service.formats import FEEDS
from service.formats.lint import Document, LintedEntry, lint
from service.ingest import refresh_index
from service.server import application_client
from service.settings import Settings
from service.urls import LISTING_PATHS, FormatName
from tests.support.builders import at
from tests.support.commands import run
from tests.support.feed_rules import atom_faults, json_feed_faults, rss_faults
from tests.support.in_memory_site import settings

MATTER = "---\ntitle: {title}\nid: urn:x:{name}\ndate: 2019-01-28\n{more}---\n{text}\n"
GOOD = MATTER.format(title="Good", name="good", more="", text="A good text.")

FAULTS: list[tuple[str, str | bytes, str]] = [
    (
        "cdata.md",
        MATTER.format(title="A", name="a", more="", text="x = a[b[0]]>1"),
        "cdata.md:6: note: `]]>`",
    ),
    (
        "control.md",
        MATTER.format(title="A\x07B", name="a", more="", text="\x0bx\x00"),
        "control.md:2: a control",
    ),
    (
        "surrogate.json",
        b'{"title": "Half", "id": "urn:x:a",\n"text": "a \\ud83d b \\ud83d\\ude00 \\udc00"}',
        "surrogate.json:2: an unpaired surrogate (\\ud83d) and 1 more like it",
    ),
    (
        "escape.jsonl",
        b'{"title": "Bell", "id": "urn:x:a", "text": "\\\\u0007 \\u0007"}',
        "escape.jsonl:1: a control character (\\u0007): feeds must not contain it",
    ),
    (
        "nested.html",
        MATTER.format(title="A", name="a", more="", text="<div>" * 10_000 + "x" + "</div>" * 10_000),
        "nested.html:1: 'A' in feeds: the text is nested so deep",
    ),
    (
        "bold.html",
        MATTER.format(title="A", name="a", more="", text="<b>" * 10_000 + "x" + "</b>" * 10_000),
        "bold.html:1: 'A' in feeds: the text is nested so deep",
    ),
    (
        "quotes.md",
        MATTER.format(title="A", name="a", more="", text="> " * 10_000 + "x"),
        "quotes.md:1: 'A' in feeds: the text is nested so deep",
    ),
    (
        "large.md",
        MATTER.format(title="A", name="a", more="", text="word " * 1_000_000),
        "large.md:1: note: 'A' in feeds: it takes 5.0 MB of a feed",
    ),
    (
        "broken.md",
        MATTER.format(title="A", name="a", more='enclosure: "http://[::1"\n', text="x"),
        "broken.md:5: attachment url 'http://[::1' is not an address",
    ),
    (
        "typed.md",
        MATTER.format(
            title="A", name="a", more="enclosure: {url: https://x.example/b.mp3, type: loud}\n", text="x"
        ),
        "typed.md:5: invalid attachment mime_type 'loud'",
    ),
    (
        "lengthless.md",
        MATTER.format(title="A", name="a", more="enclosure: https://x.example/b.mp3\n", text="x"),
        "lengthless.md:1: note: 'A' in feeds: the length of the enclosure 'https://x.example/b.mp3'",
    ),
    (
        "titled.md",
        MATTER.format(title="Use &amp;amp; or &lt;b&gt;", name="a", more="", text="x"),
        "titled.md:1: note: 'Use &amp; or <b>' in feeds: the title contains '&amp;', which half",
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with one good article in `content`."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "good.md").write_text(GOOD, "utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with every fault there is in `content`, and one good article."""
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "content").mkdir()
    (folder / "content" / "good.md").write_text(GOOD, "utf-8")
    for name, written, _ in FAULTS:
        data = written if isinstance(written, bytes) else written.encode()
        (folder / "content" / name).write_bytes(data.replace(b"urn:x:a", f"urn:x:{name}".encode()))
    return folder


def test_every_fault_is_reported_with_its_place(faulty: Path) -> None:
    result = run("check", cwd=faulty)

    assert [message for _, _, message in FAULTS if message not in result.stdout] == [], result.stdout
    assert result.returncode == 1
    assert "Traceback" not in result.stderr


def test_no_fault_breaks_a_feed(faulty: Path) -> None:
    documents = asyncio.run(feeds(indexed(faulty)))

    assert [fault for body in documents["atom"] for fault in atom_faults(body)] == []
    assert [fault for body in documents["rss"] for fault in rss_faults(body)] == []
    assert [fault for body in documents["jsonfeed"] for fault in json_feed_faults(body)] == []
    for bodies in documents.values():
        assert b"A good text." in b"".join(bodies)


def test_a_note_is_no_fault(folder: Path) -> None:
    (folder / "content" / FAULTS[0][0]).write_bytes(str(FAULTS[0][1]).encode())
    result = run("check", cwd=folder)

    assert (result.returncode, result.stdout) == (
        0,
        "cdata.md:6: note: `]]>` in the text: feeds contain it escaped\n",
    )


def test_a_script_that_is_left_out_is_a_note(folder: Path) -> None:
    (folder / "content" / "good.md").write_text(GOOD + "\n<script>x()</script>\n", "utf-8")
    line = GOOD.count("\n") + 2
    note = (
        f"good.md:{line}: note: left out with their content: <script>;"
        " to show such a tag as text, write &lt; for its <\n"
    )

    checked = run("check", cwd=folder)
    indexed_now = run("index", "--index", f"sqlite:///{folder}/index.db", cwd=folder)

    assert (checked.returncode, checked.stdout) == (0, note)
    assert note in indexed_now.stderr
    assert "0 faults" in indexed_now.stdout


def test_every_page_is_read_and_ids_are_unique_across_them(folder: Path) -> None:
    lines = "\n".join(f'{{"title": "T{number}", "text": "x", "date": "2019"}}' for number in range(120))
    (folder / "content" / "many.jsonl").write_text(lines, "utf-8")

    linted = asyncio.run(lint_feeds(indexed(folder)))

    assert linted.documents > 9, "three documents in three formats, and the archives of two"
    assert linted.faults == ()


def test_undated_articles_are_in_order_though_feeds_date_them(folder: Path) -> None:
    (folder / "content" / "old.md").write_text(
        GOOD.replace("2019", "1995").replace("urn:x:g", "urn:x:o"), "utf-8"
    )
    (folder / "content" / "undated.md").write_text("---\ntitle: Undated\n---\nx\n", "utf-8")

    assert asyncio.run(lint_feeds(indexed(folder))).faults == ()


def test_future_dates_and_repeated_entries_are_found() -> None:
    entry = LintedEntry("urn:x:a", at("2019-01-28"), at("2019-02-01"), (), 100)
    walk = FeedCheck(at("2019-01-30"), "https://example.org")

    assert [item.message for item in walk.check_document(Document((entry, entry)), 1000)] == [
        "its `updated` is in the future: 2019-02-01T00:00:00Z",
        "the feed contains it twice",
        "its `updated` is in the future: 2019-02-01T00:00:00Z",
    ]


def test_length_of_a_served_file_is_compared(folder: Path) -> None:
    (folder / "content" / "talk.mp3").write_bytes(b"x" * 1000)
    (folder / "content" / "talk.md").write_text(
        MATTER.format(title="Talk", name="talk", more="attachments: [talk.mp3]\n", text="x"), "utf-8"
    )
    chosen = indexed(folder)
    fine = asyncio.run(lint_feeds(chosen))
    (folder / "content" / "talk.mp3").write_bytes(b"x" * 900)
    lint_faults = asyncio.run(lint_feeds(chosen))

    assert (fine.faults, fine.notes) == ((), ())
    (fault,) = lint_faults.faults
    assert str(fault) == (
        "talk.md:1: 'Talk' in feeds: the enclosure http://localhost:8000/files/talk.mp3 has 900 bytes,"
        " the feed says 1000"
    )


def test_articles_without_an_id_are_counted_and_named_when_asked(folder: Path) -> None:
    (folder / "content" / "unnamed.md").write_text("---\ntitle: U\n---\nx\n", "utf-8")

    result, explained = run("check", cwd=folder), run("check", "--explain", cwd=folder)

    assert (result.returncode, result.stdout) == (0, "")
    assert "1 article has no `id:`" in result.stderr
    assert "unnamed.md:1: note: no `id:`; its id is urn:uuid:" in explained.stdout
    assert explained.returncode == 0


def indexed(folder: Path) -> Settings:
    """Settings for the articles in `folder`, after a build."""
    chosen = settings(folder / "content", index=f"sqlite:///{folder}/index.db")
    refresh_index(chosen.index, chosen.content, chosen.site)
    return chosen


async def feeds(chosen: Settings) -> dict[FormatName, list[bytes]]:
    """Every document of the main feed, by format."""
    documents: dict[FormatName, list[bytes]] = {form: [] for form in FEEDS}
    async with application_client(chosen) as client:
        for form, bodies in documents.items():
            address: str | None = LISTING_PATHS[form]
            while address:
                bodies.append((await client.get(address)).content)
                address = lint(form, bodies[-1]).next_url
    return documents
