"""An edit of `site.toml` or of templates takes effect in every worker at one revision, or is reported."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from service.formats.html import fault_of_templates
from service.ingest import FileHasher, refresh_index
from service.model import Site
from service.server.index_refresher import SETTLE_SECONDS, IndexRefresher
from service.settings import SETTINGS, Settings
from service.web.metrics.counters import private_counters
from tests.support.http_client import fetch
from tests.support.index_folder import Folder
from tests.support.load_settings import load_settings
from tests.support.processes import others, workers
from tests.support.server import ROOT, Server, serving
from tests.support.waiting import wait_until

CONNECTIONS = 12
"""Enough that each of two workers takes some."""


def get(server: Server, address: str) -> httpx.Response:
    return fetch(f"{server.base}{address}")


def titles(server: Server) -> set[str]:
    """What the site is called in every worker."""
    return {get(server, "/articles.md").text.splitlines()[0].removeprefix("# ") for _ in range(CONNECTIONS)}


def kill_all(server: Server) -> None:
    """Kill every process but the supervising one, and wait until others have taken their places."""
    pid = server.process.pid
    before = {*workers(pid), *others(pid)}
    for child in before:
        os.kill(child, signal.SIGKILL)
    wait_until(
        lambda: len(set(workers(pid)) - before) == 2 and bool(set(others(pid)) - before), "all are restarted"
    )
    wait_until(lambda: answers(server), "they answer")


def answers(server: Server) -> bool:
    try:
        return all(get(server, "/readyz").status_code == httpx.codes.OK for _ in range(CONNECTIONS))
    except httpx.TransportError:
        return False


def write(file: Path, text: str) -> None:
    """As an editor saves: nobody sees half of it."""
    new = file.with_name(f".{file.name}.new")
    new.write_text(text, "utf-8")
    new.replace(file)


@pytest.fixture
def server(content: Path, tmp_path: Path) -> Iterator[Server]:
    with serving(content, tmp_path, "--workers", "2", BROADSHEET_REFRESH_SECONDS="1") as server:
        yield server


def test_changes_of_the_site_file_take_effect(content: Path, server: Server) -> None:
    site = content / "site.toml"
    assert titles(server) == {"Broadsheet"}

    write(site, 'title = "First"\n')
    wait_until(lambda: titles(server) == {"First"}, "a file that appears")
    first = get(server, "/feed.atom")

    write(site, 'title = "Second"\nworkers = 5\nlog_level = "debug"\n')
    wait_until(lambda: titles(server) == {"Second"}, "an edit, in every worker")
    assert get(server, "/feed.atom").headers["etag"] != first.headers["etag"]
    known = {"If-None-Match": first.headers["etag"]}
    assert fetch(f"{server.base}/feed.atom", headers=known).status_code == httpx.codes.OK
    wait_until(
        lambda: "take effect at a restart: log_level" in server.output(), "what cannot take effect is logged"
    )

    write(site, 'title = "Third"\ntime_zone = \n')
    wait_until(
        lambda: "site.toml:2: cannot be read as TOML" in server.output(), "a fault is logged with its line"
    )
    kill_all(server)
    assert titles(server) == {"Second"}, "also those started anew know what is in force"
    assert "cannot be used" in " ".join(get(server, "/readyz").json()["problems"])

    write(site, 'title = "Fourth"\ntime_zone = "Mars/Olympus"\n')
    wait_until(
        lambda: "site.toml:2: time_zone: invalid value 'Mars/Olympus'" in server.output(),
        "so is a wrong value",
    )
    assert titles(server) == {"Second"}

    write(site, 'title = "Fourth"\n')
    wait_until(lambda: titles(server) == {"Fourth"}, "a file that is mended")
    wait_until(lambda: get(server, "/readyz").json() == {"status": "ready"}, "and nothing is wrong any more")

    site.unlink()
    wait_until(lambda: titles(server) == {"Broadsheet"}, "a file that disappears")
    assert server.output().count("take effect at a restart: log_level") == 1
    assert "Traceback" not in server.output()


def test_the_public_url_and_what_articles_are_read_with_follow_the_file(
    content: Path, server: Server
) -> None:
    write(content / "two.md", "---\ntitle: Two\ndate: 2020-06-01 12:00\n---\nText.\n")
    wait_until(lambda: get(server, "/articles/two.json").status_code == httpx.codes.OK, "it is served")
    write(content / "site.toml", 'public_url = "https://news.example/blog"\ntime_zone = "Asia/Tokyo"\n')

    def facts() -> set[tuple[str, str]]:
        responses = [get(server, "/articles/two.json").json() for _ in range(CONNECTIONS)]
        return {(article["url"], article["published"]) for article in responses}

    expected = {("https://news.example/blog/articles/two", "2020-06-01T03:00:00Z")}
    wait_until(lambda: facts() == expected, "links and dates, in every worker")


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda file: file.symlink_to("gone.toml")])
def test_what_is_no_file_is_refused_in_place_of_the_site_file(
    content: Path, server: Server, make: Callable[[Path], object]
) -> None:
    site = content / "site.toml"
    make(site)
    wait_until(lambda: "site.toml: cannot be read" in server.output(), "it is logged")
    site.rmdir() if site.is_dir() else site.unlink()
    wait_until(lambda: "the settings can be used again" in server.output(), "so is its end")
    write(site, 'title = "First"\n')
    wait_until(lambda: titles(server) == {"First"}, "a file in its place")


def test_changed_templates_take_effect_and_broken_ones_do_not(content: Path, server: Server) -> None:
    theme = content / ".theme"
    theme.mkdir()
    (theme / "site.css").write_text(":root { --ink: #111111 }", "utf-8")
    write(content / "site.toml", 'templates = ".theme"\n')

    def shows(text: str) -> bool:
        return all(text in get(server, "/").text for _ in range(CONNECTIONS))

    wait_until(lambda: shows("--ink: #111111"), "a template of the site")
    write(theme / "site.css", ":root { --ink: #222222 }")
    wait_until(lambda: shows("--ink: #222222"), "an edit of it")
    write(theme / "base.html", "\n{% if %}")
    wait_until(lambda: "base.html:2: " in server.output(), "a broken one is logged with its line")
    assert shows("--ink: #222222")
    (theme / "base.html").unlink()
    write(theme / "site.css", ":root { --ink: #333333 }")
    wait_until(lambda: shows("--ink: #333333"), "all is well again")


def test_settings_of_an_engine_follow_their_file_and_hold_while_it_is_broken(
    content: Path, server: Server
) -> None:
    write(content / "hugo.toml", 'title = "Hugo"\n')
    wait_until(lambda: titles(server) == {"Hugo"}, "what the engine calls the site")
    write(content / "hugo.toml", "title = \n")
    wait_until(lambda: "hugo.toml:1" in server.output(), "its fault is logged")
    assert titles(server) == {"Hugo"}
    write(content / "hugo.toml", 'title = "Mended"\n')
    wait_until(lambda: titles(server) == {"Mended"}, "and it is read again")


@pytest.mark.parametrize("way", ["SIGHUP", "POST"])
def test_a_look_that_is_asked_for_is_made_at_once_and_restarts_nothing(
    content: Path, tmp_path: Path, way: str
) -> None:
    environment = {"BROADSHEET_REFRESH_SECONDS": "0", "BROADSHEET_RELOAD_TOKEN": "token"}
    with serving(content, tmp_path, "--workers", "2", **environment) as server:
        pid = server.process.pid
        wait_until(lambda: len(workers(pid)) == 2, "both workers are there")
        before = {*workers(pid), *others(pid)}
        write(content / "site.toml", 'title = "Asked for"\n')
        write(content / "two.md", "---\ntitle: Two\n---\nText.\n")
        if way == "POST":
            assert httpx.post(f"{server.base}/-/reload?token=token").status_code == httpx.codes.OK
        else:
            server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: titles(server) == {"Asked for"}, "settings")
        assert get(server, "/articles.json").json()["total"] == 2
        assert {*workers(pid), *others(pid)} == before


def test_the_environment_and_options_win_over_an_edit(content: Path, tmp_path: Path) -> None:
    options = ("--public-url", "https://option.example")
    environment = {"BROADSHEET_TITLE": "Environment", "BROADSHEET_REFRESH_SECONDS": "1"}
    with serving(content, tmp_path, "--workers", "2", *options, **environment) as server:
        write(content / "site.toml", 'title = "File"\npublic_url = "https://file.example"\nrights = "Ours"\n')
        wait_until(lambda: "<rights>Ours</rights>" in get(server, "/feed.atom").text, "the edit is in force")
        assert titles(server) == {"Environment"}
        assert 'href="https://option.example/feed.atom"' in get(server, "/feed.atom").text


def test_the_same_site_has_the_same_revision_however_it_came_about(tmp_path: Path) -> None:
    edited, anew = (Folder(tmp_path / name, Site(title="Old")) for name in ("edited", "anew"))
    for folder in (edited, anew):
        folder.write("one")
    before = edited.refresh().revision
    edited.site = anew.site = Site(title="New", navigation=())
    after = edited.refresh()

    assert after.read == 0, "no article is read again"
    assert after.revision != before
    assert after.revision == anew.refresh().revision


def test_the_index_gives_the_site_with_its_revision(tmp_path: Path) -> None:
    site = load_settings(
        {"content": str(tmp_path)}, {"BROADSHEET_TITLE": "Kept", "BROADSHEET_ACCENT": "#abcdef"}
    ).site
    folder = Folder(tmp_path / "folder", site)
    report = folder.refresh()

    assert folder.ask(lambda index: index.current()) == (report.revision, site)


def test_every_setting_is_of_the_site_or_needs_a_restart(tmp_path: Path) -> None:
    """A change of any setting is seen: in the site, or as one that takes effect at a restart."""
    settings = load_settings({"content": str(tmp_path)}, {})
    fields = set(Settings.__struct_fields__) - {"site", "notes", "options", "unreadable", "templates_folder"}

    assert fields == {setting.field_name for setting in SETTINGS if not setting.of_site}
    environ = {"BROADSHEET_PORT": "1", "BROADSHEET_STRICT": "true", "BROADSHEET_TITLE": "Other"}
    newer = load_settings({"content": str(tmp_path)}, environ)
    assert settings.needs_restart(newer) == ("port", "strict")
    assert settings.needs_restart(settings) == ()


def test_the_documentation_says_which_settings_take_effect_at_once() -> None:
    names = [setting.name for setting in SETTINGS if setting.of_site]
    page = " ".join((ROOT / "docs" / "settings.md").read_text("utf-8").split())

    assert names == [setting.name for setting in SETTINGS][: len(names)], "they stand first"
    assert f"in the table all from `{names[0]}` to `{names[-1]}`" in page


def test_settings_are_read_again_from_the_same_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_RIGHTS", "Ours")
    settings = load_settings({"content": str(tmp_path), "port": "4000", "host": None})
    (tmp_path / "site.toml").write_text('title = "New"\nport = 3\n', "utf-8")
    newer = settings.reread(fault_of_templates)

    assert (newer.site.title, newer.site.rights, newer.port) == ("New", "Ours", 4000)
    assert settings.needs_restart(newer) == ()


def test_a_file_that_is_being_written_is_not_taken_for_the_whole(content: Path, tmp_path: Path) -> None:
    """Halves are valid TOML: without the second one every id would change, and readers see all again."""
    whole = 'title = "Whole"\nid_authority = "example.org"\nid_year = 2026\n'
    half = whole.partition("id_authority")[0]
    site = content / "site.toml"
    site.write_text(whole, "utf-8")
    settings = load_settings({"content": str(content), "index": f"sqlite:///{tmp_path}/index.db"}, {})
    report = refresh_index(settings.index, settings.content, settings.site)
    hasher = FileHasher(settings.index, settings.content, settings.site)
    refresher = IndexRefresher(settings, report, private_counters(settings), hasher)
    site.write_text(half, "utf-8")
    # The rest is written between the two readings, however slow this machine is: they lie further apart.
    before = signal.signal(signal.SIGALRM, lambda *_: site.write_text(whole, "utf-8"))
    signal.setitimer(signal.ITIMER_REAL, SETTLE_SECONDS / 4)
    try:
        stable = refresher._stable_settings()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    assert stable.site.id_authority == "example.org"
