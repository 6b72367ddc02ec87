"""What an article says of itself that addresses are made of."""

import re
from datetime import date, datetime, time, tzinfo
from functools import cached_property
from typing import Any

from service.content.fields.field_reader import Fields
from service.content.parsing.values import written

_WRITTEN = re.compile(
    r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2}))?)?(?!\d)"
)


class Told:
    """One article: the `path` of its file below the content folder, its `title`, its keys, when it appeared.

    `dated` is the value of its date as it stands in the file, None where it gives none.
    """

    def __init__(
        self, path: str, title: str, fields: Fields, published: datetime | None, dated: Any, zone: tzinfo
    ) -> None:
        self.path = path
        self.title = title
        self._fields = fields
        self._published = published
        self._dated = dated
        self._zone = zone

    def value(self, *names: str) -> Any:
        """The value at the first of these keys that has one, its folder's defaults included."""
        return self._fields.peek(*names)

    def text(self, *names: str) -> str | None:
        """The same where it is a single value, as it was written."""
        return written(self.value(*names)) or None

    def own_address(self, name: str) -> str | None:
        """What the article gives as its address on its own site; None where it leads to another."""
        given = self.text(name)
        return given if given and "//" not in given else None

    def words(self, *names: str) -> list[str]:
        """The same as a list, also where it is a single value."""
        value = self.value(*names)
        found = map(written, value if isinstance(value, list) else [value])
        return [one for one in found if one]

    @cached_property
    def moment(self) -> datetime | None:
        """When it appeared, by the clock where the site is."""
        try:
            return self._published.astimezone(self._zone) if self._published else None
        except OverflowError:  # at either end of time
            return None

    @cached_property
    def as_written(self) -> datetime | None:
        """When it appeared, by the clock its author wrote it with: `23:30 -0500` stays the same day.

        Its zone is the site's, whatever was written: only what stands on the clock counts.
        """
        if self._published is None:
            return None
        if isinstance(self._dated, datetime):
            return self._dated if self._dated.tzinfo else self._dated.replace(tzinfo=self._zone)
        if isinstance(self._dated, date):
            return datetime.combine(self._dated, time(), self._zone)
        found = _WRITTEN.match(self._dated) if isinstance(self._dated, str) else None
        try:
            numbers = [int(part or 0) for part in found.groups()] if found else []
            return datetime(*numbers, tzinfo=self._zone) if numbers else self.moment  # type: ignore[misc,arg-type]
        except ValueError:
            return self.moment
