"""Which files are served, and which part of one."""

import asyncio
import os
from pathlib import Path

import pytest

from service.errors import NotFound
from service.web.files import File, Files, asked_range, range_applies, read

PIXELS = b"\x89PNG\r\n\x1a\n" + bytes(range(92))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    content = tmp_path / "content"
    (content / "images").mkdir(parents=True)
    (content / ".git").mkdir()
    (content / "images" / "a b.png").write_bytes(PIXELS)
    (content / "notes.css").write_text("body {}")
    (content / "drawing.svg").write_text("<svg/>")
    (content / "article.md").write_text("# An article")
    (content / "article.md.bak").write_text("# A draft")
    (content / "article.md~").write_text("# A draft")
    (content / "site.toml").write_text('title = "x"')
    (content / ".env").write_text("secret")
    (content / ".git" / "config").write_text("secret")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (content / "out.png").symlink_to(tmp_path / "secret.png")
    (content / "draft.png").symlink_to(content / "article.md")
    (content / "settings.txt").symlink_to("site.toml")
    (content / "round").symlink_to(".")
    (content / "in.png").symlink_to(content / "images" / "a b.png")
    (content / "..data").mkdir()
    (content / "..data" / "mounted.png").write_bytes(PIXELS)
    (content / "mounted.png").symlink_to("..data/mounted.png")
    os.mkfifo(content / "pipe.png")
    return content


def find(folder: Path, path: str) -> File:
    return asyncio.run(Files(folder).find(path))


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("images/a b.png", "image/png"),
        ("in.png", "image/png"),
        ("mounted.png", "image/png"),
        ("notes.css", "text/css; charset=utf-8"),
        ("drawing.svg", "image/svg+xml"),
    ],
)
def test_files_that_are_served(folder: Path, path: str, media_type: str) -> None:
    found = find(folder, path)
    assert found.media_type == media_type
    assert found.length == found.place.stat().st_size
    assert found.etag.startswith('"')


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nothing.png",
        "images",
        "images/",
        "../secret.png",
        "images/../../secret.png",
        "images/../notes.css",
        "./notes.css",
        "/notes.css",
        "//notes.css",
        "..\\secret.png",
        "out.png",
        "draft.png",
        "pipe.png",
        "article.md",
        "ARTICLE.MD",
        "article.md.bak",
        "article.md~",
        "site.toml",
        "SITE.toml",
        "settings.txt",
        "round/site.toml",
        ".env",
        ".git/config",
        "..data/mounted.png",
        "notes.css\x00.png",
        "notes.css/x",
        "a" * 5000,
    ],
)
def test_files_that_are_not(folder: Path, path: str) -> None:
    with pytest.raises(NotFound):
        find(folder, path)


def test_the_validator_is_made_from_the_content(folder: Path) -> None:
    file = folder / "notes.css"
    files = Files(folder)
    first = asyncio.run(files.find("notes.css")).etag
    os.utime(file, (1, 1))
    assert asyncio.run(files.find("notes.css")).etag == first
    file.write_text("body { color: red }")
    assert asyncio.run(files.find("notes.css")).etag != first


def test_what_can_hold_script_is_fenced_in(folder: Path) -> None:
    assert "sandbox" in find(folder, "drawing.svg").policy
    assert find(folder, "notes.css").policy == ""


def test_a_file_that_became_shorter_is_no_whole_answer(folder: Path) -> None:
    found = find(folder, "notes.css")

    async def everything() -> bytes:
        return b"".join([chunk async for chunk in read(found, 0, found.length)])

    assert asyncio.run(everything()) == b"body {}"
    (folder / "notes.css").write_text("b")
    with pytest.raises(OSError, match="shorter"):
        asyncio.run(everything())


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, None),
        (b"bytes=0-0", (0, 1)),
        (b"bytes=0-", (0, 100)),
        (b"bytes=10-19", (10, 10)),
        (b"bytes=90-500", (90, 10)),
        (b"bytes=-10", (90, 10)),
        (b"bytes=-500", (0, 100)),
        (b"BYTES=0-0", (0, 1)),
        (b"bytes=0-0,5-6", None),
        (b"bytes=5-4", None),
        (b"bytes=-", None),
        (b"bytes=a-b", None),
        (b"items=0-1", None),
        (b"bytes", None),
        (b"", None),
    ],
)
def test_ranges(header: bytes | None, part: tuple[int, int] | None) -> None:
    assert asked_range(header, 100) == part


@pytest.mark.parametrize("header", [b"bytes=100-", b"bytes=100-200", b"bytes=-0", b"bytes=999999999999-"])
def test_ranges_outside(header: bytes) -> None:
    with pytest.raises(ValueError, match=r"empty|beyond"):
        asked_range(header, 100)


@pytest.mark.parametrize(
    ("if_range", "applies"),
    [
        (None, True),
        (b'"a"', True),
        (b'W/"a"', False),
        (b'"b"', False),
        (b"Mon, 28 Jan 2019 00:00:00 GMT", False),
    ],
)
def test_if_range(if_range: bytes | None, applies: bool) -> None:
    assert range_applies(if_range, '"a"') is applies
