"""Article files as every peer reads them: with python-frontmatter and markdown-it-py."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import frontmatter
from markdown_it import MarkdownIt

PAGE = 20
"""How many articles a list or feed has."""


class ArticleFile(NamedTuple):
    slug: str
    title: str
    author: str
    published: datetime
    tags: list[str]
    html: str


def read_article(path: Path) -> ArticleFile:
    document = frontmatter.load(str(path))
    return ArticleFile(
        slug=str(document["slug"]),
        title=str(document["title"]),
        author=str(document["author"]),
        published=datetime.fromisoformat(str(document["date"])),
        tags=list(document["tags"]),
        html=MarkdownIt("commonmark").render(document.content),
    )


def read_articles(folder: Path) -> list[ArticleFile]:
    """All articles of a folder, the newest first."""
    articles = [read_article(path) for path in folder.rglob("*.md")]
    return sorted(articles, key=lambda article: article.published, reverse=True)
