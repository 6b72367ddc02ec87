"""The articles published before and after one article, and those on the same topics."""

from service.index import Index
from service.model import Article
from service.query import Cursor, Query, RelatedArticles, bind

MAX_RELATED = 4
_MAX_TAGS = 8
_ARTICLES_PER_TAG = 8


async def find_related(index: Index, article: Article) -> RelatedArticles:
    """The neighbours of a visible article in the order of the site, and the articles related to it by tags.

    A few bounded queries, whatever the number of articles. Raises IndexUnavailable.
    """
    key = int(article.published.timestamp()) if article.published else None

    def neighbour_query(backwards: bool) -> Query:
        return Query(cursor=Cursor(backwards, key, article.id, bind(Query())))

    newer = await index.find(neighbour_query(True), 1)
    older = await index.find(neighbour_query(False), 1)
    return RelatedArticles(
        newer=newer.articles[0] if newer.articles else None,
        older=older.articles[0] if older.articles else None,
        related=await _related_by_tags(index, article),
        modified=newer.modified,
    )


async def _related_by_tags(index: Index, article: Article) -> tuple[Article, ...]:
    """Articles in the same language that share tags with this one: the rarer the tag, the nearer.

    Only the newest articles of each tag are considered; of equally near ones, the newest come first.
    """
    scores: dict[str, float] = {}
    candidates: dict[str, Article] = {}
    for tag in article.tags[:_MAX_TAGS]:
        page = await index.find(Query(tags=(tag.slug,)), _ARTICLES_PER_TAG)
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
