"""Who publishes, and what pages and scraped articles of the site are to be like."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar, get_type_hints
from zoneinfo import ZoneInfo

import msgspec

from service.model.article import Author

T = TypeVar("T")

_AFFECTS_ARTICLES = msgspec.Meta(extra={"affects_articles": True})
AffectsArticles = Annotated[T, _AFFECTS_ARTICLES]
"""Marks a fact that stored articles depend on: when it changes, every file is read again."""

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class ScrapedRule(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner says of scraped pages whose path matches the glob `files` (None: all of them).

    Regular expressions, each searched for in a line: `cut` takes the line out, `cut_from` it and all below,
    `until` it and all above; `author` finds who wrote (its first group); `keep` holds a line in the text.
    """

    files: str | None = None
    cut: str | None = None
    cut_from: str | None = msgspec.field(default=None, name="from")
    until: str | None = None
    author: str | None = None
    keep: str | None = None


class NamedLink(msgspec.Struct, frozen=True):
    """A link with the words it is shown as; `url` is absolute, or site-relative."""

    name: str
    url: str


class Template(msgspec.Struct, frozen=True):
    """A template of the site's own, read from its folder: the name of the one it takes the place of."""

    name: str
    text: str


READERS = (
    NamedLink("Feedly", "https://feedly.com/i/subscription/feed/{url}"),
    NamedLink("Inoreader", "https://www.inoreader.com/?add_feed={url}"),
    NamedLink("NewsBlur", "https://www.newsblur.com/?url={url}"),
    NamedLink("Feedbin", "https://feedbin.com/?subscribe={url}"),
    NamedLink("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={url}"),
)
"""Readers on the web; `{url}` stands for the percent-encoded address of the feed."""


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """Who publishes: the facts in `site.toml` that every representation is made with.

    `time_zone` is an IANA name; a naive date in an article is in it. `epoch` is the date an undated article
    carries in feeds. `id_authority` and `id_year` make ids that are not given (RFC 4151), once and for ever.

    What pages look like: `accent` is a colour (`#8a2d16`), `logo` a picture in place of the title,
    `navigation` the links at the top, `footer` Markdown, `readers` what a feed can be opened in.
    """

    title: str = "Broadsheet"
    description: str | None = None
    language: AffectsArticles[str] = "en"
    authors: tuple[Author, ...] = ()
    time_zone: AffectsArticles[str] = "UTC"
    rights: str | None = None
    icon: str | None = None
    public_url: str | None = None
    hubs: tuple[str, ...] = ()
    id_authority: AffectsArticles[str | None] = None
    id_year: AffectsArticles[int | None] = None
    legacy_id: AffectsArticles[str | None] = None
    epoch: AffectsArticles[datetime] = EPOCH
    scraped: AffectsArticles[tuple[ScrapedRule, ...]] = ()
    accent: str | None = None
    logo: str | None = None
    navigation: tuple[NamedLink, ...] = ()
    footer: str | None = None
    readers: tuple[NamedLink, ...] = READERS
    templates: tuple[Template, ...] = ()

    @property
    def article_facts(self) -> dict[str, Any]:
        """The facts that stored articles depend on, by name: those marked AffectsArticles.

        The public URL is one of them only where ids are made of it.
        """
        facts = {name: getattr(self, name) for name in _ARTICLE_FACTS}
        return facts | ({"public_url": self.public_url} if self.legacy_id else {})

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def day(self, moment: datetime) -> date:
        """The day on which `moment` falls where the site is: the one its author wrote."""
        try:
            return moment.astimezone(self.zone).date()
        except OverflowError:  # at either end of time there is no day before or after
            return moment.date()


_ARTICLE_FACTS = tuple(
    name
    for name, hint in get_type_hints(Site, include_extras=True).items()
    if _AFFECTS_ARTICLES in getattr(hint, "__metadata__", ())
)
