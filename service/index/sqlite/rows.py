"""What is written down of one article, made where its file is parsed: so several processes share the work."""

from collections.abc import Iterable

import msgspec

from service.content.loaded import Claim
from service.errors import Fault
from service.index.sqlite.instants import seconds
from service.index.terms import Searched, searched
from service.index.weight import weigh
from service.model import Article, Site

encode = msgspec.msgpack.Encoder().encode


class Row(msgspec.Struct, frozen=True, array_like=True):
    """An article as `stored` holds it: instants in seconds since 1970, `claim` and `article` as msgpack.

    `told` is when it last changed, `first_told` when it appeared; an undated one carries the site's epoch.
    `rest_bytes` and `text_bytes` are its weight. `tokens` are what full text finds it by; None when it is
    withdrawn, and so never found.
    """

    number: int
    published: int | None
    expires: int | None
    told: int
    first_told: int
    rest_bytes: int
    text_bytes: int
    withdrawn: bool
    language: str
    claim: bytes
    article: bytes
    aliases: tuple[str, ...]
    tokens: Searched | None


def rows_of(path: str, articles: Iterable[Article], site: Site) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
    """The rows of the articles in the file at `path`; one that cannot be written down is a fault instead."""
    rows, faults = [], []
    for article in articles:
        try:
            rows.append(_row(article, site))
        except (OverflowError, RecursionError, TypeError, ValueError) as error:
            faults.append(Fault(path, 1, f"article {article.number + 1} cannot be stored: {error}"))
    return tuple(rows), tuple(faults)


def _row(article: Article, site: Site) -> Row:
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
    return Row(
        number=article.number,
        published=seconds(article.published),
        expires=seconds(article.expires),
        told=seconds(article.changed or site.epoch) or 0,
        first_told=seconds(article.published or site.epoch) or 0,
        rest_bytes=weight.rest,
        text_bytes=weight.text,
        withdrawn=article.withdrawn is not None,
        language=article.language,
        claim=encode(claim),
        article=encode(article),
        aliases=tuple(dict.fromkeys((*article.aliases, *article.addresses))),
        tokens=None if article.withdrawn else searched(article),
    )
