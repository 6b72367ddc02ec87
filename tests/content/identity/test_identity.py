"""An id is for ever: whatever changes around an article, readers of every format know it again."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import feedparser  # type: ignore[import-untyped]
import pytest

from service.ingest import refresh_index
from service.model import Site
from service.server import application_client
from service.settings import Settings
from tests.support.builders import site
from tests.support.http_client import open_client
from tests.support.server import serving

Files = dict[str, str]
Change = Callable[[Files], Files]

VOTE = "posts/2019-01-28-vote.md"
DECLARED = "posts/budget.md"
FILES: Files = {
    VOTE: "---\ntitle: The vote\nauthor: Ada Osei\ntags: [Council]\n---\nHow they voted.\n",
    DECLARED: "---\ntitle: The budget\ndate: 2019-02-03\nid: urn:x:budget\n---\nWhat it costs.\n",
}
KNOWN = {"tag:example.org,2026:en/vote", "urn:x:budget"}
SITE = site()
ELSEWHERE = site(public_url="https://elsewhere.example/news")
EASTERN = site(time_zone="Pacific/Auckland")


def text(path: str, was: str, becomes: str) -> Change:
    """The files with something else written in one of them."""

    def changed(files: Files) -> Files:
        assert was in files[path]
        return files | {path: files[path].replace(was, becomes)}

    return changed


def moved(path: str, to: str, *also: tuple[str, str]) -> Change:
    def changed(files: Files) -> Files:
        written = files[path]
        for was, becomes in also:
            assert was in written
            written = written.replace(was, becomes)
        return {name: held for name, held in files.items() if name != path} | {to: written}

    return changed


def same(files: Files) -> Files:
    return files


FRONT = "title: The vote\n"
CHANGES: list[tuple[str, Change, Site]] = [
    ("title", text(VOTE, "The vote", "How the council voted"), SITE),
    ("text", text(VOTE, "How they", "How all of them"), SITE),
    ("date written down", text(VOTE, FRONT, f"{FRONT}date: 2020-05-05 10:00\n"), SITE),
    ("date in the name", moved(VOTE, "posts/2017-12-31-vote.md"), SITE),
    ("author and tags", text(VOTE, "Ada Osei\ntags: [Council]", "Bo Lind\ntags: [City, Money]"), SITE),
    ("folder", moved(VOTE, "archive/2019/politics/2019-01-28-vote.md"), SITE),
    ("folder of a bundle", moved(VOTE, "vote/index.md"), SITE),
    ("kind of file", moved(VOTE, "posts/vote.txt"), SITE),
    ("file name, with the slug", moved(VOTE, "b.md", (FRONT, f"{FRONT}slug: vote\n")), SITE),
    ("file name, with an alias", moved(VOTE, "ballot.md", (FRONT, f"{FRONT}aliases: [vote]\n")), SITE),
    (
        "file name, with the old address",
        moved(VOTE, "b.md", (FRONT, f"{FRONT}aliases: [/2019/vote.html]\n")),
        SITE,
    ),
    ("slug, with an alias", text(VOTE, FRONT, f"{FRONT}slug: ballot\naliases: [vote]\n"), SITE),
    ("slug twice", text(VOTE, FRONT, f"{FRONT}slug: third\naliases: [second, vote]\n"), SITE),
    (
        "everything, with an id",
        moved(DECLARED, "money.html", ("The budget", "Money"), ("2019-02-03", "2021")),
        SITE,
    ),
    ("slug and language, with an id", text(DECLARED, "date:", "slug: le-budget\nlanguage: fr\ndate:"), SITE),
    ("public URL", same, ELSEWHERE),
    ("time zone", same, EASTERN),
    ("title of the site", same, site(title="Another name")),
]


def ids(folder: Path, files: Files, of: Site) -> dict[str, set[str]]:
    """The ids of a site made of `files`, from nothing, as each format tells them."""
    for path, held in files.items():
        (folder / "content" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "content" / path).write_text(held, "utf-8")
    chosen = Settings(content=folder / "content", index=f"sqlite:///{folder}/index.db", site=of)
    refresh_index(chosen.index, chosen.content, chosen.site)
    return asyncio.run(_served_ids(chosen))


async def _served_ids(chosen: Settings) -> dict[str, set[str]]:
    base = chosen.site.public_url or ""
    async with application_client(chosen) as client:

        async def get(path: str) -> bytes:
            return (await client.get(f"{base}{path}")).content

        return {
            "API": {article["id"] for article in json.loads(await get("/articles.json"))["articles"]},
            "NDJSON": {json.loads(line)["id"] for line in (await get("/articles.ndjson")).splitlines()},
            "JSON Feed": {item["id"] for item in json.loads(await get("/feed.json"))["items"]},
            "Atom": {entry.id for entry in feedparser.parse(await get("/feed.atom")).entries},
            "RSS": {entry.id for entry in feedparser.parse(await get("/feed.rss")).entries},
        }


@pytest.mark.parametrize(("change", "of"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_an_id_survives(tmp_path: Path, change: Change, of: Site) -> None:
    ids_by_format = ids(tmp_path, change(FILES), of)

    assert [(name, found) for name, found in ids_by_format.items() if found != KNOWN] == []


def test_every_former_address_redirects(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "third.md").write_text(
        "---\ntitle: The vote\naliases: [second, vote]\n---\nHow they voted.\n", "utf-8"
    )
    with (
        serving(tmp_path / "content", tmp_path) as server,
        open_client(server.base) as client,
    ):
        for slug in ("second", "vote"):
            for suffix in ("", ".json", ".md", ".html"):
                answer = client.get(f"/articles/{slug}{suffix}")
                there = client.get(answer.headers["Location"])
                assert (answer.status_code, there.status_code) == (301, 200)
                assert there.url.path == f"/articles/third{suffix}"
