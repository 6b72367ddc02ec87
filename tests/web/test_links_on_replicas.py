"""Files behind symbolic links: a replica, which has the index alone, answers as the folder does."""

import random
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from service.ingest import FileHasher
from service.settings import Settings
from tests.support.replication import Origin, Replica, ask, facts, folder_store

FILES = """
    images/a.png images/deep/b.png images/table.csv later/a.png secrets.env .worktrees/a.png
    .worktrees/in/b.png .private/a.png .vault/a.png data/x.png data/y.zip
    ..2026/m.png ..2026/sub/n.png article/c.zip
""".split()
LINKS = {
    "file.png": "images/a.png",
    "again.png": "file.png",
    "other-type.pdf": "images/a.png",
    "images/inner.png": "deep/b.png",
    "folder": "images",
    "chain": "folder/deep",
    "images/up": "..",
    "self": ".",
    "to-later.png": "later/a.png",
    "later-folder": "later",
    "to-secret.png": "secrets.env",
    "referenced.csv": "images/table.csv",
    "to-zip.zip": "article/c.zip",
    "..data": "..2026",
    "m.png": "..data/m.png",
    "sub": "..data/sub",
    "photos": ".worktrees",
    "second": ".worktrees",
    "hidden.png": ".worktrees/a.png",
    "nothing-visible": ".private",
    "vault": ".vault",
    ".worktrees/again.png": "a.png",
    ".worktrees/self": ".",
    ".worktrees/deeper": "in",
    ".worktrees/open": "../images",
    ".worktrees/other": "../.private",
    "data/linked.png": "../images/a.png",
    "data/used.png": "../images/a.png",
    "data/folder": "../images",
    "data-link": "data",
    "dangling.png": "none.png",
    "dangling": "none",
    "loop": "loop",
    "one": "two",
    "two": "one",
    "outside.png": "/etc/hostname",
    "outside": "/etc",
}
BELOW = "a.png b.png deep/b.png m.png n.png x.png y.zip inner.png again.png in/b.png table.csv".split()
LONGER = """
    photos/self/a.png photos/self/self/in/b.png photos/open/a.png photos/other/a.png self/photos/a.png
    images/up/folder/a.png folder/up/self/file.png data/folder/deep/b.png photos/open/up/photos/a.png
    chain/b.png/ file.png/a.png ..data/m.png ..2026/m.png .worktrees/a.png photos/../file.png
""".split()
HEADERS: tuple[dict[str, str], ...] = ({}, {"Range": "bytes=2-5"}, {"If-None-Match": "*"})


def folder_with_links(origin: Origin, files: list[str], links: dict[str, str]) -> None:
    for path in files:
        file = origin.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"content of " + path.encode())
    for path, target in links.items():
        link = origin.root / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)


def require_equal_answers(origin: Origin, replica: Replica, addresses: list[str], **headers: str) -> int:
    """How many of the addresses have a file; all are answered alike by the folder and the replica."""
    settings = Settings(content=origin.root, index=origin.url, site=origin.site)
    from_folder = ask(settings, *addresses, **headers)
    from_store = ask(replica.settings(site=origin.site), *addresses, **headers)
    for address, expected, found in zip(addresses, from_folder, from_store, strict=True):
        assert facts(found) == facts(expected), address
    return sum(
        response.is_success or response.status_code == httpx.codes.NOT_MODIFIED for response in from_folder
    )


def publish(origin: Origin, replica: Replica) -> None:
    origin.refresh()
    origin.hash_files()
    origin.publish()
    replica.follow()


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    origin = Origin(tmp_path / "origin", folder_store(tmp_path))
    text = "[t](referenced.csv) [u](data/used.png) [v](data/y.zip) [w](article/c.zip) [x](to-zip.zip)"
    (origin.root / "article").mkdir()
    for path, date in (
        ("a.md", "2025-01-01"),
        ("later/index.md", "2999-01-01"),
        (".worktrees/p.md", "2025-01-01"),
        (".vault/p.md", "2025-01-01"),
    ):
        (origin.root / path).parent.mkdir(exist_ok=True)
        (origin.root / path).write_text(f"---\ntitle: {path}\ndate: {date}\n---\n\n{text}\n")
    folder_with_links(origin, FILES, LINKS)
    return origin


@pytest.fixture
def replica(origin: Origin, tmp_path: Path) -> Replica:
    return Replica(tmp_path / "replica", origin.store, f"file://{tmp_path}/store")


@pytest.mark.parametrize("headers", HEADERS)
def test_every_address_is_answered_as_by_the_folder(
    origin: Origin, replica: Replica, headers: dict[str, str]
) -> None:
    publish(origin, replica)
    places = [*FILES, *LINKS, *LONGER, *(f"{link}/{name}" for link in LINKS for name in BELOW)]
    addresses = [f"/files/{place}" for place in places]
    assert require_equal_answers(origin, replica, addresses, **headers) > 30


def test_files_behind_links_have_the_same_validators(origin: Origin, replica: Replica) -> None:
    publish(origin, replica)
    addresses = ["/files/file.png", "/files/folder/a.png", "/files/photos/self/in/b.png", "/files/sub/n.png"]
    answers = ask(replica.settings(), *addresses)

    assert [answer.status_code for answer in answers] == [200] * 4
    assert all(answer.headers["etag"].startswith('"') for answer in answers)


def work(hasher: FileHasher) -> None:
    while not hasher.work(1.0):
        pass


CHANGES = {
    "another target": ("file.png", "later/a.png"),
    "another file": ("file.png", "images/deep/b.png"),
    "led nowhere": ("dangling", "images"),
    "new": ("new", "folder"),
    "removed": ("folder", None),
}


@pytest.mark.parametrize("is_named", [True, False], ids=["named", "found by a pass"])
def test_a_changed_link_is_published(origin: Origin, replica: Replica, is_named: bool) -> None:
    publish(origin, replica)
    hasher = FileHasher(origin.url, origin.root, origin.site)
    work(hasher)
    for change, (path, target) in CHANGES.items():
        revision = replica.revision
        link = origin.root / path
        with suppress(FileNotFoundError):
            link.unlink()
        if target is not None:
            link.symlink_to(target)
        if is_named:
            hasher.note_change([path])
            work(hasher)
        else:
            origin.hash_files()
        origin.publish()
        replica.follow()

        assert replica.revision != revision, change
        addresses = [
            f"/files/{place}{rest}" for place in (*LINKS, "new") for rest in ("", "/a.png", "/b.png")
        ]
        require_equal_answers(origin, replica, addresses)


NAMES = ("a", "b", ".h", "data", "..m")
LEAVES = ("x.png", "y.zip", "p.md")


def compare_at_random(path: Path, seed: int) -> int:
    """Compare the answers to all addresses of up to four names, over files and links at random places."""
    chance = random.Random(seed)  # noqa: S311
    origin = Origin(path / "origin", folder_store(path))
    folders = ["", *NAMES, *(f"{above}/{name}" for above in NAMES for name in NAMES)]
    article = "---\ntitle: P\ndate: 2025-01-01\n---\n\n[y](y.zip) [x](data/x.png) [z](/files/a/y.zip)\n"
    for _ in range(30):
        place = origin.root / chance.choice(folders) / chance.choice((*LEAVES, *NAMES))
        with suppress(FileExistsError, FileNotFoundError, NotADirectoryError, OSError):
            if chance.random() < 0.5:
                up = chance.choice(("", "", "../", "../../"))
                target = f"{up}{chance.choice(folders)}/{chance.choice(('', *LEAVES))}".strip("/") or "."
                place.symlink_to(chance.choice((target, target, str(path), str(origin.root / "a"))))
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                if place.name in LEAVES:
                    place.write_text(article if place.suffix == ".md" else f"content of {place}")
                else:
                    place.mkdir(exist_ok=True)
    replica = Replica(path / "replica", origin.store, f"file://{path}/store")
    publish(origin, replica)
    names = [name for name in NAMES if not name.startswith(".")]
    ways = ["", *names, *(f"{a}/{b}" for a in names for b in names)]
    ways += [f"{way}/{name}" for way in ways[1 + len(names) :] for name in names]
    addresses = [f"/files/{way}/{leaf}".replace("//", "/") for way in ways for leaf in LEAVES[:2]]
    return require_equal_answers(origin, replica, addresses)


def test_links_at_random_places_are_answered_as_by_the_folder(tmp_path: Path) -> None:
    assert sum(compare_at_random(tmp_path / f"{seed}", seed) for seed in range(4)) > 0


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(100, 300))
def test_many_links_at_random_places_are_answered_as_by_the_folder(tmp_path: Path, seed: int) -> None:
    compare_at_random(tmp_path, seed)
