"""Pages that change their address: what is reported, and the line that declares it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from service.cli.compare import compare
from service.model import Site
from tests.support.index_folder import Folder

SITE = Site(title="Example", id_authority="example.org", id_year=2026)
ABOUT = "title: About\n"

Change = Callable[[Folder], object]


def put(path: str, fields: str = ABOUT, text: str = "Who we are.") -> Change:
    def change(folder: Folder) -> None:
        file = folder.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{fields}---\n{text}\n", "utf-8")

    return change


def move(path: str, fields: str = ABOUT, text: str = "Who we are.") -> Change:
    def change(folder: Folder) -> None:
        (folder.root / "pages/about.md").unlink()
        put(path, fields, text)(folder)

    return change


KEPT: list[Change] = [
    put("pages/about.md", text="Who we are now."),
    put("pages/about.md", f"{ABOUT}slug: company\naliases: [/about]\n"),
    move("pages/company.md", f"{ABOUT}aliases: [/about]\n"),
    move("about.md", f"{ABOUT}type: page\n"),
    move("pages/company.md", f"{ABOUT}slug: about\n"),
]
RENAMED: list[tuple[Change, str]] = [
    (put("pages/about.md", f"{ABOUT}slug: company\n"), "pages/about.md:1: it was at /about, "),
    (
        move("pages/company.md"),
        "pages/company.md:1: it seems to be pages/about.md, moved: it was at /about, ",
    ),
    (move("pages/the/about.md"), "pages/the/about.md:1: it seems to be pages/about.md, moved: it was at "),
]
REMOVED: list[Change] = [
    lambda folder: (folder.root / "pages/about.md").unlink(),
    move("pages/company.md", "title: Company\n", "Another text."),
    put("pages/about.md", f"{ABOUT}draft: true\n"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "new", SITE)
    put("pages/about.md")(folder)
    put("pages/team.md", "title: Team\n", "The team.")(folder)
    folder.refresh()
    return folder


@pytest.fixture
def old(tmp_path: Path) -> str:
    earlier = Folder(tmp_path / "old", SITE)
    put("pages/about.md")(earlier)
    put("pages/team.md", "title: Team\n", "The team.")(earlier)
    earlier.refresh()
    return earlier.url


def notices(folder: Folder) -> list[str]:
    return [str(notice) for notice in folder.refresh().notices]


def differences(old: str, folder: Folder) -> list[tuple[str, str]]:
    return [(difference.kind, str(difference)) for difference in compare(old, folder.url, SITE).differences]


@pytest.mark.parametrize("change", KEPT)
def test_a_page_that_keeps_its_address_is_not_reported(old: str, folder: Folder, change: Change) -> None:
    change(folder)
    assert notices(folder) == []
    assert differences(old, folder) == []


@pytest.mark.parametrize(("change", "expected"), RENAMED)
def test_a_renamed_page_is_reported_until_it_declares_its_address(
    old: str, folder: Folder, change: Change, expected: str
) -> None:
    change(folder)
    for _ in range(2):
        (notice,) = notices(folder)
        assert notice.startswith(expected)
        assert notice.endswith("leads nowhere now; add `aliases: [/about]`")
    ((kind, difference),) = differences(old, folder)
    assert kind == "address"
    assert "its address /about would not be found; add `aliases: [/about]`" in difference
    path = expected.partition(":")[0]
    file = folder.root / path
    file.write_text(file.read_text("utf-8").replace(ABOUT, f"{ABOUT}aliases: [/about]\n"), "utf-8")
    assert notices(folder) == []
    assert differences(old, folder) == []


@pytest.mark.parametrize("change", REMOVED)
def test_a_removed_page_is_a_difference_from_an_earlier_state(
    old: str, folder: Folder, change: Change
) -> None:
    change(folder)
    folder.refresh()
    ((kind, difference),) = differences(old, folder)
    assert kind == "page"
    assert difference.startswith("pages/about.md:1: the page /about would be removed; add ")
    assert compare(old, folder.url, SITE).sentence.endswith("no duplicates and remove 1 page.")
    assert notices(folder) == []


def test_a_page_that_is_renamed_twice_is_reported_by_its_first_address(folder: Folder) -> None:
    put("pages/about.md", f"{ABOUT}slug: company\n")(folder)
    folder.refresh()
    move("pages/firm.md")(folder)
    (notice,) = notices(folder)
    assert notice.startswith("pages/firm.md:1: it seems to be pages/about.md, moved: it was at /about, ")


def test_pages_that_exchange_their_addresses_are_not_reported(folder: Folder) -> None:
    put("pages/about.md", f"{ABOUT}slug: team\n")(folder)
    put("pages/team.md", "title: Team\nslug: about\n", "The team.")(folder)
    assert notices(folder) == []
