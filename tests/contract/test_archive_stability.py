"""Finished documents of an archive stay as they are, wherever and however the index was built."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.support.index_folder import NOW
from tests.support.published_folder import ARTICLES, Document, PublishedFolder, facts, newspaper


def test_two_indexes_give_equal_bytes(tmp_path: Path, news: PublishedFolder) -> None:
    other = newspaper(tmp_path, backwards=True)
    for address in ("/feed.atom", "/feed.rss", "/feed.json", "/feed.atom?tag=t1"):
        assert other.get(address).content == news.get(address).content
    for address in ("/feed.atom", "/feed.rss?tag=t1"):
        bodies = [document.body for document in news.archive(address)]
        assert [document.body for document in other.archive(address)] == bodies


def test_incremental_build_gives_equal_bytes(tmp_path: Path, news: PublishedFolder) -> None:
    other = PublishedFolder(tmp_path)
    for part in range(4):
        for path in sorted(news.root.iterdir())[part::4]:
            shutil.copy(path, other.root)
        other.refresh(NOW - timedelta(days=400 - part))
    other.refresh()
    assert [item.body for item in other.archive()] == [item.body for item in news.archive()]


def settled(documents: list[Document]) -> dict[str, Document]:
    return {
        document.address: document for document in documents if "." not in document.address.rpartition("-")[2]
    }


# what is done to the site, one after the other
CHANGES: dict[str, Callable[[PublishedFolder], object]] = {
    "late": lambda site: site.write("late", date="2024-11-28", tags=["t1"]),
    "corrected": lambda site: site.write("a199", **facts(199) | {"title": "New", "updated": "2024-12-20"}),
    "withdrawn": lambda site: site.write(
        "a199", **facts(199) | {"withdrawn": {"reason": "x", "at": "2024-12-20"}}
    ),
    "dated anew": lambda site: site.write(
        "a205", **facts(205) | {"date": "2022-01-01", "updated": "2024-12-20"}
    ),
    "spelled otherwise": lambda site: [
        site.write(f"loud{n}", date="2024-12-20", tags=["T1"], author="AUTHOR 1") for n in range(200)
    ],
}


def test_complete_archive_documents_do_not_change(tmp_path: Path, news: PublishedFolder) -> None:
    site = news.copy_to(PublishedFolder(tmp_path))
    for change, make in CHANGES.items():
        complete = {address: settled(site.archive(address)) for address in ("/feed.atom", "/feed.rss?tag=t1")}
        make(site)
        site.refresh()
        for address, before in complete.items():
            moved = [item for item, document in before.items() if site.get(item).content != document.body]
            changed = b"a205" if change == "dated anew" else b"a199"
            held = [item for item, document in before.items() if changed in document.body]
            assert len(before) >= 2
            # The one that held it, and one whose end it was.
            assert len(moved) <= 2, change
            assert set(held) >= set(moved) or len(set(moved) - set(held)) == 1, change
            if change in {"late", "spelled otherwise"}:
                assert moved == [], change
            newer = [document for document in site.archive(address) if document.address not in before]
            if change == "corrected":
                assert "id:a199" in newer[0].entries


def test_archive_of_many_articles_of_one_instant(tmp_path: Path) -> None:
    site = PublishedFolder(tmp_path)
    record = {"title": "T", "date": "2024-01-01", "text": "x"}
    site.write_many("all", [record | {"id": f"id:{n}", "slug": f"s{n}"} for n in range(3_000)])
    site.refresh()
    documents = site.archive("/feed.atom?content=none")
    entries = [entry for document in documents for entry in document.entries]
    assert len(entries) == len(set(entries)) == 3_000
    assert 30 < len(documents) < 90


def test_archive_with_an_article_of_five_megabytes(tmp_path: Path, news: PublishedFolder) -> None:
    site = news.copy_to(PublishedFolder(tmp_path))
    site.write("a100", **facts(100) | {"text": "Word & more. " * 400_000, "date": "2024-10-20"})
    site.refresh()
    documents = site.archive()
    (large,) = [document for document in documents if len(document.body) > 1_000_000]
    assert list(large.entries) == ["id:a100"]
    assert sum(len(document.entries) for document in documents) == ARTICLES
    paged: list[str] = []
    next_page = "/feed.atom"
    while next_page:
        page = site.read(next_page)
        paged += page.entries
        assert len(page.body) < 1_000_000 or list(page.entries) == ["id:a100"]
        next_page = page.links.get("next", "")
    assert len(paged) == len(set(paged)) == ARTICLES
