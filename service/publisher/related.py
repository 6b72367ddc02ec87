"""The articles published before and after one article, and those on the same topics."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import msgspec

from service.errors import Gone, NotFound
from service.index import Index
from service.model import Article
from service.query import Query, RelatedArticles

MAX_RELATED = 4
MAX_RELATED_TAGS = 8
_ARTICLES_PER_TAG = 8


class Candidate(msgspec.Struct, frozen=True):
    """What decides whether an article is related to another one."""

    slug: str
    id: str
    language: str
    published: datetime | None


class Tagged(msgspec.Struct, frozen=True):
    """About how many articles have a tag, when one of them last changed, and the newest of them."""

    articles: int
    modified: datetime | None
    newest: tuple[Candidate, ...]


FindTagged = Callable[[str], Awaitable[Tagged]]
"""As `find_tagged`, by the slug of the tag."""


async def find_tagged(index: Index, slug: str) -> Tagged:
    """The newest articles with a tag: candidates for `find_related`."""
    page = await index.find(Query(tags=(slug,)), _ARTICLES_PER_TAG)
    newest = (
        Candidate(article.slug, article.id, article.language, article.published) for article in page.articles
    )
    return Tagged(page.total or page.total_at_least or 1, page.modified, tuple(newest))


async def find_related(index: Index, article: Article, find_tagged: FindTagged) -> RelatedArticles:
    """The neighbours of a visible article in the order of the site, and the articles related to it by tags.

    A few bounded queries, whatever the number of articles. Raises IndexUnavailable.
    """
    newer, older = await index.find_neighbours(article.id)
    tagged = [await find_tagged(tag.slug) for tag in article.tags[:MAX_RELATED_TAGS]]
    related = [await _find_visible(index, candidate.slug) for candidate in _nearest(article, tagged)]
    instants = [
        *(of_tag.modified for of_tag in tagged),
        *(other.changed for other in (article, newer, older) if other),
    ]
    return RelatedArticles(
        newer=newer,
        older=older,
        related=tuple(other for other in related if other),
        modified=max((instant for instant in instants if instant), default=None),
    )


async def _find_visible(index: Index, slug: str) -> Article | None:
    """The article at `slug`; None if it is gone since the candidates were found."""
    try:
        found = await index.find_article(slug)
    except (NotFound, Gone):
        return None
    return found if isinstance(found, Article) else None


def _nearest(article: Article, tagged: Sequence[Tagged]) -> list[Candidate]:
    """Articles in the same language that share tags with this one: the rarer the tag, the nearer.

    Only the newest articles of each tag are considered; of equally near ones, the newest come first.
    """
    scores: dict[str, float] = {}
    candidates: dict[str, Candidate] = {}
    for of_tag in tagged:
        for other in of_tag.newest:
            if other.id != article.id and _primary_language(other) == _primary_language(article):
                candidates[other.id] = other
                scores[other.id] = scores.get(other.id, 0.0) + 1 / of_tag.articles
    nearest = sorted(
        candidates.values(), key=lambda candidate: (-scores[candidate.id], *_newest_first(candidate))
    )
    return nearest[:MAX_RELATED]


def _primary_language(article: Article | Candidate) -> str:
    return article.language.partition("-")[0]


def _newest_first(article: Candidate) -> tuple[float, str]:
    return (-article.published.timestamp() if article.published else float("inf"), article.id)
