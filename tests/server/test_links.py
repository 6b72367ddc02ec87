"""The running service on a folder behind a link, as git-sync and Capistrano deploy."""

import os
from pathlib import Path

import httpx

from tests.support.http_client import fetch, open_client
from tests.support.server import Server, serving
from tests.support.waiting import wait_until

OLD = 1_500_000_000


def write(file: Path, data: bytes) -> None:
    """A file with the mtime that an archive or `rsync -t` would give it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    os.utime(file, (OLD, OLD))


def release(folder: Path, title: str, picture: bytes) -> None:
    text = f"---\ntitle: {title}\ndate: 2020-01-01\nslug: one\n---\n\n![](picture.png)\n"
    write(folder / "content" / "one.md", text.encode())
    write(folder / "content" / "picture.png", picture)


def seen(server: Server) -> tuple[str, bytes]:
    """The title of the article, and the picture next to it."""
    with open_client(server.base) as client:
        picture = client.get("/files/picture.png")
        picture.raise_for_status()
        return client.get("/articles/one.json").raise_for_status().json()["title"], picture.content


def test_a_release_that_is_swapped_is_served(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        release(tmp_path / f"rev{number}", f"Release {number}", b"\x89PNG%d" % number)
    current = tmp_path / "current"
    current.symlink_to("rev1")
    with serving(current / "content", tmp_path, "--workers", "2", BROADSHEET_REFRESH_SECONDS="1") as server:
        assert seen(server) == ("Release 1", b"\x89PNG1")
        # As `mv -T` does, and as `ln -sfn` does: in between there is no link.
        (tmp_path / "new").symlink_to("rev2")
        (tmp_path / "new").replace(current)
        wait_until(lambda: [seen(server) for _ in range(6)] == 6 * [("Release 2", b"\x89PNG2")], "rev2")
        current.unlink()
        wait_until(lambda: "there is no folder" in server.output(), "the missing folder is reported")
        assert fetch(f"{server.base}/articles/one.json").status_code == httpx.codes.OK
        current.symlink_to("rev3")
        wait_until(lambda: [seen(server) for _ in range(6)] == 6 * [("Release 3", b"\x89PNG3")], "rev3")
        assert "another service" not in server.output()
        assert "Traceback" not in server.output()
