"""What is written down of one article, made where its file is parsed: so several processes share the work."""

from collections.abc import Iterable

import msgspec

from service.content.discovery.served_files import file_references
from service.content.records import Claim
from service.errors import Fault
from service.index.instants import seconds
from service.index.size_estimate import weigh
from service.index.terms import Searched, Term, searched, terms_of
from service.model import Article, Site

encode = msgspec.msgpack.Encoder().encode


class Showing(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What an article is shown by: its instants, its terms, and what full text finds it by.

    `published` and `updated` are seconds since 1970; None for an undated article, and for one nobody updated.
    """

    published: int | None
    updated: int | None
    terms: tuple[Term, ...]
    searched: Searched

    def changed(self, now: int) -> int | None:
        """The later of the two instants; an update ahead of `now` has not been yet."""
        known = (self.published, None if self.is_ahead(now) else self.updated)
        return max((instant for instant in known if instant is not None), default=None)

    def is_ahead(self, now: int) -> bool:
        return self.updated is not None and self.updated > now


class Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An article as `stored` holds it: instants in seconds since 1970, `claim` and `article` as msgpack.

    `told` is when it last changed, `first_told` when it appeared; an undated one carries the site's epoch.
    `rest_bytes` and `text_bytes` are its weight, `files` those it refers to. `showing` is None when it is
    withdrawn, and so never shown.
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
    files: tuple[str, ...]
    showing: Showing | None


def rows_of(path: str, articles: Iterable[Article], site: Site) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
    """The rows of the articles in the file at `path`; one that cannot be written down is a fault instead."""
    rows, faults = [], []
    for article in articles:
        try:
            rows.append(_row(article, site))
        except (OverflowError, RecursionError, TypeError, ValueError) as error:
            faults.append(Fault(path, 1, f"article {article.number + 1} cannot be stored: {error}"))
    return tuple(rows), tuple(faults)


def showing_of(article: Article) -> Showing:
    return Showing(seconds(article.published), seconds(article.updated), terms_of(article), searched(article))


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
        files=tuple(sorted(file_references(article))),
        showing=None if article.withdrawn else showing_of(article),
    )
