"""`check --against`: what a deploy would do to those who have subscribed already."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from service.cli.compare import compare
from service.cli.compare.running_site import read_pages
from service.errors import SettingsError
from service.model import Site
from tests.support.builders import at
from tests.support.commands import run
from tests.support.index_folder import Folder
from tests.support.server import serving

SITE = Site(title="Example", id_authority="example.org", id_year=2026)
NOW = at("2026-01-01")

Change = Callable[[Folder], object]

OLD: dict[str, Any] = {"id": None, "slug": None, "published": "2019-01-28", "text": "How they voted."}


def change(name: str = "vote", **facts: Any) -> Change:
    """Write the article in `NAME.json` anew, with `facts`."""
    return lambda folder: folder.write(name, **({"title": "The vote"} | OLD | facts))


def move(name: str, **facts: Any) -> Change:
    """Write the article under another name, and remove it where it was."""

    def moved(folder: Folder) -> None:
        folder.remove("vote")
        folder.write(name, **({"title": "The vote"} | OLD | facts))

    return moved


def withdraw(folder: Folder) -> None:
    folder.write("vote", **OLD | {"title": "The vote", "withdrawn": {"reason": "Wrong", "at": "2025-12-31"}})


ID = "tag:example.org,2026:en/vote"
KEPT: list[tuple[str, Change]] = [
    ("nothing", change()),
    ("a title", change(title="The vote, counted again", updated="2025-12-31")),
    ("a new article", change("news", title="News", text="News.", published="2025-12-30")),
    ("a folder", move("2019/politics/vote")),
    ("a name, with the slug", move("ballot", slug="vote")),
    ("a slug, with an alias", change(slug="ballot", aliases=["vote"])),
    ("a name, with an alias", move("ballot", aliases=["vote"])),
    ("an id, written down", change(id=ID)),
    ("a name and the language, with id and alias", move("vote.fr", id=ID, aliases=["vote"], language="fr")),
    ("an edit, reported", change(text="How they really voted.", updated="2025-12-31")),
    ("a withdrawal", withdraw),
]
FOUND: list[tuple[str, Change, str, str, tuple[str, ...]]] = [
    (
        "a name",
        move("ballot"),
        f"ballot.json:1: its id was {ID} and would be tag:example.org,2026:en/ballot",
        "add `aliases: [vote]`",
        ("address", "duplicate"),
    ),
    (
        "a slug",
        change(slug="ballot"),
        "vote.json:1: its id was",
        "add `aliases: [vote]`",
        ("address", "duplicate"),
    ),
    (
        "a slug, with the id",
        change(slug="ballot", id=ID),
        "vote.json:1: its address /articles/vote would not be found",
        "add `aliases: [vote]`",
        ("address",),
    ),
    ("an id", change(id="urn:x:1"), "would be urn:x:1", f"write `id: {ID}`", ("duplicate",)),
    (
        "an alias taken away",
        change("moved", title="Moved", text="It moved.", id="id:moved"),
        "moved.json:1: its address /articles/been-here would not be found",
        "add `aliases: [been-here]`",
        ("address",),
    ),
    (
        "a file",
        lambda folder: folder.remove("vote"),
        f"vote.json:1: 'The vote' ({ID}) would be removed without notice",
        f"leave a stub: `id: {ID}`, `slug: vote`, `withdrawn: REASON`",
        ("lost",),
    ),
    ("published to draft", change(draft=True), "would be removed without notice", "leave a stub", ("lost",)),
    (
        "a stub",
        lambda folder: folder.remove("gone"),
        "gone.json:1: 'gone' (id:gone) was withdrawn, and feeds would no longer report it",
        "keep its file",
        ("lost",),
    ),
    (
        "a date back",
        change(published="2018-05-05"),
        "its date was 2019-01-28 and would be 2018-05-05",
        "see only what changed after 2025-12-23: add `updated:`",
        ("date",),
    ),
    ("a date ahead", change(published="2027-05-05"), "would disappear until 2027-05-05", "", ("date",)),
    (
        "an edit, not reported",
        change(text="How they really voted."),
        "vote.json:1: its text changed, but not its date 2019-01-28",
        "add `updated:`",
        ("unreported",),
    ),
    ("tags", change(tags=["Vote"]), "its tags changed", "add `updated:`", ("unreported",)),
    (
        "a late article",
        change("late", title="Late", text="Late.", published="2020-02-02"),
        "late.json:1: it is new, but dated 2020-02-02",
        "add `updated:`",
        ("unreported",),
    ),
]


def state(path: Path) -> Folder:
    folder = Folder(path, SITE)
    folder.write("newest", published="2025-12-30")
    change()(folder)
    folder.write("gone", withdrawn={"reason": "Wrong", "at": "2019-01-01"})
    change("moved", title="Moved", text="It moved.", aliases=["been-here"], id="id:moved")(folder)
    folder.write("scheduled", published="2027-01-01")
    return folder


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Folder, Folder]:
    """A site, and a copy of it that is about to be changed."""
    old, new = state(tmp_path / "old"), state(tmp_path / "new")
    old.refresh(NOW)
    return old, new


@pytest.mark.parametrize("change", [item for _, item in KEPT], ids=[name for name, _ in KEPT])
def test_harmless_changes_are_not_reported(folders: tuple[Folder, Folder], change: Change) -> None:
    old, new = folders
    change(new)
    new.refresh(NOW)

    compared = compare(old.url, new.url, SITE)

    assert [str(finding) for finding in compared.differences] == []
    assert compared.sentence == "A deploy of this would show no subscriber a duplicate and break no address."


@pytest.mark.parametrize(
    ("change", "message", "advice", "kinds"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND]
)
def test_changes_that_readers_notice_are_reported(
    folders: tuple[Folder, Folder], change: Change, message: str, advice: str, kinds: tuple[str, ...]
) -> None:
    old, new = folders
    change(new)
    new.refresh(NOW)

    compared = compare(str(old.file), new.url, SITE)

    assert tuple(finding.kind for finding in compared.differences) == kinds
    assert any(
        message in str(difference) and advice in difference.message for difference in compared.differences
    ), compared


def test_id_given_to_another_article_is_reported(folders: tuple[Folder, Folder]) -> None:
    old, new = folders
    move("ballot")(new)
    new.write("another", **OLD | {"slug": "vote", "text": "Something else.", "published": "2025-12-30"})
    new.refresh(NOW)

    compared = compare(old.url, new.url, SITE)

    assert [(difference.where, difference.kind) for difference in compared.differences] == [
        ("ballot.json:1", "address"),
        ("ballot.json:1", "duplicate"),
    ]
    assert "would lead to another article, 'vote'" in compared.differences[0].message


def test_changed_authority_changes_every_id(tmp_path: Path) -> None:
    old = Folder(tmp_path / "old", SITE)
    old.write_many("many", [{"title": f"{number}", "slug": f"s{number}"} for number in range(60)])
    old.refresh(NOW)

    elsewhere = Site(id_authority="example.net", id_year=2026)
    new = Folder(tmp_path / "new", elsewhere)
    new.write_many("many", [{"title": f"{number}", "slug": f"s{number}"} for number in range(60)])
    new.refresh(NOW)
    compared = compare(old.url, new.url, elsewhere)

    assert compared.sentence == (
        "A deploy of this would show each subscriber 60 duplicates (50 of them at once, in the main feed's"
        " first 50)."
    )
    assert compared.differences[0].where == "many.jsonl:1"


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A working folder with two articles in `content`, as a user has it."""
    (tmp_path / "content").mkdir()
    for name in ("vote", "news"):
        (tmp_path / "content" / f"{name}.md").write_text(
            f"---\ndate: 2019-01-28\ntitle: The {name}\n---\nText of {name}.\n", "utf-8"
        )
    return tmp_path


def test_check_against_an_earlier_index_exits_1_when_readers_would_notice(blog: Path) -> None:
    assert run("index", "--index", "sqlite:///old.db", cwd=blog).returncode == 0
    same = run("check", "--against", "old.db", cwd=blog)
    (blog / "content" / "vote.md").rename(blog / "content" / "ballot.md")
    result = run("check", "--against", "old.db", cwd=blog)

    assert (same.returncode, same.stdout.count("\n")) == (0, 1)
    assert result.returncode == 1
    assert result.stdout.splitlines()[0].startswith("ballot.md:1: its ")
    assert result.stdout.splitlines()[-1] == (
        "A deploy of this would show each subscriber 1 duplicate (1 of them at once, in the main feed's"
        " first 50) and break 1 address."
    )


def test_known_renames_are_not_reported_twice(blog: Path) -> None:
    assert run("index", "--index", "sqlite:///old.db", cwd=blog).returncode == 0
    (blog / "content" / "vote.md").rename(blog / "content" / "ballot.md")
    result = run("check", "--against", "old.db", "--index", "sqlite:///old.db", cwd=blog).stdout

    assert "its id was" in result
    assert "note:" not in result


def test_check_against_a_running_site(blog: Path) -> None:
    (blog / "content" / "gone.md").write_text("---\ntitle: Gone\n---\nText.\n", "utf-8")
    (blog / "content" / "pages").mkdir()
    for name in ("about", "a b"):
        (blog / "content" / "pages" / f"{name}.md").write_text(
            f"---\ntitle: {name}\n---\nThe {name}.\n", "utf-8"
        )
    with serving(blog / "content", blog) as server:
        work = blog / "work"
        shutil.copytree(blog / "content", work / "content")
        same = run("check", "--against", f"{server.base}/", cwd=work)
        (work / "content" / "vote.md").rename(work / "content" / "ballot.md")
        (work / "content" / "news.md").unlink()
        (work / "content" / "gone.md").unlink()
        draft = "---\ntitle: Gone\ndraft: true\n---\nText.\n"
        (work / "content" / "2019-01-28-gone.md").write_text(draft, "utf-8")
        (work / "content" / "pages" / "about.md").rename(work / "content" / "pages" / "contact.md")
        (work / "content" / "pages" / "a b.md").unlink()
        result = run("check", "--against", server.base, cwd=work)

    assert (same.returncode, same.stdout.count("\n")) == (0, 1), same.stdout
    assert result.returncode == 1
    assert "ballot.md:1: its id was " in result.stdout
    assert (
        "ballot.md:1: its address /articles/vote would not be found; add `aliases: [vote]`" in result.stdout
    )
    assert f"{server.base}/articles/news: 'The news' (" in result.stdout
    assert "2019-01-28-gone.md:1: 'Gone' (" in result.stdout
    assert "pages/contact.md:1: its address /about would not be found; add" in result.stdout
    assert f"{server.base}/a-b: the page /a-b would be removed; add `aliases: [/a-b]`" in result.stdout
    assert result.stdout.count("page /") == 1


@pytest.mark.parametrize(
    ("old", "message"),
    [
        ("nowhere.db", "there is no file 'nowhere.db'; give the file of an index, or the address of"),
        ("sqlite:///nowhere.db", "there is no file 'nowhere.db'"),
        ("example.org", "there is no file 'example.org'; give the file of an index, or the address of"),
        ("content", "'content' is a folder; give the file of an index"),
        ("content/vote.md", "'content/vote.md' is not an index; give the file of an index"),
        ("sqlite:///content/vote.md", "'content/vote.md' is not an index; give the file of an index"),
        ("127.0.0.1:8000", "'127.0.0.1:8000' has no scheme; write http://127.0.0.1:8000 or https://"),
        ("localhost:8000/blog", "has no scheme; write http://localhost:8000/blog or https://"),
        ("postgresql://x", "there is no file 'postgresql:"),
        ("HTTP://127.0.0.1:1", "cannot be read: connection refused"),
        ("http://127.0.0.1:1", "cannot be read: connection refused"),
        ("http://[", "cannot be read"),
    ],
)
def test_unreadable_old_state_is_an_error(blog: Path, old: str, message: str) -> None:
    result = run("check", "--against", old, cwd=blog)

    assert result.returncode == 2, result
    assert message in result.stderr
    assert "Traceback" not in result.stderr


ANSWERS = [
    (404, "application/problem+json", b"{}", "responds with 404"),
    (200, "text/html; charset=utf-8", b"<p>Hello", "is text/html, not application/x-ndjson"),
    (200, "application/x-ndjson", b'{"id": 1}\n', "line 1 is not an article"),
    (200, "application/x-ndjson", b'{"id": "\xff"}\n', "line 1 is not an article"),
    (200, "application/x-ndjson", b'{"x": ' + b"[" * 100_000, "line 1 is not an article"),
    (200, "application/x-ndjson", json.dumps({"id": "x"}).encode(), "line 1 is not an article"),
]


Response = tuple[int, str, bytes]


@contextmanager
def answering(answer: Callable[[str], Response]) -> Iterator[str]:
    """A server that answers each path with what `answer` returns."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, media_type, body = answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("status", "media_type", "body", "message"), ANSWERS)
def test_response_of_another_program_is_an_error(
    folders: tuple[Folder, Folder], status: int, media_type: str, body: bytes, message: str
) -> None:
    new = folders[1]
    new.refresh(NOW)
    with (
        answering(lambda _: (status, media_type, body)) as base,
        pytest.raises(SettingsError, match=message),
    ):
        compare(base, new.url, SITE)


PAGE: dict[str, Any] = {
    "id": "id:p", "slug": "about", "url": "https://example.org/blog/about", "title": "About",
    "subtitle": None,
    "summary": None, "content_text": "Us.", "correction": None, "authors": [], "tags": [], "published": None,
    "updated": None, "language": "en",
}  # fmt: skip
URLSET = "<urlset>{}</urlset>".format(
    "".join(
        f"<url>\n<loc>https://example.org/blog{path}</loc></url>"
        for path in ("/", "/tags", "/company/t%C3%A9am", "/articles/a", "/about")
    )
)


@pytest.mark.parametrize("part", ["/sitemap.xml?part=pages", "/sitemap/pages.xml"])
@pytest.mark.parametrize("is_large", [False, True])
def test_the_pages_of_a_running_site_are_those_of_its_sitemap(part: str, is_large: bool) -> None:
    """Addresses in the sitemap are public ones, which need not be that which is read."""
    index = f"<sitemapindex><sitemap><loc>https://example.org/blog{part}</loc></sitemap></sitemapindex>"
    asked = []

    def answer(path: str) -> Response:
        asked.append(path)
        if path.endswith(".json"):
            return 200, "application/json", json.dumps(PAGE).encode()
        return 200, "application/xml", (index if is_large and path == "/sitemap.xml" else URLSET).encode()

    with answering(answer) as base:
        pages = [*read_pages(f"{base}/")]

    assert [page.slug for page in pages] == ["/company/téam", "/about"]
    assert asked == ["/sitemap.xml", *[part] * is_large, "/company/t%C3%A9am.json", "/about.json"]


@pytest.mark.parametrize(
    ("bodies", "message"),
    [
        ({"/sitemap.xml": (404, "application/xml", b"")}, r"sitemap\.xml responds with 404"),
        ({"/sitemap.xml": (200, "text/html", b"")}, r"sitemap\.xml is text/html, not application/xml"),
        ({"/sitemap.xml": (200, "application/xml", b"<urlset/>")}, "names no address"),
        ({"/sitemap.xml": (200, "application/xml", b"\xff\xfe")}, "names no address"),
        (
            {"/sitemap.xml": (200, "application/xml", b"<loc>https://a.example/</loc><loc>about</loc>")},
            "about is in the sitemap, but not below https://a.example/",
        ),
        ({"/about.json": (200, "application/json", b"{}")}, "/about is not a page"),
        ({"/about.json": (500, "application/json", b"{}")}, r"/about\.json responds with 500"),
    ],
)
def test_a_sitemap_that_cannot_be_read_is_an_error(bodies: dict[str, Response], message: str) -> None:
    urlset = URLSET.replace("/company/t%C3%A9am", "/tags").encode()
    with (
        answering(lambda path: bodies.get(path, (200, "application/xml", urlset))) as base,
        pytest.raises(SettingsError, match=message),
    ):
        [*read_pages(base)]
