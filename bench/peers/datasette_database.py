"""The database that Datasette serves: `python -m bench.peers.datasette_database DATABASE FILE_OR_FOLDER`."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from bench.peers.article_files import ArticleFile, read_article, read_articles

TABLES = """
CREATE TABLE IF NOT EXISTS articles (
    slug TEXT PRIMARY KEY, title TEXT, author TEXT, published TEXT, html TEXT
);
CREATE INDEX IF NOT EXISTS articles_published ON articles (published);
CREATE TABLE IF NOT EXISTS article_tags (
    tag TEXT, slug TEXT REFERENCES articles (slug), PRIMARY KEY (tag, slug)
);
"""


def store(connection: sqlite3.Connection, articles: list[ArticleFile]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?)",
        [(each.slug, each.title, each.author, each.published.isoformat(), each.html) for each in articles],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO article_tags VALUES (?, ?)",
        [(tag, article.slug) for article in articles for tag in article.tags],
    )


def main() -> None:
    database, source = sys.argv[1], Path(sys.argv[2])
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executescript(TABLES)
        store(connection, read_articles(source) if source.is_dir() else [read_article(source)])


if __name__ == "__main__":
    main()
