"""Names of files and folders that say that an article is not for the public."""

from pathlib import Path

import pytest

from service.content import load
from service.content.files.access import may_be_served
from service.model import Site

MATTER = "title: A\ndate: 2020-01-01\n"
FOLDERS = """
    drafts Drafts DRAFTS draft _draft __drafts +drafts 00-drafts private _private Private unpublished
    _unpublished trash Trash _trash #recycle @eaDir $RECYCLE.BIN __MACOSX lost+found wip WIP work_in_progress
    hidden confidential entwürfe Entwurf brouillons borradores bozze rascunhos черновики 下書き 草稿
    _backup @backups +deleted _discarded #secrets vote.draft
"""
NAMES = [
    "vote.draft.md",
    "draft.vote.md",
    "vote.DRAFT.fr.md",
    "vote.wip.markdown",
    "vote.private.html",
    "vote.bak.md",
    "vote.orig.md",
    "[draft] vote.md",
    "(Draft) vote.md",
    "vote [wip].md",
    "vote {entwurf}.md",
    "DRAFT - vote.md",
    "vote (conflicted copy 2020-01-01).md",
    "vote (Ann's conflicted copy).md",
    "vote.sync-conflict-20200101-120000-ABCDEF.md",
    "[private] vote.md",
    "vote (secret).md",
    "_vote.md",
]
PLACES = [
    *(f"{folder}/vote.md" for folder in FOLDERS.split()),
    *("hidden/a/index.md", "posts/drafts/index.md", "private/index.md", "_trash/index.md"),
    *NAMES,
    *(f"blog/{name}" for name in NAMES),
]
PUBLIC_PLACES = [
    "backup/restic.md",
    "Secrets/vault.md",
    "recycle/paper.md",
    "posts/deleted/scenes.md",
    "posts/hidden/index.md",
    "posts/2024-05-01-backup/index.md",
    "posts/Trash/index.fr.md",
    "draft-law.md",
    "the-draft.md",
    "draft.md",
    "2020/private-schools.md",
    "private sector/vote.md",
    "drafting/vote.md",
    "archive/vote.md",
    "node.js.md",
    "v1.2.md",
    "old/vote.md",
    "The Draft - a story.md",
    "vote (second reading).md",
    "The (hidden) cost of a vote.md",
    "our [secret] vote.md",
]


def articles(path: str, matter: str) -> tuple[int, bool]:
    text = f"<h1>A</h1><p>{matter}" if path.endswith(".html") and not matter else f"---\n{matter}---\nText."
    loaded = load(Path("/nowhere"), path, text.encode(), Site())
    assert not loaded.faults
    return len(loaded.articles), loaded.is_private


@pytest.mark.parametrize("path", PLACES)
def test_a_place_for_drafts_hides_an_article(path: str) -> None:
    assert articles(path, MATTER) == (0, True)
    assert articles(path, "title: A\ndraft: true\n") == (0, True)


@pytest.mark.parametrize("path", PUBLIC_PLACES)
def test_a_name_that_only_has_such_a_word_hides_none(path: str) -> None:
    assert articles(path, MATTER) == (1, False)


@pytest.mark.parametrize(
    "line", ["draft: false", "published: true", "status: Published", "visibility: public", "private: no"]
)
def test_an_article_that_says_it_is_public_is_served_from_there(line: str) -> None:
    assert articles("drafts/vote.md", f"{MATTER}{line}\n") == (1, False)
    assert articles("vote.draft.md", f"{MATTER}{line}\n") == (1, False)


@pytest.mark.parametrize("folder", FOLDERS.split())
def test_a_picture_in_such_a_folder_is_served_only_to_an_article(folder: str) -> None:
    path = f"blog/{folder}/a.png"
    assert not may_be_served(path, is_referenced=False, is_withheld=False)


def test_lines_of_json_in_such_a_folder_are_hidden() -> None:
    line = b'{"title": "A", "text": "Text."}\n'
    assert not load(Path("/nowhere"), "drafts/a.jsonl", line, Site()).articles
    assert load(Path("/nowhere"), "posts/a.jsonl", line, Site()).articles
