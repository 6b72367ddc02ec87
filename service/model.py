"""What the service is about, as frozen values: Article and its parts, and the Site that publishes them.

All instants are aware datetimes in UTC, whole seconds. A reference to something on this site (an image beside
an article, say) is kept site-relative, as `/files/…`; `urls` makes it absolute when a page is rendered.
"""

import re
import unicodedata
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

_SYMBOLS = str.maketrans({"+": "-plus-", "#": "-sharp-", "&": "-and-", "'": "", "’": "", "`": ""})


class Author(msgspec.Struct, frozen=True):
    """A person or body that wrote: `slug` is what a query names, `url` their own page."""

    name: str
    slug: str
    url: str | None = None


class Tag(msgspec.Struct, frozen=True):
    name: str
    slug: str


class Source(msgspec.Struct, frozen=True):
    """The publication an article reports on or digests.

    `name` and `slug` are the publisher, `title` its headline, `author` its byline as printed, `url` the
    article there, `feed` the publisher's own feed where it is known.
    """

    name: str
    slug: str
    url: str | None = None
    title: str | None = None
    author: str | None = None
    published: datetime | None = None
    feed: str | None = None


class Image(msgspec.Struct, frozen=True):
    """The lead image; `width` and `height` in pixels when known."""

    url: str
    alt: str | None = None
    width: int | None = None
    height: int | None = None


class Attachment(msgspec.Struct, frozen=True):
    """A file that goes with an article; `length` in bytes, `duration` in seconds, when known."""

    url: str
    mime_type: str
    length: int | None = None
    title: str | None = None
    duration: int | None = None


class Translation(msgspec.Struct, frozen=True):
    language: str
    slug: str


class Body(msgspec.Struct, frozen=True):
    """The text an article was made from, as it stood in its file, without front matter.

    `base` is what its relative references are relative to: site-relative (`/files/posts/`) or absolute.
    """

    text: str
    format: Literal["markdown", "html", "text"]
    base: str


class Withdrawal(msgspec.Struct, frozen=True):
    reason: str
    at: datetime | None = None


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One article, complete.

    `content_html` is safe HTML in which references are marked, not absolute (see `markup`); `urls` resolves
    the marks. `content_text` is the same text without markup, paragraphs apart by a blank line.
    `extra` holds every front-matter key nobody knows, as given.
    `aliases` are former slugs, `addresses` the paths (`/2019/01/vote.html`) it had or has on another site.
    Articles in different languages that share one of `kin` are translations of each other.
    `path` is the file it came from, relative to the content folder; `number` its place in that file, from 0.
    """

    id: str
    slug: str
    title: str
    content_html: str
    content_text: str
    summary: str
    language: str
    path: str
    body: Body
    number: int = 0
    title_derived: bool = False
    subtitle: str | None = None
    authors: tuple[Author, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    tags: tuple[Tag, ...] = ()
    source: Source | None = None
    dateline: str | None = None
    image: Image | None = None
    attachments: tuple[Attachment, ...] = ()
    canonical: str | None = None
    rights: str | None = None
    correction: str | None = None
    translations: tuple[Translation, ...] = ()
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()
    word_count: int = 0
    reading_minutes: int = 0
    expires: datetime | None = None
    withdrawn: Withdrawal | None = None
    extra: dict[str, Any] = msgspec.field(default_factory=dict)

    @property
    def changed(self) -> datetime | None:
        """The later of `published` and `updated`; None for an undated article nobody updated."""
        known = [instant for instant in (self.published, self.updated) if instant]
        return max(known) if known else None

    @property
    def withdrawn_at(self) -> datetime | None:
        """When it was withdrawn, never before it last changed; None where neither is dated, or it was not.

        A deletion older than the entry a reader holds is one of an earlier version (RFC 6721 §3).
        """
        if self.withdrawn is None:
            return None
        known = [instant for instant in (self.withdrawn.at, self.changed) if instant]
        return max(known) if known else None


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
    language: str = "en"
    authors: tuple[Author, ...] = ()
    time_zone: str = "UTC"
    rights: str | None = None
    icon: str | None = None
    public_url: str | None = None
    hubs: tuple[str, ...] = ()
    id_authority: str | None = None
    id_year: int | None = None
    legacy_id: str | None = None
    epoch: datetime = EPOCH
    scraped: tuple[ScrapedRule, ...] = ()
    accent: str | None = None
    logo: str | None = None
    navigation: tuple[NamedLink, ...] = ()
    footer: str | None = None
    readers: tuple[NamedLink, ...] = READERS
    templates: tuple[Template, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def day(self, moment: datetime) -> date:
        """The day on which `moment` falls where the site is: the one its author wrote."""
        try:
            return moment.astimezone(self.zone).date()
        except OverflowError:  # at either end of time there is no day before or after
            return moment.date()


def fold(text: str) -> str:
    """`text` without regard to case and accents: what two spellings of one word have in common.

    Compatibility forms are unified (NFKD), marks that sit on Latin, Greek and Cyrillic letters dropped. Marks
    of other scripts carry meaning (Devanagari vowels, for one) and stay.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = [c for c in decomposed if not "̀" <= c <= "ͯ"]
    return unicodedata.normalize("NFC", "".join(kept))


@lru_cache(maxsize=4096)  # tags and authors come back
def slugify(name: str) -> str:
    """The slug of a name, in any script: `C++` → `c-plus-plus`, `Åse Ørn` → `ase-ørn`; "" if nothing is left.

    Identity hangs on this function (addresses, derived ids): it is only ever widened, never changed.
    """
    spoken = fold(name.translate(_SYMBOLS))
    words = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in spoken)
    return "-".join(words.split())


def language_tag(text: str) -> str | None:
    """`text` as a language tag in its usual case (RFC 5646 §2.1.1): `zh_tw` → `zh-TW`; None if it is none."""
    parts = text.strip().replace("_", "-").split("-")
    if not all(re.fullmatch(r"[A-Za-z0-9]{1,8}", part) for part in parts):
        return None
    if not re.fullmatch(r"[A-Za-z]{2,8}", parts[0]) and parts[0].lower() not in {"x", "i"}:
        return None
    return "-".join([parts[0].lower(), *(_subtag(part) for part in parts[1:])])


def _subtag(part: str) -> str:
    if len(part) == 2 and part.isalpha():
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part.lower()
