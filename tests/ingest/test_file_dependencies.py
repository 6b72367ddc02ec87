"""Articles depend on other files too: a running index follows each of them, to the bytes of one made anew."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from service.errors import NotFound
from service.formats.registry import FORMATS
from service.index import Index, Moved
from service.ingest.process_pool import MIN_INPUTS
from service.publisher import Publisher
from service.query import Query
from tests.support.dependent_files import CASES, OLD, POST, Files, write_case_files
from tests.support.index_folder import NOW, Folder
from tests.support.pictures import png
from tests.support.server import ROOT
from tests.support.waiting import TIMEOUT_SECONDS

BASE = "https://example.org"


async def render_everything(publisher: Publisher) -> dict[str, bytes | str]:
    """Everything that is published of at most a hundred articles, in every format."""
    bodies: dict[str, bytes | str] = {}
    for name in FORMATS:
        bodies[name] = (await publisher.listing(name, Query(), BASE)).body
    for article in (await publisher.index.find(Query(), 100)).articles:
        for name in ("html", "json", "markdown"):
            page = await publisher.article(name, article.slug, BASE)
            assert not isinstance(page, Moved)
            bodies[f"{article.slug} {name}"] = page.body
    bodies["found"] = (await publisher.listing("json", Query(q="text"), BASE)).body
    try:
        led = await publisher.index.find_article("old")
        bodies["old"] = led.slug
    except NotFound:
        bodies["old"] = "nowhere"
    return bodies


async def rendered_around(folder: Folder, after: Files, read: int) -> list[dict[str, bytes | str]]:
    """What a publisher that caches renders before and after a change, for which `read` files were read."""
    index = Index(folder.url)
    try:
        publisher = Publisher(index, folder.site, cache_bytes=10_000_000)
        await publisher.poll_revision()
        before = await render_everything(publisher)
        write_case_files(folder.root, after, OLD + 1)
        assert (await asyncio.to_thread(folder.refresh)).read == read
        await publisher.poll_revision()
        return [before, await render_everything(publisher)]
    finally:
        await index.close()


async def rendered(folder: Folder) -> dict[str, bytes | str]:
    index = Index(folder.url)
    try:
        publisher = Publisher(index, folder.site, cache_bytes=0)
        await publisher.poll_revision()
        return await render_everything(publisher)
    finally:
        await index.close()


def made_anew(folder: Folder, path: Path) -> Folder:
    """The same folder elsewhere, with an index made of nothing."""
    other = Folder(path)
    shutil.copytree(folder.root, other.root, dirs_exist_ok=True)
    other.refresh()
    return other


@pytest.mark.parametrize("name", CASES)
def test_the_index_follows_what_articles_depend_on(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    folder = Folder(tmp_path / "one")
    write_case_files(folder.root, case.before)
    folder.refresh()
    assert folder.refresh().read == 0

    before, after = asyncio.run(rendered_around(folder, case.after, case.read))

    other = made_anew(folder, tmp_path / "other")
    assert after == asyncio.run(rendered(other))
    assert after != before
    reports = folder.refresh(), other.refresh()
    assert [report.read for report in reports] == [0, 0]
    assert reports[0].revision == reports[1].revision


def test_only_dependent_articles_are_read_again(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    asking = POST.format("", "![A](/images/a.png)")
    write_case_files(folder.root, {"a.md": asking, "b.md": POST.format("", "Text.").replace("vote", "b")})
    folder.refresh()
    write_case_files(folder.root, {"images/b.png": png(1, 1)})
    assert folder.refresh().read == 0
    write_case_files(folder.root, {"images/a.png": png(1, 1)})
    assert folder.refresh().read == 1
    write_case_files(folder.root, {"images/b.png": png(2, 2)}, OLD + 1)
    assert folder.refresh().read == 0


def test_harmless_change_keeps_the_revision(tmp_path: Path) -> None:
    """So every answer stays remembered: the picture was written again as it was."""
    folder = Folder(tmp_path)
    write_case_files(folder.root, {"a.md": POST.format("", "![A](a.png)"), "a.png": png(3, 2)})
    before = folder.refresh().revision
    write_case_files(folder.root, {"a.png": png(3, 2)}, OLD + 1)
    report = folder.refresh()
    assert (report.read, report.revision) == (1, before)


def test_a_picture_just_written_is_looked_at_again(tmp_path: Path) -> None:
    """It may be written twice within one tick of its mtime."""
    folder = Folder(tmp_path)
    write_case_files(folder.root, {"a.md": POST.format("", "![A](a.png)")})
    write_case_files(folder.root, {"a.png": png(3, 2)}, int(NOW.timestamp()))
    folder.refresh()
    write_case_files(folder.root, {"a.png": png(2, 3)}, int(NOW.timestamp()))
    folder.refresh()
    assert 'width="2" height="3"' in folder.everything()[0].content_html


def test_a_file_behind_a_link_is_followed(tmp_path: Path) -> None:
    """The folder that is published is a link, which is led to the next release."""
    folder = Folder(tmp_path)
    write_case_files(
        folder.root, {"a.md": POST.format("", "![A](/a.png)"), "r1/b.txt": "", "r2/a.png": png(3, 2)}
    )
    (folder.root / "static").symlink_to("r1")
    folder.refresh()
    assert "static" not in folder.everything()[0].content_html
    (folder.root / "static").unlink()
    (folder.root / "static").symlink_to("r2")
    folder.refresh()
    assert '/files/static/a.png" alt="A" width="3"' in folder.everything()[0].content_html


@pytest.mark.parametrize("place", ["static/.hidden", "outside"])
def test_unserved_files_count_as_missing(tmp_path: Path, place: str) -> None:
    folder = Folder(tmp_path / "one")
    (tmp_path / "outside").mkdir()
    write_case_files(
        folder.root, {"a.md": POST.format("attachments: [static/.hidden/a.png]\n", "![A](/a.png)")}
    )
    (folder.root / "static" / ".hidden").mkdir(parents=True)
    (folder.root / "public").symlink_to(tmp_path / "outside")
    folder.refresh()
    for file in (tmp_path / "outside" / "a.png", folder.root / "static" / ".hidden" / "a.png"):
        file.write_bytes(png(3, 2))
    write_case_files(folder.root, {"b.md": "---\ntitle: B\n---\n\nText.\n"})
    assert [folder.refresh().read for _ in range(3)] == [1, 0, 0]
    (article,) = folder.find(q="vote").articles
    assert "/files/" not in article.content_html
    assert article.attachments[0].length is None


REFRESH = """
import sys
from pathlib import Path
from service.ingest import refresh_index
from service.ingest.process_pool import MIN_INPUTS, processes_for
from service.model import Site
print(processes_for(MIN_INPUTS), refresh_index(sys.argv[1], Path(sys.argv[2]), Site()).read)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process reads")
def test_several_processes_remember_what_articles_asked_for(tmp_path: Path) -> None:
    """Each refresh runs in a process of its own, since one with several threads must not fork."""
    folder = Folder(tmp_path / "one")
    for number in range(MIN_INPUTS + 3):
        text = POST.format("", f"![A](/images/{number}.png)").replace("vote", f"vote-{number}")
        write_case_files(folder.root, {f"posts/{number}.md": text})

    def refreshed() -> str:
        command = [sys.executable, "-W", "error", "-c", REFRESH, folder.url, str(folder.root)]
        done = subprocess.run(command, capture_output=True, cwd=ROOT, timeout=TIMEOUT_SECONDS, check=True)
        return done.stdout.decode().strip()

    several = min(4, len(os.sched_getaffinity(0)))
    assert refreshed() == f"{several} {MIN_INPUTS + 3}"
    assert refreshed() == f"{several} 0"
    for number in range(MIN_INPUTS + 2):
        write_case_files(folder.root, {f"static/images/{number}.png": png(3, 1 + number)})
    assert refreshed() == f"{several} {MIN_INPUTS + 2}"
    assert asyncio.run(rendered(folder)) == asyncio.run(rendered(made_anew(folder, tmp_path / "other")))
