"""The rows of the articles in one file, made where it is parsed so that several processes share the work."""

from collections.abc import Iterable

import msgspec

from service.content.discovery.served_files import file_references
from service.content.records import Claim
from service.errors import Fault
from service.index.article_row import ArticleRow, index_entry
from service.index.clock import seconds
from service.index.size_estimate import weigh
from service.model import Article, Site

encode = msgspec.msgpack.Encoder().encode


def make_rows(
    path: str, articles: Iterable[Article], site: Site
) -> tuple[tuple[ArticleRow, ...], tuple[Fault, ...]]:
    """The rows of the articles in the file at `path`; an article that cannot be encoded gives a fault."""
    rows, faults = [], []
    for article in articles:
        try:
            rows.append(_make_row(article, site))
        except (OverflowError, RecursionError, TypeError, ValueError) as error:
            faults.append(Fault(path, 1, f"article {article.number + 1} cannot be stored: {error}"))
    return tuple(rows), tuple(faults)


def _make_row(article: Article, site: Site) -> ArticleRow:
    claim = Claim(
        path=article.path,
        number=article.number,
        slug=article.slug,
        first_slug=article.aliases[-1] if article.aliases else None,
        language=article.language,
        published=article.published,
        id=article.id,
        kin=article.kin,
    )
    weight = weigh(article)
    return ArticleRow(
        number=article.number,
        published=seconds(article.published),
        expires=seconds(article.expires),
        changed_at=seconds(article.changed or site.epoch) or 0,
        published_at=seconds(article.published or site.epoch) or 0,
        rest_bytes=weight.rest,
        text_bytes=weight.text,
        withdrawn=article.withdrawn is not None,
        language=article.language,
        claim=encode(claim),
        article=encode(article),
        aliases=tuple(dict.fromkeys((*article.aliases, *article.addresses))),
        files=tuple(sorted(file_references(article))),
        entry=None if article.withdrawn else index_entry(article),
    )
