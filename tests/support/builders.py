"""Articles, sites and listings with dull defaults, so that a test shows only what matters to it."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from service.formats import Listing
from service.model import Article, Author, Body, Site, Tag, slugify
from service.query import Page, Query

PUBLISHED = datetime(2019, 1, 28, 9, 30, tzinfo=UTC)


def at(text: str) -> datetime:
    """The instant written as `2019-01-28` or `2019-01-28T09:30`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def article(
    slug: str = "a-title", *, tags: tuple[str, ...] = (), authors: tuple[str, ...] = (), **facts: Any
) -> Article:
    """An article whose title, id and text follow from its slug; tags and authors are given by name."""
    title = facts.pop("title", slug.replace("-", " ").capitalize())
    text = facts.pop("text", f"Text of {title}.")
    published = facts.pop("published", PUBLISHED)
    defaults: dict[str, Any] = {
        "id": f"tag:example.org,2026:en/{quote(slug)}",
        "slug": slug,
        "title": title,
        "content_html": f"<p>{text}</p>\n",
        "content_text": text,
        "summary": f"Summary of {title}.",
        "language": "en",
        "path": f"{slug}.md",
        "body": Body(text=f"{text}\n", format="markdown", base="/files/"),
        "published": published,
        "updated": published,
        "tags": tuple(Tag(name, slugify(name)) for name in tags),
        "authors": tuple(Author(name, slugify(name)) for name in authors),
        "word_count": len(text.split()),
        "reading_minutes": 1,
    }
    return Article(**(defaults | facts))


def site(**facts: Any) -> Site:
    defaults: dict[str, Any] = {"title": "Example", "id_authority": "example.org", "id_year": 2026}
    return Site(**(defaults | facts))


def listing(*articles: Article, query: Query | None = None, of: Site | None = None, **facts: Any) -> Listing:
    """A page that holds `articles`; `facts` are fields of Page, such as `next`."""
    changed = [item.changed for item in articles if item.changed]
    defaults: dict[str, Any] = {"total": len(articles), "modified": max(changed, default=None)}
    page = Page(articles=articles, **(defaults | facts))
    return Listing(of or site(), query or Query(), page)
