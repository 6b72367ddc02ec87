"""`broadsheet import`: what is written, what is not, what is printed, and the exit status."""

import zipfile
from pathlib import Path

import pytest

from tests.support.commands import Outcome, run
from tests.support.exports import wordpress_post
from tests.support.import_folder import IMPORTS

UPLOADS = "https://old.example/wp-content/uploads/2019"
RSS = '<rss version="2.0"><channel>{}</channel></rss>'
ITEM = "<item><title>{0}</title><guid>urn:x:{0}</guid><description>{1}</description></item>"


def feed(path: Path, *items: tuple[str, str]) -> Path:
    path.write_text(RSS.format("".join(ITEM.format(*item) for item in items)), "utf-8")
    return path


def test_help_has_an_example(tmp_path: Path) -> None:
    result = run("import", "--help", cwd=tmp_path)

    assert result.returncode == 0
    assert "broadsheet import wordpress.xml --to content" in result.stdout


def test_import_then_check_finds_nothing(tmp_path: Path) -> None:
    result = bring(tmp_path, *map(str, sorted(IMPORTS.glob("*.xml"))))

    assert result.returncode == 0
    assert "5 files written, 2 drafts, 2 with some HTML" in result.stderr
    assert run("check", "--content", "to", cwd=tmp_path).returncode == 0


def bring(tmp_path: Path, *arguments: str) -> Outcome:
    return run("import", *arguments, "--to", "to", cwd=tmp_path)


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    source = str(feed(tmp_path / "f.rss", ("One", "a"), ("Two", "b")))
    bring(tmp_path, source)
    result = bring(tmp_path, source)

    assert (result.returncode, result.stdout) == (0, "")
    assert "0 files written, 2 unchanged" in result.stderr


def test_existing_files_are_kept_without_force(tmp_path: Path) -> None:
    bring(tmp_path, str(feed(tmp_path / "f.rss", ("One", "a"))))
    (tmp_path / "to" / "one.md").rename(tmp_path / "to" / "mine.md")
    written = (tmp_path / "to" / "mine.md").read_text("utf-8") + "My own words.\n"
    (tmp_path / "to" / "mine.md").write_text(written, "utf-8")
    kept = bring(tmp_path, str(tmp_path / "f.rss"))

    assert kept.returncode == 0
    assert kept.stdout == "mine.md: exists and differs; kept (--force overwrites it)\n"
    assert "1 kept as they were" in kept.stderr
    assert (tmp_path / "to" / "mine.md").read_text("utf-8") == written
    assert [file.name for file in (tmp_path / "to").iterdir()] == ["mine.md"], "its id is known by any name"

    forced = bring(tmp_path, str(tmp_path / "f.rss"), "--force")

    assert "1 replaced" in forced.stderr
    assert "My own words" not in (tmp_path / "to" / "mine.md").read_text("utf-8")


def test_another_article_of_that_name_gets_a_name_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "one.md").write_text("---\ntitle: One\nid: urn:x:mine\n---\nMine.\n", "utf-8")
    bring(tmp_path, str(feed(tmp_path / "f.rss", ("One", "a"))))

    assert len(list((tmp_path / "to").iterdir())) == 2
    assert "Mine." in (tmp_path / "to" / "one.md").read_text("utf-8")
    assert run("check", "--content", "to", cwd=tmp_path).returncode == 0


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    result = bring(tmp_path, str(feed(tmp_path / "f.rss", ("One", "a"))), "--dry-run")

    assert result.stdout == "one.md: would be written from f.rss, item 1\n"
    assert "1 file would be written" in result.stderr
    assert not (tmp_path / "to").exists()


def test_fault_of_one_item_stops_no_other_and_exits_1(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('{"version": "https://jsonfeed.org/version/1",', "utf-8")
    result = bring(tmp_path, "broken.json", str(feed(tmp_path / "f.rss", ("One", "a"))))

    assert result.returncode == 1
    assert "could not be imported: broken.json:1: this is not JSON" in result.stderr
    assert "1 file written, 1 could not be imported" in result.stderr
    assert (tmp_path / "to" / "one.md").exists()


def test_the_summary_counts_what_was_not_public_and_what_stays_elsewhere(tmp_path: Path) -> None:
    comment = "<wp:comment><wp:comment_content>Nice.</wp:comment_content></wp:comment>"
    private = (
        wordpress_post("private", more=comment * 2).replace("/secret/", "/other/").replace("?p=1", "?p=2")
    )
    public = wordpress_post("publish", more=comment).replace(
        "Only for some.", f'<img src="{UPLOADS}/a.jpg"> <img src="{UPLOADS}/b.jpg">'
    )
    item = private[private.index("<item>") : private.index("</channel>")]
    both = public.replace("</channel>", f"{item}</channel>")
    with zipfile.ZipFile(tmp_path / "wordpress.zip", "w") as archive:
        archive.writestr("export/wordpress.xml", both)
    (tmp_path / "uploads" / "2019").mkdir(parents=True)
    (tmp_path / "uploads" / "2019" / "a.jpg").write_text("pixels", "utf-8")
    alone = bring(tmp_path, "wordpress.zip", "--dry-run")
    result = bring(tmp_path, "wordpress.zip", "--media", "uploads")

    assert (alone.returncode, result.returncode) == (0, 0)
    assert "pictures and recordings at their old addresses: old.example 2; --media DIR" in alone.stderr
    assert "written as drafts: private 1\n" in result.stderr
    assert "left out: comments 3\n" in result.stderr
    assert "pictures and recordings at their old addresses: old.example 1\n" in result.stderr
    assert f"{UPLOADS}/b.jpg is not in the media folder" in result.stderr
    assert (tmp_path / "to" / "media" / "2019" / "a.jpg").read_text("utf-8") == "pixels"
    assert run("check", "--content", "to", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "Missing argument"),
        (["nowhere.xml", "--to", "to"], "does not exist"),
        (["."], "Missing option '--to'"),
        ([".", "--to", "."], "into itself"),
        ([".", "--to", "to", "--base", "example.org"], "invalid address 'example.org'"),
        ([".", "--to", "to", "--media", "nowhere"], "does not exist"),
    ],
)
def test_wrong_use_exits_2(tmp_path: Path, arguments: list[str], expected: str) -> None:
    result = run("import", *arguments, cwd=tmp_path)

    assert result.returncode == 2
    assert expected in result.stderr
    assert "Traceback" not in result.stderr


def test_unwritable_folder_leaves_no_partial_file(tmp_path: Path) -> None:
    (tmp_path / "to").write_text("a file, no folder", "utf-8")
    result = bring(tmp_path, str(feed(tmp_path / "f.rss", ("One", "a"))))

    assert result.returncode == 2
    assert "Traceback" not in result.stderr
