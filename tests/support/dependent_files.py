"""Folders in which articles depend on other files, and what happens to those."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from tests.support.pictures import png

OLD = 1_500_000_000
"""Seconds since 1970: an mtime that is believed."""

Files = Mapping[str, str | bytes | None]
"""What to write at each path; None removes it."""


class Case(msgspec.Struct, frozen=True):
    """A folder, what happens to it, and how many of its files are to be read again for that."""

    before: Files
    after: Files
    read: int = 1


POST = "---\ntitle: Vote\nslug: vote\ndate: 2019-01-28\n{}---\n\n{}\n"
HUGO = {
    "hugo.toml": "title = 'News'\n",
    "content/_index.md": "---\ntitle: All\ncascade:\n  tags: [old]\n---\n",
    "content/vote.md": POST.format("", "Text."),
}
PERSON = "---\ntitle: {}\n---\n\nAbout.\n"

CASES = {
    "an attachment grows": Case(
        {"a.md": POST.format("attachments: [talk.mp3]\n", "Text."), "talk.mp3": b"12"}, {"talk.mp3": b"1234"}
    ),
    "an attachment appears": Case(
        {"a.md": POST.format("attachments: [talk.mp3]\n", "Text.")}, {"talk.mp3": b"1234"}
    ),
    "an attachment vanishes": Case(
        {"a.md": POST.format("attachments: [talk.mp3]\n", "Text."), "talk.mp3": b"12"}, {"talk.mp3": None}
    ),
    "a picture in the text appears": Case({"p/a.md": POST.format("", "![A](a.png)")}, {"p/a.png": png(3, 2)}),
    "a picture in the text vanishes": Case(
        {"p/a.md": POST.format("", "![A](a.png)"), "p/a.png": png(3, 2)}, {"p/a.png": None}
    ),
    "a picture in the text changes size": Case(
        {"p/a.md": POST.format("", "![A](a.png)"), "p/a.png": png(3, 2)}, {"p/a.png": png(5, 9)}
    ),
    "the picture of an article changes size": Case(
        {"a.md": POST.format("image: a.png\n", "Text."), "a.png": png(3, 2)}, {"a.png": png(5, 9)}
    ),
    "a file of the old site appears": Case(
        {"a.md": POST.format("", "![A](/images/a.png) [B](/papers/b.pdf)")},
        {"static/images/a.png": png(3, 2), "static/papers/b.pdf": b"%PDF"},
    ),
    "a file of the old site moves": Case(
        {"a.md": POST.format("", "[B](/papers/b.pdf)"), "static/papers/b.pdf": b"%PDF"},
        {"static/papers/b.pdf": None, "public/papers/b.pdf": b"%PDF"},
    ),
    "a nearer file of the old site appears": Case(
        {"a.md": POST.format("", "[B](/papers/b.pdf)"), "static/papers/b.pdf": b"%PDF"},
        {"papers/b.pdf": b"%PDF"},
    ),
    "a source that is linked to appears": Case(
        {"a.md": POST.format("", "[B]({filename}/later/2019-01-01-b.md)")},
        {"later/2019-01-01-b.md": "---\ntitle: B\n---\n\nText.\n"},
        2,
    ),
    "the owner of a bundle appears": Case(
        {"a.md": POST.format("", "Text."), "b/part.html": "<h1>Part</h1><p>Of something.</p>"},
        {"b/index.md": "---\ntitle: Whole\n---\n\nText.\n"},
        2,
    ),
    "a list of authors appears": Case(
        {"a.md": POST.format("author: ann\n", "Text.")}, {"authors.yml": "ann: {name: Ann Lee}\n"}
    ),
    "a list of authors changes": Case(
        {"a.md": POST.format("author: ann\n", "Text."), "_data/authors.yml": "ann: {name: Ann Lee}\n"},
        {"_data/authors.yml": "ann: {name: Ann Lea, url: 'https://ann.example/'}\n"},
    ),
    "the page of an author changes": Case(
        {"a.md": POST.format("author: ann\n", "Text."), "authors/ann.md": PERSON.format("Ann Lee")},
        {"authors/ann.md": PERSON.format("Ann Lea")},
        2,
    ),
    "the defaults of Jekyll change": Case(
        {
            "_config.yml": "defaults: [{scope: {path: ''}, values: {tags: [old]}}]\n",
            "a.md": POST.format("", "Text."),
        },
        {"_config.yml": "defaults: [{scope: {path: ''}, values: {tags: [new]}}]\n"},
    ),
    "the settings of Jekyll vanish": Case(
        {
            "_config.yml": "defaults: [{scope: {path: ''}, values: {author: Ann}}]\n",
            "a.md": POST.format("", "Text."),
        },
        {"_config.yml": None},
    ),
    "the languages of Hugo change": Case(
        {
            "hugo.toml": "[languages.de]\ncontentDir = 'eins'\n",
            "eins/a.md": POST.format("", "Text."),
            "zwei/b.md": "---\ntitle: B\n---\n\nText.\n",
        },
        {"hugo.toml": "[languages.de]\ncontentDir = 'zwei'\n"},
        2,
    ),
    "what a section gives its pages changes": Case(
        HUGO, {"content/_index.md": "---\ntitle: All\ncascade:\n  tags: [new]\n---\n"}, 2
    ),
    "the data of a directory change": Case(
        {"posts/posts.json": '{"tags": ["old"]}', "posts/a.md": POST.format("", "Text.")},
        {"posts/posts.json": '{"tags": ["new"]}'},
        2,
    ),
    "a key becomes the folder's own": Case(
        {f"{n}.md": f"---\ntitle: T{n}\ndat: 2019-01-28\n---\n\nText.\n" for n in range(4)},
        {"4.md": "---\ntitle: T4\ndat: 2019-01-28\n---\n\nText.\n"},
        5,
    ),
    "a key is no longer the folder's own": Case(
        {f"{n}.md": f"---\ntitle: T{n}\ndat: 2019-01-28\n---\n\nText.\n" for n in range(5)},
        {"4.md": None},
        4,
    ),
    "the target of a redirect changes": Case(
        {
            "a.md": POST.format("", "Text."),
            "b.md": "---\ntitle: B\nslug: b\n---\n\nText.\n",
            "old.html": "---\nredirect_to: /vote\n---\n",
        },
        {"old.html": "---\nredirect_to: /b\n---\n"},
    ),
    "the target of a redirect goes": Case(
        {
            "a.md": POST.format("", "Text."),
            "old.html": "---\nredirect_to: /vote\n---\n",
            "b.md": "---\ntitle: B\nslug: b\n---\n\nText.\n",
        },
        {"a.md": None},
        0,
    ),
}


def write_case_files(root: Path, files: Files, seconds: int = OLD) -> None:
    """Write `files` with mtimes that are believed, and differ where `seconds` do."""
    for name, data in files.items():
        path = root / name
        if data is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        os.utime(path, (seconds, seconds))
