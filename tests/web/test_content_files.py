"""Which files are served, and which part of one."""

import asyncio
import os
from pathlib import Path

import pytest

from service.errors import NotFound
from service.web.content_files import CHUNK_BYTES, THREADS, File, FolderFiles, range_applies, requested_range
from tests.support.files import hash_file
from tests.support.waiting import TIMEOUT_SECONDS

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
    (content / "settings.css").symlink_to("site.toml")
    (content / "secrets.env").write_text("secret")
    (content / "loop.png").symlink_to("loop.png")
    (content / "round").symlink_to(".")
    (content / "in.png").symlink_to(content / "images" / "a b.png")
    (content / "..data").mkdir()
    (content / "..data" / "mounted.png").write_bytes(PIXELS)
    (content / "mounted.png").symlink_to("..data/mounted.png")
    os.mkfifo(content / "pipe.png")
    return content


def find(folder: Path, path: str) -> File:
    return asyncio.run(FolderFiles(folder).find(path))


@pytest.mark.parametrize(
    ("path", "address", "media_type"),
    [
        ("images/a b.png", "images/a b.png", "image/png"),
        ("in.png", "images/a b.png", "image/png"),
        ("draft.png", "article.md", "image/png"),
        ("settings.css", "site.toml", "text/css; charset=utf-8"),
        ("round/images/a b.png", "images/a b.png", "image/png"),
        ("mounted.png", "mounted.png", "image/png"),
        ("notes.css", "notes.css", "text/css; charset=utf-8"),
        ("drawing.svg", "drawing.svg", "image/svg+xml"),
        ("secrets.env", "secrets.env", "application/octet-stream"),
    ],
)
def test_files_that_are_found(folder: Path, path: str, address: str, media_type: str) -> None:
    """Whether one is served is decided by its own address."""
    file = find(folder, path)
    assert (file.address, file.media_type) == (address, media_type)
    assert file.length == Path(file.place).stat().st_size


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
        "loop.png",
        "pipe.png",
        "article.md",
        "ARTICLE.MD",
        "article.md.bak",
        "article.md~",
        "site.toml",
        "SITE.toml",
        ".env",
        ".git/config",
        "..data/mounted.png",
        "notes.css\x00.png",
        "notes.css/x",
        "a" * 5000,
    ],
)
def test_files_that_are_not_found(folder: Path, path: str) -> None:
    with pytest.raises(NotFound):
        find(folder, path)


def test_the_etag_is_that_of_the_hashed_file(folder: Path) -> None:
    file = folder / "notes.css"
    known = hash_file(file)
    assert find(folder, "notes.css").etag(known) == f'"{known.sha256[:32]}"'
    assert find(folder, "notes.css").etag(None) == ""
    os.utime(file, (1, 1))
    assert find(folder, "notes.css").etag(known) == ""
    facts = file.stat()
    known = hash_file(file)
    file.write_text("body {x}"[: facts.st_size])
    os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert find(folder, "notes.css").etag(known) == "", "its size and mtime are as before, its bytes are not"


def test_an_unreadable_file_is_not_found(folder: Path) -> None:
    (folder / "notes.css").chmod(0)
    if os.access(folder / "notes.css", os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(NotFound):
        find(folder, "notes.css")


def test_files_that_may_contain_scripts_are_sandboxed(folder: Path) -> None:
    assert "sandbox" in find(folder, "drawing.svg").policy
    assert find(folder, "notes.css").policy == ""


async def everything(files: FolderFiles, file: File, start: int = 0) -> bytes:
    return b"".join([chunk async for chunk in files.read(file, start, file.length - start)])


@pytest.mark.parametrize("change", ["shorter", "longer", "replaced", "gone"])
def test_a_file_replaced_while_it_is_sent_breaks_the_response(folder: Path, change: str) -> None:
    async def send_requests() -> None:
        files = FolderFiles(folder)
        opened = await files.find("notes.css")
        assert await everything(files, opened) == b"body {}"
        assert await everything(files, opened, 5) == b"{}"
        file = folder / "notes.css"
        if change == "replaced":
            (folder / "new").write_text("main {}")
            (folder / "new").replace(file)
        elif change == "gone":
            file.unlink()
        else:
            file.write_text("b" * (1 if change == "shorter" else 100))
        with pytest.raises(OSError, match=r"replaced|No such file"):
            await everything(files, opened)
        await files.close()

    asyncio.run(send_requests())


def test_a_file_that_becomes_shorter_while_it_is_sent(folder: Path) -> None:
    async def send_requests() -> None:
        files = FolderFiles(folder)
        (folder / "large.png").write_bytes(bytes(3 * CHUNK_BYTES))
        chunks = files.read(await files.find("large.png"), 0, 3 * CHUNK_BYTES)
        assert len(await anext(chunks)) == CHUNK_BYTES
        os.truncate(folder / "large.png", CHUNK_BYTES)
        with pytest.raises(OSError, match="shorter"):
            await anext(chunks)

    asyncio.run(send_requests())


def descriptors() -> int:
    return len(os.listdir("/dev/fd"))  # noqa: PTH208


def test_a_disconnect_while_a_file_is_opened_closes_it(folder: Path) -> None:
    async def send_requests() -> None:
        files = FolderFiles(folder)
        file = await files.find("notes.css")
        before = descriptors()
        for turns in range(200):
            reading = asyncio.create_task(everything(files, file))
            for _ in range(turns % 4):
                await asyncio.sleep(0)
            reading.cancel()
            await asyncio.wait([reading])
        await files.close()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert descriptors() == before

    asyncio.run(send_requests())


def test_a_slow_client_holds_no_thread_and_a_disconnected_one_no_file(folder: Path) -> None:
    async def send_requests() -> None:
        files = FolderFiles(folder)
        (folder / "large.png").write_bytes(bytes(3 * CHUNK_BYTES))
        file = await files.find("large.png")
        before = descriptors()
        waiting = [files.read(file, 0, file.length) for _ in range(5 * THREADS)]
        for reader in waiting:
            await anext(reader)
        assert await asyncio.wait_for(files.find("notes.css"), TIMEOUT_SECONDS)
        for reader in waiting:
            await reader.aclose()
        assert descriptors() == before

    asyncio.run(send_requests())


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
    assert requested_range(header, 100) == part


@pytest.mark.parametrize("header", [b"bytes=100-", b"bytes=100-200", b"bytes=-0", b"bytes=999999999999-"])
def test_ranges_outside(header: bytes) -> None:
    with pytest.raises(ValueError, match=r"empty|beyond"):
        requested_range(header, 100)


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


@pytest.mark.parametrize(
    ("if_range", "applies"), [(None, True), (b"", False), (b'""', False), (b'"a"', False)]
)
def test_if_range_without_a_validator(if_range: bytes | None, applies: bool) -> None:
    assert range_applies(if_range, "") is applies
