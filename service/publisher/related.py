"""The articles published before and after one article, and those on the same topics."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from service.index import Index
from service.model import Article
from service.query import Cursor, Page, Query, RelatedArticles, bind

MAX_RELATED = 4
MAX_RELATED_TAGS = 8
_ARTICLES_PER_TAG = 8


FindTagged = Callable[[str], Awaitable[Page]]
"""As `find_tagged`, by the slug of the tag."""


async def find_tagged(index: Index, slug: str) -> Page:
    """The newest articles with a tag, without their texts: candidates for `find_related`."""
    page = await index.find(Query(tags=(slug,)), _ARTICLES_PER_TAG)
    return msgspec.structs.replace(
        page,
        articles=tuple(
            msgspec.structs.replace(article, content_html="", content_text="") for article in page.articles
        ),
    )


async def find_related(index: Index, article: Article, find_tagged: FindTagged) -> RelatedArticles:
    """The neighbours of a visible article in the order of the site, and the articles related to it by tags.

    These have no texts. A few bounded queries, whatever the number of articles. Raises IndexUnavailable.
    """
    newer, older = await find_neighbours(index, article)
    tag_pages = [await find_tagged(tag.slug) for tag in article.tags[:MAX_RELATED_TAGS]]
    instants = [
        *(page.modified for page in tag_pages),
        *(other.changed for other in (article, newer, older) if other),
    ]
    return RelatedArticles(
        newer=newer,
        older=older,
        related=_related_by_tags(article, tag_pages),
        modified=max((instant for instant in instants if instant), default=None),
    )


async def find_neighbours(index: Index, article: Article) -> tuple[Article | None, Article | None]:
    """The articles published next after a visible article and next before it. Raises IndexUnavailable."""
    key = int(article.published.timestamp()) if article.published else None
    pages = [
        await index.find(Query(cursor=Cursor(is_newer, key, article.id, bind(Query()))), 1)
        for is_newer in (True, False)
    ]
    newer, older = (page.articles[0] if page.articles else None for page in pages)
    return newer, older


def _related_by_tags(article: Article, tag_pages: Sequence[Page]) -> tuple[Article, ...]:
    """Articles in the same language that share tags with this one: the rarer the tag, the nearer.

    Only the newest articles of each tag are considered; of equally near ones, the newest come first.
    """
    scores: dict[str, float] = {}
    candidates: dict[str, Article] = {}
    for page in tag_pages:
        articles = page.total or page.total_at_least or 1
        for other in page.articles:
            if other.id != article.id and _primary_language(other) == _primary_language(article):
                candidates[other.id] = other
                scores[other.id] = scores.get(other.id, 0.0) + 1 / articles
    nearest = sorted(
        candidates.values(), key=lambda candidate: (-scores[candidate.id], *_newest_first(candidate))
    )
    return tuple(nearest[:MAX_RELATED])


def _primary_language(article: Article) -> str:
    return article.language.partition("-")[0]


def _newest_first(article: Article) -> tuple[float, str]:
    return (-article.published.timestamp() if article.published else float("inf"), article.id)
