"""Each revision of the index is recorded with what changed: visible articles, and files beside them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from service.errors import UnknownRevision
from service.index import Difference, apply_due_transitions
from service.index.differences import journal, recording
from service.model import Site
from tests.support.index_folder import NOW, Folder

Change = Callable[[Folder], Any]
LATER = NOW + timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder with articles of every standing, and its index."""
    made = Folder(tmp_path)
    made.write("plain", date="2019-01-01", tags=["a", "b"])
    made.write("other", date="2019-01-02", aliases=["old-other"])
    made.write("german", date="2019-01-02", language="de", translation_key="both")
    made.write("english", date="2019-01-02", translation_key="both")
    made.write("linking", date="2019-01-03", text="", html='<p><a href="/files/other.json">Other</a></p>')
    made.write("expiring", date="2019-01-03", expires="2026-01-01T12:00:00Z")
    made.write("scheduled", date="2026-01-01T12:00:00Z")
    made.write("corrected", date="2019-01-04", updated="2026-01-01T12:00:00Z", correction="Wrong name.")
    made.write("withdrawn", date="2019-01-04", withdrawn="It was wrong.")
    made.write("draft", date="2019-01-05", draft=True)
    made.refresh()
    return made


def generation_of(folder: Folder) -> int:
    return folder.ask(lambda index: index.newest_generation())


def differences(folder: Folder, since: int) -> tuple[Difference, ...]:
    return folder.ask(lambda index: index.differences(since))


def changed_slugs(folder: Folder, change: Change) -> tuple[list[str], list[tuple[str, str]]]:
    """The slugs that `change` puts, and those it drops with their reasons, by its only difference."""
    since = generation_of(folder)
    change(folder)
    folder.refresh()
    found = differences(folder, since)
    if not found:
        return [], []
    (difference,) = found
    return (
        sorted(article.slug for article in difference.put),
        sorted((article.slug, article.reason) for article in difference.drop),
    )


def move(folder: Folder, name: str, moved: str, **facts: Any) -> None:
    folder.remove(name)
    folder.write(moved, **facts)


PLAIN: dict[str, Any] = {
    "title": "plain",
    "slug": "plain",
    "id": "id:plain",
    "text": "Text of plain.",
    "date": "2019-01-01",
    "tags": ["a", "b"],
}

CHANGES: tuple[tuple[str, Change, list[str], list[tuple[str, str]]], ...] = (
    ("a file that is written again", lambda folder: folder.write("plain", **PLAIN), [], []),
    ("a text", lambda folder: folder.write("plain", text="New."), ["plain"], []),
    ("a new article", lambda folder: folder.write("new"), ["new"], []),
    ("a deleted file", lambda folder: folder.remove("plain"), [], [("plain", "deleted")]),
    (
        "a withdrawal",
        lambda folder: folder.write("plain", withdrawn="Wrong."),
        [],
        [("plain", "withdrawn")],
    ),
    (
        "an expiry",
        lambda folder: folder.write("plain", expires="2020-01-01"),
        [],
        [("plain", "expired")],
    ),
    ("a draft", lambda folder: folder.write("plain", draft=True), [], [("plain", "deleted")]),
    ("a later date", lambda folder: folder.write("plain", date="2030-01-01"), [], [("plain", "deleted")]),
    ("a scheduled article", lambda folder: folder.write("scheduled", date="2031-01-01"), [], []),
    ("a draft that changes", lambda folder: folder.write("draft", draft=True, text="New."), [], []),
    (
        "a withdrawn article",
        lambda folder: folder.write("withdrawn", date="2019-01-04", withdrawn="Still wrong."),
        [],
        [],
    ),
    ("an article that is published again", lambda folder: folder.write("withdrawn"), ["withdrawn"], []),
    (
        "an update that is not due",
        lambda folder: folder.write(
            "corrected", date="2019-01-04", updated="2026-01-01T12:00:00Z", correction="Wrong place."
        ),
        [],
        [],
    ),
    # Its Markdown names the folder that its references are relative to.
    ("a file that moves", lambda folder: move(folder, "plain", "sub/plain", **PLAIN), ["plain"], []),
    (
        "another slug",
        lambda folder: folder.write("plain", slug="renamed", aliases=["plain"]),
        ["renamed"],
        [],
    ),
    ("another id", lambda folder: folder.write("plain", id="new:id"), ["plain"], [("plain", "deleted")]),
    (
        "a translation that goes",
        lambda folder: folder.remove("german"),
        ["english"],
        [("german", "deleted")],
    ),
    (
        "another slug of a translation",
        lambda folder: folder.write(
            "german", date="2019-01-02", language="de", translation_key="both", slug="deutsch"
        ),
        ["deutsch", "english"],
        [],
    ),
    (
        "another slug of an article that is linked to",
        lambda folder: folder.write("other", date="2019-01-02", slug="moved"),
        ["linking", "moved"],
        [],
    ),
    (
        "an article that is linked to and goes",
        lambda folder: folder.remove("other"),
        ["linking"],
        [("other", "deleted")],
    ),
)


@pytest.mark.parametrize(
    ("change", "put", "drop"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES]
)
def test_a_difference_has_what_readers_see_change(
    folder: Folder, change: Change, put: list[str], drop: list[tuple[str, str]]
) -> None:
    assert changed_slugs(folder, change) == (put, drop)


def test_what_is_due_is_recorded_at_its_instant(folder: Folder) -> None:
    since = generation_of(folder)
    apply_due_transitions(folder.url, LATER)
    (difference,) = differences(folder, since)
    assert [article.slug for article in difference.put] == ["corrected", "scheduled"]
    assert [(article.slug, article.reason) for article in difference.drop] == [("expiring", "expired")]
    assert difference.after.transition > difference.before.transition


def test_a_difference_has_etags_slugs_and_terms_before_and_after(folder: Folder) -> None:
    since = generation_of(folder)
    folder.write("plain", slug="renamed", date="2019-01-01", tags=["b", "c"])
    folder.remove("other")
    folder.refresh()
    (difference,) = differences(folder, since)
    renamed = next(article for article in difference.put if article.id == "id:plain")
    assert (renamed.slug_before, renamed.slug) == ("plain", "renamed")
    assert renamed.terms_before == (("language", "en"), ("tag", "a"), ("tag", "b"))
    assert renamed.terms == (("language", "en"), ("tag", "b"), ("tag", "c"))
    assert renamed.etag_before != renamed.etag
    (dropped,) = difference.drop
    assert dropped.terms_before == (("language", "en"),)
    assert len(dropped.etag_before) == 32


def test_a_build_from_nothing_begins_the_journal_without_changes(folder: Folder) -> None:
    first = generation_of(folder)
    assert differences(folder, first) == ()
    folder.file.unlink()
    folder.refresh(LATER)
    assert generation_of(folder) > first
    with pytest.raises(UnknownRevision):
        differences(folder, first)


def test_a_build_that_reads_everything_again_records_what_differs(folder: Folder) -> None:
    since = generation_of(folder)
    folder.write("plain", text="New.")
    folder.site = msgspec.structs.replace(folder.site, language="fr")
    folder.refresh()
    (difference,) = differences(folder, since)
    assert {article.slug for article in difference.put} == {
        *("plain", "other", "english", "linking", "expiring", "corrected", "german")
    }
    assert difference.drop == ()
    assert difference.has_other_changes
    terms = {article.slug: (article.terms_before, article.terms) for article in difference.put}
    assert terms["other"] == ((("language", "en"),), (("language", "fr"),))


def test_another_time_zone_begins_the_journal_again(folder: Folder) -> None:
    since = generation_of(folder)
    folder.site = Site(time_zone="Asia/Tokyo")
    folder.refresh()
    with pytest.raises(UnknownRevision):
        differences(folder, since)


def test_files_are_recorded_once_they_are_hashed(folder: Folder) -> None:
    image = folder.root / "image.png"
    image.write_bytes(b"one")
    folder.hash_files()
    since = generation_of(folder)
    image.write_bytes(b"other")
    folder.hash_files()
    (difference,) = differences(folder, since)
    (change,) = difference.files
    assert change.path == "image.png"
    assert None not in {change.sha256, change.sha256_before}
    assert change.sha256 != change.sha256_before
    image.unlink()
    folder.hash_files()
    assert [change.sha256 for change in differences(folder, difference.generation)[0].files] == [None]


def test_a_revision_that_repeats_has_another_generation(folder: Folder) -> None:
    generations = [generation_of(folder)]
    for text in ("New.", "Text of plain."):
        folder.write("plain", date="2019-01-01", tags=["a", "b"], text=text)
        folder.refresh()
        generations.append(generation_of(folder))
    assert generations == sorted(set(generations))
    there, back = differences(folder, generations[0])
    assert there.before == back.after
    assert there.put[0].etag_before == back.put[0].etag


@pytest.mark.parametrize("days", [0, 100])
def test_the_journal_is_bounded(folder: Folder, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setattr(journal, "MOST_CHANGES", 5 if days == 0 else 1000)
    known = [generation_of(folder)]
    for number in range(6):
        folder.write("plain", text=f"Text {number}.")
        folder.refresh(NOW + timedelta(hours=number, days=days if number == 5 else 0))
        known.append(generation_of(folder))
    with pytest.raises(UnknownRevision):
        differences(folder, known[0])
    newest = differences(folder, known[-2 if days == 0 else -1])
    assert [difference.generation for difference in newest] == known[-1:][: len(newest)]


def test_more_changes_than_the_journal_keeps_begin_it_again(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MOST_CHANGES", 5)
    since = generation_of(folder)
    for number in range(6):
        folder.write(f"new-{number}")
    folder.refresh()
    with pytest.raises(UnknownRevision):
        differences(folder, since)
    assert differences(folder, generation_of(folder)) == ()


@pytest.mark.parametrize(
    ("change", "has_other_changes"),
    [
        (lambda folder: folder.write("withdrawn", date="2019-01-04", withdrawn="Still wrong."), True),
        (lambda folder: folder.write("never-seen", withdrawn="Wrong."), True),
        (lambda folder: folder.remove("withdrawn"), True),
        (lambda folder: folder.write("plain", date="2019-01-01", tags=["a", "b"], withdrawn="No."), False),
        (lambda folder: folder.write("plain", date="2019-01-01", tags=["a"], withdrawn="No."), False),
        (lambda folder: folder.write("plain", date="2019-01-01", tags=["c"], withdrawn="No."), True),
        (lambda folder: folder.write("plain", id="id:new", tags=["a", "b"], withdrawn="No."), True),
        (lambda folder: folder.write("withdrawn", date="2019-01-04"), False),
        (lambda folder: folder.write("withdrawn", date="2019-01-04", tags=["c"]), False),
        (lambda folder: folder.write("scheduled", date="2031-01-01"), False),
        (lambda folder: folder.write("expiring", expires="2026-01-01T12:00:00Z", text="New."), False),
    ],
)
def test_a_removal_is_another_change_unless_the_article_has_changed_with_its_terms(
    folder: Folder, change: Change, has_other_changes: bool
) -> None:
    since = generation_of(folder)
    change(folder)
    folder.refresh()
    (difference,) = differences(folder, since)
    assert difference.has_other_changes == has_other_changes


@pytest.mark.parametrize(
    ("facts", "has_other_changes"),
    [
        ({"date": "2019-01-01", "expires": "2026-01-01T12:00:00Z", "tags": ["c"]}, False),
        ({"date": "2027-01-01", "expires": "2026-01-01T12:00:00Z", "tags": ["c"]}, True),
        ({"withdrawn": {"reason": "Wrong.", "at": "2026-01-01T12:00:00Z"}}, True),
    ],
)
def test_so_is_one_that_is_announced_at_its_time(
    folder: Folder, facts: dict[str, Any], has_other_changes: bool
) -> None:
    folder.write("leaving", **facts)
    for name in ("scheduled", "expiring", "corrected"):
        folder.remove(name)
    folder.refresh()
    since = generation_of(folder)
    apply_due_transitions(folder.url, LATER)
    (difference,) = differences(folder, since)
    assert difference.has_other_changes == has_other_changes


def test_many_removals_at_once_are_another_change(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MOST_REMOVAL_TERMS", 3)
    since = generation_of(folder)
    folder.write("plain", date="2019-01-01", tags=["a", "b"], withdrawn="No.")
    folder.refresh()
    (difference,) = differences(folder, since)
    assert difference.has_other_changes
