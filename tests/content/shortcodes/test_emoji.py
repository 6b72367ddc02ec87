"""Emoji short codes, on sites whose engine replaces them."""

from pathlib import Path

import pytest

from service.content import load, read, scan
from service.content.shortcodes.emoji import find_emoji, replace_emoji
from service.model import Site

CODES = [
    ("Hi :tada:", "Hi 🎉"),
    (":+1: and :-1: and :thumbsup:", "👍 and 👎 and 👍"),
    (":Smile::heart:", "😄❤️"),
    ("`:tada:` and :tada:", "`:tada:` and 🎉"),
    ("```\n:tada:\n```\n\n:tada:", "```\n:tada:\n```\n\n🎉"),
    ("<pre>:tada:</pre> :tada:", "<pre>:tada:</pre> 🎉"),
    ("at 10:100:20, https:///:100:/", "at 10:100:20, https:///:100:/"),
    (":no_such_name: ::", ":no_such_name: ::"),
    ("a: b: c", "a: b: c"),
    (":material-check: Yes :octicons-x-16:", " Yes "),
]


@pytest.mark.parametrize(("text", "expected"), CODES)
def test_short_codes_outside_of_code_are_replaced(text: str, expected: str) -> None:
    assert replace_emoji(text, "markdown") == expected


@pytest.mark.parametrize("name", ["", "*b*", "x" * 10_000, "_", "+", "nope"])
def test_a_name_without_emoji(name: str) -> None:
    assert find_emoji(name) is None


SITES = {
    "Jekyll": ({"_config.yml": "plugins: [jemoji]\n"}, "_posts/2024-01-05-a.md", True),
    "Jekyll of old": ({"_config.yml": "gems:\n  - jemoji\n"}, "_posts/2024-01-05-a.md", True),
    "Jekyll without": ({"_config.yml": "plugins: [jekyll-feed]\n"}, "_posts/2024-01-05-a.md", False),
    "Hugo": ({"hugo.toml": "baseURL = 'https://x.example/'\nenableEmoji = true\n"}, "content/a.md", True),
    "Hugo without": ({"hugo.toml": "baseURL = 'https://x.example/'\n"}, "content/a.md", False),
    "Zola": (
        {"config.toml": "base_url = 'https://x.example'\n[markdown]\nrender_emoji = true\n"},
        "content/a.md",
        True,
    ),
    "MkDocs": (
        {
            "mkdocs.yml": (
                "site_name: X\nmarkdown_extensions:\n  - toc\n  - pymdownx.emoji:\n"
                "      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
            )
        },
        "docs/a.md",
        True,
    ),
    "MkDocs without": ({"mkdocs.yml": "site_name: X\nmarkdown_extensions: [toc]\n"}, "docs/a.md", False),
    "Hexo": (
        {"_config.yml": "source_dir: source\ngithubEmojis:\n  enable: true\n"},
        "source/_posts/a.md",
        True,
    ),
    "an inner site": ({"blog/hugo.toml": "baseURL = '/'\nenableEmoji = true\n"}, "blog/content/a.md", True),
    "beside it": ({"blog/hugo.toml": "baseURL = '/'\nenableEmoji = true\n"}, "blogs/a.md", False),
    "no site": ({}, "a.md", False),
}


@pytest.mark.parametrize("name", SITES)
def test_only_the_settings_of_a_site_replace_them(tmp_path: Path, name: str) -> None:
    files, path, is_replaced = SITES[name]
    for file, text in (files | {path: "---\ntitle: T\n---\nDone :tada:\n"}).items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    scanned = scan(tmp_path)
    loaded = load(tmp_path, path, read(tmp_path, path), Site(), scanned.context, scanned.folders)
    [article] = loaded.articles
    assert article.content_text == ("Done 🎉" if is_replaced else "Done :tada:")
    assert article.body.text == article.content_text
