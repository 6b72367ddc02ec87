"""Reads the fields of one article from its keys, one at a time; keys that are never read are `extra`."""

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
# Eleventy takes these dates from the disk or the repository, which no public date is taken from here.
_ELEVENTY_DATES = frozenset({"created", "last modified", "git created", "git last modified"})
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?=[T\s]+(?!\d{1,2}:\d))")


class Fields:
    """The fields of an article.

    Each method takes the value at the first of `names` that has one, else that of `defaults` (by normal key),
    else returns None. An invalid value is added to `faults` (the article is excluded), a doubtful one to
    `notes` (the article is served). Relative references are resolved against `base`, or the base that the
    article states.
    """

    def __init__(
        self, entries: Iterable[Entry], zone: tzinfo, base: str, defaults: Mapping[str, Any] | None = None
    ) -> None:
        self.faults: list[ContentError] = []
        self.notes: list[ContentError] = []
        self._zone = zone
        self._entries: dict[str, Entry] = {}
        self._repeated: list[Entry] = []
        for entry in entries:
            first = self._entries.setdefault(normal_key(entry.name), entry)
            if first is not entry:
                self._repeated.append(entry)
                self.note(entry, f"{entry.name!r} is the same key as {first.name!r} above; this one is extra")
        self._defaults = {name: Entry(name, 1, value) for name, value in (defaults or {}).items()}
        # An article has five to eight of some 150 keys: this set makes a key that it lacks cost one lookup.
        self._given = frozenset((*self._entries, *self._defaults))
        self.base = base
        if stated := self.take("base", "media_subpath", "img_path"):
            self.base = self.as_reference(stated, _base_reference(stated), stated.name) or base

    def take(self, *names: str) -> Entry | None:
        if self._given.isdisjoint(names):
            return None
        for name in names:
            # A known key without a value is neither a field nor `extra`.
            entry = self._entries.pop(name, None)
            if entry is not None and entry.value not in _EMPTY:
                return entry
        return _first(self._defaults, names)

    def gives(self, *names: str) -> bool:
        """Whether the article itself has a value at one of `names`."""
        return _first(self._entries, names) is not None

    def among(self, names: Iterable[str]) -> list[str]:
        """Those of `names` that are given, even if without a value or already taken."""
        return [] if self._given.isdisjoint(names) else [name for name in names if name in self._given]

    def peek(self, *names: str) -> Any:
        """The value at the first of `names` that has one, without taking it."""
        if self._given.isdisjoint(names):
            return None
        entry = _first(self._entries, names) or _first(self._defaults, names)
        return entry.value if entry else None

    def shown(self) -> Mapping[str, str]:
        """The values for `{{ name }}` in a text: every field that is a single value or a list of pictures."""
        return TemplateVariables(self._defaults, self._entries)

    def text(self, *names: str) -> str | None:
        """One line of text; a number or a date as it was written."""
        entry = self.take(*names)
        return self.as_text(entry, entry.value, entry.name) if entry else None

    def block(self, *names: str) -> str | None:
        """Text with its line breaks."""
        entry = self.take(*names)
        if entry and isinstance(entry.value, str):
            return written(entry.value)
        return self.as_text(entry, entry.value, entry.name) if entry else None

    def texts(self, *names: str, separator: str | None = None) -> tuple[tuple[Entry, str], ...]:
        """A list of single values, or one; text is split at `separator`, or at spaces if that is ""."""
        entry = self.take(*names)
        if entry is None:
            return ()
        values = entry.value
        if not isinstance(values, list):
            apart = separator is not None and isinstance(values, str)
            values = values.split(separator or None) if apart else [values]
        texts = [
            (entry, self.as_text(entry, _name_of(value), entry.name)) for value in values if value is not None
        ]
        return tuple((entry, text) for entry, text in texts if text)

    def instant(self, *names: str) -> datetime | None:
        entry = self.take(*names)
        return self.as_instant(entry, entry.value, entry.name) if entry else None

    def publication(self, *names: str, named: datetime | None) -> tuple[datetime | None, Span | None]:
        """As `instant`, and the span of a date without a day.

        An invalid date is replaced by the day it begins with, or by `named`, the date in the file name.
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
        """As `instant`; of a map its `date` is read, and a boolean is ignored."""
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
        """The field if it is true or false; any other value is not taken."""
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
            self.note(entry, f"{entry.name} {text!r} is not a language in use; it is kept as extra")
            self._entries[normal_key(entry.name)] = entry
        elif tag is None:
            self.fault(entry, f"{entry.name} {text!r} is not a language tag; write one such as en or pt-BR")
        return tag

    def reference(self, *names: str) -> str | None:
        """A URL, or a path on this site (`/…`)."""
        entry = self.take(*names)
        return self.as_reference(entry, entry.value, entry.name) if entry else None

    def extra(self) -> dict[str, Any]:
        """Every key that was not taken, by its name as given."""
        return {entry.name: to_json(entry.value) for entry in (*self._entries.values(), *self._repeated)}

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
            self.fault(
                entry, f"{name} {text!r} is not an address; write https://… or a path relative to this file"
            )
            return None
        return address

    def fault(self, entry: Entry, message: str) -> None:
        if any(entry is default for default in self._defaults.values()):
            # A fault in another file is no reason to exclude this article.
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


def _base_reference(entry: Entry) -> Any:
    """The base as a reference; a theme of Jekyll resolves `images/vote` from the root of the site."""
    text = written(entry.value) or ""
    if normal_key(entry.name) == "base" or "://" in text:
        return entry.value
    return f"/{text.strip('/')}/"


def _is_sound(address: str) -> bool:
    """Whether `address` can be parsed: `http://[::1` cannot."""
    if "[" not in address and "]" not in address and address.isascii():
        return True  # most are; parsing takes as long as all other checks
    try:
        urlsplit(address)
    except ValueError:
        return False
    return True


def as_boolean(value: Any) -> bool | None:
    """`value` as a boolean if it is one or a word for one; None for anything else."""
    return _TRUTHS.get((written(value) or "").lower())


def members(value: dict[str, Any]) -> dict[str, Any]:
    """A map with its keys in normal form, without empty values."""
    return {normal_key(str(key)): item for key, item in value.items() if item not in _EMPTY}


def _name_of(value: Any) -> Any:
    """The name in a map such as `{name, slug}` or `{label, permalink}`; a boolean in a list as a word."""
    if isinstance(value, dict):
        known = members(value)
        return next((known[name] for name in ("name", "label", "title") if name in known), value)
    return written(value) if isinstance(value, bool) else value
