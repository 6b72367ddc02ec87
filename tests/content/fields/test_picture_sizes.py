"""How large the pictures of articles are."""

import struct
from pathlib import Path

import pytest

from service.content import load
from service.content.fields.images import picture_size, set_picture_sizes
from service.content.files.dependencies import FileLookup
from service.model import Image, Site
from tests.support.pictures import png


def jpeg(width: int, height: int, orientation: int) -> bytes:
    """The head of a JPEG whose EXIF says how it is turned (orientation 6: a quarter to the right)."""
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)
    exif = b"Exif\0\0" + tiff
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0"
    return (
        b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
        + b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"
    )  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    (folder / "posts").mkdir(parents=True)
    files = {
        "posts/a b.png": png(30, 20),
        "posts/turned.jpg": jpeg(40, 30, 6),
        "posts/logo.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="12.6" height="10px"/>',
        "posts/fluid.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%"/>',
        "posts/broken.png": b"\x89PNG\r\n\x1a\n\0\0",
        "posts/huge.png": png(1, 1)[:16] + struct.pack(">II", 1 << 31, 5) + png(1, 1)[24:],
        "posts/text.png": b"no picture",
        "posts/empty.gif": b"",
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (tmp_path / "outside.png").write_bytes(png(5, 5))
    return folder


@pytest.mark.parametrize(
    ("reference", "size"),
    [
        ("/files/posts/a%20b.png", (30, 20)),
        ("/files/posts/a%20b.png?v=2", (30, 20)),
        ("/files/posts/turned.jpg", (30, 40)),
        ("/files/posts/logo.svg", (13, 10)),
        ("/files/posts/fluid.svg", None),
        ("/files/posts/broken.png", None),
        ("/files/posts/huge.png", None),
        ("/files/posts/text.png", None),
        ("/files/posts/empty.gif", None),
        ("/files/posts/nothing.png", None),
        ("/files/posts", None),
        ("/files/../outside.png", None),
        ("/files/posts/%00.png", None),
    ],
)
def test_the_size_of_a_picture(root: Path, reference: str, size: tuple[int, int] | None) -> None:
    assert picture_size(reference, FileLookup(root)) == size


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            '<img alt="a > b" src="\x01/files/posts/a%20b.png">',
            '<img alt="a > b" src="\x01/files/posts/a%20b.png" width="30" height="20">',
        ),
        (
            '<img src="\x01/files/posts/a%20b.png" width="15">',
            '<img src="\x01/files/posts/a%20b.png" width="15">',
        ),
        ('<img src="https://x.example/files/a.png">', '<img src="https://x.example/files/a.png">'),
        ("<p>none</p>", "<p>none</p>"),
    ],
)
def test_pictures_in_a_text(root: Path, html: str, expected: str) -> None:
    assert set_picture_sizes(html, "posts/a.md", FileLookup(root)) == expected


def test_pictures_of_an_article_have_sizes(root: Path) -> None:
    text = "---\nimage: a b.png\n---\n\n![A](turned.jpg)\n"
    (article,) = load(root, "posts/one.md", text.encode(), Site()).articles

    assert article.image == Image("/files/posts/a%20b.png", width=30, height=20)
    assert 'width="30" height="40"' in article.content_html


def test_a_given_size_is_kept(root: Path) -> None:
    text = "---\nimage: {url: a b.png, width: 3}\n---\n\nText.\n"
    (article,) = load(root, "posts/one.md", text.encode(), Site()).articles

    assert article.image == Image("/files/posts/a%20b.png", width=3)
