"""Address schemes: how a generator builds the address of an article, and from which values."""

import re
from datetime import date, datetime, time, tzinfo
from functools import cached_property
from typing import Any, ClassVar

import msgspec

from service.content.fields.field_reader import Fields
from service.content.front_matter.values import as_items, written
from service.content.generators.addresses.permalink_patterns import Pattern

_DATE = re.compile(
    r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2}))?)?(?!\d)"
)


class ArticleVariables:
    """One article: the `path` of its file below the content folder, its `title`, fields and publication date.

    `date_value` is the value of its date field as the file has it, None without one.
    """

    def __init__(
        self,
        path: str,
        title: str,
        fields: Fields,
        published: datetime | None,
        date_value: Any,
        time_zone: tzinfo,
    ) -> None:
        self.path = path
        self.title = title
        self._fields = fields
        self._published = published
        self._date_value = date_value
        self._time_zone = time_zone

    def value(self, *names: str) -> Any:
        """The value of the first of these fields that has one, defaults of its folder included."""
        return self._fields.peek(*names)

    def text(self, *names: str) -> str | None:
        """A single value as it was written; None for a list or a map."""
        return written(self.value(*names)) or None

    def texts(self, *names: str) -> list[str]:
        """The values of a list, or a single value as a list."""
        texts = map(written, as_items(self.value(*names)))
        return [text for text in texts if text]

    def explicit_address(self, name: str) -> str | None:
        """The address that the field `name` gives the article; None for an address on another site."""
        address = self.text(name)
        return address if address and "//" not in address else None

    @cached_property
    def local_date(self) -> datetime | None:
        """The publication date in the time zone of the site."""
        try:
            return self._published.astimezone(self._time_zone) if self._published else None
        except OverflowError:  # in year 1 or 9999
            return None

    @cached_property
    def written_date(self) -> datetime | None:
        """The publication date by the author's clock: `23:30 -0500` stays on the same day.

        A date without an offset gets the time zone of the site.
        """
        if self._published is None:
            return None
        if isinstance(self._date_value, datetime):
            has_zone = self._date_value.tzinfo is not None
            return self._date_value if has_zone else self._date_value.replace(tzinfo=self._time_zone)
        if isinstance(self._date_value, date):
            return datetime.combine(self._date_value, time(), self._time_zone)
        match = _DATE.match(self._date_value) if isinstance(self._date_value, str) else None
        try:
            numbers = [int(part or 0) for part in match.groups()] if match else []
            return datetime(*numbers, tzinfo=self._time_zone) if numbers else self.local_date  # type: ignore[misc,arg-type]
        except ValueError:
            return self.local_date


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """How one site builds the addresses of its articles; each generator has a subclass.

    `folder` is the folder of the site below the content folder; `base` the path before all its addresses
    (`/blog`), or "".
    """

    dates_pages: ClassVar[bool] = False
    """Whether a page that is no post may have a date."""

    compares_pages: ClassVar[bool] = False
    """Whether all posts of a blog may lie where its pages do, so that pages are those of a minority."""

    has_tag_status: ClassVar[bool] = False
    """Whether the tags `draft` and `private` hide an article."""

    reads_mdx: ClassVar[bool] = False
    """Whether files named `.md` may hold MDX."""

    unread_suffixes: ClassVar[tuple[str, ...]] = (".txt",)
    """Suffixes of files that it publishes as they are, if at all, and not as articles."""

    folder: str = ""
    base: str = ""

    @property
    def source_folders(self) -> tuple[str, ...]:
        """The folders below the content folder that articles are read from; () where they may be anywhere."""
        return ()

    def is_in_source(self, path: str) -> bool:
        """Whether the file at `path` lies in a folder in which each file is a page, whatever its name."""
        return any(path.startswith(f"{folder}/") for folder in self.source_folders)

    def find_site_exclusion(self, path: str) -> str | None:  # noqa: ARG002 - subclasses use it
        """Why the generator does not read the file at `path`; None if it does."""
        return None

    def page_path(self, path: str) -> str | None:  # noqa: ARG002 - subclasses use it
        """The path of a page that is no post, from where its address begins; None for any other file."""
        return None

    def is_post(self, path: str) -> bool:  # noqa: ARG002 - subclasses use it
        """Whether the file at `path` is a post by its place."""
        return False

    def separates_pages(self, posts: int, pages: int) -> bool:
        """Whether a site keeps its pages apart from its posts, given how many of each there are by place."""
        return posts > 0 and (posts >= pages or not self.compares_pages)

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns that its settings give."""
        return ()

    def address(self, article: ArticleVariables) -> str | None:  # noqa: ARG002 - subclasses use it
        """The address of an article without a pattern of its own; None where it has none or it is unknown."""
        return None

    def fill(self, pattern: str, article: ArticleVariables) -> str | None:  # noqa: ARG002 - subclasses use it
        """The address of an article by a `pattern` of its own; most generators know no such patterns."""
        return self.address(article)


def is_in_no_section(path: str) -> bool:
    """Whether the page at `path` lies directly in the content, perhaps as a bundle (`about/index.md`)."""
    *folders, name = path.split("/")
    return not folders or (len(folders) == 1 and name.startswith("index."))
