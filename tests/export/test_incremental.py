"""An export that follows another one renders what changed, and leaves what a new export would write."""

import errno
import hashlib
import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.cli.build_progress import build_index
from service.cli.options import read_settings
from service.errors import ExportError
from service.export import ExportReport, export_site, rendering, search
from service.export.file_writer import FileWriter
from service.export.record import ExportFacts
from service.export.rendering import PageRequest, Rendition, SiteRenderer
from service.export.responses import ExportedResponse
from service.export.targets.folder import open_folder
from service.export.targets.target import MARKER
from service.ingest import FileHasher
from service.settings import Settings
from tests.support.requirements import package
from tests.support.static_site import write_site

PUBLIC = "https://static.example"


def _ignore(_: object) -> None:
    """Neither progress nor an edit."""


class Site:
    """A folder of articles and its export, which is brought up to date in this process."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.content = work / "content"
        write_site(self.content, PUBLIC, articles=8)

    def update_index(self) -> Settings:
        options = {"content": str(self.content), "index": f"sqlite:///{self.work}/index.db"}
        settings = read_settings(options)
        build_index(settings)
        hasher = FileHasher(settings.index, settings.content, settings.site)
        while not hasher.work(1.0):
            pass
        return settings

    def export(self, name: str = "public") -> ExportReport:
        return export_site(self.update_index(), str(self.work / name), None, _ignore)

    def files(self, name: str = "public") -> dict[str, bytes]:
        """The bytes of every file but the record of the export itself."""
        root = self.work / name
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file() and path.name not in {"record.db", "journal"}
        }

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.content / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    # Further processes would each start the application, for few pages.
    with pytest.MonkeyPatch.context() as limits:
        limits.setattr("service.ingest.process_pool.MAX_PROCESSES", 1)
        site.export()
        yield site


def change_words(site: Site) -> None:
    site.edit("n5.md", "Long. Long.", "Short.")
    site.edit("n4.md", "Number 4", "Renamed")
    (site.content / "p3.gif").write_bytes(b"GIF89a")


def move_in_lists(site: Site) -> None:
    site.edit("n3.md", "date: 2019-", "date: 2018-")
    site.edit("n2.md", "C++", "Rust")
    (site.content / "new.md").write_text("---\ntitle: New\ntags: [All]\n---\nText.\n")


def remove(site: Site) -> None:
    (site.content / "n7.md").unlink()
    site.edit("n6.md", "title:", "withdrawn: wrong\ntitle:")
    site.edit("n1.md", "title:", "slug: other\naliases: [n1]\ntitle:")


def change_page(site: Site) -> None:
    site.edit("pages/about.md", "Us.", "We.")


def change_site(site: Site) -> None:
    site.edit("site.toml", "Static", "Dynamic")


@pytest.mark.parametrize("edit", [_ignore, change_words, move_in_lists, remove, change_page, change_site])
def test_what_is_left_is_what_a_new_export_writes(site: Site, edit: Callable[[Site], None]) -> None:
    edit(site)
    site.export()
    name = f"new-{edit.__name__}"
    site.export(name)
    kept, fresh = site.files(), site.files(name)
    # Archive documents stay although nothing leads to them; their headers stay with them.
    assert {path for path in kept if "archive/" not in path} == {
        path for path in fresh if "archive/" not in path
    }
    different = [path for path in fresh if kept[path] != fresh[path]]
    assert [path for path in different if path != "_headers" and MARKER not in path] == []


def test_an_edit_renders_little(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    make_rendition = rendering.make_rendition

    def note(response: ExportedResponse, *others: object) -> rendering.Rendition:
        rendered.append(response.address)
        return make_rendition(response, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(rendering, "make_rendition", note)
    site.export()
    assert [*dict.fromkeys(rendered)] == ["/sitemap-news.xml"]
    rendered.clear()
    site.edit("ünder.md", "Text.", "Words.")
    site.export()
    assert {"/articles/under", "/feed.atom", "/tags/%D8%A8%D8%BA%D8%AF%D8%A7%D8%AF"} <= set(rendered)
    assert not {"/articles/n3", "/tags/c-plus-plus", "/authors/author-0/feed.rss"} & set(rendered)
    assert [address for address in rendered if address.startswith(("/articles/n", "/files/"))] == []
    # Where nothing can lead elsewhere, nothing is asked.
    assert not {"/rss", "/old/vote", "/articles/older", "/tag/all/feed"} & set(rendered)


def test_bytes_that_an_interrupted_export_wrote_do_not_stay(site: Site) -> None:
    """The record still has the hash of the bytes before, to which the article has returned meanwhile."""
    before = site.files()
    page = site.work / "public/articles/n5/index.html"
    reversed_bytes = page.read_bytes()[::-1]
    page.unlink()  # another address has the same file
    page.write_bytes(reversed_bytes)
    (site.work / "public" / MARKER / "journal").write_text("articles/n5/index.html\0")
    assert site.export().written == 1
    assert site.files() == before


def test_equal_files_are_one_file_until_they_differ(site: Site) -> None:
    root = site.work / "linked"

    def inodes(suffix: str) -> list[tuple[int, ...]]:
        return [
            tuple((root / f"{name}{suffix}").stat().st_ino for name in (f"{page}/index.html", f"{page}.html"))
            for page in ("articles/n5", "tags/all")
        ]

    site.export("linked")
    before = inodes("")
    for suffix in ("", ".br", ".gz", ".zst"):
        assert all(page == copy for page, copy in inodes(suffix)), suffix
    site.edit("n5.md", "Text", "Words")
    site.export("linked")
    assert all(page == copy for page, copy in inodes(""))
    assert before[0] != inodes("")[0]


def test_a_file_system_without_hard_links_gets_copies(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    site.export("copies")
    monkeypatch.undo()
    site.export("links")
    assert site.files("copies") == site.files("links")


def test_an_article_that_left_its_slug_to_another_is_found_at_the_former_one(site: Site) -> None:
    """Only the previous export knows that it was there."""
    first = site.content / "2018-05-01-same.md"
    second = site.content / "2018-05-02-same.md"
    first.write_text("---\ntitle: Same\nslug: same\ndate: 2018-05-01\n---\nOne.\n")
    second.write_text("---\ntitle: Same\nslug: same\ndate: 2018-05-02\n---\nTwo.\n")
    site.export()
    assert (site.work / "public/articles/same-2018-05-02.json").exists()
    site.edit(first.name, "slug: same", "slug: first")
    report = site.export()
    assert "/articles/same-2018-05-02" in report.changed
    for _ in range(2):
        redirects = (site.work / "public/_redirects").read_text("utf-8").splitlines()
        assert "/articles/same-2018-05-02 /articles/same 301" in redirects
        assert "/articles/same-2018-05-02.json /articles/same.json 301" in redirects
        site.edit("n4.md", "Long.", "Short.")
        site.export()
    for path in (first, second):
        path.unlink()
    site.export()
    assert "/articles/same" not in (site.work / "public/_redirects").read_text("utf-8")


def test_a_file_that_is_missing_is_written_again(site: Site) -> None:
    before = site.files()
    for name in ("articles/n5/index.html", "feed.atom", "files/p1.gif", "assets/feed.css", "articles.ndjson"):
        (site.work / "public" / name).unlink()
    assert site.export().written == 5
    assert site.files() == before


def test_the_search_is_kept_while_its_texts_are_the_same(site: Site) -> None:
    package("pagefind")

    def times() -> set[int]:
        search = site.work / "public/assets/pagefind"
        return {path.stat().st_mtime_ns for path in search.rglob("*") if path.is_file()}

    before = times()
    site.edit("n5.md", "author: Author", "author: Other")
    changed = site.export().changed
    assert {"/articles/n5", "/articles.ndjson", "/changes.json"} <= set(changed)
    assert times() == before
    # Files of the host are not at an address.
    assert not [address for address in changed if not address or address.startswith(("/_", "/."))]


def test_only_the_parts_of_the_search_with_a_changed_text_are_made_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    package("pagefind")
    monkeypatch.setattr("service.export.search.PART_BYTES", 1000)
    made: list[int] = []
    make_part = search._make_part

    def note(work: Path, number: int, settings: Settings) -> Iterator[ExportedResponse]:
        made.append(number)
        return make_part(work, number, settings)

    monkeypatch.setattr(search, "_make_part", note)
    site.export("parts")
    parts, made[:] = made[:], []
    assert parts == [*range(len(parts))]
    assert len(parts) >= 4
    site.edit("n3.md", "Long. Long.", "Changed.")
    report = site.export("parts")
    assert len(made) == 1
    assert [address for address in report.changed if address.startswith("/assets/pagefind/")]
    site.export("new-parts")
    assert {name for name in site.files("parts") if "pagefind" in name} == {
        name for name in site.files("new-parts") if "pagefind" in name
    }


def test_a_large_file_is_copied_piece_by_piece_and_only_if_it_changed(tmp_path: Path) -> None:
    site = Site(tmp_path)
    picture, copy = site.content / "p1.gif", tmp_path / "copy"
    with picture.open("r+b") as file:
        file.truncate(40_000_000)
    renderer = SiteRenderer(site.update_index())
    try:
        renderer.render_file(PageRequest("/files/p2.gif"), copy)  # starts the application
        tracemalloc.start()
        rendition = renderer.render_file(PageRequest("/files/p1.gif"), copy)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
        tracemalloc.stop()
        content = picture.read_bytes()
        assert copy.read_bytes() == content
        assert (rendition.length, rendition.sha256) == (len(content), hashlib.sha256(content).digest())
        copy.unlink()
        again = renderer.render_file(PageRequest("/files/p1.gif", rendition.sha256), copy)
        assert again == rendition
        assert not copy.exists()
    finally:
        renderer.close()


def test_an_address_that_is_rendered_twice_is_not_purged_next_time(tmp_path: Path) -> None:
    """Two chains of links may lead to the same further page."""
    page = Rendition("/page/1.html", sha256=hashlib.sha256(b"A").digest(), length=1, body=b"A", keys=b"1234")
    changed = []
    for times in (2, 1):
        with open_folder(tmp_path / "public") as folder:
            files = FileWriter(folder, "folders", _ignore)
            for _ in range(times):
                files.write_rendition("page/1.html", page)
            changed.append(files.finish(ExportFacts(layout="folders")).changed)
    assert changed == [(), ()]


def test_a_share_of_large_documents_is_rendered_in_pieces(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pages of an article with ten thousand tags have a megabyte each, and a share is held in memory."""
    addresses = [f"/articles/n{number}.json" for number in range(6)]
    renderer = SiteRenderer(site.update_index())
    try:
        (rendition,), *_ = renderer([PageRequest(addresses[0])])
        monkeypatch.setattr(rendering, "MOST_FOLLOWED_BYTES", 0)
        monkeypatch.setattr(rendering, "MOST_HELD_BYTES", 2 * rendition.length)
        results = renderer([*map(PageRequest, addresses)])
        rendered = [*rendering.render_all(renderer, map(PageRequest, addresses))]
    finally:
        renderer.close()
    assert 1 < sum(map(bool, results)) < len(addresses)
    assert sorted(each.address for each in rendered) == addresses


@pytest.mark.parametrize(
    "function",
    [
        "tempfile.TemporaryDirectory",
        "service.export.responses.SiteReader.download",
        "service.export.search._document",
        "service.export.whole_list._read_pieces",
    ],
)
def test_a_full_disk_of_temporary_files_is_named(
    site: Site, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    package("pagefind")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(function, refuse)
    with pytest.raises(ExportError, match=r"temporary files .* no space left on device; .* TMPDIR"):
        site.export("on a full disk")
