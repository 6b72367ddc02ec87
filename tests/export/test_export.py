"""What `broadsheet export` writes, leaves, removes and refuses."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from service.errors import ExportError
from service.export.file_names import Layout, file_name
from service.export.record import ExportedFile, FileFacts
from service.export.targets.folder import TEMPORARY, open_folder
from service.export.targets.target import MARKER
from service.index import now
from tests.support.static_site import export, write_site

PUBLIC = "https://static.example"
HTML = "text/html; charset=utf-8"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `content` and its export in `public`."""
    work = tmp_path_factory.mktemp("exported")
    write_site(work / "content", PUBLIC, articles=8)
    result = export(work / "content", work / "public", work)
    assert (result.returncode, result.stdout) == (0, "")
    return work


@pytest.fixture
def site(exported: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(exported, tmp_path / "site")
    return tmp_path / "site"


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """The inode and modification time of every file."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and MARKER not in path.parts
    }


def test_only_what_changed_is_written_and_printed(site: Path) -> None:
    public = site / "public"
    before = state(public)
    path = site / "content/n5.md"
    path.write_text(path.read_text("utf-8").replace("Long. Long.", "Short."), "utf-8")
    (site / "content/n7.md").unlink()
    (site / "content/p4.gif").write_bytes(b"GIF89a")
    result = export(site / "content", public, site)
    assert result.returncode == 0, result.stderr
    printed = set(result.stdout.split())
    after = state(public)
    rewritten = {name for name in before if before[name] != after.get(name)}
    assert {f"{PUBLIC}/articles/n5", f"{PUBLIC}/articles/n5.json", f"{PUBLIC}/articles/n7"} <= printed
    assert {f"{PUBLIC}/files/p4.gif", f"{PUBLIC}/tags/all"} <= printed
    assert "articles/n5/index.html" in rewritten
    assert "articles/n5.json.gz" in rewritten
    assert not (public / "articles/n7").exists()
    assert not (public / "articles/n7.json.br").exists()
    for name in ("articles/n2.md", "robots.txt", "files/p1.gif", "opensearch.xml"):
        assert before[name] == after[name], name
    again = export(site / "content", public, site)
    assert again.stdout == ""
    # What changes with the day is not there.
    assert state(public) == after


def test_files_of_others_are_left_and_never_replaced(site: Path) -> None:
    public = site / "public"
    (public / "CNAME").write_text("static.example")
    (public / "tags/own").mkdir()
    (public / "tags/own/index.html").write_text("mine")
    assert export(site / "content", public, site).returncode == 0
    (site / "content/new.md").write_text("---\ntitle: New\ntags: [Own]\ndate: 2019-01-01\n---\nText.\n")
    result = export(site / "content", public, site)
    assert result.returncode == 1
    assert "tags/own/index.html was not written by an export; move it away" in result.stderr
    assert (public / "tags/own/index.html").read_text() == "mine"
    assert (public / "CNAME").read_text() == "static.example"


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (
            lambda site: (site / "full").mkdir() or (site / "full/a").write_text("a"),
            "is not empty and no export",
        ),
        (lambda site: (site / "full").write_text("a"), "is a file, or below one; name a folder"),
        (lambda site: (site / "full").symlink_to(site / "content/inside"), "neither may be in the other"),
        (lambda site: [(site / "full").mkdir(), (site / f"full/{MARKER}").symlink_to(site)], "no export"),
    ],
)
def test_a_folder_that_is_no_export_is_refused(
    exported: Path, tmp_path: Path, prepare: Callable[[Path], object], message: str
) -> None:
    (tmp_path / "content/inside").mkdir(parents=True)
    prepare(tmp_path)
    (tmp_path / "content/site.toml").write_text(f'addresses = "paths"\npublic_url = "{PUBLIC}"\n')
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    result = export(tmp_path / "content", tmp_path / "full", exported)
    assert result.returncode != 0
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize("has_paths", [False, True])
@pytest.mark.parametrize("has_url", [False, True])
def test_settings_that_an_export_needs_are_named_together(
    tmp_path: Path, has_paths: bool, has_url: bool
) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/site.toml").write_text('addresses = "paths"\n' if has_paths else "")
    options = ["--public-url", PUBLIC] if has_url else []
    result = export(tmp_path / "content", tmp_path / "public", tmp_path, *options)
    is_complete = has_paths and has_url
    assert result.returncode == (0 if is_complete else 2)
    assert ('set addresses = "paths"' in result.stderr) is not has_paths
    assert ("set public_url" in result.stderr) is not has_url
    # The index is not built in vain.
    assert any(tmp_path.rglob("*.db")) is is_complete
    assert (tmp_path / "public").exists() is is_complete


def test_an_empty_site_is_exported(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/site.toml").write_text(f'addresses = "paths"\npublic_url = "{PUBLIC}"\n')
    result = export(tmp_path / "content", tmp_path / "public", tmp_path)
    assert result.returncode == 0, result.stderr
    assert "Nothing has been published yet" in (tmp_path / "public/index.html").read_text("utf-8")


def test_navigation_that_leads_to_nothing_is_reported(site: Path) -> None:
    links = (
        '[navigation]\nHome = "/"\nTag = "/tags/all#top"\nOut = "https://other.example/x"\nFeed = "/rss"\n'
        'Query = "/articles?tag=all"\nNone = "/nowhere"\n'
    )
    settings = site / "content/site.toml"
    settings.write_text(settings.read_text("utf-8") + links, "utf-8")
    result = export(site / "content", site / "public", site)
    assert result.returncode == 0, result.stderr
    for address in ("/articles?tag=all", "/nowhere"):
        assert f"[navigation] links to {address}, which the export does not hold" in result.stderr
    assert result.stderr.count("[navigation]") == 2


def test_archive_documents_stay_for_ninety_days(site: Path) -> None:
    today = now().date()
    with open_folder(site / "public") as folder:
        for file in folder.record.stale_files():
            folder.record.keep(file)
        for position, days in (("1-0123456789abcdef", 89), ("2-0123456789abcdef", 91)):
            linked_on = (today - timedelta(days=days)).isoformat()
            name = f"archive/{position}.atom"
            folder.write(name, {"": b"old"})
            folder.record.write(ExportedFile(name, f"/{name}", FileFacts(b"0"), 0, linked_on))
        for address, _ in [*folder.record.redirects()]:
            folder.record.keep_redirect(address)
        folder.record.save(folder.record.facts)
        folder.finish()
    assert export(site / "content", site / "public", site).returncode == 0
    assert "<fh:archive/>" in (site / "public/archive/1-0123456789abcdef.atom").read_text("utf-8")
    assert not (site / "public/archive/2-0123456789abcdef.atom").exists()


def test_an_export_that_was_killed_is_completed(site: Path) -> None:
    """Without its record, but with the journal of what it had begun to write."""
    marker = site / "public" / MARKER
    names = [*state(site / "public"), "stale/file.html"]
    (site / "public/stale").mkdir()
    (site / "public/stale/file.html").write_text("left by an earlier export")
    (marker / "record.db").unlink()
    (marker / "journal").write_text("".join(f"{name}\0" for name in names))
    temporary = [site / "public/tags" / TEMPORARY, site / "public" / TEMPORARY]
    for path in temporary:
        path.write_text("half of a file")
    result = export(site / "content", site / "public", site)
    assert result.returncode == 0, result.stderr
    assert not (site / "public/stale").exists()
    assert not any(path.exists() for path in temporary)
    assert (marker / "journal").read_text() == ""


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    with open_folder(tmp_path / "public") as folder:
        (tmp_path / "public/a.json").mkdir()
        with pytest.raises(ExportError, match=r"a\.json cannot be written: a folder is there; move it away"):
            folder.write("a.json", {"": b"1"}, replaced={"a.json"})


def test_a_journal_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Every user but root meets this in the export of another user, and all on a file system that is read."""
    path = tmp_path / MARKER / "journal"
    path.parent.mkdir()
    path.symlink_to("nowhere")
    with pytest.raises(ExportError, match="journal cannot be written: "), open_folder(tmp_path):
        pass


def test_a_full_disk_of_the_record_is_named(tmp_path: Path) -> None:
    full = pytest.raises(ExportError, match=r"record\.db cannot be written: the disk is full; make room")
    with full, open_folder(tmp_path / "public") as folder:
        folder.record._connection.execute("PRAGMA max_page_count = 1")
        for number in range(1000):
            folder.record.write(ExportedFile(f"{number:0200}", f"/{number}", FileFacts(b"0")))


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    with open_folder(tmp_path / "public") as folder:
        folder.write("tags/a.json", {"": b"1"})
        shutil.rmtree(tmp_path / "public/tags")
        (tmp_path / "public/tags").symlink_to(outside)
        with pytest.raises(ExportError, match="symbolic link"):
            folder.write("tags/a.json", {"": b"2"}, replaced={"tags/a.json"})
        with pytest.raises(ExportError, match="symbolic link"):
            folder.remove(["tags/a.json"])
        (outside / "b").write_text("b")
        (tmp_path / "public/b").symlink_to(outside / "b")
        with pytest.raises(ExportError, match="not written by an export"):
            folder.write("b", {"": b"2"})
    assert [path.name for path in outside.iterdir()] == ["b"]


def test_one_export_writes_to_a_folder_at_a_time(tmp_path: Path) -> None:
    another = pytest.raises(ExportError, match="another export is writing")
    with open_folder(tmp_path / "public"), another, open_folder(tmp_path / "public"):
        pass
    with open_folder(tmp_path / "public") as folder:
        folder.write("a/b/c", {"": b"1"})
        folder.remove(["a/b/c"])
    assert [path.name for path in (tmp_path / "public").iterdir()] == [MARKER]


@pytest.mark.parametrize(
    ("address", "media_type", "layout", "name"),
    [
        ("/", HTML, "folders", "index.html"),
        ("/", HTML, "files", "index.html"),
        ("/about", HTML, "folders", "about/index.html"),
        ("/about", HTML, "files", "about.html"),
        ("/about.html", HTML, "folders", "about.html"),
        ("/articles/v1.60.0", HTML, "folders", "articles/v1.60.0/index.html"),
        ("/articles/v1.60.0", HTML, "files", "articles/v1.60.0.html"),
        ("/tags/%D8%A8", HTML, "folders", "tags/ب/index.html"),
        ("/feed.atom", "application/atom+xml", "folders", "feed.atom"),
        ("/files/page", HTML, "folders", "files/page"),
    ],
)
def test_the_file_of_an_address(address: str, media_type: str, layout: Layout, name: str) -> None:
    assert file_name(address, media_type, layout) == name


@pytest.mark.parametrize(
    "address", ["/a/../b", "/a//b", "/a%00b", "/%2e%2e/b", "/tags/" + "x" * 300 + ".json"]
)
def test_an_address_that_no_file_can_have_is_refused(address: str) -> None:
    with pytest.raises(ExportError, match="cannot be exported"):
        file_name(address, "application/json", "folders")
