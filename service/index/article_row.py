"""The values the index stores for one article."""

import msgspec

from service.index.clock import seconds
from service.index.terms import SearchText, Term, search_text, terms_of
from service.model import Article


class IndexEntry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What listings and searches need of a visible article: its instants, terms and tokens.

    `published` and `updated` are seconds since 1970; None for an undated article and for one never updated.
    """

    published: int | None
    updated: int | None
    terms: tuple[Term, ...]
    search_text: SearchText

    def changed(self, now: int) -> int | None:
        """The later of the two instants, without an update that is due after `now`."""
        instants = (self.published, None if self.has_pending_update(now) else self.updated)
        return max((instant for instant in instants if instant is not None), default=None)

    def has_pending_update(self, now: int) -> bool:
        return self.updated is not None and self.updated > now


class ArticleRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One row of the table of stored articles: instants in seconds since 1970, `claim` and `article` msgpack.

    `changed_at` is the instant of the last change, `published_at` that of the publication; an undated article
    has the site's epoch in both. `rest_bytes` and `text_bytes` estimate its size in a feed, `files` are the
    files it refers to. `listing` is None for a withdrawn article.
    """

    number: int
    published: int | None
    expires: int | None
    changed_at: int
    published_at: int
    rest_bytes: int
    text_bytes: int
    withdrawn: bool
    language: str
    claim: bytes
    article: bytes
    aliases: tuple[str, ...]
    files: tuple[str, ...]
    entry: IndexEntry | None


def index_entry(article: Article) -> IndexEntry:
    return IndexEntry(
        seconds(article.published), seconds(article.updated), terms_of(article), search_text(article)
    )
