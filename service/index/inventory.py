"""ArticleSnapshot: an article as its readers know it, so that two states of one site can be compared."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from service.model import Article

Standing = Literal["visible", "scheduled", "expired", "withdrawn"]


class ArticleSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """What an article is called, where it stands, and what readers were told of it.

    `text` is a digest of its plain text alone, "" where it has none; `words` of all that a reader is shown.
    `changed` is when readers were last told of it: for a withdrawn or expired one, that it went.
    `former` are the slugs and paths that lead to it, `aliases` those of them that its file declares as slugs.
    `given` is whether its file says its id. `path` and `number` are those of Article; a running site tells
    no path, so there `path` is "" and `address` the permalink.
    """

    id: str
    slug: str
    title: str
    language: str
    published: datetime | None
    changed: datetime | None
    text: str
    words: str
    tags: tuple[str, ...] = ()
    standing: Standing = "visible"
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    given: bool = False
    path: str = ""
    number: int = 0
    address: str = ""

    @property
    def where(self) -> str:
        """`path:line` of its file (a line of JSON Lines is an article), else its address."""
        return f"{self.path}:{self.number + 1}" if self.path else self.address


class Named(Protocol):
    @property
    def name(self) -> str: ...


class Told(Protocol):
    """What readers are shown in words: an Article, or ARTICLE as the API gives it."""

    @property
    def title(self) -> str: ...
    @property
    def subtitle(self) -> str | None: ...
    @property
    def summary(self) -> str | None: ...
    @property
    def content_text(self) -> str | None: ...
    @property
    def correction(self) -> str | None: ...
    @property
    def authors(self) -> Sequence[Named]: ...


def known(
    article: Article, standing: Standing, *, changed: datetime | None, given: bool, former: Iterable[str]
) -> ArticleSnapshot:
    """`article` as readers know it; `former` are addresses that lead to it besides those it declares."""
    return ArticleSnapshot(
        id=article.id,
        slug=article.slug,
        title=article.title,
        language=article.language,
        published=article.published,
        changed=changed,
        text=text_digest(article.content_text),
        words=digest_of_words(article),
        tags=tuple(sorted(tag.slug for tag in article.tags)),
        standing=standing,
        aliases=article.aliases,
        former=tuple(dict.fromkeys((*article.aliases, *article.addresses, *former))),
        given=given,
        path=article.path,
        number=article.number,
    )


def text_digest(text: str | None) -> str:
    """What two equal texts have in common, however they are spaced; "" for none."""
    return _digest(text) if text and text.strip() else ""


def digest_of_words(told: Told) -> str:
    """What two articles have in common whose readers are shown the same words."""
    names = (author.name for author in told.authors)
    return _digest(told.title, told.subtitle, told.summary, told.content_text, told.correction, *names)


def _digest(*told: str | None) -> str:
    parts = [" ".join((part or "").split()) for part in told]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:24]
