"""FastAPI with feedgen: articles in memory, read when the process starts."""

import os
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Response
from feedgen.feed import FeedGenerator

from bench.peers.article_files import PAGE, ArticleFile, read_articles

BASE = "https://example.org"

app = FastAPI()
articles = read_articles(Path(os.environ["ARTICLES"]))
articles_by_slug = {article.slug: article for article in articles}


def with_tag(tag: str | None) -> list[ArticleFile]:
    return [article for article in articles if tag is None or tag in article.tags]


@app.get("/articles.json")
def list_articles(tag: str | None = None, offset: int = 0) -> dict[str, Any]:
    tagged = with_tag(tag)
    page = tagged[offset : offset + PAGE]
    return {"articles": [article._asdict() for article in page], "total": len(tagged)}


@app.get("/articles/{slug}.json")
def get_article(slug: str) -> dict[str, Any]:
    if slug not in articles_by_slug:
        raise HTTPException(404)
    return articles_by_slug[slug]._asdict()


@app.get("/feed.atom")
def get_feed(tag: str | None = None) -> Response:
    feed = FeedGenerator()
    feed.id(f"{BASE}/feed.atom")
    feed.title("Articles")
    feed.link(href=BASE)
    for article in with_tag(tag)[:PAGE]:
        entry = feed.add_entry(order="append")
        entry.id(f"{BASE}/articles/{article.slug}")
        entry.link(href=f"{BASE}/articles/{article.slug}")
        entry.title(article.title)
        entry.author(name=article.author)
        entry.published(article.published)
        entry.updated(article.published)
        entry.content(article.html, type="html")
        for tag_name in article.tags:
            entry.category(term=tag_name)
    return Response(feed.atom_str(), media_type="application/atom+xml")
