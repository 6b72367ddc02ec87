"""Building: only what has changed is read, nothing is forgotten, and any history ends in the same index."""

import os
import random
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from service.content import LoadedFile
from service.content.records import FilePart
from service.index import Index, Moved
from service.index.database import writing
from service.index.differences.changed_articles import ChangedArticles
from service.index.visibility import VisibilityWriter
from service.index.writer import ArticleWriter
from service.ingest import Report, refresh, refresh_index
from service.ingest.parse import to_parsed_file
from service.model import Site
from service.query import FacetKind, Query
from tests.support.builders import article, at
from tests.support.index_folder import NOW, Folder, collect

OLD = 1_500_000_000


def age(folder: Folder) -> None:
    """Let every file be old, so that its mtime is believed."""
    for path in folder.root.rglob("*.*"):
        os.utime(path, (OLD, OLD))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.write("one", date="2019-01-01", tags=["Iraq", "Oil"], author="Ann", source={"name": "The Post"})
    folder.write("two", date="2019-01-01", tags=["Iraq"], language="de")
    folder.write("three", tags=["oil"])
    age(folder)
    return folder


def everything(folder: Folder) -> dict[str, Any]:
    """All the index tells, whatever its rows are."""

    kinds: tuple[FacetKind, ...] = ("tag", "author", "source", "language")
    with closing(sqlite3.connect(folder.file)) as connection:
        fts = connection.execute(
            "INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')"
        ).fetchall()
        counted = connection.execute("SELECT kind, slug, articles FROM terms ORDER BY kind, slug").fetchall()
        carried = connection.execute(
            "SELECT kind, slug, count(*) FROM article_terms JOIN terms USING (term)"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()
        rows = connection.execute("SELECT id FROM visible ORDER BY row").fetchall()
        (texts,) = connection.execute("SELECT count(*) FROM articles_fts_docsize").fetchone()
    assert fts == []
    assert texts == len(rows)
    assert counted == carried
    return {
        "articles": folder.everything(),
        "updated": folder.collect(Query(sort="updated")),
        "rows": rows,
        "facets": [folder.facets(kind) for kind in kinds],
        "searches": [folder.slugs(q=q) for q in ("text", "one", "text -one", "changed", "tex*")],
        "ranked": folder.slugs(q="text one", sort="relevance"),
        "tagged": folder.slugs(tags=("iraq",)),
    }


def test_a_build_reports_what_it_found(folder: Folder) -> None:
    folder.write("later", date="2030-01-01")
    (folder.root / "bad.md").write_text("---\ntitle: [\n---\n")
    report = folder.refresh()
    assert (report.files, report.read, report.articles, report.scheduled) == (5, 5, 3, 1)
    assert [fault.path for fault in report.faults] == ["bad.md"]
    assert report.next_transition == at("2030-01-01")


def test_only_what_has_changed_is_read(folder: Folder) -> None:
    first = folder.refresh()
    assert folder.refresh() == msgspec.structs.replace(first, read=0, references=frozenset())
    path = folder.write("two", date="2019-01-01", tags=["Iraq"], language="de", text="Changed.")
    second = folder.refresh()
    assert (second.read, second.articles) == (1, 3)
    assert second.revision != first.revision
    assert folder.slugs(q="changed") == ["two"]
    assert folder.slugs(q='"text of two"') == []
    path.touch()
    assert folder.refresh() == msgspec.structs.replace(second, read=0, references=frozenset())


def test_unchanged_file_is_not_opened(folder: Folder) -> None:
    age(folder)
    folder.refresh()
    with closing(sqlite3.connect(folder.file)) as connection:
        connection.execute("UPDATE source_files SET sha256 = 'of other bytes'")
        connection.commit()
    assert folder.refresh().read == 0
    os.utime(folder.root / "one.json", (OLD + 1, OLD + 1))
    assert folder.refresh().read == 1


def test_other_bytes_of_the_same_length_and_mtime_are_noticed(folder: Folder) -> None:
    """As an archive unpacks them, or `cp -p`: the mtime may be any, but not the ctime."""
    age(folder)
    folder.refresh()
    path = folder.root / "one.json"
    before = path.stat()
    path.write_text(path.read_text().replace("Text", "Tale"))
    os.utime(path, (OLD, OLD))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert folder.refresh().read == 1
    assert folder.slugs(q="tale") == ["one"]


def test_a_file_written_twice_within_a_moment_is_looked_at_again(folder: Folder) -> None:
    path = folder.root / "one.json"
    now = int(NOW.timestamp())
    os.utime(path, (now, now))
    folder.refresh()
    path.write_text(path.read_text().replace("Text", "Tale"))
    os.utime(path, (now, now))
    assert folder.refresh().read == 1


def test_faults_of_files_that_did_not_change_are_reported_again(folder: Folder) -> None:
    (folder.root / "bad.md").write_text("---\ntitle: [\n---\n")
    folder.write("copy", slug="one", id="id:copy")
    age(folder)
    first = folder.refresh()
    assert {fault.path for fault in first.faults} == {"bad.md", "copy.json"}
    assert folder.refresh().faults == first.faults
    (folder.root / "bad.md").unlink()
    folder.remove("copy")
    assert folder.refresh().faults == ()


def test_unstorable_article_affects_no_other(folder: Folder) -> None:
    with writing(folder.file) as connection:
        changed = ChangedArticles(connection)
        with VisibilityWriter(connection, 0, changed) as visibility_writer:
            writer = ArticleWriter(connection, visibility_writer, changed, 0)
            articles = (
                article("huge", extra={"number": 10**30}, path="a"),
                article("fine", number=1, path="a"),
            )
            parsed = to_parsed_file(FilePart("a", 0), b"", LoadedFile(articles), folder.site)
            writer.replace("a", parsed.rows)
            writer.assign_identities(folder.site)
            assert connection.execute("SELECT slug FROM documents").fetchall() == [("fine",)]
    (fault,) = parsed.faults
    assert (fault.path, fault.line) == ("a", 1)
    assert "cannot be stored" in fault.message


def test_incremental_and_fresh_builds_agree(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311
    changing, fresh = Folder(tmp_path / "changing"), Folder(tmp_path / "fresh")
    for _ in range(40):
        name = f"a{chance.randrange(12)}"
        if (changing.root / f"{name}.json").exists() and chance.random() < 0.4:
            changing.remove(name)
        else:
            changing.write(
                name,
                id=None if chance.random() < 0.5 else f"id:{name}",
                slug=chance.choice(["same", name]),
                date=chance.choice([None, "2019-01-01", "2019-01-02", "2031-01-01"]),
                updated=chance.choice([None, "2021-01-01"]),
                tags=chance.sample(["Iraq", "iraq", "Oil", "Iran"], 2),
                language=chance.choice(["en", "de", "en-GB"]),
                withdrawn=chance.choice([None, None, "wrong"]),
                expires=chance.choice([None, None, "2020-01-01"]),
                text=chance.choice(["One text.", "A changed text.", "Running ministries."]),
            )
        last = changing.refresh()
    shutil.copytree(changing.root, fresh.root, dirs_exist_ok=True)
    for path in fresh.root.iterdir():
        os.utime(path, (OLD, OLD))
    # What was read, and what it remembers of articles that moved, is the index's own history.
    of_this_build = {name: getattr(last, name) for name in ("read", "notices", "references")}
    assert msgspec.structs.replace(fresh.refresh(), **of_this_build) == last
    assert everything(fresh) == everything(changing)


@pytest.mark.parametrize(
    ("site", "read"),
    [
        ({"title": "Another"}, 0),
        ({"language": "fr"}, 3),
        ({"time_zone": "Asia/Tokyo"}, 3),
        ({"id_authority": "example.org", "id_year": 2020}, 3),
    ],
)
def test_site_facts_move_the_revision_and_may_change_articles(
    folder: Folder, site: dict[str, Any], read: int
) -> None:
    first = folder.refresh()
    folder.site = Site(**site)
    second = folder.refresh()
    assert second.read == read
    assert second.revision.content != first.revision.content
    assert everything(folder)["articles"] != []


def test_a_new_version_of_loading_reads_everything(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    first = folder.refresh()
    for module in ("ingest.refresh", "index.state"):
        monkeypatch.setattr(f"service.{module}.CONTENT_VERSION", 1_000_000)
    second = folder.refresh()
    assert second.read == 3
    assert second.revision != first.revision


def test_one_index_may_be_given_another_folder(folder: Folder, tmp_path: Path) -> None:
    folder.refresh()
    other = tmp_path / "other"
    shutil.copytree(folder.root, other)
    text = (other / "one.json").read_text()
    (other / "one.json").write_text(text.replace("one", "eno"))
    os.utime(other / "one.json", (OLD, OLD))
    report = refresh_index(folder.url, other, folder.site, now=NOW)
    assert (report.read, report.articles) == (1, 3)
    assert "eno" in folder.slugs()


def test_removed_files_vanish(folder: Folder) -> None:
    folder.refresh()
    folder.remove("one")
    report = folder.refresh()
    assert (report.files, report.read, report.articles) == (2, 0, 2)
    assert folder.slugs(sources=("the-post",)) == []
    assert folder.facets("source") == ()


def test_articles_may_trade_slugs(folder: Folder) -> None:
    folder.refresh()
    folder.write("one", slug="two", date="2019-01-01")
    folder.write("two", slug="one", date="2019-01-01")
    folder.refresh()
    article = folder.find_article("two")
    assert not isinstance(article, Moved)
    assert article.path == "one.json"


def test_one_line_of_a_file_changes_alone(folder: Folder) -> None:
    records = [{"slug": f"line-{number}", "id": f"id:{number}", "title": "T"} for number in range(5)]
    folder.write_many("lines", records)
    folder.refresh()
    records[3]["title"] = "Changed"
    folder.write_many("lines", records[:4])
    assert folder.refresh().articles == 7
    assert folder.slugs(q="changed") == ["line-3"]
    assert folder.locate("lines.jsonl") == "line-0"


@pytest.mark.parametrize("at_once", [1, refresh.FILES_AT_ONCE])
def test_progress_is_reported_for_every_file(
    folder: Folder, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "FILES_AT_ONCE", at_once)
    reported: list[tuple[int, int]] = []
    refresh_index(
        folder.url, folder.root, folder.site, now=NOW, progress=lambda *counts: reported.append(counts)
    )
    assert reported == [(1, 3), (2, 3), (3, 3)]


def test_files_that_are_parsed_in_several_turns_give_the_same_index(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write_many("many", [{"slug": f"m{n}", "id": f"m{n}"} for n in range(50)])
    age(folder)
    files = {at_once: tmp_path / f"{at_once}.db" for at_once in (1, 3, refresh.FILES_AT_ONCE)}
    for at_once, file in files.items():
        monkeypatch.setattr(refresh, "FILES_AT_ONCE", at_once)
        refresh_index(f"sqlite:///{file}", folder.root, folder.site, now=NOW)
    assert len({file.read_bytes() for file in files.values()}) == 1


def test_two_builders_at_once_both_end_well(folder: Folder) -> None:
    reports: list[Report] = []
    folder.write_many("many", [{"slug": f"m{n}", "id": f"m{n}"} for n in range(500)])
    builders = [threading.Thread(target=lambda: reports.append(folder.refresh())) for _ in range(4)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert sorted(report.read for report in reports) == [0, 0, 0, 4]
    assert {report.revision for report in reports} == {reports[0].revision}
    assert {report.articles for report in reports} == {503}


def test_readers_see_a_build_when_it_is_complete(folder: Folder) -> None:
    first = folder.refresh()

    async def half_a_build(index: Index) -> None:
        with writing(folder.file) as connection:
            connection.execute("DELETE FROM visible")
            assert len(await collect(index, Query(), 100)) == 3
            raise LookupError

    async def seen(index: Index) -> None:
        with pytest.raises(LookupError):
            await half_a_build(index)
        assert await index.revision() == first.revision
        folder.write("four", date="2019-01-05")
        second = folder.refresh()
        assert await index.revision() == second.revision != first.revision
        assert len(await collect(index, Query(), 100)) == 4

    folder.ask(seen)
