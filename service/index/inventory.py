"""Articles as their readers know them, so that two states of a site can be compared."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from service.model import Article

Standing = Literal["visible", "scheduled", "expired", "withdrawn"]


class ArticleSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The identity, state and content of an article at one time.

    `text` is a digest of its plain text, "" without any; `words` a digest of all that readers are shown.
    `changed` is the instant that feeds give its last change: for a withdrawn or expired one, its removal.
    `former` are the slugs and paths that redirect to it, `aliases` the slugs among them that its file
    declares. `given` is whether its file gives its id. `path` and `number` are those of Article; of a running
    site they are not known, so `path` is "" and `address` the permalink.
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


class HasName(Protocol):
    @property
    def name(self) -> str: ...


class ArticleWords(Protocol):
    """The words that readers are shown: of an Article, or of an ARTICLE of the API."""

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
    def authors(self) -> Sequence[HasName]: ...


def take_snapshot(
    article: Article, standing: Standing, *, changed: datetime | None, given: bool, former: Iterable[str]
) -> ArticleSnapshot:
    """The snapshot of `article`; `former` are addresses that redirect to it and that it does not declare."""
    return ArticleSnapshot(
        id=article.id,
        slug=article.slug,
        title=article.title,
        language=article.language,
        published=article.published,
        changed=changed,
        text=text_digest(article.content_text),
        words=words_digest(article),
        tags=tuple(sorted(tag.slug for tag in article.tags)),
        standing=standing,
        aliases=article.aliases,
        former=tuple(dict.fromkeys((*article.aliases, *article.addresses, *former))),
        given=given,
        path=article.path,
        number=article.number,
    )


def text_digest(text: str | None) -> str:
    """A digest of a text that ignores white space; "" without text."""
    return _digest(text) if text and text.strip() else ""


def words_digest(article: ArticleWords) -> str:
    """A digest of the words that readers are shown, which ignores white space."""
    names = (author.name for author in article.authors)
    return _digest(
        article.title,
        article.subtitle,
        article.summary,
        article.content_text,
        article.correction,
        *names,
    )


def _digest(*texts: str | None) -> str:
    parts = [" ".join((text or "").split()) for text in texts]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:24]
