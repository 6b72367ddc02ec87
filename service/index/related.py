"""The articles published before and after one article, and those on the same topics."""

from datetime import datetime

import msgspec

from service.index.reader import Index
from service.model import Article
from service.query import Cursor, Query, bind

MOST_RELATED = 4
_MOST_TAGS = 8
_LOOKED_AT = 8


class RelatedArticles(msgspec.Struct, frozen=True):
    """The articles next to one in time, and those `related` to it by tags, the nearest first.

    `modified` is when anything visible last changed, for the validators of a page that shows them.
    """

    newer: Article | None = None
    older: Article | None = None
    related: tuple[Article, ...] = ()
    modified: datetime | None = None


async def find_related(index: Index, article: Article) -> RelatedArticles:
    """The neighbours of a visible article in the order of the site, and what is related to it by tags.

    A few bounded questions, whatever the size of the archive. Raises IndexUnavailable.
    """
    key = int(article.published.timestamp()) if article.published else None
    everything = Query()

    def beside(backwards: bool) -> Query:
        cursor = Cursor(backwards, key, article.id, bind(everything))
        return msgspec.structs.replace(everything, cursor=cursor)

    newer = await index.find(beside(True), 1)
    older = await index.find(beside(False), 1)
    return RelatedArticles(
        newer=newer.articles[0] if newer.articles else None,
        older=older.articles[0] if older.articles else None,
        related=await _related(index, article),
        modified=newer.modified,
    )


async def _related(index: Index, article: Article) -> tuple[Article, ...]:
    """Articles in the same language that share tags with this one: the rarer the tag, the nearer.

    Only the newest of each tag are looked at; equally near, the newest come first.
    """
    weights: dict[str, float] = {}
    found: dict[str, Article] = {}
    for tag in article.tags[:_MOST_TAGS]:
        page = await index.find(Query(tags=(tag.slug,)), _LOOKED_AT)
        articles = page.total or page.total_at_least or 1
        for other in page.articles:
            if other.id != article.id and _primary(other) == _primary(article):
                found[other.id] = other
                weights[other.id] = weights.get(other.id, 0.0) + 1 / articles
    nearest = sorted(found.values(), key=lambda one: (-weights[one.id], *_newest_first(one)))
    return tuple(nearest[:MOST_RELATED])


def _primary(article: Article) -> str:
    return article.language.partition("-")[0]


def _newest_first(article: Article) -> tuple[float, str]:
    return (-article.published.timestamp() if article.published else float("inf"), article.id)
