"""Opening: what an index URL names, and what an index of little or nothing answers."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from service.errors import IndexUnavailable, NotFound, SettingsError
from service.index import Index, Moved
from service.ingest import refresh_index
from service.model import Site
from tests.support.index_folder import Folder
from tests.support.server import ROOT
from tests.support.waiting import TIMEOUT_SECONDS


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    for name in ("one", "two", "three"):
        folder.write(name)
    return folder


@pytest.mark.parametrize(
    "url", ["sqlite:", "sqlite:///", "postgresql://localhost/x", "mysql://x", "index.db"]
)
def test_a_url_that_names_no_index_is_a_wrong_setting(url: str, folder: Folder) -> None:
    with pytest.raises(SettingsError, match="index"):
        Index(url)
    with pytest.raises(SettingsError, match="index"):
        refresh_index(url, folder.root, folder.site)


def test_missing_index_is_not_opened(folder: Folder) -> None:
    with pytest.raises(IndexUnavailable, match="broadsheet index"):
        Index(folder.url)
    assert not folder.file.exists()


@pytest.mark.parametrize("content", [b"{", b"[1]", b'["\xff"]'])
def test_unreadable_slugs_of_deleted_articles_are_an_error_that_names_the_file(
    folder: Folder, content: bytes
) -> None:
    folder.file.with_name("index.db.deleted-slugs").write_bytes(content)
    with pytest.raises(IndexUnavailable, match=r"index\.db\.deleted-slugs: cannot be read .* remove it"):
        folder.refresh()


def test_a_missing_folder_leaves_the_index_as_it_was(folder: Folder) -> None:
    folder.refresh()
    with pytest.raises(SettingsError):
        refresh_index(folder.url, folder.root / "nowhere", folder.site)
    assert len(folder.slugs()) == 3


def test_an_empty_folder_is_an_index_of_nothing(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    report = folder.refresh()
    assert (report.articles, report.next_transition, report.revision.transition) == (0, None, 0)
    page = folder.find()
    assert (page.articles, page.total, page.next_cursor, page.previous_cursor, page.modified) == (
        (),
        0,
        None,
        None,
        None,
    )
    with pytest.raises(NotFound):
        folder.find_article("anything")


def test_the_revision_is_that_of_the_content_alone(folder: Folder, tmp_path: Path) -> None:
    other = Folder(tmp_path / "other")
    for path in sorted(folder.root.iterdir(), reverse=True):
        (other.root / path.name).write_bytes(path.read_bytes())
        other.refresh()
    assert other.refresh().revision == folder.refresh().revision


def test_numbers_in_a_file_are_kept(folder: Folder) -> None:
    (folder.root / "extra.json").write_text(
        json.dumps({"title": "T", "text": "x", "weight": 7, "deep": {"a": [1]}})
    )
    folder.refresh()
    article = folder.find_article("extra")
    assert not isinstance(article, Moved)
    assert article.extra == {"weight": 7, "deep": {"a": [1]}}


def test_services_at_two_addresses_share_an_index(folder: Folder) -> None:
    """Unless the ids of old are made of the address: then another address is another index."""
    for legacy_id, read in ((None, 0), ("{url}", 3)):
        folder.site = Site(public_url="https://one.example", legacy_id=legacy_id)
        folder.refresh()
        folder.refresh()
        folder.site = Site(public_url="https://two.example", legacy_id=legacy_id)
        assert folder.refresh().read == read


STOPPED = """
import os, signal, sqlite3, subprocess, sys, threading
from service.index.database import interruptible
signal.signal(signal.SIGINT, getattr(signal, sys.argv[1]))
if sys.argv[2] == "process":
    subprocess.Popen(["sh", "-c", f"sleep 0.2; kill -INT {os.getpid()}"])
else:
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
connection = sqlite3.connect(":memory:")
try:
    with interruptible(connection):
        connection.execute(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 5000000000)"
            " SELECT max(x) FROM n"
        )
except KeyboardInterrupt:
    assert connection.execute("SELECT 1").fetchone() == (1,)
    print("interrupted")
"""


@pytest.mark.parametrize("sender", ["process", "thread"])
@pytest.mark.parametrize("handler", ["default_int_handler", "SIG_DFL"])
def test_a_signal_ends_a_long_statement(handler: str, sender: str) -> None:
    """Without it, the statement would take minutes."""
    command = [sys.executable, "-c", STOPPED, handler, sender]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, timeout=TIMEOUT_SECONDS)
    expected = (b"", -signal.SIGINT) if handler == "SIG_DFL" else (b"interrupted\n", 0)
    assert (done.stdout, done.returncode) == expected, done.stderr
