"""What one change of an article changes of the pages by position, byte by byte, in every list and format."""

import random
from collections.abc import Callable

import pytest

from service.model import Site
from tests.support.published_folder import PublishedFolder

ARTICLES = 100
SUFFIXES = (".json", ".html", ".md")
LISTS = ("", "/tags/even", "/tags/odd", "/authors/ann", "/series/harbours", "/languages/en")

Pages = dict[str, bytes]
Fields = dict[str, object]
Edit = Callable[[PublishedFolder, random.Random, int], object]


def write(folder: PublishedFolder, number: int, **fields: object) -> None:
    facts: Fields = {
        "date": f"2019-{1 + number % 12:02}-{1 + number % 28:02}",
        "tags": [("even", "odd")[number % 2]],
        "author": ("Ann", "Bo")[number % 3 == 0],
        "series": "Harbours" if number % 4 else None,
        "language": "en",
    }
    folder.write(f"n{number}", **(facts | fields))


def read_pages(folder: PublishedFolder, path: str) -> Pages:
    """Every page below the first of the list at `path`, in all formats."""
    pages: Pages = {}
    for suffix in SUFFIXES:
        response = folder.get(f"{path}{suffix}" if path else f"/articles{suffix}")
        while following := response.links.get("next"):
            response = folder.get(following["url"])
            pages[following["url"]] = response.content
    return pages


def changed(before: Pages, after: Pages, suffix: str) -> list[str]:
    """The pages that are new or have other bytes."""
    return [
        address for address, body in after.items() if address.endswith(suffix) and before.get(address) != body
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> PublishedFolder:
    made = PublishedFolder(
        tmp_path_factory.mktemp("pages"), Site(addresses="paths", id_authority="a", id_year=1)
    )
    for number in range(ARTICLES):
        write(made, number)
    made.refresh()
    return made


EDITS: tuple[tuple[str, int, Edit], ...] = (
    ("title", 1, lambda folder, _, number: write(folder, number, title="Renamed")),
    ("text", 1, lambda folder, _, number: write(folder, number, text="Other words.")),
    ("tags", 2, lambda folder, _, number: write(folder, number, tags=["even", "odd"])),
    (
        "date",
        4,
        lambda folder, chance, number: write(folder, number, date=f"20{chance.randrange(10, 30)}-05-05"),
    ),
    ("new", 2, lambda folder, chance, _: write(folder, chance.randrange(1000, 2000))),
    ("newest", 2, lambda folder, chance, _: write(folder, chance.randrange(2000, 3000), date="2025-12-31")),
    ("deleted", 2, lambda folder, _, number: folder.remove(f"n{number}")),
)


@pytest.mark.parametrize(("most", "edit"), [row[1:] for row in EDITS], ids=[row[0] for row in EDITS])
def test_an_edit_changes_few_pages_of_each_list(folder: PublishedFolder, most: int, edit: Edit) -> None:
    check(folder, most, edit, seed=len(SUFFIXES) + most)


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize(("most", "edit"), [row[1:] for row in EDITS], ids=[row[0] for row in EDITS])
def test_any_edit_changes_few_pages(folder: PublishedFolder, most: int, edit: Edit, seed: int) -> None:
    check(folder, most, edit, seed)


def check(folder: PublishedFolder, most: int, edit: Edit, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    names = sorted(int(path.stem[1:]) for path in folder.root.glob("n*.json"))
    before = {path: read_pages(folder, path) for path in LISTS}
    assert len(before[""]) > 4 * len(SUFFIXES)
    edit(folder, chance, chance.choice(names))
    folder.refresh()
    for path, pages in before.items():
        after = read_pages(folder, path)
        for suffix in SUFFIXES:
            assert len(changed(pages, after, suffix)) <= most, (path, suffix)
