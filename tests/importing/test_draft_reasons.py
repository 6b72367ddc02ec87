"""An import never makes public what its source did not show to everybody."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.exports import (
    MEDIUM_DRAFT,
    STATUS_EXPORTS,
    atom_draft,
    atom_entry,
    blogger_old,
    ghost_post,
    json_feed,
    medium_page,
    movable_type,
    substack,
    substack_post,
    takeout,
    wordpress,
    wordpress_post,
)
from tests.support.import_folder import Imported, import_file, import_files

NOW = datetime(2026, 1, 1, tzinfo=UTC)
STATUSES = """
    draft private pending future trash auto-draft inherit sent scheduled members paid tiers only_paid
    only_free founding filter soft_trashed hidden unlisted internal closed review spam false no 0 FALSE
    publishe publishing
""".split()
LOCKED = "<wp:post_password>sesame</wp:post_password>"
GATED = '<p>All.</p><!--kg-gated-block:begin nonMember:false memberSegment:"status:free" --><p>Some.</p>'
CARD = '{"type": "html", "html": "<p>x</p>", "visibility": {"web": {"nonMember": false}}}'
LEXICAL = f'{{"root": {{"children": [{CARD}]}}}}'
TRASHED = "<blogger:trashed>2019-02-02T00:00:00Z</blogger:trashed>"


def meta(key: str, value: str) -> str:
    pair = f"<wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value>"
    return f"<wp:postmeta>{pair}</wp:postmeta>"


def block(text: str) -> str:
    return wordpress_post("publish").replace("Only for some.", text)


def assert_nobody_sees(imported: Imported) -> None:
    """Nothing of it is served, and a note says what became of it."""
    assert imported.articles == {}
    files = (
        [file.read_text("utf-8") for file in imported.folder.glob("*.md")] if imported.folder.is_dir() else []
    )
    assert all("\ndraft: true\n" in text for text in files)
    if files:
        assert any("written as a draft: it is " in note for note in imported.of("note"))
    else:
        assert any(note.kind == "left out" and note.category for note in imported.notes)


@pytest.mark.parametrize("source", STATUS_EXPORTS)
def test_no_status_but_the_public_ones_is_public(source: str, tmp_path: Path) -> None:
    for status in STATUSES:
        assert_nobody_sees(import_files(STATUS_EXPORTS[source][1](status), tmp_path / status / "to"))


@given(source=st.sampled_from(sorted(STATUS_EXPORTS)), status=st.text("abcdeilpsuv_-", max_size=12))
def test_no_unknown_status_is_public(source: str, status: str) -> None:
    public, export = STATUS_EXPORTS[source]
    with TemporaryDirectory() as folder:
        imported = import_files(export(status), Path(folder) / "to")
        if status not in public:
            assert_nobody_sees(imported)


@pytest.mark.parametrize("source", STATUS_EXPORTS)
def test_public_statuses_stay_public(source: str, tmp_path: Path) -> None:
    public, export = STATUS_EXPORTS[source]
    for number, status in enumerate(sorted(filter(None, public))):
        for spelt in (status, status.upper()):
            to = tmp_path / f"{number}{spelt}" / "to"
            assert list(import_files(export(spelt), to).articles) == ["secret-plan"] or source == "WordPress"
            assert len(import_files(export(spelt), to).articles) == 1


PRIVATE: dict[str, Mapping[str, str | bytes]] = {
    "app:draft": {"a.atom": atom_draft("yes")},
    "app:draft of another prefix": {"a.atom": atom_draft("yes", "p")},
    "app:draft of the older namespace": {"a.atom": atom_draft(" YES ", "app", "http://purl.org/atom/app#")},
    "app:draft in RSS": {
        "a.rss": '<rss version="2.0" xmlns:x="http://www.w3.org/2007/app"><channel><item><title>Secret</title>'
        "<x:control><x:draft>yes</x:draft></x:control></item></channel></rss>"
    },
    "a response in Atom": {
        "a.atom": atom_entry(
            '<thr:in-reply-to ref="tag:x.example,2019:0"/>',
            'xmlns:thr="http://purl.org/syndication/thread/1.0"',
        )
    },
    "a comment of Blogger": {"a.xml": blogger_old("comment")},
    "the template of a blog": {"a.xml": blogger_old("template")},
    "the settings of a blog": {"a.xml": blogger_old("settings")},
    "an unknown kind of Blogger": {"a.xml": blogger_old("widget")},
    "a page of Blogger": {"a.xml": blogger_old("page")},
    "a draft of Blogger": {
        "a.xml": blogger_old(
            "post", '<c:control xmlns:c="http://purl.org/atom/app#"><c:draft>yes</c:draft></c:control>'
        )
    },
    "a comment of Takeout": {"feed.atom": takeout("LIVE", "COMMENT")},
    "a page of Takeout": {"feed.atom": takeout("LIVE", "PAGE")},
    "Takeout's trash": {"feed.atom": takeout("LIVE", inner=TRASHED)},
    "Takeout with another prefix": {"feed.atom": takeout("DRAFT", prefix="b")},
    "Takeout without a status": {"feed.atom": takeout("")},
    "a scheduled post of Takeout": {"feed.atom": takeout("SCHEDULED")},
    "a password of WordPress": {"a.xml": wordpress_post("publish", more=LOCKED)},
    "another prefix for WordPress": {"a.xml": wordpress_post("private", "exp")},
    "WordPress without a status": {"a.xml": wordpress("<wp:post_type>post</wp:post_type>")},
    "Jetpack's subscribers": {
        "a.xml": wordpress_post("publish", more=meta("_jetpack_newsletter_access", "paid_subscribers"))
    },
    "a role of Members": {"a.xml": wordpress_post("publish", more=meta("_members_access_role", "editor"))},
    "Jetpack's paywall": {"a.xml": block("All.<!-- wp:jetpack/paywall /-->Some.")},
    "premium content": {"a.xml": block("<!-- wp:premium-content/subscriber-view --><p>x</p>")},
    "a shortcode for members": {"a.xml": block("All. [members_only]Some.[/members_only]")},
    "Ghost's e-mails": {"a.json": ghost_post("sent")},
    "Ghost's email_only": {"a.json": ghost_post("published", email_only=True)},
    "a gated block of Ghost": {"a.json": ghost_post("published", html=GATED)},
    "a gated card of Ghost": {"a.json": ghost_post("published", html=None, lexical=LEXICAL)},
    "a page of Ghost": {"a.json": ghost_post("published", type="page")},
    "an unknown visibility of Ghost": {"a.json": ghost_post("published", visibility=None)},
    "Ghost without a status": {"a.json": ghost_post("")},
    "a password of Movable Type": {"a.txt": movable_type("Publish", "PASSWORD: sesame\n")},
    "Movable Type without a status": {"a.txt": movable_type("").replace("STATUS: \n", "")},
    "Medium's draft by its name": {"draft_The-lock-gate-0a1b2c3d4e5f.html": medium_page()},
    "Medium's draft by its page": {"2019_The-lock-gate-0a1b2c3d4e5f.html": medium_page(footer=MEDIUM_DRAFT)},
    "Medium's draft without its last line": {
        "draft_A.html": medium_page().replace("Exported from", "From").replace("graf", "")
    },
    "Medium's draft without an entry": {
        "draft_A.html": "<html><body><p>Only for some, so far.</p></body></html>"
    },
    "Medium's response": {
        "a.html": medium_page("Thank you for this…", '<p class="graf graf--p">Thank you for this, Béa.</p>')
    },
    "a response in an h-entry": {
        "a.html": '<html><body class="h-entry"><a class="u-in-reply-to" href="https://b.example/">b</a>'
        '<h1 class="p-name">Re</h1><div class="e-content"><p>Quite so.</p></div></body></html>'
    },
    "an e-mail of Substack": substack_post("true", "everyone", "adhoc_email"),
    "an unknown type of Substack": substack_post("true", "everyone", "vault"),
    "a page of Substack": substack_post("true", "everyone", "page"),
    "Substack without an audience": substack_post("true", ""),
    "a text Substack does not list": {
        "posts.csv": substack(),
        "posts/7.x.html": "<p>x</p>",
    },
    "JSON Feed: draft": {"a.json": json_feed(draft=True)},
    "JSON Feed: status": {"a.json": json_feed(status="private")},
    "JSON Feed: audience": {"a.json": json_feed(audience="only_paid")},
    "JSON Feed: published": {"a.json": json_feed(published=False)},
    "JSON Feed: enabled": {"a.json": json_feed(enabled=["never"])},
    **{
        f"JSON Feed: {key}": {"a.json": json_feed(**{key: True})}
        for key in ("isDraft", "Draft", "is-draft", "restricted", "no_publish", "post_password", "entwurf")
    },
    "JSON Feed: isPrivate": {"a.json": json_feed(isPrivate="yes")},
    **{
        f"JSON Feed: visible {value}": {"a.json": json_feed(visible=value)}
        for value in (False, [False], {"web": False}, "maybe", "members", "none", 0)
    },
    "a JSON record": {"a.json": '{"title": "Secret", "text": "Some.", "audience": "only_paid"}'},
    "a JSON record with a status": {"a.jsonl": '{"title": "Secret", "text": "Some.", "status": "draft"}\n'},
    "JSON Feed: published_at": {"a.json": json_feed(published_at=None)},
    "JSON Feed: publishedAt": {"a.json": json_feed(publishedAt=None)},
    "a JSON record without a publication": {
        "a.json": '{"title": "S", "text": "Some.", "published_at": null}'
    },
    "JSON records without a publication": {
        "a.jsonl": '{"title": "S", "text": "Some.", "publishedAt": null}\n'
    },
    "Markdown": {"a.md": "---\ntitle: Secret\ndraft: true\n---\nSome.\n"},
    "Markdown in a folder of drafts": {"drafts/a.md": "---\ntitle: Secret\n---\nSome.\n"},
    "Markdown named as a draft": {"a.draft.md": "# Secret\n\nSome.\n"},
    "Markdown for members": {"a.md": "---\ntitle: Secret\nvisibility: members\n---\nSome.\n"},
    "Markdown with a password": {"a.md": "---\ntitle: Secret\npassword: sesame\n---\nSome.\n"},
}


@pytest.mark.parametrize("case", PRIVATE)
def test_private_statuses_become_drafts(case: str, tmp_path: Path) -> None:
    assert_nobody_sees(import_files(PRIVATE[case], tmp_path / "to", now=NOW))


@pytest.mark.parametrize("export", [atom_draft("no"), atom_draft(""), blogger_old("post")])
def test_what_is_marked_as_no_draft_is_public(export: str, tmp_path: Path) -> None:
    assert list(import_files({"a.atom": export}, tmp_path / "to").articles) == ["secret-plan"]


@pytest.mark.parametrize(
    "fields",
    [
        {"visible": True, "isPublished": "yes", "private": None, "publish": "", "hidden": 0},
        {"show": {"author": False, "toc": "no"}, "display": {"date": 0}, "audience": "users"},
        {"hide": ["toc"], "eleventyExcludeFromCollections": ["posts"], "enabled": 1, "active": ["home"]},
    ],
)
def test_what_hides_no_record_leaves_it_public(fields: dict[str, object], tmp_path: Path) -> None:
    imported = import_files({"a.json": json_feed(**fields)}, tmp_path / "to", now=NOW)
    assert list(imported.articles) == ["secret"]


SCHEDULED = {
    "WordPress": lambda day: {
        "a.xml": wordpress_post("future").replace("2019-01-02 03:04:05", f"{day} 03:04:05")
    },
    "Ghost": lambda day: {"a.json": ghost_post("scheduled", published_at=f"{day}T03:04:05.000Z")},
    "Blogger": lambda day: {
        "feed.atom": takeout("SCHEDULED").replace("<published>2019-01-02", f"<published>{day}")
    },
    "Movable Type": lambda day: {
        "a.txt": movable_type("Future").replace("01/02/2019", f"{day[5:7]}/{day[8:]}/{day[:4]}")
    },
}


@pytest.mark.parametrize("source", SCHEDULED)
def test_a_scheduled_post_keeps_its_time_or_becomes_a_draft(source: str, tmp_path: Path) -> None:
    ahead = import_files(SCHEDULED[source]("2030-05-06"), tmp_path / "a" / "to", now=NOW)
    past = import_files(SCHEDULED[source]("2025-05-06"), tmp_path / "b" / "to", now=NOW)
    unknown = import_files(SCHEDULED[source]("2030-05-06"), tmp_path / "c" / "to")

    (article,) = ahead.articles.values()
    assert article.published
    assert article.published > NOW
    assert_nobody_sees(past)
    assert_nobody_sees(unknown)


def test_a_public_article_whose_slug_resembles_a_draft_stays_public(tmp_path: Path) -> None:
    text = '{"title": "Notes", "text": "For all.", "slug": "vote.draft", "status": "published"}'
    imported = import_files({"a.json": text}, tmp_path / "to", now=NOW)
    assert list(imported.articles) == ["vote.draft"]


def test_files_of_a_draft_are_not_copied(tmp_path: Path) -> None:
    draft = "---\ntitle: Secret\ndraft: true\n---\n![plan](plan.png)\n"
    imported = import_files({"secret/index.md": draft, "secret/plan.png": b"pixels"}, tmp_path / "to")

    assert_nobody_sees(imported)
    assert not list(imported.folder.rglob("*.png"))
    assert any("1 files it shows are not copied" in note for note in imported.of("note"))


def test_an_import_of_written_drafts_keeps_them_drafts(tmp_path: Path) -> None:
    first = import_files(STATUS_EXPORTS["Ghost"][1]("sent"), tmp_path / "to")
    again = import_file(first.folder, to=tmp_path / "again")

    assert_nobody_sees(again)
    assert re.search(r"^draft: true$", again.text("secret-plan.md"), re.MULTILINE)
