"""Site: who publishes, and the settings of pages and scraped articles."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, TypeVar, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from service.model.article import Author

T = TypeVar("T")

AddressStyle = Literal["queries", "paths"]
"""Whether the canonical address of a list of one term has a query string or is a path."""

_AFFECTS_ARTICLES = msgspec.Meta(extra={"affects_articles": True})
AffectsArticles = Annotated[T, _AFFECTS_ARTICLES]
"""Marks a fact that stored articles depend on: when it changes, every file is read again."""

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class ScrapedRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule for scraped pages whose path matches the glob `files` (None: all of them).

    Regular expressions, searched in each line: `cut` removes the line, `cut_from` the line and all below,
    `until` the line and all above; `author` finds the author (its first group); `keep` keeps a line.
    """

    files: str | None = None
    cut: str | None = None
    cut_from: str | None = msgspec.field(default=None, name="from")
    until: str | None = None
    author: str | None = None
    keep: str | None = None


class NamedLink(msgspec.Struct, frozen=True):
    """A link and its text; `url` is absolute or site-relative."""

    name: str
    url: str


class Template(msgspec.Struct, frozen=True):
    """A template of the site that replaces the template of the same `name`."""

    name: str
    text: str


class ThemeFile(msgspec.Struct, frozen=True):
    """A script, style sheet, font or picture in the folder of templates; `name` is its path in the folder."""

    name: str
    body: bytes


THEME_FILE_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/vnd.microsoft.icon",
}
"""The media types of files that a theme may have, by suffix."""

READERS = (
    NamedLink("Feedly", "https://feedly.com/i/subscription/feed/{url}"),
    NamedLink("Inoreader", "https://www.inoreader.com/?add_feed={url}"),
    NamedLink("NewsBlur", "https://www.newsblur.com/?url={url}"),
    NamedLink("Feedbin", "https://feedbin.com/?subscribe={url}"),
    NamedLink("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={url}"),
)
"""Web-based feed readers; `{url}` is replaced by the percent-encoded address of the feed."""


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The settings in `site.toml` that rendered documents depend on.

    `time_zone` is the IANA name of the zone of naive dates. `epoch` is the date of undated articles in feeds.
    `id_authority` and `id_year` form the ids of articles without one (RFC 4151); they must never change.

    The appearance of pages: `accent` is a colour (`#8a2d16`), `logo` an image in place of the title,
    `navigation` the links at the top, `footer` Markdown, `readers` the feed readers to subscribe with,
    `templates` and `theme_files` the files of the folder of templates.

    Feeds name `feed_max_age_seconds` as their interval, and are cut at about `feed_bytes`.
    """

    title: str = "Broadsheet"
    description: str | None = None
    language: AffectsArticles[str] = "en"
    authors: tuple[Author, ...] = ()
    time_zone: AffectsArticles[str] = "UTC"
    rights: str | None = None
    icon: str | None = None
    public_url: str | None = None
    addresses: AddressStyle = "queries"
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
    theme_files: tuple[ThemeFile, ...] = ()
    feed_max_age_seconds: int = 300
    feed_bytes: int = 1_000_000

    @property
    def article_facts(self) -> dict[str, Any]:
        """The facts that stored articles depend on, by name: those marked AffectsArticles.

        The public URL is one of them only where ids are made of it, else its path.
        """
        facts = {name: getattr(self, name) for name in ARTICLE_FACTS}
        facts |= {"base_path": self.base_path} if self.base_path else {}
        return facts | ({"public_url": self.public_url} if self.legacy_id else {})

    @property
    def base_path(self) -> str:
        """The path of the public URL, without a slash at its end: `https://x.example/blog/` → `/blog`."""
        return urlsplit(self.public_url or "").path.rstrip("/")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def day(self, moment: datetime) -> date:
        """The date of `moment` in the time zone of the site."""
        try:
            return moment.astimezone(self.zone).date()
        except OverflowError:  # `moment` is at the limit of datetime
            return moment.date()


ARTICLE_FACTS = tuple(
    name
    for name, hint in get_type_hints(Site, include_extras=True).items()
    if _AFFECTS_ARTICLES in getattr(hint, "__metadata__", ())
)
"""The names of the fields of Site that are marked AffectsArticles."""
