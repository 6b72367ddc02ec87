"""An article that moved without saying so is recognised by the index, and reported with the line to add."""

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.index import Moved, made_from, read_rename_notices
from service.ingest import refresh_index
from service.model import Site
from tests.support.commands import run
from tests.support.index_folder import NOW, Folder

SITE = Site(id_authority="example.org", id_year=2026)
ID = "tag:example.org,2026:en/vote"
AGAIN = f"it was served as {ID}, and readers see it a second time now"
VOTE: dict[str, Any] = {"title": "The vote", "id": None, "slug": None, "text": "How they voted."}

Change = Callable[[Folder], object]


def write(name: str, **facts: Any) -> Change:
    return lambda folder: folder.write(name, **(VOTE | facts))


def move(name: str, **facts: Any) -> Change:
    def moved(folder: Folder) -> None:
        folder.remove("vote")
        folder.write(name, **(VOTE | facts))

    return moved


def lines(*titles: str) -> Change:
    return lambda folder: folder.write_many("many", [{"title": title, "slug": title} for title in titles])


UNTOLD: list[tuple[str, Change]] = [
    ("nothing", write("vote")),
    ("an edit", write("vote", text="How they really voted.")),
    ("a title", write("vote", title="They voted")),
    ("another folder", move("2019/vote")),
    ("a new name that is declared", move("ballot", aliases=["vote"])),
    ("a new slug that is declared", write("vote", slug="ballot", aliases=["vote"])),
    ("a new name for the same slug", move("ballot", slug="vote")),
    ("an id that its author writes", write("vote", id="urn:x:1")),
    ("a deletion", lambda folder: folder.remove("vote")),
    ("a deletion, and something else", move("news", title="News", text="Something else.")),
    ("an article more with the same text", write("copy")),
    ("a line more above", lines("zero", "one", "two")),
    ("a line fewer", lines("two")),
]
RENAMES: list[tuple[str, Change, str]] = [
    (
        "a new name",
        move("ballot"),
        f"ballot.json:1: it seems to be vote.json, moved: {AGAIN}; add `aliases: [vote]`",
    ),
    (
        "a new name and title",
        move("ballot", title="The ballot"),
        f"ballot.json:1: it seems to be vote.json, moved: {AGAIN}; add `aliases: [vote]`",
    ),
    (
        "a new slug",
        write("vote", slug="ballot"),
        f"vote.json:1: {AGAIN}; add `aliases: [vote]`",
    ),
    (
        "another language",
        write("vote", language="fr"),
        f"vote.json:1: {AGAIN}; add `id: {ID}`",
    ),
    (
        "a new slug beside an alias",
        write("moved", slug="there", aliases=["first"], id="urn:x:m", title="Moved", text="Moved."),
        "moved.json:1: it was at /articles/here, which leads nowhere now; put 'here' before the others",
    ),
    (
        "a new name with an id of its own",
        move("ballot", id="urn:x:1"),
        f"moved: {AGAIN}; write `id: {ID}` and add `aliases: [vote]`",
    ),
]


def write_authors(folder: Folder) -> None:
    (folder.root / "authors.yml").write_text("ann: {name: Ann}\n", "utf-8")


def change_time_zone(folder: Folder) -> None:
    folder.site = Site(id_authority="example.org", id_year=2026, time_zone="Europe/Paris")


REASONS_TO_READ_EVERYTHING: list[tuple[str, Change]] = [
    ("a setting", change_time_zone),
    ("a file of authors", write_authors),
    ("another version", lambda _: None),
]
"""Why every file is read again; "another version" of what reads them is set by the test."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path, SITE)
    folder.write("vote", **VOTE)
    folder.write("moved", slug="here", aliases=["first"], id="urn:x:m", title="Moved", text="Moved.")
    lines("one", "two")(folder)
    folder.refresh()
    return folder


@pytest.mark.parametrize("change", [item for _, item in UNTOLD], ids=[name for name, _ in UNTOLD])
def test_declared_moves_and_other_changes_are_not_reported(folder: Folder, change: Change) -> None:
    change(folder)

    assert folder.refresh().notices == ()


@pytest.mark.parametrize(
    ("change", "expected"), [row[1:] for row in RENAMES], ids=[row[0] for row in RENAMES]
)
def test_moves_are_reported_until_declared(folder: Folder, change: Change, expected: str) -> None:
    change(folder)

    first, second = folder.refresh().notices, folder.refresh().notices

    assert [expected in str(notice) for notice in first] == [True]
    assert first == second == read_rename_notices(folder.url, SITE), "until it is mended"


@pytest.mark.parametrize("is_partial", [False, True])
@pytest.mark.parametrize("same_folder", [False, True])
@pytest.mark.parametrize(("name", "reason"), REASONS_TO_READ_EVERYTHING)
def test_moves_are_recognised_where_every_file_is_read_again(
    folder: Folder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    reason: Change,
    *,
    same_folder: bool,
    is_partial: bool,
) -> None:
    """Articles, lines and pages that moved are recognised as if nothing else had changed."""
    for path, text in (("pages/about.md", "Who we are."), ("pages/team.md", "The team.")):
        file = folder.root / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"---\ntitle: {text}\n---\n{text}\n", "utf-8")
    folder.write_many(
        "many", [{"title": each, "slug": each, "text": f"Text of {each}."} for each in ("one", "two")]
    )
    folder.write("kept", text="Kept.")
    folder.write("gone", text="Gone.")
    folder.refresh()
    alone = folder.copy_to(Folder(tmp_path / "alone", SITE))
    alone.refresh()
    for each in (alone, folder):
        move("ballot")(each)
        each.remove("gone")
        (each.root / "pages/about.md").rename(each.root / "pages/firm.md")
        each.write_many("many", [{"title": "one", "slug": "one", "text": "Text of one."}])
        each.write_many("more", [{"title": "two", "slug": "deux", "text": "Text of two."}])
    reason(folder)
    if name == "another version":
        monkeypatch.setattr(importlib.import_module("service.ingest.refresh"), "CONTENT_VERSION", "other")
    if not same_folder:
        folder.root = folder.root.rename(folder.root.with_name("moved"))
    paths = ["vote.json", "ballot.json", "gone.json", "pages/", "pages/about.md", "pages/firm.md"]
    paths += ["many.jsonl", "more.jsonl", "authors.yml"]

    report = refresh_index(folder.url, folder.root, folder.site, now=NOW, paths=paths if is_partial else None)

    assert report.read == report.files, "every file was read"
    assert report.notices == alone.refresh().notices
    assert [notice.path for notice in report.notices] == ["ballot.json", "more.jsonl", "pages/firm.md"]
    assert folder.refresh().notices == report.notices


def test_an_article_that_gets_the_slug_and_id_of_another_is_reported_as_both_are(folder: Folder) -> None:
    write("vote", date="2024-01-01")(folder)
    write("second", slug="vote", date="2024-02-02", text="Another vote.")(folder)
    folder.refresh()
    assert not isinstance(folder.find_article("vote-2024-02-02"), Moved)
    write("vote", slug="ballot", date="2024-01-01")(folder)

    report = folder.refresh()

    second, first = (str(notice) for notice in report.notices)
    assert f"second.json:1: it was served as {ID}-2024-02-02" in second
    assert f"vote.json:1: {AGAIN}; add `aliases: [vote]`" in first
    assert folder.find_article("vote-2024-02-02") == Moved("vote")


def test_advised_line_resolves_the_notice(folder: Folder) -> None:
    move("ballot")(folder)
    folder.refresh()
    write("ballot", aliases=["vote"])(folder)

    assert folder.refresh().notices == ()
    assert ID in {article.id for article in folder.everything()}
    assert folder.find_article("vote").slug == "ballot"


def test_article_moved_twice_is_reported_by_its_first_name(folder: Folder) -> None:
    move("ballot")(folder)
    folder.refresh()
    folder.remove("ballot")
    write("election")(folder)
    (notice,) = folder.refresh().notices

    assert notice.path == "election.json"
    assert f"it was served as {ID}" in notice.message
    assert "add `aliases: [vote]`" in notice.message


def test_ambiguous_move_is_not_reported(folder: Folder) -> None:
    folder.remove("vote")
    write("ballot")(folder)
    write("election")(folder)

    assert folder.refresh().notices == ()


def test_another_authority_renames_every_article(folder: Folder) -> None:
    folder.site = Site(id_authority="example.net", id_year=2026)
    renamed = {notice.path for notice in folder.refresh().notices}

    assert renamed == {"vote.json", "many.jsonl"}, "the third says its id"


def test_moves_change_no_id(folder: Folder, tmp_path: Path) -> None:
    move("ballot")(folder)
    folder.refresh()
    other = Folder(tmp_path / "other", SITE)
    for file in folder.root.iterdir():
        (other.root / file.name).write_bytes(file.read_bytes())
    other.refresh()

    assert [article.id for article in folder.everything()] == [article.id for article in other.everything()]


def test_an_index_of_another_folder_is_known_as_such(folder: Folder, tmp_path: Path) -> None:
    assert made_from(folder.url, folder.root)
    assert not made_from(folder.url, tmp_path)
    assert not made_from(f"sqlite:///{tmp_path}/none.db", folder.root)


def test_moves_in_json_lines_are_reported_at_their_line(folder: Folder) -> None:
    records = [{"title": "one", "slug": "one"}, {"title": "two", "slug": "deux"}]
    folder.write_many("many", records)
    (notice,) = folder.refresh().notices

    assert str(notice).startswith("many.jsonl:2: it was served as tag:example.org,2026:en/two")
    assert json.loads((folder.root / "many.jsonl").read_text().splitlines()[1])["slug"] == "deux"


def test_check_and_index_report_renames_as_notes(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "vote.md").write_text("---\ntitle: The vote\n---\nHow they voted.\n", "utf-8")
    run("index", cwd=tmp_path)
    (content / "vote.md").rename(content / "ballot.md")
    before = run("check", cwd=tmp_path)
    indexed = run("index", cwd=tmp_path)
    after = run("check", cwd=tmp_path)

    assert before.returncode == after.returncode == 0
    assert "ballot.md:1: note: its id was urn:uuid:" in before.stdout
    assert "ballot.md:1: it seems to be vote.md, moved: it was served as urn:uuid:" in indexed.stderr
    assert "ballot.md:1: note: it seems to be vote.md, moved: it was served as urn:uuid:" in after.stdout
    assert "add `aliases: [vote]`" in before.stdout
    assert "add `aliases: [vote]`" in after.stdout
