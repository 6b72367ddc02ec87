"""Zip archives of exports: what is read, and what is refused before anything is written."""

import io
import os
import stat
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.support.exports import medium_page, substack
from tests.support.import_folder import import_file, import_text

ROW = "101.gates,2019-01-02T03:04:05.000Z,true,,,newsletter,everyone,Gates,,"
PAGE = (
    "<html><head><title>A</title></head><body><p>Words enough for a text.</p><img src='a.png'></body></html>"
)


def packed(files: dict[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


EXPORTS: list[tuple[dict[str, str | bytes], str]] = [
    (
        {"posts/2019_x-0a1b2c3d4e5f.html": medium_page(), "ips/ips.html": PAGE, "README.html": PAGE},
        "the-lock-gate",
    ),
    ({"posts.csv": substack(ROW), "posts/101.gates.html": "<p>Water.</p>"}, "gates"),
    ({"top/a.html": PAGE, "top/a.png": b"pixels", "__MACOSX/top/._a.html": PAGE, ".git/config": "x"}, "a"),
]


@pytest.mark.parametrize(("files", "slug"), EXPORTS)
def test_an_archive_is_read_like_its_folder(
    files: dict[str, str | bytes], slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(room))
    imported = import_text("export.zip", packed(files), tmp_path / "to")

    assert list(imported.articles) == [slug]
    assert imported.of("fault") == []
    assert list(room.iterdir()) == [], "what was unpacked is removed"


def test_pictures_in_an_archive_are_copied(tmp_path: Path) -> None:
    imported = import_text("export.zip", packed(EXPORTS[2][0]), tmp_path / "to")

    assert (imported.folder / "a.png").read_bytes() == b"pixels"


def test_a_packed_site_keeps_the_addresses_its_engine_makes(tmp_path: Path) -> None:
    site: dict[str, str | bytes] = {
        "blog-main/_config.yml": "permalink: /:year/:title.html\n",
        "blog-main/_posts/2019-01-02-gates.md": "---\ntitle: Gates\n---\nWater rises.\n",
    }
    imported = import_text("blog-main.zip", packed(site), tmp_path / "to")

    assert "  - /2019/gates.html\n" in imported.text("gates.md")


def link(name: str, target: str) -> bytes:
    data = io.BytesIO(packed({"a.md": "# A\n\nText.\n"}))
    with zipfile.ZipFile(data, "a") as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, target)
    return data.getvalue()


def encrypted() -> bytes:
    """An archive whose one file has the flag of encryption set, in both of its headers."""
    data = bytearray(packed({"a.md": "Text.\n"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def damaged() -> bytes:
    data = bytearray(packed({"a.md": os.urandom(1000)}))
    data[100] ^= 0xFF
    return bytes(data)


def claiming() -> bytes:
    """An archive of a few hundred kB that unpacks to 60 MB of zeros."""
    return packed({f"{number}.md": bytes(20_000_000) for number in range(3)})


REFUSED: list[tuple[Callable[[], bytes], str]] = [
    (partial(packed, {"../x.md": "# X\n"}), "outside of it"),
    (partial(packed, {"a/../../x.md": "# X\n"}), "outside of it"),
    (partial(packed, {"/etc/x.md": "# X\n"}), "outside of it"),
    (partial(packed, {"C:/x.md": "# X\n"}), "outside of it"),
    (partial(packed, {"a\\..\\..\\x.md": "# X\n"}), "outside of it"),
    (partial(packed, {"a": "x", "a/b.md": "# X\n"}), "cannot be unpacked"),
    (partial(packed, {"a/" * 1000 + "x.md": "# X\n"}), "100 deep"),
    (partial(packed, {"x" * 300 + ".md": "# X\n"}), "cannot be unpacked"),
    (partial(packed, {"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}), "office program"),
    (partial(packed, {"mimetype": "application/epub+zip"}), "a document or a book"),
    (encrypted, "encrypted"),
    (damaged, "damaged"),
    (lambda: packed({"x.md": "# X\n"})[:-10], "the archive is cut off or damaged: copy or download it again"),
    (lambda: packed({"x.md": "# X\n"})[:40], "the archive is cut off or damaged"),
    (lambda: b"PK\x03\x04", "the archive is cut off or damaged"),
    (claiming, "claims to hold 60 MB"),
]


@pytest.mark.parametrize(("make", "message"), REFUSED)
def test_a_dangerous_or_damaged_archive_is_refused(
    make: Callable[[], bytes], message: str, tmp_path: Path
) -> None:
    imported = import_text("export.zip", make(), tmp_path / "to")

    assert any(note.startswith("export.zip: ") and message in note for note in imported.of("fault"))
    assert imported.articles == {}
    assert not list(tmp_path.rglob("x.md"))


def test_an_archive_that_is_refused_stops_no_other_source(tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(REFUSED[0][0]())
    (tmp_path / "good.md").write_text("# Good\n\nText.\n", "utf-8")
    imported = import_file(tmp_path / "bad.zip", tmp_path / "good.md", to=tmp_path / "to")

    assert list(imported.articles) == ["good"]
    assert len(imported.of("fault")) == 1


def test_links_in_an_archive_are_left_out(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret\n\nText.\n", "utf-8")
    imported = import_text("export.zip", link("b.md", str(secret)), tmp_path / "to")

    assert list(imported.articles) == ["a"]
    assert any("a symbolic link" in note for note in imported.of("left out"))


def test_an_archive_in_an_archive_is_named(tmp_path: Path) -> None:
    inner = packed({"b.md": "# B\n\nText.\n"})
    imported = import_text(
        "export.zip", packed({"a.md": "# A\n\nText.\n", "inner.zip": inner}), tmp_path / "to"
    )

    assert list(imported.articles) == ["a"]
    assert any("inner.zip" in note for note in imported.of("left out"))


def test_an_empty_archive(tmp_path: Path) -> None:
    imported = import_text("export.zip", packed({}), tmp_path / "to")

    assert imported.articles == {}
