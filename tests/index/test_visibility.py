"""What is visible when: publication, expiry, withdrawal, deletion, and what the addresses then answer."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from service.errors import Gone, IndexUnavailable, NotFound
from service.index import Moved, apply_due_transitions, read_inventory
from service.model import Article
from tests.support.builders import at
from tests.support.index_folder import Folder

SECOND = timedelta(seconds=1)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Articles that are there always, from 2020 on, until 2021, from 2020 until 2021, and never."""
    folder = Folder(tmp_path)
    folder.write("always", date="2018-01-01", tags=["t"])
    folder.write("undated", tags=["t"])
    folder.write("later", date="2020-01-01", tags=["t", "later"], aliases=["/2020/01/late.html"])
    folder.write("ending", date="2018-01-02", expires="2021-01-01", tags=["t"], aliases=["old-ending"])
    folder.write("while", date="2020-01-01", expires="2021-01-01", tags=["t"], author="Ann", language="de")
    folder.write(
        "wrong", date="2018-01-03", withdrawn={"reason": "It was false.", "at": "2019-02-02"}, tags=["t"]
    )
    folder.write("never", date="2020-06-01", expires="2020-05-01", tags=["t"])
    return folder


TIMES = [
    (at("2019-01-01"), {"always", "undated", "ending"}, at("2018-01-02"), at("2019-02-02"), 3),
    (at("2020-01-01") - SECOND, {"always", "undated", "ending"}, at("2019-02-02"), at("2020-01-01"), 3),
    (
        at("2020-01-01"),
        {"always", "undated", "ending", "later", "while"},
        at("2020-01-01"),
        at("2020-05-01"),  # nobody sees it, but once an article may have had another date
        1,
    ),
    (
        at("2021-01-01") - SECOND,
        {"always", "undated", "ending", "later", "while"},
        at("2020-06-01"),
        at("2021-01-01"),
        0,
    ),
    (at("2021-01-01"), {"always", "undated", "later"}, at("2021-01-01"), None, 0),
    (at("2031-01-01"), {"always", "undated", "later"}, at("2021-01-01"), None, 0),
]


def check(folder: Folder, visible: set[str], newest: datetime) -> None:
    page = folder.find()
    assert {article.slug for article in page.articles} == visible
    assert page.total == len(visible)
    assert set(folder.slugs(tags=("t",))) == visible
    assert folder.find(tags=("t",)).total == len(visible)
    assert set(folder.slugs(q="text")) == visible
    assert set(folder.slugs(sort="updated")) == visible
    assert {facet.slug: facet.count for facet in folder.facets("tag")}.get("t") == len(visible)
    assert [facet.slug for facet in folder.facets("author")] == (["ann"] if "while" in visible else [])
    assert {facet.slug for facet in folder.facets("language")} == (
        {"en", "de"} if "while" in visible else {"en"}
    )
    assert folder.ask(lambda index: index.revision()).transition == newest.timestamp()
    for slug in ("always", "undated", "later", "ending", "while", "wrong", "never"):
        assert folder.locate(f"{slug}.json") == (slug if slug in visible else None)


@pytest.mark.parametrize(("now", "visible", "newest", "following", "scheduled"), TIMES)
def test_build_applies_due_transitions(
    folder: Folder,
    now: datetime,
    visible: set[str],
    newest: datetime,
    following: datetime | None,
    scheduled: int,
) -> None:
    report = folder.refresh(now)
    assert (report.articles, report.scheduled, report.next_transition) == (len(visible), scheduled, following)
    check(folder, visible, newest)


@pytest.mark.parametrize("times", [TIMES, TIMES[::-1]], ids=["forwards", "backwards"])
def test_time_alone_shows_and_hides(
    folder: Folder, times: list[tuple[datetime, set[str], datetime, object, int]]
) -> None:
    content = folder.refresh(times[0][0]).revision.content
    for now, visible, newest, following, _ in times:
        assert apply_due_transitions(folder.url, now) == following
        check(folder, visible, newest)
        assert folder.ask(lambda index: index.revision()).content == content
        assert apply_due_transitions(folder.url, now) == following


def test_a_rebuild_and_waiting_lead_to_the_same_revision(folder: Folder, tmp_path: Path) -> None:
    other = Folder(tmp_path / "other")
    for path in folder.root.iterdir():
        (other.root / path.name).write_bytes(path.read_bytes())
    folder.refresh(at("2019-01-01"))
    apply_due_transitions(folder.url, at("2020-02-01"))
    assert other.refresh(at("2020-03-01")).revision == folder.ask(lambda index: index.revision())


def test_missing_index_is_reported_when_applying_transitions(folder: Folder) -> None:
    with pytest.raises(IndexUnavailable, match="broadsheet index"):
        apply_due_transitions(folder.url, at("2020-01-01"))
    assert not folder.file.exists()


ADDRESSES = [
    ("2019-01-01", "always", "always"),
    ("2019-01-01", "later", NotFound),
    ("2019-01-01", "late", NotFound),
    ("2020-01-01", "later", "later"),
    ("2020-01-01", "late", Moved("later")),
    ("2020-01-01", "old-ending", Moved("ending")),
    ("2021-01-01", "ending", Gone("", "It has expired.", at("2021-01-01"))),
    ("2021-01-01", "old-ending", Gone("", "It has expired.", at("2021-01-01"))),
    ("2019-01-01", "wrong", Gone("", "It was false.", None)),
    ("2019-02-02", "wrong", Gone("", "It was false.", at("2019-02-02"))),
    ("2020-05-15", "never", NotFound),
    ("2020-01-01", "nothing", NotFound),
    ("2020-01-01", "", NotFound),
    ("2020-01-01", "a\x00b", NotFound),
    ("2020-01-01", "\ud800", NotFound),
]


@pytest.mark.parametrize(("now", "slug", "expected"), ADDRESSES)
def test_response_to_an_address(folder: Folder, now: str, slug: str, expected: object) -> None:
    folder.refresh(at(now))
    if expected is NotFound:
        with pytest.raises(NotFound):
            folder.find_article(slug)
    elif isinstance(expected, Gone):
        with pytest.raises(Gone) as raised:
            folder.find_article(slug)
        assert (raised.value.reason, raised.value.at) == (expected.reason, expected.at)
    else:
        answer = folder.find_article(slug)
        assert (answer.slug if isinstance(answer, Article) else answer) == expected


def test_a_deleted_article_is_gone_while_the_index_remembers_it(folder: Folder) -> None:
    folder.refresh(at("2020-01-01"))
    folder.remove("always")
    folder.remove("never")
    folder.refresh(at("2020-01-02"))
    folder.refresh(at("2020-01-03"))
    with pytest.raises(Gone) as raised:
        folder.find_article("always")
    assert (raised.value.reason, raised.value.at) == ("It was deleted.", None)
    with pytest.raises(NotFound):
        folder.find_article("never")


def test_an_article_turned_into_a_draft_is_gone(folder: Folder) -> None:
    folder.refresh(at("2020-01-01"))
    folder.write("always", date="2018-01-01", draft=True)
    folder.refresh(at("2020-01-02"))
    with pytest.raises(Gone):
        folder.find_article("always")


def test_an_article_that_was_deleted_is_gone_although_another_could_have_had_its_slug(folder: Folder) -> None:
    folder.write("second", slug="always", date="2018-01-01")
    folder.refresh(at("2020-01-01"))
    folder.remove("second")
    folder.refresh(at("2020-01-02"))
    assert isinstance(folder.find_article("always"), Article)
    with pytest.raises(Gone):
        folder.find_article("always-2018-01-01")


def test_gone_is_remembered_when_everything_is_read_anew(folder: Folder) -> None:
    folder.refresh(at("2020-01-01"))
    folder.remove("always")
    folder.site = type(folder.site)(language="de")
    folder.refresh(at("2020-01-02"))
    with pytest.raises(Gone):
        folder.find_article("always")
    assert isinstance(folder.find_article("undated"), Article)


def test_a_slug_that_is_taken_again_is_the_new_article(folder: Folder) -> None:
    folder.refresh(at("2020-01-01"))
    folder.remove("always")
    folder.refresh(at("2020-01-02"))
    folder.write("newcomer", slug="always", id="id:new")
    folder.refresh(at("2020-01-03"))
    article = folder.find_article("always")
    assert isinstance(article, Article)
    assert article.id == "id:new"


def test_a_file_that_moves_keeps_its_address(folder: Folder) -> None:
    folder.refresh(at("2020-01-01"))
    (folder.root / "elsewhere").mkdir()
    (folder.root / "always.json").rename(folder.root / "elsewhere" / "always.json")
    folder.refresh(at("2020-01-02"))
    article = folder.find_article("always")
    assert isinstance(article, Article)
    assert article.path == "elsewhere/always.json"


def test_an_article_that_took_another_slug_was_not_deleted(folder: Folder) -> None:
    folder.refresh(at("2020-01-01"))
    folder.write("always", slug="ever", date="2018-01-01")
    folder.refresh(at("2020-01-02"))
    with pytest.raises(NotFound):
        folder.find_article("always")
    folder.write("always", slug="ever", date="2018-01-01", aliases=["/blog/Always.html"])
    folder.refresh(at("2020-01-03"))
    assert folder.find_article("always") == Moved("ever")
    assert folder.find_article("Always") == Moved("ever")
    assert folder.find_article("Ever") == Moved("ever")


def test_removal_changes_the_lists_it_was_in(folder: Folder) -> None:
    folder.refresh(at("2019-01-01"))
    assert folder.find(tags=("t",)).modified == at("2018-01-02")  # a future withdrawal does not count yet
    apply_due_transitions(folder.url, at("2019-02-02"))
    assert folder.find(tags=("t",)).modified == at("2019-02-02")
    assert folder.find(languages=("de",)).modified is None
    folder.refresh(at("2020-03-01"))
    assert folder.find().modified == at("2020-01-01")
    folder.refresh(at("2021-01-02"))
    expired = at("2021-01-01")
    for facts in ({}, {"tags": ("t",)}, {"authors": ("ann",)}, {"languages": ("de",)}, {"q": "text"}):
        assert folder.find(**facts).modified == expired
    assert folder.find(tags=("later",)).modified == at("2020-01-01")
    assert folder.find(tags=("t", "later")).modified == at("2020-01-01")
    folder.remove("while")
    folder.refresh(at("2021-01-02"))
    assert folder.find(languages=("de",)).modified is None


def test_an_update_is_shown_from_its_instant_on(folder: Folder) -> None:
    folder.write("revised", date="2018-05-01", updated="2020-07-01T12:00:00Z", tags=["r"])
    folder.write("undated-revised", updated="2020-07-01T12:00:00Z", tags=["u"])
    folder.write("both", date="2020-06-15", updated="2020-07-01T12:00:00Z")
    before, then = at("2020-07-01T12:00") - SECOND, at("2020-07-01T12:00")

    def shown_dates() -> tuple[object, ...]:
        answers = folder.find_article("revised"), folder.find_article("undated-revised")
        updated = [article.updated for article in answers if isinstance(article, Article)]
        modified = [folder.find(tags=(tag,)).modified for tag in "ru"]
        since = folder.slugs(updated_since=at("2020-06-20"))
        return (*updated, *modified, since, folder.slugs(sort="updated")[0])

    report = folder.refresh(before)
    early: tuple[object, ...] = (at("2018-05-01"), None, at("2018-05-01"), None, [], "both")
    assert shown_dates() == early
    assert report.next_transition == then
    assert apply_due_transitions(folder.url, then) == at("2021-01-01")
    late = (then, then, then, then, ["both", "revised", "undated-revised"], "both")
    assert shown_dates() == late
    assert folder.ask(lambda index: index.revision()).transition == then.timestamp()
    for now, expected in ((before, early), (at("2020-08-01"), late)):  # the clock is set back, and on
        apply_due_transitions(folder.url, now)
        assert shown_dates() == expected
    assert folder.refresh(at("2020-08-01")).read == 0
    assert shown_dates() == late


def test_a_correction_is_not_shown_before_its_update(folder: Folder) -> None:
    folder.write(
        "corrected",
        date="2018-05-01",
        updated="2020-07-01T12:00:00Z",
        correction="The bridge is in Oporto.",
        tags=["c"],
    )
    folder.write("undated", updated="2020-07-01T12:00:00Z", correction="Nobody was in Oporto.")
    before, then = at("2020-07-01T12:00") - SECOND, at("2020-07-01T12:00")

    def shown() -> tuple[object, ...]:
        looked_up = [folder.find_article(slug) for slug in ("corrected", "undated")]
        listed = [*folder.find(tags=("c",)).articles, *folder.find(sort="updated").articles]
        articles = [item for item in (*looked_up, *listed) if isinstance(item, Article)]
        corrections = {article.correction for article in articles if article.slug in {"corrected", "undated"}}
        stated = {item.words for item in read_inventory(folder.url) if item.slug == "corrected"}
        return corrections, sorted(folder.slugs(q="Oporto")), stated

    folder.refresh(before)
    early = shown()
    assert early[:2] == ({None}, [])
    late = ({"The bridge is in Oporto.", "Nobody was in Oporto."}, ["corrected", "undated"])
    for now, expected in ((then, late), (before, early[:2]), (at("2020-08-01"), late)):
        apply_due_transitions(folder.url, now)
        assert shown()[:2] == expected
    assert shown()[2] != early[2]
    folder.remove("corrected")
    folder.refresh(before)
    assert folder.slugs(q="bridge") == folder.slugs(q="Oporto") == []


def test_files_in_an_article_folder_follow_its_visibility(folder: Folder) -> None:
    folder.write("posts/late/index", slug="bundle", date="2020-01-01", expires="2021-01-01")
    folder.write("posts/two/index.en", slug="two", date="2018-01-01")
    folder.write("posts/two/index.fr", slug="deux", date="2020-01-01", language="fr")
    folder.write("posts/two/part/index", slug="part", date="2020-01-01")
    mine = ("posts/late/a.png", "posts/late/more/a.png", "posts/two/part/a.png")
    others = ("a.png", "posts/a.png", "posts/later/a.png", "posts/two/a.png", "late/a.png", "\ud800/a.png")
    for now, kept_back in (("2019-01-01", mine), ("2020-06-01", ()), ("2022-01-01", mine[:2])):
        folder.refresh(at(now))
        assert tuple(path for path in (*mine, *others) if folder.file_record(path).is_withheld) == kept_back
