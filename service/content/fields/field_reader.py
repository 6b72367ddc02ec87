"""The keys of one article, taken out one field at a time; what nobody takes is `extra`."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import urlsplit

from service.content.dates.date_field import AmbiguousDateError, read_date
from service.content.dates.parse import ParsedDate, unknown_zone_message
from service.content.fields.language import stated_language
from service.content.fields.template_variables import TemplateVariables
from service.content.parsing.values import Entry, kind, normal_key, to_json, written
from service.errors import ContentError
from service.markup import resolve
from service.model import Span, language_tag

_WEB = ("http://", "https://", "/")
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
# What Eleventy looks up in the disk or the repository, where nothing public of ours is taken from.
_ELEVENTY_DATES = frozenset({"created", "last modified", "git created", "git last modified"})
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?=[T\s]+(?!\d{1,2}:\d))")


class Fields:
    """What an article says of itself.

    Each method takes the field at the first of `names` that has a value, and returns None for none. A wrong
    value is noted in `faults` (the article is set aside), a doubtful one in `notes` (it is served). Where
    none of `names` is given, that among `defaults` counts, which are by normal key.
    """

    def __init__(
        self, entries: Iterable[Entry], zone: tzinfo, base: str, defaults: Mapping[str, Any] | None = None
    ) -> None:
        self.faults: list[ContentError] = []
        self.notes: list[ContentError] = []
        self.base = base
        self._zone = zone
        self._entries: dict[str, Entry] = {}
        for entry in entries:
            first = self._entries.setdefault(normal_key(entry.name), entry)
            if first is not entry:
                self._entries[f"{entry.name} at {entry.line}"] = entry
                self.note(entry, f"{entry.name!r} is the same key as {first.name!r} above; this one is extra")
        self._defaults = {name: Entry(name, 1, value) for name, value in (defaults or {}).items()}
        # Five to eight, of some 150 that are asked for: what is not among them costs one look.
        self._given = frozenset((*self._entries, *self._defaults))

    def take(self, *names: str) -> Entry | None:
        if self._given.isdisjoint(names):
            return None
        for name in names:
            # A known key without a value is as if absent, not something nobody knows.
            entry = self._entries.pop(name, None)
            if entry is not None and entry.value not in _EMPTY:
                return entry
        return _first(self._defaults, names)

    def gives(self, *names: str) -> bool:
        """Whether the article itself says something at one of `names`."""
        return _first(self._entries, names) is not None

    def among(self, names: Iterable[str]) -> list[str]:
        """Those of `names` that are given, even without a value or taken since; most articles have none."""
        return [] if self._given.isdisjoint(names) else [name for name in names if name in self._given]

    def peek(self, *names: str) -> Any:
        """The value at the first of `names` that has one; the field stays for whoever else asks."""
        if self._given.isdisjoint(names):
            return None
        found = _first(self._entries, names) or _first(self._defaults, names)
        return found.value if found else None

    def shown(self) -> Mapping[str, str]:
        """What `{{ name }}` in a text stands for: every field that is one value, or a list of pictures."""
        return TemplateVariables(self._defaults, self._entries)

    def text(self, *names: str) -> str | None:
        """One line of text; a number or a date is text as it was written."""
        entry = self.take(*names)
        return self.as_text(entry, entry.value, entry.name) if entry else None

    def block(self, *names: str) -> str | None:
        """Text whose line breaks count."""
        entry = self.take(*names)
        if entry and isinstance(entry.value, str):
            return written(entry.value)
        return self.as_text(entry, entry.value, entry.name) if entry else None

    def texts(self, *names: str, separator: str | None = None) -> tuple[tuple[Entry, str], ...]:
        """A list of single values, or one; text is split at `separator`, at spaces where that is ""."""
        entry = self.take(*names)
        if entry is None:
            return ()
        values = entry.value
        if not isinstance(values, list):
            apart = separator is not None and isinstance(values, str)
            values = values.split(separator or None) if apart else [values]
        found = [
            (entry, self.as_text(entry, _name_of(value), entry.name)) for value in values if value is not None
        ]
        return tuple((entry, text) for entry, text in found if text)

    def instant(self, *names: str) -> datetime | None:
        entry = self.take(*names)
        return self.as_instant(entry, entry.value, entry.name) if entry else None

    def publication(self, *names: str, named: datetime | None) -> tuple[datetime | None, Span | None]:
        """As `instant`, and what it lies within where its day is not given.

        One that cannot be read gives way to the day in it, or to that in the file's name.
        """
        entry = self.take(*names)
        if entry is None:
            return None, None
        if isinstance(entry.value, str) and entry.value.strip().lower() in _ELEVENTY_DATES:
            return named, None
        before = len(self.faults)
        parsed = self.as_date(entry, entry.value, entry.name)
        if len(self.faults) == before:
            return (parsed.instant, parsed.within) if parsed else (None, None)
        day = _DAY.match(written(entry.value) or "")
        instant = named or (self.as_instant(entry, day.group(), entry.name) if day else None)
        faults = self.faults[before : before + 1]
        del self.faults[before:]
        if instant is None:
            self.faults += faults
        else:
            self.notes += faults
        return instant, None

    def revision(self, *names: str) -> datetime | None:
        """As `instant`; a map has its date in `date`, and one that is true or false says nothing."""
        entry = self.take(*names)
        if entry is None or isinstance(entry.value, bool):
            return None
        value = members(entry.value).get("date") if isinstance(entry.value, dict) else entry.value
        return self.as_instant(entry, value, entry.name)

    def boolean(self, *names: str) -> bool | None:
        entry = self.take(*names)
        if entry is None:
            return None
        value = as_boolean(entry.value)
        if value is None:
            self.fault(entry, f"{entry.name} must be true or false, not {kind(entry.value)}")
        return value

    def take_boolean(self, name: str) -> bool | None:
        """The field when it is true or false; anything else is left where it is."""
        entry = self._entries.get(name) or self._defaults.get(name)
        truth = as_boolean(entry.value) if entry else None
        if truth is None:
            return None
        self._entries.pop(name, None)
        return truth

    def language(self, *names: str) -> str | None:
        entry = self.take(*names)
        text = self.as_text(entry, entry.value, entry.name) if entry else None
        if entry is None or text is None:
            return None
        tag = stated_language(text)
        if tag is None and language_tag(text):
            self.note(entry, f"{entry.name} {text!r} is no language anybody writes in; it is kept as extra")
            self._entries[normal_key(entry.name)] = entry
        elif tag is None:
            self.fault(entry, f"{entry.name} {text!r} is no language tag; write one such as en or pt-BR")
        return tag

    def reference(self, *names: str) -> str | None:
        """An address on the web, or on this site as `/…`."""
        entry = self.take(*names)
        return self.as_reference(entry, entry.value, entry.name) if entry else None

    def extra(self) -> dict[str, Any]:
        """Every key nobody took, under its name as given."""
        return {entry.name: to_json(entry.value) for entry in self._entries.values()}

    def as_text(self, entry: Entry, value: Any, name: str) -> str | None:
        if value is None:
            return None
        text = None if isinstance(value, bool) else written(value)
        if text is None:
            self.fault(entry, f"{name} must be text, not {kind(value)}")
            return None
        return " ".join(text.split()) or None

    def as_instant(self, entry: Entry, value: Any, name: str) -> datetime | None:
        parsed = self.as_date(entry, value, name)
        return parsed.instant if parsed else None

    def as_date(self, entry: Entry, value: Any, name: str) -> ParsedDate | None:
        if value is None:
            return None
        try:
            parsed = read_date(value, self._zone)
        except AmbiguousDateError as error:
            self.note(entry, f"{name} {error}")
        except (ValueError, TypeError) as error:
            self.fault(entry, f"{name} {error}")
        else:
            if parsed and parsed.unknown_zone:
                self.note(entry, f"{name} {value!r}: {unknown_zone_message(parsed.unknown_zone)}")
            return parsed
        return None

    def as_reference(self, entry: Entry, value: Any, name: str) -> str | None:
        text = self.as_text(entry, value, name)
        address = text and resolve(text, self.base)
        if text and not (address and address.startswith(_WEB) and _is_sound(address)):
            self.fault(entry, f"{name} {text!r} is no address; write https://… or a path beside this file")
            return None
        return address

    def fault(self, entry: Entry, message: str) -> None:
        if any(entry is default for default in self._defaults.values()):
            # What stands in another file is no reason to set this article aside.
            self.note(entry, f"a default of its folder: {message}")
            return
        self.faults.append(ContentError(entry.line, message))

    def note(self, entry: Entry, message: str) -> None:
        self.notes.append(ContentError(entry.line, message))


def _first(entries: dict[str, Entry], names: tuple[str, ...]) -> Entry | None:
    """The entry at the first of `names` that has a value."""
    for name in names:
        entry = entries.get(name)
        if entry is not None and entry.value not in _EMPTY:
            return entry
    return None


def _is_sound(address: str) -> bool:
    """Whether an address can be taken apart: `http://[::1` cannot."""
    if "[" not in address and "]" not in address and address.isascii():
        return True  # as most are; to take one apart takes as long as all else about it
    try:
        urlsplit(address)
    except ValueError:
        return False
    return True


def as_boolean(value: Any) -> bool | None:
    """`value` where it is true or false, or a word for that; None for anything else."""
    return _TRUTHS.get((written(value) or "").lower())


def members(value: dict[str, Any]) -> dict[str, Any]:
    """A map with its keys in normal form, without what is empty."""
    return {normal_key(str(key)): item for key, item in value.items() if item not in _EMPTY}


def _name_of(value: Any) -> Any:
    """The name in a map such as `{name, slug}` or `{label, permalink}`; `true` in a list is the word."""
    if isinstance(value, dict):
        known = members(value)
        return next((known[name] for name in ("name", "label", "title") if name in known), value)
    return written(value) if isinstance(value, bool) else value
