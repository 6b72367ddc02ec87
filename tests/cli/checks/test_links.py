"""`check` reports each file and page that is not there once, with the line that refers to it."""

import os
from pathlib import Path

import pytest

from tests.support.commands import run

SITE = 'title = "Blog"\nicon = "gone-icon.png"\nlogo = "pictures/p.png"\n'

FRONT = "---\ntitle: A\nid: a:a\ndate: 2020-01-02\n"

CASES = [
    (f"{FRONT}---\n![x](gone.png)\n", "a.md:6: there is no file 'gone.png'"),
    (f"{FRONT}---\n\nText.\n\n![x][p]\n\n[p]: gone.png\n", "a.md:11: there is no file 'gone.png'"),
    (
        f'{FRONT}---\n<img src="x/gone.png" srcset="pictures/p.png 2x">\n',
        "a.md:6: there is no file 'x/gone.png'",
    ),
    (f"{FRONT}image: gone.png\n---\nText.\n", "a.md:5: there is no file 'gone.png'"),
    (
        f"{FRONT}attachments: [gone.mp3]\n---\nText.\n",
        "a.md:5: there is no file 'gone.mp3' in the content folder",
    ),
    (f"{FRONT}---\n[x](gone.md#part)\n", "a.md:6: there is no file 'gone.md'"),
    (f"{FRONT}---\n[x](my%20gone.pdf)\n", "a.md:6: there is no file 'my gone.pdf'"),
    (f"{FRONT}---\n![x](/pictures/gone.png)\n", "a.md:6: there is no file '/pictures/gone.png'"),
    (f"{FRONT}---\n[x](/nowhere/)\n", "a.md:6: note: there is no page '/nowhere/'"),
    (
        f"{FRONT}---\n\n[x](pictures/draft.md)\n",
        (
            "a.md:7: note: the link to 'pictures/draft.md' is shown as its words: "
            "it is a draft, private or faulty"
        ),
    ),
    (
        f"{FRONT}---\n\n[x](pictures/draft)\n",
        "a.md:7: note: the link to 'pictures/draft' is shown as its words: it is a draft, private or faulty",
    ),
    (
        f"{FRONT}---\n\n[x](/pictures/draft.md)\n",
        (
            "a.md:7: note: the link to '/pictures/draft.md' is shown as its words: "
            "it is a draft, private or faulty"
        ),
    ),
    *(
        (
            f"{FRONT}---\n\n[x](/articles/{name})\n",
            (
                f"a.md:7: note: the link to '/articles/{name}' is shown as its words: "
                "it is a draft, private or faulty"
            ),
        )
        for name in ("draft", "draft.html", "plan", "bundle")
    ),
    (
        f"{FRONT}---\n\n[x](/articles/expired)\n",
        "a.md:7: note: refers to '/articles/expired', which answers 410: It has expired.",
    ),
    (
        f"{FRONT}---\nNo gone page.\n\n[x](@/posts/gone.md)\n",
        "a.md:8: note: there is no page '/articles/gone'",
    ),
    (f'{FRONT}---\n\n[x]({{{{< ref "gone" >}}}})\n', "a.md:7: note: there is no page '/articles/gone'"),
    (
        f"{FRONT}---\n\n[x](.env)\n",
        (
            "a.md:7: note: refers to '.env', which is not served: "
            "its name is that of a hidden file, a backup or settings"
        ),
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "content" / "pictures").mkdir(parents=True)
    (tmp_path / "content" / "pictures" / "p.png").write_bytes(b"x")
    (tmp_path / "content" / "pictures" / "draft.md").write_text("---\ndraft: true\n---\nText.\n")
    for path in ("2020-01-02-plan.md", "bundle/index.md"):
        (tmp_path / "content" / "pictures" / path).parent.mkdir(exist_ok=True)
        (tmp_path / "content" / "pictures" / path).write_text("---\ndraft: true\n---\nText.\n")
    expired = "---\ntitle: Expired\ndate: 2019-01-02\nexpires: 2020-01-02\nid: a:expired\n---\nText.\n"
    (tmp_path / "content" / "expired.md").write_text(expired)
    (tmp_path / "content" / ".env").write_text("KEY=x\n")
    return tmp_path


@pytest.mark.parametrize(("text", "line"), CASES, ids=[line for _, line in CASES])
def test_one_missing_file_is_one_line(folder: Path, text: str, line: str) -> None:
    (folder / "content" / "a.md").write_text(text, encoding="utf-8")
    result = run("check", cwd=folder)
    assert result.stdout.splitlines() == [line]
    assert result.returncode == (0 if "note:" in line else 1)


def test_missing_files_of_the_site_are_reported_with_their_line(folder: Path) -> None:
    (folder / "content" / "site.toml").write_text(SITE, encoding="utf-8")
    (folder / "content" / "a.md").write_text(f"{FRONT}---\nText.\n", encoding="utf-8")
    assert run("check", cwd=folder).stdout.splitlines() == ["site.toml:2: there is no file 'gone-icon.png'"]


SITE_LINKS = """title = "Blog"
public_url = "https://example.org/blog"
footer = "[draft](pictures/draft.md) [a](/blog/articles/a) [gone](/blog/articles/gone) [p](pictures/p.png)"

[navigation]
Home = "/blog/"
A = "/articles/a"
Tags = "/tags/x"
Picture = "/files/pictures/p.png"
Source = "/files/a.md"
Elsewhere = "https://gone.example/"
Mail = "mailto:a@gone.example"
Gone = "/gone"
File = "/files/gone.pdf"
Expired = "/articles/expired"
"""


def test_links_of_the_site_that_lead_nowhere_are_reported(folder: Path) -> None:
    (folder / "content" / "site.toml").write_text(SITE_LINKS, encoding="utf-8")
    (folder / "content" / "a.md").write_text(f"{FRONT}---\nText. ![x](gone.png)\n", encoding="utf-8")
    result = run("check", cwd=folder)
    assert result.stdout.splitlines() == [
        "a.md:6: there is no file 'gone.png'",
        "site.toml:14: there is no file 'gone.pdf'",
        (
            "site.toml:3: note: refers to 'pictures/draft.md', which is not served: "
            "it is a draft, private or faulty"
        ),
        "site.toml:3: note: there is no page '/articles/gone'",
        "site.toml:13: note: there is no page '/gone'",
        "site.toml:15: note: refers to '/articles/expired', which answers 410: It has expired.",
    ]
    assert result.stderr.splitlines()[-1] == "in all 2 faults and 4 notes"


def test_odd_names_of_files_stay_in_one_line(folder: Path) -> None:
    for name in ("a\nb", "c\x1b[31m", "d\u202e", "é \udcff"):
        (folder / "content" / f"{name}.md").write_text("---\nText.\n", encoding="utf-8")
    (folder / "content" / "e\nX:1: f.md").write_text(f"{FRONT}---\n[x](gone.md)\n", encoding="utf-8")
    os.mkfifo(folder / "content" / "pipe.md")
    lines = run("check", "--explain", cwd=folder).stdout.splitlines()
    unclosed = "front matter opens with --- and is never closed by ---"
    assert lines == [
        "pipe.md:1: left out: it is a pipe, a socket or a device",
        *(line for line in lines if line.startswith(("expired.md", "pictures/"))),
        f"a\\nb.md:1: {unclosed}",
        f"c\\x1b[31m.md:1: {unclosed}",
        f"d\\u202e.md:1: {unclosed}",
        "e\\nX:1: f.md:6: there is no file 'gone.md'",
        "é \\xff.md:1: the file name is not UTF-8; rename it",
    ]


def test_references_that_lead_somewhere_are_no_faults(folder: Path) -> None:
    links = (
        "![p](pictures/p.png) ![p](/pictures/p.png) [tags](/tags) [feed](/feed.xml) [home](/) [b](b.md)"
        " [c](/blog/b)"
    )
    (folder / "content" / "a.md").write_text(f"{FRONT}---\n{links}\n", encoding="utf-8")
    (folder / "content" / "b.md").write_text(
        "---\ntitle: B\nid: a:b\ndate: 2020-01-03\naliases: [/blog/b]\n---\nText.\n", encoding="utf-8"
    )
    assert run("check", cwd=folder).stdout == ""
