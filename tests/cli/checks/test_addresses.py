"""Notes of `check` on former addresses that the service answers itself."""

from pathlib import Path

from service.cli.checks.addresses import check_addresses
from service.settings import Settings
from tests.support.index_folder import Folder


def test_a_former_address_that_is_a_list_is_reported(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("vote", tags=["Islamic State"], aliases=["/tags/former", "/2019/vote.html", "/page/2"])
    folder.write("moved", aliases=["/tags/islamic-state", "/tags/islamic-state.html", "/tag/islamic-state"])
    folder.write("false", aliases=["/tags/islamic-state/"], withdrawn="it was wrong", date="2019-01-01")
    folder.refresh()
    notes = check_addresses(Settings(content=folder.root, index=folder.url, site=folder.site))
    assert [(note.path, note.line) for note in notes] == [("moved.json", 1)] * 2
    assert "the list of the tag 'islamic-state'" in notes[0].message


def test_a_former_address_that_is_a_route_is_reported(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    routes = ["/feed.atom", "/tags.html", "/search", "/sitemap.xml", "/archive.json"]
    folder.write("vote", aliases=[*routes, "/feed.xml", "/page/2", "/articles/old", "/Tags", "older"])
    folder.refresh()
    notes = check_addresses(Settings(content=folder.root, index=folder.url, site=folder.site))
    suffix = " does not lead here: it is an address of the service"
    assert {note.message for note in notes} == {f"the former address {route!r}{suffix}" for route in routes}
