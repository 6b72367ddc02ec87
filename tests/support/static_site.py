"""A site to export, with each kind of address, and the command that exports it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from service.export.record import ExportedFile, open_record
from service.export.targets.folder import RECORD
from service.export.targets.target import MARKER
from tests.support.commands import Outcome, run_forked

ARTICLES = 26
"""More than a first page holds."""

PIXEL = bytes.fromhex(
    "47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b"
)


def write_site(content: Path, public_url: str, articles: int = ARTICLES) -> None:
    """Articles with every kind of term, pages, pictures, former addresses, and what is not public."""
    content.mkdir(parents=True, exist_ok=True)
    _write(content, "site.toml", f'title = "Static"\naddresses = "paths"\npublic_url = "{public_url}"\n')
    for number in range(articles):
        lines = [
            f"title: Number {number}",
            f"date: 2019-{1 + number % 3:02}-{1 + number % 28:02}",
            f"tags: [All, C++, t{number % 2}]",
            f"author: Author {number % 2}",
            f"language: {('en', 'en-GB')[number % 2]}",
            "source: The Paper",
            "series: Harbours & ships",
        ]
        text = f"Text [of](/articles/n{(number + 1) % articles}) ![p](p{number % 5}.gif)\n" + "Long. " * 90
        _write(content, f"n{number}.md", "---\n" + "\n".join(lines) + f"\n---\n{text}\n")
    for number in range(5):
        (content / f"p{number}.gif").write_bytes(PIXEL)
    _write(
        content,
        "ünder.md",
        "---\ntitle: Ünder\ndate: 2018-01-01\ntags: [بغداد, Ünï, A/B, feed, archive]\n---\nText.\n",
    )
    (content / "linked.gif").symlink_to("p1.gif")
    _write(
        content,
        "v1.60.0.md",
        "---\ntitle: 1.60.0\nslug: v1.60.0\ndate: 2018-01-02\n---\nText ![l](linked.gif).\n",
    )
    _write(
        content,
        "moved.md",
        "---\ntitle: M\naliases: [/2019/01/vote.html, /old/vote/, older, /page/3]\n---\n[Us](/about)\n",
    )
    _write(content, "pages/about.md", "---\ntitle: About\naliases: [/who]\n---\nUs.\n")
    _write(content, "draft.md", "---\ntitle: Hidden\ndraft: true\n---\nHidden words ![h](hidden.gif)\n")
    _write(content, "later.md", "---\ntitle: Later\ndate: 2999-01-01\n---\nHidden words\n")
    _write(content, "gone.md", "---\ntitle: Gone\nwithdrawn: it was wrong\n---\nHidden words\n")


def _write(content: Path, name: str, text: str) -> None:
    (content / name).parent.mkdir(parents=True, exist_ok=True)
    (content / name).write_text(text, "utf-8")


def export(content: Path, target: Path, work: Path, *options: str) -> Outcome:
    """The result of `broadsheet export` of the folder `content` to `target`, with the index in `work`."""
    return run(["export", str(target), *options], content, work)


def edit_site(content: Path, work: Path) -> None:
    """Have the index in `work` record a change and the deletion of an article of `write_site`."""
    deleted = content / "deleted.md"
    deleted.write_text("---\ntitle: Deleted\ndate: 2018-01-01\n---\nText.\n", "utf-8")
    assert run(["index"], content, work).returncode == 0
    deleted.unlink()
    path = content / "n1.md"
    path.write_text(path.read_text("utf-8").replace("Long. Long.", "Long."), "utf-8")
    assert run(["index"], content, work).returncode == 0


def run(arguments: list[str], content: Path, work: Path) -> Outcome:
    """The result of a command on the folder `content`, with the index in `work`."""
    place = ["--content", str(content), "--index", f"sqlite:///{work}/index.db"]
    return run_forked(*arguments, *place, cwd=work, seconds=900, BROADSHEET_FEED_BYTES="10000")


def read_files(target: Path) -> dict[str, ExportedFile]:
    """The files of an export by their names."""
    with open_record(target / MARKER / RECORD) as record:
        return {file.name: file for file in record.stale_files()}


def read_addresses(target: Path) -> dict[str, str]:
    """The name of the file of each address of an export."""
    with closing(sqlite3.connect(target / MARKER / RECORD)) as record:
        rows = record.execute("SELECT address, name FROM files UNION SELECT address, name FROM copies")
        return {address: name for address, name in rows if address}
